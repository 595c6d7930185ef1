"""Scores of clusterings beside scikit-learn and hdbscan: seconds of each, largest relative difference.

    python bench/scores_compare.py VECTORS.npy [--driver build/test/bin/bench_scores_driver] [--threads 2]
        [--rows 18331] [--dbcv-rows 3000] [--clusters 20]

The labels are k-means clusters and, as known labels, the same with a tenth of them exchanged. Both compute on
the same float32 rows with the same threads. Prints one JSON line a score.
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
from hdbscan.validity import validity_index
from safetensors.numpy import save_file
from sklearn import metrics
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits


def peers(x, labels, truth, threads, dbcv_rows):
    def external():
        metrics.adjusted_rand_score(truth, labels)
        metrics.fowlkes_mallows_score(truth, labels)
        metrics.normalized_mutual_info_score(truth, labels)
        metrics.homogeneity_completeness_v_measure(truth, labels)
        return metrics.adjusted_mutual_info_score(truth, labels)

    part, wide = labels[:dbcv_rows], x[:dbcv_rows].astype(np.float64)
    return {
        "agreement": external,
        "silhouette": lambda: metrics.silhouette_score(x, labels),
        "davies_bouldin": lambda: metrics.davies_bouldin_score(x, labels),
        "calinski_harabasz": lambda: metrics.calinski_harabasz_score(x, labels),
        "density_validity": lambda: validity_index(wide, part.astype(np.int64)),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("--driver", default="build/test/bin/bench_scores_driver")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rows", type=int, default=18331)
    parser.add_argument("--dbcv-rows", type=int, default=3000)
    parser.add_argument("--clusters", type=int, default=20)
    parser.add_argument("--repeat", type=int, default=2)
    arguments = parser.parse_args()
    x = np.ascontiguousarray(np.load(arguments.vectors)[: arguments.rows], np.float32)
    labels = KMeans(arguments.clusters, n_init=1, max_iter=20, random_state=0).fit_predict(x).astype(np.int32)
    truth = labels.copy()
    mixed = np.random.default_rng(0).choice(len(x), len(x) // 10, replace=False)
    truth[mixed] = truth[np.roll(mixed, 1)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.safetensors"
        save_file({"x": x, "labels": labels, "truth": truth}, path)
        command = [arguments.driver, path, arguments.threads, arguments.repeat, arguments.dbcv_rows]
        printed = subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True).stdout
    ours = json.loads(printed)
    with threadpool_limits(arguments.threads):
        for name, compute in peers(x, labels, truth, arguments.threads, arguments.dbcv_rows).items():
            least = float("inf")
            for _ in range(arguments.repeat):
                begin = time.perf_counter()
                value = float(compute())
                least = min(least, time.perf_counter() - begin)
            row = {"score": name, "rows": arguments.dbcv_rows if name == "density_validity" else len(x)}
            row |= {"columns": x.shape[1], "threads": arguments.threads, "seconds": ours[name]["seconds"]}
            row |= {"peer_seconds": round(least, 5), "times": round(least / ours[name]["seconds"], 2)}
            row |= {"value": ours[name]["value"], "peer_value": value}
            row["relative_gap"] = abs(value - ours[name]["value"]) / abs(value)
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
