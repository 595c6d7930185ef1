#!/usr/bin/env python3
"""Checks every #include of topograph's own headers against tools/layers.txt."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#include\s+"([^"]+)"', re.M)


def read_table():
    table = {}
    for line in (ROOT / "tools/layers.txt").read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            room, _, allowed = line.partition(":")
            table[room.strip()] = set(allowed.split())
    return table


def problems_of(room, allowed, path):
    for target in INCLUDE.findall(path.read_text()):
        parts = target.split("/")
        if parts[0] == "topograph" and len(parts) == 3:
            other, is_public = parts[1], True
        else:
            other, is_public = parts[0], False
        if other in (room, "core") and (is_public or other == room):
            continue
        if not is_public:
            # The kernels' table is the one private header that rooms allowed to use them may include.
            if other == "kernels" and "kernels" in allowed:
                continue
            yield f"{path.relative_to(ROOT)}: includes the private header {target} of another room"
        elif other not in allowed and not (parts[2] == "types.hpp" and f"{other}/types" in allowed):
            yield f"{path.relative_to(ROOT)}: room '{room}' may not include {target}"


def main():
    table = read_table()
    found = []
    for room, allowed in table.items():
        for base in (ROOT / "include/topograph" / room, ROOT / "src" / room):
            for path in sorted(base.rglob("*")):
                if path.suffix in (".hpp", ".cpp", ".h"):
                    found += problems_of(room, allowed, path)
    rooms = {p.name for p in (ROOT / "src").iterdir() if p.is_dir()}
    found += [f"src/{room}: not listed in tools/layers.txt" for room in sorted(rooms - set(table))]
    for path in sorted((ROOT / "apps").rglob("*.[ch]pp")):
        for target in INCLUDE.findall(path.read_text()):
            own = (path.parent / target).exists() or (ROOT / "apps" / target).exists()
            if not target.startswith("topograph/") and not own:
                found.append(f"{path.relative_to(ROOT)}: shells include public headers only, not {target}")
    print("\n".join(found) or "layers: every include follows tools/layers.txt")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
