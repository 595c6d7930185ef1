#!/usr/bin/env python3
"""Compares topograph's t-SNE with openTSNE's on the same vectors and the same neighbours.

    python bench/tsne_compare.py VECTORS.npy --driver build/test/bin/bench_tsne_driver [--rows 65000]

For each seed: seconds from neighbours to layout (affinities, start and 750 iterations; the peer in
this process and warm, ours a whole process), the KL divergence of each layout evaluated by the same
code, the share of 15 nearest neighbours kept and trustworthiness, both on a sample of rows against
all rows. Needs openTSNE, scikit-learn, safetensors.
"""
import argparse
import json
import pathlib
import subprocess
import tempfile
import time

import numpy as np
import openTSNE
from openTSNE.affinity import PrecomputedAffinities, joint_probabilities_nn
from openTSNE.initialization import pca
from safetensors.numpy import load_file, save_file
from sklearn.neighbors import NearestNeighbors
from openTSNE.tsne import kl_divergence_fft

PERPLEXITY = 30
K = 15
SAMPLE = 1000


def neighbors(x, driver_cache):
    """Exact neighbours by blocked products, kept beside the vectors."""
    if driver_cache.exists():
        found = np.load(driver_cache)
        return found["ids"], found["distances"]
    k = 3 * PERPLEXITY
    squares = (x * x).sum(1)
    ids, distances = np.empty((len(x), k), np.int32), np.empty((len(x), k), np.float32)
    for begin in range(0, len(x), 1000):
        rows = slice(begin, min(begin + 1000, len(x)))
        gaps = np.maximum(squares[rows, None] + squares[None] - 2 * x[rows] @ x.T, 0)
        gaps[np.arange(rows.stop - begin), np.arange(begin, rows.stop)] = np.inf
        near = np.argpartition(gaps, k, axis=1)[:, :k]
        value = np.take_along_axis(gaps, near, 1)
        order = np.argsort(value, axis=1, kind="stable")
        ids[rows] = np.take_along_axis(near, order, 1)
        distances[rows] = np.sqrt(np.take_along_axis(value, order, 1))
    np.savez(driver_cache, ids=ids, distances=distances)
    return ids, distances


def score(x, coords, rows):
    """Trustworthiness and neighbours kept of the sampled rows."""
    below = NearestNeighbors(n_neighbors=K + 1).fit(coords).kneighbors(coords[rows], return_distance=False)[:, 1:]
    kept, penalty = 0, 0.0
    for at, row in enumerate(rows):
        gaps = ((x - x[row]) ** 2).sum(1)
        gaps[row] = -1
        rank = np.empty(len(x), np.int64)
        rank[np.argsort(gaps, kind="stable")] = np.arange(len(x))
        kept += int((rank[below[at]] <= K).sum())
        penalty += float(np.maximum(rank[below[at]] - K, 0).sum())
    n = len(x)
    return 1 - 2 * penalty / (len(rows) * K * (2 * n - 3 * K - 1)), kept / (K * len(rows))


def peer(x, ids, distances, seed, threads):
    start = time.perf_counter()
    p = joint_probabilities_nn(ids, distances, [PERPLEXITY], n_jobs=threads)
    init = pca(x, random_state=seed)
    layout = openTSNE.TSNE(n_jobs=threads, random_state=seed, negative_gradient_method="fft").fit(
        affinities=PrecomputedAffinities(p, normalize=False), initialization=init)
    return np.asarray(layout), time.perf_counter() - start


def ours(driver, source, seed, threads):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "layout.safetensors"
        start = time.perf_counter()
        subprocess.run([driver, source, out, f"seed={seed}", f"threads={threads}"], check=True,
                       stdout=subprocess.DEVNULL)
        return load_file(out)["coords"], time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("vectors", type=pathlib.Path)
    parser.add_argument("--driver", required=True)
    parser.add_argument("--rows", type=int, default=65000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", choices=["openTSNE", "topograph"])
    given = parser.parse_args()
    x = np.array(np.load(given.vectors, mmap_mode="r")[: given.rows], dtype=np.float32)
    x /= np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    ids, distances = neighbors(x, given.vectors.with_suffix(f".tsne{len(x)}.npz"))
    source = given.vectors.with_suffix(f".tsne{len(x)}.safetensors")
    save_file({"x": x, "ids": ids.ravel(), "distances": distances}, source)
    p = joint_probabilities_nn(ids, distances, [PERPLEXITY], n_jobs=given.threads)
    rows = np.random.default_rng(0).choice(len(x), min(SAMPLE, len(x)), replace=False)
    runs = {"openTSNE": lambda seed: peer(x, ids, distances, seed, given.threads),
            "topograph": lambda seed: ours(given.driver, source, seed, given.threads)}
    for seed in range(given.first_seed, given.first_seed + given.seeds):
        for name, layout in runs.items():
            if given.only not in (None, name):
                continue
            coords, seconds = layout(seed)
            divergence, _ = kl_divergence_fft(
                coords.astype(np.float64), p, 1,
                {"n_interpolation_points": 3, "min_num_intervals": 50, "ints_in_interval": 1},
                n_jobs=given.threads, should_eval_error=True)
            trust, kept = score(x, coords, rows)
            print(json.dumps({"layout": name, "rows": len(x), "seed": seed, "threads": given.threads,
                              "seconds": round(seconds, 2), "kl": round(divergence, 4),
                              "trust": round(trust, 4), "kept": round(kept, 4)}), flush=True)


if __name__ == "__main__":
    main()
