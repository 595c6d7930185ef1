"""BERTopic's default composition on ready vectors, from files to files, as one process."""
import json
import sys

import numpy
import pandas
from bertopic import BERTopic
from umap import UMAP

texts_file, vectors_file, out_file = sys.argv[1:4]
texts = pandas.read_csv(texts_file, keep_default_na=False).text.tolist()
vectors = numpy.load(vectors_file)
model = BERTopic(verbose=False)
topics, probabilities = model.fit_transform(texts, vectors)
# The map that BERTopic users draw next to it (visualize_documents does the same).
layout = UMAP(n_neighbors=10, n_components=2, min_dist=0.0, metric="cosine").fit_transform(vectors)
info = model.get_topic_info()
with open(out_file, "w") as out:
    json.dump({"topics": [int(t) for t in topics], "n_topics": len(info), "layout": layout.tolist()}, out)
