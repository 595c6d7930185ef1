"""Fits that are told what to look for, and models that grow, as a user meets them.

Run by ctest with the program in TOPOGRAPH; uses the built-in static model only.
"""
import csv
import io
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import corpus  # noqa: E402

PROGRAM = os.environ["TOPOGRAPH"]
NAMES = ["cooking recipes, cakes and bread", "football matches of a team", "submarine volcanoes in Iceland"]


def write_csv(path, header, rows):
    with path.open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path


def write_npy(path, rows):
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({len(rows)}, {len(rows[0])}), }}"
    head += " " * (-(len(head) + 11) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode()
                     + b"".join(struct.pack(f"<{len(row)}f", *row) for row in rows))
    return path


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="tg_steering_"))
        cls.rows = corpus.texts(40)
        cls.data = write_csv(cls.folder / "data.csv", ["text", "label"], cls.rows)
        cls.names = cls.folder / "names.txt"
        cls.names.write_text("\n".join(NAMES) + "\n\n")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def tg(self, *args, code=0):
        done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, code, f"{args}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}")
        return done

    def fit(self, name, *args, data=None, code=0):
        return self.tg("fit", data or self.data, "--model", "static", "-o", self.folder / name, "--no-report",
                       "--progress", "none", *args, code=code)

    def rows_of(self, *args):
        return list(csv.DictReader(io.StringIO(self.tg(*args, "--format", "csv").stdout)))

    def manifest(self, name):
        return json.loads((self.folder / name / "model.json").read_text())

    def zeroshot(self, name, *args):
        return self.fit(name, "--zeroshot-topics", f"@{self.names}", "--zeroshot-min-similarity", "0.3", *args)


