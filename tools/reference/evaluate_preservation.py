#!/usr/bin/env python3
"""Golden data of layouts beside their vectors: scikit-learn's trustworthiness, scipy's procrustes.

    python tools/reference/evaluate_preservation.py tests/data/evaluate/preservation
"""
import hashlib
import json
import pathlib
import sys
from importlib.metadata import version

import numpy as np
from safetensors.numpy import save_file
from scipy.spatial import procrustes
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

SEED = 11


def case(x, layout, k):
    wide, flat = x.astype(np.float64), layout.astype(np.float64)
    return {
        "x": x,
        "layout": layout,
        "n_neighbors": np.array([k], dtype=np.int32),
        "trustworthiness": np.array([trustworthiness(wide, flat, n_neighbors=k)]),
        "cosine_trustworthiness": np.array([trustworthiness(wide, flat, n_neighbors=k, metric="cosine")]),
        "continuity": np.array([trustworthiness(flat, wide, n_neighbors=k)]),
        "disparity": np.array([procrustes(wide[:, : flat.shape[1]], flat)[2]]),
    }


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    x = (rng.normal(size=(210, 9)) + 3 * rng.integers(0, 2, size=(210, 9)) + 5).astype(np.float32)
    files = {
        "pca.safetensors": case(x, PCA(2).fit_transform(x).astype(np.float32), 7),
        "noise.safetensors": case(x, rng.normal(size=(210, 3)).astype(np.float32), 20),
        "turned.safetensors": case(
            x[:, :3].copy(), (x[:, [2, 0, 1]] * 4 - 7 + 0.1 * rng.normal(size=(210, 3))).astype(np.float32), 5
        ),
    }
    for name, arrays in files.items():
        save_file({key: np.ascontiguousarray(value) for key, value in arrays.items()}, folder / name)
    provenance = {
        "command": "python tools/reference/evaluate_preservation.py tests/data/evaluate/preservation",
        "seed": SEED,
        "packages": {p: version(p) for p in ["scikit-learn", "scipy", "numpy"]},
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sorted(files)},
    }
    (folder / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
