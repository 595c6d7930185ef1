"""Compares topograph with Hugging Face tokenizers on every code point, component by component.

    python tools/reference/tokenize_unicode.py --program build/test/bin/bench_tokenize_compare [NAME ...]

The vocabulary holds every character, so the ids spell the normalised text and the offsets show how it
is aligned with the original. Each code point stands between letters, between combining marks and next to
an added token. The exit code is 1 if anything differs. Needs the Python package `tokenizers`.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import tokenize_compare


def code_points():
    """All planes that hold assigned characters, and a piece of those that hold none."""
    ranges = [(0, 0xD800), (0xE000, 0x32400), (0x40000, 0x40100), (0xDFFF0, 0xE0200),
              (0xEFFF0, 0xF0010), (0xFFFF0, 0x100010), (0x10FFF0, 0x110000)]
    return [chr(c) for begin, end in ranges for c in range(begin, end)]


def bert(**changes):
    options = {"clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
               "lowercase": True} | changes
    return {"type": "BertNormalizer"} | options


def sequence(*steps):
    return {"type": "Sequence", "normalizers": list(steps)}


def typed(name, **options):
    return {"type": name} | options


BERT_SPLIT = typed("BertPreTokenizer")
CONFIGURATIONS = {
    "bert": (bert(), BERT_SPLIT),
    "bert_general_way": (sequence(bert()), BERT_SPLIT),
    "bert_cased": (bert(lowercase=False), BERT_SPLIT),
    "bert_unclean": (bert(clean_text=False), BERT_SPLIT),
    "bert_accents": (bert(strip_accents=False), BERT_SPLIT),
    "bert_accents_general_way": (sequence(bert(strip_accents=False)), BERT_SPLIT),
    "bert_strip_cased": (bert(strip_accents=True, lowercase=False), BERT_SPLIT),
    "bert_joined_ideographs": (bert(handle_chinese_chars=False), BERT_SPLIT),
    "bert_words": (bert(), typed("Whitespace")),
    "nothing": (None, None),
    "nfc": (typed("NFC"), typed("WhitespaceSplit")),
    "nfd": (typed("NFD"), typed("WhitespaceSplit")),
    "nfkc": (typed("NFKC"), typed("WhitespaceSplit")),
    "nfkd": (typed("NFKD"), typed("WhitespaceSplit")),
    "lowercase": (typed("Lowercase"), typed("Whitespace")),
    "strip_accents": (sequence(typed("NFD"), typed("Lowercase"), typed("StripAccents")),
                      typed("Whitespace")),
    "strip": (typed("Strip", strip_left=True, strip_right=True), typed("Whitespace")),
    "strip_left": (typed("Strip", strip_left=True, strip_right=False), None),
    "strip_right": (typed("Strip", strip_left=False, strip_right=True), None),
    "replace": (sequence(typed("Replace", pattern={"String": "a"}, content="bc"),
                         typed("NFC"), typed("Prepend", prepend="xy")), typed("Whitespace")),
    **{f"punctuation_{behavior.lower()}":
       (None, typed("Punctuation", behavior=behavior))
       for behavior in ("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext",
                        "Contiguous")},
    "sequence": (typed("NFKC"), {"type": "Sequence", "pretokenizers": [
        typed("WhitespaceSplit"), typed("Punctuation", behavior="Isolated")]}),
}


def tokenizer_json(characters, normalizer, pre_tokenizer):
    vocab = {"[UNK]": 0}
    for character in characters:
        vocab[character] = len(vocab)
        vocab["##" + character] = len(vocab)
    added = [("[T]", {"single_word": True, "normalized": False, "special": True}),
             ("[S]", {"lstrip": True, "rstrip": True, "normalized": False, "special": True}),
             ("zéQ", {"normalized": True, "special": False})]
    if normalizer is not None and normalizer["type"] == "BertNormalizer":
        added.pop()  # a normalised token would keep topograph from its one-pass way
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [
            {"id": len(vocab) + i, "content": content, "single_word": False, "lstrip": False,
             "rstrip": False} | flags
            for i, (content, flags) in enumerate(added)],
        "normalizer": normalizer, "pre_tokenizer": pre_tokenizer, "post_processor": None,
        "decoder": None,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocab},
    }


def texts_of(characters):
    texts = []
    for c in characters:
        texts += [c, f"a{c}b", f"e\u0323{c}\u0301x!{c}{c}", f"[T]{c} {c}[T] [S]{c}  Z\u00c9q"]
    return texts


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    characters = code_points()
    texts = texts_of(characters)
    n_different = 0
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "tokenizer.json"
        for configuration in arguments.names or CONFIGURATIONS:
            document = tokenizer_json(characters, *CONFIGURATIONS[configuration])
            path.write_text(json.dumps(document), encoding="utf-8")
            n_tokens, other_ids, other_offsets = tokenize_compare.compare(
                texts, tokenize_compare.peer(path),
                SimpleNamespace(program=arguments.program, tokenizer=path), Path(name))
            n_different += other_ids + other_offsets
            print(f"{configuration}: {len(texts)} texts, {n_tokens} tokens, {other_ids} with other "
                  f"ids, {other_offsets} with other offsets", flush=True)
    return 1 if n_different else 0


if __name__ == "__main__":
    sys.exit(main())
