"""Golden data of clusterings around centers, by linkage and by density, and of their scores.

    python tools/reference/cluster_centers_golden.py tests/data/cluster_centers tests/data/evaluate

Made with scikit-learn, scipy and hdbscan.
"""

import hashlib
import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from hdbscan.validity import validity_index
from safetensors.numpy import save_file
from scipy.cluster.hierarchy import linkage
from sklearn import metrics
from sklearn.cluster import DBSCAN, AgglomerativeClustering, KMeans
from sklearn.mixture import GaussianMixture

SEED = 20261124
COMMAND = "python tools/reference/cluster_centers_golden.py tests/data/cluster_centers tests/data/evaluate"


def blobs(rng, n, dims, k):
    centers = rng.uniform(-6, 6, (k, dims))
    widths = rng.uniform(0.4, 1.6, (k, dims))
    blob = rng.integers(0, k, n)
    return (centers[blob] + widths[blob] * rng.standard_normal((n, dims))).astype(np.float32)


def kmeans_case(x, starts, weights=None, **settings):
    model = KMeans(len(starts), init=starts.astype(np.float64), n_init=1, **settings)
    model.fit(x.astype(np.float64), sample_weight=weights)
    arrays = {
        "x": x,
        "starts": starts,
        "labels": model.labels_.astype(np.int32),
        "centers": model.cluster_centers_.astype(np.float32),
        "inertia": np.array([model.inertia_]),
        "n_iter": np.array([model.n_iter_], np.int32),
    }
    if weights is not None:
        arrays["weights"] = weights.astype(np.int32)
    return arrays


def mixture_case(x, k, kind):
    wide = x.astype(np.float64)
    labels = KMeans(k, n_init=1, random_state=3).fit(wide).labels_
    model = GaussianMixture(k, covariance_type=kind, random_state=3, tol=1e-5, max_iter=200).fit(wide)
    return {
        "x": x,
        "start_labels": labels.astype(np.int32),
        "means": model.means_,
        "weights": model.weights_,
        "covariances": np.ascontiguousarray(model.covariances_).reshape(-1),
        "probabilities": model.predict_proba(wide),
        "log_likelihood": model.score_samples(wide),
        "scores": np.array([model.lower_bound_, model.bic(wide), model.aic(wide)]),
        "n_iter": np.array([model.n_iter_], np.int32),
    }


def linkage_case(x, method):
    merges = linkage(x.astype(np.float64), method)
    labels = AgglomerativeClustering(n_clusters=6, linkage=method).fit(x.astype(np.float64)).labels_
    height = merges[-8, 2] * 1.0000001
    cut = AgglomerativeClustering(n_clusters=None, distance_threshold=height, linkage=method).fit(
        x.astype(np.float64)
    )
    return {
        "x": x,
        "left": merges[:, 0].astype(np.int32),
        "right": merges[:, 1].astype(np.int32),
        "height": merges[:, 2].copy(),
        "size": merges[:, 3].astype(np.int64),
        "labels": labels.astype(np.int32),
        "threshold": np.array([height]),
        "cut_labels": cut.labels_.astype(np.int32),
    }


def dbscan_case(x, eps, min_samples, metric="euclidean", weights=None):
    model = DBSCAN(eps=eps, min_samples=min_samples, metric=metric).fit(x.astype(np.float64), sample_weight=weights)
    core = np.zeros(len(x), np.uint8)
    core[model.core_sample_indices_] = 1
    arrays = {"x": x, "labels": model.labels_.astype(np.int32), "is_core": core}
    arrays["options"] = np.array([eps, min_samples])
    if weights is not None:
        arrays["weights"] = weights.astype(np.int32)
    return arrays


