#!/usr/bin/env python3
"""UMAP after the neighbours, topograph beside umap-learn in its parallel mode (warm), on the same neighbours and threads.

  build/test/bin/bench_neighbors_driver VECTORS.npy NEIGHBORS.safetensors k=14
  build/peers/bin/python bench/umap_speed.py VECTORS.npy NEIGHBORS.safetensors [--seeds 1] [--first-seed 0] [--threads 2]
                         [--peer-runs 1] [--labels FILE.csv COLUMN] [--keep FOLDER] [--dims 5 2] [--set option=value ...]
                         [--time-only] [--score] [--driver build/test/bin/bench_umap_driver]

Timed for both: fuzzy graph, start and layout; topograph as the work of one process without reading its input, with its peak memory.
Quality: trustworthiness (k = 15, cosine, 2 500 rows), the share of 15 neighbours kept (500 rows against all) and, with --labels, the
adjusted mutual information with the column of the documents that are not blank of HDBSCAN's clusters (at least 30 rows; by excess of
mass and leaves) and of 40 groups of a k-means. --keep saves every layout as FOLDER/WHO_DIM_SEED.npy. --peer-runs 0 leaves the peer
out; --time-only leaves the quality to a later --score, which makes no layouts and measures those that were kept. --set is for
topograph alone. One JSON line a layout, appended to bench/results/umap_speed.jsonl.
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
from safetensors.numpy import load_file
from sklearn.cluster import KMeans
from sklearn.manifold import trustworthiness
from sklearn.metrics import adjusted_mutual_info_score

ROOT = pathlib.Path(__file__).resolve().parent.parent
MIN_DIST = {5: 0.0, 2: 0.1}


def with_self(ids, distances):
    """The row itself first, as the peer expects."""
    own = np.arange(len(ids), dtype=np.int32)[:, None]
    return np.hstack([own, ids.reshape(len(ids), -1)]), np.hstack([np.zeros((len(ids), 1), np.float32), distances])


def exact_neighbors(x, k):
    """For few rows, so that warming up the peer does not need the index."""
    unit = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    gaps = np.maximum(1 - unit @ unit.T, 0)
    ids = np.argsort(gaps, axis=1, kind="stable")[:, :k].astype(np.int32)
    return ids, np.take_along_axis(gaps, ids.astype(np.int64), 1)


def kept(x, coords, rows=500, k=15):
    chosen = np.random.default_rng(0).choice(len(x), rows, replace=False)
    unit = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    share = 0.0
    for row in chosen:
        above = np.argpartition(-(unit @ unit[row]), k)[: k + 1]
        below = np.argpartition(((coords - coords[row]) ** 2).sum(1), k)[: k + 1]
        share += (len(np.intersect1d(above, below)) - 1) / k
    return share / rows


def report(who, x, dim, seed, coords, more, given):
    line = {"who": who, "rows": len(x), "dim": dim, "min_dist": MIN_DIST[dim], "seed": seed, **more}
    if not given.time_only:
        line["trustworthiness"] = round(float(trustworthiness(x[:2500], coords[:2500], n_neighbors=15, metric="cosine")), 4)
        line["kept"] = round(kept(x, coords), 4)
    if given.labels and not given.time_only:
        table = pandas.read_csv(given.labels[0], keep_default_na=False, dtype=str)
        labels = table[table.text.str.strip() != ""][given.labels[1]].to_numpy()[: len(x)]
        places = coords.astype(np.float64)
        for name, method in (("ami", "eom"), ("ami_leaf", "leaf")):
            clusters = hdbscan.HDBSCAN(min_cluster_size=30, core_dist_n_jobs=1, cluster_selection_method=method).fit_predict(places)
            line[name] = round(adjusted_mutual_info_score(labels, clusters), 4)
        groups = KMeans(40, n_init=2, random_state=0).fit_predict(places)
        line["ami_kmeans"] = round(adjusted_mutual_info_score(labels, groups), 4)
    print(json.dumps(line), flush=True)
    if given.keep and not given.score:
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
    return load_file(target)["coords"], {name: facts[name] for name in ("seconds", "cpu_s", "peak_mib") if name in facts}


def score_kept(x, given):
    for path in sorted(pathlib.Path(given.keep).glob("*_[0-9]_*.npy")):
        who, dim, seed = path.stem.rsplit("_", 2)
        if int(dim) in given.dims:
            report(who, x, int(dim), int(seed), np.load(path), {}, given)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors")
    parser.add_argument("neighbors")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--peer-runs", type=int, default=1)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--labels", nargs=2)
    parser.add_argument("--keep")
    parser.add_argument("--dims", type=int, nargs="+", default=[5, 2], choices=sorted(MIN_DIST))
    parser.add_argument("--time-only", action="store_true")
    parser.add_argument("--score", action="store_true")
    parser.add_argument("--set", nargs="*", default=[])
    parser.add_argument("--driver", default=str(ROOT / "build/test/bin/bench_umap_driver"))
    return parser.parse_args()


def main():
    given = parse()
    numba.set_num_threads(given.threads)
    x = np.ascontiguousarray(np.load(given.vectors, mmap_mode="r"), dtype=np.float32)
    if given.score:
        return score_kept(x, given)
    found = load_file(given.neighbors)
    ids, distances = with_self(found["ids"].reshape(len(x), -1), found["distances"].reshape(len(x), -1))
    small = x[:5000]
    warm = exact_neighbors(small, 15) if given.peer_runs else None
    with tempfile.TemporaryDirectory() as folder:
        source, target = given.neighbors, pathlib.Path(folder) / "layout.safetensors"
        for dim in given.dims:
            options = {"n_neighbors": 15, "n_components": dim, "min_dist": MIN_DIST[dim], "metric": "cosine", "n_jobs": given.threads}
            if given.peer_runs:
                umap.UMAP(**options, precomputed_knn=(*warm, None)).fit(small)
            for run in range(max(given.seeds, given.peer_runs)):
                seed = given.first_seed + run
                if run < given.seeds:
                    coords, more = run_ours(given, source, target, dim, seed)
                    report("topograph", x, dim, seed, coords, more, given)
                if run < given.peer_runs:
                    begin, cpu = time.perf_counter(), time.process_time()
                    coords = umap.UMAP(**options, precomputed_knn=(ids, distances, None)).fit_transform(x)
                    took = {"seconds": round(time.perf_counter() - begin, 3), "cpu_s": round(time.process_time() - cpu, 3)}
                    report("umap-learn", x, dim, seed, coords, took, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())
