"""Gaussian mixtures beside scikit-learn: seconds and log-likelihood from the same labels, same tolerance.

    python bench/gmm_compare.py VECTORS.npy [--pca 50] [--types full tied diag spherical] [--clusters 20]
        [--driver build/test/bin/bench_cluster_driver] [--threads 2] [--rows N] [--own-starts]

The rows are float32, as they are or reduced by PCA. Both begin from the same k-means labels and stop at the same
gain; scikit-learn fits them in float32, which it computes in, and in float64, which topograph computes in. Times
are those of the passes and the final labels; --own-starts adds a fit with each one's own k-means start, whole.
Prints one JSON line a case. Tuning of OpenBLAS by the environment is taken back for both.
"""

import os

for name in ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"]:
    os.environ.pop(name, None)

import argparse
import json
import time
import tempfile
import warnings
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

from cluster_compare import run_ours


class StartedMixture(GaussianMixture):
    """Begins from given labels."""

    def _initialize_parameters(self, X, random_state, xp=None):
        shares = np.zeros((X.shape[0], self.n_components), dtype=X.dtype)
        shares[np.arange(X.shape[0]), self.start_labels] = 1
        self._initialize(X, shares)


def run_peer(x, threads, repeat, labels, **settings):
    least = float("inf")
    with threadpool_limits(threads), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(repeat):
            model = GaussianMixture(**settings) if labels is None else StartedMixture(**settings)
            model.start_labels = labels
            begin = time.perf_counter()
            found = model.fit_predict(x)
            least = min(least, time.perf_counter() - begin)
    return least, model, found


def compare(x, labels, kind, arguments):
    """One JSON line; `labels` None: every engine starts as it does."""
    settings = {"n_components": arguments.clusters, "covariance_type": kind, "tol": arguments.tol, "reg_covar": 1e-6}
    arrays = {"x": x} if labels is None else {"x": x, "start_labels": labels}
    with tempfile.TemporaryDirectory() as folder:
        common = {"threads": arguments.threads, "repeat": arguments.repeat}
        ours, out = run_ours(arguments.driver, arrays, Path(folder), "mixture", **common, **settings)
    row = {"case": "same labels" if labels is not None else "own k-means", "type": kind, "rows": len(x)}
    row |= {"columns": x.shape[1], "clusters": arguments.clusters, "threads": arguments.threads}
    row |= {"seconds": ours["seconds"], "log_likelihood": ours["log_likelihood"], "passes": ours["n_iter"]}
    for name, points in [("f32", x), ("f64", x.astype(np.float64))]:
        try:
            seconds, peer, found = run_peer(points, arguments.threads, arguments.repeat_peer, labels, random_state=0, **settings)
        except ValueError as error:  # float32 covariances of many columns are not positive definite.
            row[f"peer_{name}"] = str(error)[:60]
            continue
        wide = x.astype(np.float64)
        for field in ["means_", "covariances_", "precisions_cholesky_", "weights_"]:
            setattr(peer, field, getattr(peer, field).astype(np.float64))
        row |= {f"peer_{name}_seconds": round(seconds, 4), f"times_{name}": round(seconds / ours["seconds"], 2)}
        row |= {f"peer_{name}_log_likelihood": float(peer.score(wide)), f"peer_{name}_passes": int(peer.n_iter_)}
        row[f"rand_{name}"] = round(float(adjusted_rand_score(found, out["labels"])), 4)
    print(json.dumps(row), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("--driver", default="build/test/bin/bench_cluster_driver")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--clusters", type=int, default=20)
    parser.add_argument("--rows", type=int, default=18331)
    parser.add_argument("--pca", type=int, help="Reduce to so many columns first.")
    parser.add_argument("--types", nargs="*", default=["full", "tied", "diag", "spherical"])
    parser.add_argument("--tol", type=float, default=1e-3)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--repeat-peer", type=int, default=1)
    parser.add_argument("--own-starts", action="store_true")
    arguments = parser.parse_args()
    x = np.load(arguments.vectors)[: arguments.rows].astype(np.float32)
    if arguments.pca:
        x = PCA(arguments.pca, random_state=0).fit_transform(x).astype(np.float32)
    x = np.ascontiguousarray(x)
    labels = KMeans(arguments.clusters, n_init=1, random_state=0).fit_predict(x).astype(np.int32)
    for kind in arguments.types:
        compare(x, labels, kind, arguments)
        if arguments.own_starts:
            compare(x, None, kind, arguments)


if __name__ == "__main__":
    main()
