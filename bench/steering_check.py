#!/usr/bin/env python3
"""What steering does to labelled collections: names and seeds on newsgroups20, batches on three sets.

    python bench/steering_check.py [--rows 6000] [--program build/test/bin/topograph] [--part names|seeds|batches]

Texts, labels and all-MiniLM vectors (build/bench/NAME.npy, made where missing) of every third document or so, in an order
drawn by a seed.
Names: the twenty groups in plain words; printed: the share of documents that get the topic of a name, and how many of
those are of the group. Seeds: three words a group; printed: AMI of the topics with the groups, without and with seeds,
with and without the classes in the graph. Batches, on newsgroups20, banking77 and stackoverflow_titles: a fit of the
first third, then the others in batches. Three cases: some classes come only in the batches (printed: topics that opened,
the share of those classes' documents in them, and the share of their documents that are of those classes); nothing is new
(printed: topics that opened all the same); a batch of those classes alone, which the fit knew (the same).
"""

import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
from sklearn.metrics import adjusted_mutual_info_score

ROOT = pathlib.Path(__file__).resolve().parents[1]
ENCODER = ROOT / "build/models/all-MiniLM-L6-v2"
GROUPS = {
    "alt.atheism": ("atheism and the existence of god", "atheist belief god"),
    "comp.graphics": ("computer graphics and image formats", "graphics image polygon"),
    "comp.os.ms-windows.misc": ("Microsoft Windows", "windows dos file"),
    "comp.sys.ibm.pc.hardware": ("PC hardware, drives and controllers", "scsi ide motherboard"),
    "comp.sys.mac.hardware": ("Apple Macintosh hardware", "mac apple quadra"),
    "comp.windows.x": ("the X window system", "xterm motif widget"),
    "misc.forsale": ("items for sale", "sale shipping offer"),
    "rec.autos": ("cars", "car engine dealer"),
    "rec.motorcycles": ("motorcycles and riding", "bike motorcycle riding"),
    "rec.sport.baseball": ("baseball games and players", "baseball pitcher inning"),
    "rec.sport.hockey": ("ice hockey games and teams", "hockey nhl playoffs"),
    "sci.crypt": ("encryption and the clipper chip", "encryption key clipper"),
    "sci.electronics": ("electronic circuits", "circuit voltage amplifier"),
    "sci.med": ("medicine, diseases and doctors", "disease patient doctor"),
    "sci.space": ("space flight and NASA", "space orbit nasa"),
    "soc.religion.christian": ("Christianity and the church", "church christ faith"),
    "talk.politics.guns": ("gun control and weapons", "gun firearm weapon"),
    "talk.politics.mideast": ("Israel, Arabs and the Middle East", "israel arab armenian"),
    "talk.politics.misc": ("American politics and government", "government clinton tax"),
    "talk.religion.misc": ("religion and morality", "bible koresh morality"),
}
LATE = {
    "newsgroups20": ("rec.sport.hockey", "sci.space"),
    "banking77": ("exchange_rate", "lost_or_stolen_card", "age_limit"),
    "stackoverflow_titles": ("oracle", "wordpress", "matlab"),
}


