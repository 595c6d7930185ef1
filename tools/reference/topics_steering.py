#!/usr/bin/env python3
"""Golden data of steered and growing topics: what BERTopic makes of names, seeds, seed words and batches.

    python tools/reference/topics_steering.py    # needs bertopic 0.17.4
"""

import hashlib
import json
import pathlib
import sys
import warnings

import bertopic
import numpy
import pandas
import scipy
import sklearn
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from bertopic.vectorizers import ClassTfidfTransformer, OnlineCountVectorizer
from sklearn.feature_extraction.text import CountVectorizer
from topics_bertopic import corpus, fitted, words_of

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests/data/topics/steering"
SEED = 20251127
NAMES = ["plants and beds", "things to cook", "ships", "nothing of the kind", "trains"]
SEEDS = [["rose", "tulip", "hedge"], ["boat", "gull"], ["peak", "snow", "xylophone"]]
BATCHES = [(0, 90), (90, 150), (150, 217)]
DECAY = 0.1


class Table(BaseEmbedder):
    """The vectors that were drawn for the names and seeds."""

    def __init__(self, table):
        super().__init__()
        self.table = table

    def embed(self, documents, verbose=False):
        return numpy.array([self.table[text] for text in documents])


def numbers(rows):
    return [[float(v) for v in row] for row in rows]


def near(draw, vectors, rows, noise):
    """A vector near the mean of some documents."""
    return (vectors[rows].mean(axis=0) + noise * draw.normal(size=vectors.shape[1])).astype(numpy.float32)


def zeroshot(vectors, names, threshold):
    model = BERTopic(zeroshot_topic_list=NAMES, zeroshot_min_similarity=threshold, embedding_model=Table(names))
    frame = pandas.DataFrame({"Document": [""] * len(vectors), "ID": range(len(vectors)), "Topic": None, "Image": None})
    _, _, assigned, _ = model._zeroshot_topic_modeling(frame, vectors)
    found = [-1] * len(vectors)
    for row in assigned.itertuples():
        found[row.Old_ID] = int(row.Topic)
    return {"min_similarity": threshold, "names": found}


def guided(vectors, seeds):
    model = BERTopic(seed_topic_list=SEEDS, embedding_model=Table(seeds))
    labels, moved = model._guided_topic_modeling(vectors.copy())
    return {"labels": [int(label) for label in labels], "vectors": numbers(moved.astype(float).round(6))}


def counted(texts, labels):
    """Counts of every batch added up by the peer's vectoriser, and class TF-IDF of them."""
    vectorizer = OnlineCountVectorizer(decay=DECAY)
    weighting = ClassTfidfTransformer()
    n_topics = max(labels) + 1
    batches = []
    for begin, end in BATCHES:
        joined = [" ".join(t for t, label in zip(texts[begin:end], labels[begin:end]) if label == topic) or " "
                  for topic in range(-1, n_topics)]
        vectorizer.partial_fit(joined)
        counts = vectorizer.update_bow(joined)
        weights = weighting.fit(counts).transform(counts.copy())  # It scales what it is given in place.
        names = vectorizer.get_feature_names_out()
        batches.append([{"counts": {names[j]: float(v) for j, v in zip(row.indices, row.data)},
                         "weights": {names[j]: float(v) for j, v in zip(weighted.indices, weighted.data)}}
                        for row, weighted in zip(map(scipy.sparse.csr_matrix, counts.toarray()), weights.tocsr())])
    return batches


def main():
    warnings.filterwarnings("ignore")
    FOLDER.mkdir(parents=True, exist_ok=True)
    texts, labels, _, _, vectors = corpus()
    draw = numpy.random.default_rng(SEED)
    names = {name: near(draw, vectors, numpy.array(labels) == topic, 0.3) for topic, name in enumerate(NAMES)}
    seeds = {" ".join(words): near(draw, vectors, numpy.array(labels) == topic, 0.3)
             for topic, words in zip((0, 2, 7), SEEDS)}
    seeded = fitted(texts, labels, vectors)
    assert [int(t) for t in seeded.topics_] == labels  # Sizes descend already.
    seeded.seed_topic_list = SEEDS  # In a fit the seeds would replace the labels.
    seeded.update_topics(texts, vectorizer_model=CountVectorizer(),
                         ctfidf_model=ClassTfidfTransformer(seed_words=["bread", "snow"], seed_multiplier=3))
    data = {"names": NAMES, "name_vectors": numbers(names[name] for name in NAMES),
            "zeroshot": [zeroshot(vectors, names, threshold) for threshold in (0.5, 0.8, 0.95, -1.0)],
            "seeds": SEEDS, "seed_vectors": numbers(seeds[" ".join(words)] for words in SEEDS),
            "guided": guided(vectors, seeds), "seeded_words": words_of(seeded),
            "batches": BATCHES, "decay": DECAY, "counted": counted(texts, labels)}
    text = json.dumps(data, separators=(",", ":"))
    (FOLDER / "steering.json").write_text(text + "\n")
    provenance = {"command": "python tools/reference/topics_steering.py", "seed": SEED,
                  "versions": {"python": sys.version.split()[0], "bertopic": bertopic.__version__, "numpy": numpy.__version__,
                               "pandas": pandas.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
                  "sha256": {"steering.json": hashlib.sha256((text + "\n").encode()).hexdigest()}}
    (FOLDER / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    main()
