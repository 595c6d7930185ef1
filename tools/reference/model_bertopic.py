#!/usr/bin/env python3
"""Folders that BERTopic saved, and what it says about them after loading them again.

    python tools/reference/model_bertopic.py    # needs bertopic 0.17.4
"""

import hashlib
import json
import pathlib
import sys
import warnings

import bertopic
import numpy
import scipy
import sklearn
from bertopic import BERTopic
from bertopic.cluster import BaseCluster
from bertopic.dimensionality import BaseDimensionalityReduction
from bertopic.vectorizers import ClassTfidfTransformer
from sklearn.feature_extraction.text import CountVectorizer

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from topics_bertopic import DIMENSION, SEED, TableEmbedder, WithoutBlanks, corpus  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests/data/model/bertopic"
N_NEW = 60

# Constructor arguments, what is saved, and whether documents without a topic take part.
VARIANTS = {
    "full": {"vectorizer": {"ngram_range": (1, 2), "stop_words": "english", "min_df": 2}, "ctfidf": {}, "save": True,
             "outliers": True, "labels": True, "aspects": True, "top_n_words": 6},
    "bm25": {"vectorizer": {"stop_words": ["the", "and", "of"]}, "ctfidf": {"bm25_weighting": True, "reduce_frequent_words": True},
             "save": True, "outliers": True, "probabilities": True},
    "plain": {"vectorizer": {}, "ctfidf": {}, "save": False, "outliers": False},
}


def fitted(variant):
    texts, labels, _, _, vectors = corpus()
    if not variant["outliers"]:
        kept = [i for i, label in enumerate(labels) if label >= 0]
        texts, labels, vectors = [texts[i] for i in kept], [labels[i] for i in kept], vectors[kept]
    aspects = {"representation_model": {"Main": WithoutBlanks(), "Plain": WithoutBlanks()}} if variant.get("aspects") else {}
    model = BERTopic(language="multilingual", embedding_model=TableEmbedder(), umap_model=BaseDimensionalityReduction(),
                     hdbscan_model=BaseCluster(), vectorizer_model=CountVectorizer(**variant["vectorizer"]),
                     ctfidf_model=ClassTfidfTransformer(**variant["ctfidf"]), top_n_words=variant.get("top_n_words", 10),
                     calculate_probabilities=variant.get("probabilities", False), **aspects)
    model.fit(texts, embeddings=vectors, y=labels)
    if variant.get("labels"):
        model.set_topic_labels({0: "the garden", 3: "trains & stations"})
    return model, texts


def counts_of(model, texts):
    """Term counts of every topic, as its class TF-IDF was made of."""
    joined = {}
    for text, topic in zip(texts, model.topics_):
        joined.setdefault(int(topic), []).append(text)
    rows = model.vectorizer_model.transform(model._preprocess_text(numpy.array([" ".join(joined[t]) for t in sorted(joined)])))
    words = model.vectorizer_model.get_feature_names_out()
    return [{words[j]: int(row[0, j]) for j in row.nonzero()[1]} for row in rows]


def words_of(model):
    return {str(t): [[w, float(s)] for w, s in words if w] for t, words in sorted(model.get_topics().items())}


def info_of(model):
    frame = model.get_topic_info()
    return [{key: row[key] for key in ("Topic", "Count", "Name", "CustomName") if key in row} for row in frame.to_dict("records")]


def main():
    warnings.filterwarnings("ignore")
    FOLDER.mkdir(parents=True, exist_ok=True)
    expected = {}
    for name, variant in VARIANTS.items():
        model, texts = fitted(variant)
        model.save(FOLDER / name, serialization="safetensors", save_ctfidf=variant["save"], save_embedding_model=False)
        model = BERTopic.load(FOLDER / name, embedding_model=TableEmbedder())
        draw = numpy.random.default_rng(SEED + len(name))
        base = model.topic_embeddings_[draw.integers(len(model.topic_embeddings_), size=N_NEW)]
        vectors = (base + draw.normal(size=(N_NEW, DIMENSION))).round(3).astype(numpy.float32)
        topics, similarity = model.transform(["new"] * N_NEW, embeddings=vectors)
        if similarity.ndim == 2:
            similarity = similarity.max(axis=1)
        expected[name] = {"vectors": [[float(v) for v in row] for row in vectors.astype(float).round(3)], "topics": [int(t) for t in topics],
                          "similarity": [float(s) for s in similarity], "of_documents": [int(t) for t in model.topics_],
                          "words": words_of(model), "info": info_of(model), "texts": texts}
        if variant["save"]:
            fresh, texts = fitted(variant)
            expected[name]["counts"] = counts_of(fresh, texts)
    path = FOLDER / "expected.json"
    path.write_text(json.dumps(expected, separators=(",", ":"), ensure_ascii=False) + "\n")
    files = sorted(p for p in FOLDER.rglob("*") if p.is_file() and p.name != "PROVENANCE.json")
    provenance = {"command": "python tools/reference/model_bertopic.py", "seed": SEED,
                  "versions": {"python": sys.version.split()[0], "bertopic": bertopic.__version__, "numpy": numpy.__version__,
                               "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
                  "sha256": {str(p.relative_to(FOLDER)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}}
    (FOLDER / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    main()
