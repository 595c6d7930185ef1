"""Identical and empty documents of newsgroups20 in HDBSCAN and communities: one topic each, topic -1 for the empty.

    python bench/identical_texts.py [--program build/test/bin/topograph] [--threads 2]

Fits newsgroups20.csv (515 empty documents, hundreds of repeated ones) with the built-in static model and prints a
JSON line a method: groups of identical texts, how many of them have more than one topic, topics of empty documents.
"""

import argparse
import csv
import io
import json
import subprocess
import sys
import tempfile
import unicodedata
from collections import defaultdict
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent.parent / "shared/data/newsgroups20.csv"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="build/test/bin/topograph")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    csv.field_size_limit(sys.maxsize)
    with open(DATA, newline="", encoding="utf-8") as file:
        texts = [" ".join(unicodedata.normalize("NFC", row["text"]).split()) for row in csv.DictReader(file)]
    for method in ("hdbscan", "communities"):
        with tempfile.TemporaryDirectory() as folder:
            model = Path(folder) / "model"
            fit = [arguments.program, "fit", DATA, "--model", "static", "--cluster", method, "--no-report"]
            fit += ["--threads", str(arguments.threads), "--progress", "none", "-o", model]
            subprocess.run(fit, check=True, capture_output=True)
            printed = subprocess.run([arguments.program, "documents", model, "--format", "csv"], check=True,
                                     capture_output=True, text=True).stdout
        topics = [int(row["topic"]) for row in csv.DictReader(io.StringIO(printed))]
        of_text = defaultdict(set)
        copies = defaultdict(int)
        for text, topic in zip(texts, topics, strict=True):
            of_text[text].add(topic)
            copies[text] += 1
        repeated = [text for text in of_text if text and copies[text] > 1]
        print(json.dumps({
            "method": method, "documents": len(texts), "topics": max(topics) + 1,
            "empty": copies[""], "topics_of_empty": sorted(of_text[""]),
            "repeated_texts": len(repeated), "their_documents": sum(copies[text] for text in repeated),
            "in_more_than_one_topic": sum(len(of_text[text]) > 1 for text in repeated),
        }), flush=True)


if __name__ == "__main__":
    main()
