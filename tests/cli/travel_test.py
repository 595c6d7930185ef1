"""Models that come from BERTopic, go there, meet each other: as a user meets them.

Run by ctest with the program in TOPOGRAPH; the folders of BERTopic are golden data.
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
PEER = pathlib.Path(__file__).resolve().parents[1] / "data/model/bertopic"


def tensors(path):
    """Header of a safetensors file and where its data begin."""
    raw = path.read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    return json.loads(raw[8:8 + size]), raw[8 + size:]


def write_tensors(path, header, data):
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


class Travel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="tg_travel_"))
        cls.expected = json.loads((PEER / "expected.json").read_text())

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def tg(self, *args, code=0):
        done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, code, f"{args}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}")
        return done

    def rows(self, *args):
        return list(csv.DictReader(io.StringIO(self.tg(*args, "--format", "csv").stdout)))

    def converted(self, name, *args):
        """A model out of one of the peer's folders."""
        model = self.folder / f"model_{name}_{len(args)}"
        if not model.exists():
            self.tg("convert", PEER / name, model, *args)
        return model

    def documents_of(self, name):
        path = self.folder / f"{name}.csv"
        with path.open("w", newline="") as out:
            csv.writer(out).writerows([["text", "part"]] + [[t, "ab"[i % 2]] for i, t in enumerate(self.expected[name]["texts"])])
        return path

    def peer_copy(self, name, source="full"):
        copy = self.folder / f"peer_{name}"
        shutil.copytree(PEER / source, copy)
        return copy

    def write_npy(self, name, rows):
        path = self.folder / name
        header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({len(rows)}, {len(rows[0])}), }}"
        header = header.ljust(128 - 10 - 1) + "\n"
        path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() +
                         b"".join(struct.pack(f"<{len(r)}f", *r) for r in rows))
        return path

    def vectors_of(self, name):
        rows = self.expected[name]["vectors"]
        texts = self.folder / f"{name}.txt"
        texts.write_text("".join(f"unseen {i}\n" for i in range(len(rows))))
        return texts, self.write_npy(f"{name}.npy", rows)

    def test_new_documents_get_the_topics_that_bertopic_gives(self):
        for name in ("full", "bm25", "plain"):
            texts, vectors = self.vectors_of(name)
            found = self.rows("transform", self.converted(name), texts, "--embeddings", vectors)
            self.assertEqual([int(r["topic"]) for r in found], self.expected[name]["topics"])
            worst = max(abs(float(r["probability"]) - s) for r, s in zip(found, self.expected[name]["similarity"]))
            self.assertLess(worst, 1e-6)

    def test_topics_and_documents_are_shown(self):
        model = self.converted("full")
        topics = self.rows("topics", model)
        info = self.expected["full"]["info"]
        self.assertEqual([(int(t["topic"]), int(t["count"]), t["label"]) for t in topics],
                         [(i["Topic"], i["Count"], i["CustomName"]) for i in info])
        documents = self.rows("documents", model)
        self.assertEqual([int(d["topic"]) for d in documents], self.expected["full"]["of_documents"])
        self.assertEqual({(d["probability"], d["x"]) for d in documents}, {("", "")})
        self.assertIn("aspects", (model / "topics.json").read_text())

    def test_a_model_goes_back_as_it_came(self):
        back = self.folder / "back"
        self.tg("convert", self.converted("plain"), back)
        self.assertEqual(sorted(p.name for p in back.iterdir()), ["config.json", "topic_embeddings.safetensors", "topics.json"])
        topics, was = (json.loads((f / "topics.json").read_text()) for f in (back, PEER / "plain"))
        self.assertEqual({k: v for k, v in topics.items() if k != "topic_mapper"}, {k: v for k, v in was.items() if k != "topic_mapper"})
        self.tg("convert", self.converted("full"), back)  # A folder of its kind is replaced.
        self.assertTrue((back / "ctfidf.safetensors").exists())
        self.tg("convert", self.converted("full"), back, "--no-ctfidf", "--embedding-model", "owner/name")
        self.assertFalse((back / "ctfidf.safetensors").exists())
        self.assertEqual(json.loads((back / "config.json").read_text())["embedding_model"], "owner/name")

    def test_topics_change_without_documents_as_far_as_sums_go(self):
        model, out = self.converted("full"), self.folder / "changed"
        merged = self.rows("merge", model, "0,1", "-o", out)
        self.assertEqual(merged[1]["count"], "70")
        self.assertFalse((out / "report.html").exists())
        self.assertEqual(len(self.rows("reduce", model, "--to", "3", "-o", out)), 4)
        self.assertEqual(len(self.rows("hierarchy", model)), 7)
        self.rows("relabel", model, "--label", "2=mine", "-o", out)
        for args in (("outliers", model, "-o", out), ("over-time", model), ("relabel", model, "--ngram-range", "1,2", "-o", out)):
            self.assertIn("--documents", self.tg(*args, code=4).stderr)
        self.assertIn("vectors", self.tg("split", model, "0", "-o", out, code=4).stderr)
        for args in (("plot", model, "documents", "-o", self.folder / "x.svg"), ("plot", model, "topics", "-o", self.folder / "x.svg")):
            self.assertIn("no map", self.tg(*args, code=4).stderr)
        self.tg("plot", model, "barchart", "-o", self.folder / "bars.svg")

    def test_with_the_documents_vectors_a_model_has_a_map(self):
        rows = json.loads((PEER.parents[1] / "topics/bertopic/structure.json").read_text())["vectors"]
        vectors = self.write_npy("documents.npy", rows)
        model = self.folder / "with_vectors"
        self.tg("convert", PEER / "full", model, "--documents", self.documents_of("full"), "--embeddings", vectors)
        self.assertTrue(all(r["x"] for r in self.rows("documents", model)))
        texts, new = self.vectors_of("full")
        found = self.rows("transform", model, texts, "--embeddings", new)
        self.assertEqual([int(r["topic"]) for r in found], self.expected["full"]["topics"])
        self.tg("plot", model, "documents", "-o", self.folder / "map.svg")
        self.assertEqual(len(self.rows("documents", model, "--borderline", "1")), 8)
        self.tg("convert", model, self.folder / "and_back")
        self.tg("convert", model, self.folder / "never", "--embeddings", vectors, code=2)
        done = self.tg("convert", PEER / "plain", self.folder / "never", "--embeddings", vectors, code=3)
        self.assertIn("193 vectors", done.stderr)
        self.assertFalse((self.folder / "never").exists())

    def test_without_term_counts_commands_say_so(self):
        model, out = self.converted("plain"), self.folder / "never"
        for args in (("merge", model, "0,1", "-o", out), ("reduce", model, "--to", "2", "-o", out), ("hierarchy", model),
                     ("distribution", model, self.documents_of("plain"))):
            self.assertIn("no term counts", self.tg(*args, code=4).stderr)
        # Bars are drawn of the words that BERTopic saved.
        self.tg("plot", model, "barchart", "-o", self.folder / "saved_words.svg")
        drawing = (self.folder / "saved_words.svg").read_text()
        first = self.rows("topics", model, "--topic", "0")[0]["term"]
        self.assertIn(f">{first}<", drawing)
        self.assertFalse(out.exists())

    def test_with_its_documents_a_model_does_what_needs_them(self):
        model = self.converted("plain", "--documents", self.documents_of("plain"), "--class", "part")
        self.assertEqual({r["class"] for r in self.rows("per-class", model)}, {"a", "b"})
        self.assertEqual(sum(int(r["frequency"]) for r in self.rows("per-class", model)), len(self.expected["plain"]["texts"]))
        self.assertEqual(len(self.rows("merge", model, "0,1", "-o", self.folder / "merged_plain")), 7)
        self.assertTrue(all(r["representative_rows"] for r in self.rows("topics", model)))
        short = self.folder / "short.txt"
        short.write_text("one\ntwo\n")
        self.assertIn("expected the 193 documents", self.tg("convert", PEER / "plain", self.folder / "no", "--documents", short, code=3).stderr)
        self.assertFalse((self.folder / "no").exists())

    def test_a_damaged_folder_names_the_file(self):
        def cut(path):
            path.write_bytes(path.read_bytes()[:len(path.read_bytes()) // 2])

        def edit(path, change):
            json_data = json.loads(path.read_text())
            change(json_data)
            path.write_text(json.dumps(json_data))

        def reshape(path, name, shape):
            header, data = tensors(path)
            header[name]["shape"] = shape
            write_tensors(path, header, data)

        files = ["config.json", "topics.json", "topic_embeddings.safetensors", "ctfidf.safetensors", "ctfidf_config.json"]
        damages = [(file, f"{verb}_{file}", verb) for file in files for verb in ("miss", "cut")]
        for file, name, verb in damages:
            peer = self.peer_copy(name)
            (peer / file).unlink() if verb == "miss" else cut(peer / file)
            self.assertIn(file, self.tg("convert", peer, self.folder / "no", code=4).stderr)
        edits = [("topics.json", lambda j: j.pop("topics"), "topics"),
                 ("topics.json", lambda j: j["topics"].append(99), "topic 99"),
                 ("topics.json", lambda j: j["topic_representations"].pop("3"), "expected topic 3"),
                 ("topics.json", lambda j: j["topic_representations"].update({"x": []}), "number of a topic"),
                 ("topics.json", lambda j: j["custom_labels"].pop(), "custom_labels"),
                 ("topics.json", lambda j: j["topic_representations"].update({"2": [["word"]]}), "topics.json"),
                 ("config.json", lambda j: j.update(top_n_words="ten"), "config.json"),
                 ("config.json", lambda j: j.update(top_n_words=-3), "top_n_words"),
                 ("ctfidf_config.json", lambda j: j["vectorizer_model"]["vocab"].update(more=3), "vocab"),
                 ("ctfidf_config.json", lambda j: j["vectorizer_model"]["params"].update(analyzer="char"), "analyzer"),
                 ("ctfidf_config.json", lambda j: j["vectorizer_model"]["params"].update(new_rule=1), "new_rule"),
                 ("ctfidf_config.json", lambda j: j.pop("ctfidf_model"), "ctfidf_model")]
        for number, (file, change, text) in enumerate(edits):
            peer = self.peer_copy(f"edit_{number}")
            edit(peer / file, change)
            error = self.tg("convert", peer, self.folder / "no", code=4).stderr
            self.assertIn(file, error)
            self.assertIn(text, error)
        for number, (file, name, shape) in enumerate([("topic_embeddings.safetensors", "topic_embeddings", [6, 9]),
                                                      ("ctfidf.safetensors", "indptr", [4])]):
            peer = self.peer_copy(f"shape_{number}")
            reshape(peer / file, name, shape)
            self.assertIn(file, self.tg("convert", peer, self.folder / "no", code=4).stderr)
        self.assertEqual([p.name for p in self.folder.iterdir() if p.name == "no" or ".tmp-" in p.name], [])

    def test_what_a_later_bertopic_says_more_is_named(self):
        peer = self.peer_copy("later")
        for file in ("config.json", "topics.json"):
            json_data = json.loads((peer / file).read_text())
            json_data["future"] = 1
            (peer / file).write_text(json.dumps(json_data))
        done = self.tg("convert", peer, self.folder / "later")
        self.assertEqual(done.stderr.count("future"), 2)
        shutil.rmtree(peer)
        shutil.copytree(PEER / "plain", peer)
        (peer / "topic_embeddings.safetensors").rename(peer / "topic_embeddings.bin")
        self.assertIn("pytorch", self.tg("convert", peer, self.folder / "no", code=4).stderr)

    def fitted(self, name, subjects, *args, per_subject=40):
        """A model of some of the made-up subjects; its first text column is called as `name` says."""
        model = self.folder / name
        if not model.exists():
            data = self.folder / f"{name}.csv"
            rows = [(t, s) for t, s in corpus.texts(per_subject) if s in subjects]
            with data.open("w", newline="") as out:
                csv.writer(out).writerows([["text" if name != "other" else "body", "subject", f"of_{name}"]] + [[t, s, i] for i, (t, s) in enumerate(rows)])
            self.tg("fit", data, "--model", "static", "--cluster", "given", "--label", "subject", "-o", model, "--no-report", "--text", "text" if name != "other" else "body", *args)
        return model

    def test_match_tells_what_became_of_topics(self):
        old = self.fitted("old", ["cooking", "football", "astronomy", "finance"])
        new = self.fitted("new", ["football", "astronomy", "finance", "software"])
        for by in ("auto", "vectors", "words"):
            rows = self.rows("match", old, new, "--by", by)
            fates = sorted(row["fate"] for row in rows)
            self.assertEqual(fates, ["born", "died", "kept", "kept", "kept"])
            for row in rows:
                if row["fate"] == "kept":
                    self.assertTrue(set(row["old_label"].split(", ")) & set(row["new_label"].split(", ")))
        self.assertEqual({row["fate"] for row in self.rows("match", old, old)}, {"kept"})
        shown = json.loads(self.tg("match", old, new, "--format", "json").stdout)
        self.assertIsNone(next(row for row in shown if row["fate"] == "born")["old"])

    def test_match_renumbers_the_new_model(self):
        old = self.folder / "labelled"
        self.rows("relabel", self.fitted("old", ["cooking", "football", "astronomy", "finance"]), "--label", "3=mine", "-o", old, "--no-report")
        new, out = self.folder / "unnamed", self.folder / "renumbered"
        self.rows("relabel", self.fitted("new", ["football", "astronomy", "finance", "software"]), "--reset", "-o", new, "--no-report")
        rows = self.rows("match", old, new, "-o", out)
        self.assertTrue(all(row["number"] == row["old"] for row in rows if row["fate"] == "kept"))
        again = self.rows("match", old, out)
        self.assertTrue(all(row["old"] == row["new"] for row in again if row["fate"] == "kept"))
        self.assertEqual(sorted(t["topic"] for t in self.rows("topics", out)), ["0", "1", "2", "3"])
        number = next((row["number"] for row in rows if row["fate"] == "kept" and row["old"] == "3"), None)
        if number is not None:
            self.assertEqual(next(t["label"] for t in self.rows("topics", out) if t["topic"] == "3"), "mine")
        mapping = {row["new"]: row["number"] for row in rows if row["new"]}
        was, now = ([d["topic"] for d in self.rows("documents", model)] for model in (new, out))
        self.assertEqual([mapping[t] for t in was], now)
        self.assertTrue((out / "report.html").exists())
        known = self.rows("transform", out, self.folder / "new.csv")
        self.assertEqual([row["topic"] for row in known], now)

    def test_match_says_what_it_cannot_compare(self):
        old = self.fitted("old", ["cooking", "football", "astronomy", "finance"])
        self.assertIn("share no documents", self.tg("match", self.converted("full"), old, "--by", "documents", code=2).stderr)
        self.assertIn("dimensions", self.tg("match", self.converted("full"), old, "--by", "vectors", code=2).stderr)
        self.assertIn("no term counts", self.tg("match", self.converted("plain"), old, "--by", "words", code=4).stderr)
        self.tg("match", old, self.folder / "nowhere", code=4)
        self.tg("match", old, old, "--min-similarity", "2", code=2)
        self.tg("match", old, old, "-o", self.folder / "no", "-i", code=2)

    def test_merged_models_hold_the_documents_and_counts_of_both(self):
        a = self.fitted("old", ["cooking", "football", "astronomy", "finance"])
        b = self.fitted("other", ["finance", "software"], per_subject=50)
        out = self.folder / "merged_models"
        rows = self.rows("merge-models", a, b, "-o", out)
        self.assertEqual([row["outcome"] for row in rows], ["first"] * 4 + ["joined", "new"] if rows[4]["outcome"] == "joined"
                         else ["first"] * 4 + ["new", "joined"])
        topics = self.rows("topics", out)
        self.assertEqual(sum(int(t["count"]) for t in topics), 260)
        self.assertEqual(len(topics), 5)
        documents = self.rows("documents", out)
        self.assertEqual([d["topic"] for d in documents[:160]], [d["topic"] for d in self.rows("documents", a)])
        self.assertEqual({d["model"] for d in documents}, {"old", "other"})
        self.assertEqual([d["of_other"] for d in documents[:160]], [""] * 160)
        self.assertTrue(all(d["text"] for d in documents))
        self.assertEqual([d["row"] for d in documents], [str(i) for i in range(260)])
        self.assertTrue((out / "report.html").exists())
        manifest = json.loads((out / "model.json").read_text())
        self.assertEqual([m["name"] for m in manifest["input"]["merged"]], ["old", "other"])
        # What holds for a model holds for this one.
        self.assertEqual(len(self.rows("per-class", out, "--class", "model")), 6)
        self.rows("merge", out, "0,1", "-o", self.folder / "merged_again", "--no-report")
        self.rows("relabel", out, "--ngram-range", "1,2", "-o", self.folder / "merged_words", "--no-report")
        self.assertEqual({r["fate"] for r in self.rows("match", a, out)}, {"kept", "born"})
        apart = self.rows("merge-models", a, b, "-o", self.folder / "apart", "--min-similarity", "1", "--no-report")
        self.assertEqual([row["merged"] for row in apart], ["0", "1", "2", "3", "4", "5"])

    def test_wrong_uses_of_merge_models(self):
        a = self.fitted("old", ["cooking", "football", "astronomy", "finance"])
        never = self.folder / "never_merged"
        self.assertIn("two or more", self.tg("merge-models", a, "-o", never, code=2).stderr)
        self.assertIn("encoder", self.tg("merge-models", a, self.converted("full"), "-o", never, code=4).stderr)
        self.assertIn("no term counts", self.tg("merge-models", *[self.converted("plain")] * 2, "-o", never, code=4).stderr)
        self.tg("merge-models", a, self.folder / "nowhere", "-o", never, code=4)
        self.assertFalse(never.exists())
        twice = self.rows("merge-models", *[self.converted("full")] * 2, "-o", self.folder / "twice")
        self.assertEqual({row["model"] for row in twice}, {"model_full_0", "model_full_0 (2)"})
        self.assertEqual(self.rows("topics", self.folder / "twice")[1]["count"], "74")

    def test_wrong_uses_of_convert(self):
        self.tg("convert", self.folder / "nowhere", self.folder / "no", code=4)
        self.assertIn("another folder", self.tg("convert", PEER / "full", PEER / "full", code=2).stderr)
        self.assertIn("will not be replaced", self.tg("convert", PEER / "full", PEER / "plain", code=5).stderr)
        self.tg("convert", self.converted("full"), self.folder / "no", "--documents", self.documents_of("full"), code=2)
        self.assertFalse((self.folder / "no").exists())


if __name__ == "__main__":
    unittest.main()
