#!/usr/bin/env python3
"""Golden data of the class TF-IDF: what BERTopic's ClassTfidfTransformer computes.

    python tools/reference/topics_class_tfidf.py    # needs bertopic 0.17.4
"""

import hashlib
import json
import pathlib
import random
import sys

import bertopic
import numpy
import scipy.sparse
import sklearn
from bertopic.vectorizers import ClassTfidfTransformer
from sklearn.feature_extraction.text import CountVectorizer

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests/data/topics"
SEED = 20240607
NOUNS = {
    "garden": "rose tulip soil spade seed water fence bee hedge bed".split(),
    "kitchen": "oven flour water salt spoon bread pan knife onion bee".split(),
    "harbour": "boat rope water tide gull crane anchor net salt captain".split(),
    "railway": "train track signal bridge station ticket engine whistle rope captain".split(),
}
FRAMES = ["the {} stands beside the {}", "nobody forgets the {} and the {}", "a {} without a {} is no use",
          "we carried the {} past the {}", "her {} was older than the {}"]


def sentences():
    draw = random.Random(SEED)
    texts, classes = [], []
    for _ in range(120):
        topic = draw.randrange(len(NOUNS))
        words = list(NOUNS.values())[topic]
        texts.append(draw.choice(FRAMES).format(draw.choice(words), draw.choice(words)))
        classes.append(topic)
    return texts, classes


def rows(matrix):
    matrix = scipy.sparse.csr_matrix(matrix)
    matrix.sort_indices()
    return {"offsets": matrix.indptr.tolist(), "columns": matrix.indices.tolist(),
            "values": matrix.data.tolist(), "n_cols": matrix.shape[1]}


def weigh(name, counts):
    cases = []
    for bm25 in (False, True):
        for reduce in (False, True):
            model = ClassTfidfTransformer(bm25_weighting=bm25, reduce_frequent_words=reduce)
            weights = model.fit_transform(counts.astype(float).copy())
            cases.append({"bm25_weighting": bm25, "reduce_frequent_words": reduce,
                          "idf": model._idf_diag.diagonal().tolist(), "weights": rows(weights)})
    return {"name": name, "counts": rows(counts), "cases": cases}


def main():
    small = scipy.sparse.csr_matrix(numpy.array([[3, 0, 1, 2], [0, 4, 1, 0], [1, 1, 1, 0]]))
    generator = numpy.random.default_rng(SEED)
    dense = generator.poisson(0.4, (12, 60)) * generator.integers(1, 9, (12, 60))
    dense[5] = 0  # A topic without words.
    dense[0, dense.sum(axis=0) == 0] = 1
    texts, classes = sentences()
    vectorizer = CountVectorizer()
    documents = vectorizer.fit_transform(texts)
    joined = scipy.sparse.csr_matrix(numpy.vstack(
        [documents[numpy.array(classes) == c].toarray().sum(axis=0) for c in range(len(NOUNS))]))
    data = {"sets": [weigh("small", small), weigh("random", scipy.sparse.csr_matrix(dense)),
                     weigh("sentences", joined)],
            "texts": texts, "classes": classes, "vocabulary": list(vectorizer.get_feature_names_out())}
    path = FOLDER / "class_tfidf.json"
    path.write_text(json.dumps(data, separators=(",", ":")) + "\n")
    provenance = {"command": "python tools/reference/topics_class_tfidf.py", "seed": SEED,
                  "versions": {"python": sys.version.split()[0], "bertopic": bertopic.__version__,
                               "numpy": numpy.__version__, "scikit-learn": sklearn.__version__},
                  "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()}}
    (FOLDER / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    main()
