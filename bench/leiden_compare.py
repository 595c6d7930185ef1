"""Leiden communities beside python-igraph: seconds, score, agreement with labels and between seeds.

    python bench/leiden_compare.py [newsgroups20 banking77 stackoverflow_titles pypi_100k pypi_700k]
        [--threads 1 2] [--seeds 1 2] [--objective modularity cpm] [--without igraph]
        [--driver build/test/bin/bench_communities_driver]

One JSON line a graph and objective. Both sides cut the same fuzzy graph (15 neighbours, cosine) of different rows, made once in
build/bench/communities_SET.safetensors, with two iterations; scores of both are computed here, in float64, by
(2 inside - resolution * sum of squared weights) / 2m. The peer's time is that of the call, weights already in the graph.
Vectors: SET.npy in build/bench (`topograph embed ../shared/data/SET.csv --text text -o build/bench/SET.npy`), pypi_static.npy.
"""

import argparse
import json
import random
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build/bench"
DATA = ROOT.parent / "shared/data"
RESOLUTION = {"modularity": 1.0, "cpm": 0.01}


def distinct_rows(name):
    """Vectors of a labelled set without blank and repeated texts' rows, and the rows' labels."""
    import pandas

    table = pandas.read_csv(DATA / f"{name}.csv", keep_default_na=False)
    vectors = np.load(WORK / f"{name}.npy")
    rows = np.flatnonzero(table.text.str.strip() != "")
    _, first = np.unique(vectors[rows], axis=0, return_index=True)
    rows = rows[np.sort(first)]
    return np.ascontiguousarray(vectors[rows], np.float32), table.label.to_numpy()[rows]


def graph_of(name, driver):
    """Path of the set's graph, made when it is missing, and labels where there are any."""
    path = WORK / f"communities_{name}.safetensors"
    if name.startswith("pypi"):
        if not path.exists():
            limit = ["rows=100000"] if name == "pypi_100k" else []
            subprocess.run([driver, "graph", WORK / "pypi_static.npy", path, *limit], check=True)
        return path, None
    vectors, labels = distinct_rows(name)
    if not path.exists():
        with tempfile.TemporaryDirectory() as folder:
            np.save(Path(folder) / "x.npy", vectors)
            subprocess.run([driver, "graph", Path(folder) / "x.npy", path], check=True)
    return path, labels


def upper_edges(path):
    arrays = load_file(path)
    rows = np.repeat(np.arange(len(arrays["offsets"]) - 1, dtype=np.int64), np.diff(arrays["offsets"]))
    upper = rows < arrays["columns"]
    return rows[upper], arrays["columns"][upper].astype(np.int64), arrays["values"][upper].astype(np.float64)


def score(edges, labels, objective):
    rows, columns, weights = edges
    n = len(labels)
    sizes = np.ones(n)
    resolution = RESOLUTION[objective]
    if objective == "modularity":
        sizes = np.bincount(rows, weights, n) + np.bincount(columns, weights, n)
        resolution /= 2 * weights.sum()
    inside = weights[labels[rows] == labels[columns]].sum()
    squares = (np.bincount(labels, sizes) ** 2).sum()
    return float((2 * inside - resolution * squares) / (2 * weights.sum()))


def run_ours(driver, path, objective, seed, threads, repeat):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.safetensors"
        options = [f"objective={objective}", f"resolution={RESOLUTION[objective]}", "n_layers=0", "min_size=1"]
        options += [f"seed={seed}", f"threads={threads}", f"repeat={repeat}"]
        printed = subprocess.run([driver, "fit", path, out, *options], check=True, capture_output=True, text=True)
        return json.loads(printed.stdout)["seconds"], load_file(out)["labels"]


def run_peer(network, objective, seed):
    random.seed(seed)
    begin = time.perf_counter()
    found = network.community_leiden(
        objective_function=objective, weights="weight", resolution=RESOLUTION[objective], n_iterations=2
    )
    return time.perf_counter() - begin, np.array(found.membership)


def summary(prefix, runs, edges, labels, objective):
    from sklearn.metrics import adjusted_mutual_info_score as agreement

    found = [partition for _, partition in runs]
    row = {f"{prefix}seconds": round(min(seconds for seconds, _ in runs), 3)}
    row[f"{prefix}score"] = [round(score(edges, partition, objective), 5) for partition in found]
    row[f"{prefix}communities"] = [int(partition.max() + 1) for partition in found]
    if labels is not None:
        row[f"{prefix}ami"] = [round(agreement(labels, partition), 4) for partition in found]
    if len(found) > 1:
        row[f"{prefix}seeds_agree"] = round(agreement(found[0], found[1]), 4)
    return row


def compare(name, objective, arguments):
    path, labels = graph_of(name, arguments.driver)
    edges = upper_edges(path)
    row = {"graph": name, "objective": objective, "resolution": RESOLUTION[objective], "edges": len(edges[0])}
    for threads in arguments.threads:
        runs = [run_ours(arguments.driver, path, objective, s, threads, arguments.repeat) for s in arguments.seeds]
        if threads == arguments.threads[0]:
            row |= {"threads": threads} | summary("", runs, edges, labels, objective)
        else:
            row[f"seconds_{threads}_threads"] = round(min(seconds for seconds, _ in runs), 3)
    if "igraph" not in arguments.without:
        import igraph

        network = igraph.Graph(n=len(load_file(path)["offsets"]) - 1, edges=np.stack(edges[:2], 1))
        network.es["weight"] = edges[2].tolist()
        runs = [run_peer(network, objective, seed) for seed in arguments.seeds]
        row |= summary("peer_", runs, edges, labels, objective)
        row["times_faster"] = round(row["peer_seconds"] / row["seconds"], 2)
    print(json.dumps(row), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=["newsgroups20", "banking77", "stackoverflow_titles", "pypi_100k"])
    parser.add_argument("--driver", default=ROOT / "build/test/bin/bench_communities_driver", type=Path)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--objective", nargs="+", default=["modularity", "cpm"], choices=sorted(RESOLUTION))
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--without", nargs="*", default=[], choices=["igraph"])
    arguments = parser.parse_args()
    for name in arguments.sets:
        for objective in arguments.objective:
            compare(name, objective, arguments)


if __name__ == "__main__":
    main()
