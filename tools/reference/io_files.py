#!/usr/bin/env python3
"""Writes small files with numpy and pyarrow that topograph's readers must understand.

    python tools/reference/io_files.py    # numpy, pyarrow

Everything lands in tests/data/io with a PROVENANCE.json.
"""

import datetime
import gzip
import hashlib
import json
import pathlib
import sys

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests" / "data" / "io"


def write_npy_files():
    # Quarters are exact in every float type, so one expectation serves all files.
    matrix = (np.arange(15, dtype=np.float64).reshape(5, 3) - 7) / 4
    np.save(OUT / "matrix_f4.npy", matrix.astype("<f4"))
    np.save(OUT / "matrix_f8.npy", matrix.astype("<f8"))
    np.save(OUT / "matrix_f2.npy", matrix.astype("<f2"))
    np.save(OUT / "matrix_f4_fortran.npy", np.asfortranarray(matrix.astype("<f4")))
    np.save(OUT / "matrix_big_endian.npy", matrix.astype(">f4"))
    np.save(OUT / "matrix_int.npy", matrix.astype("<i8"))
    np.save(OUT / "vector.npy", matrix[0].astype("<f4"))
    for version in [(2, 0), (3, 0)]:
        with open(OUT / f"matrix_v{version[0]}.npy", "wb") as file:
            np.lib.format.write_array(file, matrix.astype("<f4"), version=version)
    np.save(OUT / "structured.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<f4")]))
    bad = matrix.astype("<f4")
    bad[3, 1] = np.nan
    np.save(OUT / "matrix_nan.npy", bad)


def typed_table():
    utc = datetime.timezone.utc
    time = datetime.datetime(2024, 2, 29, 12, 30, 15, 250000, tzinfo=utc)
    naive = datetime.datetime(1969, 12, 31, 23, 59, 59, 999999)
    return pa.table(
        {
            "text": pa.array(["zebra", None, "naïve café 😀", ""], pa.string()),
            "large": pa.array(["a", "b", None, "d"], pa.large_string()),
            "view": pa.array(["kurz", "a longer text than twelve bytes", None, ""], pa.string_view()),
            "category": pa.array(["x", "y", None, "x"]).dictionary_encode(),
            "i8": pa.array([-128, 0, 127, None], pa.int8()),
            "u16": pa.array([0, 65535, None, 1], pa.uint16()),
            "i32": pa.array([-(2**31), 2**31 - 1, 0, None], pa.int32()),
            "u32": pa.array([0, 2**32 - 1, None, 1], pa.uint32()),
            "i64": pa.array([-(2**63), 2**63 - 1, None, 0], pa.int64()),
            "u64_small": pa.array([0, 1, 2, None], pa.uint64()),
            "u64_large": pa.array([2**64 - 1, 1, 2, None], pa.uint64()),
            "f16": pa.array(np.array([0.5, -2, 65504, 0], dtype=np.float16)),
            "f32": pa.array([0.1, None, -1.5, 3e38], pa.float32()),
            "f64": pa.array([0.1, None, -1e300, 3.0], pa.float64()),
            "flag": pa.array([True, False, None, True]),
            "date": pa.array([datetime.date(2024, 2, 29), datetime.date(1969, 12, 31), None,
                              datetime.date(1970, 1, 1)], pa.date32()),
            "time_s": pa.array([time.replace(microsecond=0), None, time, time], pa.timestamp("s", "UTC")),
            "time_ns": pa.array([naive, None, time, time], pa.timestamp("ns")),
            "decimal": pa.array([None, "1.50", "-2.25", "0.00"]).cast(pa.decimal128(9, 2)),
            "list": pa.array([[1, 2], None, [], [3]], pa.list_(pa.int64())),
            "record": pa.array([{"a": 1, "b": ['x "q"']}, None, {"a": None, "b": None},
                                {"a": 0.5, "b": []}],
                               pa.struct([("a", pa.float64()), ("b", pa.list_(pa.string()))])),
            "nothing": pa.nulls(4),
        }
    )


def write_tables():
    table = typed_table()
    # Several row groups and batches: types and missing values must survive the joints.
    pa.parquet.write_table(table, OUT / "typed.parquet", row_group_size=3)
    with pa.ipc.new_file(OUT / "typed.feather", table.schema,
                         options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        for batch in table.to_batches(max_chunksize=3):
            writer.write_batch(batch)
    pa.parquet.write_table(table.slice(0, 0), OUT / "no_rows.parquet")
    binary = pa.table({"text": pa.array([b"ok", b"caf\xe9", b"end"], pa.binary())})
    pa.parquet.write_table(binary, OUT / "latin1.parquet")


def write_compressed():
    content = "text,id\nfirst,1\n\"second, with comma\",2\n".encode()
    (OUT / "rows.csv.gz").write_bytes(gzip.compress(content, mtime=0))
    # Two members, as `cat a.gz b.gz` makes them.
    (OUT / "two_members.csv.gz").write_bytes(
        gzip.compress(content[:12], mtime=0) + gzip.compress(content[12:], mtime=0))
    with pa.CompressedOutputStream(str(OUT / "rows.csv.zst"), "zstd") as file:
        file.write(content)


def write_invalid_utf8():
    # The replacement rule is Python's errors="replace" (maximal subparts).
    samples = [b"\xff", b"a\xe9b", b"\xe2\x82", b"\xe2\x82z", b"\xf0\x9f\x98", b"\xc0\xaf",
               b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe0\x80\x80", b"\xf0\x9f\x98\x80 fine",
               b"\x80\x80 two", b"tail \xc3", b"long enough for a word \xf1\x80\x80 and more \xfe"]
    rows = [{"hex": s.hex(), "replaced": s.decode("utf-8", errors="replace")} for s in samples]
    (OUT / "invalid_utf8.json").write_text(json.dumps(rows, indent=1) + "\n")


def write_provenance():
    files = sorted(p for p in OUT.iterdir() if p.name != "PROVENANCE.json")
    provenance = {
        "command": "python tools/reference/io_files.py",
        "packages": {"python": sys.version.split()[0], "numpy": np.__version__, "pyarrow": pa.__version__},
        "seed": None,
        "sha256": {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files},
    }
    (OUT / "PROVENANCE.json").write_text(json.dumps(provenance, indent=2) + "\n")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    write_npy_files()
    write_tables()
    write_compressed()
    write_invalid_utf8()
    write_provenance()
