#!/usr/bin/env python3
"""Golden data of TF-IDF with truncated SVD: what scikit-learn's pipeline computes.

    python tools/reference/embed_tfidf.py    # needs scikit-learn 1.9.1
"""

import hashlib
import json
import pathlib
import sys

import numpy
import sklearn
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from topics_class_tfidf import SEED, sentences

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests/data/embed/tfidf"
N_COMPONENTS = 6


def case(texts, new_texts, sublinear_tf):
    vectorizer = TfidfVectorizer(min_df=2, sublinear_tf=sublinear_tf)
    weights = vectorizer.fit_transform(texts)
    # ARPACK gives singular values to machine precision; signs as ours: the largest loading is positive.
    svd = TruncatedSVD(N_COMPONENTS, algorithm="arpack", random_state=SEED).fit(weights)
    loadings = svd.components_
    largest = numpy.abs(loadings).argmax(axis=1)
    loadings = loadings * numpy.sign(loadings[numpy.arange(len(loadings)), largest])[:, None]

    def vectors(matrix):
        return normalize(matrix @ loadings.T).round(9).tolist()

    return {"sublinear_tf": sublinear_tf, "terms": vectorizer.get_feature_names_out().tolist(),
            "idf": vectorizer.idf_.tolist(), "singular_values": svd.singular_values_.tolist(),
            "vectors": vectors(weights), "new_vectors": vectors(vectorizer.transform(new_texts))}


def main():
    texts, _ = sentences()
    new_texts = ["the captain carried the rope", "salt and salt and water", "nothing known here", ""]
    golden = {"texts": texts, "new_texts": new_texts,
              "cases": [case(texts, new_texts, sublinear_tf) for sublinear_tf in (False, True)]}
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = json.dumps(golden) + "\n"
    (FOLDER / "sklearn.json").write_text(text)
    provenance = {"command": "python tools/reference/embed_tfidf.py", "seed": SEED,
                  "packages": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__,
                               "python": sys.version.split()[0]},
                  "sha256": {"sklearn.json": hashlib.sha256(text.encode()).hexdigest()}}
    (FOLDER / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    main()
