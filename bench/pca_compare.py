#!/usr/bin/env python3
"""PCA beside scikit-learn's on the same vectors: seconds, what the reconstruction misses, peak memory.

    python bench/pca_compare.py VECTORS.npy [...] [--components 50] [--solver exact|randomized|stream] [--rounds 3]

For each file, solver and engine one JSON line. Both compute components and scores of all rows with two
threads; ours is `bench_pca_driver`, whose clock, like the peer's, begins with the vectors in memory
(`stream`: with the file on disk, read in blocks, beside IncrementalPCA on a mapped file). `missed` is the
squared distance of the rows from their reconstruction, as a share of the total variance, in float64 over
20 000 rows. `above_mib` is peak memory above what the process held when the clock began.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy as np

PEER = r"""
import json, sys, time
import numpy as np
from sklearn.decomposition import PCA, IncrementalPCA
path, out, solver, k = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
x = np.load(path, mmap_mode="r" if solver == "stream" else None)
PCA(2).fit(np.random.default_rng(0).normal(size=(500, 20)).astype(np.float32))

def status_kib(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name))

with open("/proc/self/clear_refs", "w") as forget_the_peak:
    forget_the_peak.write("5")
before, begin = status_kib("VmRSS"), time.perf_counter()
if solver == "stream":
    model = IncrementalPCA(k, batch_size=8192)
    for at in range(0, len(x), 8192):
        if len(x) - at >= k:
            model.partial_fit(x[at:at + 8192])
    scores = np.vstack([model.transform(x[at:at + 8192]) for at in range(0, len(x), 8192)]).astype(np.float32)
else:
    model = PCA(k, svd_solver="auto" if solver == "exact" else "randomized", random_state=0)
    scores = model.fit_transform(x)
took, above = time.perf_counter() - begin, (status_kib("VmHWM") - before) // 1024
np.savez(out, mean=model.mean_, components=model.components_, scores=scores)
print(json.dumps({"seconds": took, "above_mib": above}))
"""


def missed(x, found):
    rows = np.random.default_rng(0).choice(len(x), min(20000, len(x)), replace=False)
    rows.sort()
    part = np.asarray(x[rows], np.float64)
    mean = np.asarray(found["mean"], np.float64)
    again = np.asarray(found["scores"], np.float64)[rows] @ np.asarray(found["components"], np.float64) + mean
    return float(((part - again) ** 2).sum() / ((part - mean) ** 2).sum())


def run(engine, driver, path, solver, k, folder):
    environment = dict(os.environ, OMP_NUM_THREADS="2", OPENBLAS_NUM_THREADS="2")
    if engine == "scikit-learn":
        out = folder / "peer.npz"
        done = subprocess.run([sys.executable, "-c", PEER, path, out, solver, str(k)], check=True,
                              stdout=subprocess.PIPE, text=True, env=environment)
        return json.loads(done.stdout), np.load(out)
    from safetensors.numpy import load_file
    out = folder / "ours.safetensors"
    done = subprocess.run([driver, path, out, f"solver={solver}", f"n_components={k}", "threads=2"], check=True,
                          stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout), load_file(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("vectors", nargs="+", type=pathlib.Path)
    parser.add_argument("--driver", default="build/test/bin/bench_pca_driver")
    parser.add_argument("--components", type=int, default=50)
    parser.add_argument("--solver", action="append", choices=["exact", "randomized", "stream"])
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    for path in given.vectors:
        x = np.load(path, mmap_mode="r")
        for solver in given.solver or ["exact", "randomized"]:
            for engine in ("scikit-learn", "topograph"):
                with tempfile.TemporaryDirectory() as folder:
                    results = [run(engine, given.driver, path, solver, given.components, pathlib.Path(folder))
                               for _ in range(given.rounds)]
                    share = missed(x, results[-1][1])
                seconds = [took["seconds"] for took, _ in results]
                print(json.dumps({"vectors": path.stem, "rows": x.shape[0], "columns": x.shape[1], "solver": solver,
                                  "components": given.components, "engine": engine,
                                  "seconds": round(statistics.median(seconds), 3),
                                  "spread": round(max(seconds) - min(seconds), 3), "missed": round(share, 6),
                                  "above_mib": max(took["above_mib"] for took, _ in results)}), flush=True)


if __name__ == "__main__":
    main()
