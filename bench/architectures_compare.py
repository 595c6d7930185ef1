#!/usr/bin/env python3
"""Every encoder architecture beside sentence-transformers on the same texts: agreement, seconds.

  build/peers/bin/python bench/architectures_compare.py [--texts N] [--threads N] [NAME ...]

For each architecture a model of medium size with random weights is written to
build/bench/architectures, with a tokenizer of the kind that the family uses, trained on the texts
themselves. The texts are newsgroups20 (long and short) and udhr_paragraphs (532 languages); many
are longer than the limit and than the window of local layers. Seconds: topograph as a whole
process, from the CSV to the .npy; the peer only inside `encode`, loaded and warm. $TOPOGRAPH is the program (default
build/bin/topograph).
"""

import argparse
import csv
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Dense, Normalize, Pooling, Transformer
from tokenizers import (Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors,
                        trainers)

sys.path.insert(0, str(Path(__file__).resolve().parent))
from embed_compare import BAR_COSINE, BAR_DIFFERENCE, PROGRAM, ROOT, agreement, sample  # noqa: E402

TARGET = ROOT / "build" / "bench" / "architectures"
VOCABULARY = 6000
LIMIT = 256
SIZES = {"hidden_size": 256, "num_hidden_layers": 4, "num_attention_heads": 8,
         "intermediate_size": 512}
BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
GEMMA = ["<pad>", "<eos>", "<bos>", "<unk>"]
QWEN = ["<|endoftext|>"]
QWEN_WORDS = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
              r"|\s*[\r\n]+|\s+(?!\S)|\s+")


def train(tokenizer, trainer, texts, template):
    tokenizer.train_from_iterator(texts, trainer)
    used = [(t, tokenizer.token_to_id(t)) for t in template.split() if t != "$A"]
    tokenizer.post_processor = processors.TemplateProcessing(single=template, special_tokens=used)
    return tokenizer


def word_pieces(texts):
    made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=BERT,
                                        show_progress=False)
    return train(made, trainer, texts, "[CLS] $A [SEP]")


def unigram(texts):
    made = Tokenizer(models.Unigram())
    made.normalizer = normalizers.Sequence([normalizers.NFKC(),
                                            normalizers.Replace(Regex(" {2,}"), " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=VOCABULARY, special_tokens=ROBERTA,
                                      unk_token="<unk>", show_progress=False)
    return train(made, trainer, texts, "<s> $A </s>")


def byte_level(texts, specials, template, words=None):
    made = Tokenizer(models.BPE())
    steps = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=words is None)
    if words:
        made.normalizer = normalizers.NFC()
        steps = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(words), "isolated"), steps])
    made.pre_tokenizer = steps
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=specials,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                  show_progress=False)
    return train(made, trainer, texts, template)


