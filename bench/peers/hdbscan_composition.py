"""The study's composition with the peers: UMAP(15, 10, min_dist .1) and HDBSCAN(30) on ready vectors."""
import json
import sys

import hdbscan
import numpy
import umap

vectors_file, out_file, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
vectors = numpy.load(vectors_file)
layout = umap.UMAP(n_neighbors=15, n_components=10, min_dist=0.1, metric="cosine", random_state=seed).fit_transform(vectors)
labels = hdbscan.HDBSCAN(min_cluster_size=30).fit_predict(layout)
with open(out_file, "w") as out:
    json.dump([int(label) for label in labels], out)
