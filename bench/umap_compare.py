#!/usr/bin/env python3
"""Compares topograph's UMAP layout with umap-learn's on the same vectors and the same neighbours.

    python bench/umap_compare.py VECTORS.npz --driver build/test/bin/bench_umap_driver
    python bench/umap_compare.py VECTORS.npz --driver ... --from-csv FILE.csv --model MODEL_FOLDER

VECTORS.npz holds `x` (n, d) float32 and `y` (n) labels; with --from-csv it is made once from the
columns `text` and `label` by sentence-transformers. For each setting and seed: trustworthiness and
the share of 15 nearest neighbours kept (both cosine above, euclidean below), and the adjusted mutual
information of HDBSCAN's clusters with the labels. Needs umap-learn, hdbscan, scikit-learn,
safetensors, and for --from-csv pandas and sentence-transformers.
"""
import argparse
import pathlib
import subprocess
import tempfile
import time

import hdbscan
import numpy as np
import umap
from safetensors.numpy import load_file, save_file
from sklearn.manifold import trustworthiness
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.neighbors import NearestNeighbors
from umap.umap_ import fuzzy_simplicial_set

SETTINGS = [(2, 0.1), (5, 0.0), (10, 0.1)]
N_NEIGHBORS = 15
TRUST_ROWS = 2500  # trustworthiness needs all distances of the rows it looks at


def embed(csv, model, rows, path):
    import pandas
    from sentence_transformers import SentenceTransformer

    table = pandas.read_csv(csv)
    table = table.sample(min(rows, len(table)), random_state=0)
    encoder = SentenceTransformer(model, device="cpu")
    x = encoder.encode(table.text.tolist(), normalize_embeddings=True).astype(np.float32)
    np.savez(path, x=x, y=table.label.astype("category").cat.codes.to_numpy())


def nearest(x, metric):
    model = NearestNeighbors(n_neighbors=N_NEIGHBORS + 1, metric=metric).fit(x)
    return model.kneighbors(x, return_distance=False)[:, 1:]


def score(x, y, above, coords):
    below = nearest(coords, "euclidean")
    kept = np.mean([len(np.intersect1d(a, b)) for a, b in zip(above, below)]) / N_NEIGHBORS
    trust = trustworthiness(x[:TRUST_ROWS], coords[:TRUST_ROWS], n_neighbors=15, metric="cosine")
    labels = hdbscan.HDBSCAN(min_cluster_size=15, core_dist_n_jobs=1).fit_predict(coords.astype(np.float64))
    return trust, kept, adjusted_mutual_info_score(y, labels)


def peer_layout(x, knn, dim, min_dist, seed):
    start = time.perf_counter()
    model = umap.UMAP(n_neighbors=N_NEIGHBORS, n_components=dim, min_dist=min_dist, metric="cosine",
                      random_state=seed, precomputed_knn=(*knn, None))
    return model.fit_transform(x), time.perf_counter() - start


def our_layout(driver, graph, dim, min_dist, seed):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "layout.safetensors"
        start = time.perf_counter()
        subprocess.run([driver, graph, out, f"n_components={dim}", f"min_dist={min_dist}",
                        f"seed={seed}"], check=True, stdout=subprocess.DEVNULL)
        return load_file(out)["coords"], time.perf_counter() - start


def save_graph(x, knn, path):
    graph, _, _ = fuzzy_simplicial_set(x, N_NEIGHBORS, np.random.RandomState(0), "cosine",
                                       knn_indices=knn[0], knn_dists=knn[1])
    graph = graph.tocsr()
    graph.sort_indices()
    save_file({"offsets": graph.indptr.astype(np.int64), "columns": graph.indices.astype(np.int32),
               "values": graph.data.astype(np.float32), "x": x}, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("vectors", type=pathlib.Path)
    parser.add_argument("--driver", required=True)
    parser.add_argument("--from-csv")
    parser.add_argument("--model")
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    if not given.vectors.exists():
        embed(given.from_csv, given.model, given.rows, given.vectors)
    data = np.load(given.vectors)
    x, y = data["x"], data["y"]
    search = NearestNeighbors(n_neighbors=N_NEIGHBORS, metric="cosine", algorithm="brute").fit(x)
    distances, ids = search.kneighbors(x)
    knn = (ids.astype(np.int32), distances.astype(np.float32))
    graph = given.vectors.with_suffix(".graph.safetensors")
    save_graph(x, knn, graph)
    above = nearest(x, "cosine")
    print("| layout | dim | min_dist | seed | trust | kept | AMI | seconds |\n|---|---|---|---|---|---|---|---|")
    for dim, min_dist in SETTINGS:
        for seed in range(given.seeds):
            for name, (coords, seconds) in (
                ("umap-learn", peer_layout(x, knn, dim, min_dist, seed)),
                ("topograph", our_layout(given.driver, graph, dim, min_dist, seed)),
            ):
                trust, kept, ami = score(x, y, above, coords)
                print(f"| {name} | {dim} | {min_dist} | {seed} | {trust:.4f} | {kept:.4f} | {ami:.4f} "
                      f"| {seconds:.2f} |", flush=True)


if __name__ == "__main__":
    main()
