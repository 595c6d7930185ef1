#!/usr/bin/env python3
"""Nearest neighbours against pynndescent: seconds, recall, peak memory.

    python bench/neighbors_compare.py [newsgroups20] [pypi_100k] [pypi_700k] [--threads 2]
        [--driver build/test/bin/bench_neighbors_driver] [--set n_probe=32 ...] [--without-peer]

Prints one JSON line a data set and engine, on the same vectors (`build/bench/vectors_NAME.npy`, or
`pypi_static.npy` for 700 000 rows), 15 neighbours by cosine. The peer runs as umap-learn calls it, in
a process where it has been compiled by a small run before. Recall is the share of neighbours found,
over 1 000 rows against brute force in float32, the same rows for every engine. `above_mib` is peak
memory above what the process held with the vectors loaded. Exact search is measured where it is quick.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

WORK = Path(__file__).resolve().parent.parent / "build" / "bench"
FILES = {"newsgroups20": "vectors_newsgroups20.npy", "pypi_100k": "vectors_pypi_100k.npy",
         "pypi_700k": "pypi_static.npy"}
N_NEIGHBORS = 15
PEER = r"""
import json, sys, time
import numpy as np
from pynndescent import NNDescent
path, out, threads, k = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
x = np.load(path)

def search(x):
    n = len(x)
    index = NNDescent(x, n_neighbors=k + 1, metric="cosine", random_state=0, n_jobs=threads,
                      n_trees=min(64, 5 + int(round(n ** 0.5 / 20.0))),
                      n_iters=max(5, int(round(np.log2(n)))), max_candidates=60, low_memory=True)
    return index.neighbor_graph[0]

search(x[:5000].copy())

def status_kib(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name))

with open("/proc/self/clear_refs", "w") as forget_the_peak:
    forget_the_peak.write("5")
before, begin = status_kib("VmRSS"), time.perf_counter()
ids = search(x)
took = time.perf_counter() - begin
np.save(out, ids)
print(json.dumps({"search_s": round(took, 3), "above_mib": (status_kib("VmHWM") - before) // 1024}))
"""


def truth_of(x, rows, metric_rows=65536):
    """The 15 nearest other rows of the given rows by cosine, brute force in pieces."""
    unit = lambda a: a / np.maximum(np.linalg.norm(a, axis=1, keepdims=True), 1e-30)
    asked = unit(x[rows])
    best = np.full((len(rows), N_NEIGHBORS), -np.inf, np.float32)
    for begin in range(0, len(x), metric_rows):
        scores = asked @ unit(x[begin:begin + metric_rows]).T
        inside = (rows >= begin) & (rows < begin + metric_rows)
        scores[inside, rows[inside] - begin] = -np.inf
        both = np.hstack([best, scores])
        best = -np.partition(-both, N_NEIGHBORS - 1, axis=1)[:, :N_NEIGHBORS]
    return asked, unit, best.min(axis=1)


def recall(x, rows, truth, ids):
    """Neighbours that are no farther than the true 15th, the row itself left out."""
    asked, unit, worst = truth
    found = 0
    for row, vector, least, listed in zip(rows, asked, worst, ids[rows]):
        others = listed[listed != row][:N_NEIGHBORS]
        found += np.sum(unit(x[others]) @ vector >= least - 1e-6)
    return round(float(found) / (len(rows) * N_NEIGHBORS), 4)


def run_peer(path, threads):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "ids.npy"
        environment = dict(os.environ, NUMBA_NUM_THREADS=str(threads))
        done = subprocess.run([sys.executable, "-c", PEER, path, out, str(threads), str(N_NEIGHBORS)],
                              check=True, stdout=subprocess.PIPE, text=True, env=environment)
        return json.loads(done.stdout.splitlines()[-1]), np.load(out)


def run_ours(driver, path, threads, settings):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "graph.safetensors"
        done = subprocess.run([driver, path, out, f"threads={threads}", f"k={N_NEIGHBORS}", "queries=200",
                               *settings], check=True, stdout=subprocess.PIPE, text=True)
        took = json.loads(done.stdout)
        took["above_mib"] = took.pop("above_input_mib")
        took["measured_recall"] = took.pop("recall")
        return took, load_file(out)["ids"].reshape(-1, N_NEIGHBORS)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=["newsgroups20", "pypi_100k"])
    parser.add_argument("--driver", default="build/test/bin/bench_neighbors_driver")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--set", nargs="*", default=[], dest="settings")
    parser.add_argument("--without-peer", action="store_true")
    parser.add_argument("--without-exact", action="store_true")
    given = parser.parse_args()
    for name in given.names:
        path = WORK / FILES[name]
        x = np.load(path, mmap_mode="r")
        rows = np.sort(np.random.default_rng(1).choice(len(x), 1000, replace=False))
        engines = {"topograph approximate": lambda: run_ours(
            given.driver, path, given.threads, ["method=approximate", *given.settings])}
        if len(x) <= 100_000 and not given.without_exact:
            engines["topograph exact"] = lambda: run_ours(given.driver, path, given.threads, ["method=exact"])
        if not given.without_peer:
            engines["pynndescent"] = lambda: run_peer(path, given.threads)
        truth = truth_of(x, rows)
        for engine, run in engines.items():
            took, ids = run()
            print(json.dumps({"data": name, "rows": len(x), "columns": x.shape[1], "engine": engine,
                              "threads": given.threads, "recall": recall(x, rows, truth, ids), **took}),
                  flush=True)


if __name__ == "__main__":
    main()
