"""Golden data of the cluster room, made with hdbscan, umap-learn and python-igraph.

    python tools/reference/cluster_golden.py tests/data/cluster
"""

import hashlib
import json
import random
import sys
from importlib.metadata import version
from pathlib import Path

import hdbscan
import igraph
import numpy as np
from hdbscan.flat import HDBSCAN_flat
from safetensors.numpy import save_file
from umap.umap_ import fuzzy_simplicial_set

SEED = 20261123


def dense_points(rng):
    """Blobs of different size and density in a thin background: 420 x 3."""
    centers = rng.uniform(-10, 10, (6, 3))
    counts = [90, 70, 60, 60, 40, 40]
    widths = [0.5, 0.9, 0.4, 1.2, 0.3, 0.7]
    blobs = [c + w * rng.standard_normal((n, 3)) for c, n, w in zip(centers, counts, widths)]
    blobs.append(rng.uniform(-14, 14, (60, 3)))
    return rng.permutation(np.concatenate(blobs)).astype(np.float32)


def single_blob(rng):
    return rng.standard_normal((200, 3)).astype(np.float32)


CASES = {
    "eom": ("dense", dict(min_cluster_size=8)),
    "few_samples": ("dense", dict(min_cluster_size=12, min_samples=3)),
    "leaf": ("dense", dict(min_cluster_size=6, min_samples=2, cluster_selection_method="leaf")),
    "epsilon": ("dense", dict(min_cluster_size=6, min_samples=2, cluster_selection_epsilon=0.6)),
    "leaf_epsilon": (
        "dense",
        dict(min_cluster_size=6, min_samples=2, cluster_selection_epsilon=0.6, cluster_selection_method="leaf"),
    ),
    "max_size": ("dense", dict(min_cluster_size=6, min_samples=2, max_cluster_size=60)),
    "alpha": ("dense", dict(min_cluster_size=8, min_samples=4, alpha=1.5, algorithm="generic")),
    "none": ("single", dict(min_cluster_size=20)),
    "single": ("single", dict(min_cluster_size=20, allow_single_cluster=True)),
    "single_epsilon": (
        "single",
        dict(min_cluster_size=20, allow_single_cluster=True, cluster_selection_epsilon=0.9),
    ),
    "persistence": ("dense", dict(min_cluster_size=5, min_samples=2, cluster_selection_persistence=0.6)),
    "persistence_leaf": (
        "dense",
        dict(
            min_cluster_size=4,
            min_samples=2,
            cluster_selection_persistence=1.0,
            cluster_selection_method="leaf",
        ),
    ),
    "epsilon_max": ("dense", dict(min_cluster_size=6, min_samples=2, cluster_selection_epsilon_max=2.0)),
    "flat_few": ("dense", dict(min_cluster_size=6, min_samples=2, n_clusters=4)),
    "flat_many": ("dense", dict(min_cluster_size=5, min_samples=2, n_clusters=12)),
}
DBSCAN_CUT = 0.8


def run_case(points, new_points, settings):
    algorithm = settings.pop("algorithm", "boruvka_kdtree")
    n_clusters = settings.pop("n_clusters", None)
    common = dict(algorithm=algorithm, approx_min_span_tree=False, gen_min_span_tree=True, core_dist_n_jobs=1)
    exact = points.astype(np.float64)
    if n_clusters is None:
        model = hdbscan.HDBSCAN(prediction_data=True, **common, **settings).fit(exact)
    else:
        model = HDBSCAN_flat(exact, n_clusters=n_clusters, **common, **settings)
    tree = model.minimum_spanning_tree_.to_numpy()
    if algorithm == "generic":  # Kept in the order of Prim's steps; the peer links it sorted.
        tree = tree[np.argsort(tree[:, 2])]
    linkage = model.single_linkage_tree_.to_numpy()
    condensed = model.condensed_tree_.to_numpy()
    arrays = {
        "tree_from": tree[:, 0].astype(np.int32),
        "tree_to": tree[:, 1].astype(np.int32),
        "tree_distance": tree[:, 2].astype(np.float64),
        "left": linkage[:, 0].astype(np.int32),
        "right": linkage[:, 1].astype(np.int32),
        "height": linkage[:, 2].astype(np.float64),
        "size": linkage[:, 3].astype(np.int64),
        "parent": condensed["parent"].astype(np.int32),
        "child": condensed["child"].astype(np.int32),
        "lambda": condensed["lambda_val"].astype(np.float64),
        "child_size": condensed["child_size"].astype(np.int64),
        "labels": model.labels_.astype(np.int32),
        "probabilities": model.probabilities_.astype(np.float64),
        "persistence": np.asarray(model.cluster_persistence_, dtype=np.float64),
        "outlier_scores": model.outlier_scores_.astype(np.float64),
    }
    arrays["dbscan_labels"] = model.single_linkage_tree_.get_clusters(DBSCAN_CUT, min_cluster_size=5).astype(np.int32)
    if n_clusters is None and model.labels_.max() >= 0 and len(model.prediction_data_.cluster_tree) > 0:
        arrays.update(predictions(model, exact, new_points.astype(np.float64)))
    return {k: np.ascontiguousarray(v) for k, v in arrays.items() if v.size > 0}