def gemma_pieces(texts):
    made = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    made.normalizer = normalizers.Replace(" ", "\u2581")
    made.pre_tokenizer = pre_tokenizers.Split("\u2581", "merged_with_previous")
    specials = GEMMA + [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=specials,
                                  limit_alphabet=1500, show_progress=False)
    made = train(made, trainer, texts, "<bos> $A <eos>")
    # Byte pieces are ordinary entries of the vocabulary; training knows specials only.
    raw = json.loads(made.to_str())
    raw["added_tokens"] = [t for t in raw["added_tokens"] if not t["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(raw))


def sizes(n_tokens, **more):
    return {**SIZES, "vocab_size": n_tokens, "max_position_embeddings": LIMIT, **more}


def distilbert(texts):
    made = word_pieces(texts)
    config = transformers.DistilBertConfig(
        vocab_size=made.get_vocab_size(), dim=256, n_layers=4, n_heads=8, hidden_dim=512,
        max_position_embeddings=LIMIT, initializer_range=0.08)
    return made, transformers.DistilBertModel(config), [Pooling(256, "mean")]


def bert(texts):
    made = word_pieces(texts)
    config = transformers.BertConfig(**sizes(made.get_vocab_size(), initializer_range=0.08))
    return made, transformers.BertModel(config, add_pooling_layer=False), [
        Pooling(256, "cls"), Normalize()]


def after_padding(n_tokens):
    return sizes(n_tokens, max_position_embeddings=LIMIT + 2, pad_token_id=1, bos_token_id=0,
                 eos_token_id=2, initializer_range=0.08, layer_norm_eps=1e-5)


def roberta(texts):
    made = byte_level(texts, ROBERTA, "<s> $A </s>")
    config = transformers.RobertaConfig(**after_padding(made.get_vocab_size()), type_vocab_size=1)
    return made, transformers.RobertaModel(config, add_pooling_layer=False), [
        Pooling(256, "mean"), Normalize()]


def xlm_roberta(texts):
    made = unigram(texts)
    config = transformers.XLMRobertaConfig(**after_padding(made.get_vocab_size()),
                                           type_vocab_size=1)
    return made, transformers.XLMRobertaModel(config, add_pooling_layer=False), [
        Pooling(256, "cls"), Normalize()]


def mpnet(texts):
    made = word_pieces(texts)
    config = transformers.MPNetConfig(**after_padding(made.get_vocab_size()))
    return made, transformers.MPNetModel(config, add_pooling_layer=False), [
        Pooling(256, "mean"), Normalize()]


def modernbert(texts):
    made = byte_level(texts, BERT, "[CLS] $A [SEP]")
    config = transformers.ModernBertConfig(
        **sizes(made.get_vocab_size(), local_attention=64, pad_token_id=0, cls_token_id=2,
                sep_token_id=3, bos_token_id=2, eos_token_id=3, initializer_range=0.08))
    return made, transformers.ModernBertModel(config), [Pooling(256, "mean")]


def gemma3(texts):
    made = gemma_pieces(texts)
    config = transformers.Gemma3TextConfig(
        **sizes(made.get_vocab_size(), num_key_value_heads=2, head_dim=64,
                query_pre_attn_scalar=64, sliding_window=64, sliding_window_pattern=2,
                use_bidirectional_attention=True, pad_token_id=0, eos_token_id=1, bos_token_id=2,
                initializer_range=0.05))
    return made, transformers.Gemma3TextModel(config), [
        Pooling(256, "mean"), Dense(256, 512, bias=False, activation_function=torch.nn.Identity()),
        Dense(512, 256, bias=False, activation_function=torch.nn.Identity()), Normalize()]


def qwen3(texts):
    made = byte_level(texts, QWEN, "$A <|endoftext|>", QWEN_WORDS)
    config = transformers.Qwen3Config(
        **sizes(made.get_vocab_size(), num_key_value_heads=2, head_dim=64, pad_token_id=0,
                eos_token_id=0, initializer_range=0.05))
    return made, transformers.Qwen3Model(config), [Pooling(256, "lasttoken"), Normalize()]


ARCHITECTURES = {"bert": bert, "distilbert": distilbert, "roberta": roberta,
                 "xlm-roberta": xlm_roberta, "mpnet": mpnet, "modernbert": modernbert,
                 "gemma3": gemma3, "qwen3": qwen3}


def write(name, texts):
    """The model's folder, written by the peer."""
    torch.manual_seed(7)
    made, network, modules = ARCHITECTURES[name](texts)
    folder = TARGET / name
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as bare:
        network.eval().save_pretrained(bare)
        named = {role: token for role, tokens in {
            "pad_token": ("[PAD]", "<pad>", "<|endoftext|>"), "unk_token": ("[UNK]", "<unk>"),
            "cls_token": ("[CLS]",), "sep_token": ("[SEP]",), "bos_token": ("<s>", "<bos>"),
            "eos_token": ("</s>", "<eos>", "<|endoftext|>")}.items() for token in tokens
            if made.token_to_id(token) is not None}
        transformers.PreTrainedTokenizerFast(
            tokenizer_object=made, model_max_length=LIMIT, **named).save_pretrained(bare)
        SentenceTransformer(modules=[Transformer(bare), *modules], device="cpu").save(
            str(folder), create_model_card=False)
    return folder


def run_ours(folder, work, threads):
    command = [PROGRAM, "embed", str(work / "texts.csv"), "--text", "text", "--precision", "f32", "--model", str(folder),
               "-o", str(work / "ours.npy"), "--threads", str(threads), "--progress", "none"]
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin, np.load(work / "ours.npy")


def run_peer(folder, texts):
    model = SentenceTransformer(str(folder), device="cpu")
    model.encode(["warm"])
    begin = time.perf_counter()
    vectors = model.encode(texts, batch_size=32)
    return time.perf_counter() - begin, vectors


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=400)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("names", nargs="*", default=list(ARCHITECTURES), metavar="NAME")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    texts = sample(arguments.texts)
    print(f"{len(texts)} texts, bars: cosine {BAR_COSINE}, difference {BAR_DIFFERENCE:.0e}")
    print(f"{'':14}{'least cosine':>14}{'difference':>12}{'largest value':>15}{'seconds':>11}{'peer':>7}")
    is_close = True
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        with open(work / "texts.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["text"], *([text] for text in texts)])
        for name in arguments.names:
            model = write(name, texts)
            seconds, ours = run_ours(model, work, arguments.threads)
            peer_seconds, theirs = run_peer(model, texts)
            cosine, difference = agreement(ours, theirs)
            is_close = is_close and cosine >= BAR_COSINE and difference <= BAR_DIFFERENCE
            print(f"{name:14}{cosine:14.9f}{difference:12.2e}{np.abs(theirs).max():15.3f}"
                  f"{seconds:11.2f}{peer_seconds:7.2f}")
            results = ROOT / "bench" / "results"
            results.mkdir(parents=True, exist_ok=True)
            with open(results / "architectures_compare.jsonl", "a", encoding="utf-8") as file:
                file.write(json.dumps({
                    "machine": platform.processor() or platform.machine(), "architecture": name,
                    "texts": len(texts), "least_cosine": cosine,
                    "largest_difference": difference, "seconds": seconds,
                    "peer_seconds": peer_seconds}) + "\n")
    return 0 if is_close else 1


if __name__ == "__main__":
    sys.exit(main())
