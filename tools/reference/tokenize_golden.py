"""Writes tests/data/tokenize/families.json: small tokenizers put together like those of the model families, and
what Hugging Face tokenizers makes of hard texts with them.

    python tools/reference/tokenize_golden.py

Models are trained here on the sentences of tokenize_wordpiece.py. Each case: text, ids, and begin and end of each
token in bytes. Needs `tokenizers` and `sentencepiece`.
"""

import base64
import hashlib
import json
import tempfile
from pathlib import Path

import sentencepiece
import tokenizers
from tokenize_compare import expected
from tokenize_train import document, kinds, message_fields, train_models
from tokenize_wordpiece import FOLDER, HARD, SENTENCES

PIECES = 480
FAMILIES = ("xlm_roberta", "multilingual_minilm", "t5", "roberta", "roberta_prefix", "modernbert", "qwen3", "llama3",
            "gemma")
# Source and target code points: a ligature, wide letters, a mark that joins, a character that goes.
RULES = "FB01\t66 69\nFF21\t41\nFF42\t62\n65 301\tE9\n1E\t\n2122\t54 4D\n2460\t31\n3000\t20\nB5\t3BC\n"
MORE = ["the \ufb01rst \ufb01\u0301ne \uff21\uff42c e\u0301\u0323 caf\u00e9", "a\u001eb \u2122\u001eg \u001e", "\u2460\u3000\u00b5m",
        "It's WE'LL they'Re I'\u017f 'tis", "12345 1 22 \u00b2\u00b3 \u0665\u0666", "x  y   z \n\n\n w\r\n  v \t", "   lead", "trail   ",
        "<s>a</s> <mask> b  <mask>", "\n\n\n\n\n\n a", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea\U0001f1eb",
        "\u2581a \u2581\u2581b", "===== ----- ......", "\U00010348\U0001f984 unknown \u4e2d\u9fff"]


def small_rules():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.tsv"
        path.write_text(RULES, encoding="utf-8")
        data = sentencepiece.SentencePieceNormalizer(rule_tsv=str(path)).serialized_model_proto()
    for field in (3, 2):
        data = dict(message_fields(data))[field]
    return base64.b64encode(data).decode()


def cases(path, texts):
    tokenizer = tokenizers.Tokenizer.from_file(str(path))
    counts, ids, offsets = expected(texts, tokenizer.encode_batch(texts))
    out, begin = [], 0
    for text, count in zip(texts, counts.tolist()):
        out.append([text, ids[begin:begin + count].tolist(), offsets[begin:begin + count].ravel().tolist()])
        begin += count
    return out


def main():
    texts = sorted({text for text in HARD[:18] + SENTENCES[::5] if len(text) < 120}) + MORE
    makers = kinds(train_models(SENTENCES * 3, PIECES), small_rules)
    families, models = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for name in FAMILIES:
            whole = document(makers[name]())
            path = Path(folder) / f"{name}.json"
            path.write_text(json.dumps(whole), encoding="utf-8")
            model = whole.pop("model")
            vocabulary = json.dumps([model.pop("vocab"), model.pop("merges", None)])
            key = hashlib.sha256(vocabulary.encode()).hexdigest()[:8]
            models[key] = json.loads(vocabulary)
            families[name] = {"tokenizer": whole | {"model": model}, "vocabulary": key, "cases": cases(path, texts)}
    text = json.dumps({"vocabularies": models, "families": families}, ensure_ascii=False, separators=(",", ":"))
    (FOLDER / "families.json").write_text(text, encoding="utf-8")
    provenance = json.loads((FOLDER / "PROVENANCE.json").read_text())
    provenance["families.json"] = {
        "command": "python tools/reference/tokenize_golden.py",
        "packages": {"tokenizers": tokenizers.__version__, "sentencepiece": sentencepiece.__version__}}
    provenance["sha256"]["families.json"] = hashlib.sha256(text.encode()).hexdigest()
    (FOLDER / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    main()
