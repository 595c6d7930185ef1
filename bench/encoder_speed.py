#!/usr/bin/env python3
"""topograph's encoder in every precision beside OpenVINO's Python API and torch, in one run.

  build/peers/bin/python bench/encoder_speed.py [--texts N] [--threads N] [--rounds N] [--quality]

Texts: one third each of newsgroups20, banking77 and stackoverflow_titles. The rounds alternate between the programs.
OpenVINO's Python API gets the network that its own converter makes of the torch model, ready tokens and the same batches
(equal lengths, at most 1024 tokens), one stream a thread; only its inference is timed. torch is timed inside `encode`, warm.
topograph is timed twice: the stage `embed` (tokenising, compiling the network, inference, pooling), and the whole process.
--quality adds k-means AMI on all of banking77 and stackoverflow_titles, k = labels, two seeds.
$TOPOGRAPH is the program (default build/bin/topograph).
"""
import argparse
import concurrent.futures
import csv
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from embed_compare import DATA, MODEL, PROGRAM, ROOT, agreement, read_column

PRECISIONS = ("f32", "bf16", "int8")
BATCH_TOKENS = 1024
SCORED = ("banking77.csv", "stackoverflow_titles.csv")


def sample(n):
    import random
    draw = random.Random(1)
    names = ("newsgroups20.csv", *SCORED)
    return [text for name in names for text in draw.sample(read_column(name), n // len(names))]


def write_csv(path, texts):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["text"], *([text] for text in texts)])


def embed(source, precision, threads, target, text="text"):
    """Seconds of the process, seconds of its stage `embed`, vectors; None where the CPU lacks the precision."""
    command = [PROGRAM, "embed", str(source), "--text", text, "--model", str(MODEL), "--precision", precision,
               "-o", str(target), "--threads", str(threads), "--progress", "none"]
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.perf_counter() - begin
    if done.returncode == 2 and precision == "bf16":
        return None
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    stage = re.search(r"^\s*embed\s+([0-9.]+)", done.stderr, re.M)
    return seconds, float(stage.group(1)), np.load(target)


class Torch:
    def __init__(self, threads):
        import torch
        from sentence_transformers import SentenceTransformer
        torch.set_num_threads(threads)
        self.model = SentenceTransformer(str(MODEL), device="cpu")
        self.model.encode(["warm"])

    def tokens(self, texts):
        return self.model.tokenizer(texts, truncation=True, max_length=self.model.max_seq_length)["input_ids"]

    def run(self, texts):
        begin = time.perf_counter()
        vectors = self.model.encode(texts, batch_size=32, show_progress_bar=False)
        return time.perf_counter() - begin, vectors


def equal_length_batches(ids):
    order = sorted(range(len(ids)), key=lambda i: (-len(ids[i]), i))
    batches = []
    for i in order:
        length = len(ids[i])
        if not batches or len(ids[batches[-1][0]]) != length or (len(batches[-1]) + 1) * length > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(i)
    return batches


class OpenVino:
    def __init__(self, torch_model, threads):
        import openvino
        import torch
        network = torch_model.model[0].auto_model.eval()
        example = {"input_ids": torch.ones(2, 8, dtype=torch.long), "attention_mask": torch.ones(2, 8, dtype=torch.long)}
        graph = openvino.convert_model(network, example_input=example)
        self.threads = threads
        self.compiled = openvino.Core().compile_model(graph, "CPU", {
            "INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": threads, "INFERENCE_NUM_THREADS": threads,
            "ENABLE_CPU_PINNING": False})
        self.names = [port.get_any_name() for port in self.compiled.inputs]

    def run(self, ids, batches):
        """Seconds of inference only; the mean of the tokens is taken afterwards."""
        inputs = []
        for batch in batches:
            rows = np.array([ids[i] for i in batch], dtype=np.int64)
            all_inputs = {"input_ids": rows, "attention_mask": np.ones_like(rows), "token_type_ids": np.zeros_like(rows)}
            inputs.append({name: all_inputs[name] for name in self.names})
        states = [None] * len(batches)

        def work(worker):
            request = self.compiled.create_infer_request()
            for at in range(worker, len(batches), self.threads):
                states[at] = request.infer(inputs[at])[0].copy()

        begin = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(work, range(self.threads)))
        seconds = time.perf_counter() - begin
        vectors = np.zeros((len(ids), states[0].shape[2]), np.float32)
        for batch, state in zip(batches, states):
            mean = state.mean(1)
            vectors[batch] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return seconds, vectors