def agreement_case(truth, labels):
    homogeneity, completeness, v = metrics.homogeneity_completeness_v_measure(truth, labels)
    table = metrics.cluster.contingency_matrix(truth, labels)
    return {
        "truth": truth.astype(np.int32),
        "labels": labels.astype(np.int32),
        "table": table.astype(np.int64).reshape(-1),
        "scores": np.array(
            [
                metrics.adjusted_rand_score(truth, labels),
                metrics.adjusted_mutual_info_score(truth, labels),
                metrics.normalized_mutual_info_score(truth, labels),
                homogeneity,
                completeness,
                v,
                metrics.fowlkes_mallows_score(truth, labels),
                table.max(axis=0).sum() / table.sum(),
            ]
        ),
    }


def separation_case(x, labels):
    wide = x.astype(np.float64)
    per_point = metrics.silhouette_samples(wide, labels)
    cosine = metrics.silhouette_samples(wide, labels, metric="cosine")
    arrays = {
        "x": x,
        "labels": labels.astype(np.int32),
        "silhouette": per_point,
        "cosine_silhouette": cosine,
        "scores": np.array(
            [
                per_point.mean(),
                metrics.davies_bouldin_score(wide, labels),
                metrics.calinski_harabasz_score(wide, labels),
            ]
        ),
    }
    noisy = labels.astype(np.int64).copy()
    noisy[::11] = -1
    score, per_cluster = validity_index(wide, noisy, per_cluster_scores=True)
    arrays["noisy_labels"] = noisy.astype(np.int32)
    arrays["validity"] = np.array([score])
    arrays["cluster_validity"] = per_cluster
    return arrays


def write(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, arrays in files.items():
        save_file({key: np.ascontiguousarray(value) for key, value in arrays.items()}, folder / name)
    provenance = {
        "command": COMMAND,
        "seed": SEED,
        "packages": {p: version(p) for p in ["scikit-learn", "scipy", "hdbscan", "numpy"]},
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sorted(files)},
    }
    (folder / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


def main(cluster_folder, evaluate_folder):
    rng = np.random.default_rng(SEED)
    x = blobs(rng, 400, 6, 7)
    starts = x[rng.choice(len(x), 7, replace=False)]
    far = np.concatenate([starts[:5], starts[:1] + 1000, starts[:1] - 1000]).astype(np.float32)
    weights = rng.integers(1, 5, len(x))
    files = {
        "kmeans.safetensors": kmeans_case(x, starts, tol=0),
        "kmeans_tolerance.safetensors": kmeans_case(x, starts, tol=1e-2),
        "kmeans_short.safetensors": kmeans_case(x, starts, tol=0, max_iter=3),
        "kmeans_empty.safetensors": kmeans_case(x, far, tol=0),
        "kmeans_weights.safetensors": kmeans_case(x, starts, weights, tol=0),
    }
    wide = blobs(rng, 300, 4, 4)
    for kind in ["full", "tied", "diag", "spherical"]:
        files[f"mixture_{kind}.safetensors"] = mixture_case(wide, 4, kind)
    small = blobs(rng, 160, 3, 6)
    for method in ["ward", "average", "complete", "single"]:
        files[f"linkage_{method}.safetensors"] = linkage_case(small, method)
    files["dbscan.safetensors"] = dbscan_case(small, 0.9, 5)
    files["dbscan_cosine.safetensors"] = dbscan_case(small, 0.01, 4, "cosine")
    files["dbscan_weights.safetensors"] = dbscan_case(small, 0.7, 6, weights=rng.integers(1, 4, len(small)))
    write(cluster_folder, files)

    truth = rng.integers(0, 5, 500)
    guess = np.where(rng.random(500) < 0.7, (truth * 7) % 4, rng.integers(0, 6, 500))
    scored = {
        "agreement.safetensors": agreement_case(truth, guess),
        "agreement_unrelated.safetensors": agreement_case(rng.integers(0, 9, 300), rng.integers(0, 4, 300)),
        "separation.safetensors": separation_case(x, KMeans(6, n_init=1, random_state=1).fit(x).labels_),
        "separation_wide.safetensors": separation_case(
            blobs(rng, 250, 20, 5), rng.permutation(np.repeat(np.arange(5), 50))
        ),
    }
    write(evaluate_folder, scored)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
