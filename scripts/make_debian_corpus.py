#!/usr/bin/env python3
"""Makes examples/data/debian_packages.csv.gz: the one-line descriptions of Debian's packages.

The source is the package index that apt holds on this machine (`apt-cache dumpavail`); run
`apt-get update` first. Of each package in the index the version that apt would install is taken. White space inside
a description is folded to single spaces, packages are sorted by name in byte order, and the
compressed file holds no time stamp: the same index gives the same bytes.

    scripts/make_debian_corpus.py [--output FILE]
"""

import argparse
import csv
import gzip
import io
import pathlib
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent.parent


def stanzas(index):
    """Yields the one-line fields of each package of the index."""
    fields = {}
    for line in index.split("\n"):
        if not line:
            if fields:
                yield fields
            fields = {}
        elif line[0] not in " \t" and ":" in line:
            name, value = line.split(":", 1)
            fields[name] = " ".join(value.split())
    if fields:
        yield fields


def corpus_rows(index):
    """One (text, section, name) a package, sorted by name."""
    rows = {}
    for fields in stanzas(index):
        name, text = fields.get("Package"), fields.get("Description")
        if name and text:
            rows[name] = (text, fields.get("Section", ""), name)
    return [rows[name] for name in sorted(rows)]


def compressed_csv(rows):
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["text", "section", "name"])
    writer.writerows(rows)
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(text.getvalue().encode("utf-8"))
    return packed.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument(
        "--output",
        type=pathlib.Path,
        default=PROJECT / "examples" / "data" / "debian_packages.csv.gz",
    )
    output = parser.parse_args().output
    try:
        dump = subprocess.run(["apt-cache", "dumpavail"], check=True, capture_output=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"apt-cache dumpavail failed ({error}): this script needs Debian or Ubuntu")
    rows = corpus_rows(dump.decode("utf-8"))
    if not rows:
        sys.exit("apt's package index is empty: run `apt-get update` first")
    output.write_bytes(compressed_csv(rows))
    print(f"{output}: {len(rows)} packages, {output.stat().st_size} bytes")


if __name__ == "__main__":
    main()
