#!/usr/bin/env python3
"""Writes src/text/stop_word_lists.cpp from pinned packages.

Choice of lists: function words, not frequent words. Lists of 100 to 400 entries (the size of the
Snowball lists) are preferred over the large merged collections: the English list of stopwordsiso
has 1 298 entries, among them "computer" and "system", and would delete the subject of whole topics.
English is scikit-learn's list, because the peers use it, plus contractions and single letters, less
eight words that are subjects of texts ("system", "fire" ...); `english` is the list as it is.
Words that are only used in several tokens, and entries without a letter, are left out.

    python3 tools/gen/stop_words.py --packages DIR     # DIR: pip download --no-deps of PACKAGES
    python3 tools/gen/stop_words.py                    # downloads them first
"""

import argparse
import ast
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata
import zipfile

PACKAGES = {
    "stop-words": "stop-words==2025.11.4",
    "stopwordsiso": "stopwordsiso==0.7.1",
    "spacy": "spacy==3.8.18",
    "Whoosh": "Whoosh==2.7.4",
    "scikit-learn": "scikit-learn==1.9.1",
}
# Language: (package, its name there). Whoosh carries the Snowball lists.
SOURCES = {
    "af": ("stopwordsiso", "af"), "ar": ("stop-words", "arabic"), "bg": ("stop-words", "bulgarian"),
    "bn": ("spacy", "bn"), "ca": ("stop-words", "catalan"), "cs": ("spacy", "cs"),
    "da": ("stopwordsiso", "da"), "de": ("stop-words", "german"), "el": ("spacy", "el"),
    "en": ("scikit-learn", "en"), "eo": ("stopwordsiso", "eo"), "es": ("Whoosh", "es"),
    "eu": ("stopwordsiso", "eu"), "fa": ("spacy", "fa"), "fi": ("Whoosh", "fi"),
    "fr": ("stop-words", "french"), "ga": ("stopwordsiso", "ga"), "gl": ("stopwordsiso", "gl"),
    "he": ("spacy", "he"), "hi": ("stop-words", "hindi"), "hr": ("spacy", "hr"),
    "hu": ("Whoosh", "hu"), "hy": ("spacy", "hy"), "id": ("stop-words", "indonesian"),
    "it": ("Whoosh", "it"), "ja": ("stopwordsiso", "ja"), "ko": ("spacy", "ko"),
    "lv": ("stopwordsiso", "lv"), "mr": ("stopwordsiso", "mr"),
    "ne": ("spacy", "ne"), "nl": ("Whoosh", "nl"), "no": ("Whoosh", "no"),
    "pl": ("stop-words", "polish"), "pt": ("Whoosh", "pt"), "ro": ("stop-words", "romanian"),
    "ru": ("stop-words", "russian"), "sk": ("stop-words", "slovak"), "sl": ("spacy", "sl"),
    "sq": ("spacy", "sq"), "sr": ("spacy", "sr"), "sv": ("Whoosh", "sv"),
    "sw": ("stopwordsiso", "sw"), "ta": ("spacy", "ta"), "te": ("spacy", "te"),
    "th": ("stopwordsiso", "th"), "tl": ("stopwordsiso", "tl"), "tr": ("stop-words", "turkish"),
    "uk": ("stop-words", "ukrainian"), "ur": ("spacy", "ur"), "vi": ("stop-words", "vietnamese"),
    "zh": ("stop-words", "chinese"),
}
CONTRACTIONS = (
    "i'm i've i'll i'd you're you've you'll you'd he's he'll he'd she's she'll she'd it's it'll it'd "
    "we're we've we'll we'd they're they've they'll they'd that's that'll that'd there's there'll "
    "here's what's what're what'll who's who'll who'd where's when's why's how's let's isn't aren't "
    "wasn't weren't don't doesn't didn't won't wouldn't can't couldn't shan't shouldn't mustn't "
    "mightn't needn't haven't hasn't hadn't ain't y'all ma'am o'clock "
    "dont didnt doesnt cant wont isnt wasnt im ive id youre thats whats theres lets did does doing "
    "don having just very will should re ve ll")
# Words of English that slipped into a list of another language, and subjects of texts that
# scikit-learn's list removes (its own documentation warns of them).
STRAY = {"sk": {"the", "of", "for"},
         "en": {"bill", "cry", "fire", "interest", "mill", "serious", "sincere", "system"}}
