#!/usr/bin/env python3
"""Static models beside model2vec, and the quality of the built-in one. Prints JSON lines.

  bench/static_compare.py speed [N]  pypi_summaries: seconds of both (medians of N, alternating), least cosine; the peer's encode
                                    alone, and its whole process that reads the same CSV and saves the same .npy
  bench/static_compare.py quality   k-means AMI of plain distillation, the built-in model, and MiniLM where vectors are ready
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import numpy
import pandas

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data"
WORK = ROOT / "build/bench"
PROGRAM = pathlib.Path(os.environ.get("TOPOGRAPH", ROOT / "build/bin/topograph"))
SETS = ("newsgroups20", "banking77", "stackoverflow_titles", "medium_titles")


def embed(texts, model, out, *options):
    """(seconds of the whole process, seconds of its embed stage)."""
    begin = time.perf_counter()
    done = subprocess.run([PROGRAM, "embed", texts, "--text", "text", "--model", model, "-o", out, *options],
                          capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - begin
    stages = [line.split() for line in done.stderr.splitlines()]
    return seconds, next(float(words[1]) for words in stages if words[:1] == ["embed"] and len(words) >= 3)


def plain_model():
    folder = WORK / "static-plain"
    if not folder.exists():
        subprocess.run([PROGRAM, "model", "distill", "all-MiniLM-L6-v2", "-o", folder, "--dtype", "f32"], check=True, capture_output=True)
    return folder


PEER_PROCESS = """
import sys, numpy, pandas
from model2vec import StaticModel
texts = pandas.read_csv(sys.argv[1], keep_default_na=False).text.tolist()
numpy.save(sys.argv[3], StaticModel.from_pretrained(sys.argv[2]).encode(texts))
"""


def peer_process(csv, folder, out):
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", PEER_PROCESS, csv, folder, out], capture_output=True, check=True)
    return time.perf_counter() - begin


def speed(repeats=3):
    from model2vec import StaticModel
    folder = plain_model()
    table = pandas.read_csv(DATA / "pypi_summaries.csv.gz", keep_default_na=False)
    texts = table.text.tolist()
    csv = WORK / "pypi_texts.csv"
    table[["text"]].to_csv(csv, index=False)
    peer_model = StaticModel.from_pretrained(str(folder))
    out = WORK / "static_speed.npy"
    ours, stage, peer, peer_whole = [], [], [], []
    for _ in range(repeats):
        begin = time.perf_counter()
        vectors = peer_model.encode(texts)
        peer.append(time.perf_counter() - begin)
        peer_whole.append(peer_process(csv, folder, WORK / "static_peer.npy"))
        seconds, inner = embed(csv, folder, out)
        ours.append(seconds)
        stage.append(inner)
    found = numpy.load(out)
    lengths = numpy.linalg.norm(found, axis=1) * numpy.linalg.norm(vectors, axis=1)
    kept = lengths > 0
    cosine = (found * vectors).sum(axis=1)[kept] / lengths[kept]
    print(json.dumps({"what": "static speed", "documents": len(texts), "model2vec_s": round(statistics.median(peer), 2),
                      "topograph_process_s": round(statistics.median(ours), 2), "topograph_process_range": [round(min(ours), 2), round(max(ours), 2)],
                      "topograph_embed_stage_s": round(statistics.median(stage), 2),
                      "model2vec_process_s": round(statistics.median(peer_whole), 2),
                      "ratio_process": round(statistics.median(peer_whole) / statistics.median(ours), 1),
                      "ratio_encode_to_process": round(statistics.median(peer) / statistics.median(ours), 1),
                      "ratio_encode_to_stage": round(statistics.median(peer) / statistics.median(stage), 1),
                      "least_cosine": float(cosine.min()), "zero_in_one_only": int(((found == 0).all(axis=1) != (vectors == 0).all(axis=1)).sum())}), flush=True)


def quality(n_init=1):
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
    for name in SETS:
        table = pandas.read_csv(DATA / f"{name}.csv", keep_default_na=False)
        filled = (table.text.str.strip() != "").to_numpy()
        for model in (plain_model(), "static"):
            out = WORK / f"static_{name}.npy"
            embed(DATA / f"{name}.csv", model, out)
            vectors = numpy.load(out)[filled]
            vectors /= numpy.maximum(numpy.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
            labels = table.label[filled]
            found = [KMeans(labels.nunique(), n_init=n_init, random_state=seed).fit_predict(vectors) for seed in range(4)]
            ami = [adjusted_mutual_info_score(labels, clusters) for clusters in found]
            ari = [adjusted_rand_score(labels, clusters) for clusters in found]
            print(json.dumps({"what": "static quality", "set": name, "model": pathlib.Path(model).name, "n_init": n_init,
                              "ami_mean_of_seeds_0_1": round(float(numpy.mean(ami[:2])), 4), "ami_mean_of_4": round(float(numpy.mean(ami)), 4),
                              "ami": [round(a, 4) for a in ami], "ari_mean_of_4": round(float(numpy.mean(ari)), 4)}), flush=True)


if __name__ == "__main__":
    WORK.mkdir(parents=True, exist_ok=True)
    if sys.argv[1:2] == ["speed"]:
        speed(int(sys.argv[2]) if len(sys.argv) > 2 else 3)
    elif sys.argv[1:2] == ["quality"]:
        quality(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    else:
        raise SystemExit(__doc__)
