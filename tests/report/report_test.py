"""Opens reports in a headless Chromium and uses them as a person would.

usage: report_test.py MAKE_REPORT OUTPUT_FOLDER [TEST...]   (exit code 77: skipped, no Chromium)
Screenshots are left in the output folder.
"""

import json
import subprocess
import sys
import time
import traceback
from pathlib import Path

from browser import Browser, find_chromium

SKIPPED = 77
ALLOWED = ("file:", "data:", "blob:", "about:")


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


# --- Tests: each opens its page anew ------------------------------------------------------------


def shows_map_table_and_facts(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    assert text_of(browser, "h1") == "Messages of twelve <groups> & more"
    assert "20,000 documents" in text_of(browser, "#summary")
    assert "20 not on the map" in text_of(browser, "#summary")
    assert count_of(browser, ".topics tbody tr") == 25
    assert "Seed" in text_of(browser, "#facts")
    pixels = map_pixels(browser)
    assert pixels["coloured"] > 10000, pixels
    assert len(shown_labels(browser)) >= 10
    browser.screenshot(reports.folder / "map.png")


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


def labels_never_overlap(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    for fragment in ["", "#at=30000,35000,2.5", "#at=30000,30000,7"]:
        browser.open(reports.map(), fragment)
        assert_labels_apart(browser, fragment)


def hover_shows_the_document(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    a_point(browser)
    card = text_of(browser, "#tooltip")
    assert " no. " in card and "row " in card, card
    browser.screenshot(reports.folder / "hover.png")
    browser.move(5, 890)
    assert not browser.evaluate("document.querySelector('#tooltip').classList.contains('is-shown')")


def wheel_zooms_and_names_become_finer(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    before = shown_labels(browser)
    assert "Computers and networks" in before, before
    for _ in range(4):
        browser.wheel(545, 470, -300)
    assert float(browser.evaluate("document.documentElement.dataset.zoom")) > 3
    after = shown_labels(browser)
    assert after and "Computers and networks" not in after, after
    assert any("," in name for name in after), after  # Names of the finest layer.
    browser.screenshot(reports.folder / "zoomed.png")
    browser.click_on("#zoom-reset")
    assert float(browser.evaluate("document.documentElement.dataset.zoom")) == 1


def drag_pans(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    where = "document.querySelector('.label.is-shown').getBoundingClientRect().left"
    before = browser.evaluate(where)
    browser.mouse("mousePressed", 20, 600, button="left", clickCount=1)
    browser.mouse("mouseMoved", 90, 600, button="left", buttons=1)
    browser.mouse("mouseMoved", 120, 600, button="left", buttons=1)
    browser.mouse("mouseReleased", 120, 600, button="left", clickCount=1)
    browser.settle()
    assert abs(browser.evaluate(where) - before - 100) < 1
    assert not browser.evaluate("location.hash.includes('topic')")


def click_isolates_and_escape_clears(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    all_coloured = map_pixels(browser)["coloured"]
    x, y = a_point(browser)
    browser.click(x, y)
    assert "Selected document" in text_of(browser, "#panel")
    chosen = text_of(browser, "#panel h2").strip()
    assert chosen and text_of(browser, "#clear").strip() == chosen
    assert map_pixels(browser)["coloured"] < all_coloured / 2
    browser.screenshot(reports.folder / "isolated.png")
    browser.key("Escape", number=27)
    assert "24 topics" in text_of(browser, "#panel")
    assert map_pixels(browser)["coloured"] == all_coloured


def rows_and_labels_isolate_too(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    browser.click_on(".topics tr[data-topic='3']")
    assert text_of(browser, "#panel h2").strip() == "Ice hockey"
    assert "Representative documents" in text_of(browser, "#panel")
    assert "season" in text_of(browser, ".words-list")
    browser.click_on("#clear")
    browser.evaluate("[...document.querySelectorAll('.label.is-shown')].find(e => e.textContent === 'Law and politics').click()")
    browser.settle()
    assert text_of(browser, "#panel h2").strip() == "Law and politics"
    assert "Topics in this region" in text_of(browser, "#panel")


def search_filters_and_flies(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    all_coloured = map_pixels(browser)["coloured"]
    browser.type("#search", "HOCKEY puck")
    browser.wait_for("document.querySelector('#hits').textContent.includes('hit')")
    browser.settle()
    hits = int(text_of(browser, "#hits").split()[0].replace(",", ""))
    assert 0 < hits < 3000, hits
    assert "matching topic" in text_of(browser, "#panel")
    marked = browser.evaluate("[...document.querySelectorAll('#panel mark')].map(e => e.textContent.toLowerCase())")
    assert marked and set(marked) <= {"hockey", "puck"}, set(marked)
    assert 0 < map_pixels(browser)["coloured"] < all_coloured / 2
    browser.screenshot(reports.folder / "search.png")
    browser.click_on("#panel .document")
    assert float(browser.evaluate("document.documentElement.dataset.zoom")) > 2
    assert browser.evaluate("document.querySelector('#focus-ring').classList.contains('is-shown')")
    browser.key("Escape", number=27)
    browser.key("Escape", number=27)
    assert browser.evaluate("document.querySelector('#search').value") == ""
    assert map_pixels(browser)["coloured"] > 0


def search_ignores_case_and_accents(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    for query, sign in [("cafe angstrom fine", "Café"), ("東京", "東京"), ("עברית", "עברית"), ('"script end"', "</script>")]:
        browser.open(reports.map())
        browser.type("#search", query)
        browser.wait_for("document.querySelector('#hits').textContent.includes('hit')")
        browser.settle()
        assert text_of(browser, "#hits") == "50 hits", (query, text_of(browser, "#hits"))
        assert sign in text_of(browser, "#panel .document"), query
    browser.type("#search", "zzzz")
    browser.wait_for("document.querySelector('#hits').textContent === '0 hits'")
    assert "No document contains" in text_of(browser, "#panel")


def hostile_text_stays_text(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map(), "#q=onerror")
    browser.wait_for("document.querySelector('#hits').textContent.includes('hit')")
    browser.settle()
    assert "<img src=x onerror=alert(1)>" in text_of(browser, "#panel")
    assert browser.evaluate("window.broken === undefined && document.querySelector('img') === null")
    assert count_of(browser, "body script") == 2  # The packed data are gone once they are read.
    labels = browser.evaluate("[...document.querySelectorAll('.topic-name')].length")
    assert labels == 0  # The search list replaced the table.


def table_sorts(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    counts = "[...document.querySelectorAll('.topics .count')].map(e => Number(e.textContent.replace(/,/g, '')))"
    browser.click_on(".col-count .sort")
    falling = browser.evaluate(counts)
    assert falling == sorted(falling, reverse=True)
    assert browser.evaluate("document.querySelector('th.col-count').getAttribute('aria-sort')") == "descending"
    browser.click_on(".col-count .sort")
    assert browser.evaluate(counts) == falling[::-1]
    browser.click_on(".wide-switch")
    assert browser.evaluate("getComputedStyle(document.querySelector('td.col-words')).display") == "table-cell"
    browser.screenshot(reports.folder / "table.png")


def address_keeps_the_view(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    browser.click_on(".topics tr[data-topic='6']")
    for _ in range(3):
        browser.wheel(500, 400, -300)
    browser.wait_for("location.hash.includes('topic=5') && location.hash.includes('at=')")
    fragment = str(browser.evaluate("location.hash"))
    zoom = float(browser.evaluate("document.documentElement.dataset.zoom"))
    browser.open(reports.map(), fragment)
    assert text_of(browser, "#panel h2").strip() == "Motorcycles"
    assert abs(float(browser.evaluate("document.documentElement.dataset.zoom")) - zoom) < 0.02


def keyboard_reaches_everything(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    browser.key("/", "Slash", 191)
    assert browser.evaluate("document.activeElement.id") == "search"
    browser.evaluate("document.querySelector('#points').focus()")
    browser.key("+", "Equal", 187)
    assert float(browser.evaluate("document.documentElement.dataset.zoom")) > 1.3
    browser.key("0", "Digit0", 48)
    assert float(browser.evaluate("document.documentElement.dataset.zoom")) == 1
    unnamed = browser.evaluate(
        "[...document.querySelectorAll('button, input')].filter(e => e.offsetParent &&"
        " !(e.getAttribute('aria-label') || e.textContent.trim())).length"
    )
    assert unnamed == 0


def dark_mode_follows_the_system_and_the_button(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900, dark=True)
    browser.open(reports.map())
    page = "getComputedStyle(document.body).backgroundColor"
    assert browser.evaluate(page) == "rgb(25, 27, 31)"
    browser.screenshot(reports.folder / "dark.png")
    browser.click_on("#theme")
    assert browser.evaluate(page) == "rgb(255, 255, 255)"
    browser.click_on("#theme")
    assert browser.evaluate(page) == "rgb(25, 27, 31)"
    browser.evaluate("localStorage.clear()")


def narrow_screens_fit(browser: Browser, reports: Reports) -> None:
    for width in [380, 390]:
        browser.window(width, 844, 2, touch=True)
        browser.open(reports.map())
        assert browser.evaluate("document.documentElement.scrollWidth") <= width
        assert len(shown_labels(browser)) >= 3
    browser.screenshot(reports.folder / "phone.png")


def prints(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    target = reports.folder / "map.pdf"
    browser.pdf(target)
    assert target.read_bytes().startswith(b"%PDF") and target.stat().st_size > 20000


def works_without_webgl(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    script = "const real = HTMLCanvasElement.prototype.getContext; HTMLCanvasElement.prototype.getContext = function(kind, ...rest) { return kind === 'webgl2' ? null : real.call(this, kind, ...rest); };"
    added = browser.call("Page.addScriptToEvaluateOnNewDocument", source=script)
    try:
        browser.open(reports.map())
        assert map_pixels(browser)["coloured"] > 10000
        a_point(browser)
        browser.screenshot(reports.folder / "canvas.png")
    finally:
        browser.call("Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"])


def draws_with_webgl_too(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    assert browser.evaluate("document.documentElement.dataset.renderer") == "software"
    software = map_pixels(browser)
    browser.open(reports.map(), "#draw=webgl")
    assert browser.evaluate("document.documentElement.dataset.renderer") == "webgl"
    webgl = map_pixels(browser)
    assert abs(webgl["coloured"] - software["coloured"]) < 0.15 * software["coloured"], (webgl, software)


def unusual_maps_open(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.make("empty", 30, 3, "empty"))
    assert "No document has a place" in text_of(browser, "#map-note")
    browser.open(reports.make("nothing", 0, 1))
    assert "0 documents" in text_of(browser, "#summary")
    browser.open(reports.make("one", 200, 1, "one"))
    assert "Space missions" in shown_labels(browser)
    browser.open(reports.make("outliers", 200, 5, "outliers"))
    assert shown_labels(browser) == []
    assert map_pixels(browser)["drawn"] > 200
    browser.open(reports.make("line", 100, 3, "line"))
    frame = "document.querySelector('#map').getBoundingClientRect()"
    browser.move(*browser.evaluate(f"[{frame}.left + {frame}.width / 2, {frame}.top + {frame}.height / 2]"))
    assert "more at this place" in text_of(browser, "#tooltip")
    browser.open(reports.make("plain", 500, 4, "plain"))
    a_point(browser)
    browser.open(reports.make("many", 20000, 500))
    assert count_of(browser, ".topics tbody tr") == 501
    browser.screenshot(reports.folder / "many.png")


def two_thousand_topics_open(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    page = reports.make("topics2000", 60000, 2000)
    browser.open(page)
    assert "2,000 topics" in text_of(browser, "#summary"), text_of(browser, "#summary")
    assert count_of(browser, ".topics tbody tr") == 2001
    for fragment in ["", "#at=30000,30000,4", "#at=30000,30000,20"]:
        browser.open(page, fragment)
        assert_labels_apart(browser, fragment)
    for tab in ["structure", "trends", "quality", "documents"]:
        browser.click_on(f"#tab-{tab}")
        browser.settle()
        assert len(text_of(browser, "#panel")) > 20, tab
        browser.screenshot(reports.folder / f"topics2000-{tab}.png")


def directions_joiners_and_controls_survive(browser: Browser, reports: Reports) -> None:
    """Documents in Hebrew and Arabic, a family joined of four emoji, control characters: shown as they are, and found."""
    browser.window(1400, 900)
    browser.open(reports.map())
    browser.wait_for("document.documentElement.dataset.texts === 'ready'")
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
    for query, wanted in [("בעברית", "מפת נושאים"), ("الموضوعات", "٤٥٦"), (family, family), ("separators", "Control")]:
        browser.evaluate("document.querySelector('#search').value = ''")
        browser.type("#search", query)
        browser.wait_for("/hit/.test(document.querySelector('#hits').textContent)")
        browser.settle()
        assert count_of(browser, "#panel .card-text") > 0 or wanted in text_of(browser, "#panel"), query
        assert wanted in text_of(browser, "#panel"), (query, text_of(browser, "#panel")[:300])
        direction = "[...document.querySelectorAll('#panel [dir=auto]')].find(e => e.textContent.includes(%s))" % json.dumps(wanted)
        expected = "rtl" if query in ("בעברית", "الموضوعات") else "ltr"
        assert browser.evaluate(f"getComputedStyle({direction}).direction") == expected, query


def drag(browser: Browser, places: list[tuple[float, float]], **more: object) -> None:
    browser.mouse("mouseMoved", *places[0])
    browser.mouse("mousePressed", *places[0], button="left", clickCount=1, **more)
    for x, y in places[1:]:
        browser.mouse("mouseMoved", x, y, button="left", buttons=1, **more)
    browser.mouse("mouseReleased", *places[-1], button="left", clickCount=1, **more)
    browser.settle()


def hit_count(browser: Browser, selector: str) -> int:
    return int("".join(c for c in text_of(browser, selector).split("document")[0] if c.isdigit()))


def lasso_and_rectangle_select(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    browser.click_on("#tool-lasso")
    drag(browser, [(300, 300), (600, 280), (640, 560), (420, 600), (310, 480), (300, 320)])
    assert text_of(browser, "#panel h2").startswith("Selection of"), text_of(browser, "#panel h2")
    browser.wait_for("document.querySelectorAll('.telling-words li').length > 3")
    assert "area=" in str(browser.evaluate("location.hash"))
    assert browser.evaluate("!document.querySelector('#overlay').hidden")
    browser.screenshot(reports.folder / "lasso.png")
    browser.key("Escape", number=27)
    drag(browser, [(300, 300), (400, 400), (600, 560)], modifiers=8)
    assert text_of(browser, "#panel h2").startswith("Selection of")
    fragment = str(browser.evaluate("location.hash"))
    browser.open(reports.map(), fragment)
    assert text_of(browser, "#panel h2").startswith("Selection of")


def time_brush_filters(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map(), "#tab=documents")
    before = hit_count(browser, "#panel h2")
    box = browser.evaluate("(() => { const b = document.querySelector('#timeline svg').getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; })()")
    y = box[1] + box[3] / 2
    drag(browser, [(box[0] + 0.3 * box[2], y), (box[0] + 0.4 * box[2], y), (box[0] + 0.5 * box[2], y)])
    after = hit_count(browser, "#panel h2")
    assert 0.1 * before < after < 0.35 * before, (before, after)
    browser.evaluate("history.back()")
    browser.wait_for("!location.hash.includes('range')")
    browser.settle()
    assert hit_count(browser, "#panel h2") == before


def legend_filters_and_colours(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map(), "#color=kind&tab=documents")
    assert count_of(browser, ".legend-entry") == 3
    before = hit_count(browser, "#panel h2")
    browser.click_on(".legend-entry")
    assert 0.5 * before < hit_count(browser, "#panel h2") < 0.8 * before
    assert "hide=" in str(browser.evaluate("location.hash"))
    browser.screenshot(reports.folder / "legend.png")
    browser.open(reports.map(), "#color=date")
    assert count_of(browser, ".legend-scale") == 1
    assert map_pixels(browser)["coloured"] > 10000


def hierarchy_drives_the_map(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map(), "#tab=structure")
    shown = count_of(browser, ".node")
    assert shown > 20, shown
    browser.evaluate("[...document.querySelectorAll('.node.is-open')][1].dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    browser.settle()
    assert "branch=" in str(browser.evaluate("location.hash"))
    assert browser.evaluate("!document.querySelector('#clear').hidden")
    browser.screenshot(reports.folder / "hierarchy.png")
    browser.evaluate("document.querySelector('.node.is-open .dot').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    browser.settle()
    assert count_of(browser, ".node") < shown


def every_tab_shows_its_pictures(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    wanted = {"Similarity": ".heatmap canvas", "Distances": ".circle", "Over time": ".trend .area", "By class": ".piece"}
    for tab in ["structure", "trends", "quality"]:
        browser.open(reports.map(), f"#tab={tab}")
        for name, selector in wanted.items():
            button = f"[...document.querySelectorAll('.segment')].find(e => e.textContent === '{name}')"
            if browser.evaluate(f"!!{button}"):
                browser.evaluate(f"{button}.click()")
                browser.settle()
                assert count_of(browser, selector) > 0, (tab, name)
                browser.screenshot(reports.folder / f"{name.replace(' ', '-').lower()}.png")
    assert "Documents without a topic" in text_of(browser, "#panel")


def back_and_forward_follow_the_address(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    browser.click_on(".topics tr[data-topic='3']")
    browser.click_on("#tab-quality")
    browser.evaluate("history.back()")
    browser.wait_for("document.querySelector('#tab-topics').getAttribute('aria-selected') === 'true'")
    assert text_of(browser, "#panel h2").strip() == "Ice hockey"
    browser.evaluate("history.back()")
    browser.wait_for("document.querySelector('#clear').hidden")
    browser.evaluate("history.forward()")
    browser.wait_for("!document.querySelector('#clear').hidden")


def contours_and_exports(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    folder = reports.folder / "saved"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    browser.call("Page.setDownloadBehavior", behavior="allow", downloadPath=str(folder.resolve()))
    browser.open(reports.map(), "#contours=1")
    browser.wait_for("document.documentElement.dataset.texts === 'ready'")
    browser.screenshot(reports.folder / "contours.png")
    for button, name in [("save-picture", "map.png"), ("save-vector", "map.svg"), ("save-documents", "documents.csv")]:
        browser.evaluate(f"document.querySelector('#{button}').click()")
        deadline = time.monotonic() + 15
        while not (folder / name).exists() and time.monotonic() < deadline:
            time.sleep(0.1)
            browser.settle()
        assert (folder / name).stat().st_size > 20000, name
    assert "<text" in (folder / "map.svg").read_text() and "<path" in (folder / "map.svg").read_text()
    assert (folder / "documents.csv").read_text().count("example.org") == 19980


def missing_parts_are_said(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    plain = reports.make("plain", 500, 4, "plain")
    browser.open(plain, "#tab=trends")
    assert "no dates" in text_of(browser, "#panel")
    assert browser.evaluate("document.querySelector('#timeline').hidden")
    browser.open(reports.make("notext", 3000, 4, "notext"), "#tab=documents")
    assert "carries the texts of" in text_of(browser, "#panel")
    browser.open(reports.make("long", 300, 4, "long"))
    assert len(shown_labels(browser)) > 0


TESTS = [
    shows_map_table_and_facts, labels_never_overlap, hover_shows_the_document,
    wheel_zooms_and_names_become_finer, drag_pans, click_isolates_and_escape_clears,
    rows_and_labels_isolate_too, search_filters_and_flies, search_ignores_case_and_accents,
    hostile_text_stays_text, table_sorts, address_keeps_the_view, keyboard_reaches_everything,
    dark_mode_follows_the_system_and_the_button, narrow_screens_fit, prints, works_without_webgl, draws_with_webgl_too,
    unusual_maps_open, two_thousand_topics_open, directions_joiners_and_controls_survive, lasso_and_rectangle_select, time_brush_filters, legend_filters_and_colours,
    hierarchy_drives_the_map, every_tab_shows_its_pictures, back_and_forward_follow_the_address,
    contours_and_exports, missing_parts_are_said,
]  # fmt: skip


def main() -> int:
    program, folder = sys.argv[1], Path(sys.argv[2])
    chromium = find_chromium()
    if chromium is None:
        print("skipped: no Chromium found")
        return SKIPPED
    for old in folder.glob("*.html"):
        old.unlink()
    reports = Reports(program, folder)
    chosen = [test for test in TESTS if not sys.argv[3:] or test.__name__ in sys.argv[3:]]
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
