"""`topograph cluster`: vectors in, clusters out; results, messages, exit codes, memory."""
import array
import csv
import io
import math
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import time
import unittest

from project_test import GROUPS, N, groups, read_npy, write_npy

PROGRAM = os.environ["TOPOGRAPH"]


class Cluster(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="tg_cluster_"))
        cls.x = write_npy(cls.folder / "x.npy", groups())

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def cluster(self, *args, x=None, code=0):
        command = [PROGRAM, "cluster", x or self.x, "--progress", "none", *map(str, args)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        self.errors = done.stderr
        self.assertEqual(done.returncode, code, self.errors[-2000:])
        return list(csv.DictReader(io.StringIO(done.stdout)))

    def test_every_method_finds_the_groups(self):
        for method, *options in [("hdbscan", "--min-cluster-size", 10), ("kmeans", "--clusters", 3),
                                 ("minibatch", "--clusters", 3), ("gmm", "--clusters", 3),
                                 ("agglomerative", "--clusters", 3), ("dbscan", "--set", "dbscan.eps=2"),
                                 ("hdbscan", "--clusters", 3)]:
            rows = self.cluster("--method", method, *options)
            self.assertEqual(len(rows), N)
            labels = [{row["cluster"] for row in rows[g::GROUPS]} for g in range(GROUPS)]
            self.assertEqual(sorted(len(found - {"-1"}) for found in labels), [1, 1, 1], method)
            self.assertEqual(len(set().union(*labels) - {"-1"}), GROUPS, method)
            self.assertIn("clusters      3", self.errors)

    def test_writes_a_table_and_centers(self):
        out, centers = self.folder / "labels.csv", self.folder / "centers.npy"
        self.assertEqual(self.cluster("--method", "minibatch", "--clusters", 3, "-o", out, "--centers", centers), [])
        with open(out, newline="") as file:
            labels = [int(row["cluster"]) for row in csv.DictReader(file)]
        found = read_npy(centers)
        self.assertEqual(len(found), 3)
        for row, label in zip(groups(), labels):
            self.assertEqual(min(range(3), key=lambda c: math.dist(row, found[c])), label)

    def test_same_rows_for_any_number_of_threads(self):
        for method in ("hdbscan", "kmeans", "minibatch", "gmm", "agglomerative", "dbscan"):
            one = self.cluster("--method", method, "--threads", 1)
            self.assertEqual(self.cluster("--method", method, "--threads", 3), one, method)

    def test_rows_that_are_not_finite_are_an_error_or_noise(self):
        rows = groups()
        rows[17][2] = math.nan
        x = write_npy(self.folder / "nan.npy", rows)
        for method in ("hdbscan", "kmeans", "minibatch", "gmm", "agglomerative", "dbscan"):
            self.cluster("--method", method, x=x, code=3)
            self.assertIn("row 17", self.errors, method)
        found = self.cluster("--set", "hdbscan.non_finite=noise", x=x)
        self.assertEqual(found[17]["cluster"], "-1")
        self.assertIn("clusters      3", self.errors)

    def test_hard_numbers_have_a_defined_result(self):
        same = write_npy(self.folder / "same.npy", [[1.0, 2.0]] * 30)
        one = write_npy(self.folder / "one.npy", [[1.0, 2.0]])
        for x, n in ((same, 30), (one, 1)):
            for method in ("hdbscan", "kmeans", "minibatch", "gmm", "agglomerative", "dbscan"):
                self.assertEqual(len(self.cluster("--method", method, x=x)), n, method)
                self.assertNotIn("nan", self.errors)
        self.cluster("--method", "gmm", "--set", "gmm.reg_covar=0", x=same, code=3)
        self.assertIn("reg_covar", self.errors)
        rows = self.cluster("--min-cluster-size", 1000)
        self.assertEqual({row["cluster"] for row in rows}, {"-1"})
        self.assertEqual({float(row["strength"]) for row in rows}, {0.0})

    def test_what_the_method_ignores_is_refused(self):
        self.cluster("--method", "kmeans", "--min-cluster-size", 5, code=2)
        self.cluster("--method", "dbscan", "--clusters", 5, code=2)
        self.cluster("--method", "hdbscan", "--centers", self.folder / "c.npy", code=2)
        self.cluster(x=self.folder / "missing.npy", code=3)

    def test_minibatch_does_not_hold_the_vectors(self):
        n, d = 200_000, 64
        rng = random.Random(1)
        chunks = [array.array("f", rng.choices(range(997), k=1000 * d)).tobytes() for _ in range(5)]
        header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({n}, {d}), }}"
        header += " " * (63 - (10 + len(header)) % 64) + "\n"
        path = self.folder / "large.npy"
        with open(path, "wb") as file:  # Piece by piece: a child's peak begins at that of this process.
            file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
            for i in range(n // 1000):
                file.write(chunks[i % 5])
        peak = {}
        for method in ("minibatch", "kmeans"):
            command = [PROGRAM, "cluster", path, "--progress", "none", "--method", method, "--clusters", "4", "--set",
                       f"{method}.max_iter=1", "-o", self.folder / "large.csv"]
            peak[method] = self.largest_own_memory(command)
        path.unlink()
        self.assertLess(peak["minibatch"], peak["kmeans"] - 0.7 * n * d * 4)

    def largest_own_memory(self, command):
        """Bytes at most, without the pages of mapped files, which the system takes back when it needs them."""
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        most = 0
        while process.poll() is None:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            most = max([most] + [int(line.split()[1]) * 1024 for line in status.splitlines() if "RssAnon" in line])
            time.sleep(0.005)
        self.assertEqual(process.returncode, 0, process.stderr.read())
        process.stderr.close()
        return most


if __name__ == "__main__":
    unittest.main(verbosity=2)