ROOT = pathlib.Path(__file__).resolve().parents[2]


def assigned_literal(source, name):
    """The text or set literal that a Python source assigns to `name`, read without running it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            yield node.value
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update":
            yield from node.args


def strings_below(node):
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def read_list(wheels, package, name):
    wheel = wheels[package]
    if package == "stop-words":
        return wheel.read(f"stop_words/stop-words/{name}.txt").decode().splitlines()
    if package == "stopwordsiso":
        return json.loads(wheel.read("stopwordsiso/stopwords-iso.json"))[name]
    if package == "spacy":
        source = wheel.read(f"spacy/lang/{name}/stop_words.py").decode()
        texts = [s for node in assigned_literal(source, "STOP_WORDS") for s in strings_below(node)]
        return [word for text in texts for word in text.split()]
    if package == "scikit-learn":
        source = wheel.read("sklearn/feature_extraction/_stop_words.py").decode()
        return [s for node in assigned_literal(source, "ENGLISH_STOP_WORDS") for s in strings_below(node)]
    tree = ast.parse(wheel.read("whoosh/lang/stopwords.py").decode())
    table = next(n.value for n in tree.body
                 if isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") == "stoplists")
    for key, value in zip(table.keys, table.values):
        if key.value == name:
            return [word for text in strings_below(value) for word in text.split()]
    sys.exit(f"no list {name} in {package}")


def clean(words):
    kept = set()
    for word in words:
        word = unicodedata.normalize("NFC", word.strip().lower()).replace("\u2019", "'").strip(".^")
        word = word.lstrip("\ufeff")
        letters = all(unicodedata.category(c)[0] in "LM" or c in "'\u200c" for c in word)
        if word and letters and any(unicodedata.category(c)[0] == "L" for c in word):
            kept.add(word)
    return sorted(kept, key=lambda w: w.encode())


def cpp_list(language, words):
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) + 1 > 86:
            lines.append(line)
            line = ""
        line += word + " "
    lines.append(line.rstrip())
    return f'    {{"{language}",\n' + "\n".join(f'     "{text}"' for text in lines) + "},\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--packages", type=pathlib.Path)
    folder = parser.parse_args().packages
    if folder is None:
        folder = pathlib.Path(tempfile.mkdtemp())
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder,
                        *PACKAGES.values()], check=True)
    wheels, digests = {}, []
    for package, pin in PACKAGES.items():
        version = pin.split("==")[1]
        path = next(folder.glob(f"{package.replace('-', '_')}-{version}*.whl"))
        wheels[package] = zipfile.ZipFile(path)
        digests.append(f"//   {path.name} sha256 {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}...")
    added = json.loads((ROOT / "tools/gen/stop_words_added.json").read_text())
    sklearn = clean(read_list(wheels, *SOURCES["en"]))
    assert len(sklearn) == 318, len(sklearn)
    lists = {language: read_list(wheels, *source) + added.get(language, "").split()
             for language, source in SOURCES.items()}
    for language, stray in STRAY.items():
        lists[language] = [word for word in lists[language] if word not in stray]
    lists["en"] += CONTRACTIONS.split() + [chr(c) for c in range(ord("a"), ord("z") + 1)]
    entries = "".join(cpp_list(language, clean(words)) for language, words in sorted(lists.items()))
    text = (
        "// Written by tools/gen/stop_words.py; licences are in third_party/NOTICE. From\n"
        + "\n".join(digests) + '\n#include "text/stop_word_lists.hpp"\n\nnamespace topograph {\nnamespace {\n\n'
        "// clang-format off\nconstexpr StopWordList kLists[] = {\n" + entries + "};\n\n"
        "constexpr StopWordList kEnglishOfPeers =\n" + cpp_list("english", sklearn).rstrip(",\n") + ";\n"
        "// clang-format on\n\n}  // namespace\n\n"
        "std::span<const StopWordList> stop_word_lists() { return kLists; }\n\n"
        "const StopWordList& english_stop_words_of_peers() { return kEnglishOfPeers; }\n\n"
        "}  // namespace topograph\n")
    (ROOT / "src/text/stop_word_lists.cpp").write_text(text)
    print({language: len(clean(words)) for language, words in sorted(lists.items())})


if __name__ == "__main__":
    main()
