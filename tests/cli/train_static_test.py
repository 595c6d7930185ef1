"""scripts/train_static_model from end to end on made-up sources: no network, a tiny encoder."""
import gzip
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import corpus  # noqa: E402

PROGRAM = os.environ["TOPOGRAPH"]
SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
TINY = SOURCE / "tests/data/embed/tiny-bert"


class TrainStatic(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tg_train_"))
        self.texts = [text for text, _ in corpus.texts()]
        for name in ("reddit_titles", "trump_tweets", "tweets_emoji", "debian_packages"):
            self.write(f"data/{name}.csv", corpus.csv_text(corpus.texts()))
        share = "work/debian/usr/share/"
        for part in ("noun", "verb", "adj", "adv"):
            lines = [f"0000{i} 03 n 02 word{i}_a 0 other 0 000 | {text}" for i, text in enumerate(self.texts[:20])]
            self.write(share + f"wordnet/data.{part}", "  1 licence\n" + "\n".join(lines) + "\n")
        self.write(share + "games/fortunes/wisdom", "\n%\n".join(self.texts[:30]))
        self.write(share + "games/fortunes/wisdom.dat", "not text")
        self.write(share + "doc/anarchism/markdown/a.md", "\n\n".join(self.texts))
        for name in ("foldoc", "jargon"):
            self.write(share + f"dictd/{name}.dict.dz", gzip.compress("\n\n".join(self.texts).encode()))

    def tearDown(self):
        shutil.rmtree(self.folder)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def train(self, *more):
        return subprocess.run([sys.executable, SOURCE / "scripts/train_static_model", "--data", self.folder / "data", "--work",
                               self.folder / "work", "-o", self.folder / "model", "--model", TINY, "--dimension", "16",
                               "--sample", "25", "--threads", "2", *more], capture_output=True, text=True, timeout=300)

    def test_every_step_runs_and_the_model_embeds(self):
        done = self.train()
        self.assertEqual(done.returncode, 0, done.stderr[-3000:])
        for name in ("reddit_titles", "wordnet", "fortunes", "anarchism", "hackers"):
            self.assertIn(f"{name}.csv: ", done.stderr)
        self.assertIn("reddit_titles.csv: 25 texts", done.stderr)
        out = self.folder / "x.npy"
        subprocess.run([PROGRAM, "embed", self.folder / "data/reddit_titles.csv", "--text", "text", "--model",
                        self.folder / "model", "-o", out], check=True, capture_output=True)
        self.assertIn(b", 16)", out.read_bytes()[:128])

    def test_what_is_done_is_not_done_again_and_the_model_is_the_same(self):
        self.assertEqual(self.train().returncode, 0)
        first = (self.folder / "model/model.safetensors").read_bytes()
        again = self.train()
        self.assertEqual(again.returncode, 0, again.stderr[-3000:])
        self.assertNotIn("texts\n", again.stderr.replace("vectors", ""))
        self.assertNotIn("embed: done", again.stderr)
        self.assertEqual((self.folder / "model/model.safetensors").read_bytes(), first)


if __name__ == "__main__":
    unittest.main(verbosity=1)
