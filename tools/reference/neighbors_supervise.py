"""Golden data of supervised fuzzy graphs: umap-learn's graph of a fit with targets, beside the
graph without them.

    python tools/reference/neighbors_supervise.py tests/data/neighbors/supervise
"""
import hashlib
import json
import pathlib
import platform
import sys
import warnings

import numpy as np
import safetensors.numpy
import umap

SEED = 11
K = 10


def csr(prefix, graph):
    graph = graph.tocsr()
    graph.sort_indices()
    return {
        f"{prefix}.offsets": graph.indptr.astype(np.int64),
        f"{prefix}.columns": graph.indices.astype(np.int32),
        f"{prefix}.values": graph.data.astype(np.float32),
    }


def fitted(x, y, **options):
    """The graph of a fit without layout: the layout would blank out its weak edges in place."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return umap.UMAP(n_neighbors=K, random_state=SEED, transform_mode="graph", **options).fit(x, y).graph_


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    x = np.concatenate([rng.normal(size=(70, 5)), 1.5 + rng.normal(size=(50, 5))]).astype(np.float32)
    labels = rng.integers(0, 3, size=len(x)).astype(np.int32)
    labels[rng.random(len(x)) < 0.3] = -1
    values = (x[:, :1] + 0.3 * rng.normal(size=(len(x), 1))).astype(np.float32)
    arrays = {"labels": labels, "values": values}
    arrays |= csr("graph", fitted(x, None))
    for weight in (0.0, 0.5, 0.9, 1.0):
        name = f"{weight:.1f}"
        arrays |= csr(f"labels.{name}", fitted(x, labels, target_weight=weight))
        arrays |= csr(f"values.{name}", fitted(x, values, target_weight=weight, target_metric="euclidean"))
    arrays |= csr("values.wide", fitted(x, values, target_metric="euclidean", target_n_neighbors=25))
    safetensors.numpy.save_file(arrays, folder / "supervise.safetensors")
    provenance = {
        "command": "python tools/reference/neighbors_supervise.py tests/data/neighbors/supervise",
        "seed": SEED,
        "tolerance": "close: 1e-5",
        "packages": {"python": platform.python_version(), "numpy": np.__version__, "umap-learn": umap.__version__},
        "sha256": {"supervise.safetensors": hashlib.sha256((folder / "supervise.safetensors").read_bytes()).hexdigest()},
    }
    (folder / "PROVENANCE.json").write_text(json.dumps(provenance, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
