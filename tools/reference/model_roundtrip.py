#!/usr/bin/env python3
"""Models that travel between BERTopic and topograph, with the real BERTopic on one side.

    TOPOGRAPH=build/test/bin/topograph python tools/reference/model_roundtrip.py [--file DATA.csv] [--json FILE]

Needs bertopic 0.17.4; without it the exit status is 77 (skipped). Three journeys:
  there   BERTopic saves, topograph converts: same topics, words and answers for new documents
  back    and converts back: BERTopic loads the same topics, words, info, weights and answers
  ours    topograph fits, BERTopic loads: topograph's topics, words, info; answers as topograph gives without its vectors
"""

import argparse
import csv
import io
import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import warnings

import numpy

try:
    from bertopic import BERTopic
    from bertopic.cluster import BaseCluster
    from bertopic.dimensionality import BaseDimensionalityReduction
    from sklearn.feature_extraction.text import CountVectorizer
except ImportError:
    print("skipped: no bertopic here", file=sys.stderr)
    sys.exit(77)

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import model_bertopic  # noqa: E402
from topics_bertopic import TableEmbedder, corpus  # noqa: E402

PROGRAM = os.environ.get("TOPOGRAPH", "build/test/bin/topograph")
N_NEW = 400
VARIANTS = model_bertopic.VARIANTS | {
    "trigrams": {"vectorizer": {"ngram_range": (1, 3), "max_df": 0.9}, "ctfidf": {}, "save": True, "outliers": True},
    "frequent": {"vectorizer": {"lowercase": False, "token_pattern": r"(?u)\b\w+\b"}, "ctfidf": {"reduce_frequent_words": True},
                 "save": True, "outliers": False},
    "bm25, labels": {"vectorizer": {"min_df": 3}, "ctfidf": {"bm25_weighting": True}, "save": True, "outliers": False, "labels": True},
}


