#!/usr/bin/env python3
"""Golden data of words by part of speech: what BERTopic's PartOfSpeech chooses with the tags of models/pos-en.

    python tools/reference/represent_pos.py    # needs bertopic 0.17.4, spacy 3.8.18

spaCy's English models are not on PyPI, so the language object that BERTopic gets cuts words and tags them as topograph's tagger
does, read anew from models/pos-en/model.bin; candidates, patterns, look-up and order are BERTopic's and spaCy's.
"""

import hashlib
import json
import pathlib
import random
import re
import struct
import sys
import warnings

import bertopic
import numpy
import sklearn
import spacy
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from bertopic.cluster import BaseCluster
from bertopic.dimensionality import BaseDimensionalityReduction
from bertopic.representation import PartOfSpeech
from sklearn.feature_extraction.text import CountVectorizer
from spacy.tokens import Doc

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests/data/represent"
SEED = 422  # The first one with as many candidates in every topic, whatever the order of equal weights.
CANDIDATES = 30  # Words of the class TF-IDF whose documents BERTopic looks through.
NOUNS = ["boat rope harbour crane captain net pier gull storm sailor", "oven bread flour pan spoon recipe cook dough crust kitchen",
         "peak snow ridge trail guide hut valley glacier climber cloud", "stage actor curtain costume voice orchestra seat ticket critic scene"]
ADJECTIVES = ["old rusty heavy quiet northern broken", "warm fresh crisp salty brown sweet", "steep icy narrow distant white dangerous",
              "famous dark loud comic modern empty"]
VERBS = ["carried", "found", "forgot", "painted", "moved", "watched"]
FRAMES = ["the {a} {n} slowly {v} the {n}", "nobody {v} a {a} {n} in the morning, but the {a} {n} was here",
          "we {v} the {n} and the {a} {n}; it was {a}", "she {v} her {n} {n} near the {a} {n}", "is the {n} {a}? the {n} {n} was very {a}"]
PATTERNS = {"default": None, "pairs": [["NOUN", "NOUN"], ["ADJ", "NOUN"]], "verbs": [["VERB"], ["ADV", "VERB"]]}


class Tagger:
    """models/pos-en, by its description."""

    def __init__(self):
        self.data = (ROOT / "models/pos-en/model.bin").read_bytes()
        self.at = 8
        n_labels, n_certain, n_features, _ = self.take("<IIIf")
        self.labels = [self.text() for _ in range(n_labels)]
        self.certain = {self.text(): self.take("<B")[0] for _ in range(n_certain)}
        hashes = self.take(f"<{n_features}I")
        counts = self.take(f"<{n_features}B")
        self.weights = {key: [self.take("<Bb") for _ in range(n)] for key, n in zip(hashes, counts)}

    def take(self, layout):
        values = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return values

    def text(self):
        length, = self.take("<B")
        self.at += length
        return self.data[self.at - length:self.at].decode()

    def tags(self, words):
        before = ["<s>", "<s>"]
        lower = ["<s>", "<s>", *(word.lower() for word in words), "</s>", "</s>"]
        for i, word in enumerate(words, start=2):
            x = lower[i]
            label = self.certain.get(x)
            if label is None:
                shape = ("X" if word[0].isupper() else "x") + ("d" if any(c in "0123456789" for c in word) else "")
                features = ["bias", "suf3 " + x[-3:], "suf2 " + x[-2:], "suf1 " + x[-1:], "pre1 " + x[:1], "shape " + shape, "w " + x,
                            "t-1 " + before[-1], "t-2 " + before[-2], f"t-1t-2 {before[-1]} {before[-2]}", "w-1 " + lower[i - 1],
                            "w-2 " + lower[i - 2], "w+1 " + lower[i + 1], "w+2 " + lower[i + 2], f"t-1 w {before[-1]} {x}"]
                sums = [0] * len(self.labels)
                for feature in features:
                    for at, steps in self.weights.get(self.hash_of(feature), []):
                        sums[at] += steps
                label = max(range(len(sums)), key=lambda j: (sums[j], j))
            before.append(self.labels[label])
        return [label.split("|")[0] for label in before[2:]]

    @staticmethod
    def hash_of(feature):
        value = 2166136261
        for byte in feature.encode():
            value = (value ^ byte) * 16777619 & 0xFFFFFFFF
        return value


