#!/usr/bin/env python3
"""Draws layouts that bench/umap_speed.py kept, coloured by a column, each as a small PNG without axes.

  build/peers/bin/python bench/umap_pictures.py KEPT_FOLDER FILE.csv COLUMN docs/images/NAME [--seed 0]

Writes docs/images/NAME_topograph.png and NAME_umap_learn.png from WHO_2_SEED.npy. Layouts have no direction of their own: ours is
turned and mirrored onto the peer's (Procrustes), which changes no distance. Colours are the eight largest classes' and grey.
"""
import argparse
import pathlib
import struct
import zlib

import numpy as np
import pandas

SIZE, MARGIN = 420, 12
COLORS = np.array([[31, 119, 180], [255, 127, 14], [44, 160, 44], [214, 39, 40], [148, 103, 189], [140, 86, 75], [227, 119, 194],
                   [23, 190, 207], [190, 190, 190]])


def turned_onto(coords, other):
    left, _, right = np.linalg.svd((coords - coords.mean(0)).T @ (other - other.mean(0)))
    return (coords - coords.mean(0)) @ (left @ right)


def draw(coords, classes):
    """Mean colour of a pixel's points over white, darker where there are more of them."""
    low, high = np.percentile(coords, (0.2, 99.8), axis=0)
    middle, half = (low + high) / 2, (high - low).max() / 2
    pixel = (SIZE / 2 + (coords - middle) / half * (SIZE / 2 - MARGIN)).astype(int)
    inside = ((pixel >= 0) & (pixel < SIZE - 1)).all(1)
    pixel, color = pixel[inside], COLORS[classes[inside]]
    total, count = np.zeros((SIZE, SIZE, 3)), np.zeros((SIZE, SIZE))
    for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
        place = (SIZE - 1 - (pixel[:, 1] + dy), pixel[:, 0] + dx)
        np.add.at(total, place, color)
        np.add.at(count, place, 1)
    mean = total / np.maximum(count, 1)[..., None]
    cover = 1 - 0.45 ** count[..., None]
    return np.clip(255 * (1 - cover) + mean * cover, 0, 255).astype(np.uint8)


def write_png(path, image):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + row.tobytes() for row in image // 8 * 8 + 7)  # fewer colours are a smaller file
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kept", type=pathlib.Path)
    parser.add_argument("csv")
    parser.add_argument("column")
    parser.add_argument("picture", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    ours, peer = (np.load(given.kept / f"{who}_2_{given.seed}.npy").astype(np.float64) for who in ("topograph", "umap-learn"))
    table = pandas.read_csv(given.csv, keep_default_na=False, dtype=str)
    labels = table[table.text.str.strip() != ""][given.column][: len(ours)]
    rank = {label: i for i, label in enumerate(labels.value_counts().index)}
    classes = np.minimum(labels.map(rank).to_numpy(), len(COLORS) - 1)
    given.picture.parent.mkdir(parents=True, exist_ok=True)
    for name, coords in (("topograph", turned_onto(ours, peer)), ("umap_learn", peer - peer.mean(0))):
        write_png(given.picture.parent / f"{given.picture.name}_{name}.png", draw(coords, classes))


if __name__ == "__main__":
    main()
