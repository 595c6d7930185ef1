"""Real inputs of bench/hdbscan_compare.py: layouts of text collections, made once into build/bench.

    python bench/hdbscan_layouts.py [newsgroups20] [stackoverflow] [pypi_100k] [pypi_700k]

newsgroups20 (18 331 x 10): all-MiniLM vectors of the documents that are not blank, duplicates kept. The others
(x 5): vectors of the built-in static model, of distinct descriptions in pypi_*. Each is laid out by topograph's own UMAP
(cosine, 15 neighbours, min_dist 0) and stored as `x` of a safetensors file.
"""

import argparse
import csv
import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data"
WORK = ROOT / "build/bench"
SETS = {
    "newsgroups20": ("newsgroups20.csv", ROOT / "build/models/all-MiniLM-L6-v2", None, 10),
    "stackoverflow": ("stackoverflow_titles.csv", "static", None, 5),
    "pypi_100k": ("pypi_summaries.csv.gz", "static", 100_000, 5),
    "pypi_700k": ("pypi_summaries.csv.gz", "static", 700_000, 5),
}


def texts_of(name, limit):
    csv.field_size_limit(sys.maxsize)
    opener = gzip.open if name.endswith(".gz") else open
    with opener(DATA / name, "rt", encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    texts = [text for text in texts if text.strip()]
    if limit is None:
        return texts
    distinct = list(dict.fromkeys(texts))
    chosen = np.random.default_rng(0).permutation(len(distinct))[:limit]
    return [distinct[i] for i in sorted(chosen)]


def prepare(name, program, driver, threads):
    """Path of the layout; made when it is not there yet."""
    path = WORK / f"layout_{name}.safetensors"
    if path.exists():
        return path
    source, model, limit, dims = SETS[name]
    WORK.mkdir(parents=True, exist_ok=True)
    vectors = WORK / f"vectors_{name}.npy"
    if not vectors.exists():
        table = WORK / f"texts_{name}.csv"
        with open(table, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["text"])
            writer.writerows([text] for text in texts_of(source, limit))
        command = [program, "embed", table, "--text", "text", "--model", model, "--threads", str(threads)]
        subprocess.run([*command, "-o", vectors, "--progress", "none"], check=True)
        table.unlink()
    packed = WORK / f"vectors_{name}.safetensors"
    save_file({"x": np.load(vectors)}, packed)
    settings = [f"n_components={dims}", "min_dist=0", "metric=cosine", f"threads={threads}"]
    out = path.with_suffix(".part")
    subprocess.run([driver, packed, out, *settings], check=True)
    save_file({"x": load_file(out)["coords"]}, path)
    out.unlink()
    packed.unlink()
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=["newsgroups20", "pypi_100k"])
    parser.add_argument("--program", default="build/test/bin/topograph")
    parser.add_argument("--umap-driver", default="build/test/bin/bench_umap_driver")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    for name in arguments.sets:
        print(prepare(name, arguments.program, arguments.umap_driver, arguments.threads), flush=True)


if __name__ == "__main__":
    main()
