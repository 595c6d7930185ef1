"""A fit and a chain of changes leave the same bytes on one thread and on several.

Run by ctest with the program in TOPOGRAPH; uses the built-in static model only.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import corpus  # noqa: E402

PROGRAM = os.environ["TOPOGRAPH"]
# Command, what follows MODEL, and whether the changed model is written in place.
CHAIN = [
    ("reduce", "--to", "5"),
    ("split", "0"),
    ("merge", "0,2"),
    ("delete", "1"),
    ("outliers", "--strategy", "embeddings", "--outliers", "2%"),
    ("relabel", "--representation", "keybert,mmr", "--aspects", "nouns=pos", "--set", "words.ngram_range=1,2"),
    ("partial-fit", "MORE", "--min-topic-size", "5"),
    ("relabel", "--generate", "2", "--label", "0=the first"),
]
TABLES = [
    ("hierarchy",), ("hierarchy", "--tree"), ("over-time",), ("per-class",), ("distribution", "--tokens"),
    ("find", "stars and planets"), ("documents", "--borderline", "3"), ("topics", "--layers"), ("evaluate", "--label", "label"),
]


def folder_bytes(model):
    """Every file; of the manifest what does not tell when and how fast it was made."""
    files = {path.name: path.read_bytes() for path in model.iterdir()}
    manifest = json.loads(files.pop("model.json"))
    for key in ["threads", "stages", "created", "seconds", "peak_bytes"]:
        manifest["provenance"].pop(key, None)
    return files, manifest


class Repeat(unittest.TestCase):
    def run_chain(self, folder, threads):
        """The model after every step, and the tables of the last one."""
        first, more = pathlib.Path("first.csv"), pathlib.Path("more.csv")
        rows = [f'"{text}",{label},20{19 + i % 3}-0{1 + i % 9}-01,{"ns"[i % 2]}' for i, (text, label) in enumerate(corpus.texts(50))]
        (folder / first).write_text("text,label,day,region\n" + "\n".join(rows[:260]) + "\n,,,\n")
        (folder / more).write_text("text,label,day,region\n" + "\n".join(rows[260:]) + "\n")

        def tg(*args):
            # Paths are kept in the model: the same ones for all.
            done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, timeout=300, cwd=folder)
            self.assertEqual(done.returncode, 0, f"{args}\n{done.stderr.decode()[-1500:]}")
            return done.stdout

        run = ("--threads", threads, "--progress", "none")
        model = "model"
        tg("fit", first, "--model", "static", "-o", model, "--label", "label", "--time", "day", "--class", "region",
           "--cluster", "hdbscan", "--min-cluster-size", "8", "--components", "3", "--probabilities", "2", *run)
        steps = [folder_bytes(folder / model)]
        for command, *args in CHAIN:
            args = [more if arg == "MORE" else arg for arg in args]
            tg(command, model, *args, "-i", *run)
            steps.append(folder_bytes(folder / model))
        tables = []
        for command, *args in TABLES:
            threaded = () if command in ("documents", "topics") else run
            tables.append(tg(command, model, *args, *threaded))
        return steps, tables

    def test_threads_change_no_byte_of_a_model_or_a_table(self):
        results = {}
        for threads in (1, 2, 3):
            with tempfile.TemporaryDirectory(prefix="tg_repeat_") as folder:
                results[threads] = self.run_chain(pathlib.Path(folder), threads)
        names = ["fit"] + [command for command, *_ in CHAIN]
        for threads in (2, 3):
            for name, (files, manifest), (base, base_manifest) in zip(names, results[threads][0], results[1][0]):
                self.assertEqual(set(files), set(base), name)
                for file in files:
                    self.assertEqual(files[file], base[file], f"{name}: {file}, {threads} threads")
                self.assertEqual(manifest["facts"], base_manifest["facts"], name)
                self.assertEqual(manifest["options"], base_manifest["options"], name)
            for table, words, base in zip(TABLES, results[threads][1], results[1][1]):
                self.assertEqual(words, base, f"{table}, {threads} threads")
        # The chain did what it says: models differ from step to step. (A split may bring back what a merge joined.)
        topics = [files["topics.json"] for files, _ in results[1][0]]
        for name, before, after in zip(names[1:], topics, topics[1:]):
            self.assertNotEqual(after, before, name)


if __name__ == "__main__":
    unittest.main()
