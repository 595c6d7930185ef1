#!/usr/bin/env python3
"""Golden data of C_v: gensim's CoherenceModel, on texts as lists of words.

    python tools/reference/evaluate_coherence.py tests/data/evaluate/coherence

Where texts are longer than the window gensim's counter forgets a word that stands twice in a window as soon as the first one
leaves it. `c_v` is gensim's pipeline with a counter that looks at every window anew, `c_v_as_is` gensim as it is.
"""
import hashlib
import json
import pathlib
import sys
from importlib.metadata import version

import numpy as np
from gensim.corpora import Dictionary
from gensim.models import CoherenceModel
from gensim.topic_coherence.text_analysis import WordOccurrenceAccumulator
from safetensors.numpy import save_file

SEED = 5
WINDOW = 110
N_WORDS = 60


def look_anew(self, window, doc_num):
    self._uniq_words[:] = False
    self._uniq_words[np.unique(window)] = True


def c_v(texts, topics):
    model = CoherenceModel(topics=topics, texts=texts, dictionary=Dictionary(texts), coherence="c_v", processes=1)
    return np.array(model.get_coherence_per_topic())


def make_texts(rng, n, longest):
    """Each text is mostly of one of six themes; words within a theme have falling shares; number N_WORDS is filler."""
    texts = []
    for _ in range(n):
        length = int(rng.integers(0, longest))
        theme = rng.integers(0, 6)
        ranks = np.minimum(rng.geometric(0.25, size=length) - 1, 9)
        own = 10 * theme + ranks
        other = rng.integers(0, N_WORDS, size=length)
        words = np.where(rng.random(length) < 0.5, own, other)
        texts.append(np.where(rng.random(length) < 0.6, N_WORDS, words))
    return texts


def case(rng, n, longest):
    texts = make_texts(rng, n, longest)
    topics = [list(range(10 * t, 10 * t + 10)) for t in range(6)] + [list(rng.choice(N_WORDS, 7, replace=False)), [3, 14]]
    named = [[f"w{w:02d}" for w in text] for text in texts]
    named_topics = [[f"w{w:02d}" for w in topic] for topic in topics]
    as_is = c_v(named, named_topics)
    kept = WordOccurrenceAccumulator._slide_window
    WordOccurrenceAccumulator._slide_window = look_anew
    exact = c_v(named, named_topics)
    WordOccurrenceAccumulator._slide_window = kept
    return {
        "words": np.concatenate(texts).astype(np.int32),
        "lengths": np.array([len(t) for t in texts], dtype=np.int32),
        "topic_words": np.concatenate(topics).astype(np.int32),
        "topic_lengths": np.array([len(t) for t in topics], dtype=np.int32),
        "c_v": exact,
        "c_v_as_is": as_is,
    }


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    files = {"short.safetensors": case(rng, 160, 60), "long.safetensors": case(rng, 40, 400)}
    for name, arrays in files.items():
        save_file({key: np.ascontiguousarray(value) for key, value in arrays.items()}, folder / name)
    provenance = {
        "command": "python tools/reference/evaluate_coherence.py tests/data/evaluate/coherence",
        "seed": SEED,
        "window": WINDOW,
        "packages": {p: version(p) for p in ["gensim", "numpy", "scipy"]},
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sorted(files)},
    }
    (folder / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
