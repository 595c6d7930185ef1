"""k-means beside scikit-learn: seconds and inertia from the same starts, and with starts of each one's own.

    python bench/cluster_compare.py VECTORS.npy [--driver build/test/bin/bench_cluster_driver] [--threads 2] [--clusters 20]

Prints one JSON line a case. Tuning of OpenBLAS by the environment is taken back for both.
"""

import os

for name in ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"]:
    os.environ.pop(name, None)

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits


def run_ours(driver, arrays, folder, method="kmeans", **settings):
    save_file(arrays, folder / "in.safetensors")
    command = [driver, method, folder / "in.safetensors", folder / "out.safetensors"]
    command += [f"{name}={value}" for name, value in settings.items()]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(printed), load_file(folder / "out.safetensors")


def run_peer(x, threads, repeat, **settings):
    least = float("inf")
    with threadpool_limits(threads):
        for _ in range(repeat):
            begin = time.perf_counter()
            model = KMeans(**settings).fit(x)
            least = min(least, time.perf_counter() - begin)
    return least, model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("--driver", default="build/test/bin/bench_cluster_driver")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--clusters", type=int, default=20)
    parser.add_argument("--rows", type=int, default=18331)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    x = np.ascontiguousarray(np.load(arguments.vectors)[: arguments.rows], np.float32)
    k = arguments.clusters
    starts = x[np.random.default_rng(1).choice(len(x), k, replace=False)].copy()
    common = {"threads": arguments.threads, "repeat": arguments.repeat, "n_clusters": k}
    for case, arrays, ours_settings, peer_settings in [
        ("same starts", {"x": x, "starts": starts}, {}, {"init": starts, "n_init": 1}),
        ("two k-means++ starts", {"x": x}, {"n_init": 2}, {"n_init": 2, "random_state": 0}),
    ]:
        with tempfile.TemporaryDirectory() as folder:
            ours, arrays_out = run_ours(arguments.driver, arrays, Path(folder), **common, **ours_settings)
        seconds, peer = run_peer(x, arguments.threads, arguments.repeat, n_clusters=k, **peer_settings)
        row = {"case": case, "rows": len(x), "columns": x.shape[1], "clusters": k, "threads": arguments.threads}
        row |= {"seconds": ours["seconds"], "peer_seconds": round(seconds, 4), "times": round(seconds / ours["seconds"], 2)}
        row |= {"inertia": ours["inertia"], "peer_inertia": float(peer.inertia_)}
        row |= {"passes": ours["n_iter"], "peer_passes": int(peer.n_iter_)}
        row["adjusted_rand"] = round(float(adjusted_rand_score(peer.labels_, arrays_out["labels"])), 4)
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
