"""Golden data of the fuzzy graph: umap-learn's smooth_knn_dist, compute_membership_strengths and
fuzzy_simplicial_set on the same neighbour arrays.

    python tools/reference/neighbors_fuzzy_graph.py tests/data/neighbors

The peer's arrays hold the row itself in the first column; ours leave it out, so the files store the
other columns only.
"""

import hashlib
import json
import pathlib
import platform
import sys

import numpy as np
import safetensors.numpy
import umap
from umap.umap_ import compute_membership_strengths, fuzzy_simplicial_set, smooth_knn_dist

SEED = 7


def rows_of(name, rng):
    if name == "cosine":
        x = rng.normal(size=(160, 12)) + rng.normal(size=12)
        return x / np.linalg.norm(x, axis=1, keepdims=True)
    if name == "euclidean":
        return np.concatenate([rng.normal(size=(90, 4)), 40 + 5 * rng.normal(size=(60, 4))])
    # Many equal rows: zero distances, and rows whose every neighbour is at distance zero.
    x = rng.integers(0, 3, size=(140, 3)).astype(float)
    x[:30] = 1.0
    return x


def neighbors_of(x, k, metric):
    if metric == "cosine":
        d = 0.5 * ((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2)
    else:
        d = np.sqrt(((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2))
    d = d.astype(np.float32)
    n = len(x)
    ids = np.empty((n, k + 1), dtype=np.int32)
    for i in range(n):
        order = np.lexsort((np.arange(n), d[i]))
        ids[i] = [i] + [j for j in order if j != i][:k]
    distances = np.take_along_axis(d, ids, axis=1)
    return ids, distances


def main(folder):
    rng = np.random.default_rng(SEED)
    folder = pathlib.Path(folder)
    files = {}
    cases = [
        ("cosine", "cosine", 14, 1.0, 1.0),
        ("euclidean", "euclidean", 10, 1.5, 0.5),
        ("duplicates", "euclidean", 9, 1.0, 1.0),
    ]
    for name, metric, k, local_connectivity, mix in cases:
        x = rows_of(name, rng)
        ids, distances = neighbors_of(x, k, metric)
        sigmas, rhos = smooth_knn_dist(
            distances, float(k + 1), local_connectivity=local_connectivity
        )
        _, _, weights, _ = compute_membership_strengths(ids, distances, sigmas, rhos)
        graph, _, _ = fuzzy_simplicial_set(
            x, k + 1, None, metric, knn_indices=ids, knn_dists=distances,
            set_op_mix_ratio=mix, local_connectivity=local_connectivity,
        )
        graph = graph.tocsr()
        graph.sort_indices()
        path = folder / f"fuzzy_{name}.safetensors"
        safetensors.numpy.save_file(
            {
                "ids": np.ascontiguousarray(ids[:, 1:]),
                "distances": np.ascontiguousarray(distances[:, 1:]),
                "sigmas": sigmas,
                "rhos": rhos,
                "weights": np.ascontiguousarray(weights.reshape(len(x), k + 1)[:, 1:]),
                "offsets": graph.indptr.astype(np.int64),
                "columns": graph.indices.astype(np.int32),
                "values": graph.data.astype(np.float32),
            },
            path,
            metadata={"local_connectivity": str(local_connectivity), "set_op_mix_ratio": str(mix)},
        )
        files[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    provenance = {
        "command": "python tools/reference/neighbors_fuzzy_graph.py tests/data/neighbors",
        "seed": SEED,
        "packages": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "umap-learn": umap.__version__,
        },
        "tolerance": "relative 1e-5",
        "sha256": files,
    }
    (folder / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
