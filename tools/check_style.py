#!/usr/bin/env python3
"""Style that a machine can judge: clang-format, banned functions, file lengths, words, formats."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BANNED = {
    r"\bstd::(uniform_\w+|normal|bernoulli|discrete)_distribution\b|\bstd::shuffle\b|\bstd::mt19937|\brand\(\)":
        "random numbers come from core/random.hpp, so that results are the same everywhere",
    r"\bstd::(thread|jthread|async)\b": "threads come from RunContext",
    r"\bthrow\s+(?!;|std::bad_)\w": "errors are values: return a Result",
    r"-ffast-math|-march=native": "results must not depend on the machine",
    r"\b(TODO|FIXME|XXX)\b(?!\(#\d+\))": "finish it, or name the issue: TODO(#12)",
}
# main.cpp waits for signals in a thread of its own; nothing else starts one.
ALLOWED = {("apps/cli/main.cpp", "threads come from RunContext")}
MAX_LINES = 500


def tracked(*patterns):
    out = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in out.stdout.splitlines() if (ROOT / line).exists()]


def main():
    problems = []
    sources = tracked("*.cpp", "*.hpp")
    written = [path for path in sources if not path.read_text().startswith("// Written by tools/gen/")]
    for path in sources:
        name = str(path.relative_to(ROOT))
        text = path.read_text()
        if not name.startswith("tests/"):
            for pattern, why in BANNED.items():
                for match in re.finditer(pattern, text):
                    if (name, why) not in ALLOWED:
                        line = text.count("\n", 0, match.start()) + 1
                        problems.append(f"{name}:{line}: {match.group(0)}: {why}")
            n_lines = text.count("\n")
            if n_lines > MAX_LINES and path in written:
                problems.append(f"{name}: {n_lines} lines; what second thing does this file do?")
        if path.suffix == ".hpp" and "#pragma once" not in text:
            problems.append(f"{name}: no #pragma once")
    check = subprocess.run(["clang-format", "--dry-run", "--Werror", *map(str, written)],
                           capture_output=True, text=True)
    if check.returncode != 0:
        first = [line for line in check.stderr.splitlines() if "error:" in line]
        files = sorted({line.split(":")[0].replace(str(ROOT) + "/", "") for line in first})
        problems += [f"{name}: run `make format`" for name in files]
    print("\n".join(problems) or f"style: {len(sources)} files are in order")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
