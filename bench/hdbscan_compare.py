"""HDBSCAN against hdbscan and fast_hdbscan: seconds, memory, weight of the spanning tree, labels.

    python bench/hdbscan_compare.py [newsgroups20] [pypi_100k] [pypi_700k] [blobs_18k] [blobs_100k] [blobs_700k] [blobs_10m]
        [--exact] [--without hdbscan fast_hdbscan] [--driver build/test/bin/bench_hdbscan_driver]

Prints one JSON line a data set: real layouts (bench/hdbscan_layouts.py makes them) or Gaussian blobs, a full
fit with labels, probabilities and outlier scores, every engine in this run on the same rows with the same
threads. Times are the least of --repeat fits in a warm process (the peers have run once before). hdbscan runs
as people use it, with an approximate tree; --exact fits it once more with an exact one, for what both must
agree on, and with permuted rows, for how far it agrees with itself. Points of one sort may differ in their label: those whose own core distance joins two clusters, where
the order of equal edges decides. Adjusted Rand indices count noise as a label.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

import hdbscan_layouts

BLOBS = {"blobs_18k": (18331, 10, 60), "blobs_100k": (100_000, 5, 200), "blobs_700k": (700_000, 5, 800),
         "blobs_10m": (10_000_000, 5, 2000)}


def blobs(n, dims, n_blobs, seed=7):
    """Gaussian blobs of different size and width in a uniform background of 10 %."""
    rng = np.random.default_rng(seed)
    centers = rng.uniform(0, 12, (n_blobs, dims))
    widths = rng.uniform(0.1, 0.6, n_blobs)
    blob = rng.choice(n_blobs, n, p=rng.dirichlet(np.full(n_blobs, 3.0)))
    x = centers[blob] + widths[blob, None] * rng.standard_normal((n, dims))
    background = rng.random(n) < 0.1
    x[background] = rng.uniform(-1, 13, (background.sum(), dims))
    return x.astype(np.float32)


def read_points(name):
    if name in BLOBS:
        return blobs(*BLOBS[name])
    path = hdbscan_layouts.WORK / f"layout_{name}.safetensors"
    if not path.exists():
        raise SystemExit(f"{path} is missing: python bench/hdbscan_layouts.py {name}")
    return load_file(path)["x"]


def run_ours(driver, x, **settings):
    """Least seconds, peak memory of the process and what it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        save_file({"x": x}, folder / "in.safetensors")
        command = [driver, folder / "in.safetensors", folder / "out.safetensors"]
        command += [f"{name}={value}" for name, value in settings.items()]
        process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, text=True)
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            raise SystemExit(f"{driver} failed")
        return json.loads(printed), usage.ru_maxrss / 1024, load_file(folder / "out.safetensors")


def least_seconds(repeat, fit):
    times = []
    for _ in range(repeat):
        begin = time.perf_counter()
        model = fit()
        times.append(time.perf_counter() - begin)
    return min(times), model


def run_fast(x, threads, repeat, **settings):
    import numba

    numba.set_num_threads(threads)
    import fast_hdbscan

    fast_hdbscan.HDBSCAN(**settings).fit(x[:5000])  # Compiles.
    return least_seconds(repeat, lambda: fast_hdbscan.HDBSCAN(**settings).fit(x))


def run_peer(x, threads, repeat, is_exact, **settings):
    import hdbscan

    exact = x.astype(np.float64)
    tree = dict(approx_min_span_tree=not is_exact, gen_min_span_tree=is_exact)

    def fit():
        model = hdbscan.HDBSCAN(core_dist_n_jobs=threads, **tree, **settings).fit(exact)
        model.outlier_scores_  # noqa: B018 - computed when asked for.
        return model

    if not is_exact:
        hdbscan.HDBSCAN(core_dist_n_jobs=threads, **settings).fit(exact[:2000])
    return least_seconds(repeat, fit)


def compare(name, arguments):
    from sklearn.metrics import adjusted_rand_score

    x = read_points(name)
    settings = {"min_cluster_size": arguments.min_cluster_size, "min_samples": arguments.min_samples}
    threads = arguments.threads
    timing, peak, ours = run_ours(arguments.driver, x, threads=threads, repeat=arguments.repeat, **settings)
    labels = ours["labels"]
    weight = float(ours["tree_distance"].sum())
    row = {"data": f"{name} {x.shape[0]} x {x.shape[1]}", "threads": threads, **settings}
    row |= {"seconds": timing["seconds"], "peak_mib": round(peak), "clusters": timing["clusters"]}
    row |= {"noise": round(float((labels < 0).mean()), 4), "tree_weight": weight}
    if "fast_hdbscan" not in arguments.without:
        seconds, model = run_fast(x, threads, arguments.repeat, **settings)
        row |= {"fast_seconds": round(seconds, 3), "fast_ratio": round(seconds / timing["seconds"], 2)}
        row["fast_rand"] = round(adjusted_rand_score(model.labels_, labels), 5)
        row["fast_weight_ratio"] = float(model._min_spanning_tree[:, 2].sum()) / weight
    if "hdbscan" not in arguments.without:
        seconds, model = run_peer(x, threads, 1, False, **settings)
        row |= {"peer_seconds": round(seconds, 3), "peer_ratio": round(seconds / timing["seconds"], 2)}
        row["peer_rand"] = round(adjusted_rand_score(model.labels_, labels), 5)
    if arguments.exact:
        row["exact_seconds"], exact = run_peer(x, threads, 1, True, **settings)
        peer_weight = float(exact.minimum_spanning_tree_.to_numpy()[:, 2].sum())
        row |= {"exact_clusters": int(exact.labels_.max() + 1), "exact_weight_ratio": peer_weight / weight}
        row["exact_rand"] = round(adjusted_rand_score(exact.labels_, labels), 5)
        order = np.random.default_rng(1).permutation(len(x))
        _, permuted = run_peer(x[order], threads, 1, True, **settings)
        row["exact_permuted_rand"] = round(adjusted_rand_score(exact.labels_[order], permuted.labels_), 5)
        same = exact.labels_ >= 0
        same &= labels >= 0
        gap = np.abs(exact.probabilities_ - ours["strength"])[same]
        row["strength_gap_99"] = float(np.quantile(gap, 0.99))
        row["outlier_gap_99"] = float(np.quantile(np.abs(exact.outlier_scores_ - ours["outlier_scores"]), 0.99))
    print(json.dumps(row), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=["newsgroups20", "pypi_100k"])
    parser.add_argument("--driver", default="build/test/bin/bench_hdbscan_driver")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--min-cluster-size", type=int, default=10)
    parser.add_argument("--min-samples", type=int, default=10)
    parser.add_argument("--exact", action="store_true")
    parser.add_argument("--without", nargs="*", default=[], choices=["hdbscan", "fast_hdbscan"])
    arguments = parser.parse_args()
    for name in arguments.sets:
        compare(name, arguments)


if __name__ == "__main__":
    main()
