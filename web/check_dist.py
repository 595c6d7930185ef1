"""Tells whether web/dist was built from the sources in web/ (compares recorded SHA-256 sums) and from nothing else.

`check_dist.py` verifies (and prints what differs); `check_dist.py --write` records, which
`npm run build` does. Neither needs node.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent
RECORD = WEB / "dist" / "SOURCES.sha256"
INPUTS = ["package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"]
OUTPUTS = ["dist/report.css", "dist/report.html", "dist/report.js"]


def current() -> dict[str, str]:
    sources = sorted(p.relative_to(WEB).as_posix() for p in (WEB / "src").rglob("*") if p.is_file())
    names = [*INPUTS, *sources, *OUTPUTS]
    return {
        name: hashlib.sha256((WEB / name).read_bytes()).hexdigest()
        for name in names
        if (WEB / name).is_file()
    }


def recorded() -> dict[str, str]:
    lines = RECORD.read_text().splitlines() if RECORD.is_file() else []
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def foreign_imports() -> list[str]:
    """Modules of other packages in the page's program: there are none, so that no licence of theirs travels with it."""
    found = [f"package.json: {name}" for name in json.loads((WEB / "package.json").read_text()).get("dependencies", {})]
    for path in sorted((WEB / "src").rglob("*.ts")):
        sources = re.findall(r"""(?:\bfrom|^import) +["']([^"']+)["'];$""", path.read_text(), re.M)
        found += [f"{path.name}: {source}" for source in sources if not source.startswith("./")]
    return found


def main() -> int:
    now = current()
    if "--write" in sys.argv[1:]:
        RECORD.write_text("".join(f"{digest}  {name}\n" for name, digest in now.items()))
        return 0
    then = recorded()
    changed = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
    for name in changed:
        print(f"web/{name} is not what web/dist was built from")
    missing = [name for name in OUTPUTS if name not in now]
    for name in missing:
        print(f"web/{name} is missing")
    foreign = foreign_imports()
    for source in foreign:
        print(f"the page's program uses another package ({source}): give its licence in third_party/NOTICE")
    if foreign:
        return 1
    if changed or missing:
        print("run `npm ci && npm run build` in web/ and commit web/dist")
        return 1
    print(f"web/dist is up to date ({len(now)} files)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