TAGGER = Tagger()


@spacy.Language.component("tags_of_topograph")
def tags_of_topograph(doc):
    """Words of two letters or more, sentence by sentence; everything else is a mark between them."""
    sentence = []
    for token in [*doc, None]:
        if token is None or token.text in ".!?;:":
            for word, tag in zip(sentence, TAGGER.tags([word.text for word in sentence])):
                word.pos_ = tag
            sentence = []
        elif re.fullmatch(r"\w\w+", token.text):
            sentence.append(token)
    return doc


def language():
    nlp = spacy.blank("en")
    nlp.tokenizer = lambda text: Doc(nlp.vocab, words=re.findall(r"\w+|[^\w\s]", text),
                                     spaces=[m.end() < len(text) and text[m.end()] == " " for m in re.finditer(r"\w+|[^\w\s]", text)])
    nlp.add_pipe("tags_of_topograph")
    return nlp


class NoEmbedder(BaseEmbedder):
    def embed(self, documents, verbose=False):
        return numpy.zeros((len(documents), 2), numpy.float32)


def corpus(seed):
    draw = random.Random(seed)
    texts, topics = [], []
    for topic, (nouns, adjectives) in enumerate(zip(NOUNS, ADJECTIVES)):
        for _ in range(60 - 10 * topic):
            def pick(match):
                words = {"n": nouns.split(), "a": adjectives.split(), "v": VERBS}[match.group(1)]
                return draw.choices(words, weights=[1 / (i + 1) for i in range(len(words))])[0]
            texts.append(re.sub(r"\{(\w)\}", pick, draw.choice(FRAMES)))
            topics.append(topic if draw.random() < 0.95 else -1)
    order = draw.sample(range(len(texts)), len(texts))
    return [texts[i] for i in order], [topics[i] for i in order]


def fitted(texts, topics, patterns):
    chosen = patterns and [[{"POS": tag} for tag in pattern] for pattern in patterns]
    model = BERTopic(language="multilingual", embedding_model=NoEmbedder(), umap_model=BaseDimensionalityReduction(),
                     hdbscan_model=BaseCluster(), vectorizer_model=CountVectorizer(ngram_range=(1, 2)),
                     representation_model=PartOfSpeech(language(), top_n_words=8, pos_patterns=chosen))
    model.fit(texts, embeddings=numpy.zeros((len(texts), 2), numpy.float32), y=topics)
    return model


def has_open_candidates(model):
    """True when equal weights leave open which words are candidates."""
    rows = -numpy.sort(-model.c_tf_idf_.toarray(), axis=1)
    return bool((rows[:, CANDIDATES - 1] - rows[:, CANDIDATES] < 1e-9).any())


def main():
    warnings.filterwarnings("ignore")
    FOLDER.mkdir(parents=True, exist_ok=True)
    texts, topics = corpus(SEED)
    sentences = [re.findall(r"\w\w+", part) for text in texts[:40] for part in re.split("[.!?;:]", text)]
    data = {"texts": texts, "topics": topics, "tags": [list(zip(words, TAGGER.tags(words))) for words in sentences if words], "chosen": []}
    for name, patterns in PATTERNS.items():
        model = fitted(texts, topics, patterns)
        assert not has_open_candidates(model)
        words = {str(t): [[w, float(s)] for w, s in pairs if w] for t, pairs in sorted(model.get_topics().items())}
        data["chosen"].append({"name": name, "patterns": [" ".join(p) for p in patterns or []], "words": words})
    path = FOLDER / "pos.json"
    path.write_text(json.dumps(data, separators=(",", ":")) + "\n")
    provenance = {"command": "python tools/reference/represent_pos.py", "seed": SEED,
                  "versions": {"python": sys.version.split()[0], "bertopic": bertopic.__version__, "spacy": spacy.__version__,
                               "numpy": numpy.__version__, "scikit-learn": sklearn.__version__},
                  "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()}}
    (FOLDER / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    main()
