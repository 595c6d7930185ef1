#!/usr/bin/env python3
"""Golden data of densMAP: rows of groups of unlike density, and what umap-learn makes of their radii.

    build/peers/bin/python tools/reference/reduce_densmap.py tests/data/reduce/densmap
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
import umap
from safetensors.numpy import save_file
from umap.umap_ import fuzzy_simplicial_set, nearest_neighbors

SEEDS = (1, 2, 3)
ROWS = 600


def rows():
    """Six groups in 8 dimensions, each four times as wide as the last but one."""
    rng = np.random.default_rng(11)
    centers = rng.normal(size=(6, 8)) * 12
    width = np.array([0.1, 0.2, 0.4, 0.8, 1.6, 3.2])
    group = np.arange(ROWS) % 6
    return (centers[group] + width[group, None] * rng.normal(size=(ROWS, 8))).astype(np.float32)


def layouts(x, densmap):
    for seed in SEEDS:
        model = umap.UMAP(n_neighbors=15, densmap=densmap, output_dens=True, random_state=seed, n_jobs=1)
        yield model.fit_transform(x)


def correlation(found):
    _, original, embedded = found
    return float(np.corrcoef(original, embedded)[0, 1])


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    x = rows()
    dense = list(layouts(x, True))
    plain = list(layouts(x, False))
    ids, distances, _ = nearest_neighbors(x, 15, "euclidean", {}, False, np.random.RandomState(0))
    graph, _, _, _ = fuzzy_simplicial_set(x, 15, np.random.RandomState(0), "euclidean", {}, ids, distances, return_dists=True)
    graph = graph.tocsr()
    graph.sort_indices()
    save_file({
        "x": x,
        "offsets": graph.indptr.astype(np.int64), "columns": graph.indices.astype(np.int32), "values": graph.data.astype(np.float32),
        "log_radii": dense[0][1].astype(np.float32),
        "layout": np.ascontiguousarray(dense[0][0], dtype=np.float32),
        "layout_log_radii": dense[0][2].astype(np.float32),
        "densmap_correlation": np.array([correlation(found) for found in dense]),
        "umap_correlation": np.array([correlation(found) for found in plain]),
    }, out / "radii.safetensors")
    provenance = {
        "command": "build/peers/bin/python tools/reference/reduce_densmap.py tests/data/reduce/densmap",
        "seeds": SEEDS,
        "packages": {"numpy": np.__version__, "umap-learn": umap.__version__},
        "sha256": {"radii.safetensors": hashlib.sha256((out / "radii.safetensors").read_bytes()).hexdigest()},
    }
    (out / "PROVENANCE.json").write_text(json.dumps(provenance, indent=1) + "\n")


if __name__ == "__main__":
    main()
