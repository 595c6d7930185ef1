"""The studies of examples/studies run as they stand. Exit code 77: skipped, with the reason."""
import csv
import io
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / ".." / "shared" / "data"
ENCODER = pathlib.Path(os.environ["TOPOGRAPH_ENCODER"])


def check(condition, message):
    if not condition:
        sys.exit(f"failed: {message}")


def run_study(name, data, folder):
    for needed in [DATA / data, ENCODER / "model.safetensors"]:
        if not needed.exists():
            print(f"skipped: {needed} is missing")
            sys.exit(77)
    done = subprocess.run(
        [ROOT / "examples/studies" / f"{name}.sh", DATA / data, ENCODER, folder], capture_output=True, text=True
    )
    check(done.returncode == 0, done.stderr[-3000:])


def read_evaluation(path):
    """The contingency table {label: {topic: count}} and the scores of `evaluate --format csv`."""
    table, scores = path.read_text().split("\n\n")
    counts = {row.pop("label"): {topic: int(n) for topic, n in row.items()} for row in csv.DictReader(io.StringIO(table))}
    return counts, {row["score"]: float(row["value"]) for row in csv.DictReader(io.StringIO(scores))}


def largest(counts):
    return max((topic for topic in counts if topic != "topic -1"), key=lambda topic: counts[topic])


def four_newsgroups(folder):
    run_study("four_newsgroups", "newsgroups20.csv", folder)
    counts, scores = read_evaluation(folder / "encoder.csv")
    _, baseline = read_evaluation(folder / "tfidf.csv")
    check(scores["documents"] == 3387 and baseline["documents"] == 3387, "3387 documents")
    graphics, space = largest(counts["comp.graphics"]), largest(counts["sci.space"])
    check(graphics != space, "graphics and space have clusters of their own")
    check(counts["comp.graphics"][graphics] > 750 and counts["sci.space"][space] > 700, f"few of them: {counts}")
    for group in ["alt.atheism", "talk.religion.misc"]:
        others = counts[group][graphics] + counts[group][space]
        check(others < 0.05 * sum(counts[group].values()), f"{group} keeps out of them: {counts}")
    check(scores["adjusted_mutual_info"] > baseline["adjusted_mutual_info"], "the encoder beats word counts")


def article_titles(folder):
    run_study("article_titles", "medium_titles.csv", folder)
    for components in [3, 10]:
        n_titles = 0
        for topic in range(components):
            titles = list(csv.DictReader((folder / f"mixture_{components}/titles_{topic}.csv").open()))
            sample = list(csv.DictReader((folder / f"mixture_{components}/sample_{topic}.csv").open()))
            check(len(sample) == min(5, len(titles)), f"five samples of component {topic}")
            check({row["row"] for row in sample} <= {row["row"] for row in titles}, "samples are members")
            n_titles += len(titles)
        check(n_titles > 6000, f"components hold the titles: {n_titles}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tg_study_") as temporary:
        {"four_newsgroups": four_newsgroups, "article_titles": article_titles}[sys.argv[1]](pathlib.Path(temporary))
