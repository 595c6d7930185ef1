#!/usr/bin/env python3
"""topograph's encoder beside sentence-transformers on the same texts: agreement and speed.

  build/peers/bin/python bench/embed_compare.py [--texts N] [--threads N] [--rounds N]

The texts are a fixed mixture of newsgroups20 (three quarters, long and short) and udhr_paragraphs
(532 languages). The rounds alternate between the two programs, so that both meet the same machine.
Times: topograph as a whole process, from the CSV to the .npy; the peer only inside `encode`, with
the model loaded and warm. $TOPOGRAPH is the program (default build/bin/topograph).
"""

import argparse
import csv
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
MODEL = ROOT / "build" / "models" / "all-MiniLM-L6-v2"
PROGRAM = os.environ.get("TOPOGRAPH", str(ROOT / "build" / "bin" / "topograph"))
BAR_COSINE = 0.99999
BAR_DIFFERENCE = 2e-5


def read_column(name):
    csv.field_size_limit(1 << 30)
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file) if row["text"].strip()]


def sample(n):
    draw = random.Random(1)
    texts = draw.sample(read_column("newsgroups20.csv"), n - n // 4)
    return texts + draw.sample(read_column("udhr_paragraphs.csv"), n // 4)


def run_ours(folder, threads):
    command = [PROGRAM, "embed", str(folder / "texts.csv"), "--text", "text", "--precision", "f32", "--model", str(MODEL),
               "-o", str(folder / "ours.npy"), "--threads", str(threads), "--progress", "none"]
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin, np.load(folder / "ours.npy")


class Peer:
    def __init__(self, threads):
        import torch
        from sentence_transformers import SentenceTransformer
        torch.set_num_threads(threads)
        self.model = SentenceTransformer(str(MODEL), device="cpu")
        self.model.encode(["warm"])

    def count_tokens(self, texts):
        encoded = self.model.tokenizer(texts, truncation=True, max_length=self.model.max_seq_length)
        return sum(len(ids) for ids in encoded["input_ids"])

    def run(self, texts):
        begin = time.perf_counter()
        vectors = self.model.encode(texts, batch_size=32, show_progress_bar=False)
        return time.perf_counter() - begin, vectors


def agreement(ours, peer):
    a, b = ours.astype(np.float64), peer.astype(np.float64)
    cosine = (a * b).sum(1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))
    return float(cosine.min()), float(np.abs(a - b).max())


def report(times, n_tokens):
    rates = {name: [n_tokens / s for s in seconds] for name, seconds in times.items()}
    print(f"{'':24}{'seconds':>9}{'tokens/s':>10}   range")
    for name, values in rates.items():
        print(f"{name:24}{statistics.median(times[name]):9.2f}{statistics.median(values):10.0f}"
              f"   {min(values):.0f} to {max(values):.0f}")
    return {name: statistics.median(values) for name, values in rates.items()}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    texts = sample(arguments.texts)
    peer = Peer(arguments.threads)
    n_tokens = peer.count_tokens(texts)
    times = {"topograph": [], "sentence-transformers": []}
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        with open(folder / "texts.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerows([["text"], *([text] for text in texts)])
        for _ in range(arguments.rounds):
            seconds, ours = run_ours(folder, arguments.threads)
            times["topograph"].append(seconds)
            seconds, theirs = peer.run(texts)
            times["sentence-transformers"].append(seconds)
    cosine, difference = agreement(ours, theirs)
    print(f"{len(texts)} texts, {n_tokens} tokens, {arguments.threads} threads")
    rates = report(times, n_tokens)
    print(f"least cosine {cosine:.9f} (bar {BAR_COSINE}), "
          f"largest difference {difference:.2e} (bar {BAR_DIFFERENCE:.0e})")
    results = ROOT / "bench" / "results"
    results.mkdir(parents=True, exist_ok=True)
    with open(results / "embed_compare.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps({
            "machine": platform.processor() or platform.machine(), "threads": arguments.threads,
            "texts": len(texts), "tokens": n_tokens, "tokens_per_s": rates,
            "least_cosine": cosine, "largest_difference": difference}) + "\n")
    return 0 if cosine >= BAR_COSINE and difference <= BAR_DIFFERENCE else 1


if __name__ == "__main__":
    sys.exit(main())
