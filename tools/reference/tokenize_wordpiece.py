"""Writes tests/data/tokenize/: a small tokenizer and what Hugging Face tokenizers makes of hard texts.

    python tools/reference/tokenize_wordpiece.py build/models/all-MiniLM-L6-v2/tokenizer.json

wordpiece.json is a tokenizer built here from the sentences below. wordpiece_cases.json holds variants of it
(JSON merge patches) and, for each, texts with the ids and the byte offsets the peer gives them; and the
same for some texts with the tokenizer named on the command line.
"""

import hashlib
import json
import random
import sys
import unicodedata
from pathlib import Path

import tokenizers
from tokenizers import Tokenizer

SEED = 20240607
FOLDER = Path(__file__).resolve().parents[2] / "tests" / "data" / "tokenize"

# The first article of the Universal Declaration of Human Rights (public domain) and sentences of our own.
SENTENCES = """
All human beings are born free and equal in dignity and rights.
They are endowed with reason and conscience and should act towards one another in a spirit of brotherhood.
Alle Menschen sind frei und gleich an Würde und Rechten geboren.
Tous les êtres humains naissent libres et égaux en dignité et en droits.
Todos los seres humanos nacen libres e iguales en dignidad y derechos.
Todos os seres humanos nascem livres e iguais em dignidade e em direitos.
Alla människor är födda fria och lika i värde och rättigheter.
Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.
Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv.
Minden emberi lény szabadon születik és egyenlő méltósága és joga van.
Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar.
Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền.
Все люди рождаются свободными и равными в своем достоинстве и правах.
Всички хора се раждат свободни и равни по достойнство и права.
Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.
כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם.
يولد جميع الناس أحرارا متساوين في الكرامة والحقوق.
सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।
সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা এবং অধিকার নিয়ে জন্মগ্রহণ করে।
மனிதப் பிறிவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்.
มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ
모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.
すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。
人人生而自由,在尊严和权利上一律平等。
ყველა ადამიანი იბადება თავისუფალი და თანასწორი თავისი ღირსებითა და უფლებებით.
Բոլոր մարդիկ ծնվում են ազատ ու հավասար՝ իրենց արժանապատվությամբ ու իրավունքներով։
The map shows topics; each topic has words, and each word has a weight.
A topic is a group of documents about the same thing, found without labels.
Tokens are pieces of words: un affable, re write, token ize, walk ing, walk ed, walk s.
""".strip().splitlines()

HARD = [
    "", " ", "\t\n\r", "\u00a0\u2003\u3000", "\u2028\u2029\u0085", "a\u00a0b\u2003c\u3000d\u2028e\u2029f",
    "Hello, World!", "HUMAN beings ARE free", "don't won't it's", "state-of-the-art (3.14%) #tag @user",
    "http://example.org/a?b=c&d=e#f", "snake_case CamelCase kebab-case", "1,234.56 $5 €7 10²",
    "naïve café Ångström Übermut", "na\u0131ve cafe\u0301 A\u030angstro\u0308m", "ÀÉÎÕÜ àéîõü Çç Ññ Øø Łł",
    "İstanbul ISPARTA ıspanak I\u0307 i\u0307", "Straße STRASSE ẞ ß", "ΑΣ ΣΑΣ ὈΔΥΣΣΕΎΣ ς σ", "ﬁ ﬂ ﬀ ﬃ ﬆ Ǆ ǅ ǆ",
    "Ω Å K Ω Å K", "①②③ ⅓ ½ ™ ℃ ㎏ ㍿", "Ⅷ ⅷ Ⓐ ⓐ Ａｂｃ　１２３", "𝐀𝓑𝕮 𝟘𝟙𝟚", "한국어 한글 각 각 ᄀ ᅡ ᆨ", "가각힣 \u1100\u1161\u11a8x",
    "日本語のテスト。", "がぎぐ か\u3099き\u3099", "中文English混合123文字", "人人生而自由", "豈更車 丽丸", "\U00020000\U0002a6d0 \u3400\u4dbf",
    "हिन्दी में स्वतन्त्रता", "বাংলা কোন", "தமிழ் கொ", "ไทย มนุษย์ทั้งหลาย", "မြန်မာ ភាសាខ្មែរ ລາວ", "አማርኛ ኢትዮጵያ",
    "العربيّة مُحَمَّد", "עִבְרִית שָׁלוֹם", "ՀԱՅԵՐԵՆ հայերեն", "ქართული ᲥᲐᲠᲗᲣᲚᲘ", "ᏣᎳᎩ ꭰꭱ", "ЀЁЂ ёйї Ѐ е\u0308",
    "😀 😃😄 👍🏽", "👨\u200d👩\u200d👧\u200d👦 family", "🏳️\u200d🌈 ❤️ ☺︎", "🇩🇪🇫🇷", "#️⃣ 1️⃣", "a\u200db a\u200cb a\u200bb a\u2060b",
    "soft\u00adhyphen zero\ufeffwidth", "nul\x00inside \x01\x02\x1f\x7f", "del\x7f esc\x1b[0m", "\u0080\u009f c1",
    "\ufffd replaced\ufffdinside", "private \ue000 \U000f0000 \U0010fffd", "unassigned \u0378 \U0001fbff \U000e0080",
    "nonchar \ufffe \uffff \U0001ffff", "tag \U000e0041\U000e0042", "var\ufe0fiation \U000e0100",
    "e\u0301\u0323 e\u0323\u0301 \u1ec7", "a\u0315\u0300\u05ae\u0062", "\u0301 \u0323 alone", "q\u0307\u0323\u0307", "z" + "\u0301" * 40,
    "\u0344 \u0f73 \u0f75 \u0f81", "\u302e\u302f한\u302e", "\U0001d165\U0001d158 \U0001d15e", "\u1dce\u0327\u0302a\u1dce\u0327",
    "\u166d \u1734 \u1885\u1886 \ua9bd \U000111c9", "Ᲊᲊ ꟋꟌ Ꟛ \U00010d50\U00010d70", "ǰ ΐ ΰ ὒ ᾳ ᾼ", "K\u0338 ≠ ≮ \u226e =\u0338",
    "\u037e \u0387 \u1fef \u2000 \u2001", "«quoted» „quotes“ ‘single’ ‹›", "—–-‐‑‒― …", "¿qué? ¡sí!", "、。「」『』【】", "؟ ، ؛ ۔ । ॥",
    "$+<=>^`|~ ¢£¤¥ ¬ ¯ ´ ¸", "[CLS] hello [SEP]", "[MASK]ed  [MASK]  word", "[UNK][PAD][mask]", "[ MASK ] [MAS", "[[MASK]] x[SEP]y",
    "walking walked walks rewrite unaffable", "a" * 20, "a" * 21, "é" * 20, "é" * 21, "각" * 7, "x" * 300 + " end",
    "Wort" * 30, "a b c d e f g h i j k l m n o p q r s t u v w x y z", "  lead and trail  ", "tab\tnew\nline\r\nend",
]

