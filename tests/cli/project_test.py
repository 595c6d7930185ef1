"""`topograph project`: vectors in, a few columns out; results, messages, exit codes, files."""
import json
import math
import os
import pathlib
import random
import resource
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import unittest

PROGRAM = os.environ["TOPOGRAPH"]
N, D, GROUPS = 120, 6, 3


def write_npy(path, rows):
    shape = (len(rows), len(rows[0]))
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    values = [v for row in rows for v in row]
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()
                     + struct.pack(f"<{len(values)}f", *values))
    return path


def read_npy(path):
    data = path.read_bytes()
    length = struct.unpack("<H", data[8:10])[0]
    header = data[10:10 + length].decode()
    rows, cols = (int(v) for v in header.split("'shape': (")[1].split(")")[0].split(","))
    kind = "e" if "<f2" in header else "f"
    values = struct.unpack(f"<{rows * cols}{kind}", data[10 + length:])
    return [list(values[r * cols:(r + 1) * cols]) for r in range(rows)]


def write_sparse(path, rows, columns=D):
    values = [v for row in rows for v in row]
    ids = [c for row in rows for c in range(len(row))]
    offsets = [len(rows[0]) * r for r in range(len(rows) + 1)]
    parts = {"data": ("F32", struct.pack(f"<{len(values)}f", *values), len(values)),
             "indices": ("I32", struct.pack(f"<{len(ids)}i", *ids), len(ids)),
             "indptr": ("I64", struct.pack(f"<{len(offsets)}q", *offsets), len(offsets)),
             "shape": ("I64", struct.pack("<2q", len(rows), columns), 2)}
    header, at = {}, 0
    for name, (kind, data, count) in parts.items():
        header[name] = {"dtype": kind, "shape": [count], "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(data for _, data, _ in parts.values()))
    return path


def groups(n=N, seed=5):
    """Rows around three centres far apart; the group of row r is r % 3."""
    rng = random.Random(seed)
    return [[(10.0 if c == r % GROUPS else 0.0) + rng.gauss(0, 0.3) for c in range(D)] for r in range(n)]


class Project(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="tg_project_"))
        cls.x = write_npy(cls.folder / "x.npy", groups())

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def project(self, name, *args, x=None, code=0, **kwargs):
        done = subprocess.run([PROGRAM, "project", x or self.x, "-o", self.folder / name, *map(str, args)],
                              capture_output=True, text=True, timeout=300, **kwargs)
        self.assertEqual(done.returncode, code, done.stderr[-2000:])
        self.assertEqual([p.name for p in self.folder.iterdir() if ".tmp-" in p.name], [])
        return done

    def assert_grouped(self, rows):
        """Every row's nearest other row is of its own group."""
        for i, row in enumerate(rows):
            nearest = min((j for j in range(len(rows)) if j != i), key=lambda j: math.dist(row, rows[j]))
            self.assertEqual(nearest % GROUPS, i % GROUPS)

    def test_umap_keeps_groups_together(self):
        done = self.project("y.npy")
        rows = read_npy(self.folder / "y.npy")
        self.assertEqual((len(rows), len(rows[0])), (N, 2))
        self.assert_grouped(rows)
        self.assertEqual(done.stdout, "")
        for word in ("vectors", "120 x 6", "120 x 2", "neighbors", "layout", "peak"):
            self.assertIn(word, done.stderr)

    def test_every_instruction_set_gives_the_same_layout(self):
        x = write_npy(self.folder / "isa.npy", groups(700, seed=8))
        for options in ([], ["--set", "umap.densmap=true", "--components", 5]):
            found = {}
            for isa in ("scalar", "avx2", "avx512"):  # one that this processor lacks falls back
                self.project(f"{isa}.npy", "--set", "umap.n_epochs=60", *options, x=x, env={**os.environ, "TG_FORCE_ISA": isa})
                found[isa] = (self.folder / f"{isa}.npy").read_bytes()
            self.assertEqual(found["scalar"], found["avx2"])
            self.assertEqual(found["scalar"], found["avx512"])

    def test_radii_are_written_beside_the_layout(self):
        self.project("d.npy", "--set", "umap.densmap=true", "--set", "umap.n_epochs=80", "--radii", self.folder / "r.npy")
        radii = read_npy(self.folder / "r.npy")
        self.assertEqual((len(radii), len(radii[0])), (N, 2))
        self.assertTrue(all(math.isfinite(value) for row in radii for value in row))
        done = self.project("d.npy", "--set", "umap.output_dens=true", code=2)
        self.assertIn("--radii", done.stderr)
        done = self.project("d.npy", "--method", "pca", "--radii", self.folder / "r.npy", code=2)
        self.assertIn("--radii", done.stderr)

    def test_rows_start_from_a_file(self):
        start = write_npy(self.folder / "start.npy", [row[:2] for row in groups(seed=6)])
        self.project("s.npy", "--start", start, "--set", "umap.n_epochs=0")
        self.assertEqual(read_npy(self.folder / "s.npy"), read_npy(start))
        done = self.project("s.npy", "--start", start, "--components", 3, code=3)
        self.assertIn("expected 120 x 3 positions, found 120 x 2", done.stderr)
        done = self.project("s.npy", "--start", start, "--method", "pca", code=2)
        self.assertIn("--start", done.stderr)

    def test_equal_rows_are_one_point(self):
        x = groups()
        x[60:90] = x[:30]
        self.project("u.npy", "--set", "umap.unique=true", "--set", "umap.n_epochs=30", x=write_npy(self.folder / "twins.npy", x))
        rows = read_npy(self.folder / "u.npy")
        self.assertEqual(rows[60:90], rows[:30])

    def test_components_and_options_reach_the_method(self):
        self.project("y5.npy", "--components", 5, "--neighbors", 8, "--metric", "cosine", "--set", "umap.n_epochs=20")
        self.assertEqual(len(read_npy(self.folder / "y5.npy")[0]), 5)
        self.project("y4.npy", "--set", "umap.n_components=4", "--set", "umap.n_epochs=20")
        self.assertEqual(len(read_npy(self.folder / "y4.npy")[0]), 4)

    def test_tsne_keeps_groups_together(self):
        done = self.project("tsne.npy", "--method", "tsne", "--perplexity", 10, "--metric", "cosine")
        rows = read_npy(self.folder / "tsne.npy")
        self.assertEqual((len(rows), len(rows[0])), (N, 2))
        self.assert_grouped(rows)
        for word in ("120 x 2", "neighbors", "layout"):
            self.assertIn(word, done.stderr)
        self.project("tsne3.npy", "--method", "tsne", "--components", 3, "--set", "tsne.n_iter=5")
        self.assertEqual(len(read_npy(self.folder / "tsne3.npy")[0]), 3)
        self.project("tsne_2.npy", "--method", "tsne", "--perplexity", 10, "--metric", "cosine", "--threads", 2)
        self.assertEqual((self.folder / "tsne_2.npy").read_bytes(), (self.folder / "tsne.npy").read_bytes())
        self.assertIn("n_components", self.project("e.npy", "--method", "tsne", "--components", 4, code=2).stderr)

    def test_pca_turns_the_rows_so_that_variance_comes_first(self):
        done = self.project("pca.npy", "--method", "pca")
        rows = read_npy(self.folder / "pca.npy")
        self.assertEqual((len(rows), len(rows[0])), (N, 2))
        self.assert_grouped(rows)
        self.assertIn("components", done.stderr)
        self.project("turned.npy", "--method", "pca", "--components", D)
        turned = read_npy(self.folder / "turned.npy")
        x = groups()
        for a, b in ((0, 1), (5, 50), (17, 101)):
            self.assertAlmostEqual(math.dist(turned[a], turned[b]), math.dist(x[a], x[b]), places=4)
        variances = [sum(row[c] ** 2 for row in turned) for c in range(D)]
        self.assertEqual(variances, sorted(variances, reverse=True))
        self.assertIn("expected 1 to 6", self.project("e.npy", "--method", "pca", "--components", D + 1, code=2).stderr)

    def test_whitened_scores_have_variance_one(self):
        for solver in ("exact", "randomized"):
            self.project("white.npy", "--method", "pca", "--set", "pca.whiten=true", "--set", f"pca.solver={solver}")
            for column in zip(*read_npy(self.folder / "white.npy")):
                self.assertAlmostEqual(sum(v * v for v in column) / (N - 1), 1, places=4)

    def test_svd_takes_dense_and_sparse_rows(self):
        self.project("svd.npy", "--method", "svd", "--components", 3)
        dense = read_npy(self.folder / "svd.npy")
        self.assertEqual((len(dense), len(dense[0])), (N, 3))
        self.assert_grouped(dense)
        squares = [sum(row[c] ** 2 for row in dense) for c in range(3)]
        self.assertEqual(squares, sorted(squares, reverse=True))
        sparse = write_sparse(self.folder / "x.safetensors", groups())
        self.project("sparse.npy", "--method", "svd", "--components", 3, x=sparse)
        for a, b in zip(read_npy(self.folder / "sparse.npy"), dense):
            for u, v in zip(a, b):
                self.assertAlmostEqual(u, v, places=3)
        self.assertIn("svd", self.project("e.npy", "--method", "pca", x=sparse, code=2).stderr)
        self.assertIn("svd.solver", self.project("e.npy", "--method", "svd", "--set", "svd.solver=exact", x=sparse, code=2).stderr)
        broken = write_sparse(self.folder / "broken.safetensors", groups(), columns=3)
        self.assertIn("row 0", self.project("e.npy", "--method", "svd", x=broken, code=3).stderr)

    def test_none_writes_the_vectors_themselves(self):
        self.project("same.npy", "--method", "none")
        self.assertEqual(read_npy(self.folder / "same.npy"), read_npy(self.x))
        self.project("half.npy", "--method", "none", "--dtype", "f16")
        self.assertEqual((self.folder / "half.npy").stat().st_size, 128 + N * D * 2)

    def test_the_search_of_neighbors_can_be_chosen_and_is_named(self):
        done = self.project("y6.npy", "--set", "neighbors.method=approximate", "--set", "neighbors.storage=float16")
        self.assertRegex(done.stderr, r"neighbors +approximate, float16, recall 1\.000|neighbors +approximate, float16, recall 0\.9")
        tsne = self.project("y7.npy", "--method", "tsne", "--set", "neighbors.method=approximate")
        self.assertIn("approximate, float32", tsne.stderr)
        refused = self.project("e.npy", "--method", "pca", "--set", "neighbors.method=exact", code=2)
        self.assertIn("neighbors.method", refused.stderr)

    def test_what_the_method_would_ignore_is_refused(self):
        table = self.folder / "kinds.csv"
        table.write_text("kind\n" + "a\n" * N)
        for flags, word in ((("tsne", "--neighbors", 5), "umap.n_neighbors"),
                            (("umap", "--perplexity", 5), "tsne.perplexity"),
                            (("pca", "--metric", "cosine"), "metric"),
                            (("pca", "--set", "umap.n_epochs=9"), "umap.n_epochs"),
                            (("none", "--components", 2), "n_components"),
                            (("tsne", "--target", table, "--target-column", "kind"), "--target")):
            done = self.project("e.npy", "--method", *flags, code=2)
            self.assertIn(word, done.stderr)
            self.assertIn("method", done.stderr)

    def test_targets_part_what_the_vectors_do_not(self):
        rng = random.Random(3)
        cloud = write_npy(self.folder / "cloud.npy", [[rng.gauss(0, 1) for _ in range(D)] for _ in range(N)])
        table = self.folder / "target.csv"
        table.write_text("kind,size\n" + "".join(f"k{r % GROUPS},{r % GROUPS}.5\n" for r in range(N)))
        own = {}
        for name, args in (("none", ()), ("labels", ("kind",)), ("numbers", ("size", "--target-type", "numbers"))):
            flags = ("--target", table, "--target-column", *args) if args else ()
            self.project(f"cloud_{name}.npy", *flags, x=cloud)
            rows = read_npy(self.folder / f"cloud_{name}.npy")
            nearest = [min((j for j in range(N) if j != i), key=lambda j: math.dist(rows[i], rows[j])) for i in range(N)]
            own[name] = sum(j % GROUPS == i % GROUPS for i, j in enumerate(nearest)) / N
        self.assertLess(own["none"], 0.6)
        self.assertGreater(own["labels"], 0.9)
        self.assertGreater(own["numbers"], own["none"] + 0.2)

    def test_bad_targets_name_the_cell_or_the_column(self):
        table = self.folder / "bad_target.csv"
        table.write_text("kind\n" + "1\n" * 9 + "red\n" + "1\n" * (N - 10))
        flags = ("--target", table, "--target-column")
        done = self.project("e.npy", *flags, "kind", "--target-type", "numbers", code=3)
        self.assertIn("column kind, row 9: expected a finite number, found 'red'", done.stderr)
        self.assertIn("kind", self.project("e.npy", *flags, "color", code=3).stderr)
        self.project("e.npy", "--target", table, code=2)
        table.write_text("kind\na\nb\n")
        self.assertIn("found 2", self.project("e.npy", *flags, "kind", code=3).stderr)

    def test_same_bytes_for_any_number_of_threads_and_other_ones_for_another_seed(self):
        for threads in (1, 2, 3):
            self.project(f"t{threads}.npy", "--threads", threads)
        first = (self.folder / "t1.npy").read_bytes()
        self.assertEqual((self.folder / "t2.npy").read_bytes(), first)
        self.assertEqual((self.folder / "t3.npy").read_bytes(), first)
        self.project("s.npy", "--seed", 7)
        self.assertNotEqual((self.folder / "s.npy").read_bytes(), first)

    def test_half_precision_is_half_the_size(self):
        self.project("h.npy", "--dtype", "f16")
        self.assertEqual((self.folder / "h.npy").stat().st_size, 128 + N * 2 * 2)
        self.assert_grouped(read_npy(self.folder / "h.npy"))

    def test_fewer_rows_than_neighbors_is_a_warning(self):
        few = write_npy(self.folder / "few.npy", groups(5))
        done = self.project("few_y.npy", x=few)
        self.assertIn("n_neighbors lowered from 15 to 5", done.stderr)
        self.assertEqual(len(read_npy(self.folder / "few_y.npy")), 5)

    def test_wrong_use_exits_with_2(self):
        self.assertIn("umap", self.project("e.npy", "--method", "umpa", code=2).stderr)
        self.assertIn("n_neighbors", self.project("e.npy", "--neighbors", 1, code=2).stderr)
        self.assertIn("min_dist", self.project("e.npy", "--min-dist", 3, code=2).stderr)
        self.assertIn("n_neighbors", self.project("e.npy", "--set", "umap.neighbors=3", code=2).stderr)
        self.assertFalse((self.folder / "e.npy").exists())

    def test_bad_vectors_exit_with_3(self):
        rows = groups()
        rows[17][2] = math.nan
        broken = write_npy(self.folder / "nan.npy", rows)
        self.assertIn("17", self.project("e.npy", x=broken, code=3).stderr)
        self.assertIn("none.npy", self.project("e.npy", x=self.folder / "none.npy", code=3).stderr)

    def test_unwritable_output_exits_with_5(self):
        self.project("no/such/folder/y.npy", code=5)
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
        self.project("full.npy", code=5, preexec_fn=limit)
        self.assertFalse((self.folder / "full.npy").exists())

    def test_interrupt_exits_with_130_and_leaves_nothing(self):
        run = subprocess.Popen([PROGRAM, "project", self.x, "-o", self.folder / "i.npy", "--set", "umap.n_epochs=100000000"],
                               stderr=subprocess.PIPE, text=True)
        time.sleep(0.7)
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=30)
        self.assertEqual(run.returncode, 130, errors)
        self.assertIn("nothing was written", errors)
        self.assertEqual([p.name for p in self.folder.iterdir() if p.name.startswith(("i.npy", ".i.npy"))], [])


if __name__ == "__main__":
    unittest.main()
