#!/usr/bin/env python3
"""UMAP after the neighbours, topograph beside umap-learn in its parallel mode (warm), on the same neighbours and threads.

  build/peers/bin/python bench/umap_speed.py VECTORS.npy [--rows N] [--seeds 1] [--threads 2] [--peer-runs 1]
                         [--driver build/test/bin/bench_umap_driver]

Neighbours come from pynndescent with UMAP's own parameters. Timed for both: fuzzy graph, start and layout; topograph as the work of
one process without reading its input. Quality: trustworthiness (k = 15, cosine, 2 500 rows) and the share of 15 neighbours kept (500
rows against all). One JSON line a layout, appended to bench/results/umap_speed.jsonl.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import numba
import numpy as np
import umap
from pynndescent import NNDescent
from safetensors.numpy import load_file, save_file
from sklearn.manifold import trustworthiness

ROOT = pathlib.Path(__file__).resolve().parent.parent
SETTINGS = ((5, 0.0), (2, 0.1))


def neighbors(x, k):
    trees = min(64, 5 + int(round(len(x) ** 0.5 / 20.0)))
    rounds = max(5, int(round(np.log2(len(x)))))
    index = NNDescent(x, n_neighbors=k, metric="cosine", n_trees=trees, n_iters=rounds, max_candidates=60, random_state=1)
    return index.neighbor_graph


def without_self(ids, distances):
    """The neighbours but for the row itself (the farthest where it is not among them), distances from 0 up."""
    is_self = ids == np.arange(len(ids))[:, None]
    is_self[~is_self.any(1), -1] = True
    shape = (len(ids), ids.shape[1] - 1)
    ids, distances = ids[~is_self].reshape(shape), np.maximum(distances[~is_self].reshape(shape), 0)
    return np.ascontiguousarray(ids, dtype=np.int32), np.ascontiguousarray(distances, dtype=np.float32)


def kept(x, coords, rows=500, k=15):
    chosen = np.random.default_rng(0).choice(len(x), rows, replace=False)
    unit = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    share = 0.0
    for row in chosen:
        above = np.argpartition(-(unit @ unit[row]), k)[: k + 1]
        below = np.argpartition(((coords - coords[row]) ** 2).sum(1), k)[: k + 1]
        share += (len(np.intersect1d(above, below)) - 1) / k
    return share / rows


def report(who, x, dim, min_dist, seed, seconds, coords):
    line = {"who": who, "rows": len(x), "dim": dim, "min_dist": min_dist, "seed": seed, "seconds": round(seconds, 3),
            "trustworthiness": round(float(trustworthiness(x[:2500], coords[:2500], n_neighbors=15, metric="cosine")), 4),
            "kept": round(kept(x, coords), 4)}
    print(json.dumps(line), flush=True)
    results = ROOT / "bench/results"
    results.mkdir(exist_ok=True)
    with open(results / "umap_speed.jsonl", "a") as file:
        file.write(json.dumps(line) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--peer-runs", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--driver", default=str(ROOT / "build/test/bin/bench_umap_driver"))
    arguments = parser.parse_args()
    numba.set_num_threads(arguments.threads)
    x = np.ascontiguousarray(np.load(arguments.vectors, mmap_mode="r")[: arguments.rows], dtype=np.float32)
    ids, distances = neighbors(x, 15)
    small = x[:5000]
    warm = neighbors(small, 15)
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder) / "knn.safetensors", pathlib.Path(folder) / "layout.safetensors"
        save_file(dict(zip(("ids", "distances"), without_self(ids, distances))), source)
        for dim, min_dist in SETTINGS:
            options = {"n_neighbors": 15, "n_components": dim, "min_dist": min_dist, "metric": "cosine", "n_jobs": arguments.threads}
            umap.UMAP(**options, precomputed_knn=(*warm, None)).fit(small)
            for seed in range(max(arguments.seeds, arguments.peer_runs)):
                if seed < arguments.seeds:
                    done = subprocess.run([arguments.driver, source, target, f"n_components={dim}", f"min_dist={min_dist}",
                                           f"seed={seed}", f"threads={arguments.threads}"], check=True, capture_output=True, text=True)
                    report("topograph", x, dim, min_dist, seed, json.loads(done.stdout)["seconds"], load_file(target)["coords"])
                if seed < arguments.peer_runs:
                    begin = time.perf_counter()
                    coords = umap.UMAP(**options, precomputed_knn=(ids, distances, None)).fit_transform(x)
                    report("umap-learn", x, dim, min_dist, seed, time.perf_counter() - begin, coords)


if __name__ == "__main__":
    sys.exit(main())
