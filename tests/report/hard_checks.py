"""Hostile, odd, very many and missing things."""

import json

from browser import Browser
from person import Reports, a_point, assert_labels_apart, count_of, map_pixels, shown_labels, text_of


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


def missing_parts_are_said(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    plain = reports.make("plain", 500, 4, "plain")
    browser.open(plain, "#tab=trends")
    assert "no dates" in text_of(browser, "#panel")
    assert browser.evaluate("document.querySelector('#timeline').hidden")
    browser.open(reports.make("notext", 3000, 4, "notext"), "#tab=documents")
    assert "carries the texts of" in text_of(browser, "#panel")
    browser.open(reports.make("notext", 3000, 4, "notext"), "#q=hockey")
    browser.wait_for("document.querySelector('#hits').textContent.includes('hit')")
    browser.settle()
    assert "an even sample" in text_of(browser, "#panel"), text_of(browser, "#panel")
    browser.open(reports.make("long", 300, 4, "long"))
    assert len(shown_labels(browser)) > 0


def no_text_runs_as_code(browser: Browser, reports: Reports) -> None:
    """Markup in texts, titles, names of topics, columns and values, links and the record, in every place they are shown."""
    browser.window(1400, 900)
    odd = "%3Csvg%20onload%3Dwindow.broken%3D1%3E"
    views = ["", "#tab=documents&document=7", "#tab=structure", "#tab=structure&part=1", "#tab=structure&part=2", "#tab=trends",
             "#tab=trends&part=1", "#tab=quality", f"#color={odd}", "#color=kind", "#topic=23", f"#q={odd}", "#q=%22%3Cimg%22"]  # fmt: skip
    for view in views:
        browser.open(reports.map(), view)
        browser.wait_for("document.documentElement.dataset.texts === 'ready'")
        if not view.startswith("#q="):
            a_point(browser)
        state = browser.evaluate(
            "({broken: window.broken ?? null, images: document.querySelectorAll('img, iframe, object, embed').length,"
            " scripts: document.scripts.length,"
            " handlers: [...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length,"
            " links: [...document.querySelectorAll('a')].filter(a => !/^https?:/.test(a.href)).length})"
        )
        assert state == {"broken": None, "images": 0, "scripts": 2, "handlers": 0, "links": 0}, (view, state)


def nothing_can_be_fetched(browser: Browser, reports: Reports) -> None:
    """The page's policy refuses every kind of request, whatever would ask for it."""
    browser.window(1400, 900)
    browser.open(reports.map())
    tries = {
        "connect-src": "fetch('https://example.org/a').catch(() => 0)",
        "img-src": "new Image().src = 'https://example.org/b.png'",
        "script-src-elem": "document.head.append(Object.assign(document.createElement('script'), {src: 'https://example.org/c.js'}))",
        "style-src-elem": "document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: 'https://example.org/d.css'}))",
        "font-src": "new FontFace('x', 'url(https://example.org/e.woff)').load().catch(() => 0)",
        "frame-src": "document.body.append(Object.assign(document.createElement('iframe'), {src: 'https://example.org/f'}))",
        "worker-src": "(() => { try { new Worker('https://example.org/g.js'); } catch {} })()",
        "media-src": "document.body.append(Object.assign(document.createElement('video'), {src: 'https://example.org/h.mp4'}))",
        "form-action": "(() => { const f = Object.assign(document.createElement('form'), {action: 'https://example.org/i'}); document.body.append(f); f.submit(); })()",
        "base-uri": "document.head.append(Object.assign(document.createElement('base'), {href: 'https://example.org/'}))",
    }  # fmt: skip
    browser.evaluate("window.refused = []; addEventListener('securitypolicyviolation', e => window.refused.push(e.effectiveDirective))")
    for code in tries.values():
        browser.evaluate(f"void ({code})")
    browser.settle()
    refused = set(browser.evaluate("window.refused"))
    assert set(tries) - {"worker-src"} <= refused, set(tries) - refused
    answer = browser.call("Runtime.evaluate", expression="window.eval('1 + 1')", allowUnsafeEvalBlockedByCSP=False)
    assert "EvalError" in str(answer.get("exceptionDetails")), answer
    # The browser reports what it refused; the requests themselves were never made.
    browser.problems.clear()
    made = [url for url in browser.requests if "example.org" in url]
    failed = set(browser.evaluate("performance.getEntriesByType('resource').filter(e => e.responseStatus > 0).map(e => e.name)"))
    assert not failed, failed
    browser.requests[:] = [url for url in browser.requests if url not in made]


def a_megabyte_of_text_is_readable(browser: Browser, reports: Reports) -> None:
    browser.window(1400, 900)
    browser.open(reports.make("whole", 300, 4, "whole"), "#document=0&tab=documents")
    browser.wait_for("document.documentElement.dataset.texts === 'ready'", timeout_s=60)
    browser.settle()
    assert browser.evaluate("document.querySelector('.focus-card .card-text').textContent.length") == 1000004
    box = "document.querySelector('#panel')"
    assert browser.evaluate(f"{box}.scrollWidth <= {box}.clientWidth")
    browser.open(reports.make("whole", 300, 4, "whole"), '#q="xxx end"')
    browser.wait_for("document.querySelector('#hits').textContent === '1 hit'", timeout_s=60)
    assert browser.evaluate("document.querySelector('#panel .document').textContent.length") < 1000


CHECKS = [
    hostile_text_stays_text, no_text_runs_as_code, nothing_can_be_fetched, unusual_maps_open, two_thousand_topics_open,
    directions_joiners_and_controls_survive, a_megabyte_of_text_is_readable, missing_parts_are_said,
]  # fmt: skip
