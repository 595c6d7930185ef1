"""Trains tokenizers of every supported kind on the texts of CSV files, for comparisons with the peer.

    python tools/reference/tokenize_train.py --output build/bench/tokenizers ../shared/data/*.csv*

Writes KIND.json for each kind that is not there yet, put together like the files of the model families named
below. Vocabulary and merges come from the peer's own trainers, on a sample of the texts; the rules of the
`precompiled` normalizer are SentencePiece's nmt_nfkc. Needs `tokenizers` and `sentencepiece`.
"""

import argparse
import base64
import json
import random
import sys
from pathlib import Path

from tokenize_compare import read_texts

SEED = 20240608
PIECES = 24_000
QWEN_WORDS = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
              r"|\s*[\r\n]+|\s+(?!\S)|\s+")
LLAMA_WORDS = QWEN_WORDS.replace(r"|\p{N}|", r"|\p{N}{1,3}|")


def typed(name, **options):
    return {"type": name} | options


def sequence(key, *steps):
    return {"type": "Sequence", key: list(steps)}


def byte_level(**changes):
    return typed("ByteLevel", **{"add_prefix_space": False, "trim_offsets": True, "use_regex": True} | changes)


def split(pattern, behavior, invert=False):
    return typed("Split", pattern=pattern, behavior=behavior, invert=invert)


def metaspace(scheme="always", cut=True):
    return typed("Metaspace", replacement="\u2581", prepend_scheme=scheme, split=cut)


def spm_rules(name="nmt_nfkc"):
    """The compiled rules inside a SentencePiece model: field 2 of the normalizer, which is field 3."""
    import sentencepiece
    data = sentencepiece.SentencePieceNormalizer(rule_name=name).serialized_model_proto()
    for field in (3, 2):
        data = dict(message_fields(data))[field]
    return base64.b64encode(data).decode()


def message_fields(data):
    """Fields of length-delimited and varint type of a protocol buffer message."""
    position = 0

    def varint():
        nonlocal position
        value = shift = 0
        while True:
            byte = data[position]
            position += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
    while position < len(data):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
            continue
        size = {1: 8, 2: None, 5: 4}[key & 7]
        size = varint() if size is None else size
        yield key >> 3, data[position:position + size]
        position += size


def trained(texts, model, trainer, normalizer=None, pre_tokenizer=None):
    """The model part of a tokenizer that the peer trains."""
    from tokenizers import Tokenizer
    document = json.loads(Tokenizer(model).to_str()) | {"normalizer": normalizer, "pre_tokenizer": pre_tokenizer}
    tokenizer = Tokenizer.from_str(json.dumps(document))
    tokenizer.train_from_iterator(texts, trainer)
    return json.loads(tokenizer.to_str())["model"]


def train_models(texts, pieces):
    """Models by name, trained when first asked for."""
    from tokenizers import models, pre_tokenizers, trainers
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    quiet = {"show_progress": False}

    def unigram():
        special = ["<s>", "<pad>", "</s>", "<unk>"]
        return trained(texts, models.Unigram(),
                       trainers.UnigramTrainer(vocab_size=pieces, special_tokens=special, unk_token="<unk>", **quiet),
                       pre_tokenizer=sequence("pretokenizers", typed("WhitespaceSplit"), metaspace()))

    def byte_bpe():
        return trained(texts, models.BPE(),
                       trainers.BpeTrainer(vocab_size=pieces, initial_alphabet=sorted(alphabet),
                                           special_tokens=["<s>", "<pad>", "</s>", "<unk>"], **quiet),
                       normalizer=typed("NFC"), pre_tokenizer=byte_level())

    def spm_bpe():
        special = ["<pad>", "<eos>", "<bos>", "<unk>"] + [f"<0x{byte:02X}>" for byte in range(256)]
        return trained(texts, models.BPE(unk_token="<unk>"),
                       trainers.BpeTrainer(vocab_size=pieces, special_tokens=special, limit_alphabet=1500, **quiet),
                       normalizer=typed("Replace", pattern={"String": " "}, content="\u2581"),
                       pre_tokenizer=split({"String": "\u2581"}, "MergedWithNext"))

    def wordpiece():
        special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        return trained(texts, models.WordPiece(unk_token="[UNK]"),
                       trainers.WordPieceTrainer(vocab_size=pieces, special_tokens=special, **quiet),
                       normalizer=typed("BertNormalizer", clean_text=True, handle_chinese_chars=True,
                                        strip_accents=None, lowercase=False),
                       pre_tokenizer=typed("BertPreTokenizer"))

    makers, made = {"unigram": unigram, "byte_bpe": byte_bpe, "spm_bpe": spm_bpe, "wordpiece": wordpiece}, {}

    def model(name, **changes):
        if name not in made:
            print(f"training {name}", flush=True)
            made[name] = makers[name]()
        return made[name] | changes
    return model


