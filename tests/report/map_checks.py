"""The map: points, names, pointer, selections, filters over it, pictures of it."""

from xml.etree import ElementTree

from browser import Browser
from person import Reports, a_point, assert_labels_apart, count_of, drag, hit_count, map_pixels, saved_file, shown_labels, text_of


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


def labels_never_overlap(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    for zoom in [1, 1.3, 1.8, 2.5, 3.5, 5, 7]:
        fragment = f"#at=30000,33000,{zoom}" if zoom > 1 else ""
        browser.open(reports.map(), fragment)
        assert_labels_apart(browser, fragment)
    browser.window(1000, 700, dark=True)
    browser.open(reports.map(), "#color=kind")
    for step in range(5):
        assert_labels_apart(browser, f"after {step} turns of the wheel")
        browser.wheel(300, 350, -200)


def hover_shows_the_document(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    a_point(browser)
    card = text_of(browser, "#tooltip")
    assert " no. " in card and "row " in card, card
    for column in ["kind", "date", "link", "score"]:  # What is known besides title and text.
        assert column in card, card
    assert browser.evaluate("document.querySelector('#tooltip a').href.startsWith('https://example.org/')")
    assert len(text_of(browser, "#tooltip .card-text")) > 10
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
    # A name is no obstacle: the map is dragged by it, and a click still chooses it.
    left, top, width, height = browser.evaluate(
        "(e => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; })(document.querySelector('.label.is-shown'))"
    )
    x, y = left + width / 2, top + height / 2
    drag(browser, [(x, y), (x + 20, y + 5), (x + 60, y + 20)])
    assert abs(browser.evaluate(where) - left - 60) < 8, (browser.evaluate(where), left)
    assert not browser.evaluate("location.hash.includes('topic') || location.hash.includes('cluster')")
    browser.click(x + 60, y + 20)
    assert browser.evaluate("location.hash.includes('topic') || location.hash.includes('cluster')")


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
    chosen = hit_count(browser, "#panel h2")
    button = "[...document.querySelectorAll('#panel .actions .button')].find(e => e.textContent === 'Save CSV')"
    rows = saved_file(browser, reports, f"{button}.click()", "documents.csv").read_text().count("example.org")
    assert rows == chosen > 0, (rows, chosen)
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
    browser.evaluate("document.querySelector('#timeline svg').focus()")
    browser.key("ArrowRight", number=39)
    quarter = hit_count(browser, "#panel h2")
    assert 0.15 * before < quarter < 0.35 * before, (before, quarter)
    browser.key("ArrowRight", number=39)
    assert "2010 Q2" in text_of(browser, ".timeline-label"), text_of(browser, ".timeline-label")
    browser.key("Escape", number=27)
    assert hit_count(browser, "#panel h2") == before


def years_are_called_years(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.make("years", 2000, 6, "years"), "#tab=trends&color=date")
    assert text_of(browser, ".timeline-label") == "date: 2010 – 2021"
    assert "2010 to 2021" in text_of(browser, "#panel"), text_of(browser, "#panel")[:200]
    assert text_of(browser, ".legend-ends").split() == ["2010", "2021"]
    a_point(browser)
    dates = "[...document.querySelectorAll('#tooltip dd')].map(e => e.textContent)"
    assert any(text.isdigit() and len(text) == 4 for text in browser.evaluate(dates)), browser.evaluate(dates)


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


def outliers_are_grey(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.make("outliers", 200, 5, "outliers"))
    assert map_pixels(browser)["coloured"] == 0
    assert "Outliers" in text_of(browser, "#panel")
    browser.open(reports.map())
    all_coloured = map_pixels(browser)["coloured"]
    browser.open(reports.map(), "#topic=-1")
    assert text_of(browser, "#panel h2").strip() == "Outliers"
    assert map_pixels(browser)["coloured"] < 0.35 * all_coloured  # The names of the topics.


def minimap_shows_and_moves_the_view(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    assert browser.evaluate("document.querySelector('#minimap').hidden")
    browser.open(reports.map(), "#at=20000,20000,5")
    left, top, width, height = browser.evaluate(
        "(() => { const b = document.querySelector('#minimap').getBoundingClientRect();"
        " return [b.left, b.top, b.width, b.height]; })()"
    )
    frame = "document.querySelector('#minimap-frame').getBoundingClientRect().left"
    before = browser.evaluate(frame)
    browser.click(left + 0.75 * width, top + 0.5 * height)
    assert browser.evaluate(frame) > before + 20
    x, _, zoom = [float(v) for v in str(browser.evaluate("location.hash")).split("at=")[1].split("&")[0].split(",")]
    assert x > 35000 and abs(zoom - 5) < 0.01, (x, zoom)


def contours_and_exports(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    drawn = map_pixels(browser)["drawn"]
    browser.open(reports.map(), "#contours=1")
    assert browser.evaluate("!document.querySelector('#overlay').hidden")
    assert map_pixels(browser)["drawn"] > drawn + 1000  # Lines where nothing was.
    browser.wait_for("document.documentElement.dataset.texts === 'ready'")
    browser.screenshot(reports.folder / "contours.png")
    for button, name in [("save-picture", "map.png"), ("save-vector", "map.svg"), ("save-documents", "documents.csv")]:
        path = saved_file(browser, reports, f"document.querySelector('#{button}').click()", name)
        assert path.stat().st_size > 20000, name
    folder = reports.folder / "saved"
    png = (folder / "map.png").read_bytes()
    size = browser.evaluate("[document.querySelector('#map').clientWidth, document.querySelector('#map').clientHeight]")
    assert png.startswith(b"\x89PNG") and [int.from_bytes(png[k : k + 4]) for k in (16, 20)] == size
    drawing = ElementTree.parse(folder / "map.svg").getroot()
    texts = ["".join(e.itertext()) for e in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert sorted("".join(t.split()) for t in texts) == sorted("".join(t.split()) for t in shown_labels(browser)), texts
    assert len(list(drawing.iter("{http://www.w3.org/2000/svg}circle"))) > 10000
    assert list(drawing.iter("{http://www.w3.org/2000/svg}path"))
    assert not list(drawing.iter("{http://www.w3.org/2000/svg}script"))
    assert (folder / "documents.csv").read_text().count("example.org") == 19980


def prints(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    target = reports.folder / "map.pdf"
    browser.pdf(target)
    assert target.read_bytes().startswith(b"%PDF") and target.stat().st_size > 20000


CHECKS = [
    shows_map_table_and_facts, labels_never_overlap, hover_shows_the_document, wheel_zooms_and_names_become_finer,
    drag_pans, click_isolates_and_escape_clears, rows_and_labels_isolate_too, lasso_and_rectangle_select,
    time_brush_filters, years_are_called_years, legend_filters_and_colours, outliers_are_grey, minimap_shows_and_moves_the_view,
    works_without_webgl, draws_with_webgl_too, contours_and_exports, prints,
]  # fmt: skip
