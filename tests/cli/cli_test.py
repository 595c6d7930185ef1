"""The command line as a user meets it: results, messages, exit codes, files.

Run by ctest with the program in TOPOGRAPH; uses the built-in static model only.
"""
import csv
import io
import json
import os
import pathlib
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import corpus  # noqa: E402

PROGRAM = os.environ["TOPOGRAPH"]


def npy(rows, cols, values):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {cols}), }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}f", *values)


class Base(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="tg_cli_"))
        cls.data = cls.folder / "data.csv"
        cls.rows = corpus.texts()
        cls.data.write_text(corpus.csv_text(cls.rows))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def run_tg(self, *args, code=0, stdin=None, **kwargs):
        done = subprocess.run([PROGRAM, *map(str, args)], input=stdin, capture_output=True, text=True,
                              timeout=300, **kwargs)
        self.assertEqual(done.returncode, code, f"{args}\nstdout: {done.stdout[-2000:]}\nstderr: {done.stderr[-2000:]}")
        return done

    def fit(self, name, *args, code=0, data=None, **kwargs):
        return self.run_tg("fit", data or self.data, "--model", "static", "-o", self.folder / name, *args, code=code, **kwargs)

    def table(self, *args):
        return list(csv.DictReader(io.StringIO(self.run_tg(*args, "--format", "csv").stdout)))

    def leftovers(self):
        return sorted(p.name for p in self.folder.iterdir() if ".tmp-" in p.name)


