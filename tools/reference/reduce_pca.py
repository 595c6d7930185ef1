#!/usr/bin/env python3
"""Golden data of PCA: scikit-learn's components, variances, their shares and whitened scores.

    python tools/reference/reduce_pca.py tests/data/reduce/pca
"""
import hashlib
import json
import pathlib
import sys
from importlib.metadata import version

import numpy as np
from safetensors.numpy import save_file
from sklearn.decomposition import PCA

SEED = 23


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    turn = np.linalg.qr(rng.normal(size=(40, 40)))[0]
    x = (rng.normal(size=(130, 40)) * 4 * 0.8 ** np.arange(40) @ turn + 20 * rng.normal(size=40)).astype(np.float32)
    pca = PCA(n_components=5, svd_solver="full", whiten=True).fit(x.astype(np.float64))
    arrays = {
        "x": x,
        "components": pca.components_.astype(np.float32),
        "variance": pca.explained_variance_,
        "ratio": pca.explained_variance_ratio_,
        "whitened": pca.transform(x.astype(np.float64)).astype(np.float32),
    }
    name = "whitened.safetensors"
    save_file({key: np.ascontiguousarray(value) for key, value in arrays.items()}, folder / name)
    provenance = {
        "command": "python tools/reference/reduce_pca.py tests/data/reduce/pca",
        "seed": SEED,
        "packages": {p: version(p) for p in ["scikit-learn", "numpy"]},
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest()},
    }
    (folder / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
