"""`topograph model pull` against a hub of its own: layout, resuming, damage, secrets, offline use."""
import hashlib
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from hub_server import COMMIT, Hub, git_sha1  # noqa: E402

PROGRAM = os.environ["TOPOGRAPH"]
SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
TINY = SOURCE / "tests/data/embed/tiny-bert"
NAME = "someone/tiny-bert"
SECRET = "hf_secret"


def repository_files():
    files = {str(p.relative_to(TINY)): p.read_bytes() for p in TINY.rglob("*") if p.is_file()}
    files |= {"README.md": b"# tiny", "pytorch_model.bin": b"x" * 50, "tf_model.h5": b"x", "onnx/model.onnx": b"x",
              "vocab.txt": b"a\nb\n", "1_Pooling/config.json": b'{"pooling_mode_mean_tokens": true}',
              "modules.json": json.dumps([{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                                          {"idx": 1, "name": "1", "path": "1_Pooling",
                                           "type": "sentence_transformers.models.Pooling"}]).encode()}
    return files


class Pull(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tg_pull_"))
        self.hub = Hub(NAME, repository_files(), large=["model.safetensors"])
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("HF_") and "proxy" not in k.lower()}
        self.environment |= {"HF_HOME": str(self.folder / "hf"), "HF_ENDPOINT": self.hub.url,
                             "TOPOGRAPH_MODELS": "", "XDG_CACHE_HOME": str(self.folder / "cache")}
        self.entry = self.folder / "hf/hub/models--someone--tiny-bert"
        self.snapshot = self.entry / "snapshots" / COMMIT

    def tearDown(self):
        self.hub.close()
        shutil.rmtree(self.folder)

    def run_tg(self, *args, code=0, **kwargs):
        env = self.environment | kwargs.pop("env", {})
        done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=120, env=env, **kwargs)
        self.assertEqual(done.returncode, code, f"{args}\nstdout: {done.stdout[-2000:]}\nstderr: {done.stderr[-2000:]}")
        self.assertNotIn(SECRET, done.stdout + done.stderr)
        return done

    def pull(self, *args, name=NAME, **kwargs):
        return self.run_tg("model", "pull", name, "--set", "pull.backoff_seconds=0.01", *args, **kwargs)

    def fetched(self, method="GET"):
        return [path for command, kind, path, _ in self.hub.requests if command == method and "/api/" not in path
                and (kind == "storage" or "model.safetensors" not in path)]

    def incomplete(self):
        return sorted(p.name for p in self.entry.rglob("*") if "incomplete" in p.name or ".tmp-" in p.name)

    def assert_complete(self):
        weights = (TINY / "model.safetensors").read_bytes()
        self.assertEqual((self.snapshot / "model.safetensors").read_bytes(), weights)
        self.assertEqual(self.incomplete(), [])
        self.assertEqual((self.entry / "refs/main").read_text(), COMMIT)

    def test_writes_the_layout_of_huggingface_hub(self):
        done = self.pull()
        self.assertEqual(done.stdout.strip(), str(self.snapshot))
        self.assert_complete()
        expected = {"config.json", "tokenizer.json", "model.safetensors", "modules.json", "1_Pooling/config.json"}
        found = {str(p.relative_to(self.snapshot)) for p in self.snapshot.rglob("*") if not p.is_dir()}
        self.assertTrue(expected <= found, found)
        self.assertFalse(found & {"README.md", "pytorch_model.bin", "tf_model.h5", "onnx/model.onnx", "vocab.txt"}, found)
        weights = self.snapshot / "model.safetensors"
        self.assertTrue(weights.is_symlink())
        self.assertEqual(os.readlink(weights), "../../blobs/" + hashlib.sha256(weights.read_bytes()).hexdigest())
        pooling = self.snapshot / "1_Pooling/config.json"
        self.assertEqual(os.readlink(pooling), "../../../blobs/" + git_sha1(pooling.read_bytes()))

    def test_huggingface_hub_finds_what_was_pulled(self):
        code = ("import sys, huggingface_hub as h; "
                f"print(h.snapshot_download('{NAME}', local_files_only=True)); "
                f"print(h.hf_hub_download('{NAME}', 'model.safetensors', local_files_only=True))")
        python = SOURCE / "build/peers/bin/python"
        if not python.exists() or subprocess.run([python, "-c", "import huggingface_hub"], capture_output=True).returncode:
            self.skipTest("skipped: huggingface_hub is not installed in build/peers")
        self.pull()
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, env=self.environment)
        self.assertEqual(done.stdout.split(), [str(self.snapshot), str(self.snapshot / "model.safetensors")], done.stderr)

    def test_a_pulled_model_is_found_listed_and_used(self):
        self.pull()
        listed = self.run_tg("model", "list", "--format", "json").stdout
        self.assertIn(NAME, [m["name"] for m in json.loads(listed)])
        self.assertIn(str(self.snapshot), self.run_tg("model", "info", NAME).stdout)
        self.assertIn(str(self.snapshot), self.run_tg("model", "info", f"{NAME}@main").stdout)
        data = self.folder / "d.csv"
        data.write_text("text\none two\nthree\n")
        self.run_tg("embed", data, "--model", NAME, "-o", self.folder / "x.npy", env={"HF_HUB_OFFLINE": "1"})

    def test_a_second_pull_fetches_nothing(self):
        self.pull()
        n = len(self.hub.requests)
        self.assertIn("(0 over the network)", self.pull().stderr)
        self.assertEqual(len(self.hub.requests), n + 1)

    def test_files_that_python_fetched_are_not_fetched_again(self):
        weights = (TINY / "model.safetensors").read_bytes()
        blob = self.entry / "blobs" / hashlib.sha256(weights).hexdigest()
        blob.parent.mkdir(parents=True)
        blob.write_bytes(weights)
        self.pull()
        self.assert_complete()
        self.assertNotIn("/model.safetensors", self.fetched())

    def test_a_broken_transfer_goes_on_where_it_stopped(self):
        self.hub.faults["model.safetensors"] = ["truncate", 503, "reset", 429]
        self.pull()
        self.assert_complete()
        ranges = [h.get("Range") for _, kind, _, h in self.hub.requests if kind == "storage"]
        self.assertEqual(len(ranges), 5)
        self.assertIsNone(ranges[0])
        self.assertTrue(all(r and r != "bytes=0-" for r in ranges[1:]), ranges)

    def test_a_killed_pull_is_resumed(self):
        self.hub.slow = 0.02
        process = subprocess.Popen([PROGRAM, "model", "pull", NAME], env=self.environment, stderr=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL)
        self.assertTrue(self.hub.started.wait(30))
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.hub.slow = 0
        self.run_tg("model", "info", NAME, code=4)
        self.pull()
        self.assert_complete()

    def test_ctrl_c_ends_at_once_and_keeps_what_came(self):
        self.hub.slow = 0.3
        process = subprocess.Popen([PROGRAM, "model", "pull", NAME], env=self.environment, stderr=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL)
        self.assertTrue(self.hub.started.wait(30))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(10), 130)
        self.hub.slow = 0
        self.pull()
        self.assert_complete()

    def test_a_server_without_ranges_starts_over(self):
        self.hub.ranges = False
        self.hub.faults["model.safetensors"] = ["truncate"]
        self.pull()
        self.assert_complete()

    def test_a_leftover_of_other_bytes_is_thrown_away(self):
        weights = (TINY / "model.safetensors").read_bytes()
        blob = self.entry / "blobs" / (hashlib.sha256(weights).hexdigest() + ".incomplete")
        blob.parent.mkdir(parents=True)
        for leftover in (b"wrong" * 10, bytes(len(weights)), bytes(len(weights) + 7)):
            blob.write_bytes(leftover)
            self.pull()
            self.assert_complete()
            shutil.rmtree(self.entry / "snapshots")
            (self.entry / "blobs" / hashlib.sha256(weights).hexdigest()).unlink()

    def test_a_wrong_hash_is_an_error_and_the_file_is_removed(self):
        for name in ("config.json", "model.safetensors"):
            self.hub.faults[name] = ["garbage"]
            done = self.pull(code=4)
            self.assertIn("hash", done.stderr)
            self.assertIn("pull again", done.stderr)
            self.assertEqual(self.incomplete(), [])
            self.assertFalse((self.entry / "refs/main").exists())
        self.pull()
        self.assert_complete()

    def test_trouble_that_stays_is_an_error_after_the_attempts(self):
        self.hub.down = 503
        done = self.pull("--set", "pull.max_retries=2", code=4)
        self.assertIn("503", done.stderr)
        self.assertEqual(len(self.hub.requests), 3)
        self.hub.down = 429
        self.assertIn("too many requests", self.pull("--set", "pull.max_retries=1", code=4).stderr)

    def test_the_token_goes_to_the_hub_and_nowhere_else(self):
        self.hub.gated.add(NAME)
        self.pull(env={"HF_TOKEN": SECRET})
        self.assert_complete()
        for _, kind, _, headers in self.hub.requests:
            self.assertEqual(headers.get("Authorization"), f"Bearer {SECRET}" if kind == "hub" else None)

    def test_the_token_file_of_huggingface_hub_is_used(self):
        self.hub.gated.add(NAME)
        (self.folder / "hf").mkdir()
        (self.folder / "hf/token").write_text(SECRET + "\n")
        self.pull()
        self.assert_complete()

    def test_a_gated_model_says_what_to_do(self):
        self.hub.gated.add("google/gated")
        for env in ({}, {"HF_TOKEN": "hf_wrong"}):
            done = self.pull(name="google/gated", code=4, env=env)
            self.assertIn("HF_TOKEN", done.stderr)
            self.assertIn("licence", done.stderr)
            self.assertNotIn("hf_wrong", done.stderr)

    def test_unknown_models_and_revisions(self):
        self.assertIn("no such model", self.pull(name="someone/none", code=4).stderr)
        self.assertIn("hub has no model", self.pull(name="someone/none", code=4, env={"HF_TOKEN": SECRET}).stderr)
        self.assertIn("no revision 'v9'", self.pull("--revision", "v9", code=4).stderr)
        for name in ("../x", "a/b/c", "a b", "", "a/..", "-x"):
            self.run_tg("model", "pull", "--", name, code=2)
        self.pull("--revision", "../../x", code=2)
        self.assertFalse((self.folder / "hf").exists())

    def test_a_revision_has_its_own_reference(self):
        self.pull("--revision", "v1")
        self.assertEqual((self.entry / "refs/v1").read_text(), COMMIT)
        self.run_tg("model", "info", NAME, code=4)
        self.run_tg("model", "info", f"{NAME}@v1")
        self.pull(name=f"{NAME}@{COMMIT}")

    def test_short_names_get_their_owner(self):
        for short, full in (("all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"), ("bge-small-en-v1.5", "BAAI/bge-small-en-v1.5"),
                            ("potion-base-8M", "minishlab/potion-base-8M"), ("gte-small", "thenlper/gte-small")):
            self.pull(name=short, code=4)
            self.assertEqual(self.hub.requests[-1][2], f"/api/models/{full}/revision/main")

    def test_offline_uses_the_cache_and_sends_nothing(self):
        done = self.pull(code=4, env={"HF_HUB_OFFLINE": "1"})
        self.assertIn("HF_HUB_OFFLINE", done.stderr)
        self.assertEqual(self.hub.requests, [])
        self.pull()
        n = len(self.hub.requests)
        self.assertEqual(self.pull(env={"HF_HUB_OFFLINE": "1"}).stdout.strip(), str(self.snapshot))
        self.assertEqual(len(self.hub.requests), n)

    def test_no_network(self):
        self.hub.close()
        done = self.pull("--set", "pull.max_retries=1", code=4)
        self.assertIn("cannot connect", done.stderr)

    def test_answers_that_are_no_hub(self):
        for listing in (b"<html>", b"[]", b"{}", b'{"sha": 7}', b'{"sha": "../x", "siblings": []}',
                        b'{"sha": "abc", "siblings": [{"rfilename": "../../evil.json"}]}',
                        b'{"sha": "abc", "siblings": [{"rfilename": "/etc/evil.json"}]}', b'{"sha": "abc", "siblings": {}}',
                        b'{"sha": "abc", "siblings": [7]}', b'{"sha": "abc"'):
            self.hub.listing = listing
            done = self.pull(code=4)
            self.assertIn(self.hub.url, done.stderr)
        self.hub.listing = b'{"sha": "abc", "siblings": [{"rfilename": "README.md"}]}'
        self.assertIn("expected a model", self.pull(code=4).stderr)
        self.hub.listing = None
        self.hub.etags["config.json"] = "../../evil"
        self.assertIn("ETag", self.pull(code=4).stderr)
        self.assertEqual(list(self.folder.rglob("evil*")), [])

    def test_two_pulls_at_once_do_not_disturb_each_other(self):
        self.hub.slow = 0.01
        both = [subprocess.Popen([PROGRAM, "model", "pull", NAME], env=self.environment, stderr=subprocess.PIPE,
                                 stdout=subprocess.PIPE, text=True) for _ in range(2)]
        for process in both:
            out, err = process.communicate(timeout=60)
            self.assertEqual((process.returncode, out.strip()), (0, str(self.snapshot)), err)
        self.assert_complete()
        self.assertEqual(self.fetched().count("/model.safetensors"), 1)

    def test_a_full_disk_is_an_output_error_and_can_be_resumed(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        done = self.pull(code=5, preexec_fn=limit)
        self.assertIn("goes on where it stopped", done.stderr)
        self.pull()
        self.assert_complete()

    def test_a_cache_that_cannot_be_written(self):
        (self.folder / "file").write_text("x")
        self.pull(code=5, env={"HF_HUB_CACHE": str(self.folder / "file/hub")})

    def test_pytorch_weights_alone_are_pulled_with_a_warning(self):
        del self.hub.files["model.safetensors"]
        del self.hub.files["onnx/model.onnx"]
        done = self.pull()
        self.assertIn("PyTorch", done.stderr)
        self.assertTrue((self.snapshot / "pytorch_model.bin").exists())

    def test_of_shards_modules_and_other_formats_only_what_is_needed_comes(self):
        wanted = ["2_Dense/config.json", "2_Dense/model.safetensors", "config.json", "config_sentence_transformers.json",
                  "merges.txt", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
                  "model.safetensors.index.json", "sentence_bert_config.json", "special_tokens_map.json",
                  "tokenizer_config.json", "vocab.json"]
        others = [".gitattributes", "2_Dense/pytorch_model.bin", "flax_model.msgpack", "onnx/model.onnx", "openvino/openvino_model.xml",
                  "pytorch_model-00001-of-00002.bin", "pytorch_model.bin.index.json", "train_script.py", "x/config.json",
                  "rust_model.ot", "data_config.yaml", "2_Dense/deep/config.json"]
        self.hub.files = {name: name.encode() for name in wanted + others}
        done = self.pull()
        self.assertIn("topograph cannot use this model", done.stderr)
        self.assertEqual(sorted(str(p.relative_to(self.snapshot)) for p in self.snapshot.rglob("*") if not p.is_dir()), wanted)

    def test_without_safetensors_onnx_comes(self):
        self.hub.files = {name: name.encode() for name in ("config.json", "tokenizer.json", "onnx/model.onnx", "onnx/model.onnx_data",
                                                           "onnx/model_quantized.onnx", "pytorch_model.bin")}
        self.pull()
        self.assertEqual(sorted(str(p.relative_to(self.snapshot)) for p in self.snapshot.rglob("*") if not p.is_dir()),
                         ["config.json", "onnx/model.onnx", "onnx/model.onnx_data", "tokenizer.json"])

    def test_progress_counts_bytes(self):
        done = self.pull("--progress", "json")
        events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
        total = sum(len(self.hub.files[str(p.relative_to(self.snapshot))]) for p in self.snapshot.rglob("*") if not p.is_dir())
        self.assertEqual({e["total"] for e in events if e["event"] == "end"}, {total})
        self.assertEqual(events[-1]["done"], total)

    def test_help_names_the_environment_variables(self):
        text = self.run_tg("model", "pull", "--help").stdout
        for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HOME", "HF_HUB_CACHE", "HF_HUB_OFFLINE", "pull.max_retries"):
            self.assertIn(name, text)

    def test_an_unknown_model_is_told_how_to_be_pulled(self):
        self.assertIn("topograph model pull someone/none", self.run_tg("model", "info", "someone/none", code=4).stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