def topograph(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{arguments}: {done.stderr}")
    return done.stdout


def table(*arguments):
    return list(csv.DictReader(io.StringIO(topograph(*arguments, "--format", "csv"))))


def new_documents(vectors, folder, scale=1.0):
    """Vectors near those of the topics, and texts that nobody has seen."""
    draw = numpy.random.default_rng(1)
    new = vectors[draw.integers(len(vectors), size=N_NEW)] + scale * draw.normal(size=(N_NEW, vectors.shape[1]))
    numpy.save(folder / "new.npy", new.astype(numpy.float32))
    (folder / "new.txt").write_text("".join(f"unseen text {i}\n" for i in range(N_NEW)))
    return new.astype(numpy.float32)


def answers(model, vectors):
    topics, similarity = model.transform(["unseen"] * len(vectors), embeddings=vectors)
    similarity = numpy.asarray(similarity)
    return numpy.array(topics), similarity.max(axis=1) if similarity.ndim == 2 else similarity


def ours(model, folder):
    rows = table("transform", model, folder / "new.txt", "--embeddings", folder / "new.npy")
    return numpy.array([int(r["topic"]) for r in rows]), numpy.array([float(r["probability"]) for r in rows])


def words(model):
    return {t: [w for w, _ in pairs if w] for t, pairs in model.get_topics().items()}


def our_words(model):
    return {t["topic"]: [w["term"] for w in t["words"]] for t in json.loads((pathlib.Path(model) / "topics.json").read_text())}


def info(model):
    return [{k: v for k, v in row.items() if k != "Representative_Docs"} for row in model.get_topic_info().to_dict("records")]


def largest(a, b):
    return float(abs(a - b).max()) if a.nnz == b.nnz else float("inf")


def of_file(path, ngrams):
    """A model of a real collection with a column `label`; the vectors do not matter here."""
    csv.field_size_limit(sys.maxsize)
    rows = [row for row in csv.DictReader(open(path, newline="")) if row["text"].strip()]
    names = sorted({row["label"] for row in rows})
    labels = [names.index(row["label"]) for row in rows]
    vectors = numpy.random.default_rng(1).normal(size=(len(rows), 16)).astype(numpy.float32)
    model = BERTopic(language="multilingual", embedding_model=TableEmbedder(), umap_model=BaseDimensionalityReduction(),
                     hdbscan_model=BaseCluster(), vectorizer_model=CountVectorizer(ngram_range=(1, ngrams), stop_words="english"))
    return model.fit([row["text"] for row in rows], embeddings=vectors, y=labels)


def travel(name, variant, folder):
    model = of_file(*variant["file"]) if "file" in variant else model_bertopic.fitted(variant)[0]
    begin = time.perf_counter()
    model.save(folder / "bertopic", serialization="safetensors", save_ctfidf=variant["save"], save_embedding_model=False)
    saved = time.perf_counter()
    first = BERTopic.load(folder / "bertopic", embedding_model=TableEmbedder())
    loaded = time.perf_counter()
    vectors = new_documents(first.topic_embeddings_, folder)
    start = time.perf_counter()
    said = subprocess.run([PROGRAM, "convert", folder / "bertopic", folder / "model"], capture_output=True, text=True)
    converted = time.perf_counter()
    topograph("convert", folder / "model", folder / "back")
    back = BERTopic.load(folder / "back", embedding_model=TableEmbedder())
    (there, similarity), (here, probability), (again, same) = answers(first, vectors), ours(folder / "model", folder), answers(back, vectors)
    return {"variant": name, "outliers": variant["outliers"], "terms": 0 if first.c_tf_idf_ is None else first.c_tf_idf_.shape[1],
            "counts exact": said.returncode == 0 and "recovered" not in said.stderr,
            "seconds": {"BERTopic saves": round(saved - begin, 2), "BERTopic loads": round(loaded - saved, 2), "convert": round(converted - start, 2)},
            "topics there": [int(r["topic"]) for r in table("documents", folder / "model")] == [int(t) for t in first.topics_],
            "words there": our_words(folder / "model") == words(first),
            "new documents there": float((there == here).mean()), "similarity there": float(abs(similarity - probability).max()),
            "topics back": list(back.topics_) == list(first.topics_), "words back": back.get_topics() == first.get_topics() or
            {t: [list(p) for p in v] for t, v in back.get_topics().items()} == {t: [list(p) for p in v] for t, v in first.get_topics().items()},
            "info back": info(back) == info(first), "new documents back": float((there == again).mean()),
            "similarity back": float(abs(similarity - same).max()),
            "weights back": largest(back.c_tf_idf_, first.c_tf_idf_) if variant["save"] else 0.0,
            "cut the same": variant["save"] is False or
            (back.vectorizer_model.transform(["the Rose and the Ticket a"]) != first.vectorizer_model.transform(["the Rose and the Ticket a"])).nnz == 0}


def fitted_here(name, arguments, folder):
    texts, _, _, _, vectors = corpus()
    with (folder / "data.csv").open("w", newline="") as out:
        csv.writer(out).writerows([["text"]] + [[t] for t in texts])
    numpy.save(folder / "x.npy", vectors)
    topograph("fit", folder / "data.csv", "--embeddings", folder / "x.npy", "-o", folder / "model", "--no-report", *arguments)
    new = new_documents(vectors, folder, 0.5)
    topograph("convert", folder / "model", folder / "bertopic")
    model = BERTopic.load(folder / "bertopic", embedding_model=TableEmbedder())
    topics = json.loads((folder / "model" / "topics.json").read_text())
    (there, similarity), (here, probability) = answers(model, new), ours(folder / "model", folder)
    # Everything that BERTopic derives from the terms works on the loaded model.
    documents = [t if t.strip() else " " for t in texts]
    distribution, _ = model.approximate_distribution(documents[:50])
    hierarchy = model.hierarchical_topics(documents)
    return {"fit": name, "topics": [int(r["topic"]) for r in table("documents", folder / "model")] == list(model.topics_),
            "words": our_words(folder / "model") == words(model),
            "info": [(r["Topic"], r["Count"], r["Name"].rstrip("_")) for r in info(model)] == [(t["topic"], t["count"], t["name"]) for t in topics],
            "new documents": float((there == here).mean()), "similarity": float(abs(similarity - probability)[there == here].max()),
            "distribution rows": int((distribution.sum(axis=1) > 0).sum()), "hierarchy": len(hierarchy)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", nargs="*", default=[], help="CSV files with columns text and label, made into models too")
    parser.add_argument("--ngrams", type=int, default=1, help="longest term of those")
    parser.add_argument("--json", help="file to write the results to")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.getLogger("BERTopic").setLevel(logging.ERROR)
    results = []
    files = {pathlib.Path(f).stem: {"file": (f, arguments.ngrams), "save": True, "outliers": False} for f in arguments.file}
    for name, variant in (VARIANTS | files).items():
        with tempfile.TemporaryDirectory() as folder:
            results.append(travel(name, variant, pathlib.Path(folder)))
    cosine = ["--keep-embeddings", "false"]
    fits = {"communities": cosine, "communities, vectors kept": [], "hdbscan": ["--cluster", "hdbscan", "--set", "hdbscan.min_cluster_size=8"],
            "sklearn words, bigrams": [*cosine, "--ngram-range", "1,2", "--set", "words.token_rule=sklearn", "--stop-words", "none"]}
    for name, flags in fits.items():
        with tempfile.TemporaryDirectory() as folder:
            results.append(fitted_here(name, flags, pathlib.Path(folder)))
    for result in results:
        print(json.dumps(result))
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(results, indent=2) + "\n")
    bad = [r for r in results if any(v is False and k != "outliers" for k, v in r.items()) or
           any(k.startswith("new documents ") and v < 1 for k, v in r.items()) or any("weights" in k and v > 1e-12 for k, v in r.items()) or
           any(k.startswith("similarity") and v > 1e-6 for k, v in r.items() if "fit" not in r or "kept" not in r["fit"] and r["fit"] != "hdbscan") or
           ("fit" in r and r["new documents"] < 1 and "kept" not in r["fit"] and r["fit"] != "hdbscan")]
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
