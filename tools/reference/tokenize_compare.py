"""Compares topograph's tokens with those of Hugging Face tokenizers on every text of CSV files.

    python tools/reference/tokenize_compare.py --program build/test/bin/bench_tokenize_compare \
        --tokenizer build/models/all-MiniLM-L6-v2/tokenizer.json ../shared/data/*.csv*

Every cell of every row is a text. Ids and byte offsets must be equal, all of them; the exit code is 1
if one differs. With --speed FILE both programs are also timed on the texts of that file, with 1 and 2
threads. Needs the Python package `tokenizers`.
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


def byte_positions(text):
    """Byte position of each character, and of the end."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    sizes = 1 + (codes > 0x7F).astype(np.int64) + (codes > 0x7FF) + (codes > 0xFFFF)
    return np.concatenate([[0], np.cumsum(sizes)])


def expected(text, encoding):
    offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    if not text.isascii():
        offsets = byte_positions(text)[offsets]
    return np.array(encoding.ids, dtype=np.int32), offsets.astype(np.uint32)


def read_ours(handle):
    (n,) = struct.unpack("<I", handle.read(4))
    ids = np.frombuffer(handle.read(4 * n), dtype=np.int32)
    return ids, np.frombuffer(handle.read(8 * n), dtype=np.uint32).reshape(n, 2)


def compare(texts, tokenizer, arguments, folder):
    """Returns (tokens, texts with other ids, texts with other offsets) and prints the first few."""
    source, result = folder / "texts.bin", folder / "ids.bin"
    write_texts(texts, source)
    subprocess.run([arguments.program, arguments.tokenizer, source, "--ids", result], check=True)
    n_tokens = other_ids = other_offsets = 0
    with open(result, "rb") as handle:
        for begin in range(0, len(texts), CHUNK):
            chunk = texts[begin : begin + CHUNK]
            for text, encoding in zip(chunk, tokenizer.encode_batch(chunk)):
                ids, offsets = expected(text, encoding)
                our_ids, our_offsets = read_ours(handle)
                n_tokens += len(ids)
                if not np.array_equal(ids, our_ids):
                    other_ids += 1
                    if other_ids <= 3:
                        print(f"  ids differ: {text[:200]!r}\n   peer {ids.tolist()[:60]}")
                        print(f"   ours {our_ids.tolist()[:60]}")
                elif not np.array_equal(offsets, our_offsets):
                    other_offsets += 1
                    if other_offsets <= 3:
                        print(f"  offsets differ: {text[:200]!r}")
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
    print(json.dumps({"program": "tokenizers", "threads": threads, "texts": len(texts),
                      "tokens": n_tokens, "seconds": round(seconds, 3),
                      "tokens_per_second": round(n_tokens / seconds)}), flush=True)
    return seconds


def time_both(path, arguments, folder):
    texts = read_texts(path)
    source = folder / "texts.bin"
    write_texts(texts, source)
    for threads in (1, 2):
        subprocess.run([arguments.program, arguments.tokenizer, source, "--time", str(threads)],
                       check=True)
        # A fresh tokenizer each time: forking after its threads have started is not safe.
        times = [time_peer(texts, peer(arguments.tokenizer), threads) for _ in range(3)]
        print(f"  peer median {statistics.median(times):.3f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--speed", type=Path)
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()
    n_different = 0
    with tempfile.TemporaryDirectory() as name:
        if arguments.speed:
            time_both(arguments.speed, arguments, Path(name))
        tokenizer = peer(arguments.tokenizer) if arguments.files else None
        for path in arguments.files:
            texts = read_texts(path)
            n_tokens, other_ids, other_offsets = compare(texts, tokenizer, arguments, Path(name))
            n_different += other_ids + other_offsets
            print(f"{path.name}: {len(texts)} texts, {n_tokens} tokens, "
                  f"{other_ids} with other ids, {other_offsets} with other offsets", flush=True)
    return 1 if n_different else 0


if __name__ == "__main__":
    sys.exit(main())
