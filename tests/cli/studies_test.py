"""The studies of examples/studies run as they stand. Exit code 77: skipped, with the reason."""
import csv
import html
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

csv.field_size_limit(1 << 30)  # A post may be longer than the 128 KiB that csv expects.
ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / ".." / "shared" / "data"
ENCODER = pathlib.Path(os.environ["TOPOGRAPH_ENCODER"])


def check(condition, message):
    if not condition:
        sys.exit(f"failed: {message}")


def run_study(name, data, folder, encoder=ENCODER):
    for needed in [DATA / data] + ([ENCODER / "model.safetensors"] if encoder == ENCODER else []):
        if not needed.exists():
            print(f"skipped: {needed} is missing")
            sys.exit(77)
    done = subprocess.run(
        [ROOT / "examples/studies" / f"{name}.sh", DATA / data, encoder, folder], capture_output=True, text=True
    )
    check(done.returncode == 0, done.stderr[-3000:])


def study_model():
    """The built-in model takes seconds; TOPOGRAPH_STUDY_MODEL=FOLDER runs with an encoder (see examples/studies/README.md)."""
    return os.environ.get("TOPOGRAPH_STUDY_MODEL", "static")


def check_drawing(path, *texts):
    """The SVG is whole, holds marks and says what it must."""
    drawing = path.read_text()
    check(drawing.rstrip().endswith("</svg>"), f"{path.name} is whole")
    marks = sum(drawing.count(f"<{mark} ") for mark in ["path", "circle", "rect", "text"])
    check(marks > 10, f"{path.name} holds marks: {marks}")
    said = " ".join(re.findall(r">([^<>]+)</", drawing))
    for text in texts:
        check(html.escape(text, quote=False) in said, f"{path.name} says {text!r}: {said[:400]}")
    return drawing


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
        topics = rows_of(folder / f"mixture_{components}/topics.csv")
        check(len([row for row in topics if row["topic"] != "-1"]) == components, f"{components} components")
        # The best word of every component is in its cloud.
        check_drawing(folder / f"mixture_{components}/wordcloud.svg", *(row["words"].split(", ")[0] for row in topics if row["topic"] != "-1"))


def rows_of(path):
    with path.open(newline="") as table:
        return list(csv.DictReader(table))


def newsgroups_topics(folder):
    run_study("newsgroups_topics", "newsgroups20.csv", folder, study_model())
    topics = rows_of(folder / "topics.csv")
    check([row["topic"] for row in topics] == [str(t) for t in range(-1, 40)], "forty topics and the outliers")
    check(sum(int(row["count"]) for row in topics) == 18846, "every post is counted")
    sizes = [int(row["count"]) for row in rows_of(folder / "frequencies.csv")[1:]]
    check(sizes == sorted(sizes, reverse=True), "topics are numbered by size")
    check(0.2 < int(topics[0]["count"]) / 18846 < 0.55, f"outliers as in the peer's composition: {topics[0]['count']}")
    check(any(" " in term for row in topics for term in row["words"].split(", ")), "runs of words are terms")
    words = {row["topic"]: set(row["words"].replace(",", "").split()) for row in topics}
    check(not words["0"] & {"the", "and", "of", "to"}, "no stop words")
    check(len(rows_of(folder / "merged.csv")) == 41, "the table of the reduction")
    documents = rows_of(folder / "documents.csv")
    check(all(row["topic"] == "-1" for row in documents if not row["text"].strip()), "blank posts have no topic")
    space_posts = [row for row in documents if row["label"] == "sci.space" and row["topic"] != "-1"]
    graphics, launch = rows_of(folder / "placed.csv")
    share = sum(row["topic"] == launch["topic"] for row in space_posts) / len(space_posts)
    check(share > 0.6, f"the launch is where the posts of sci.space are: {share}")
    hardware = words[graphics["topic_1"]]
    check({"card", "cards", "video", "graphics", "vga"} & hardware, f"the card goes to hardware: {hardware}")
    check(graphics["topic"] in ("-1", graphics["topic_1"]), "strictly it has that topic or none")
    space = words[launch["topic"]]
    check({"space", "nasa"} & space and "launch" in space, f"the launch goes to space: {space}")
    check(launch["topic"] == launch["topic_1"], "its topic is the likeliest one")
    check(float(launch["topic_1_probability"]) > 5 * float(launch["topic_2_probability"]), "by far")
    for row, placed in enumerate([graphics, launch]):
        listed = [entry["term"] for entry in rows_of(folder / f"words_{row}.csv")]
        check(set(" ".join(listed).split()) == words[placed["topic_1"]], "the words of one topic are those of the table")
    answers = (folder / "answers.txt").read_text().splitlines()
    check(len(answers) == 2 and answers[1].startswith(f"new text 1: topic {launch['topic']};"), f"answers: {answers}")
    first = {row["topic"]: row["words"].split(", ")[0] for row in topics}
    check_drawing(folder / "barchart.svg", "Twenty newsgroups", *(first[str(t)] for t in range(8)))
    drawing = check_drawing(folder / "documents.svg", "Eight topics")
    check("60" in re.sub(r"[^0-9]+", " ", " ".join(re.findall(r">([^<>]+)</", drawing))).split(), "60 % are drawn, it says")


