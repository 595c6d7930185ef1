"""What is around the map: search, panels, address, keyboard, themes."""

from browser import Browser
from person import Reports, count_of, map_pixels, shown_labels, text_of


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
    browser.key("Enter", number=13)  # What is in view.
    assert text_of(browser, "#panel h2").startswith("Selection of 19,"), text_of(browser, "#panel h2")
    browser.key("Escape", number=27)
    unnamed = browser.evaluate(
        "[...document.querySelectorAll('button, input')].filter(e => e.offsetParent &&"
        " !(e.getAttribute('aria-label') || e.textContent.trim())).length"
    )
    assert unnamed == 0
    browser.evaluate("document.activeElement.blur()")
    met = set()
    for _ in range(75):
        browser.call("Input.dispatchKeyEvent", type="keyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
        met.add(browser.evaluate("(e => e.id || e.getAttribute('class') || e.tagName)(document.activeElement)"))
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert browser.evaluate(f"{outline} !== 'none' || document.activeElement === document.body"), met
    wanted = {"search", "theme", "points", "color-by", "legend-fold", "tool-box", "tool-lasso", "contours", "zoom-in",
              "zoom-out", "zoom-reset", "tab-topics", "topic-filter", "sort", "topic-name"}  # fmt: skip
    assert wanted <= met, wanted - met
    assert any(name.startswith("label is-") for name in met), met


def arrows_walk_through_tabs_and_pictures(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    browser.evaluate("document.querySelector('#tab-topics').focus()")
    for tab in ["documents", "structure"]:
        browser.key("ArrowRight", number=39)
        assert browser.evaluate(f"document.activeElement.id === 'tab-{tab}'")
        assert browser.evaluate(f"document.querySelector('#tab-{tab}').getAttribute('aria-selected') === 'true'")
    browser.evaluate("document.querySelector('.node').focus()")
    first = browser.evaluate("document.activeElement.dataset.node")
    browser.key("ArrowDown", number=40)
    assert browser.evaluate("document.activeElement.dataset.node") != first
    browser.key("Enter", number=13)
    assert "branch=" in str(browser.evaluate("location.hash"))
    browser.open(reports.map(), "#tab=structure&part=1")
    browser.evaluate("document.querySelector('.heatmap canvas').focus()")
    browser.key("ArrowDown", number=40)
    browser.key("Enter", number=13)
    assert "topic=" in str(browser.evaluate("location.hash"))


def pictures_choose_topics(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    for part, selector in [("structure&part=1", ".heatmap canvas"), ("structure&part=2", ".circle"),
                           ("trends&part=0", ".trend .topic-name"), ("trends&part=1", ".trend .topic-name"),
                           ("quality", ".measures .topic-name")]:  # fmt: skip
        browser.open(reports.map(), f"#tab={part}")
        assert f"tab={part}".replace("&part=0", "") in str(browser.evaluate("location.hash"))
        browser.click_on(selector)
        assert "topic=" in str(browser.evaluate("location.hash")), part
        assert browser.evaluate("!document.querySelector('#clear').hidden"), part


def topics_can_be_filtered(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map())
    shown = "[...document.querySelectorAll('.topics tbody tr')].filter(e => !e.hidden).length"
    browser.type(".topic-filter", "puck")
    browser.settle()
    assert browser.evaluate(shown) == 2
    browser.type(".topic-filter", " zzz")
    browser.settle()
    assert browser.evaluate(shown) == 0 and "No topic has all of these words" in text_of(browser, "#panel")


def documents_show_their_topics_and_words(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map(), "#document=100&tab=documents")
    browser.wait_for("document.documentElement.dataset.texts === 'ready'")
    browser.settle()
    assert "Topics of this document" in text_of(browser, ".focus-card")
    parts = browser.evaluate("[...document.querySelectorAll('.focus-card .share')].map(e => parseInt(e.textContent))")
    assert len(parts) == 2 and parts[0] > parts[1] > 0, parts
    own = "document.querySelector('.focus-card .card-foot .swatch').dataset.topic"
    words = browser.evaluate(f"[...document.querySelectorAll('.focus-card .token')].map(e => e.dataset.topic === {own})")
    assert len(words) >= 3 and all(words), words
    browser.screenshot(reports.folder / "document.png")
    browser.evaluate("(s => { s.value = [...s.options].find(o => o.text === 'highest score first').value;"
                     " s.dispatchEvent(new Event('change')); })(document.querySelector('.documents-view select'))")  # fmt: skip
    browser.click_on("#panel .document")
    assert "99.9" in text_of(browser, ".focus-card") or "100" in text_of(browser, ".focus-card")


def quality_and_provenance_are_told(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.map(), "#tab=quality")
    panel = text_of(browser, "#panel")
    for wanted in ["Documents without a topic", "1,038 (5.2 %)", "Mean persistence", "Mean NPMI", "Mean C_v", "Diversity of words"]:
        assert wanted in panel, (wanted, panel[:1500])
    heads = "[...document.querySelectorAll('.measures thead th')].map(e => e.textContent)"
    assert {"persistence", "NPMI", "C_v", "closest"} <= set(browser.evaluate(heads)), browser.evaluate(heads)
    browser.evaluate("[...document.querySelectorAll('.measures .sort')].find(e => e.textContent === 'NPMI').click()")
    column = f"{heads}.indexOf('NPMI')"
    cells = f"[...document.querySelectorAll('.measures tbody')].map(b => b.rows[1].cells[{column}].textContent)"
    values = browser.evaluate(cells)
    assert values[-1] == "–" and [float(v) for v in values[:-1]] == sorted(map(float, values[:-1]), reverse=True)
    assert browser.evaluate("document.querySelector('#panel').scrollWidth <= document.querySelector('#panel').clientWidth")
    browser.screenshot(reports.folder / "quality.png")
    assert "path" in text_of(browser, ".provenance") and "all-MiniLM-L6-v2" in text_of(browser, "#facts")


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


CHECKS = [
    search_filters_and_flies, search_ignores_case_and_accents, table_sorts, topics_can_be_filtered, address_keeps_the_view,
    keyboard_reaches_everything, arrows_walk_through_tabs_and_pictures, pictures_choose_topics,
    documents_show_their_topics_and_words, quality_and_provenance_are_told, dark_mode_follows_the_system_and_the_button,
    narrow_screens_fit, hierarchy_drives_the_map, every_tab_shows_its_pictures, back_and_forward_follow_the_address,
]  # fmt: skip
