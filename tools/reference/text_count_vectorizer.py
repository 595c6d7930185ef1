#!/usr/bin/env python3
"""Golden data of token_rule=sklearn: what scikit-learn's CountVectorizer counts.

    python tools/reference/text_count_vectorizer.py    # needs scikit-learn 1.9.1
"""

import hashlib
import json
import pathlib
import random
import sys

import sklearn
from sklearn.feature_extraction.text import CountVectorizer

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests/data/text"
SEED = 20240607
SUBJECTS = ["The river", "A small library", "My neighbour's dog", "Die Straßenbahn", "L'été", "Ο Οδυσσέας",
            "İSTANBUL", "This old MAP", "Nobody_else", "Система", "東京", "Cafe\u0301 x²"]
VERBS = ["runs past", "keeps", "has never seen", "fährt nach", "is, of course,", "counts 3.11 and 42 of",
         "видит", "don't want", "writes to a_b@example.org about", "ΣΟΦΟΣ ΟΔΟΣ"]
OBJECTS = ["the mill.", "three hundred books!", "snow in 2024", "München", "über-große Äpfel", "emoji 😀 ٣٤ ①②",
           "नमस्ते दुनिया", "x y zz", "the the the river", "ﬁne ﬂags", "ǅ and ŉ", ""]
CASES = [
    {},
    {"lowercase": False},
    {"stop_words": "english"},
    {"stop_words": "english", "ngram_range": [1, 3]},
    {"ngram_range": [2, 2], "min_df": 2},
    {"min_df": 0.05, "max_df": 0.3},
    {"min_df": 3, "max_df": 20},
    {"max_df": 0.5, "ngram_range": [1, 2]},
    {"max_features": 12},
    {"max_features": 22, "ngram_range": [1, 2], "stop_words": "english"},
    {"vocabulary": ["dog", "river", "the mill", "unheard"], "ngram_range": [1, 2]},
    {"token_pattern": r"[a-z]+"},
    {"token_pattern": r"([a-z])[a-z]+", "min_df": 2},
]


def corpus():
    draw = random.Random(SEED)
    texts = [" ".join(draw.choice(part) for part in (SUBJECTS, VERBS, OBJECTS)) for _ in range(90)]
    return texts + ["", "   ", "a b c", texts[0]]


def count(texts, options):
    keywords = dict(options)
    if "ngram_range" in keywords:
        keywords["ngram_range"] = tuple(keywords["ngram_range"])
    vectorizer = CountVectorizer(**keywords)
    counts = vectorizer.fit_transform(texts).tocsr()
    counts.sort_indices()
    return {"options": options, "vocabulary": list(vectorizer.get_feature_names_out()),
            "offsets": counts.indptr.tolist(), "columns": counts.indices.tolist(),
            "values": counts.data.tolist()}


def main():
    texts = corpus()
    data = {"texts": texts, "cases": [count(texts, options) for options in CASES]}
    path = FOLDER / "count_vectorizer.json"
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n")
    provenance = {"command": "python tools/reference/text_count_vectorizer.py", "seed": SEED,
                  "versions": {"python": sys.version.split()[0], "scikit-learn": sklearn.__version__},
                  "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()}}
    (FOLDER / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    main()
