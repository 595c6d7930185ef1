"""Every option of every kind of figure changes the figure or is refused; aspects, trees and times agree with the tables.

Run by ctest with the program in TOPOGRAPH; uses the built-in static model only.
"""
import csv
import json
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import plot_test  # noqa: E402
from plot_test import KINDS, SVG  # noqa: E402

# Another value for every option of all kinds.
COMMON = {"title": "A title", "subtitle": "Below", "size": "5x4", "palette": "viridis", "font": "DejaVu Sans", "font_size": "11",
          "theme": "dark", "topics": "0,2", "n_topics": "2", "labels": "0=Of my own", "max_label_chars": "6"}
OWN = {
    "documents": {"labels": "over", "max_labels": "2", "sample": "0.5", "dot_size": "3", "dot_opacity": "0.9", "contours": "false",
                  "glow": "false", "hide_outliers": "true", "hide_others": ("true", "--topics", "1")},
    "topics": {"places": "pca", "largest": "0.3", "show_labels": "false"},
    "barchart": {"n_words": "3", "columns": "2", "share_scale": "true"},
    "wordcloud": {"n_words": "5", "columns": "2", "vertical": "0.5", "contrast": "1.5", "stop_words": "@STOP"},
    "hierarchy": {"by": "vectors", "linkage": "single", "color_threshold": "0.1"},
    "heatmap": {"n_clusters": "2", "show_values": "true"},
    "term_rank": {"log_scale": "true", "n_ranks": "4"},
    "over_time": {"every": "month", "n_bins": "5", "share": "time"},
    "per_class": {"normalize": "false", "max_classes": "2"},
    "contingency": {"share": "column", "show_values": "false", "max_classes": "2"},
    "distribution": {"document": "7", "min_probability": "0.6"},
    "condensed_tree": {"log_scale": "true", "show_labels": "false"},
    "reductions": {"n_neighbors": "5", "supervised": "true", "sample": "200", "min_dist": "0.6", "perplexity": "8", "columns": "1"},
}


