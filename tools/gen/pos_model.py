#!/usr/bin/env python3
"""models/pos-en/model.bin: an English part-of-speech tagger in one small table.

    python tools/gen/pos_model.py denckring_en_pos-0.6.0-py3-none-any.whl    # pip download --no-deps denckring-en-pos==0.6.0

The weights are those of the averaged perceptron in the package denckring-en-pos 0.6.0, trained on UD English-EWT 2.18, both
CC BY-SA 4.0. Features become 32-bit hashes (none of them collide) and weights signed bytes. models/pos-en/README.md has the layout.
"""
import gzip
import hashlib
import json
import pathlib
import struct
import sys
import zipfile

WHEEL_SHA256 = "f0da1062620818793aa33aa1415f41ec1eee2a72f7f16000c192baed331240d3"
TARGET = pathlib.Path(__file__).resolve().parents[2] / "models/pos-en/model.bin"
SCALE = 1 / 8  # What a byte's step stands for.


def feature_hash(feature):
    """FNV-1a, 32 bits."""
    value = 2166136261
    for byte in feature.encode():
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def short_text(text):
    data = text.encode()
    return bytes([len(data)]) + data


def main():
    wheel = pathlib.Path(sys.argv[1])
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        sys.exit(f"{wheel} is another file than the one this was written for")
    with zipfile.ZipFile(wheel) as archive:
        model = json.loads(gzip.decompress(archive.read("denckring_en_pos/data/tagger.json.gz")))
    classes = sorted(model["classes"])
    rows = {}
    for feature, weights in model["weights"].items():
        bytes_of = {classes.index(name): round(weight / SCALE) for name, weight in weights.items()}
        bytes_of = {label: max(-127, min(127, weight)) for label, weight in bytes_of.items() if weight}
        if bytes_of:
            key = feature_hash(feature)
            if key in rows:
                sys.exit(f"{feature} has the hash of another feature")
            rows[key] = bytes_of
    keys = sorted(rows)
    known = sorted(model["tagdict"].items())
    out = b"TGPOS001" + struct.pack("<IIIf", len(classes), len(known), len(keys), SCALE)
    out += b"".join(short_text(name) for name in classes)
    out += b"".join(short_text(word) + bytes([classes.index(label)]) for word, label in known)
    out += b"".join(struct.pack("<I", key) for key in keys)
    out += bytes(len(rows[key]) for key in keys)
    for key in keys:
        out += b"".join(struct.pack("<Bb", label, weight) for label, weight in sorted(rows[key].items()))
    TARGET.write_bytes(out)
    print(f"{len(out)} bytes, {len(keys)} features, SHA-256 {hashlib.sha256(out).hexdigest()}")


if __name__ == "__main__":
    main()