def predictions(model, points, new_points):
    labels, strengths = hdbscan.approximate_predict(model, new_points)
    row_of = {row.tobytes(): i for i, row in enumerate(points)}
    exemplars = [sorted(row_of[row.tobytes()] for row in rows) for rows in model.prediction_data_.exemplars]
    return {
        "predicted_labels": labels.astype(np.int32),
        "predicted_strengths": strengths.astype(np.float64),
        "predicted_scores": hdbscan.prediction.approximate_predict_scores(model, new_points).astype(np.float64),
        "memberships": hdbscan.all_points_membership_vectors(model).astype(np.float64).ravel(),
        "new_memberships": hdbscan.membership_vector(model, new_points).astype(np.float64).ravel(),
        "exemplars": np.array([row for rows in exemplars for row in rows], dtype=np.int32),
        "exemplar_clusters": np.array([c for c, rows in enumerate(exemplars) for _ in rows], dtype=np.int32),
    }


def community_graph(rng):
    """The fuzzy graph of 600 points and the modularity Leiden reaches with 20 seeds."""
    centers = rng.standard_normal((14, 12)) * 1.6
    points = centers[rng.integers(0, 14, 600)] + rng.standard_normal((600, 12))
    graph, _, _ = fuzzy_simplicial_set(points.astype(np.float32), 15, np.random.RandomState(1), "euclidean")
    graph = graph.tocoo()
    upper = graph.row < graph.col
    order = np.lexsort((graph.col[upper], graph.row[upper]))
    rows = graph.row[upper][order].astype(np.int32)
    columns = graph.col[upper][order].astype(np.int32)
    weights = graph.data[upper][order].astype(np.float32)
    network = igraph.Graph(n=600, edges=np.stack([rows, columns], 1).tolist())
    arrays = {"row": rows, "column": columns, "weight": weights}
    exact = weights.astype(np.float64).tolist()
    for name, resolution in [("modularity", 1.0), ("modularity_2", 2.0)]:
        values = []
        for seed in range(20):
            random.seed(seed)
            found = network.community_leiden(
                objective_function="modularity", weights=exact, resolution=resolution, n_iterations=2
            )
            values.append(network.modularity(found.membership, weights=exact, resolution=resolution))
        arrays[name] = np.array(values)
    values = []
    for seed in range(20):
        random.seed(seed)
        found = network.community_leiden(objective_function="CPM", weights=exact, resolution=0.05, n_iterations=2)
        values.append(found.quality)
        print(len(found), found.quality)
    arrays["cpm"] = np.array(values)
    return arrays


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    points = {"dense": dense_points(rng), "single": single_blob(rng)}
    fresh = {
        "dense": np.concatenate(
            [points["dense"][:60] + 0.3 * rng.standard_normal((60, 3)), rng.uniform(-14, 14, (40, 3))]
        ).astype(np.float32),
        "single": rng.standard_normal((40, 3)).astype(np.float32),
    }
    files = {}
    for name, (data, settings) in CASES.items():
        arrays = run_case(points[data], fresh[data], dict(settings))
        arrays["points"] = points[data]
        arrays["new_points"] = fresh[data]
        metadata = {k: str(v) for k, v in settings.items() if k != "algorithm"}
        files[f"hdbscan_{name}.safetensors"] = (arrays, metadata)
        print(name, np.unique(arrays["labels"], return_counts=True))
    files["communities.safetensors"] = (community_graph(rng), {})
    for name, (arrays, metadata) in files.items():
        save_file(arrays, folder / name, metadata=metadata)
    provenance = {
        "command": "python tools/reference/cluster_golden.py tests/data/cluster",
        "seed": SEED,
        "packages": {p: version(p) for p in ["hdbscan", "umap-learn", "igraph", "numpy", "scikit-learn"]},
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sorted(files)},
    }
    (folder / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