# What the variants are about, in each of them.
ALWAYS = [
    "Café CAFE\u0301 cafés  walk walking Walk! _walk walk_ é人人  自由 the hum of humans Hum\u00a0",
    "  [MASK]walk[MASK] café[SEP]人人 人人hum",
    "  ÉE weeé Ⅷ２＋½ a.b,,c!! (free) 人,人 한국어 \u0001x\u3000 ",
    "All human beings are born free and equal İI ß ﬁ É human Human",
]


def category_samples(rng):
    """For every general category and every block of 256 code points in use: a few characters in context."""
    by_category, by_block = {}, {}
    for code in range(0x110000):
        category = unicodedata.category(chr(code))
        if category == "Cs":
            continue
        by_category.setdefault(category, []).append(chr(code))
        if category[0] == "L":
            by_block.setdefault(code >> 8, []).append(chr(code))
    texts = []
    for category in sorted(by_category):
        picks = rng.sample(by_category[category], min(12, len(by_category[category])))
        texts.append("".join(picks))
        texts.append("a" + "b ".join(picks) + "b")
        texts.append("".join(f"e\u0323{c}\u0301" for c in picks[:6]))
    blocks = [rng.sample(by_block[block], min(3, len(by_block[block]))) for block in sorted(by_block)]
    blocks = rng.sample(blocks, 120)
    texts += ["Ab" + "".join(sum(blocks[i : i + 4], [])) for i in range(0, len(blocks), 4)]
    return texts


def mixtures(rng, count):
    pool = [c for text in HARD + SENTENCES for c in text]
    return ["".join(rng.choices(pool, k=rng.randint(1, 24))) for _ in range(count)]


def build_vocabulary(texts):
    normalizer = tokenizers.normalizers.BertNormalizer()
    splitter = tokenizers.pre_tokenizers.BertPreTokenizer()
    words, pieces = {}, {}
    for text in texts:
        for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(text)):
            words[word] = words.get(word, 0) + 1
            pieces[word[0]] = pieces["##" + word[-1]] = 9
            for n in (2, 3, 4):
                if len(word) > n:
                    pieces[word[:n]] = pieces.get(word[:n], 0) + 1
                    pieces["##" + word[-n:]] = pieces.get("##" + word[-n:], 0) + 1
            for c in word[1:]:
                pieces["##" + c] = 9
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokens += sorted(w for w, n in words.items() if n > 1 and len(w) > 1)
    tokens += sorted(p for p, n in pieces.items() if n > 1 and p not in words or n == 9)
    tokens += sorted("".join(w) for w in ("É", "Human", "##É", "ﬁ", "≠"))
    return {token: i for i, token in enumerate(dict.fromkeys(tokens))}


