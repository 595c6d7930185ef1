"""Commands that read or change the topics of a fitted model, as a user meets them.

Run by ctest with the program in TOPOGRAPH; uses the built-in static model only.
"""
import csv
import io
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import corpus  # noqa: E402

PROGRAM = os.environ["TOPOGRAPH"]


class Structure(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="tg_structure_"))
        data = cls.folder / "data.csv"
        with data.open("w", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(["text", "label", "day", "region"])
            for i, (text, label) in enumerate(corpus.texts(40)):
                writer.writerow([text, label, f"20{19 + i % 3}-0{1 + i % 4}-01", ["north", "south"][i % 2]])
            writer.writerow(["", "", "", ""])
        cls.data = data
        cls.model = cls.folder / "model"
        subprocess.run([PROGRAM, "fit", data, "--model", "static", "-o", cls.model, "--no-report", "--progress", "none",
                        "--time", "day", "--class", "region", "--label", "label"], check=True, capture_output=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def tg(self, *args, code=0):
        done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, code, f"{args}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}")
        return done

    def rows(self, *args):
        return list(csv.DictReader(io.StringIO(self.tg(*args, "--format", "csv").stdout)))

    def changed(self, name, *args, model=None):
        return self.rows(args[0], model or self.model, *args[1:], "-o", self.folder / name, "--no-report")

    def topics(self, model):
        return [row["topic"] for row in self.rows("documents", model)]

    def test_merge_shows_where_topics_come_from_and_keeps_the_old_model(self):
        before = (self.model / "topics.json").read_bytes()
        rows = self.changed("merged", "merge", "0,2", "1,4")
        self.assertEqual([row["was"] for row in rows if row["topic"] != "-1"], ["0 2", "1 4", "3", "5"])
        self.assertEqual((self.model / "topics.json").read_bytes(), before)
        old, new = self.topics(self.model), self.topics(self.folder / "merged")
        self.assertEqual({(o, n) for o, n in zip(old, new) if o in "02"}, {("0", "0"), ("2", "0")})
        # What is known stays where it is.
        placed = self.rows("transform", self.folder / "merged", self.data)
        self.assertEqual([row["topic"] for row in placed], new)

    def test_a_changed_model_keeps_the_seed_of_its_fit(self):
        self.changed("seeded", "merge", "0,2", "--seed", 9)
        seeds = [json.loads((folder / "model.json").read_text())["provenance"]["seed"]
                 for folder in (self.model, self.folder / "seeded")]
        self.assertEqual(seeds, [42, 42])

    def test_in_place_replaces_the_model_and_keeps_other_files(self):
        model = self.folder / "place"
        shutil.copytree(self.model, model)
        (model / "notes.txt").write_text("mine")
        self.rows("delete", model, "3", "-i")
        self.assertEqual((model / "notes.txt").read_text(), "mine")
        self.assertTrue((model / "report.html").exists())
        self.assertEqual(json.loads((model / "model.json").read_text())["facts"]["topics"], 5)
        self.assertEqual(self.topics(model).count("-1"), 41)
        self.assertEqual([p.name for p in self.folder.iterdir() if ".tmp-" in p.name], [])
        again = self.rows("outliers", model, "--strategy", "embeddings", "--outliers", "5%", "-i", "--no-report")
        self.assertEqual(int(again[0]["count"]), 1 + 12)
        self.rows("outliers", model, "--strategy", "c-tf-idf", "-i", "--no-report")
        self.assertEqual(self.topics(model).count("-1"), 1)
        self.assertIn("nothing to do", self.tg("outliers", model, "-i", code=2).stderr)

    def test_a_full_disk_leaves_the_model_as_it_was(self):
        model = self.folder / "full"
        shutil.copytree(self.model, model)
        before = {path.name: path.read_bytes() for path in model.iterdir()}
        for size in (1000, 60_000, 200_000):
            done = subprocess.run([PROGRAM, "merge", model, "0,1", "-i"], capture_output=True, text=True, timeout=300,
                                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
            self.assertEqual(done.returncode, 5, done.stderr)
            # The message names the model, not the folder it is written under.
            self.assertIn(f"{model}/", done.stderr)
            self.assertNotIn("tmp-", done.stderr)
            self.assertEqual({path.name: path.read_bytes() for path in model.iterdir()}, before)
        self.assertEqual([path for path in self.folder.iterdir() if ".tmp-" in path.name], [])

    def test_reduce_split_and_wrong_topics(self):
        self.assertEqual(len(self.changed("three", "reduce", "--to", "3")), 4)
        self.assertEqual(len(self.changed("words", "reduce", "--to", "2", "--by-words")), 3)
        self.changed("auto", "reduce", "--to", "auto")
        parts = self.changed("split", "split", "0", "--into", "2", model=self.folder / "three")
        self.assertEqual(len(parts), 5)
        for args, text in [(("merge", self.model, "0,-1"), "-1 is no topic"), (("merge", self.model, "0,17"), "0 to 5"),
                           (("merge", self.model, "0,x"), "expected a number"), (("delete", self.model, "-1"), "-1"),
                           (("reduce", self.model, "--to", "60"), "1 to 6"), (("reduce", self.model, "--to", "few"), "number"),
                           (("split", self.model, "9"), "0 to 5")]:
            self.assertIn(text, self.tg(*args, "-o", self.folder / "never", code=2).stderr)
        self.assertFalse((self.folder / "never").exists())
        self.tg("merge", self.model, "0,1", code=2)  # neither -o nor -i
        self.tg("merge", self.folder / "nowhere", "0,1", "-i", code=4)

    def test_a_model_without_topics_and_numbers_that_cannot_be_meant(self):
        none = self.folder / "none"
        self.changed("none", "delete", "0,1,2,3,4,5")
        for args, text in [(("merge", none, "0,1"), "no topics"), (("reduce", none, "--to", "2"), "no topics"),
                           (("reduce", none, "--to", "auto"), "no topics"), (("split", none, "0"), "no topics"),
                           (("outliers", none), "no topics"), (("reduce", self.model, "--to", "-3"), "1 to 6"),
                           (("split", self.model, "0", "--resolution", "0"), "> 0"),
                           (("split", self.model, "0", "--resolution", "nan"), "> 0"),
                           (("split", self.model, "0", "--into", "4000"), "too few")]:
            self.assertIn(text, self.tg(*args, "-o", self.folder / "never", code=2).stderr, args)
        self.assertFalse((self.folder / "never").exists())
        newer = self.folder / "newer"
        shutil.copytree(self.model, newer)
        manifest = json.loads((newer / "model.json").read_text())
        (newer / "model.json").write_text(json.dumps({**manifest, "schema_version": 99}))
        self.assertIn("schema version", self.tg("merge", newer, "0,1", "-i", code=4).stderr)
        self.assertEqual(json.loads((newer / "model.json").read_text())["schema_version"], 99)

    def test_a_change_that_is_killed_leaves_a_whole_model(self):
        model = self.folder / "killed"
        shutil.copytree(self.model, model)
        for step in range(12):
            change = subprocess.Popen([PROGRAM, "relabel", model, "--label", f"0=number {step}", "-i", "--progress", "none"],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.02 * step)
            change.kill()
            change.wait()
            self.assertEqual(len(self.rows("topics", model)), 7)
            self.assertEqual(len(self.topics(model)), 241)
        for left in self.folder.glob(".killed.tmp-*"):
            shutil.rmtree(left)

    def test_relabel_sets_generates_and_resets_labels(self):
        rows = self.changed("named", "relabel", "--label", "2=the stars", "--label", "0=food")
        self.assertEqual({row["topic"]: row["label"] for row in rows}["2"], "the stars")
        merged = self.changed("named2", "merge", "1,3", model=self.folder / "named")
        self.assertIn("the stars", [row["label"] for row in merged])
        rows = self.changed("made", "relabel", "--generate", "2", "--with-number", "--separator", "-", model=self.folder / "named")
        first = next(row for row in rows if row["topic"] == "0")
        self.assertEqual(first["label"], "0-" + "-".join(first["words"].split(", ")[:2]))
        rows = self.changed("plain", "relabel", "--reset", model=self.folder / "made")
        self.assertEqual(next(r["label"] for r in rows if r["topic"] == "0"), ", ".join(first["words"].split(", ")[:4]))
        labels = self.folder / "labels.json"
        labels.write_text('{"1": "from a file"}')
        rows = self.changed("file", "relabel", "--labels", labels)
        self.assertEqual(next(r["label"] for r in rows if r["topic"] == "1"), "from a file")
        table = self.folder / "labels.csv"
        table.write_text('topic,label\n4,"of a table, too"\n')
        rows = self.changed("table", "relabel", "--labels", table)
        self.assertEqual(next(r["label"] for r in rows if r["topic"] == "4"), "of a table, too")
        table.write_text("topic,label\nfour,x\n")
        self.assertIn("'four'", self.tg("relabel", self.model, "--labels", table, "-o", self.folder / "no", code=2).stderr)
        labels.write_text("[1]")
        self.assertIn("JSON object", self.tg("relabel", self.model, "--labels", labels, "-o", self.folder / "no", code=2).stderr)
        self.assertIn("no topic 40", self.tg("relabel", self.model, "--label", "40=x", "-o", self.folder / "no", code=2).stderr)

    def test_relabel_changes_words_and_shows_old_beside_new(self):
        rows = self.changed("mmr", "relabel", "--representation", "keybert,mmr", "--aspects", "plain=mmr", "--set", "mmr.diversity=0.6",
                            "--set", "mmr.top_n_words=4")
        real = [row for row in rows if row["topic"] != "-1"]
        self.assertTrue(all(row["old_words"] != row["words"] for row in real))
        self.assertTrue(all(row["words"].count(",") == 3 and row["plain"].count(",") == 3 for row in real))
        topics = json.loads((self.folder / "mmr" / "topics.json").read_text())
        self.assertEqual(len(topics[-1]["aspects"]["plain"]), 4)
        options = json.loads((self.folder / "mmr" / "model.json").read_text())["options"]
        self.assertEqual((options["represent"]["main"], options["mmr"]["diversity"]), ("keybert,mmr", 0.6))
        self.assertIn("keybert", self.tg("relabel", self.model, "--representation", "magic", "-o", self.folder / "no", code=2).stderr)
        pairs = self.changed("pairs", "relabel", "--ngram-range", "2,2")
        self.assertTrue(all(" " in row["words"] for row in pairs if row["topic"] != "-1"))

    def test_aspects_are_columns_of_the_topic_table_and_give_labels(self):
        self.changed("aspects", "relabel", "--aspects", "plain=mmr,nouns=pos")
        model = self.folder / "aspects"
        rows = self.rows("topics", model)
        self.assertEqual(list(rows[0]), ["topic", "count", "label", "words", "nouns", "plain", "representative_rows"])
        one = self.rows("topics", model, "--topic", "2", "--aspect", "nouns")
        self.assertEqual(", ".join(row["term"] for row in one), {row["topic"]: row["nouns"] for row in rows}["2"])
        labelled = self.changed("aspect_labels", "relabel", "--generate", "2", "--aspect", "nouns", "--separator", " ", model=model)
        self.assertEqual([row["label"] for row in labelled][1:], [" ".join(row["nouns"].split(", ")[:2]) for row in rows][1:])
        self.assertIn("there are nouns, plain", self.tg("topics", model, "--topic", "2", "--aspect", "verbs", code=2).stderr)
        self.assertIn("there is no aspect 'x'", self.tg("relabel", model, "--generate", "1", "--aspect", "x", "-o", self.folder / "no", code=2).stderr)
        self.assertFalse((self.folder / "no").exists())

    def test_typical_documents_come_with_their_topic(self):
        topics = self.rows("topics", self.model)
        rows = self.rows("documents", self.model, "--representative")
        self.assertEqual([row["row"] for row in rows], " ".join(row["representative_rows"] for row in topics).split())
        self.assertTrue(all(row["text"] and row["name"].startswith(row["topic"] + "_") for row in rows))
        two = self.rows("documents", self.model, "--representative", "--topic", "2")
        self.assertEqual([row["row"] for row in two], topics[3]["representative_rows"].split())
        self.tg("documents", self.model, "--representative", "--borderline", "2", code=2)

    def test_columns_of_the_input_that_look_like_memberships_stay(self):
        data = self.folder / "taken.csv"
        lines = self.data.read_text().splitlines()
        data.write_text("topic_1," + lines[0] + "\n" + "\n".join(f"{i % 7}," + line for i, line in enumerate(lines[1:])) + "\n")
        self.tg("fit", data, "--model", "static", "-o", self.folder / "taken", "--no-report", "--text", "text")
        self.changed("taken_merged", "merge", "0,1", model=self.folder / "taken")
        rows = self.rows("documents", self.folder / "taken_merged")
        self.assertEqual([row["topic_1"] for row in rows], [str(i % 7) for i in range(len(rows))])

    def test_words_and_aspects_are_made_again_when_topics_change(self):
        self.changed("rich", "relabel", "--representation", "keybert", "--aspects", "nouns=pos,varied=mmr")
        rich = self.folder / "rich"

        def aspects(model):
            topics = json.loads((model / "topics.json").read_text())
            return {name for topic in topics if topic["topic"] >= 0 for name in topic["aspects"]}

        for name, args in (("merge", ("0,2",)), ("reduce", ("--to", "3")), ("delete", ("1",)), ("split", ("0", "--into", "2"))):
            rows = self.changed(f"rich_{name}", name, *args, model=rich)
            changed = self.folder / f"rich_{name}"
            self.assertEqual(aspects(changed), {"nouns", "varied"}, name)
            # As relabel makes them from the changed model: nothing is left of the topics before.
            again = self.changed(f"again_{name}", "relabel", "--representation", "keybert", model=changed)
            self.assertEqual([row["words"] for row in rows], [row["words"] for row in again], name)
        joined = self.rows("merge-models", rich, self.folder / "rich_merge", "-o", self.folder / "rich_joined", "--no-report")
        self.assertTrue(joined)
        self.assertEqual(aspects(self.folder / "rich_joined"), {"nouns", "varied"})

    def test_aspects_whose_encoder_is_unknown_are_left_out_with_a_warning(self):
        ready = self.folder / "ready_rich"
        self.tg("embed", self.data, "--text", "text", "--model", "static", "-o", self.folder / "rich.npy")
        self.tg("fit", self.data, "--text", "text", "--embeddings", self.folder / "rich.npy", "-o", ready, "--no-report")
        self.tg("relabel", ready, "--representation", "mmr", "--aspects", "nouns=pos,varied=mmr", "--model", "static",
                "-i", "--no-report")
        done = self.tg("merge", ready, "0,2", "-o", self.folder / "poor", "--no-report")
        self.assertIn("the words are those of the class TF-IDF and the aspect varied is gone", done.stderr)
        topics = json.loads((self.folder / "poor" / "topics.json").read_text())
        self.assertEqual(set(topics[-1]["aspects"]), {"nouns"})
        self.assertEqual(json.loads((self.folder / "poor" / "model.json").read_text())["options"]["represent"],
                         {"main": "", "aspects": ["nouns=pos"]})
        done = self.tg("merge", ready, "0,2", "-o", self.folder / "named_encoder", "--no-report", "--model", "static")
        self.assertNotIn("gone", done.stderr)
        topics = json.loads((self.folder / "named_encoder" / "topics.json").read_text())
        self.assertEqual(set(topics[-1]["aspects"]), {"nouns", "varied"})

    def test_words_by_part_of_speech_need_no_encoder(self):
        ready = self.folder / "ready"
        self.tg("embed", self.data, "--text", "text", "--model", "static", "-o", self.folder / "ready.npy")
        self.tg("fit", self.data, "--text", "text", "--embeddings", self.folder / "ready.npy", "-o", ready, "--no-report",
                "--set", "words.ngram_range=1,2")
        rows = self.changed("nouns", "relabel", "--representation", "pos", "--set", "pos.patterns=NOUN", model=ready)
        real = [row for row in rows if row["topic"] != "-1"]
        self.assertTrue(all(row["words"] for row in real))
        self.assertIn("words need the encoder", self.tg("relabel", ready, "--representation", "mmr", "-o", self.folder / "no", code=2).stderr
                      .replace("give --model with the encoder that made them", "words need the encoder"))
        wrong = self.tg("relabel", ready, "--representation", "pos", "--set", "pos.patterns=ADJ THING", "-o", self.folder / "no", code=2)
        self.assertIn("THING", wrong.stderr)

    def test_borderline_documents_come_with_the_other_topic(self):
        rows = self.rows("documents", self.model, "--borderline", "2")
        self.assertEqual([row["topic"] for row in rows], [t for t in "012345" for _ in range(2)])
        self.assertTrue(all(row["other_topic"] not in ("-1", row["topic"]) for row in rows))
        margins = [float(row["margin"]) for row in rows]
        self.assertTrue(all(first <= second for first, second in zip(margins[::2], margins[1::2])))
        self.assertEqual(len(self.rows("documents", self.model, "--borderline", "2", "--topic", "3")), 2)
        self.tg("documents", self.model, "--borderline", "2", "--sample", "1", code=2)
        topics = self.rows("topics", self.model, "--borderline", "2")
        shown = [row for topic in topics if topic["topic"] != "-1" for row in topic["borderline_rows"].split()]
        self.assertEqual(shown, [row["row"] for row in rows])
        listed = json.loads(self.tg("topics", self.model, "--borderline", "1", "--format", "json").stdout)
        self.assertEqual([topic["borderline_rows"] for topic in listed if topic["topic"] >= 0], shown[::2])
        self.assertNotIn("borderline_rows", self.rows("topics", self.model)[0])
        self.tg("topics", self.model, "--borderline", "2", "--topic", "0", code=2)

    def test_hierarchy_table_tree_and_cut_agree(self):
        merges = self.rows("hierarchy", self.model)
        self.assertEqual([row["parent_id"] for row in merges], ["10", "9", "8", "7", "6"])
        self.assertEqual(merges[0]["topics"], "0 1 2 3 4 5")
        distances = [float(row["distance"]) for row in merges]
        self.assertEqual(distances, sorted(distances, reverse=True))
        tree = self.tg("hierarchy", self.model, "--tree").stdout
        self.assertEqual(tree.count("Topic: "), 6)
        groups = {row["group"] for row in self.rows("hierarchy", self.model, "--cut", "3")}
        self.assertEqual(len(groups), 3)
        at = (distances[0] + distances[1]) / 2
        self.assertEqual(len({row["group"] for row in self.rows("hierarchy", self.model, "--cut-at", str(at))}), 2)
        self.tg("hierarchy", self.model, "--cut", "7", code=2)

    def test_over_time_and_per_class_count_every_document_once(self):
        rows = self.rows("over-time", self.model)
        self.assertEqual(sum(int(row["frequency"]) for row in rows), 240)
        self.assertEqual(rows[0]["timestamp"][:10], "2019-01-01")
        years = self.rows("over-time", self.model, "--every", "year")
        self.assertEqual({row["timestamp"][:4] for row in years}, {"2019", "2020", "2021"})
        self.assertEqual(len({row["timestamp"] for row in self.rows("over-time", self.model, "--bins", "3")}), 3)
        self.assertEqual({row["topic"] for row in self.rows("over-time", self.model, "--bins", "3", "--topics", "0,1")}, {"0", "1"})
        self.assertIn("no topic 77", self.tg("over-time", self.model, "--topics", "77", code=2).stderr)
        classes = self.rows("per-class", self.model)
        self.assertEqual({row["class"] for row in classes}, {"north", "south"})
        self.assertEqual(sum(int(row["frequency"]) for row in classes), 240)
        done = self.tg("over-time", self.model, "--time", "label", code=3)
        self.assertIn("column label, row 0", done.stderr)
        self.assertIn("--time-format", done.stderr)
        self.assertIn("its columns are", self.tg("per-class", self.model, "--class", "nothing", code=2).stderr)

    def test_distribution_of_documents_words_and_other_texts(self):
        shares = {}
        for row in self.rows("distribution", self.model):
            shares[row["row"]] = shares.get(row["row"], 0) + float(row["share"])
        self.assertEqual(len(shares), 240)
        self.assertTrue(all(abs(total - 1) < 1e-6 for total in shares.values()))
        other = self.folder / "other.txt"
        other.write_text("a comet near the galaxy and flour in the oven\n")
        tokens = self.rows("distribution", self.model, other, "--tokens", "--top", "1")
        comet = next(row for row in tokens if row["token"] == "comet")
        self.assertEqual((int(comet["begin"]), int(comet["end"])), (2, 7))
        flour = next(row for row in tokens if row["token"] == "flour")
        self.assertNotEqual(comet["topic"], flour["topic"])

    def test_find_puts_the_right_topic_first(self):
        found = self.rows("find", self.model, "telescope and galaxy", "--top", "2")
        self.assertEqual(len(found), 2)
        self.assertIn("galaxy", found[0]["words"])
        self.assertEqual(json.loads(self.tg("find", self.model, "bread", "--format", "json").stdout)[0]["count"], 40)
        self.assertIn("expected words", self.tg("find", self.model, "  ", code=2).stderr)
        # A table is for people: four digits; everything else has them all.
        shown = self.tg("find", self.model, "bread", "--format", "table").stdout.splitlines()[2].split()[1]
        self.assertEqual(shown, f"{float(self.rows('find', self.model, 'bread')[0]['similarity']):.4g}")

    def test_a_model_of_outliers_only_says_so(self):
        alone = self.folder / "alone"
        self.tg("fit", self.data, "--text", "text", "--model", "static", "-o", alone, "--no-report", "--cluster", "hdbscan",
                "--min-cluster-size", "200", "--time", "day", "--class", "region")
        rows = self.rows("topics", alone)
        self.assertEqual([(row["topic"], row["count"]) for row in rows], [("-1", "241")])
        self.assertEqual(self.rows("find", alone, "bread"), [])
        self.assertEqual(self.rows("distribution", alone), [])
        self.assertEqual({row["topic"] for row in self.rows("transform", alone, self.data, "--text", "text")}, {"-1"})
        for args, code, text in [(("reduce", "--to", "1"), 2, "no topics"), (("outliers",), 2, "no topics"), (("merge", "0,1"), 2, "no topics"),
                                 (("delete", "0"), 2, "no topics"), (("split", "0"), 2, "no topics")]:
            self.assertIn(text, self.tg(args[0], alone, *args[1:], "-o", self.folder / "never", code=code).stderr, args)
        self.assertIn("two topics", self.tg("hierarchy", alone, code=4).stderr)
        self.assertEqual({row["topic"] for row in self.rows("over-time", alone)}, {"-1"})
        self.assertEqual({row["topic"] for row in self.rows("per-class", alone)}, {"-1"})
        self.assertFalse((self.folder / "never").exists())

    def test_rows_without_class_or_time_are_counted_and_left_out(self):
        data = self.folder / "gaps.csv"
        lines = [line.split(",") for line in self.data.read_text().splitlines()]
        for i, line in enumerate(lines[1:]):
            if i % 4 == 0:
                line[-1] = ""
            if i % 5 == 0:
                line[-2] = ""
        data.write_text("\n".join(",".join(line) for line in lines) + "\n")
        model = self.folder / "gaps"
        self.tg("fit", data, "--text", "text", "--model", "static", "-o", model, "--no-report", "--time", "day", "--class", "region")
        done = self.tg("per-class", model, "--format", "csv")
        self.assertIn("61 documents have no class", done.stderr)
        self.assertEqual(sum(int(row["frequency"]) for row in csv.DictReader(io.StringIO(done.stdout))), 180)
        done = self.tg("over-time", model, "--every", "year", "--format", "csv")
        self.assertIn("49 documents have no time", done.stderr)
        self.assertEqual(sum(int(row["frequency"]) for row in csv.DictReader(io.StringIO(done.stdout))), 192)

    def test_rules_for_words_are_checked_before_the_work(self):
        for args, text in [(("--stop-words", "xx"), "no stop words for language 'xx'"), (("--stop-words", "@/no/file"), "/no/file"),
                           (("--set", "words.stemming=xx"), "no stemmer"), (("--set", "words.vocabulary=@/no/file"), "/no/file"),
                           (("--set", "words.token_rule=pattern", "--set", "words.token_pattern=("), "regular expression"),
                           (("--set", "represent.main=magic"), "keybert")]:
            done = self.tg("fit", self.data, "--text", "text", "--model", "static", "-o", self.folder / "never", *args, code=2)
            self.assertIn(text, done.stderr)
            self.assertNotIn("--resume", done.stderr)
        self.assertEqual(list(self.folder.glob("never*")), [])


if __name__ == "__main__":
    unittest.main()
