"""Compares topograph's tokens with those of Hugging Face tokenizers on every text of CSV files.

    python tools/reference/tokenize_compare.py --program build/test/bin/bench_tokenize_compare \
        --tokenizer build/models/all-MiniLM-L6-v2/tokenizer.json ../shared/data/*.csv*

Every cell of every row is a text. Ids and byte offsets must be equal, all of them; the exit code is 1
if one differs. With --speed FILE both programs are also timed on the texts of that file, with 1 and 2
threads, three times in turn; medians count. Needs the Python package `tokenizers`.
"""

import argparse
import csv
import gzip
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import chain
from pathlib import Path

import numpy as np

CHUNK = 20_000


def read_texts(path):
    csv.field_size_limit(1 << 30)
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as handle:
        return [cell for row in csv.reader(handle) for cell in row]


def write_texts(texts, path):
    with open(path, "wb") as handle:
        for text in texts:
            data = text.encode("utf-8")
            handle.write(struct.pack("<I", len(data)) + data)


def peer(path):
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def expected(texts, encodings):
    """Counts, ids and byte offsets of a batch, each in one array; the peer counts in characters."""
    counts = np.array([len(encoding) for encoding in encodings], dtype=np.int64)
    ids = np.fromiter(chain.from_iterable(e.ids for e in encodings), dtype=np.int32, count=counts.sum())
    pairs = chain.from_iterable(chain.from_iterable(e.offsets for e in encodings))
    offsets = np.fromiter(pairs, dtype=np.int64, count=2 * counts.sum()).reshape(-1, 2)
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
    sizes = 1 + (codes > 0x7F).astype(np.int64) + (codes > 0x7FF) + (codes > 0xFFFF)
    byte_of = np.concatenate([[0], np.cumsum(sizes)])
    first_of = np.concatenate([[0], np.cumsum([len(text) for text in texts])])[:-1]
    first = np.repeat(first_of, counts)[:, None]
    return counts, ids, (byte_of[offsets + first] - byte_of[first]).astype(np.uint32)


def read_ours(data, position, n_texts):
    """The same of our program's file, from byte `position` on, and where it ends."""
    counts, ids, offsets = [], [], []
    for _ in range(n_texts):
        n = int(data[position])
        counts.append(n)
        ids.append(data[position + 1 : position + 1 + n])
        offsets.append(data[position + 1 + n : position + 1 + 3 * n])
        position += 1 + 3 * n
    return (np.array(counts), np.concatenate(ids).view(np.int32), np.concatenate(offsets).reshape(-1, 2), position)


def find_differences(texts, peer, ours):
    """Indices of the texts with other ids, and of those with the same ids and other offsets."""
    if all(np.array_equal(a, b) for a, b in zip(peer, ours)):
        return [], []
    ends = [np.concatenate([[0], np.cumsum(side[0])]) for side in (peer, ours)]
    parts = [[(side[1][begin:end], side[2][begin:end]) for begin, end in zip(bounds, bounds[1:])]
             for side, bounds in zip((peer, ours), ends)]
    other_ids = [i for i in range(len(texts)) if not np.array_equal(parts[0][i][0], parts[1][i][0])]
    known = set(other_ids)
    other_offsets = [i for i in range(len(texts))
                     if i not in known and not np.array_equal(parts[0][i][1], parts[1][i][1])]
    for i in other_ids[:3]:
        print(f"  ids differ: {texts[i][:300]!r}\n   peer {parts[0][i][0].tolist()[:60]}\n"
              f"   ours {parts[1][i][0].tolist()[:60]}")
    for i in other_offsets[:3]:
        pairs = [(a.tolist(), b.tolist()) for a, b in zip(parts[0][i][1], parts[1][i][1]) if a.tolist() != b.tolist()]
        print(f"  offsets differ: {texts[i][:300]!r}\n   peer, ours {pairs[:6]}")
    return other_ids, other_offsets


