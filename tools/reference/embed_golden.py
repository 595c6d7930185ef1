"""Golden data of the embed room: a tiny random BERT and tiny static models with the peers' vectors.

Run with the pinned peers (transformers, sentence-transformers, model2vec, tokenizers):
  python tools/reference/embed_golden.py tests/data/embed build/models/all-MiniLM-L6-v2
"""

import hashlib
import importlib.metadata
import importlib.util
import json
import shutil
import sys
from pathlib import Path

import model2vec
import numpy as np
import sentence_transformers
import torch
from model2vec import StaticModel
from model2vec.model import quantize_model
from safetensors.numpy import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Normalize, Pooling, Transformer
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

SEED = 20240607
MODES = ["mean", "cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"]
WORDS = """the of and to in a is that for it was on with as be by this are from or at an but not have
had you they his her which one we all there been if more when will who no out so up into its about
than them can only other new some time could these two may then do first any my now such like our
over man me even most made after also did many before must through years where much your way well
topic map cluster text model word vector paper star moon font game church city river music law""".split()
TEXTS = [
    "", "   ", "the", "The map of the TOPIC.", "unbelievable", "a", "!", "naïve café", "日本語 text",
    "which one of them had been more than all there", "[MASK] is one word", "zzz qqq xxx",
    "many words " * 30, "a,b;c.d" * 5, "music and law in the city by the river",
    "\u0e20\u0e32\u0e29\u0e32 and the moon", "12 stars, 3 moons; 45 fonts!", "text" * 40,
    "it was the first time that we could map it\nand then do it well", "don't we all like games?",
]