class Steering(Commands):
    """fit with names, seeds and given topics"""

    def test_wanted_topics_get_their_documents_and_keep_their_names(self):
        done = self.zeroshot("wanted")
        self.assertIn("2 of 3 names", done.stderr)
        self.assertIn("'submarine volcanoes in Iceland' gets no topic", done.stderr)
        self.assertIn("similarity is 0.30", done.stderr.replace("zeroshot.min_", ""))
        labels = {row["topic"]: row["label"] for row in self.rows_of("topics", self.folder / "wanted")}
        self.assertEqual([labels["0"], labels["1"]], NAMES[:2])
        documents = self.rows_of("documents", self.folder / "wanted")
        for topic, subject in (("0", "cooking"), ("1", "football")):
            found = [row["label"] for row in documents if row["topic"] == topic]
            self.assertGreater(found.count(subject), 0.8 * len(found))
        # The names are in the model: it does not need the file again.
        self.assertEqual(self.manifest("wanted")["options"]["zeroshot"]["topics"], NAMES)
        fresh = write_csv(self.folder / "fresh.csv", ["text"], [["bake a cake and a bread from this recipe"]])
        self.assertEqual(self.rows_of("transform", self.folder / "wanted", fresh)[0]["name"].split("_")[0], "0")
        reduced = self.rows_of("reduce", self.folder / "wanted", "--to", "3", "-o", self.folder / "three", "--no-report")
        self.assertLessEqual(set(NAMES[:2]), {row["label"] for row in reduced})
        self.assertIn("2 or more", self.tg("reduce", self.folder / "wanted", "--to", "1", "-o", self.folder / "never", code=2).stderr)

    def test_lists_that_cannot_be_meant_are_refused_before_any_work(self):
        empty = self.folder / "empty.txt"
        empty.write_text("\n\n")
        for args, text in [(("--zeroshot-topics", f"@{empty}"), "found none"), (("--seed-topics", f"@{empty}"), "found none"),
                           (("--zeroshot-topics", "a topic,another,a  topic"), "is there twice"),
                           (("--zeroshot-topics", "@/no/such/file"), "/no/such/file"),
                           (("--zeroshot-topics", "food", "--cluster", "given", "--label", "label"), "given"),
                           (("--zeroshot-topics", "food", "--zeroshot-min-similarity", "1.5"), "[-1, 1]")]:
            self.assertIn(text, self.fit("never", *args, code=2).stderr)
        done = self.tg("fit", self.data, "--model", "tfidf", "-o", self.folder / "never", "--progress", "none",
                       "--zeroshot-topics", "qqzzxx", code=2)
        self.assertIn("knows no word of 'qqzzxx'", done.stderr)
        self.assertFalse((self.folder / "never").exists())

    def test_seed_topics_move_documents_and_their_words_weigh_more(self):
        self.fit("plain")
        done = self.fit("guided", "--seed-topics", "oven flour butter,goal referee xyzzy", "--seed-words", "galaxy")
        self.assertIn("xyzzy", done.stderr)
        documents = self.rows_of("documents", self.folder / "guided")
        cooking = {row["topic"] for row in documents if row["label"] == "cooking"}
        football = {row["topic"] for row in documents if row["label"] == "football"}
        self.assertFalse(cooking & football)

        def weight(model, term):
            topics = json.loads((self.folder / model / "topics.json").read_text())
            return max((w["weight"] for t in topics for w in t["words"] if w["term"] == term), default=0)

        self.assertGreater(weight("guided", "oven"), 1.1 * weight("plain", "oven"))
        self.assertGreater(weight("guided", "galaxy"), 1.5 * weight("plain", "galaxy"))

    def test_names_beside_ready_vectors_need_their_encoder(self):
        vectors = self.folder / "vectors.npy"
        self.tg("embed", self.data, "-o", vectors, "--model", "static", "--progress", "none")
        args = ("fit", self.data, "--embeddings", vectors, "-o", self.folder / "ready", "--no-report", "--progress", "none",
                "--zeroshot-topics", "@" + str(self.names), "--zeroshot-min-similarity", "0.3")
        self.assertIn("--model", self.tg(*args, code=2).stderr)
        self.tg(*args, "--model", "static")
        self.zeroshot("from_text")
        self.assertEqual([row["topic"] for row in self.rows_of("documents", self.folder / "ready")],
                         [row["topic"] for row in self.rows_of("documents", self.folder / "from_text")])
        narrow = write_npy(self.folder / "narrow.npy", [[float(i % 7), 1.0, float(i % 3)] for i in range(240)])
        args = args[:3] + (narrow,) + args[4:]
        self.assertIn("dimensions", self.tg(*args, "--model", "static", code=2).stderr)

    def test_given_topics_keep_the_names_of_the_column_and_gaps_stay_gaps(self):
        data = write_csv(self.folder / "gaps.csv", ["text", "label"],
                         [[text, "" if i % 5 == 0 else label] for i, (text, label) in enumerate(self.rows)])
        self.fit("given", "--cluster", "given", "--label", "label", data=data)
        topics = self.rows_of("topics", self.folder / "given")
        self.assertEqual({row["label"] for row in topics}, set(corpus.SUBJECTS) | {"outliers"})
        documents = self.rows_of("documents", self.folder / "given")
        names = {row["topic"]: row["label"] for row in topics}
        for i, row in enumerate(documents):
            self.assertEqual(names[row["topic"]], "outliers" if i % 5 == 0 else row["label"])