def mean_cosine(a, b):
    a, b = a.astype(np.float64), b.astype(np.float64)
    return float(((a * b).sum(1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))).mean())


def cluster_scores(folder, threads):
    """k-means AMI of every precision on the labelled collections, mean of two seeds."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_mutual_info_score
    scores = {}
    for name in SCORED:
        with open(DATA / name, encoding="utf-8", newline="") as file:
            labels = [row["label"] for row in csv.DictReader(file)]
        for precision in PRECISIONS:
            found = embed(DATA / name, precision, threads, folder / "scored.npy")
            if found is None:
                continue
            ami = [adjusted_mutual_info_score(labels, KMeans(len(set(labels)), n_init=3, random_state=seed).fit_predict(found[2]))
                   for seed in (0, 1)]
            scores[f"{name} {precision}"] = float(np.mean(ami))
            print(f"k-means AMI {name:28}{precision:6}{np.mean(ami):.4f}  (seeds {ami[0]:.4f}, {ami[1]:.4f})", flush=True)
    return scores


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=3000)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quality", action="store_true")
    arguments = parser.parse_args()
    texts = sample(arguments.texts)
    torch_peer = Torch(arguments.threads)
    ids = torch_peer.tokens(texts)
    n_tokens = sum(len(row) for row in ids)
    batches = equal_length_batches(ids)
    peer = OpenVino(torch_peer, arguments.threads)
    times, vectors = {}, {}

    def note(name, seconds, found=None):
        times.setdefault(name, []).append(seconds)
        if found is not None:
            vectors[name] = found

    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        write_csv(folder / "texts.csv", texts)
        write_csv(folder / "one.csv", ["a single short text"])
        for _ in range(arguments.rounds):
            note("torch f32", *torch_peer.run(texts))
            note("OpenVINO Python f32", *peer.run(ids, batches))
            for precision in PRECISIONS:
                found = embed(folder / "texts.csv", precision, arguments.threads, folder / "ours.npy")
                if found is None:
                    continue
                note(f"topograph {precision}", found[1], found[2])
                note(f"topograph {precision}, process", found[0])
                note(f"first vector {precision}", embed(folder / "one.csv", precision, arguments.threads, folder / "one.npy")[0])
        print(f"{len(texts)} texts, {n_tokens} tokens, {len(batches)} batches, padding 0 %, {arguments.threads} threads, "
              f"{arguments.rounds} rounds")
        base = statistics.median(times["torch f32"])
        record = {}
        for name, seconds in times.items():
            median = statistics.median(seconds)
            line = f"{name:28}{median:8.2f} s ({min(seconds):.2f}-{max(seconds):.2f})"
            if not name.startswith("first"):
                line += f"{n_tokens / median:9.0f} tokens/s  {base / median:.2f}x torch"
            if name in vectors and name != "torch f32":
                least, difference = agreement(vectors[name], vectors["torch f32"])
                mean = mean_cosine(vectors[name], vectors["torch f32"])
                line += f"  cosine least {least:.6f} mean {mean:.6f}, max abs {difference:.1e}"
            print(line)
            record[name] = median
        scores = cluster_scores(folder, arguments.threads) if arguments.quality else {}
    results = ROOT / "bench" / "results"
    results.mkdir(parents=True, exist_ok=True)
    with open(results / "encoder_speed.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps({"machine": platform.processor() or platform.machine(), "threads": arguments.threads,
                               "texts": len(texts), "tokens": n_tokens, "seconds": record, "ami": scores}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
