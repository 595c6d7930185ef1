"""Opens reports in a headless Chromium and uses them as a person would.

usage: report_test.py MAKE_REPORT OUTPUT_FOLDER [TEST...]   (exit code 77: skipped, no Chromium)
Screenshots are left in the output folder.
"""

import sys
import traceback
from pathlib import Path

import hard_checks
import map_checks
import page_checks
from browser import Browser, find_chromium
from person import Reports

SKIPPED = 77
ALLOWED = ("file:", "data:", "blob:", "about:")


def main() -> int:
    program, folder = sys.argv[1], Path(sys.argv[2])
    chromium = find_chromium()
    if chromium is None:
        print("skipped: no Chromium found")
        return SKIPPED
    for old in folder.glob("*.html"):
        old.unlink()
    reports = Reports(program, folder)
    chosen = [test for test in [*map_checks.CHECKS, *page_checks.CHECKS, *hard_checks.CHECKS] if not sys.argv[3:] or test.__name__ in sys.argv[3:]]
    failures = 0
    with Browser(chromium) as browser:
        for test in chosen:
            browser.problems.clear()
            browser.requests.clear()
            try:
                test(browser, reports)
                foreign = [url for url in browser.requests if not url.startswith(ALLOWED)]
                assert not foreign, f"requested {foreign}"
                assert not browser.problems, browser.problems
                print(f"ok      {test.__name__}", flush=True)
            except Exception:
                failures += 1
                print(f"FAILED  {test.__name__}\n{traceback.format_exc()}", flush=True)
    print(f"{len(chosen) - failures} of {len(chosen)} passed; pictures in {folder}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
