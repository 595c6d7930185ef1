"""datamapplot's static map of a topograph model: the same positions, topics, labels, size and dpi.

Prints seconds (drawing and saving, imports left out), label overlaps and crossing leaders as JSON.
"""
import argparse
import json
import logging
import pathlib
import sys
import time

import matplotlib

matplotlib.use("Agg")
import datamapplot  # noqa: E402
import numpy as np  # noqa: E402
import pyarrow.parquet as parquet  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from label_geometry import crossings, overlaps  # noqa: E402

logging.getLogger("matplotlib").setLevel(logging.ERROR)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("output")
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--n-topics", type=int, default=10**9)
    parser.add_argument("--title", default="20 Newsgroups")
    args = parser.parse_args()
    table = parquet.read_table(f"{args.model}/documents.parquet", columns=["x", "y", "topic"]).to_pandas()
    topics = [t for t in json.load(open(f"{args.model}/topics.json")) if t["topic"] >= 0]
    topics = sorted(topics, key=lambda t: (-t["count"], t["topic"]))[: args.n_topics]
    labels = {t["topic"]: t["label"] for t in topics}
    table = table[table.x.notna() & ((table.topic < 0) | table.topic.isin(list(labels)))]
    names = np.array([labels.get(topic, "Unlabelled") for topic in table.topic], dtype=object)
    begin = time.perf_counter()
    figure, axes = datamapplot.create_plot(table[["x", "y"]].to_numpy(), names, noise_label="Unlabelled",
                                           title=args.title, font_family="DejaVu Sans", figsize=(10, 7.2),
                                           dpi=args.dpi)
    figure.savefig(args.output, dpi=args.dpi, bbox_inches="tight")
    seconds = time.perf_counter() - begin
    renderer = figure.canvas.get_renderer()
    notes = [text for text in axes.texts if text.get_text().strip() and hasattr(text, "xy")]
    boxes = []
    lines = []
    for note in notes:
        box = matplotlib.text.Text.get_window_extent(note, renderer)
        boxes.append((box.x0, box.y0, box.x1, box.y1))
        end = axes.transData.transform(note.xy)
        lines.append((((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2), tuple(end)))
    print(json.dumps({"program": "datamapplot 0.7.3", "documents": len(table), "seconds": round(seconds, 2),
                      "labels": len(notes), "overlapping_labels": overlaps(boxes), "crossing_leaders": crossings(lines)}))


if __name__ == "__main__":
    main()
