#!/usr/bin/env python3
"""Golden data of everything that follows from counts, labels and vectors: what BERTopic makes of them.

    python tools/reference/topics_bertopic.py    # needs bertopic 0.17.4
"""

import hashlib
import json
import pathlib
import random
import sys
import warnings

import bertopic
import numpy
import pandas
import scipy
import sklearn
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from bertopic.cluster import BaseCluster
from bertopic.dimensionality import BaseDimensionalityReduction
from bertopic.representation import BaseRepresentation, KeyBERTInspired, MaximalMarginalRelevance
from bertopic.vectorizers import ClassTfidfTransformer
from scipy.cluster import hierarchy
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests/data/topics/bertopic"
SEED = 20251126
DIMENSION = 6
WORDS = {
    "garden": "rose tulip soil spade seed water fence bee hedge bed lawn",
    "kitchen": "oven flour water salt spoon bread pan knife onion bee dough",
    "harbour": "boat rope water tide gull crane anchor net salt captain pier",
    "railway": "train track signal bridge station ticket engine whistle rope captain",
    "theatre": "stage actor curtain ticket costume voice light applause orchestra seat",
    "market": "price stall onion fish bread coin trader scale basket net",
    "school": "pupil desk chalk lesson book bell teacher seat exam paper",
    "mountain": "peak snow rope hut trail ridge cloud guide ice valley tulip",
}
SIZES = [37, 33, 29, 26, 22, 19, 15, 12]
FRAMES = ["the {} stands beside the {}", "nobody forgets the {} and the {} of the {}",
          "a {} without a {} is no use", "we carried the {} past the {} and the {}",
          "her {} was older than the {}", "{}", "the {} and the {} and the {} and the {}"]


class TableEmbedder(BaseEmbedder):
    """A vector for every text, remembered: the C++ test looks them up."""

    def __init__(self):
        super().__init__()
        self.table = {}

    @staticmethod
    def key(text):
        """Words of equal weight come in any order: the vector of a text is that of its words."""
        return " ".join(sorted(text.split()))

    def embed(self, documents, verbose=False):
        for text in documents:
            text = self.key(text)
            if not text:
                self.table[text] = numpy.zeros(DIMENSION, numpy.float32)
            elif text not in self.table:
                draw = numpy.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little"))
                self.table[text] = draw.normal(size=DIMENSION).round(3).astype(numpy.float32)
        return numpy.array([self.table[self.key(text)] for text in documents])

    def embed_words(self, words, verbose=False):
        return self.embed(words)

    def embed_documents(self, document, verbose=False):
        return self.embed(document)


class WithoutBlanks(BaseRepresentation):
    """Small topics come with empty words, which the peer embeds like others."""

    def extract_topics(self, topic_model, documents, c_tf_idf, topics):
        return {topic: [pair for pair in words if pair[0]] for topic, words in topics.items()}


def corpus():
    draw = random.Random(SEED)
    texts, labels, dates, classes, vectors = [], [], [], [], []
    noise = numpy.random.default_rng(SEED)
    centers = noise.normal(size=(len(WORDS), DIMENSION))
    bags = [words.split() for words in WORDS.values()]
    order = [t for t, size in enumerate(SIZES) for _ in range(size)] + [-1] * 24
    draw.shuffle(order)
    for i, topic in enumerate(order):
        pool = bags[topic] if topic >= 0 else draw.choice(bags) + draw.choice(bags)
        frame = draw.choice(FRAMES)
        texts.append(frame.format(*(draw.choice(pool) for _ in range(frame.count("{}")))))
        labels.append(topic)
        dates.append(f"{2019 + i * 3 // len(order)}-{1 + draw.randrange(4) * 3:02d}-01")
        classes.append(draw.choice(["north", "south", "west"]))
        center = centers[topic] if topic >= 0 else noise.normal(size=DIMENSION)
        vectors.append((center + 0.6 * noise.normal(size=DIMENSION)).round(3))
    return texts, labels, dates, classes, numpy.array(vectors, dtype=numpy.float32)


def fitted(texts, labels, vectors, embedder=None, ngrams=1, **options):
    model = BERTopic(language="multilingual", embedding_model=embedder or TableEmbedder(),
                     umap_model=BaseDimensionalityReduction(), hdbscan_model=BaseCluster(),
                     vectorizer_model=CountVectorizer(ngram_range=(1, ngrams)), **options)
    model.fit(texts, embeddings=vectors, y=labels)
    return model


