"""What a person sees and does on a report; and the reports themselves."""

import json
import subprocess
import time
from pathlib import Path

from browser import Browser


class Reports:
    """Makes each kind of report once."""

    def __init__(self, program: str, folder: Path):
        self.program = program
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def make(self, name: str, *arguments: object) -> Path:
        path = self.folder / f"{name}.html"
        if not path.exists():
            subprocess.run([self.program, path, *map(str, arguments)], check=True)
        return path

    def map(self) -> Path:
        return self.make("map", 20000, 24)


def text_of(browser: Browser, selector: str) -> str:
    return str(browser.evaluate(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))


def count_of(browser: Browser, selector: str) -> int:
    return int(browser.evaluate(f"document.querySelectorAll({json.dumps(selector)}).length"))


def shown_labels(browser: Browser) -> list[str]:
    return browser.evaluate("[...document.querySelectorAll('.label.is-shown')].map(e => e.textContent)")


def a_point(browser: Browser) -> tuple[float, float]:
    """Where some document is: the pointer is moved over the map until a card appears."""
    for y in range(160, 800, 23):
        for x in range(60, 940, 37):
            browser.mouse("mouseMoved", x, y)
            shown = "document.querySelector('#tooltip').classList.contains('is-shown')"
            if browser.evaluate(f"{shown} && document.elementFromPoint({x}, {y}).id === 'points'"):
                return x, y
    raise AssertionError("no document found under the pointer")


def map_pixels(browser: Browser) -> dict[str, int]:
    """How many pixels of the map are drawn, and how many of them in colour (not grey)."""
    return browser.evaluate(
        """new Promise(done => {
          const source = document.querySelector('#points');
          dispatchEvent(new Event('beforeprint'));
          const print = document.querySelector('#print-map');
          const {width, height} = print;
          const copy = Object.assign(document.createElement('canvas'), {width, height});
          const context = copy.getContext('2d', {willReadFrequently: true});
          context.drawImage(print, 0, 0);
          const {data} = context.getImageData(0, 0, width, height);
          let drawn = 0, coloured = 0;
          for (let i = 0; i < data.length; i += 4) {
            const [r, g, b] = [data[i], data[i + 1], data[i + 2]];
            const range = Math.max(r, g, b) - Math.min(r, g, b);
            if (Math.min(r, g, b) < 235) drawn++;
            if (range > 60) coloured++;
          }
          done({drawn, coloured, width: source.width});
        })"""
    )


def assert_labels_apart(browser: Browser, where: str) -> None:
    boxes = browser.evaluate(
        "[...document.querySelectorAll('.label.is-shown')].map(e => {"
        " const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"
    )
    assert boxes, where
    boxes += browser.evaluate(
        "[...document.querySelectorAll('.legend, .minimap, .map-controls, .map-choice')].map(e => {"
        " const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; }).filter(b => b[2] > b[0])"
    )
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            apart = a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]
            assert apart, (where, a, b)


def drag(browser: Browser, places: list[tuple[float, float]], **more: object) -> None:
    browser.mouse("mouseMoved", *places[0])
    browser.mouse("mousePressed", *places[0], button="left", clickCount=1, **more)
    for x, y in places[1:]:
        browser.mouse("mouseMoved", x, y, button="left", buttons=1, **more)
    browser.mouse("mouseReleased", *places[-1], button="left", clickCount=1, **more)
    browser.settle()


def hit_count(browser: Browser, selector: str) -> int:
    return int("".join(c for c in text_of(browser, selector).split("document")[0] if c.isdigit()))


def saved_file(browser: Browser, reports: Reports, action: str, name: str) -> Path:
    """The file that the page offers when `action` (JavaScript) is done."""
    folder = reports.folder / "saved"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.unlink(missing_ok=True)
    browser.call("Page.setDownloadBehavior", behavior="allow", downloadPath=str(folder.resolve()))
    browser.evaluate(action)
    deadline = time.monotonic() + 15
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
        browser.settle()
    return path
