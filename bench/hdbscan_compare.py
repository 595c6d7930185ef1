"""HDBSCAN against the hdbscan package: labels, weight of the spanning tree, seconds.

    python bench/hdbscan_compare.py [--driver build/test/bin/bench_hdbscan_driver] [--threads 2] [--no-peer]

Prints one JSON line a data set. The peer runs twice: as people use it (approximate tree) for the time, and
with an exact tree for what both must agree on. Points of one sort may differ in their label: those whose
own core distance joins two clusters, where the order of equal edges decides.
"""

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

SETS = {"18331 x 10": (18331, 10, 60, 30), "100000 x 5": (100_000, 5, 200, 50)}


def blobs(n, dims, n_blobs, seed):
    """Gaussian blobs of different size and width in a uniform background of 10 %."""
    rng = np.random.default_rng(seed)
    centers = rng.uniform(0, 12, (n_blobs, dims))
    widths = rng.uniform(0.1, 0.6, n_blobs)
    blob = rng.choice(n_blobs, n, p=rng.dirichlet(np.full(n_blobs, 3.0)))
    x = centers[blob] + widths[blob, None] * rng.standard_normal((n, dims))
    background = rng.random(n) < 0.1
    x[background] = rng.uniform(-1, 13, (background.sum(), dims))
    return x.astype(np.float32)


def run_ours(driver, x, folder, **settings):
    save_file({"x": x}, folder / "in.safetensors")
    command = [driver, folder / "in.safetensors", folder / "out.safetensors"]
    command += [f"{name}={value}" for name, value in settings.items()]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(printed), load_file(folder / "out.safetensors")


def run_peer(x, threads, is_exact, **settings):
    import hdbscan

    model = hdbscan.HDBSCAN(
        approx_min_span_tree=not is_exact, gen_min_span_tree=is_exact, core_dist_n_jobs=threads, **settings
    )
    begin = time.perf_counter()
    model.fit(x.astype(np.float64))
    return time.perf_counter() - begin, model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--driver", default="build/test/bin/bench_hdbscan_driver")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--no-peer", action="store_true")
    arguments = parser.parse_args()
    for name, (n, dims, n_blobs, min_cluster_size) in SETS.items():
        x = blobs(n, dims, n_blobs, seed=7)
        settings = {"min_cluster_size": min_cluster_size, "min_samples": 10}
        with tempfile.TemporaryDirectory() as folder:
            timing, ours = run_ours(
                arguments.driver, x, Path(folder), threads=arguments.threads, repeat=arguments.repeat, **settings
            )
        row = {"data": name, "threads": arguments.threads, **settings, "seconds": timing["seconds"]}
        row["clusters"] = timing["clusters"]
        row["noise"] = int((ours["labels"] < 0).sum())
        if not arguments.no_peer:
            from sklearn.metrics import adjusted_rand_score

            row["peer_seconds"], _ = run_peer(x, arguments.threads, False, **settings)
            row["peer_exact_seconds"], exact = run_peer(x, arguments.threads, True, **settings)
            weight = float(exact.minimum_spanning_tree_.to_numpy()[:, 2].sum())
            row["peer_clusters"] = int(exact.labels_.max() + 1)
            row["adjusted_rand"] = float(adjusted_rand_score(exact.labels_, ours["labels"]))
            row["tree_weight_difference"] = abs(float(ours["tree_distance"].sum()) / weight - 1)
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