class Growing(Commands):
    """partial-fit"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = write_csv(cls.folder / "first.csv", ["text", "label", "day"],
                              [[text, label, "2024-01-05"] for text, label in cls.rows if label != "gardening"])
        cls.second = write_csv(cls.folder / "second.csv", ["text", "label", "region"],
                               [[text, label, "north"] for text, label in corpus.texts(60)[240:]] + [["", "", "south"]])
        cls.model = cls.folder / "model"
        subprocess.run([PROGRAM, "fit", cls.first, "--model", "static", "-o", cls.model, "--no-report", "--progress", "none",
                        "--time", "day", "--label", "label"], check=True, capture_output=True)

    def grow(self, name, *args, model=None, data=None, code=0):
        return self.tg("partial-fit", model or self.model, data or self.second, "-o", self.folder / name, "--no-report",
                       "--format", "csv", *args, code=code)

    def test_documents_join_and_a_new_subject_opens_a_topic(self):
        before = {path.name: path.read_bytes() for path in self.model.iterdir()}
        done = self.grow("grown")
        self.assertIn("121 more", done.stderr)
        self.assertEqual({path.name: path.read_bytes() for path in self.model.iterdir()}, before)
        topics = list(csv.DictReader(io.StringIO(done.stdout)))
        self.assertEqual(len([row for row in topics if row["topic"] != "-1"]), 6)
        self.assertEqual(topics[-1]["topic"], "5")
        self.assertTrue({"tulip", "soil", "hedge", "compost", "rose", "shovel"} & set(topics[-1]["words"].split(", ")))
        old, new = self.rows_of("documents", self.model), self.rows_of("documents", self.folder / "grown")
        self.assertEqual(len(new), len(old) + 121)
        self.assertEqual([row["topic"] for row in new[:len(old)]], [row["topic"] for row in old])
        main = {label: max((row["topic"] for row in old if row["label"] == label), key=[
            row["topic"] for row in old if row["label"] == label].count) for label in corpus.SUBJECTS if label != "gardening"}
        main["gardening"] = "5"
        added = new[len(old):-1]
        right = sum(row["topic"] == main[row["label"]] for row in added)
        self.assertGreaterEqual(right, 0.9 * len(added))
        # Columns: those of both, missing where they were not; rows go on.
        self.assertEqual((new[0]["region"], new[-1]["region"], new[0]["day"], new[-1]["day"]), ("", "south", "2024-01-05", ""))
        self.assertEqual([row["row"] for row in new], [str(i) for i in range(len(new))])
        self.assertEqual(new[-1]["reason"], "empty")
        # Everything else goes on with it.
        placed = self.rows_of("transform", self.folder / "grown", self.second)
        self.assertEqual([row["topic"] for row in placed], [row["topic"] for row in new[len(old):]])
        self.rows_of("topics", self.folder / "grown", "--layers")
        self.tg("report", self.folder / "grown", "-o", self.folder / "grown.html")
        self.tg("merge", self.folder / "grown", "0,1", "-o", self.folder / "grown_merged", "--no-report")
        self.tg("hierarchy", self.folder / "grown")
        self.tg("evaluate", self.folder / "grown", "--label", "label")
        self.assertEqual(self.manifest("grown")["batches"], [121])

    def test_batches_one_after_the_other_in_place(self):
        model = self.folder / "place"
        shutil.copytree(self.model, model)
        (model / "notes.txt").write_text("mine")
        rows = corpus.texts(60)[240:]
        for part in range(3):
            data = write_csv(self.folder / "part.csv", ["text", "label"], rows[part::3])
            self.tg("partial-fit", model, data, "-i", "--no-report", "--decay", "0.05", "--max-terms", "90")
        self.assertEqual((model / "notes.txt").read_text(), "mine")
        manifest = self.manifest("place")
        self.assertEqual((manifest["batches"], manifest["facts"]["documents"]), ([40, 40, 40], 320))
        self.assertEqual([p.name for p in self.folder.iterdir() if ".tmp-" in p.name], [])

    def test_every_method_grows(self):
        for method, args in (("hdbscan", ()), ("kmeans", ("--clusters", "5")), ("minibatch", ("--clusters", "5")),
                             ("gmm", ("--clusters", "5", "--covariance", "spherical", "--reduce", "pca"))):
            self.fit(method, "--cluster", method, *args, data=self.first)
            self.grow(method + "_grown", model=self.folder / method)
            placed = self.rows_of("transform", self.folder / (method + "_grown"), self.second)
            kept = self.rows_of("documents", self.folder / (method + "_grown"))[200:]
            self.assertEqual([row["topic"] for row in placed], [row["topic"] for row in kept], method)

    def test_batches_that_do_not_fit_are_refused_and_leave_nothing(self):
        narrow = write_npy(self.folder / "narrow2.npy", [[1.0, 2.0]] * 121)
        head = write_csv(self.folder / "head.csv", ["text"], [])
        for args, data, code, text in [((), head, 3, "at least one document"), (("--embeddings", narrow), None, 3, "dimensions"),
                                       (("--text", "nothing"), None, 3, "`text`, `label`, `region`"),
                                       (("--decay", "3"), None, 2, "decay"), (("--min-topic-size", "1"), None, 2, "min_topic_size")]:
            self.assertIn(text, self.grow("never", *args, data=data, code=code).stderr)
        self.assertFalse((self.folder / "never").exists())
        self.tg("partial-fit", self.model, self.second, code=2)  # neither -o nor -i
        self.tg("partial-fit", self.folder / "nowhere", self.second, "-i", code=4)
        self.fit("forgetful", "--keep-embeddings", "false", data=self.first)
        self.assertIn("--keep-embeddings true", self.grow("never", model=self.folder / "forgetful", code=4).stderr)


if __name__ == "__main__":
    unittest.main()