def nlp_abstracts(folder):
    run_study("nlp_abstracts", "acl_abstracts.csv", folder, study_model())
    topics = rows_of(folder / "topics.csv")
    real = [row for row in topics if row["topic"] != "-1"]
    check(20 <= len(real) <= 60, f"a few dozen topics: {len(real)}")
    check(all(int(row["count"]) >= 100 for row in real), "topics have at least a hundred abstracts")
    check(sum(int(row["count"]) for row in topics) == 30493, "every English abstract is counted")
    said = " ".join(row["words"] for row in real)
    for subject in ["translation", "parsing", "summarization", "sentiment", "speech", "question"]:
        check(subject in said, f"a topic about {subject}")
    check(not {"the", "of", "and", "we"} & set(said.replace(",", "").split()), "no stop words")
    sample = rows_of(folder / "documents_0.csv")
    check(len(sample) == 3 and all(row["topic"] == "0" and len(row["text"]) > 50 and row["title"] for row in sample), "abstracts of topic 0")
    check(len({row["row"] for row in sample}) == 3, "different ones")
    found = rows_of(folder / "found.csv")
    similarities = [float(row["similarity"]) for row in found]
    check(len(found) == 5 and similarities == sorted(similarities, reverse=True), "the nearest of five topics is first")
    before = {row["topic"]: row["words"] for row in topics}
    for name, least in [("keybert", 0.9), ("mmr", 0.5)]:
        rows = [row for row in rows_of(folder / f"{name}.csv") if row["topic"] != "-1"]
        check([row["topic"] for row in rows] == [row["topic"] for row in real], f"{name}: a row per topic")
        check(all(row["old_words"] == before[row["topic"]] for row in rows), f"{name}: the words before")
        changed = sum(set(row["words"].split(", ")) != set(row["old_words"].split(", ")) for row in rows)
        check(changed >= least * len(rows), f"{name}: other words after, in {changed} of {len(rows)}")
        check(all(len(set(row["words"].split(", "))) == 10 for row in rows), f"{name}: ten different words")
        options = json.loads((folder / name / "model.json").read_text())["options"]
        check(options["represent"]["main"] == name, f"{name}: the model says so")
    keybert = {row["topic"]: row["words"] for row in rows_of(folder / "keybert.csv")}
    check(all(row["words"] != keybert[row["topic"]] for row in rows_of(folder / "mmr.csv") if row["topic"] != "-1"), "two ways, two answers")
    check_drawing(folder / "documents.svg", "Language research", real[0]["label"].split(",")[0])
    check_drawing(folder / "heatmap.svg", "similarity", real[0]["label"].split(",")[0])
    report = (folder / "model/report.html").read_text()
    check(len(report) > 1_000_000 and "Language research" in report, "the interactive map")


def reddit_posts(folder):
    run_study("reddit_posts", "reddit_techfin5.csv", folder)
    counts, scores = read_evaluation(folder / "scores.csv")
    topics = {topic for row in counts.values() for topic in row}
    check(3 <= len(topics) <= 8, f"a few topics: {topics}")
    check(counts["learnpython"][largest(counts["learnpython"])] > 650, f"learners of Python have one topic: {counts}")
    check(counts["investing"][largest(counts["investing"])] > 500, f"so have investors: {counts}")
    check(largest(counts["learnpython"]) == largest(counts["Python"]) != largest(counts["investing"]), f"whose differ: {counts}")
    check(scores["adjusted_mutual_info"] > 0.5, f"topics follow the subreddits: {scores}")
    outliers = list(csv.DictReader((folder / "outliers.csv").open()))
    check(len(outliers) == sum(row.get("topic -1", 0) for row in counts.values()), "every outlier is listed")
    check(20 < len(outliers) < 500 and all(row["topic"] == "-1" for row in outliers), f"some outliers: {len(outliers)}")
    figures = {"layouts": ["PCA", "t-SNE", "UMAP"], "neighbors": ["UMAP, 3 neighbours", "UMAP, 200 neighbours"],
               "supervised": ["UMAP that knows the labels"], "condensed-tree": [], "topics": [], "hierarchy": [],
               "barchart": ["python"], "documents": []}
    for name, texts in figures.items():
        check_drawing(folder / f"{name}.svg", *texts)
    check((folder / "topics/report.html").stat().st_size > 100000, "the report is there")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tg_study_") as temporary:
        {
            "four_newsgroups": four_newsgroups,
            "article_titles": article_titles,
            "newsgroups_topics": newsgroups_topics,
            "nlp_abstracts": nlp_abstracts,
            "reddit_posts": reddit_posts,
        }[sys.argv[1]](pathlib.Path(temporary))
