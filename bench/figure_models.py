"""Models that figures are drawn from, fitted once into a folder: newsgroups, Debian packages, tweets, ten languages."""
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared/data"
STATIC = ["--model", "static", "--no-report", "--progress", "none"]
MODELS = {
    "newsgroups": [SHARED / "newsgroups20.csv", "--text", "text", "--label", "label", "--class", "label"],
    "debian": [ROOT / "examples/data/debian_packages.csv.gz", "--text", "text", "--label", "section"],
    "debian_hdbscan": [ROOT / "examples/data/debian_packages.csv.gz", "--text", "text", "--cluster", "hdbscan", "--set",
                       "hdbscan.min_cluster_size=150", "--probabilities", "8"],
    "tweets": [SHARED / "trump_tweets.csv", "--text", "text", "--time", "date", "--class", "label"],
    "languages": [SHARED / "ud_pud.csv", "--text", "text", "--label", "label", "--set", "words.min_df=2"],
    "tweets_emoji": [SHARED / "tweets_emoji.csv", "--text", "text", "--class", "label"],
}


def model(program, folder, name):
    """The folder of a model; None where its input is not at hand."""
    path = folder / name
    source, *args = MODELS[name]
    if not source.exists():
        return None
    if not (path / "model.json").exists():
        subprocess.run([program, "fit", source, "-o", path, *args, *STATIC], check=True, stderr=subprocess.DEVNULL)
    return path