def write_tokenizer(path):
    specials = ["[PAD]", "[unused0]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)]
    pieces = [f"##{c}" for c in letters] + ["##s", "##ing", "##ed", "##able", "##un", "##ment"]
    tail = list("0123456789.,;!?'") + ["un", "re", "日", "ภ", "[unused99]", "##1", "##2"]
    tokens = list(dict.fromkeys(specials + letters + WORDS + pieces + tail))
    tokenizer = Tokenizer(models.WordPiece({t: i for i, t in enumerate(tokens)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    ids = {t: tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]")}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=list(ids.items()))
    tokenizer.save(str(path), pretty=False)
    return tokenizer


def write_bert(folder, tokenizer):
    torch.manual_seed(SEED)
    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=2,
                        num_attention_heads=4, intermediate_size=64, max_position_embeddings=48,
                        initializer_range=0.25, layer_norm_eps=1e-12)
    bert = BertModel(config, add_pooling_layer=False)
    with torch.no_grad():
        for name, parameter in bert.named_parameters():
            if "LayerNorm" in name or name.endswith("bias"):
                parameter.add_(torch.randn_like(parameter) * 0.1)
    bert.save_pretrained(folder)
    write_tokenizer(folder / "tokenizer.json")
    (folder / "tokenizer_config.json").write_text(json.dumps({
        "tokenizer_class": "BertTokenizerFast", "model_max_length": 48, "do_lower_case": True,
        "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]",
        "mask_token": "[MASK]"}) + "\n")
    return config


def encode(folder, modes, normalize=False, max_length=None, activation=None):
    transformer = Transformer(str(folder))
    if max_length:
        transformer.max_seq_length = max_length
    if activation:
        from transformers.activations import ACT2FN
        for layer in transformer.auto_model.encoder.layer:
            layer.intermediate.intermediate_act_fn = ACT2FN[activation]
    modules = [transformer, Pooling(32, pooling_mode=modes)] + ([Normalize()] if normalize else [])
    model = SentenceTransformer(modules=modules, device="cpu")
    return model.encode(TEXTS, batch_size=1, convert_to_numpy=True).astype(np.float32)


def write_encoder_golden(target):
    folder = target / "tiny-bert"
    folder.mkdir()
    tokenizer = write_tokenizer(folder / "tokenizer.json")
    write_bert(folder, tokenizer)
    expected = {mode: encode(folder, mode) for mode in MODES}
    expected["cls+max"] = encode(folder, ("cls", "max"))
    expected["mean_normalized"] = encode(folder, "mean", normalize=True)
    expected["mean_length_8"] = encode(folder, "mean", max_length=8)
    expected["mean_gelu_new"] = encode(folder, "mean", activation="gelu_new")
    expected["mean_relu"] = encode(folder, "mean", activation="relu")
    save_file(expected, target / "encoder_expected.safetensors")
    return folder


def write_static_golden(target, folder):
    rng = np.random.default_rng(SEED)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.post_processor = processors.TemplateProcessing(single="$A", pair="$A $B",
                                                             special_tokens=[])
    vectors = rng.normal(size=(tokenizer.get_vocab_size(), 16)).astype(np.float32)
    config = {"model_type": "model2vec", "architectures": ["StaticModel"], "seq_length": 1000000}
    plain = StaticModel(vectors, tokenizer, config=config, normalize=True)
    half = quantize_model(StaticModel(vectors, tokenizer, config=config, normalize=False),
                          quantize_to="float16")
    small = quantize_model(StaticModel(vectors, tokenizer, config=config, normalize=False,
                                       max_length=5), quantize_to="int8")
    mapping = rng.integers(0, 40, size=len(vectors)).astype(np.int64)
    weights = rng.uniform(0.1, 2.0, size=len(vectors)).astype(np.float32)
    mapped = StaticModel(vectors[:40], tokenizer, config=config, normalize=False, weights=weights,
                         token_mapping=mapping)
    expected = {}
    for name, model in {"f32": plain, "f16": half, "i8": small, "mapped": mapped}.items():
        model.save_pretrained(target / f"static-{name}")
        (target / f"static-{name}" / "README.md").unlink(missing_ok=True)
        again = StaticModel.from_pretrained(target / f"static-{name}")
        expected[name] = again.encode(TEXTS).astype(np.float32)
    nested = target / "static-nested" / "0_StaticEmbedding"
    nested.mkdir(parents=True)
    save_file({"embedding.weight": vectors}, nested / "model.safetensors")
    shutil.copy(target / "static-f32" / "tokenizer.json", nested / "tokenizer.json")
    (nested.parent / "config_sentence_transformers.json").write_text("{}\n")
    (nested.parent / "modules.json").write_text(json.dumps([
        {"idx": 0, "name": "0", "path": "0_StaticEmbedding",
         "type": "sentence_transformers.models.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize",
         "type": "sentence_transformers.models.Normalize"}]) + "\n")
    expected["nested"] = expected["f32"]
    save_file(expected, target / "static_expected.safetensors")


def write_real_golden(target, folder):
    model = SentenceTransformer(str(folder), device="cpu")
    vectors = model.encode(TEXTS, batch_size=1, convert_to_numpy=True)
    save_file({folder.name: vectors.astype(np.float32)}, target / "real_expected.safetensors")


def peer_distillation():
    """model2vec's numeric steps; its package entry needs extras that the steps do not."""
    path = Path(model2vec.__file__).parent / "distill" / "inference.py"
    spec = importlib.util.spec_from_file_location("peer_distillation", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_distilled_golden(target, folder):
    peer = peer_distillation()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokens = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    kept = [(t, i) for t, i in tokens if not t.startswith("[unused")]
    first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    bert = BertModel.from_pretrained(folder, add_pooling_layer=False)
    states = peer.create_embeddings(bert, [[first, i, last] for _, i in kept], "cpu", 0)
    scores = peer.apply_pca(states, 8)
    weights = peer.compute_weights(len(scores), 1e-4)
    save_file({"vectors": (scores * weights[:, None]).astype(np.float32)},
              target / "distilled_expected.safetensors")
    (target / "distilled_tokens.json").write_text(
        json.dumps([t for t, _ in kept], ensure_ascii=False) + "\n")


def main():
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for path in target.iterdir():
        if path.name == "architectures":  # made by embed_architectures.py
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    (target / "texts.json").write_text(json.dumps(TEXTS, ensure_ascii=False) + "\n")
    folder = write_encoder_golden(target)
    write_static_golden(target, folder)
    write_distilled_golden(target, folder)
    write_real_golden(target, Path(sys.argv[2]))
    packages = ["torch", "transformers", "sentence-transformers", "model2vec", "tokenizers", "numpy"]
    files = sorted(p for p in target.rglob("*")
                   if p.is_file() and "architectures" not in p.relative_to(target).parts)
    for path in files:
        path.chmod(0o644)
    (target / "PROVENANCE.json").write_text(json.dumps({
        "command": "python tools/reference/embed_golden.py tests/data/embed "
                   "build/models/all-MiniLM-L6-v2",
        "seed": SEED,
        "packages": {name: importlib.metadata.version(name) for name in packages},
        "sha256": {str(p.relative_to(target)): hashlib.sha256(p.read_bytes()).hexdigest()
                   for p in files},
    }, indent=2) + "\n")


if __name__ == "__main__":
    main()
