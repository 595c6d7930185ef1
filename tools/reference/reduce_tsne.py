#!/usr/bin/env python3
"""Golden data of t-SNE: joint affinities and the gradient of openTSNE on a small set.

    python tools/reference/reduce_tsne.py tests/data/reduce/tsne
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
import openTSNE
from openTSNE.affinity import joint_probabilities_nn
from safetensors.numpy import save_file

SEED = 5
PERPLEXITY = 10


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    x = (rng.normal(size=(150, 6)) + 4 * rng.integers(0, 2, size=(150, 6))).astype(np.float32)
    gaps = np.sqrt(((x[:, None].astype(np.float64) - x[None]) ** 2).sum(-1))
    np.fill_diagonal(gaps, np.inf)
    ids = np.argsort(gaps, axis=1, kind="stable")[:, : 3 * PERPLEXITY].astype(np.int32)
    distances = np.take_along_axis(gaps, ids, 1).astype(np.float32)
    joint = joint_probabilities_nn(ids, distances.astype(np.float64), [PERPLEXITY], n_jobs=1).tocsr()
    joint.sort_indices()
    conditional = joint_probabilities_nn(
        ids, distances.astype(np.float64), [PERPLEXITY], symmetrize=False,
        normalization="point-wise", n_reference_samples=len(x), n_jobs=1).tocsr()
    conditional = np.take_along_axis(conditional.toarray(), ids, 1)
    path = folder / "affinities.safetensors"
    save_file({"ids": ids.ravel(), "distances": distances,
               "conditional": conditional.astype(np.float32),
               "offsets": joint.indptr.astype(np.int64), "columns": joint.indices.astype(np.int32),
               "values": joint.data.astype(np.float64)}, path)
    (folder / "PROVENANCE.json").write_text(json.dumps({
        "command": "python tools/reference/reduce_tsne.py tests/data/reduce/tsne",
        "packages": {"openTSNE": openTSNE.__version__, "numpy": np.__version__}, "seed": SEED,
        "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()}}, indent=2) + "\n")


if __name__ == "__main__":
    main()
