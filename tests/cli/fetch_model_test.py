"""scripts/fetch_model against a local server that speaks the hub's paths. Needs curl, no network."""

import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "fetch_model"
WEIGHTS = bytes(range(256)) * 4000
REPOSITORY = "/someone/tiny/resolve/main/"
FILES = {
    "config.json": b'{"model_type": "bert"}',
    "tokenizer.json": b'{"model": {}}',
    "modules.json": b"[]",
    "1_Pooling/config.json": b"{}",
    "model.safetensors": WEIGHTS,
}


class Hub(http.server.BaseHTTPRequestHandler):
    """Serves FILES under any repository; understands byte ranges; may break off."""

    requests = []
    files = dict(FILES)
    cut_weights_at = None

    def do_GET(self):
        name = self.path.split("/resolve/main/")[-1]
        start = 0
        if self.headers.get("Range"):
            start = int(self.headers["Range"].split("=")[1].split("-")[0])
        Hub.requests.append((name, start))
        body = Hub.files.get(name)
        if body is None:
            self.send_error(404)
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        end = len(body)
        if name == "model.safetensors" and Hub.cut_weights_at:
            end = Hub.cut_weights_at
        self.wfile.write(body[start:end])

    def log_message(self, *_):
        pass


@unittest.skipUnless(shutil.which("curl"), "skipped: no curl")
class FetchModelTest(unittest.TestCase):
    def setUp(self):
        Hub.requests, Hub.files, Hub.cut_weights_at = [], dict(FILES), None
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.folder = Path(tempfile.mkdtemp())

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(self.folder)

    def fetch(self, *arguments, **environment):
        env = dict(os.environ, HF_ENDPOINT=f"http://127.0.0.1:{self.server.server_port}")
        env = {k: v for k, v in env.items() if not k.lower().endswith("_proxy")}
        env.pop("TOPOGRAPH_MODELS", None)
        env.update(environment)
        return subprocess.run([sys.executable, str(SCRIPT), *arguments], env=env,
                              capture_output=True, text=True, timeout=60)

    def left_over(self):
        return sorted(path.name for path in self.folder.iterdir())

    def test_fetches_every_file_of_a_repository(self):
        digest = hashlib.sha256(WEIGHTS).hexdigest()
        done = self.fetch("someone/tiny", "--to", str(self.folder), "--sha256", digest)
        self.assertEqual(done.returncode, 0, done.stderr)
        model = self.folder / "tiny"
        self.assertEqual(done.stdout.strip(), str(model))
        for name, body in FILES.items():
            self.assertEqual((model / name).read_bytes(), body)
        self.assertFalse((model / "README.md").exists())
        self.assertEqual(self.left_over(), ["tiny"])

    def test_second_run_asks_for_nothing(self):
        digest = hashlib.sha256(WEIGHTS).hexdigest()
        arguments = ("someone/tiny", "--to", str(self.folder), "--sha256", digest)
        self.fetch(*arguments)
        Hub.requests.clear()
        done = self.fetch(*arguments)
        self.assertEqual(done.returncode, 0)
        self.assertIn("already", done.stderr)
        self.assertEqual(Hub.requests, [])

    def test_goes_on_where_an_interrupted_download_stopped(self):
        Hub.cut_weights_at = 1000
        first = self.fetch("someone/tiny", "--to", str(self.folder))
        self.assertEqual(first.returncode, 1)
        self.assertFalse((self.folder / "tiny").exists())
        Hub.cut_weights_at = None
        Hub.requests.clear()
        second = self.fetch("someone/tiny", "--to", str(self.folder))
        self.assertEqual(second.returncode, 0, second.stderr)
        weights = [start for name, start in Hub.requests if name == "model.safetensors"]
        self.assertGreaterEqual(weights[0], 1000)
        self.assertNotIn(("config.json", 0), Hub.requests)
        self.assertEqual((self.folder / "tiny" / "model.safetensors").read_bytes(), WEIGHTS)

    def test_refuses_weights_with_another_digest(self):
        done = self.fetch("all-MiniLM-L6-v2", "--from", "hub", "--to", str(self.folder))
        self.assertEqual(done.returncode, 1)
        self.assertIn("expected SHA-256 53aa5117", done.stderr)
        self.assertIn(hashlib.sha256(WEIGHTS).hexdigest(), done.stderr)
        self.assertEqual(self.left_over(), [])

    def test_repairs_a_damaged_model(self):
        digest = hashlib.sha256(WEIGHTS).hexdigest()
        arguments = ("someone/tiny", "--to", str(self.folder), "--sha256", digest)
        self.fetch(*arguments)
        (self.folder / "tiny" / "model.safetensors").write_bytes(WEIGHTS[:-1])
        done = self.fetch(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.folder / "tiny" / "model.safetensors").read_bytes(), WEIGHTS)
        self.assertEqual(self.left_over(), ["tiny"])

    def test_names_a_missing_file(self):
        del Hub.files["tokenizer.json"]
        done = self.fetch("someone/tiny", "--to", str(self.folder))
        self.assertEqual(done.returncode, 1)
        self.assertIn("tokenizer.json", done.stderr)
        self.assertFalse((self.folder / "tiny").exists())

    def test_refuses_a_web_page_in_place_of_json(self):
        Hub.files["config.json"] = b"<html>sign in</html>"
        done = self.fetch("someone/tiny", "--to", str(self.folder))
        self.assertEqual(done.returncode, 1)
        self.assertIn("not JSON", done.stderr)
        self.assertEqual(self.left_over(), [])

    def test_uses_the_first_folder_of_topograph_models(self):
        done = self.fetch("someone/tiny", TOPOGRAPH_MODELS=f"{self.folder}/a:{self.folder}/b")
        self.assertEqual(done.returncode, 0, done.stderr)
        config = json.loads((self.folder / "a" / "tiny" / "config.json").read_text())
        self.assertEqual(config["model_type"], "bert")

    def test_lists_the_known_names_for_an_unknown_one(self):
        done = self.fetch("no-such-model", "--to", str(self.folder))
        self.assertEqual(done.returncode, 1)
        self.assertIn("all-MiniLM-L6-v2", done.stderr)
        self.assertEqual(Hub.requests, [])


if __name__ == "__main__":
    unittest.main()