class Fitted(plot_test.Base):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_tg("relabel", cls.model, "-i", "--no-report", "--aspects", "nouns=pos", "--set", "pos.patterns=NOUN")
        (cls.folder / "stop.txt").write_text("oven\ngoal\ngalaxy\nstock\ntulip\ncompiler\n")

    def drawn(self, kind, *args, name="figure.svg", model=None):
        """Bytes of the figure, or nothing where the program refuses with a reason."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        done = plot_test.subprocess.run([plot_test.PROGRAM, "plot", model or self.model, kind, "-o", path, "--progress", "none", *args],
                                        capture_output=True, text=True, timeout=120)
        if done.returncode == 0:
            return path.read_bytes()
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertRegex(done.stderr, r"topograph: [\w.-]+: .+")
        return None


class EveryOption(Fitted):
    def test_is_in_this_table(self):
        listed = set(re.findall(r"^  (\w+\.\w+) = ", self.run_tg("plot", "--help").stdout, re.M))
        here = {f"figure.{name}" for name in [*COMMON, "dpi"]}
        here |= {f"{kind}.{name}" for kind, options in OWN.items() for name in options}
        self.assertEqual(listed, here)

    def test_of_all_figures_changes_every_kind(self):
        for kind in KINDS:
            plain = self.drawn(kind)
            for name, value in COMMON.items():
                with self.subTest(kind=kind, option=name):
                    self.assertFalse(self.drawn(kind, "--set", f"figure.{name}={value}") == plain)

    def test_dpi_is_the_size_of_pixels(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.assertGreater(len(self.drawn(kind, name="figure.png")), 1.2 * len(self.drawn(kind, "--dpi", "90", name="figure.png")))

    def test_of_a_kind_changes_it_and_is_refused_by_the_others(self):
        rows = [[text, label if i % 5 else "-1"] for i, (text, label) in enumerate(plot_test.corpus.texts(20))]
        outliers = self.fit("outliers", self.write_rows("outliers.csv", ["text", "label"], rows), "--cluster", "given", "--label", "label")
        for group, options in OWN.items():
            kind = group.replace("_", "-")
            for name, value in options.items():
                value, *more = [value] if isinstance(value, str) else value
                setting = f"{group}.{name}={value}".replace("@STOP", f"@{self.folder / 'stop.txt'}")
                with self.subTest(option=f"{group}.{name}"):
                    model = outliers if name == "hide_outliers" else self.model
                    changed = self.drawn(kind, *more, "--set", setting, model=model)
                    self.assertIsNotNone(changed)
                    self.assertFalse(changed == self.drawn(kind, *more, model=model))
                    other = "topics" if kind != "topics" else "barchart"
                    self.assertIsNone(self.drawn(other, *more, "--set", setting))

    def test_that_another_one_makes_useless_is_refused(self):
        for kind, *args in [("reductions", "--set", "reductions.n_neighbors=5,9", "--set", "reductions.perplexity=9"),
                            ("reductions", "--column", "label"), ("over-time", "--every", "year", "--bins", "4"),
                            ("heatmap", "--palette", "okabe_ito"), ("contingency", "--palette", "tol_bright"),
                            ("documents", "--column", "label"), ("barchart", "--time-format", "%Y"),
                            ("documents", "--set", "documents.labels=none", "--set", "documents.max_labels=3")]:
            with self.subTest(kind=kind, args=args):
                self.assertIsNone(self.drawn(kind, *args))


class Aspects(Fitted):
    def aspect_words(self, topic):
        entry = next(t for t in json.loads((self.model / "topics.json").read_text()) if t["topic"] == topic)
        return [word for word in entry["aspects"]["nouns"]]

    def test_every_kind_takes_its_labels(self):
        words = [w["term"] if isinstance(w, dict) else w[0] if isinstance(w, list) else w for w in self.aspect_words(1)][:4]
        for kind in KINDS:
            with self.subTest(kind=kind):
                _, path = self.plot(kind, "--aspect", "nouns", "--topics", "1")
                self.assertIn(", ".join(words), " ".join(self.texts(path)).replace("“", ""))

    def test_bars_and_clouds_show_its_words(self):
        for kind in ["barchart", "wordcloud"]:
            _, path = self.plot(kind, "--topics", "1", "--aspect", "nouns")
            ours = set(self.texts(path))
            words = {w["term"] if isinstance(w, dict) else w[0] if isinstance(w, list) else w for w in self.aspect_words(1)}
            self.assertLessEqual({t for t in ours if "·" not in t and " of " not in t}, words)

    def test_unknown_ones_are_refused_with_those_there_are(self):
        done, _ = self.plot("barchart", "--aspect", "keybert", code=2)
        self.assertIn("nouns", done.stderr)

    def test_phrases_of_several_words_are_drawn_whole(self):
        model = self.fit("phrases", self.data, "--set", "words.ngram_range=2,3", "--cluster", "given", "--label", "label")
        for kind in ["barchart", "wordcloud"]:
            for name in ["figure.svg", "figure.pdf"]:
                _, path = self.plot(kind, model=model, name=name)
                if name.endswith("svg"):
                    self.assertTrue([t for t in self.texts(path) if "·" not in t and len(t.split()) >= 2])


class AsTheTables(Fitted):
    def test_the_hierarchy_is_the_one_that_the_command_prints(self):
        rows = list(csv.DictReader(self.run_tg("hierarchy", self.model, "--format", "csv").stdout.splitlines()))
        first = rows[-1]
        _, path = self.plot("hierarchy")
        place = {int(node.text.split(" · ")[0]): float(node.get("y"))
                 for node in plot_test.ElementTree.parse(path).iter(SVG + "text") if node.text and " · " in node.text}
        order = sorted(place, key=place.get)
        left, right = (int(x) for x in first["topics"].split())
        self.assertEqual(abs(order.index(left) - order.index(right)), 1)
        self.assertEqual(len(order), len(rows) + 1)

    def test_the_groups_of_a_heatmap_are_those_of_a_cut(self):
        rows = list(csv.DictReader(self.run_tg("hierarchy", self.model, "--by-vectors", "--cut", "3", "--format", "csv").stdout.splitlines()))
        group = {int(row["topic"]): row["group"] for row in rows}
        _, path = self.plot("heatmap", "--n-clusters", "3")
        names = [node.text for node in plot_test.ElementTree.parse(path).iter(SVG + "text") if node.text and " · " in node.text]
        along = [group[int(name.split(" · ")[0])] for name in names[:len(rows)]]
        self.assertEqual(sum(a != b for a, b in zip(along, along[1:])), 2, along)

    def test_calendar_units_have_their_own_dates(self):
        for every, text in [("year", "2005"), ("quarter", "2005"), ("month", "2005")]:
            _, path = self.plot("over-time", "--every", every)
            texts = self.texts(path)
            self.assertIn(text, texts)
            self.assertIn(f"documents per {every}", texts)
        rows = [[text, f"2026-{i % 3 + 1:02d}-{i % 28 + 1:02d}"] for i, (text, _) in enumerate(plot_test.corpus.texts(20))]
        model = self.fit("months", self.write_rows("months.csv", ["text", "date"], rows), "--time", "date")
        _, path = self.plot("over-time", "--every", "month", model=model)
        self.assertIn("Feb 2026", self.texts(path))

    def test_merged_topics_keep_their_places_in_the_condensed_tree(self):
        self.run_tg("merge", self.model, "0,1", "-o", self.folder / "merged", "--no-report")
        _, path = self.plot("condensed-tree", model=self.folder / "merged")
        names = [text for text in self.texts(path) if " · " in text and "documents" not in text]
        self.assertEqual(sum(name.startswith("0 · ") for name in names), 2, names)


if __name__ == "__main__":
    unittest.main()