def special(content, id, **flags):
    return {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False,
            "normalized": False, "special": True} | flags


def around(begin, end, ids):
    pieces = [{"SpecialToken": {"id": begin, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
              {"SpecialToken": {"id": end, "type_id": 0}}]
    listed = {name: {"id": name, "ids": [ids[name]], "tokens": [name]} for name in (begin, end)}
    return typed("TemplateProcessing", single=pieces, pair=pieces + [{"Sequence": {"id": "B", "type_id": 1}}],
                 special_tokens=listed)


def kinds(model, rules):
    """Name -> function that makes the parts: like which family, its normalizer, pre-tokenizer and so on."""
    roberta_ids = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
    roberta_tokens = [special(name, id) for name, id in roberta_ids.items()]
    sentence = around("<s>", "</s>", roberta_ids)

    def size(part):
        return len(part["vocab"])

    def xlm_roberta():
        part = model("unigram")
        return {"model": part, "added_tokens": roberta_tokens + [special("<mask>", size(part), lstrip=True)],
                "normalizer": sequence("normalizers", typed("Precompiled", precompiled_charsmap=rules()),
                                       typed("Replace", pattern={"Regex": " {2,}"}, content=" ")),
                "pre_tokenizer": sequence("pretokenizers", typed("WhitespaceSplit"), metaspace()),
                "post_processor": sentence}

    def multilingual_minilm():
        """Byte fallback, spaces kept inside one Metaspace, an old-style prefix flag."""
        part = model("unigram", byte_fallback=True)
        part = part | {"vocab": part["vocab"] + [[f"<0x{byte:02X}>", -30.0] for byte in range(256)]}
        return {"model": part, "added_tokens": roberta_tokens,
                "normalizer": sequence("normalizers", typed("Nmt"), typed("NFKC"),
                                       typed("Strip", strip_left=False, strip_right=True)),
                "pre_tokenizer": typed("Metaspace", replacement="\u2581", add_prefix_space=True, str_rep="\u2581"),
                "post_processor": sentence}

    def t5():
        part = model("unigram")
        return {"model": part, "added_tokens": roberta_tokens, "normalizer": None,
                "pre_tokenizer": metaspace("first", cut=False), "post_processor": sentence}

    def roberta():
        part = model("byte_bpe")
        return {"model": part, "added_tokens": roberta_tokens + [special("<mask>", size(part), lstrip=True)],
                "normalizer": None, "pre_tokenizer": byte_level(),
                "post_processor": typed("RobertaProcessing", sep=["</s>", 2], cls=["<s>", 0], trim_offsets=True,
                                        add_prefix_space=False)}

    def roberta_prefix():
        part = model("byte_bpe")
        return {"model": part, "added_tokens": roberta_tokens, "normalizer": None,
                "pre_tokenizer": byte_level(add_prefix_space=True),
                "post_processor": typed("RobertaProcessing", sep=["</s>", 2], cls=["<s>", 0], trim_offsets=True,
                                        add_prefix_space=True)}

    def modernbert():
        part = model("byte_bpe")
        runs = [special(" " * n, size(part) + n - 2, normalized=True, special=False) for n in range(24, 1, -1)]
        return {"model": part, "added_tokens": roberta_tokens + sorted(runs, key=lambda token: token["id"]),
                "normalizer": typed("NFC"), "pre_tokenizer": byte_level(), "post_processor": sentence}

    def qwen3():
        part = model("byte_bpe")
        return {"model": part, "added_tokens": [special("<|endoftext|>", size(part))], "normalizer": typed("NFC"),
                "pre_tokenizer": sequence("pretokenizers", split({"Regex": QWEN_WORDS}, "Isolated"),
                                          byte_level(trim_offsets=False, use_regex=False)),
                "post_processor": sequence(
                    "processors", byte_level(trim_offsets=False, use_regex=False),
                    around("<s>", "</s>", roberta_ids))}

    def llama3():
        part = model("byte_bpe", ignore_merges=True)
        return {"model": part, "added_tokens": roberta_tokens, "normalizer": None,
                "pre_tokenizer": sequence("pretokenizers", split({"Regex": LLAMA_WORDS}, "Isolated"),
                                          byte_level(use_regex=False)),
                "post_processor": sequence("processors", byte_level(), sentence)}

    def gemma():
        part = model("spm_bpe", fuse_unk=True, byte_fallback=True)
        ids = {name: part["vocab"][name] for name in ("<pad>", "<eos>", "<bos>", "<unk>")}
        added = [special(name, id) for name, id in ids.items()]
        runs = ["\n" * n for n in range(2, 6)]
        new = [run for run in runs if run not in part["vocab"]]
        added += [special(run, part["vocab"].get(run, size(part) + (new + [run]).index(run)), special=False)
                  for run in runs]
        return {"model": part, "added_tokens": added,
                "normalizer": typed("Replace", pattern={"String": " "}, content="\u2581"),
                "pre_tokenizer": split({"String": " "}, "MergedWithPrevious"),
                "post_processor": around("<bos>", "<eos>", ids)}

    def distilbert_cased():
        part = model("wordpiece")
        ids = {name: part["vocab"][name] for name in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")}
        return {"model": part, "added_tokens": [special(name, id) for name, id in ids.items()],
                "normalizer": typed("BertNormalizer", clean_text=True, handle_chinese_chars=True, strip_accents=None,
                                    lowercase=False),
                "pre_tokenizer": typed("BertPreTokenizer"),
                "post_processor": typed("BertProcessing", sep=["[SEP]", ids["[SEP]"]], cls=["[CLS]", ids["[CLS]"]])}

    return {maker.__name__: maker for maker in (xlm_roberta, multilingual_minilm, t5, roberta, roberta_prefix,
                                                modernbert, qwen3, llama3, gemma, distilbert_cased)}


def document(parts):
    return {"version": "1.0", "truncation": None, "padding": None, "decoder": None} | parts


def sample(files, per_file):
    generator = random.Random(SEED)
    texts = []
    for path in sorted(files):
        unique = sorted(set(read_texts(path)))
        texts += generator.sample(unique, min(per_file, len(unique)))
    return [text[:2000] for text in texts]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--per-file", type=int, default=4000)
    parser.add_argument("--kinds", nargs="*", default=[])
    parser.add_argument("files", nargs="+", type=Path)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    texts = []

    def lazy_texts():
        if not texts:
            texts.extend(sample(arguments.files, arguments.per_file))
        return iter(texts)

    class Lazy:
        def __iter__(self):
            return lazy_texts()

    makers = kinds(train_models(Lazy(), PIECES), spm_rules)
    for name in arguments.kinds or makers:
        path = arguments.output / f"{name}.json"
        if path.exists():
            continue
        text = json.dumps(document(makers[name]()), ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