def read(name, rows):
    csv.field_size_limit(1 << 30)
    with (ROOT.parent / f"shared/data/{name}.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    step = max(1, len(table) // rows)
    return [(i, row["text"], row["label"]) for i, row in enumerate(table)][::step][:rows]


class Runs:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def call(self, *args):
        done = subprocess.run([self.program, *map(str, args), "--progress", "none"], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr)
        return done.stderr

    def vectors(self, name):
        points = ROOT / f"build/bench/{name}.npy"
        if not points.exists():
            self.call("embed", ROOT.parent / f"shared/data/{name}.csv", "-o", points, "--text", "text", "--model", ENCODER)
        return numpy.load(points)

    def write(self, name, rows, vectors):
        data, points = self.folder / f"{name}.csv", self.folder / f"{name}.npy"
        with data.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([("text", "label"), *((text, label) for _, text, label in rows)])
        numpy.save(points, vectors[[i for i, _, _ in rows]])
        return data, points

    def fit(self, name, batch, *args):
        data, points = batch
        self.call("fit", data, "--embeddings", points, "--model", ENCODER, "--label", "label", "-o", self.folder / name,
                  "--no-report", *args)
        return self.topics(name)

    def topics(self, name):
        done = subprocess.run([self.program, "documents", self.folder / name, "--format", "csv"], capture_output=True, text=True,
                              check=True)
        csv.field_size_limit(1 << 30)
        return [int(row["topic"]) for row in csv.DictReader(done.stdout.splitlines(keepends=True))]


def agreement(topics, labels):
    return adjusted_mutual_info_score(labels, topics)


def steer_by_names(runs, whole, rows):
    names = runs.folder / "names.txt"
    names.write_text("\n".join(name for name, _ in GROUPS.values()) + "\n")
    labels = [label for _, _, label in rows]
    for threshold in (0.3, 0.4, 0.5):
        topics = runs.fit("named", whole, "--zeroshot-topics", f"@{names}", "--zeroshot-min-similarity", threshold)
        model = json.loads((runs.folder / "named/topics.json").read_text())
        group_of = {name: group for group, (name, _) in GROUPS.items()}
        wanted = {t["topic"]: group_of[t["label"]] for t in model if t["label"] in group_of}
        found = [(wanted[t], label) for t, label in zip(topics, labels) if t in wanted]
        right = sum(a == b for a, b in found)
        print(f"names, similarity {threshold}: {len(wanted)} topics of names hold {len(found) / len(rows):.1%} of the documents, "
              f"{right / max(1, len(found)):.1%} of those are of the group; all topics AMI {agreement(topics, labels):.3f}", flush=True)


def steer_by_seeds(runs, whole, rows):
    seeds = runs.folder / "seeds.txt"
    seeds.write_text("\n".join(words for _, words in GROUPS.values()) + "\n")
    labels = [label for _, _, label in rows]
    plain = runs.fit("plain", whole)
    print(f"{len(rows)} documents: {max(plain) + 1} topics, AMI {agreement(plain, labels):.3f}", flush=True)
    for title, more in (("seeds", ()), ("seeds, no classes in the graph", ("--set", "guided.targets=false")),
                        ("seeds, classes only", ("--set", "guided.weight=0"))):
        topics = runs.fit("guided", whole, "--seed-topics", f"@{seeds}", *more)
        print(f"{title}: {max(topics) + 1} topics, AMI {agreement(topics, labels):.3f}", flush=True)


def grow(runs, first, batches, vectors, cluster):
    """Topics of all documents in the order they came, and the number of topics of the fit."""
    n_first = max(runs.fit("stream", runs.write("first", first, vectors), "--cluster", cluster)) + 1
    for i, batch in enumerate(batches):
        data, points = runs.write(f"batch{i}", batch, vectors)
        runs.call("partial-fit", runs.folder / "stream", data, "--embeddings", points, "-i", "--no-report")
    return runs.topics("stream"), n_first


def batches_of(runs, name, rows, seed, size, cluster):
    vectors, late = runs.vectors(name), LATE[name]
    order = [rows[i] for i in numpy.random.default_rng(seed).permutation(len(rows))]
    first, rest = order[: len(order) // 3], order[len(order) // 3:]
    parts = [rest[i: i + size] for i in range(0, len(rest), size)][:4]
    title = f"{name}, {cluster}, seed {seed}, {len(parts)} batches of {size}"

    old = [row for row in first if row[2] not in late]
    topics, n_first = grow(runs, old, parts, vectors, cluster)
    labels = [row[2] for row in old] + [row[2] for part in parts for row in part]
    new = [(t, label) for t, label in zip(topics, labels) if t >= n_first]
    own = [t for t, label in zip(topics, labels) if label in late]
    caught = sum(t >= n_first for t in own)
    pure = sum(label in late for _, label in new) / max(1, len(new))
    each = ", ".join(f"{label} {sum(t >= n_first for t, x in zip(topics, labels) if x == label)}/{labels.count(label)}" for label in late)
    print(f"{title}: classes come: {len({t for t, _ in new})} topics open with {caught / len(own):.0%} of their documents, "
          f"{pure:.0%} pure ({each}); {topics.count(-1)} of {len(topics)} have no topic; AMI {agreement(topics, labels):.3f}",
          flush=True)

    topics, n_first = grow(runs, first, parts, vectors, cluster)
    new = sum(t >= n_first for t in topics)
    print(f"{title}: nothing new: {max(topics) + 1 - n_first} topics open with {new / len(topics):.1%} of the documents", flush=True)

    burst = [row for row in rest if row[2] in late][:size]
    topics, n_first = grow(runs, first, [burst], vectors, cluster)
    new = sum(t >= n_first for t in topics)
    print(f"{title}: {len(burst)} documents of known classes alone: {max(topics) + 1 - n_first} topics open with {new} of them", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=6000)
    parser.add_argument("--program", default=str(ROOT / "build/test/bin/topograph"))
    parser.add_argument("--part", choices=("names", "seeds", "batches"), action="append")
    parser.add_argument("--data", choices=tuple(LATE), action="append")
    parser.add_argument("--seeds", type=int, default=1, help="orders of the documents that batches are tried with")
    parser.add_argument("--size", type=int, action="append", help="documents a batch (default: 2000 and 300)")
    parser.add_argument("--cluster", default="communities")
    args = parser.parse_args()
    parts = args.part or ("names", "seeds", "batches")
    with tempfile.TemporaryDirectory() as temporary:
        runs = Runs(args.program, pathlib.Path(temporary))
        if "names" in parts or "seeds" in parts:
            rows = read("newsgroups20", args.rows)
            whole = runs.write("whole", rows, runs.vectors("newsgroups20"))
            if "names" in parts:
                steer_by_names(runs, whole, rows)
            if "seeds" in parts:
                steer_by_seeds(runs, whole, rows)
        if "batches" in parts:
            for name in args.data or LATE:
                rows = read(name, args.rows)
                for seed in range(1, args.seeds + 1):
                    for size in args.size or (2000, 300):
                        batches_of(runs, name, rows, seed, size, args.cluster)


if __name__ == "__main__":
    main()
