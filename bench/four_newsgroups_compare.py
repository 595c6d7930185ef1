"""k-means on four newsgroups beside scikit-learn: agreement with the groups, on the same vectors.

    python bench/four_newsgroups_compare.py [VECTORS.npy] [--driver build/test/bin/bench_cluster_driver] [--threads 2]

The vectors are those of bench/hdbscan_layouts.py: all-MiniLM-L6-v2, documents of newsgroups20.csv that are not
blank, in their order (default build/bench/vectors_newsgroups20.npy). Each engine runs from ten k-means++ starts
for each of five seeds; printed are the means and the range of each score, and the seconds.
"""

import argparse
import csv
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from cluster_compare import run_ours, run_peer

ROOT = Path(__file__).resolve().parent.parent
GROUPS = ["alt.atheism", "talk.religion.misc", "comp.graphics", "sci.space"]


def labels_of_documents():
    csv.field_size_limit(sys.maxsize)
    with open(ROOT.parent / "shared/data/newsgroups20.csv", newline="", encoding="utf-8") as file:
        return [row["label"] for row in csv.DictReader(file) if row["text"].strip()]


def summary(found, truth):
    rand = [adjusted_rand_score(truth, labels) for labels in found]
    mutual = [adjusted_mutual_info_score(truth, labels) for labels in found]
    spread = lambda values: [round(min(values), 4), round(max(values), 4)]  # noqa: E731
    return {
        "adjusted_rand": round(float(np.mean(rand)), 4), "rand_range": spread(rand),
        "adjusted_mutual_info": round(float(np.mean(mutual)), 4), "mutual_info_range": spread(mutual),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors", type=Path, nargs="?", default=ROOT / "build/bench/vectors_newsgroups20.npy")
    parser.add_argument("--driver", default="build/test/bin/bench_cluster_driver")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    labels = np.array(labels_of_documents())
    vectors = np.load(arguments.vectors)
    if len(vectors) != len(labels):
        raise SystemExit(f"expected {len(labels)} vectors, found {len(vectors)}")
    chosen = np.isin(labels, GROUPS)
    x, truth = np.ascontiguousarray(vectors[chosen], np.float32), labels[chosen]
    ours, peers, seconds, peer_seconds = [], [], [], []
    for seed in range(arguments.seeds):
        with tempfile.TemporaryDirectory() as folder:
            common = {"threads": arguments.threads, "seed": seed, "n_clusters": 4, "n_init": 10}
            printed, arrays = run_ours(arguments.driver, {"x": x}, Path(folder), **common)
        ours.append(arrays["labels"])
        seconds.append(printed["seconds"])
        took, model = run_peer(x, arguments.threads, 1, n_clusters=4, n_init=10, random_state=seed)
        peers.append(model.labels_)
        peer_seconds.append(took)
    print(json.dumps({"engine": "topograph", "documents": len(x), "seconds": round(min(seconds), 4), **summary(ours, truth)}))
    print(json.dumps({"engine": "scikit-learn", "documents": len(x), "seconds": round(min(peer_seconds), 4), **summary(peers, truth)}))


if __name__ == "__main__":
    main()
