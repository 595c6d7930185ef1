#!/usr/bin/env python3
"""Golden data of the reduce room: curve parameters, PCA and spectral starts of the pinned peers.

Run with an environment that holds umap-learn, scikit-learn, scipy and safetensors:
    python tools/reference/reduce_golden.py tests/data/reduce
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
import scipy
import scipy.sparse
import scipy.sparse.linalg
import sklearn
import sklearn.decomposition
import umap
from safetensors.numpy import save_file
from umap.spectral import spectral_layout
from umap.umap_ import find_ab_params, fuzzy_simplicial_set

SEED = 20
DIM = 3


def curves():
    cases = [(s, m) for s in (0.5, 1.0, 2.0) for m in (0.0, 0.05, 0.1, 0.15, 0.3, 0.5)]
    rows = []
    for spread, min_dist in cases:
        a, b = find_ab_params(spread, min_dist)
        rows.append({"spread": spread, "min_dist": min_dist, "a": float(a), "b": float(b)})
    return rows


def principal_components(rng):
    x = (rng.normal(size=(60, 12)) * np.linspace(3, 0.2, 12) + rng.normal(size=12)).astype(np.float32)
    pca = sklearn.decomposition.PCA(n_components=4, svd_solver="full").fit(x.astype(np.float64))
    return {
        "x": x,
        "components": np.ascontiguousarray(pca.components_, dtype=np.float32),
        "variance": pca.explained_variance_.astype(np.float64),
        "scores": np.ascontiguousarray(
            pca.transform(x.astype(np.float64)), dtype=np.float32
        ),
    }


def spectral(rng):
    """A ring of overlapping clouds: one connected part, with clear gaps after the wanted vectors."""
    angle = np.sort(rng.uniform(0, 2 * np.pi, 700))
    x = np.stack([4 * np.cos(angle), np.sin(angle), 0.5 * np.cos(3 * angle)], axis=1)
    x = (x + 0.15 * rng.normal(size=x.shape)).astype(np.float32)
    graph, _, _ = fuzzy_simplicial_set(x, 15, np.random.RandomState(SEED), "euclidean")
    graph = graph.tocsr()
    graph.sort_indices()
    assert scipy.sparse.csgraph.connected_components(graph)[0] == 1
    root = np.sqrt(np.asarray(graph.sum(axis=0)).ravel())
    normalized = scipy.sparse.diags(1 / root) @ graph.astype(np.float64) @ scipy.sparse.diags(1 / root)
    exact = 1 - np.linalg.eigvalsh(normalized.toarray())[::-1]
    return {
        "offsets": graph.indptr.astype(np.int64),
        "columns": graph.indices.astype(np.int32),
        "values": graph.data.astype(np.float32),
        "layout": np.ascontiguousarray(
            spectral_layout(x, graph, DIM, np.random.RandomState(SEED)), dtype=np.float32
        ),
        "eigenvalues": exact[1 : DIM + 2].astype(np.float64),
    }


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    (out / "curves.json").write_text(json.dumps(curves(), indent=1) + "\n")
    save_file(principal_components(rng), out / "pca.safetensors")
    save_file(spectral(rng), out / "spectral.safetensors")
    files = ("curves.json", "pca.safetensors", "spectral.safetensors")
    provenance = {
        "command": "python tools/reference/reduce_golden.py tests/data/reduce",
        "seed": SEED,
        "packages": {
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
            "umap-learn": umap.__version__,
        },
        "sha256": {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in files},
    }
    (out / "PROVENANCE.json").write_text(json.dumps(provenance, indent=1) + "\n")


if __name__ == "__main__":
    main()