def words_of(model):
    return {str(t): [[w, float(s)] for w, s in words if w] for t, words in sorted(model.get_topics().items())}


def frame_rows(frame, column):
    return [[int(r.Topic), r.Words, int(r.Frequency), str(getattr(r, column))[:10]] for r in frame.itertuples()]


def evolved(model, texts, dates, global_tuning):
    """topics_over_time as documented: the average with the period before takes effect."""
    frame = pandas.DataFrame({"Document": texts, "Topic": model.topics_, "Timestamps": pandas.to_datetime(dates)})
    whole = normalize(model.c_tf_idf_, axis=1, norm="l1")
    rows, before = [], {}
    for time in sorted(frame.Timestamps.unique()):
        part = frame[frame.Timestamps == time]
        joined = part.groupby(["Topic"], as_index=False).agg({"Document": " ".join, "Timestamps": "count"})
        weights, words = model._c_tf_idf(joined, fit=False)
        weights = normalize(weights, axis=1, norm="l1").toarray()
        now = {}
        for i, topic in enumerate(joined.Topic):
            row = weights[i]
            if topic in before:
                row = (row + before[topic]) / 2
            if global_tuning:
                row = (row + whole[topic + model._outliers].toarray()[0]) / 2
            now[topic] = row
            best = sorted(range(len(row)), key=lambda j: (-row[j], j))[:5]
            rows.append([int(topic), ", ".join(words[j] for j in best if row[j] > 0), int(joined.Timestamps[i]), str(time)[:10]])
        before = now
    return rows


def merges_of(model, texts, by_words):
    table = model.hierarchical_topics(texts, use_ctfidf=by_words).iloc[::-1]
    return {"distances": [float(d) for d in table.Distance],
            "topics": [[int(t) for t in topics] for topics in table.Topics],
            "names": list(table.Parent_Name),
            "plain_linkage": [[float(v) for v in row] for row in plain_linkage(model, by_words)],
            "tree": model.get_topic_tree(model.hierarchical_topics(texts, use_ctfidf=by_words,
                                                                   linkage_function=lambda x: hierarchy.linkage(x, "ward")))}


def plain_linkage(model, by_words):
    rows = model.c_tf_idf_.toarray() if by_words else model.topic_embeddings_
    distances = 1 - sklearn.metrics.pairwise.cosine_similarity(rows[model._outliers:])
    return hierarchy.linkage(distances[numpy.triu_indices(len(distances), 1)].clip(0), "ward")


