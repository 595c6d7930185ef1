#!/usr/bin/env python3
"""Compares topograph's t-SNE with openTSNE's on the same vectors and the same neighbours.

    python bench/tsne_compare.py prepare VECTORS.npy [--rows 65000]     exact neighbours, kept beside the vectors
    python bench/tsne_compare.py layout VECTORS.npy --only openTSNE|topograph --seed S [--driver D]
    python bench/tsne_compare.py score VECTORS.npy [--pictures docs/images]

`layout` is the timed step, one engine and seed at a time: seconds from neighbours to layout (affinities,
start and 750 iterations; the peer in this process and warm, ours a whole process). `score` reads the
layouts and prints for each the Kullback-Leibler divergence, by the sum over all pairs in float64, the
share of 15 nearest neighbours kept and trustworthiness, both on 1000 rows against all rows. Needs
openTSNE, scikit-learn, numba, safetensors.
"""
import argparse
import json
import pathlib
import subprocess
import tempfile
import time

import numba
import numpy as np
import openTSNE
from openTSNE.affinity import PrecomputedAffinities, joint_probabilities_nn
from openTSNE.initialization import pca
from safetensors.numpy import load_file, save_file
from sklearn.cluster import KMeans
from sklearn.neighbors import NearestNeighbors

from umap_pictures import COLORS, draw, write_png

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


@numba.njit(parallel=True)
def similarity_of_each(y):
    sums = np.zeros(len(y))
    for i in numba.prange(len(y)):
        total = -1.0  # the point itself
        for j in range(len(y)):
            dx, dy = y[i, 0] - y[j, 0], y[i, 1] - y[j, 1]
            total += 1.0 / (1.0 + dx * dx + dy * dy)
        sums[i] = total
    return sums


def divergence(coords, p):
    """sum p log(p / q) without approximation, for affinities that sum to 1."""
    y = coords.astype(np.float64)
    rows = np.repeat(np.arange(len(y)), np.diff(p.indptr))
    square = ((y[rows] - y[p.indices]) ** 2).sum(1)
    return float((p.data * (np.log(p.data) + np.log1p(square))).sum() + np.log(similarity_of_each(y).sum()))


def score_layouts(x, ids, distances, files, pictures):
    p = joint_probabilities_nn(ids, distances, [PERPLEXITY], n_jobs=2)
    rows = np.random.default_rng(0).choice(len(x), min(SAMPLE, len(x)), replace=False)
    for file in files:
        stored = np.load(file)
        trust, kept = score(x, stored["coords"], rows)
        print(json.dumps({"layout": str(stored["name"]), "rows": len(x), "seed": int(stored["seed"]),
                          "threads": int(stored["threads"]), "seconds": round(float(stored["seconds"]), 2),
                          "kl": round(divergence(stored["coords"], p), 4), "trust": round(trust, 4),
                          "kept": round(kept, 4)}), flush=True)
        if pictures and int(stored["seed"]) == 0:
            picture(stored["coords"], x, pictures / f"tsne_{file.stem.split('.')[-2]}.png")


def picture(coords, x, path):
    """The layout, coloured by the groups of a k-means of the vectors."""
    groups = KMeans(len(COLORS), random_state=0, n_init=1).fit_predict(x)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_png(path, draw(coords, groups))



def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("step", choices=["prepare", "layout", "score"])
    parser.add_argument("vectors", type=pathlib.Path)
    parser.add_argument("--driver", default="build/test/bin/bench_tsne_driver")
    parser.add_argument("--rows", type=int, default=65000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", choices=["openTSNE", "topograph"])
    parser.add_argument("--pictures", type=pathlib.Path)
    given = parser.parse_args()
    x = np.array(np.load(given.vectors, mmap_mode="r")[: given.rows], dtype=np.float32)
    x /= np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    beside = lambda suffix: given.vectors.with_suffix(f".tsne{len(x)}{suffix}")
    ids, distances = neighbors(x, beside(".npz"))
    source = beside(".safetensors")
    if given.step == "prepare":
        save_file({"x": x, "ids": ids.ravel(), "distances": distances}, source)
    elif given.step == "score":
        score_layouts(x, ids, distances, sorted(source.parent.glob(beside(".layout.*.npz").name)), given.pictures)
    else:
        for name in [given.only] if given.only else ["openTSNE", "topograph"]:
            coords, seconds = (peer(x, ids, distances, given.seed, given.threads) if name == "openTSNE"
                               else ours(given.driver, source, given.seed, given.threads))
            np.savez(beside(f".layout.{name}.{given.seed}.npz"), coords=coords, seconds=seconds, name=name,
                     seed=given.seed, threads=given.threads)
            print(json.dumps({"layout": name, "seed": given.seed, "seconds": round(seconds, 2)}), flush=True)


if __name__ == "__main__":
    main()