def compare(texts, tokenizer, arguments, folder):
    """Returns (tokens, texts with other ids, texts with other offsets) and prints the first few.

    Equal texts are compared once and counted each time."""
    times = Counter(texts)
    texts = list(times)
    source, result = folder / "texts.bin", folder / "ids.bin"
    write_texts(texts, source)
    subprocess.run([arguments.program, arguments.tokenizer, source, "--ids", result], check=True)
    data = np.fromfile(result, dtype=np.uint32)
    position = n_tokens = other_ids = other_offsets = 0
    for begin in range(0, len(texts), CHUNK):
        chunk = texts[begin : begin + CHUNK]
        peer_side = expected(chunk, tokenizer.encode_batch(chunk))
        *our_side, position = read_ours(data, position, len(chunk))
        weights = np.array([times[text] for text in chunk])
        n_tokens += int((peer_side[0] * weights).sum())
        ids, offsets = find_differences(chunk, peer_side, our_side)
        other_ids += int(weights[ids].sum())
        other_offsets += int(weights[offsets].sum())
    return n_tokens, other_ids, other_offsets


def time_peer(texts, tokenizer, threads):
    """In a child process: the peer's thread pool is made once for a process."""
    pid_result = tempfile.NamedTemporaryFile(suffix=".json")
    pid = os.fork()
    if pid == 0:
        os.environ["RAYON_NUM_THREADS"] = str(threads)
        os.environ["TOKENIZERS_PARALLELISM"] = "true" if threads > 1 else "false"
        start = time.perf_counter()
        n_tokens = sum(len(encoding.ids) for encoding in tokenizer.encode_batch_fast(texts))
        seconds = time.perf_counter() - start
        Path(pid_result.name).write_text(json.dumps([n_tokens, seconds]))
        os._exit(0)
    os.waitpid(pid, 0)
    n_tokens, seconds = json.loads(Path(pid_result.name).read_text())
    return n_tokens / seconds


def time_both(path, arguments, folder):
    """Tokens a second of both programs, one after the other, with 1 and 2 threads."""
    texts = read_texts(path)
    source = folder / "texts.bin"
    write_texts(texts, source)
    for threads in (1, 2):
        ours, theirs = [], []
        for _ in range(3):
            done = subprocess.run([arguments.program, arguments.tokenizer, source, "--time", str(threads)],
                                  check=True, capture_output=True, text=True)
            ours.append(json.loads(done.stdout)["tokens_per_second"])
            # A fresh tokenizer each time: forking after its threads have started is not safe.
            theirs.append(time_peer(texts, peer(arguments.tokenizer), threads))
        mine, other = statistics.median(ours), statistics.median(theirs)
        print(f"{path.name}, {threads} thread(s): {mine / 1e6:.2f} M tokens/s, peer {other / 1e6:.2f} M, "
              f"{mine / other:.1f}x", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--speed", type=Path)
    parser.add_argument("--summary", action="store_true", help="one line for all files")
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()
    total = [0, 0, 0, 0]
    with tempfile.TemporaryDirectory() as name:
        if arguments.speed:
            time_both(arguments.speed, arguments, Path(name))
        tokenizer = peer(arguments.tokenizer) if arguments.files else None
        for path in arguments.files:
            texts = read_texts(path)
            n_tokens, other_ids, other_offsets = compare(texts, tokenizer, arguments, Path(name))
            total = [a + b for a, b in zip(total, (len(texts), n_tokens, other_ids, other_offsets))]
            if arguments.summary:
                continue
            print(f"{path.name}: {len(texts)} texts, {n_tokens} tokens, "
                  f"{other_ids} with other ids, {other_offsets} with other offsets", flush=True)
    if arguments.summary:
        print(f"{total[0]} texts, {total[1]} tokens, {total[2]} with other ids, {total[3]} with other offsets")
    return 1 if total[2] + total[3] else 0


if __name__ == "__main__":
    sys.exit(main())
