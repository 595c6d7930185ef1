#!/usr/bin/env python3
"""UMAP after the neighbours, topograph beside umap-learn in its parallel mode (warm), on the same neighbours and threads.

  build/peers/bin/python bench/umap_speed.py VECTORS.npy [--rows N] [--seeds 1] [--threads 2] [--peer-runs 1]
                         [--labels FILE.csv COLUMN] [--keep FOLDER] [--dims 5 2] [--set option=value ...]
                         [--driver build/test/bin/bench_umap_driver]

Neighbours come from pynndescent with UMAP's own parameters. Timed for both: fuzzy graph, start and layout; topograph as the work of
one process without reading its input, with its peak memory. Quality: trustworthiness (k = 15, cosine, 2 500 rows), the share of 15
neighbours kept (500 rows against all) and, with --labels, the adjusted mutual information of HDBSCAN's clusters (at least 30 rows)
with the column of the documents that are not blank. --peer-runs 0 leaves the peer out; --set is for topograph alone. One JSON line a layout, appended to
bench/results/umap_speed.jsonl; --keep saves every layout as FOLDER/WHO_DIM_SEED.npy.
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

import hdbscan
import numba
import numpy as np
import pandas
import umap
from pynndescent import NNDescent
from safetensors.numpy import load_file, save_file
from sklearn.manifold import trustworthiness
from sklearn.metrics import adjusted_mutual_info_score

ROOT = pathlib.Path(__file__).resolve().parent.parent
MIN_DIST = {5: 0.0, 2: 0.1}


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


def report(who, x, dim, seed, seconds, coords, more, given):
    line = {"who": who, "rows": len(x), "dim": dim, "min_dist": MIN_DIST[dim], "seed": seed, "seconds": round(seconds, 3), **more,
            "trustworthiness": round(float(trustworthiness(x[:2500], coords[:2500], n_neighbors=15, metric="cosine")), 4),
            "kept": round(kept(x, coords), 4)}
    if given.labels:
        table = pandas.read_csv(given.labels[0], keep_default_na=False, dtype=str)
        labels = table[table.text.str.strip() != ""][given.labels[1]].to_numpy()[: len(x)]
        clusters = hdbscan.HDBSCAN(min_cluster_size=30, core_dist_n_jobs=1).fit_predict(coords.astype(np.float64))
        line["ami"] = round(adjusted_mutual_info_score(labels, clusters), 4)
    print(json.dumps(line), flush=True)
    if given.keep:
        pathlib.Path(given.keep).mkdir(parents=True, exist_ok=True)
        np.save(pathlib.Path(given.keep) / f"{who}_{dim}_{seed}.npy", coords.astype(np.float32))
    results = ROOT / "bench/results"
    results.mkdir(exist_ok=True)
    with open(results / "umap_speed.jsonl", "a") as file:
        file.write(json.dumps(line) + "\n")


def run_ours(given, source, target, dim, seed):
    done = subprocess.run([given.driver, source, target, f"n_components={dim}", f"min_dist={MIN_DIST[dim]}", f"seed={seed}",
                           f"threads={given.threads}", *given.set], check=True, capture_output=True, text=True)
    facts = json.loads(done.stdout)
    return facts["seconds"], load_file(target)["coords"], {name: facts[name] for name in ("cpu_s", "peak_mib") if name in facts}


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--peer-runs", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--labels", nargs=2)
    parser.add_argument("--keep")
    parser.add_argument("--dims", type=int, nargs="+", default=[5, 2], choices=sorted(MIN_DIST))
    parser.add_argument("--set", nargs="*", default=[])
    parser.add_argument("--driver", default=str(ROOT / "build/test/bin/bench_umap_driver"))
    return parser.parse_args()


def main():
    given = parse()
    numba.set_num_threads(given.threads)
    x = np.ascontiguousarray(np.load(given.vectors, mmap_mode="r")[: given.rows], dtype=np.float32)
    ids, distances = neighbors(x, 15)
    small = x[:5000]
    warm = neighbors(small, 15) if given.peer_runs else None
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder) / "knn.safetensors", pathlib.Path(folder) / "layout.safetensors"
        save_file(dict(zip(("ids", "distances"), without_self(ids, distances))), source)
        for dim in given.dims:
            options = {"n_neighbors": 15, "n_components": dim, "min_dist": MIN_DIST[dim], "metric": "cosine", "n_jobs": given.threads}
            if given.peer_runs:
                umap.UMAP(**options, precomputed_knn=(*warm, None)).fit(small)
            for seed in range(max(given.seeds, given.peer_runs)):
                if seed < given.seeds:
                    seconds, coords, more = run_ours(given, source, target, dim, seed)
                    report("topograph", x, dim, seed, seconds, coords, more, given)
                if seed < given.peer_runs:
                    begin = time.perf_counter()
                    coords = umap.UMAP(**options, precomputed_knn=(ids, distances, None)).fit_transform(x)
                    report("umap-learn", x, dim, seed, time.perf_counter() - begin, coords, {}, given)


if __name__ == "__main__":
    sys.exit(main())