def build_tokenizer():
    vocab = build_vocabulary(SENTENCES)
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    added = [{"id": vocab[t], "content": t} | flags for t in ("[PAD]", "[UNK]", "[CLS]", "[SEP]")]
    added.append({"id": len(vocab), "content": "[MASK]"} | flags | {"lstrip": True})
    special = {t: {"id": t, "ids": [vocab[t]], "tokens": [t]} for t in ("[CLS]", "[SEP]")}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                       {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": special},
        "decoder": None,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 20, "vocab": vocab},
    }


def patches(base):
    vocab = base["model"]["vocab"]
    n = len(vocab)
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": True, "special": False}
    bert = base["normalizer"]
    added = base["added_tokens"]
    return {
        "cased": {"normalizer": {"lowercase": False}},
        "keeps_accents": {"normalizer": {"strip_accents": False}},
        "strips_accents_keeps_case": {"normalizer": {"lowercase": False, "strip_accents": True}},
        "unclean": {"normalizer": {"clean_text": False, "handle_chinese_chars": False}},
        "added_words": {"added_tokens": added + [
            {"id": n + 1, "content": "Café"} | flags,
            {"id": vocab["walk"], "content": "walk"} | flags | {"single_word": True},
            {"id": n + 2, "content": "人人"} | flags | {"normalized": False, "rstrip": True},
            {"id": vocab["hum"], "content": "hum"} | flags | {"lstrip": True, "rstrip": True}]},
        "bert_processing": {
            "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2],
                               "single": None, "pair": None, "special_tokens": None}},
        "sequence": {"normalizer": {"type": "Sequence", "normalizers": [
            {"type": "Strip", "strip_left": True, "strip_right": True}, {"type": "NFKC"},
            {"type": "Replace", "pattern": {"String": "ee"}, "content": "é"}, bert]},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "WhitespaceSplit"}, {"type": "Punctuation", "behavior": "MergedWithNext"}]}},
        "whitespace": {"normalizer": {"type": "Sequence", "normalizers": [
            {"type": "NFD"}, {"type": "Lowercase"}, {"type": "StripAccents"},
            {"type": "Prepend", "prepend": "un"}]}, "pre_tokenizer": {"type": "Whitespace"}},
        "word_level": {"model": {"type": "WordLevel", "continuing_subword_prefix": None,
                                 "max_input_chars_per_word": None}},
    }


def merge(target, patch):
    """JSON merge patch (RFC 7386)."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def complete(document):
    """The peer wants every part to be there, if only as null."""
    parts = ("truncation", "padding", "normalizer", "pre_tokenizer", "post_processor", "decoder")
    return {part: None for part in parts} | document


def encode(tokenizer, texts):
    cases = []
    for text in texts:
        encoding = tokenizer.encode(text)
        starts = [0]
        for character in text:
            starts.append(starts[-1] + len(character.encode("utf-8")))
        offsets = [starts[position] for pair in encoding.offsets for position in pair]
        cases.append([text, encoding.ids, offsets])
    return cases


def main():
    rng = random.Random(SEED)
    base = build_tokenizer()
    texts = HARD + category_samples(rng) + mixtures(rng, 60)
    some = [text for text in HARD if len(text) < 60]
    variants = [{"name": "as_is", "patch": {}, "cases": encode(Tokenizer.from_str(json.dumps(base)), texts)}]
    for name, patch in patches(base).items():
        peer = Tokenizer.from_str(json.dumps(complete(merge(base, patch))))
        variants.append({"name": name, "patch": patch, "cases": encode(peer, ALWAYS + rng.sample(some, 26))})
    truncated = []
    for max_length in (3, 4, 7):
        peer = Tokenizer.from_str(json.dumps(base))
        peer.enable_truncation(max_length)
        truncated += [[text, max_length, peer.encode(text).ids] for text in SENTENCES[:8] + HARD[:12]]
    encoder = Tokenizer.from_file(sys.argv[1])
    encoder.no_truncation()
    encoder.no_padding()
    FOLDER.mkdir(parents=True, exist_ok=True)
    write = lambda name, data: (FOLDER / name).write_text(
        json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")
    write("wordpiece.json", base)
    write("wordpiece_cases.json", {"variants": variants, "truncated": truncated,
                                   "all-MiniLM-L6-v2": encode(encoder, SENTENCES[::2] + HARD[6:30:2])})
    files = ("wordpiece.json", "wordpiece_cases.json")
    provenance = {
        "command": __doc__.splitlines()[2].strip(), "seed": SEED,
        "packages": {"tokenizers": tokenizers.__version__, "unicodedata": unicodedata.unidata_version},
        "sha256": {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in files},
    }
    (FOLDER / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n", encoding="utf-8")
    print({v["name"]: len(v["cases"]) for v in variants}, len(base["model"]["vocab"]), "tokens")


if __name__ == "__main__":
    main()
