"""Vectors from an OpenAI-compatible endpoint: order, batches, repeated attempts, garbage, secrets."""
import json
import os
import pathlib
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
from embedding_server import Endpoint, vector  # noqa: E402

PROGRAM = os.environ["TOPOGRAPH"]
SECRET = "sk-very-secret"


def read_npy(path):
    data = path.read_bytes()
    length = struct.unpack("<H", data[8:10])[0]
    rows, cols = eval(data[10:10 + length].decode())["shape"]
    values = struct.unpack(f"<{rows * cols}f", data[10 + length:])
    return [list(values[r * cols:(r + 1) * cols]) for r in range(rows)]


class EndpointCase(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tg_endpoint_"))
        self.server = Endpoint()
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENAI_") and "proxy" not in k.lower()}
        self.environment |= {"XDG_CACHE_HOME": str(self.folder / "cache")}
        self.texts = [f"text number {i}" for i in range(50)]
        self.out = self.folder / "x.npy"

    def tearDown(self):
        self.server.close()
        shutil.rmtree(self.folder)

    def run_tg(self, *args, code=0, env=None):
        done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=120, env=self.environment | (env or {}))
        self.assertEqual(done.returncode, code, f"{args}\nstdout: {done.stdout[-2000:]}\nstderr: {done.stderr[-2000:]}")
        self.assertNotIn(SECRET, done.stdout + done.stderr)
        return done

    def embed(self, *settings, code=0, model="tiny", url=None, texts=None, env=None, more=()):
        data = self.folder / "d.jsonl"
        data.write_text("".join(json.dumps({"text": t}) + "\n" for t in (texts or self.texts)))
        endpoint = ["--endpoint", url or self.server.url] if url != "" else []
        sets = [part for s in ("backoff_seconds=0.01", *settings) for part in ("--set", "embed.endpoint." + s)]
        return self.run_tg("embed", data, "--model", model, *endpoint, *sets, *more, "-o", self.out, code=code, env=env)

    def assert_right(self, texts=None, dimension=8):
        self.assertEqual(read_npy(self.out), [vector(t, dimension) for t in (texts or self.texts)])

    def test_vectors_come_in_order_whatever_the_order_of_the_answers(self):
        self.server.delay = 0.005
        self.embed("batch_size=3", "concurrency=5")
        self.assert_right()
        self.assertEqual(sorted(len(b) for b in self.server.batches()), [2] + [3] * 16)
        self.assertGreater(self.server.most_at_once, 1)
        self.assertLessEqual(self.server.most_at_once, 5)

    def test_one_request_at_a_time(self):
        self.embed("batch_size=7", "concurrency=1")
        self.assert_right()
        self.assertEqual(self.server.most_at_once, 1)

    def test_batches_are_cut_by_characters_too(self):
        self.embed("batch_characters=40")
        self.assert_right()
        self.assertTrue(all(sum(map(len, b)) <= 40 for b in self.server.batches()))

    def test_a_server_that_gives_lists_of_numbers(self):
        self.server.knows_base64 = False
        self.embed()
        self.assert_right()

    def test_dimensions_are_asked_for_and_checked(self):
        self.embed("dimensions=4")
        self.assert_right(dimension=4)
        self.server.can_shorten = False
        self.assertIn("expected vectors of 4 numbers", self.embed("dimensions=4", code=4).stderr)

    def test_normalized(self):
        self.embed(more=["--set", "embed.normalize=true"])
        for row in read_npy(self.out):
            self.assertAlmostEqual(sum(x * x for x in row), 1, places=5)

    def test_long_texts_are_cut_and_counted(self):
        done = self.embed("max_characters=6", texts=["grün ist schön", "kurz", "日本語の文章です。"])
        self.assert_right(["grün i", "kurz", "日本語の文章"])
        self.assertRegex(done.stderr, r"truncated +2")

    def test_blank_texts_are_sent_as_a_space(self):
        self.embed(texts=["a", "", "  "])
        self.assert_right(["a", " ", " "])

    def test_temporary_trouble_is_tried_again(self):
        self.server.faults = [429, 500, 503, "reset", (429, [("Retry-After", "0")]), 502]
        self.embed("batch_size=10")
        self.assert_right()
        self.assertEqual(len(self.server.batches()), 5 + 6)

    def test_retry_after_is_obeyed(self):
        self.server.faults = [(429, [("Retry-After", "1")])]
        begin = time.time()
        self.embed("batch_size=10")
        self.assertGreater(time.time() - begin, 1)
        self.assert_right()
        self.server.faults = [(429, [("Retry-After", "100000")])]
        self.assertIn("429", self.embed(code=4).stderr)

    def test_a_stalled_answer_is_tried_again(self):
        self.server.faults = ["stall"]
        self.embed("batch_size=25", "timeout_seconds=0.5")
        self.assert_right()

    def test_trouble_that_stays_is_an_error(self):
        self.server.faults = [500] * 50
        done = self.embed("max_retries=2", "concurrency=1", code=4)
        self.assertIn("500", done.stderr)
        self.assertIn("3 attempts", done.stderr)
        self.assertEqual(len(self.server.batches()), 3)
        self.assertFalse(self.out.exists())

    def test_wrong_requests_are_not_repeated(self):
        for status in (400, 401, 403, 404, 422):
            n = len(self.server.batches())
            self.server.faults = [status]
            done = self.embed(code=4)
            self.assertIn(str(status), done.stderr)
            self.assertEqual(len(self.server.batches()), n + 1)

    def test_a_batch_too_large_for_the_server_is_halved(self):
        self.server.most_texts = 4
        self.embed("batch_size=20")
        self.assert_right()

    def test_a_text_too_long_for_the_server_is_told_clearly(self):
        self.server.most_characters = 100
        done = self.embed(texts=self.texts + ["long " * 50], code=4)
        self.assertIn("maximum context length is 100 tokens", done.stderr)
        self.assertIn("250 bytes and begins 'long long", done.stderr)
        self.assertIn("max_characters", done.stderr)

    def test_the_key_is_sent_and_never_shown(self):
        self.server.key = SECRET
        self.embed(env={"OPENAI_API_KEY": SECRET})
        self.assert_right()
        self.embed("key_variable=MY_KEY", env={"MY_KEY": SECRET})
        self.assertIn("OPENAI_API_KEY", self.embed(code=4).stderr)
        self.server.key = "another"
        self.assertIn("***", self.embed(code=4, env={"OPENAI_API_KEY": SECRET}).stderr)
        self.embed(code=4, url=self.server.url.replace("http://", f"http://user:{SECRET}@") + f"?key={SECRET}", env={"OPENAI_API_KEY": "x"})
        self.embed(code=2, env={"OPENAI_API_KEY": SECRET + "\r\nX: y"})

    def test_a_topic_model_does_not_hold_the_key(self):
        data = self.folder / "d.csv"
        data.write_text(corpus.csv_text(corpus.texts()))
        self.server.key = SECRET
        self.run_tg("fit", data, "--model", "tiny", "--endpoint", self.server.url, "-o", self.folder / "m", env={"OPENAI_API_KEY": SECRET})
        for path in (self.folder / "m").iterdir():
            self.assertNotIn(SECRET.encode(), path.read_bytes(), path.name)
        new = self.folder / "n.csv"
        new.write_text("text\na new one\n")
        self.run_tg("transform", self.folder / "m", new, env={"OPENAI_API_KEY": SECRET})

    def test_a_password_in_the_address_is_sent_but_neither_kept_nor_shown(self):
        data = self.folder / "d.csv"
        data.write_text(corpus.csv_text(corpus.texts()))
        self.server.login = f"user:{SECRET}"
        whole = self.server.url.replace("http://", f"http://user:{SECRET}@") + f"?api-version=3&key={SECRET}#{SECRET}"
        model = self.folder / "m"
        done = self.run_tg("fit", data, "--model", "tiny", "--endpoint", whole, "--cache", self.folder / "blocks", "--progress", "json", "-o", model)
        self.assertNotIn("user", done.stderr)
        self.assertIn(f"key={SECRET}", self.server.requests[-1][0])
        for path in (*model.iterdir(), *(self.folder / "blocks").iterdir()):
            self.assertNotIn(SECRET.encode(), path.read_bytes(), path.name)
        options = json.loads((model / "model.json").read_text())["options"]
        self.assertEqual(options["embed"]["endpoint"]["url"], self.server.url + "?api-version=3")
        new = self.folder / "n.csv"
        new.write_text("text\na new one\n")
        self.assertIn("OPENAI_BASE_URL", self.run_tg("transform", model, new, code=4).stderr)
        self.run_tg("transform", model, new, env={"OPENAI_BASE_URL": whole})
        self.run_tg("transform", model, new, env={"OPENAI_BASE_URL": whole.replace("/v1", "/v2")}, code=4)
        self.run_tg("report", model, "-o", self.folder / "again.html")
        self.assertNotIn(SECRET, (self.folder / "again.html").read_text())
        done = self.run_tg("embed", new, "--model", whole, "-o", self.out, code=2)
        self.assertIn("--endpoint", done.stderr)
        # Mistyped addresses are refused without repeating them.
        for bad in (f"user:{SECRET}@localhost/v1", f"http://user:{SECRET}/x@localhost/v1", f"ftp://user:{SECRET}@localhost", f"http://u:{SECRET}?@h"):
            self.embed(url=bad, code=2)

    def test_openai_names_and_addresses(self):
        self.embed(url="", model="openai:tiny", env={"OPENAI_BASE_URL": self.server.url, "OPENAI_API_KEY": "x"})
        self.assert_right()
        self.embed(url=self.server.url + "/embeddings")
        self.embed(url=self.server.url + "/?api-version=3", model="openai:tiny")
        self.assertEqual(self.server.requests[-1][0], "/v1/embeddings?api-version=3")
        self.assertIn("OPENAI_API_KEY", self.embed(url="", model="openai:tiny", code=2).stderr)
        self.assertIn("/v1", self.embed(url=self.server.url[:-3], code=4).stderr)
        self.assertIn("does not exist", self.embed(model="other", code=4).stderr)
        self.embed(url="localhost:80", code=2)
        self.embed(model="openai:", code=2)

    def test_nobody_there(self):
        self.server.close()
        begin = time.time()
        self.assertIn("cannot connect", self.embed(code=4).stderr)
        self.assertLess(time.time() - begin, 10)

    def test_max_length_is_refused(self):
        done = self.run_tg("embed", "-", "--model", "tiny", "--endpoint", self.server.url, "--max-length", 9, "-o", self.out, code=2)
        self.assertIn("max_characters", done.stderr)

    def test_garbage_is_a_clear_error(self):
        def changed(change):
            def fault(right):
                for entry in right["data"]:
                    entry["embedding"] = [0.5] * 8
                return change(right) or json.dumps(right).encode()
            return fault

        def entry(i, **values):
            def change(right):
                right["data"][i].update(values)
            return change

        def without_entry(right):
            right["data"].pop()

        cases = {
            "web page": lambda r: b"<!DOCTYPE html><html>Sign in</html>",
            "expected JSON": lambda r: json.dumps(r).encode()[:-20],
            "'data'": lambda r: b'{"object": "error"}',
            "expected 50 embeddings": changed(without_entry),
            "occurs twice": changed(entry(0, index=0)),
            "an index from 0 to 49, found 50": changed(entry(3, index=50)),
            "an index from 0 to 49, found -1": changed(entry(3, index=-1)),
            "one length": changed(entry(2, embedding=[1.0] * 7)),
            "of 8 numbers": changed(lambda r: [e.update(embedding=[1.0] * 9) for e in r["data"]] and None),
            "is empty": changed(entry(2, embedding=[])),
            "NaN or infinite": changed(entry(2, embedding=[1e300] * 8)),
            "expected JSON, found": changed(entry(2, embedding=[float("nan")] * 8)),
            "expected numbers": changed(entry(2, embedding=[None] * 8)),
            "no base64": changed(entry(2, embedding="!!!!")),
            "a list or base64": changed(entry(2, embedding={})),
            "found 0": lambda r: b'{"data": []}',
        }
        for words, fault in cases.items():
            self.server.faults = [fault]
            done = self.embed(code=4)
            self.assertIn(words, done.stderr)
            self.assertIn(self.server.url, done.stderr)
            self.assertFalse(self.out.exists())
        nan = struct.pack("<8f", *[float("nan")] * 8)
        import base64
        self.server.faults = [changed(entry(2, embedding=base64.b64encode(nan).decode()))]
        self.assertIn("NaN or infinite", self.embed(code=4).stderr)

    def test_ctrl_c_ends_at_once(self):
        self.server.delay = 5
        data = self.folder / "d.txt"
        data.write_text("a\nb\n")
        process = subprocess.Popen([PROGRAM, "embed", data, "--model", "tiny", "--endpoint", self.server.url, "-o", self.out],
                                   stderr=subprocess.DEVNULL, env=self.environment)
        while not self.server.requests:
            time.sleep(0.01)
        begin = time.time()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(10), 130)
        self.assertLess(time.time() - begin, 2)


if __name__ == "__main__":
    unittest.main(verbosity=1)
