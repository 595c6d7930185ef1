#!/usr/bin/env python3
"""Model folders of this version's schema, kept so that every later version loads them.

    TOPOGRAPH=build/test/bin/topograph python3 tools/reference/model_old_versions.py

Run once, when a schema is new: folders in tests/data/models/vN are never written again.
"""

import csv
import hashlib
import io
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("TOPOGRAPH", "build/test/bin/topograph")
SEED = 20251126
WORDS = ["oven flour butter sugar bread", "striker goal league referee match", "galaxy comet orbit telescope moon"]
FITS = {"communities": ["--probabilities", "2"],
        "hdbscan": ["--cluster", "hdbscan", "--set", "hdbscan.min_cluster_size=5", "--probabilities", "2"],
        "gmm_pca": ["--cluster", "gmm", "--clusters", "3", "--reduce", "pca", "--components", "2", "--map", "pca", "--keep-embeddings", "false"]}


def corpus():
    draw = random.Random(SEED)
    noise = numpy.random.default_rng(SEED)
    texts, vectors = [], []
    for i in range(48):
        subject = i % 3
        texts.append("text {} about {}".format(i, " ".join(draw.choices(WORDS[subject].split(), k=3))))
        vectors.append(numpy.eye(3, 6)[subject] * 2 + 0.3 * noise.normal(size=6))
    texts[10], texts[20] = "", texts[2]
    vectors[20] = vectors[2]
    return texts, numpy.array(vectors, dtype=numpy.float32).round(3)


def run(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{arguments}: {done.stderr}")
    return done.stdout


def main():
    texts, vectors = corpus()
    noise = numpy.random.default_rng(SEED + 1)
    new = (numpy.eye(3, 6)[numpy.arange(12) % 3] * 2 + 0.3 * noise.normal(size=(12, 6))).astype(numpy.float32).round(3)
    target = None
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with (folder / "data.csv").open("w", newline="") as out:
            csv.writer(out).writerows([["text", "day"]] + [[t, f"2020-01-{1 + i % 28:02d}"] for i, t in enumerate(texts)])
        numpy.save(folder / "x.npy", vectors)
        numpy.save(folder / "new.npy", new)
        (folder / "new.txt").write_text("".join(f"unseen {i}\n" for i in range(len(new))))
        os.chdir(folder)
        for fit, flags in FITS.items():
            run("fit", "data.csv", "--embeddings", "x.npy", "--time", "day", "-o", fit, "--no-report", "--threads", "1", *flags)
            schema = json.loads(pathlib.Path(fit, "model.json").read_text())["schema_version"]
            target = ROOT / f"tests/data/models/v{schema}"
            if (target / fit).exists():
                sys.exit(f"{target / fit} exists: a released schema does not change")
            rows = list(csv.DictReader(io.StringIO(run("transform", fit, "new.txt", "--embeddings", "new.npy", "--format", "csv"))))
            target.mkdir(parents=True, exist_ok=True)
            shutil.copytree(fit, target / fit)
            expected = {"vectors": [[float(v) for v in row] for row in new.astype(float).round(3)], "topics": [int(r["topic"]) for r in rows],
                        "documents": [int(r["topic"]) for r in csv.DictReader(io.StringIO(run("documents", fit, "--format", "csv")))]}
            (target / f"{fit}.json").write_text(json.dumps(expected) + "\n")
    files = sorted(p for p in target.rglob("*") if p.is_file() and p.name != "PROVENANCE.json")
    provenance = {"command": "python3 tools/reference/model_old_versions.py", "seed": SEED, "versions": {"topograph": run("--version").strip()},
                  "sha256": {str(p.relative_to(target)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}}
    (target / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    main()
