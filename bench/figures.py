"""Time of every kind of figure, whole process, at 20 000 documents; the map beside datamapplot's.

    bench/setup_figure_peers
    python3 bench/figures.py [PROGRAM] [MODELS]

Prints JSON lines: the median of 3 runs for .png (200 dpi), .svg and .pdf, bytes, and for the map label overlaps and
crossing leaders (of leaders on one side) counted in the SVG. Documents: the first 20 000 Debian packages.
"""
import gzip
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))
import figure_models  # noqa: E402
from label_geometry import crossings, overlaps  # noqa: E402

KINDS = ["documents", "topics", "barchart", "wordcloud", "hierarchy", "heatmap", "term-rank", "over-time", "per-class",
         "contingency", "distribution", "condensed-tree", "reductions"]
SVG = "{http://www.w3.org/2000/svg}"


def fit_sample(program, folder, n=20000):
    """A model of n documents with everything that any kind needs; row i is dated day i of an endless year."""
    path = folder / f"sample_{n}"
    if (path / "model.json").exists():
        return path
    with gzip.open(ROOT / "examples/data/debian_packages.csv.gz", "rt") as source:
        lines = source.read().splitlines()
    data = folder / "sample.csv"
    with data.open("w") as out:
        out.write("date," + lines[0] + "\n")
        for i, line in enumerate(lines[1:n + 1]):
            out.write(f"{2000 + i % 20}-{i % 12 + 1:02d}-{i % 28 + 1:02d},{line}\n")
    subprocess.run([program, "fit", data, "-o", path, "--text", "text", "--label", "section", "--time", "date", "--cluster",
                    "hdbscan", "--set", "hdbscan.min_cluster_size=60", "--probabilities", "8", *figure_models.STATIC],
                   check=True, stderr=subprocess.DEVNULL)
    return path


def timed(command, runs=3):
    """Median seconds and processor seconds of whole processes."""
    seconds = []
    processor = []
    for _ in range(runs):
        begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(time.perf_counter() - begin)
        processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return round(statistics.median(seconds), 2), round(statistics.median(processor), 2)


def map_quality(path):
    """Labels, overlapping ones and crossing leaders of one side, read from the drawing itself."""
    root = ElementTree.parse(path).getroot()
    labels = []
    for node in root.iter(SVG + "text"):
        if node.get("font-weight") == "bold" and float(node.get("font-size")) < 14:
            x, y, size = float(node.get("x")), float(node.get("y")), float(node.get("font-size"))
            labels.append((x, y - 0.75 * size, x + float(node.get("textLength")), y + 0.2 * size))
    sides = {}
    for node in root.iter(SVG + "path"):
        points = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", node.get("d"))
        if len(points) == 3 and node.get("fill") == "none" and node.get("stroke-width") == "0.6":
            line = [(float(x), float(y)) for x, y in points]
            sides.setdefault(line[0][0], []).append((line[1], line[2]))
    return {"labels": sum(map(len, sides.values())), "overlapping_labels": overlaps(labels),
            "crossing_leaders": sum(crossings(lines) for lines in sides.values())}


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/bin/topograph")
    folder = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
    folder.mkdir(exist_ok=True)
    sample = fit_sample(program, folder)
    for kind in KINDS:
        record = {"kind": kind, "documents": 20000}
        for extension in ["png", "svg", "pdf"]:
            path = folder / f"figure.{extension}"
            command = [program, "plot", sample, kind, "-o", path, "--progress", "none", "--threads", "2"]
            record[f"{extension}_s"], record[f"{extension}_cpu_s"] = timed(command)
            record[f"{extension}_kib"] = round(path.stat().st_size / 1024)
        if kind == "documents":
            record |= map_quality(folder / "figure.svg")
        print(json.dumps(record), flush=True)
    peer = ROOT / "build/figure_peers/bin/python"
    for name in ["newsgroups", "debian"]:
        model = figure_models.model(program, folder, name)
        if model is None or not peer.exists():
            continue
        path = folder / "figure.svg"
        command = [program, "plot", model, "documents", "--progress", "none", "--threads", "2", "-o"]
        record = {"program": "topograph", "model": name, "seconds": timed([*command, folder / "figure.png"])[0]}
        subprocess.run([*command, path], check=True, stderr=subprocess.DEVNULL)
        print(json.dumps(record | map_quality(path)), flush=True)
        done = subprocess.run([peer, ROOT / "bench/datamapplot_map.py", model, folder / "peer.png"], check=True,
                              capture_output=True, text=True, env=os.environ | {"NUMBA_NUM_THREADS": "2"})
        print(json.dumps(json.loads(done.stdout.splitlines()[-1]) | {"model": name}), flush=True)


if __name__ == "__main__":
    main()
