#!/usr/bin/env python3
"""What steering does to a labelled collection: names, seeds and batches on newsgroups20.

    python bench/steering_check.py [--rows 6000] [--program build/test/bin/topograph]

Texts, labels and all-MiniLM vectors (build/bench/newsgroups20.npy, made where missing) of every third document or so.
Names: the twenty groups in plain words; printed: the share of documents that get the topic of a name, and how many of
those are of the group. Seeds: three words a group; printed: AMI of the topics with the groups, without and with seeds,
with and without the classes in the graph. Batches: a fit of the first third without two groups, then the others;
printed: AMI beside one fit of all, new topics, and how pure the two new groups' documents are in what they opened.
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
VECTORS = ROOT / "build/bench/newsgroups20.npy"
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
LATE = ("rec.sport.hockey", "sci.space")


def read(rows):
    csv.field_size_limit(1 << 30)
    with (ROOT.parent / "shared/data/newsgroups20.csv").open(newline="", encoding="utf-8") as file:
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=6000)
    parser.add_argument("--program", default=str(ROOT / "build/test/bin/topograph"))
    args = parser.parse_args()
    rows = read(args.rows)
    with tempfile.TemporaryDirectory() as temporary:
        runs = Runs(args.program, pathlib.Path(temporary))
        if not VECTORS.exists():
            runs.call("embed", ROOT.parent / "shared/data/newsgroups20.csv", "-o", VECTORS, "--model", ENCODER)
        vectors = numpy.load(VECTORS)
        whole = runs.write("whole", rows, vectors)
        labels = [label for _, _, label in rows]
        plain = runs.fit("plain", whole)
        print(f"{len(rows)} documents: {max(plain) + 1} topics, AMI {agreement(plain, labels):.3f}")

        names = runs.folder / "names.txt"
        names.write_text("\n".join(name for name, _ in GROUPS.values()) + "\n")
        for threshold in (0.3, 0.4, 0.5):
            topics = runs.fit("named", whole, "--zeroshot-topics", f"@{names}", "--zeroshot-min-similarity", threshold)
            model = json.loads((runs.folder / "named/topics.json").read_text())
            group_of = {name: group for group, (name, _) in GROUPS.items()}
            wanted = {t["topic"]: group_of[t["label"]] for t in model if t["label"] in group_of}
            found = [(wanted[t], label) for t, label in zip(topics, labels) if t in wanted]
            right = sum(a == b for a, b in found)
            print(f"names, similarity {threshold}: {len(wanted)} topics of names hold {len(found) / len(rows):.1%} of the documents, "
                  f"{right / max(1, len(found)):.1%} of those are of the group; all topics AMI {agreement(topics, labels):.3f}")

        seeds = runs.folder / "seeds.txt"
        seeds.write_text("\n".join(words for _, words in GROUPS.values()) + "\n")
        for title, more in (("seeds", ()), ("seeds, no classes in the graph", ("--set", "guided.targets=false")),
                            ("seeds, classes only", ("--set", "guided.weight=0"))):
            topics = runs.fit("guided", whole, "--seed-topics", f"@{seeds}", *more)
            print(f"{title}: {max(topics) + 1} topics, AMI {agreement(topics, labels):.3f}")

        first = [row for row in rows[: len(rows) // 3] if row[2] not in LATE]
        kept = {row[0] for row in first}
        rest = [row for row in rows if row[0] not in kept]
        order, middle = first + rest, len(rest) // 2
        runs.fit("stream", runs.write("first", first, vectors))
        for i, part in enumerate((rest[:middle], rest[middle:])):
            data, points = runs.write(f"part{i}", part, vectors)
            print(" ".join(runs.call("partial-fit", runs.folder / "stream", data, "--embeddings", points, "-i", "--no-report")
                           .split()))
        topics = runs.topics("stream")
        all_labels = [label for _, _, label in order]
        print(f"a fit and two batches: {max(topics) + 1} topics, AMI {agreement(topics, all_labels):.3f}")
        n_first = max(runs.fit("first_fit", (runs.folder / "first.csv", runs.folder / "first.npy"))) + 1
        for group in LATE:
            own = [t for t, label in zip(topics, all_labels) if label == group]
            opened = [t for t in own if t >= n_first]
            print(f"{group}: {len(opened)} of {len(own)} documents in topics that were opened, {own.count(-1)} wait")


if __name__ == "__main__":
    main()