def main():
    warnings.filterwarnings("ignore")
    FOLDER.mkdir(parents=True, exist_ok=True)
    texts, labels, dates, classes, vectors = corpus()
    embedder = TableEmbedder()
    model = fitted(texts, labels, vectors, embedder)
    topics = [int(t) for t in model.topics_]
    data = {"texts": texts, "topics": topics, "dates": dates, "classes": classes,
            "vectors": [[float(v) for v in row] for row in vectors.astype(float).round(3)],
            "words": words_of(model)}

    data["representatives"] = {str(t): sorted(docs) for t, docs in model.get_representative_docs().items()}
    data["hierarchy"] = {"words": merges_of(model, texts, True), "vectors": merges_of(model, texts, False)}
    data["per_class"] = sorted(frame_rows(model.topics_per_class(texts, classes), "Class"), key=lambda r: (r[3], r[0]))
    times = list(pandas.to_datetime(dates))  # Texts fail with pandas 3.
    fresh = fitted(texts, labels, vectors)  # The peer scales its weights in place.
    data["over_time"] = {
        "plain": frame_rows(fresh.topics_over_time(texts, times, evolution_tuning=False, global_tuning=False), "Timestamp"),
        "global": frame_rows(fresh.topics_over_time(texts, times, evolution_tuning=False), "Timestamp"),
        "evolved": evolved(fitted(texts, labels, vectors), texts, dates, False),
        "both": evolved(fitted(texts, labels, vectors), texts, dates, True)}
    data["bins"] = [int(n) for n in pandas.cut(pandas.to_datetime(pandas.Series(dates)), bins=7).cat.codes]

    model = fitted(texts, labels, vectors, embedder)
    data["distributions"] = []
    for options in ({}, {"window": 3, "stride": 2, "padding": True}, {"window": 6, "stride": 4, "min_similarity": 0.0},
                    {"window": 2, "stride": 3, "min_similarity": 0.3}):
        shares, _ = model.approximate_distribution(texts, **options)
        entry = {"options": options, "shares": shares.round(9).tolist()}
        if options.get("padding") or not options:  # The peer fails when a word is in no window.
            summed, tokens = model.approximate_distribution(texts, calculate_tokens=True, **options)
            entry |= {"token_shares": summed.round(9).tolist(), "tokens": [rows.round(9).tolist() for rows in tokens[:12]]}
        data["distributions"].append(entry)

    data["ngram_distributions"] = []
    for weighting in ({}, {"reduce_frequent_words": True}, {"bm25_weighting": True}):
        other = fitted(texts, labels, vectors, ngrams=3, ctfidf_model=ClassTfidfTransformer(**weighting))
        for options in ({}, {"window": 20, "stride": 5}):
            shares, _ = other.approximate_distribution(texts[:80], **options)
            data["ngram_distributions"].append({"weighting": weighting, "options": options, "shares": shares.round(9).tolist()})

    data["reduced"] = []
    for by_words in (False, True):
        for n in (7, 5, 3):
            other = fitted(texts, labels, vectors)
            other.reduce_topics(texts, nr_topics=n, use_ctfidf=by_words)
            data["reduced"].append({"n": n, "by_words": by_words, "topics": [int(t) for t in other.topics_]})
        other = fitted(texts, labels, vectors)
        other.reduce_topics(texts, nr_topics="auto", use_ctfidf=by_words)
        data["reduced"].append({"n": "auto", "by_words": by_words, "topics": [int(t) for t in other.topics_]})
    other = fitted(texts, labels, vectors)
    other.merge_topics(texts, [[0, 3], [1, 5, 6]])
    data["merged"] = {"groups": [[0, 3], [1, 5, 6]], "topics": [int(t) for t in other.topics_], "words": words_of(other),
                      "vectors": other.topic_embeddings_.astype(float).round(6).tolist()}

    draw = numpy.random.default_rng(SEED)
    shares = draw.dirichlet(numpy.full(len(SIZES), 0.4), size=len(texts)).round(6)
    data["probabilities"] = shares.tolist()
    data["outliers"] = []
    for strategy in ("distributions", "c-tf-idf", "embeddings", "probabilities"):
        for threshold in (0.0, 0.3):
            moved = model.reduce_outliers(texts, topics, strategy=strategy, threshold=threshold, probabilities=shares, embeddings=vectors)
            data["outliers"].append({"strategy": strategy, "threshold": threshold, "topics": [int(t) for t in moved]})

    found, similarity = model.find_topics("ticket office", top_n=len(SIZES) + 1)
    data["find"] = {"query": "ticket office", "vector": embedder.embed(["ticket office"])[0].tolist(),
                    "topics": [int(t) for t in found if t >= 0], "similarity": [float(s) for t, s in zip(found, similarity) if t >= 0]}

    data["represented"] = []
    for name, chain in (("mmr", [WithoutBlanks(), MaximalMarginalRelevance(diversity=0.3, top_n_words=8)]),
                        ("keybert", [KeyBERTInspired(top_n_words=8, nr_repr_docs=4, nr_candidate_words=100)]),
                        ("keybert,mmr", [KeyBERTInspired(top_n_words=8, nr_repr_docs=4, nr_candidate_words=100),
                                         MaximalMarginalRelevance(diversity=0.7, top_n_words=5)])):
        other = fitted(texts, labels, vectors, embedder, representation_model=chain)
        data["represented"].append({"chain": name, "words": words_of(other)})
    # The vectors of the documents that stand for a topic, as the peer's list path embeds them.
    c_tf_idf, frame = other.c_tf_idf_, pandas.DataFrame({"Document": texts, "Topic": other.topics_, "ID": range(len(texts))})
    _, typical, places, _ = other._extract_representative_docs(c_tf_idf, frame, other.topic_representations_, 500, 4)
    data["typical_vectors"] = [embedder.embed(typical[p[0]:p[-1] + 1]).mean(axis=0).astype(float).tolist() for p in places]
    data["embedded"] = {text: [float(v) for v in vector.astype(float).round(3)] for text, vector in sorted(embedder.table.items())
                        if text not in {embedder.key(t) for t in texts if " " in t}}

    path = FOLDER / "structure.json"
    path.write_text(json.dumps(data, separators=(",", ":")) + "\n")
    provenance = {"command": "python tools/reference/topics_bertopic.py", "seed": SEED,
                  "versions": {"python": sys.version.split()[0], "bertopic": bertopic.__version__, "numpy": numpy.__version__,
                               "pandas": pandas.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
                  "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()}}
    (FOLDER / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    main()
