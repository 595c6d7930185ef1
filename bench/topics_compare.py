"""What follows from counts beside BERTopic, on the same texts and labels: seconds and largest difference.

    build/peers/bin/python bench/topics_compare.py [--driver build/test/bin/bench_topics_driver] [--threads 2]

20 Newsgroups with 1-3-grams: class TF-IDF, the distribution of 2 000 documents, the topic hierarchy, topics over time. Labels are
those of k-means on hashed words, so that there are as many topics as BERTopic finds (--topics), a tenth of the documents outliers.
The peer runs each step once (it takes seconds), ours three times. One JSON line a step.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--driver", default="build/test/bin/bench_topics_driver")
parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared/data")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--topics", type=int, default=100)
parser.add_argument("--rows", type=int, default=0, help="only the first rows")
parser.add_argument("--steps", default="ctfidf,distribution,hierarchy,over_time", help="of the peer, to fit a short time slot")
arguments = parser.parse_args()
for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"]:
    os.environ[name] = str(arguments.threads)

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from bertopic import BERTopic  # noqa: E402
from bertopic.cluster import BaseCluster  # noqa: E402
from bertopic.dimensionality import BaseDimensionalityReduction  # noqa: E402
from safetensors.numpy import load_file  # noqa: E402
from sklearn.cluster import MiniBatchKMeans  # noqa: E402
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer  # noqa: E402
from sklearn.random_projection import SparseRandomProjection  # noqa: E402


def read_corpus():
    frame = pd.read_csv(arguments.data / "newsgroups20.csv")
    texts = [text.replace("\n", " ").replace("\t", " ") for text in frame["text"].fillna("").astype(str)]
    if arguments.rows:
        texts = texts[: arguments.rows]
    hashed = HashingVectorizer(n_features=1 << 14, stop_words="english").transform(texts)
    reduced = SparseRandomProjection(64, random_state=1).fit_transform(hashed)
    labels = MiniBatchKMeans(arguments.topics, random_state=1, n_init=1).fit_predict(reduced.toarray())
    labels = np.unique(labels, return_inverse=True)[1]
    order = np.argsort(-np.bincount(labels), kind="stable")
    labels = np.argsort(order)[labels]
    labels[::10] = -1
    dates = [f"20{10 + i * 7 % 12}-01-01" for i in range(len(texts))]
    return texts, [int(t) for t in labels], dates


def run_ours(texts, labels, dates):
    with tempfile.TemporaryDirectory() as folder:
        corpus, out = Path(folder) / "corpus.json", Path(folder) / "out.safetensors"
        corpus.write_text(json.dumps({"texts": texts, "labels": labels, "dates": dates}))
        printed = subprocess.run([arguments.driver, corpus, out, f"threads={arguments.threads}", "repeat=3"], check=True,
                                 capture_output=True, text=True).stdout
        return {row["step"]: row["seconds"] for row in map(json.loads, printed.splitlines())}, load_file(out)


def timed(work):
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def report(step, ours, peer, difference, **more):
    row = {"step": step, "threads": arguments.threads, "seconds": ours, "peer_seconds": round(peer, 3), "times": round(peer / ours, 1)}
    print(json.dumps(row | {"largest_difference": float(difference)} | more), flush=True)


def main():
    warnings.filterwarnings("ignore")
    texts, labels, dates = read_corpus()
    seconds, ours = run_ours(texts, labels, dates)
    steps = arguments.steps.split(",")
    model = BERTopic(language="multilingual", embedding_model=None, umap_model=BaseDimensionalityReduction(),
                     hdbscan_model=BaseCluster(), vectorizer_model=CountVectorizer(ngram_range=(1, 3)))
    frame = pd.DataFrame({"Document": texts, "ID": range(len(texts)), "Topic": labels, "Image": None})
    model.topics_ = labels
    model._update_topic_size(frame)
    joined = frame.groupby(["Topic"], as_index=False).agg({"Document": " ".join})
    peer, (weights, words) = timed(lambda: model._c_tf_idf(joined))
    weights.sort_indices()
    model.c_tf_idf_ = weights
    kept = weights.data[weights.data != 0]
    report("ctfidf", seconds["ctfidf"], peer, np.abs(kept - ours["weights"]).max(), documents=len(texts), terms=int(weights.shape[1]),
           topics=int(weights.shape[0]))
    model.topic_representations_ = model._extract_words_per_topic(words, frame)
    model.topic_embeddings_ = np.zeros((weights.shape[0], 1))
    if "distribution" in steps:
        peer, (shares, _) = timed(lambda: model.approximate_distribution(texts[:2000]))
        report("distribution", seconds["distribution"], peer, np.abs(shares - ours["shares"]).max(), documents=2000)
    if "hierarchy" in steps:
        peer, table = timed(lambda: model.hierarchical_topics(texts))
        report("hierarchy", seconds["hierarchy"], peer, np.abs(np.sort(table.Distance) - ours["distances"]).max(), merges=len(table))
    if "over_time" in steps:
        times = list(pd.to_datetime(dates))
        peer, table = timed(lambda: model.topics_over_time(texts, times, evolution_tuning=False))
        report("over_time", seconds["over_time"], peer, np.abs(table.Frequency.to_numpy() - ours["frequencies"]).max(), rows=len(table))


if __name__ == "__main__":
    main()
