"""Figures from the command line: every kind on a small model, every format, hard input.

Run by ctest with the program in TOPOGRAPH; uses the built-in static model only.
"""
import csv
import io
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import corpus  # noqa: E402

PROGRAM = os.environ["TOPOGRAPH"]
KINDS = ["documents", "topics", "barchart", "wordcloud", "hierarchy", "heatmap", "term-rank", "over-time", "per-class",
         "contingency", "distribution", "condensed-tree", "reductions"]
SVG = "{http://www.w3.org/2000/svg}"


class Base(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="tg_plot_"))
        cls.data = cls.folder / "data.csv"
        rows = [[text, label, f"20{i % 20:02d}-{i % 12 + 1:02d}-{i % 28 + 1:02d}"]
                for i, (text, label) in enumerate(corpus.texts())]
        cls.write_rows("data.csv", ["text", "label", "date"], rows)
        cls.model = cls.fit("model", cls.data, "--label", "label", "--time", "date", "--cluster", "hdbscan", "--set",
                            "hdbscan.min_cluster_size=10", "--probabilities", "5")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    @classmethod
    def run_tg(cls, *args, code=0):
        done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=300)
        if done.returncode != code:
            raise AssertionError(f"{args}\nexit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return done

    @classmethod
    def fit(cls, name, data, *args):
        cls.run_tg("fit", data, "--model", "static", "-o", cls.folder / name, "--no-report", *args)
        return cls.folder / name

    def plot(self, kind, *args, model=None, name="figure.svg", code=0):
        path = self.folder / name
        path.unlink(missing_ok=True)
        done = self.run_tg("plot", model or self.model, kind, "-o", path, "--progress", "none", *args, code=code)
        return done, path

    def texts(self, path):
        return [node.text for node in ElementTree.parse(path).iter(SVG + "text")]

    @classmethod
    def write_rows(cls, name, header, rows):
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(rows)
        (cls.folder / name).write_text(out.getvalue())
        return cls.folder / name


class EveryKind(Base):
    def test_draws_every_format(self):
        for kind in KINDS:
            for name in ["figure.svg", "figure.png", "figure.pdf"]:
                with self.subTest(kind=kind, name=name):
                    _, path = self.plot(kind, "--title", "A <title> & more", name=name)
                    data = path.read_bytes()
                    start = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}[name[-3:]]
                    self.assertTrue(data.startswith(start))
                    if name.endswith("svg"):
                        self.assertIn("A <title> & more", self.texts(path))

    def test_the_same_command_writes_the_same_bytes_on_any_number_of_threads(self):
        for kind in KINDS:
            for name in ["figure.svg", "figure.png", "figure.pdf"]:
                with self.subTest(kind=kind, name=name):
                    first = self.plot(kind, "--threads", "1", name=name)[1].read_bytes()
                    self.assertEqual(self.plot(kind, "--threads", "2", name=name)[1].read_bytes(), first)

    def test_understands_the_options_of_all_figures(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                _, path = self.plot(kind, "--size", "20x15cm", "--dpi", "100", "--theme", "dark", "--palette",
                                    "viridis", "--font", "DejaVu Sans", "--subtitle", "below", "--n-topics", "3",
                                    name="figure.png")
                width, height = struct.unpack(">II", path.read_bytes()[16:24])
                self.assertEqual((width, height), (788, 591))


class Options(Base):
    def test_topics_and_labels_are_the_users(self):
        _, path = self.plot("barchart", "--topics", "1,3", "--label", "3=Of my own, with comma")
        texts = " ".join(self.texts(path))
        self.assertIn("3 · Of my own, with comma", texts)
        self.assertIn("1 · ", texts)
        self.assertNotIn("2 · ", texts)

    def test_labels_come_from_a_table(self):
        table = self.write_rows("labels.csv", ["topic", "label"], [[0, "first, of a table"], [2, "third"]])
        _, path = self.plot("documents", "--labels", table)
        self.assertIn("first, of a table", " ".join(self.texts(path)))
        labels = self.folder / "labels.json"
        labels.write_text('{"0": "first, of an object"}')
        _, path = self.plot("documents", "--labels", labels)
        self.assertIn("first, of an object", " ".join(self.texts(path)))

    def test_wrong_options_are_refused_by_name(self):
        for args, word in [(["--topics", "99"], "99"), (["--size", "1200x700"], "px"), (["--palette", "nice"], "viridis"),
                           (["--label", "nonsense"], "NUMBER=TEXT"), (["--dpi", "9999"], "dpi"),
                           (["--set", "barchart.n_words=3"], "another kind")]:
            with self.subTest(args=args):
                done, path = self.plot("documents", *args, code=2)
                self.assertIn(word, done.stderr)
                self.assertFalse(path.exists())

    def test_unknown_kinds_formats_and_models_are_refused(self):
        self.plot("pie", code=2)
        self.plot("documents", name="figure.jpg", code=2)
        self.plot("documents", model=self.folder / "nothing", code=4)
        self.run_tg("plot", self.model, "documents", "-o", "/nonexistent/figure.svg", code=5)
        self.assertEqual([p for p in self.folder.iterdir() if ".tmp" in p.name], [])

    def test_a_column_can_be_named_where_one_is_compared_with(self):
        _, path = self.plot("contingency", "--column", "date", "--set", "contingency.max_classes=5")
        self.assertIn("2000-01-01", " ".join(self.texts(path)))
        done, _ = self.plot("contingency", "--column", "nothing", code=2)
        self.assertIn("its columns are", done.stderr)
        done, _ = self.plot("barchart", "--column", "label", code=2)
        self.assertIn("no column", done.stderr)
        done, _ = self.plot("over-time", "--column", "label", code=3)
        self.assertIn("expected a date, found 'cooking'", done.stderr)
        self.assertIn("--time-format", done.stderr)

    def test_dates_are_read_as_they_are_written(self):
        plain = self.plot("over-time")[1].read_bytes()
        self.assertEqual(self.plot("over-time", "--time-format", "%Y-%m-%d")[1].read_bytes(), plain)
        done, _ = self.plot("over-time", "--time-format", "%d/%m/%Y", code=3)
        self.assertIn("expected a date written as %d/%m/%Y", done.stderr)
        done, _ = self.plot("topics", "--time-format", "%Y", code=2)
        self.assertIn("reads no times", done.stderr)

    def test_word_clouds_leave_out_stop_words(self):
        def words(*args):
            return set(self.texts(self.plot("wordcloud", *args)[1]))
        every = words()
        stop = self.folder / "stop.txt"
        stop.write_text("recipe\noven\n")
        fewer = words("--set", f"wordcloud.stop_words=@{stop}")
        self.assertTrue({"recipe", "oven"} & every)
        self.assertFalse({"recipe", "oven"} & fewer)

    def test_reductions_sweep_and_know_labels(self):
        _, path = self.plot("reductions", "--set", "reductions.n_neighbors=5,30", "--set", "reductions.supervised=true")
        texts = self.texts(path)
        for name in ["UMAP, 5 neighbours", "UMAP, 30 neighbours", "UMAP that knows the labels"]:
            self.assertIn(name, texts)

    def test_models_that_lack_what_a_kind_needs_say_so(self):
        plain = self.fit("plain", self.data, "--keep-embeddings", "false")
        for kind, code, words in [("over-time", 2, "named no time column"), ("per-class", 2, "named no class column"),
                                  ("contingency", 2, "named no label column"), ("distribution", 4, "--probabilities"),
                                  ("condensed-tree", 4, "has no condensed tree"), ("reductions", 4, "keeps no vectors")]:
            with self.subTest(kind=kind):
                done, path = self.plot(kind, model=plain, code=code)
                self.assertIn(words, done.stderr)
                self.assertFalse(path.exists())

    def test_documents_hides_labels_and_draws_a_sample(self):
        def dots(path):
            return len(re.findall(r"h0", path.read_text()))
        _, path = self.plot("documents", "--set", "documents.labels=none")
        everything = dots(path)
        self.assertEqual(everything, len(corpus.texts()))
        self.assertLessEqual(len(self.texts(path)), 1)
        _, path = self.plot("documents", "--set", "documents.sample=0.6")
        self.assertAlmostEqual(dots(path) / everything, 0.6, delta=0.03)


class HardInput(Base):
    def hard_model(self):
        rows = [[text, label] for text, label in corpus.texts(30)]
        odd = ["</script><script>alert(1)</script> recipe oven butter", "<b>&amp;</b> goal striker match", "\x07\x1b[31m galaxy",
               "שלום עולם galaxy telescope", "مرحبا بالعالم stock bond", "न‍मस्‍ते tulip soil seed", "👨‍👩‍👧 compiler kernel",
               "日本語の地図 compiler", "", "   "]
        for i in range(12):
            rows += [[f"{text} {i}" if text.strip() else text, label] for text in odd for label in ["</text>", "שלום"]]
        rows.append(["butter " * 150000, "megabyte"])
        return self.fit("hard", self.write_rows("hard.csv", ["text", "label"], rows), "--label", "label")

    def test_texts_of_every_sort_are_drawn_and_stay_text(self):
        model = self.hard_model()
        label = "</text><script>x</script> שלום 👨‍👩‍👧 \x01" + "long " * 300
        for kind in KINDS:
            for name in ["figure.svg", "figure.png", "figure.pdf"]:
                with self.subTest(kind=kind, name=name):
                    if kind in ["over-time", "distribution", "condensed-tree"]:
                        continue  # this model lacks what they need
                    _, path = self.plot(kind, "--label", "0=" + label, "--title", label, model=model, name=name)
                    if name.endswith("svg"):
                        tags = {node.tag.removeprefix(SVG) for node in ElementTree.parse(path).iter()}
                        self.assertLessEqual(tags, {"svg", "title", "rect", "path", "g", "text"})

    @unittest.skipUnless(shutil.which("pdftotext"), "needs poppler-utils")
    def test_text_can_be_read_back_from_a_pdf(self):
        _, path = self.plot("barchart", "--label", "0=日本語の地図", "--label", "1=Καλημέρα κόσμε", name="figure.pdf")
        text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
        self.assertIn("日本語の地図", text)
        self.assertIn("Καλημέρα κόσμε", text)

    def test_one_topic(self):
        model = self.fit("one", self.data, "--cluster", "kmeans", "--clusters", "1")
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.draws_or_explains(kind, model)

    def test_only_outliers(self):
        rows = [[text, "-1"] for text, _ in corpus.texts(10)]
        data = self.write_rows("none.csv", ["text", "label"], rows)
        model = self.fit("none", data, "--cluster", "given", "--label", "label")
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.draws_or_explains(kind, model)
        self.plot("documents", model=model)

    def test_two_thousand_topics_and_no_outliers(self):
        rows = [[f"{text} {i % 2000}", str(i % 2000)] for i, (text, _) in enumerate(corpus.texts(340))]
        data = self.write_rows("many.csv", ["text", "label"], rows)
        model = self.fit("many", data, "--cluster", "given", "--label", "label")
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.draws_or_explains(kind, model)
        done, path = self.plot("documents", model=model)
        self.assertIn("labels of the 40 largest of 2", done.stderr)

    def draws_or_explains(self, kind, model):
        """A figure, or exit 2 to 4 with a message that says what is missing."""
        path = self.folder / "figure.svg"
        path.unlink(missing_ok=True)
        done = subprocess.run([PROGRAM, "plot", model, kind, "-o", path, "--progress", "none"],
                              capture_output=True, text=True, timeout=120)
        if done.returncode == 0:
            ElementTree.parse(path)
        else:
            self.assertIn(done.returncode, [2, 3, 4], done.stderr)
            self.assertRegex(done.stderr, "no topics|needs|no document|has no|keeps no|named no")
            self.assertFalse(path.exists())


if __name__ == "__main__":
    unittest.main()
