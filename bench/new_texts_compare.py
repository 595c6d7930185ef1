"""Where umap-learn and hdbscan, composed as the study newsgroups_topics does, put its two new texts.

    build/peers/bin/python bench/new_texts_compare.py [--seed 1] [--keep-repeated]

Needs build/bench/newsgroups20.npy (bench/pipeline makes it) and the program, which makes the vectors of the new texts. Blank posts are left
out; repeated ones, too, unless asked for. One JSON line a text: strict label, likeliest cluster, its probability, what is left, its groups.
"""

import argparse
import collections
import csv
import json
import os
import pathlib
import subprocess
import tempfile

import hdbscan
import numpy
import umap

ROOT = pathlib.Path(__file__).resolve().parent.parent
TEXTS = ["I'm looking for a new graphics card", "When is the next NASA launch?"]


def vectors_of(texts):
    with tempfile.TemporaryDirectory() as folder:
        file, out = pathlib.Path(folder) / "new.txt", pathlib.Path(folder) / "new.npy"
        file.write_text("\n".join(texts) + "\n")
        program = os.environ.get("TOPOGRAPH", ROOT / "build/test/bin/topograph")
        subprocess.run([program, "embed", file, "--model", ROOT / "build/models/all-MiniLM-L6-v2", "--progress", "none", "-o", out],
                       check=True, stderr=subprocess.DEVNULL)
        return numpy.load(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep-repeated", action="store_true")
    arguments = parser.parse_args()
    csv.field_size_limit(1 << 30)
    with (ROOT / "../shared/data/newsgroups20.csv").open(newline="") as table:
        posts = list(csv.DictReader(table))
    seen, rows = set(), []
    for row, post in enumerate(posts):
        if post["text"].strip() and (arguments.keep_repeated or post["text"] not in seen):
            seen.add(post["text"])
            rows.append(row)
    vectors = numpy.load(ROOT / "build/bench/newsgroups20.npy")[rows]
    layout = umap.UMAP(n_neighbors=15, n_components=10, metric="cosine", min_dist=0.1, random_state=arguments.seed, n_jobs=1).fit(vectors)
    clusters = hdbscan.HDBSCAN(min_cluster_size=30, prediction_data=True).fit(layout.embedding_)
    places = layout.transform(vectors_of(TEXTS))
    labels, _ = hdbscan.approximate_predict(clusters, places)
    members = hdbscan.membership_vector(clusters, places)
    for text, label, member in zip(TEXTS, labels, members):
        best = int(member.argmax())
        groups = collections.Counter(posts[row]["label"] for row, at in zip(rows, clusters.labels_) if at == best)
        print(json.dumps({"text": text, "clusters": int(clusters.labels_.max()) + 1, "label": int(label), "likeliest": best,
                          "probability": round(float(member[best]), 3), "rest": round(float(1 - member.sum()), 3),
                          "groups": dict(groups.most_common(3))}))


if __name__ == "__main__":
    main()