class Clusterings(Base):
    def test_every_method_fits_transforms_and_is_scored(self):
        for method in ["kmeans", "minibatch", "gmm", "agglomerative"]:
            extra = ["--covariance", "diag"] if method == "gmm" else []
            self.fit(method, "--cluster", method, "--clusters", "4", "--label", "label", "--no-report", *extra)
            manifest = json.loads((self.folder / method / "model.json").read_text())
            self.assertEqual(manifest["facts"]["topics"], 4)
            scored = json.loads(self.run_tg("evaluate", self.folder / method, "--format", "json").stdout)
            self.assertGreater(scored["scores"]["adjusted_rand"], 0.3)
            self.assertIn("silhouette", scored["scores"])
            self.assertTrue(-1 <= scored["scores"]["npmi_coherence"] <= 1)
            self.assertTrue(0 < scored["scores"]["cv_coherence"] <= 1)
            self.assertEqual(len(scored["contingency"]["counts"]), len(scored["contingency"]["labels"]))
            self.assertEqual(len(self.table("transform", self.folder / method, self.data)), len(self.rows))

    def test_auto_shows_the_curve_in_summary_and_manifest(self):
        done = self.fit("auto", "--cluster", "kmeans", "--clusters", "auto", "--set", "cluster.n_clusters_range=2,6", "--no-report")
        self.assertIn("<- chosen", done.stderr)
        number = json.loads((self.folder / "auto" / "model.json").read_text())["cluster_number"]
        self.assertEqual([tried["clusters"] for tried in number["curve"]], [2, 3, 4, 5, 6])
        self.assertIn(number["chosen"], range(2, 7))

    def test_given_labels_become_topics_and_agree_with_themselves(self):
        self.fit("given", "--cluster", "given", "--label", "label", "--no-report")
        scores = json.loads(self.run_tg("evaluate", self.folder / "given", "--format", "json").stdout)["scores"]
        self.assertGreater(scores["adjusted_rand"], 0.95)
        self.assertIn("--label", self.fit("none", "--cluster", "given", code=2).stderr)

    def test_supervised_topics_follow_classes_that_the_texts_do_not_tell(self):
        data = self.folder / "kinds.csv"
        rows = [(text, "" if i % 60 == 59 else f"k{i // 6 % 2}") for i, (text, _) in enumerate(self.rows)]
        with data.open("w", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([("text", "kind"), *rows])

        def purity(name):
            kinds = {}
            for row in self.table("documents", self.folder / name):
                if row["kind"]:
                    kinds.setdefault(row["topic"], []).append(row["kind"])
            return sum(max(k.count("k0"), k.count("k1")) for k in kinds.values()) / sum(map(len, kinds.values()))

        self.fit("plain_kinds", "--no-report", data=data)
        self.fit("learned_kinds", "--no-report", "--supervise", "kind", "--set", "target.weight=0.9", data=data)
        self.assertLess(purity("plain_kinds"), 0.75)
        self.assertGreater(purity("learned_kinds"), 0.9)
        manifest = json.loads((self.folder / "learned_kinds" / "model.json").read_text())
        self.assertEqual((manifest["input"]["supervise"], manifest["options"]["target"]["weight"]), ("kind", 0.9))
        # New documents need no classes, and known ones keep their place.
        placed = self.table("transform", self.folder / "learned_kinds", self.data)
        fitted = self.table("documents", self.folder / "learned_kinds")
        self.assertEqual([r["topic"] for r in placed], [r["topic"] for r in fitted])

    def test_wrong_targets_name_the_column_or_the_cell(self):
        self.assertIn("label", self.fit("no", "--supervise", "nothing", code=3).stderr)
        done = self.fit("no", "--supervise", "label", "--target-type", "numbers", code=3)
        self.assertIn("column label, row 0: expected a finite number", done.stderr)
        self.fit("no", "--target-type", "numbers", code=2)
        self.assertIn("target.weight", self.fit("no", "--set", "target.weight=2", code=2).stderr)

    def test_curve_and_disconnection_are_options(self):
        self.fit("curve", "--no-report", "--set", "map.a=1.5", "--set", "map.b=0.9", "--set", "neighbors.disconnection_distance=0.9")
        manifest = json.loads((self.folder / "curve" / "model.json").read_text())
        self.assertEqual([round(v, 6) for v in manifest["curves"]["layout"]], [1.5, 0.9])

    def test_where_keeps_rows_and_names_what_is_wrong(self):
        values = sorted({row["label"] for row in csv.DictReader(io.StringIO(self.data.read_text()))})
        self.fit("where", "--where", f"label={values[0]},{values[1]}", "--label", "label", "--no-report")
        rows = self.table("documents", self.folder / "where")
        self.assertEqual({row["label"] for row in rows}, set(values[:2]))
        self.assertIn("columns", self.fit("no", "--where", "nothing=1", code=3).stderr)
        self.assertIn("--where", self.fit("no", "--where", "label=nothing", code=3).stderr)
        self.assertIn("COLUMN=VALUE", self.fit("no", "--where", "label", code=2).stderr)

    def test_documents_sample_is_drawn_by_the_seed(self):
        self.fit("sampled", "--no-report")
        draw = lambda seed: [r["row"] for r in self.table("documents", self.folder / "sampled", "--sample", "5", "--seed", seed)]
        self.assertEqual(len(draw(1)), 5)
        self.assertEqual(draw(1), draw(1))
        self.assertNotEqual(draw(1), draw(2))

    def test_evaluate_names_the_columns_there_are(self):
        self.fit("named", "--no-report")
        failed = self.run_tg("evaluate", self.folder / "named", "--label", "nothing", code=2)
        self.assertIn("columns", failed.stderr)


class Fit(Base):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        done = subprocess.run([PROGRAM, "fit", cls.data, "--model", "static", "--label", "label", "-o", cls.folder / "m"],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        cls.summary = done.stderr
        cls.stdout = done.stdout

    def test_writes_the_five_files_of_a_model(self):
        self.assertEqual(sorted(p.name for p in (self.folder / "m").iterdir()),
                         ["arrays.safetensors", "documents.parquet", "model.json", "report.html", "topics.json"])

    def test_finds_the_subjects(self):
        by_topic = {}
        for row in self.table("documents", self.folder / "m"):
            by_topic.setdefault(row["topic"], []).append(row["label"])
        pure = sum(max(labels.count(s) for s in set(labels)) for labels in by_topic.values())
        self.assertGreater(pure / len(self.rows), 0.95)
        self.assertLessEqual(len(by_topic), 12)

    def test_prints_nothing_on_stdout_and_a_summary_on_stderr(self):
        self.assertEqual(self.stdout, "")
        for word in ("documents", "topics", "without topic", "neighbors", "report.html", "peak"):
            self.assertIn(word, self.summary)

    def test_topics_json_follows_the_contract(self):
        topics = json.loads((self.folder / "m/topics.json").read_text())
        self.assertEqual([t["topic"] for t in topics], list(range(len(topics))))
        counts = [t["count"] for t in topics]
        self.assertEqual(counts, sorted(counts, reverse=True))
        self.assertEqual(sum(counts), len(self.rows))
        for topic in topics:
            self.assertEqual(set(topic), {"topic", "count", "name", "label", "named", "words", "aspects", "representative_documents"})
            self.assertTrue(topic["words"])
            weights = [w["weight"] for w in topic["words"]]
            self.assertEqual(weights, sorted(weights, reverse=True))
            self.assertTrue(topic["name"].startswith(f"{topic['topic']}_"))
            self.assertLessEqual(len(topic["representative_documents"]), 3)

    def test_manifest_names_options_and_provenance(self):
        manifest = json.loads((self.folder / "m/model.json").read_text())
        self.assertEqual(manifest["schema_version"], 1)
        self.assertEqual(manifest["options"]["neighbors"]["n_neighbors"], 15)
        self.assertEqual(manifest["provenance"]["seed"], 42)
        self.assertIn("neighbors", [s["name"] for s in manifest["provenance"]["stages"]])

    def test_documents_table_keeps_order_and_input_columns(self):
        rows = self.table("documents", self.folder / "m")
        self.assertEqual([r["text"] for r in rows], [t for t, _ in self.rows])
        self.assertEqual(list(rows[0])[:8], ["row", "id", "topic", "name", "probability", "x", "y", "reason"])

    def test_same_bytes_for_any_number_of_threads(self):
        for threads in (1, 2, 4):
            self.fit(f"t{threads}", "--threads", threads)
        for name in ("topics.json", "documents.parquet"):
            base = (self.folder / "t1" / name).read_bytes()
            for threads in (2, 4):
                self.assertEqual((self.folder / f"t{threads}" / name).read_bytes(), base, (name, threads))

    def test_same_bytes_for_any_number_of_threads_with_hdbscan(self):
        for threads in (1, 3):
            self.fit(f"h{threads}", "--threads", threads, "--cluster", "hdbscan")
        for name in ("topics.json", "documents.parquet"):
            self.assertEqual((self.folder / "h3" / name).read_bytes(), (self.folder / "h1" / name).read_bytes())

    def test_compat_bertopic_switches_its_rules_on(self):
        self.fit("peer", "--compat", "bertopic", "--min-cluster-size", "12", "--set", "words.stop_words=en", "--no-report")
        options = json.loads((self.folder / "peer/model.json").read_text())["options"]
        self.assertEqual((options["cluster"]["method"], options["documents"]["duplicates"], options["words"]["token_rule"],
                          options["words"]["df_of"], options["topics"]["sampling"], options["hdbscan"]["compat"]),
                         ("hdbscan", "keep", "sklearn", "topics", "bertopic", True))
        # What the user says counts more.
        self.assertEqual((options["words"]["stop_words"], options["hdbscan"]["min_cluster_size"]), ("en", 12))
        self.fit("plain_peer", "--compat", "bertopic", "--no-report")
        words = " ".join(row["words"] for row in self.table("topics", self.folder / "plain_peer")).replace(",", "").split()
        self.assertIn("the", words)
        self.assertIn("bertopic", self.fit("never", "--compat", "top2vec", code=2).stderr)

    def test_probabilities_agree_with_topics_in_fit_and_transform(self):
        news = self.write("news.csv", [("bake the bread in a warm oven with butter", ""), ("", ""), ("zzz qqq", "")])
        self.fit("mp", "--cluster", "hdbscan", "--probabilities", 2, "--set", "hdbscan.persistence=0.01")
        self.fit("mc", "--probabilities", 2, "--min-strength", 0.5)
        for folder, command in (("mp", "documents"), ("mp", "transform"), ("mc", "documents"), ("mc", "transform")):
            rows = self.table(command, self.folder / folder, *([news] if command == "transform" else []))
            for row in rows:
                if row["topic"] == "-1":
                    self.assertGreaterEqual(float(row["noise_probability"]) + 1e-6, float(row["topic_1_probability"]))
                else:
                    self.assertEqual(row["topic_1"], row["topic"])
                self.assertGreaterEqual(float(row["topic_1_probability"]), float(row["topic_2_probability"]))

    def test_tree_gives_every_table_and_cuts_again(self):
        self.fit("mt", "--cluster", "hdbscan")
        model = self.folder / "mt"
        documents = self.table("documents", model)
        clusters = self.table("tree", model)
        self.assertEqual([c["parent"] for c in clusters[:1]], ["-1"])
        self.assertEqual({c["label"] for c in clusters} - {"-1"}, {d["topic"] for d in documents} - {"-1"})
        cut = self.table("tree", model, "--table", "documents")
        self.assertEqual([c["cluster"] for c in cut], [d["topic"] for d in documents])
        exemplars = self.table("tree", model, "--table", "exemplars")
        self.assertTrue(all(documents[int(e["row"])]["topic"] == e["cluster"] for e in exemplars))
        n_points = len({c["point"] for c in cut} - {""})
        for name in ("linkage", "spanning"):
            self.assertEqual(len(self.table("tree", model, "--table", name)), n_points - 1)
        self.assertGreaterEqual(len(self.table("tree", model, "--table", "condensed")), n_points)
        again = self.table("tree", model, "--table", "documents", "--min-cluster-size", 10_000)
        self.assertEqual({c["cluster"] for c in again}, {"-1"})
        failed = self.run_tg("tree", model, "--set", "hdbscan.min_samples=3", code=2)
        self.assertIn("fit again", failed.stderr)
        self.assertIn("hdbscan has all of them", self.run_tg("tree", self.folder / "m", code=2).stderr)

    def test_tree_of_agglomerative_clustering_is_its_linkage(self):
        self.fit("ma", "--cluster", "agglomerative", "--clusters", 3)
        merges = self.table("tree", self.folder / "ma", "--table", "linkage")
        heights = [float(m["height"]) for m in merges]
        self.assertEqual(heights, sorted(heights))

    def test_probabilities_need_communities_or_hdbscan(self):
        self.assertIn("store.memberships", self.fit("x", "--cluster", "kmeans", "--clusters", 3, "--probabilities", 2, code=2).stderr)

    def test_every_layout_places_old_and_new_documents(self):
        news = self.write("news.csv", [("bake the bread in a warm oven with butter", ""), ("the striker missed the penalty", "")])
        for name, flags in (("pca", ("--cluster", "kmeans", "--clusters", 3, "--reduce", "pca", "--components", 4, "--map", "pca")),
                            ("svd", ("--cluster", "hdbscan", "--reduce", "svd", "--map", "svd")),
                            ("tsne", ("--map", "tsne", "--set", "tsne.perplexity=5")),
                            ("none", ("--cluster", "hdbscan", "--reduce", "none"))):
            done = self.fit(name, *flags)
            self.assertEqual("neighbors" in done.stderr.split("stage")[-1], name in ("tsne", "none"))
            fitted = self.table("documents", self.folder / name)
            again = self.table("transform", self.folder / name, self.data)
            self.assertEqual([(r["topic"], r["x"], r["y"]) for r in again], [(r["topic"], r["x"], r["y"]) for r in fitted])
            low, high = min(float(r["x"]) for r in fitted), max(float(r["x"]) for r in fitted)
            for row in self.table("transform", self.folder / name, news):
                self.assertTrue(2 * low - high <= float(row["x"]) <= 2 * high - low, (name, row))
            scores = json.loads(self.run_tg("evaluate", self.folder / name, "--format", "json").stdout)["scores"]
            for score in ("map_trustworthiness", "map_continuity", "map_neighbors_kept"):
                self.assertTrue(0 < scores[score] <= 1, (name, scores))

    def test_layouts_that_contradict_each_other_are_refused(self):
        for flags, word in ((("--reduce", "pca"), "reduce.method"), (("--map", "none"), "map.method"),
                            (("--cluster", "hdbscan", "--reduce", "tsne", "--components", 4), "reduce.n_components"),
                            (("--cluster", "kmeans", "--components", 4), "reduce.n_components"),
                            (("--cluster", "kmeans", "--reduce", "none", "--cluster-input", "reduced"), "reduce.method")):
            self.assertIn(word, self.fit("bad", *flags, code=2).stderr)

    def test_transform_gives_known_documents_their_own_topic(self):
        rows = self.table("transform", self.folder / "m", self.data)
        fitted = self.table("documents", self.folder / "m")
        self.assertEqual([(r["topic"], r["x"], r["y"]) for r in rows], [(r["topic"], r["x"], r["y"]) for r in fitted])

    def test_transform_is_the_same_one_by_one_and_together(self):
        for model, options in (("m", ()), ("mh", ("--cluster", "hdbscan"))):
            if options:
                self.fit(model, *options)
            news = ["bake the bread in a warm oven with butter", "the striker missed the penalty",
                    "a comet passed the moon", "zzz qqq", ""]
            together = self.table("transform", self.folder / model, self.write("news.csv", [(t, "") for t in news]))
            for i, text in enumerate(news):
                alone = self.table("transform", self.folder / model, self.write("one.csv", [(text, "")]))
                for column in ("topic", "probability", "x", "y", "reason"):
                    self.assertEqual(alone[0][column], together[i][column], (model, text, column))
            self.assertEqual(together[4]["reason"], "empty")

    def write(self, name, rows):
        path = self.folder / name
        path.write_text(corpus.csv_text(rows))
        return path

    def test_transform_writes_every_table_format(self):
        for extension in ("parquet", "csv", "tsv", "jsonl"):
            out = self.folder / f"out.{extension}"
            self.run_tg("transform", self.folder / "m", self.data, "-o", out)
            self.assertGreater(out.stat().st_size, 1000)
        self.run_tg("transform", self.folder / "m", self.data, "-o", self.folder / "out.xls", code=2)

    def test_topics_prints_all_or_one(self):
        table = self.table("topics", self.folder / "m")
        self.assertEqual(sum(int(r["count"]) for r in table), len(self.rows))
        layers = self.table("topics", self.folder / "m", "--layers")
        self.assertEqual([row["layer"] for row in layers], [str(i) for i in range(len(layers))])
        self.assertEqual(sum(row["is_base"] == "yes" for row in layers), 1)
        for i, layer in enumerate(layers):
            rows = self.table("topics", self.folder / "m", "--layer", i)
            self.assertEqual(len(rows), int(layer["topics"]))
            self.assertEqual("parent" in rows[0], i > 0)
        self.assertIn("--layer", self.run_tg("topics", self.folder / "m", "--layer", 99, code=2).stderr)
        one = self.table("topics", self.folder / "m", "--topic", "0")
        self.assertEqual(set(one[0]), {"term", "weight"})
        done = self.run_tg("topics", self.folder / "m", "--topic", "999", code=2)
        self.assertIn("there is no topic 999, expected 0 to", done.stderr)
        json.loads(self.run_tg("topics", self.folder / "m", "--format", "json").stdout)

    def test_documents_filters_by_topic_and_limit(self):
        rows = self.table("documents", self.folder / "m", "--topic", "1", "--limit", "4")
        self.assertEqual([r["topic"] for r in rows], ["1"] * 4)
        self.assertTrue(all(r["name"].startswith("1_") for r in rows))
        self.assertEqual(self.table("documents", self.folder / "m", "--topic", "-1"), [])
        self.assertIn("there is no topic 999, expected 0 to", self.run_tg("documents", self.folder / "m", "--topic", "999", code=2).stderr)

    def test_report_makes_the_same_page_again(self):
        self.run_tg("report", self.folder / "m", "-o", self.folder / "again.html")
        self.assertEqual((self.folder / "again.html").read_bytes(), (self.folder / "m/report.html").read_bytes())

    def test_ready_vectors_take_the_place_of_the_model(self):
        self.run_tg("embed", self.data, "--model", "static", "-o", self.folder / "x.npy")
        self.run_tg("fit", self.data, "--embeddings", self.folder / "x.npy", "-o", self.folder / "ready")
        self.assertEqual((self.folder / "ready/topics.json").read_bytes(), (self.folder / "m/topics.json").read_bytes())
        done = self.run_tg("transform", self.folder / "ready", self.data, code=2)
        self.assertIn("--embeddings", done.stderr)
        self.run_tg("transform", self.folder / "ready", self.data, "--embeddings", self.folder / "x.npy")

    def test_without_stored_vectors_transform_uses_centroids(self):
        self.fit("light", "--keep-embeddings", "false")
        rows = self.table("transform", self.folder / "light", self.write("n.csv", [("bake the cake in the oven with sugar", "")]))
        fitted = self.table("documents", self.folder / "light")
        cooking = [r["topic"] for r in fitted if r["label"] == "cooking"]
        self.assertEqual(rows[0]["topic"], max(set(cooking), key=cooking.count))

    def test_tfidf_is_fitted_with_the_model_and_serves_transform(self):
        self.run_tg("fit", self.data, "--model", "tfidf", "--label", "label", "-o", self.folder / "tfidf")
        self.assertTrue((self.folder / "tfidf/tfidf.safetensors").exists())
        by_topic = {}
        for row in self.table("documents", self.folder / "tfidf"):
            by_topic.setdefault(row["topic"], []).append(row["label"])
        pure = sum(max(labels.count(s) for s in set(labels)) for labels in by_topic.values())
        self.assertGreater(pure / len(self.rows), 0.9)
        news = self.write("tfidf.csv", [("bake the bread in a warm oven with butter", "")])
        topic = self.table("transform", self.folder / "tfidf", news)[0]["topic"]
        self.assertEqual(max(set(by_topic[topic]), key=by_topic[topic].count), "cooking")

    def test_tfidf_vectors_are_the_same_bytes_for_any_number_of_threads(self):
        for threads in (1, 3):
            self.run_tg("embed", self.data, "--model", "tfidf", "--threads", threads, "-o", self.folder / f"tfidf{threads}.npy")
        self.assertEqual((self.folder / "tfidf1.npy").read_bytes(), (self.folder / "tfidf3.npy").read_bytes())
        done = self.run_tg("embed", self.data, "--model", "tfidf", "--max-length", 9, "-o", self.folder / "no.npy", code=2)
        self.assertIn("embed.max_length", done.stderr)
        self.run_tg("embed", self.data, "--model", "tfidf", "--set", "embed.tfidf.words.min_df=99999", "-o", self.folder / "no.npy", code=3)

    def test_reads_stdin(self):
        self.run_tg("fit", "-", "--model", "static", "-o", self.folder / "stdin", stdin=self.data.read_text())
        self.assertEqual((self.folder / "stdin/topics.json").read_bytes(), (self.folder / "m/topics.json").read_bytes())

    def test_options_from_a_file_and_from_set(self):
        (self.folder / "o.toml").write_text("[topics]\ntop_n_words = 4\n[communities]\nresolution = 2.0\n")
        self.fit("conf", "--config", self.folder / "o.toml", "--set", "topics.n_representative=1")
        manifest = json.loads((self.folder / "conf/model.json").read_text())
        self.assertEqual(manifest["options"]["topics"], {"top_n_words": 4, "n_representative": 1, "sampling": "distinct"})
        self.assertEqual(manifest["options"]["communities"]["resolution"], 2.0)
        topics = json.loads((self.folder / "conf/topics.json").read_text())
        self.assertTrue(all(len(t["words"]) <= 4 and len(t["representative_documents"]) <= 1 for t in topics))

    def test_progress_as_json_lines(self):
        done = self.fit("pj", "--progress", "json")
        events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
        self.assertIn("neighbors", {e.get("stage") for e in events})
        self.assertEqual([e["overall"] for e in events if e["event"] == "end"],
                         sorted(e["overall"] for e in events if e["event"] == "end"))

    def test_a_reader_that_leaves_early_is_no_error_message(self):
        done = subprocess.run(f"'{PROGRAM}' documents '{self.folder / 'm'}' --format csv | head -1",
                              shell=True, capture_output=True, text=True)
        self.assertTrue(done.stdout.startswith("row,"))
        self.assertEqual(done.stderr, "")

    def test_empty_and_identical_documents_keep_their_place(self):
        rows = self.rows[:200] + [("", "x"), ("  \t ", "x")] + [self.rows[5]] * 7 + [(self.rows[5][0].replace(" ", "  "), "y")]
        self.fit("odd", data=self.write("odd.csv", rows))
        table = self.table("documents", self.folder / "odd")
        self.assertEqual([(table[i]["topic"], table[i]["reason"], table[i]["x"]) for i in (200, 201)], [("-1", "empty", "")] * 2)
        self.assertEqual(len({(table[i]["topic"], table[i]["x"]) for i in [5, *range(202, 210)]}), 1)
        topics = json.loads((self.folder / "odd/topics.json").read_text())
        self.assertEqual((topics[0]["topic"], topics[0]["count"]), (-1, 2))
        self.assertEqual(sum(t["count"] for t in topics), len(rows))


class Help(Base):
    def test_version_and_help_exit_with_0(self):
        self.assertRegex(self.run_tg("--version").stdout, r"^topograph \d+\.\d+\.\d+")
        for command in ("fit", "transform", "embed", "topics", "documents", "report", "info"):
            self.assertIn("Usage", self.run_tg(command, "--help").stdout)
        text = self.run_tg("fit", "--help").stdout
        self.assertIn("communities.resolution = 1", text)
        self.assertIn("--min-cluster-size", text)

    def test_wrong_use_exits_with_2(self):
        self.run_tg(code=2)
        self.run_tg("fitt", code=2)
        self.run_tg("fit", self.data, code=2)
        self.run_tg("fit", self.data, "-o", self.folder / "x", "--no-such-flag", code=2)

    def test_unknown_option_suggests_the_nearest(self):
        done = self.fit("x", "--set", "umap.n_component=3", code=2)
        self.assertIn("did you mean umap.n_components?", done.stderr)

    def test_all_bad_options_are_told_at_once_before_any_work(self):
        done = self.fit("x", "--set", "umap.min_dist=2", "--set", "map.min_dist=3", code=2)
        self.assertIn("umap.min_dist", done.stderr)
        self.assertIn("map.min_dist", done.stderr)

    def test_option_out_of_range(self):
        self.assertIn(">= 2", self.fit("x", "--neighbors", 1, code=2).stderr)
        self.assertIn("communities|hdbscan", self.fit("x", "--cluster", "kmeens", code=2).stderr)
        self.assertIn("8G", self.fit("x", "--memory", "lots", code=2).stderr)

    def test_info_tells_version_and_libraries(self):
        text = self.run_tg("info").stdout
        for word in ("version", "kernels", "OpenVINO", "Arrow"):
            self.assertIn(word, text)

    def test_model_list_and_info_know_the_built_in_model(self):
        self.assertIn("static-en", self.run_tg("model", "list").stdout)
        self.assertIn("256", self.run_tg("model", "info", "static").stdout)

    def test_encoders_are_described_and_take_prompts(self):
        model = pathlib.Path(__file__).parents[1] / "data" / "embed" / "architectures" / "gemma3"
        described = self.run_tg("model", "info", model).stdout
        for words in ("Gemma3TextModel", "prompt Clustering", "mean"):
            self.assertIn(words, described)
        out = self.folder / "vectors.npy"
        self.run_tg("embed", self.data, "--model", model, "--prompt-name", "Clustering",
                    "--truncate-dim", "5", "-o", out)
        self.assertIn(b", 5)", out.read_bytes()[:128])
        done = self.run_tg("embed", self.data, "--model", model, "--prompt-name", "title",
                           "-o", out, code=2)
        self.assertIn("Clustering, document, query", done.stderr)


class BadInput(Base):
    def bad(self, content, code=3, name="bad.csv", *args):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        done = self.fit("out", *args, data=path, code=code)
        self.assertFalse((self.folder / "out").exists())
        self.assertEqual(self.leftovers(), [])
        return done.stderr

    def test_missing_file(self):
        done = self.fit("out", data=self.folder / "nope.csv", code=3)
        self.assertIn("nope.csv", done.stderr)
        self.assertFalse((self.folder / "out").exists())
        self.assertEqual(self.leftovers(), [])

    def test_unknown_column_lists_the_columns(self):
        text = self.bad(corpus.csv_text(self.rows), 3, "c.csv", "--text", "body")
        self.assertIn("body", text)
        self.assertIn("label", text)

    def test_ragged_csv_names_the_line(self):
        self.assertIn("bad.csv:3", self.bad("text,label\na,b\na,b,c\nd,e\n"))

    def test_broken_json_line_names_the_line(self):
        self.assertIn("bad.jsonl:2", self.bad('{"text": "a"}\n{"text": \n', 3, "bad.jsonl"))

    def test_binary_file(self):
        self.bad(bytes(range(256)) * 20)

    def test_empty_file_and_header_only(self):
        self.bad("")
        self.bad("text,label\n")

    def test_all_blank(self):
        self.assertIn("blank", self.bad("text,label\n" + " ,x\n" * 30))

    def test_one_document_and_fewer_than_neighbours(self):
        self.assertIn("found 1", self.bad("text,label\nhello,x\n"))
        self.assertIn("found 9", self.bad(corpus.csv_text(self.rows[:9])))

    def test_all_documents_identical(self):
        self.assertIn("found 1", self.bad("text,label\n" + "same,x\n" * 100))

    def test_damaged_vectors(self):
        n = len(self.rows)
        for content, word in ((npy(n, 4, [0.5] * (4 * n - 1) + [float("nan")]), "nan"),
                              (npy(n - 1, 4, [0.5] * (4 * n - 4)), str(n)),
                              (npy(n, 4, [0.5] * 7), "npy"), (b"not npy", "npy")):
            path = self.folder / "x.npy"
            path.write_bytes(content)
            done = self.run_tg("fit", self.data, "--embeddings", path, "-o", self.folder / "out", code=3)
            self.assertIn(word, done.stderr.lower())
            self.assertFalse((self.folder / "out").exists())

    def test_invalid_utf8_is_replaced_and_counted_or_refused(self):
        content = corpus.csv_text(self.rows).encode() + b"caf\xe9 latin one,x\n"
        path = self.folder / "latin.csv"
        path.write_bytes(content)
        self.assertIn("invalid UTF-8", self.fit("latin", data=path).stderr)
        self.assertIn("latin.csv:", self.fit("out", "--strict", data=path, code=3).stderr)

    def test_missing_and_damaged_embedding_models(self):
        done = self.run_tg("fit", self.data, "--model", "no-such-model", "-o", self.folder / "out", code=4)
        self.assertIn("no-such-model", done.stderr)
        folder = self.folder / "damaged"
        source = pathlib.Path(json.loads(self.run_tg("model", "info", "static", "--format", "json").stdout)[1]["value"])
        shutil.copytree(source, folder)
        weights = folder / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:100000])
        self.run_tg("fit", self.data, "--model", folder, "-o", self.folder / "out", code=4)
        self.assertFalse((self.folder / "out").exists())

    def test_models_that_do_not_fit_together(self):
        tiny = pathlib.Path(__file__).parents[1] / "data/embed/tiny-bert"
        cases = {
            "missing array": ("config.json", lambda j: j.update(num_hidden_layers=9), ["model.safetensors", "of shape (32", "found no such array"]),
            "another shape": ("config.json", lambda j: j.update(intermediate_size=48), ["model.safetensors", "of shape (48, 32)", "found (64, 32)"]),
            "vocabulary": ("config.json", lambda j: j.update(vocab_size=j["vocab_size"] - 9), ["tokenizer.json", "found 191", "belong together"]),
            "architecture": ("config.json", lambda j: j.update(model_type="t5"), ["config.json", "bert, distilbert", "'t5'"]),
            "tokeniser part": ("tokenizer.json", lambda j: j.update(pre_tokenizer={"type": "Odd"}), ['"Odd"', "supported: BertPreTokenizer"]),
        }
        for i, (name, (file, change, words)) in enumerate(cases.items()):
            folder = self.folder / f"other{i}"
            shutil.copytree(tiny, folder)
            content = json.loads((folder / file).read_text())
            change(content)
            (folder / file).write_text(json.dumps(content))
            done = self.run_tg("embed", self.data, "--model", folder, "-o", self.folder / "o.npy", code=4)
            for word in words:
                self.assertIn(word, done.stderr, name)
            self.assertFalse((self.folder / "o.npy").exists())

    def test_missing_and_damaged_topic_models(self):
        self.run_tg("topics", self.folder / "nope", code=4)
        self.run_tg("topics", self.folder, code=4)
        self.fit("good")
        for name in ("arrays.safetensors", "topics.json", "model.json"):
            copy = self.folder / ("cut_" + name)
            shutil.copytree(self.folder / "good", copy)
            content = (copy / name).read_bytes()
            (copy / name).write_bytes(content[:len(content) // 2])
            self.assertIn(name, self.run_tg("topics", copy, code=4).stderr)
            (copy / name).unlink()
            self.assertIn(name, self.run_tg("transform", copy, self.data, code=4).stderr)
        (self.folder / "good/documents.parquet").write_bytes(b"PAR1 nonsense")
        self.run_tg("documents", self.folder / "good", code=4)

    def test_unwritable_output(self):
        done = self.run_tg("fit", self.data, "--model", "static", "-o", self.data / "model", code=5)
        self.assertIn("data.csv", done.stderr)
        done = self.run_tg("fit", self.data, "--model", "static", "-o", "/proc/no/model", code=5)
        self.assertIn("/proc/no", done.stderr)

    def test_a_foreign_folder_is_never_replaced(self):
        folder = self.folder / "photos"
        folder.mkdir()
        (folder / "cat.jpg").write_text("x")
        self.run_tg("fit", self.data, "--model", "static", "-o", folder, code=5)
        self.assertTrue((folder / "cat.jpg").exists())

    def test_full_disk_leaves_nothing(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
        done = self.fit("full", code=5, preexec_fn=limit)
        self.assertFalse((self.folder / "full").exists())
        self.assertEqual(self.leftovers(), [])
        self.assertIn(str(self.folder / "full"), done.stderr)
        self.assertNotIn(".tmp-", done.stderr)

    def test_interrupt_exits_with_130_and_removes_temporary_files(self):
        big = self.folder / "big.csv"
        rows = [(f"{text} {i}", label) for i in range(30) for text, label in self.rows]
        big.write_text(corpus.csv_text(rows))
        process = subprocess.Popen([PROGRAM, "fit", big, "--model", "static", "-o", self.folder / "stopped",
                                    "--set", "map.n_epochs=20000", "--progress", "json"], stderr=subprocess.PIPE, text=True)
        for line in process.stderr:
            if '"stage": "map"' in line and '"update"' in line:
                break
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        process.stderr.close()
        self.assertEqual(process.wait(timeout=30), 130, rest)
        self.assertIn("interrupted", rest)
        self.assertFalse((self.folder / "stopped").exists())
        self.assertEqual(self.leftovers(), [])


def flip(path, at):
    """Changes one byte."""
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))


class Resume(Base):
    """Finished blocks of vectors outlive a process that is killed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big = cls.folder / "big.csv"
        rows = [(f"{text} {i}", label) for i in range(400) for text, label in cls.rows]
        cls.n_rows = len(rows)
        cls.big.write_text(corpus.csv_text(rows))
        cls.whole = cls.folder / "whole.npy"
        done = subprocess.run([PROGRAM, "embed", cls.big, "--model", "static", "-o", cls.whole], capture_output=True)
        assert done.returncode == 0, done.stderr

    @staticmethod
    def n_finished(partial):
        """Whole entries of the journal, 128 bytes each."""
        journal = partial / "finished"
        return journal.stat().st_size // 128 if journal.exists() else 0

    def start(self, out):
        """Starts embedding and waits for two finished blocks."""
        process = subprocess.Popen([PROGRAM, "embed", self.big, "--model", "static", "-o", out, "--threads", "1"],
                                   stderr=subprocess.PIPE, text=True)
        partial = pathlib.Path(f"{out}.partial")
        while process.poll() is None and self.n_finished(partial) < 2:
            time.sleep(0.001)
        return process, partial

    def test_killed_run_continues_to_the_same_bytes_without_computing_twice(self):
        out = self.folder / "killed.npy"
        process, partial = self.start(out)
        process.kill()
        process.communicate()
        self.assertEqual(process.returncode, -signal.SIGKILL)
        self.assertFalse(out.exists())
        n_kept = self.n_finished(partial)
        self.assertGreaterEqual(n_kept, 2)
        done = self.run_tg("embed", self.big, "--model", "static", "-o", out, "--resume")
        self.assertIn(f"reused        {n_kept} of ", done.stderr)
        self.assertEqual(out.read_bytes(), self.whole.read_bytes())
        self.assertFalse(partial.exists())

    def test_damaged_rows_and_torn_entries_are_computed_again(self):
        for name, damage in (("growing", lambda path: flip(path, 128 + 8192 * 1024 + 5)),
                             ("finished", lambda path: flip(path, 128 + 20)),
                             ("finished", lambda path: os.truncate(path, 128 + 60))):
            out = self.folder / "damaged.npy"
            process, partial = self.start(out)
            process.kill()
            process.communicate()
            damage(partial / name)
            done = self.run_tg("embed", self.big, "--model", "static", "-o", out, "--resume")
            self.assertIn("reused        1 of ", done.stderr, name)
            self.assertEqual(out.read_bytes(), self.whole.read_bytes(), name)

    def test_other_numbers_or_another_model_are_not_continued(self):
        for options in (("--dtype", "f16"), ("--truncate-dim", "64")):
            out = self.folder / "other.npy"
            process, _ = self.start(out)
            process.kill()
            process.communicate()
            done = self.run_tg("embed", self.big, "--model", "static", "-o", out, "--resume", *options)
            self.assertNotIn("reused", done.stderr)
            afresh = self.folder / "afresh.npy"
            self.run_tg("embed", self.big, "--model", "static", "-o", afresh, *options)
            self.assertEqual(out.read_bytes(), afresh.read_bytes())

    def test_a_stalled_pipe_can_be_interrupted(self):
        out = self.folder / "stalled.npy"
        command = [PROGRAM, "embed", "-", "--input-format", "txt", "--model", "static", "-o", out]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdin.write(b"a line\n")
            process.stdin.flush()
            time.sleep(1)
            self.assertIsNone(process.poll())
            begin = time.perf_counter()
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(timeout=30), 130)
            self.assertLess(time.perf_counter() - begin, 2)
        self.assertFalse(out.exists())

    def test_interrupt_tells_how_to_continue(self):
        out = self.folder / "interrupted.npy"
        process, partial = self.start(out)
        process.send_signal(signal.SIGINT)
        stderr = process.communicate()[1]
        self.assertEqual(process.returncode, 130, stderr)
        self.assertIn("--resume continues", stderr)
        self.assertGreaterEqual(self.n_finished(partial), 2)
        done = self.run_tg("embed", self.big, "--model", "static", "-o", out)
        self.assertIn("--resume would continue", done.stderr)
        self.assertNotIn("reused", done.stderr)
        self.assertEqual(out.read_bytes(), self.whole.read_bytes())

    def test_full_disk_keeps_the_finished_blocks(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, 20_000_000))
        out = self.folder / "full.npy"
        done = self.run_tg("embed", self.big, "--model", "static", "-o", out, code=5, preexec_fn=limit)
        self.assertIn("--resume continues", done.stderr)
        self.assertFalse(out.exists())
        done = self.run_tg("embed", self.big, "--model", "static", "-o", out, "--resume")
        self.assertIn("reused", done.stderr)
        self.assertEqual(out.read_bytes(), self.whole.read_bytes())

    def test_cache_serves_later_runs_and_damage_is_computed_again(self):
        cache = self.folder / "cache"
        for name in ("one.npy", "two.npy"):
            done = self.run_tg("embed", self.big, "--model", "static", "-o", self.folder / name, "--cache", cache)
            self.assertEqual((self.folder / name).read_bytes(), self.whole.read_bytes())
        n_blocks = len(list(cache.glob("*.embeddings")))
        self.assertIn(f"reused        {n_blocks} of {n_blocks} blocks", done.stderr)
        block = sorted(cache.glob("*.embeddings"))[0]
        content = bytearray(block.read_bytes())
        for damage in (bytes(content[:-5]), bytes(content[:-1]) + bytes([content[-1] ^ 1]), b"no block at all"):
            block.write_bytes(damage)
            done = self.run_tg("embed", self.big, "--model", "static", "-o", self.folder / "two.npy", "--cache", cache)
            self.assertIn("embedded again", done.stderr)
            self.assertIn(f"reused        {n_blocks - 1} of {n_blocks} blocks", done.stderr)
            self.assertEqual((self.folder / "two.npy").read_bytes(), self.whole.read_bytes())
            self.assertEqual(block.read_bytes(), bytes(content))
        self.run_tg("embed", self.big, "--model", "static", "-o", self.folder / "two.npy", "--cache",
                    self.data / "cache", code=5)

    def test_fit_takes_blocks_from_the_cache(self):
        for name in ("f1", "f2"):
            done = self.fit(name, "--cache", self.folder / "fit_cache")
        self.assertIn("reused        1 of 1 blocks", done.stderr)
        self.assertEqual((self.folder / "f1/topics.json").read_bytes(), (self.folder / "f2/topics.json").read_bytes())

    def test_killed_fit_continues_to_the_same_topics(self):
        data = self.folder / "two_blocks.csv"
        data.write_text("".join(self.big.read_text().splitlines(keepends=True)[:1 + 2 * 8192]))
        quick = ("--no-report", "--set", "map.n_epochs=10")
        self.fit("fit_whole", *quick, data=data)
        out = self.folder / "fit_killed"
        process = subprocess.Popen([PROGRAM, "fit", data, "--model", "static", *quick, "-o", out, "--threads", "1"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        partial = pathlib.Path(f"{out}.partial")
        while process.poll() is None and not list(partial.glob("*.embeddings")):
            time.sleep(0.001)
        process.kill()
        self.assertEqual(process.wait(), -signal.SIGKILL)
        self.assertFalse(out.exists())
        n_kept = len(list(partial.glob("*.embeddings")))
        self.assertGreaterEqual(n_kept, 1)
        done = self.fit("fit_killed", *quick, "--resume", data=data)
        self.assertIn(f"reused        {n_kept} of 2 blocks", done.stderr)
        self.assertFalse(partial.exists())
        for name in ("topics.json", "documents.parquet", "arrays.safetensors"):
            self.assertEqual((out / name).read_bytes(), (self.folder / "fit_whole" / name).read_bytes(), name)

    def test_half_precision_is_half_the_size_and_rounded_to_nearest(self):
        half = self.folder / "half.npy"
        self.run_tg("embed", self.data, "--model", "static", "-o", half, "--dtype", "f16")
        full = self.folder / "full32.npy"
        self.run_tg("embed", self.data, "--model", "static", "-o", full)
        self.assertEqual(2 * (half.stat().st_size - 128), full.stat().st_size - 128)
        n = (full.stat().st_size - 128) // 4
        floats = struct.unpack(f"<{n}f", full.read_bytes()[128:])
        self.assertEqual(half.read_bytes()[128:], struct.pack(f"<{n}e", *floats))
        self.run_tg("fit", self.data, "--embeddings", half, "-o", self.folder / "from_half")

    def test_a_foreign_partial_folder_is_left_alone(self):
        partial = self.folder / "foreign.npy.partial"
        partial.mkdir()
        (partial / "photo.jpg").write_text("x")
        done = self.run_tg("embed", self.data, "--model", "static", "-o", self.folder / "foreign.npy", code=5)
        self.assertIn("photo.jpg", done.stderr)
        self.assertTrue((partial / "photo.jpg").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
