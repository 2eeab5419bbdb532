"""The site in real Chromium: readable by everyone, usable by keyboard and without scripts, silent towards other hosts.

Screenshots are left in artefacts/site for people to look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from site_fixture import ARTEFACTS, CHROMIUM, Site, need_chromium

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

CODE = "K1400000226"
PAGES = {
    "home": "/",
    "act": f"/{CODE}",
    "act-diff": f"/{CODE}/diff/2016-04-08..2025-09-16",
    "article": f"/{CODE}/art_205",
    "article-kk": f"/{CODE}/art_205/kk",
    "article-both": f"/{CODE}/art_205/ru-kk",
    "article-past": f"/{CODE}/art_205@2016-05-01/ru",
    "excluded": f"/{CODE}/art_215",
    "table": "/Z1300000094/art_12",
    "chapter": f"/{CODE}/chp_7",
    "change": f"/{CODE}/art_205/diff/2018-07-12..2025-09-16",
    "change-side": f"/{CODE}/art_205/diff/2014-11-07..2025-09-16?view=side",
    "law": "/laws/Z2500000210",
    "laws": "/laws",
    "changes": "/changes",
    "pending": "/pending",
    "search": "/search?q=%D0%BA%D1%80%D0%B0%D0%B6%D0%B0",
    "topics": "/topics",
    "topic": "/topics/cyber",
    "status": "/status",
    "feeds": "/feeds",
    "snapshot": "/snapshots/3",
    "missing": "/K9999999999",
}
# name → viewport, colour scheme, interface language
READERS: dict[str, dict[str, Any]] = {
    "desktop-ru": {"viewport": {"width": 1280, "height": 900}, "locale": "ru-RU"},
    "phone-kk": {"viewport": {"width": 375, "height": 720}, "locale": "kk-KZ", "has_touch": True},
    "dark-en": {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", "color_scheme": "dark"},
}
# pages made of the same pieces as others; looked at once
SAME_LOOK = {
    "act-diff",
    "article-kk",
    "excluded",
    "laws",
    "topics",
    "feeds",
    "snapshot",
    "missing",
    "chapter",
    "article-past",
}
SERIOUS = {"serious", "critical", "moderate"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need_chromium()
    with sync_playwright() as play:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        running = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield running
        running.close()


class Watched:
    """A context whose requests and console are kept."""

    def __init__(self, browser: Browser, **wishes: Any) -> None:
        # axe is injected by the test itself, past the page's policy; the site's own pages never need that.
        self.context: BrowserContext = browser.new_context(**wishes)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self._requested(request))
        self.page: Page = self.context.new_page()
        self.page.on(
            "console", lambda line: self.complaints.append(line.text) if line.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _requested(self, request: Request) -> None:
        self.requests.append(request.url)


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[str, Watched]]:
    watched = Watched(browser, **READERS[request.param])
    yield request.param, watched
    watched.context.close()


def test_every_page_is_accessible_fits_its_screen_and_asks_no_other_host(
    site: Site, reader: tuple[str, Watched]
) -> None:
    name, watched = reader
    page, lang = watched.page, name[-2:]
    axe, findings = Axe(), []
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    for kind, path in PAGES.items():
        if name != "desktop-ru" and kind in SAME_LOOK:
            continue
        page.goto(site.base + path)
        assert page.get_attribute("html", "lang") == lang
        width = page.viewport_size["width"] if page.viewport_size else 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{kind} is wider than the screen"
        page.screenshot(path=ARTEFACTS / f"{kind}-{name}.png", full_page=True)
        for violation in axe.run(page).response["violations"]:
            if violation["impact"] in SERIOUS:
                findings += [f"{kind}: {violation['id']} {node['html'][:160]}" for node in violation["nodes"]]
        order = [
            int(tag[1]) for tag in page.eval_on_selector_all("h1, h2, h3, h4", "list => list.map(one => one.tagName)")
        ]
        assert order[0] == 1
        assert all(later - earlier <= 1 for earlier, later in pairwise(order)), f"{kind}: {order}"
    assert findings == []
    assert {url for url in watched.requests if not url.startswith((site.base, "data:"))} == set()
    assert [line for line in watched.complaints if "404" not in line] == []


@pytest.fixture
def desktop(browser: Browser) -> Iterator[Page]:
    watched = Watched(browser, viewport={"width": 1280, "height": 900}, locale="ru-RU")
    yield watched.page
    watched.context.close()
    assert [line for line in watched.complaints if "404" not in line] == []


def follow(page: Page, selector: str) -> None:
    """Click what leads to another page and wait until that is loaded: a count does not wait by itself."""
    with page.expect_navigation():
        page.click(selector)


def test_what_changed_in_the_chapter_since_2019_takes_three_clicks(site: Site, desktop: Page) -> None:
    desktop.goto(site.base + "/")
    follow(desktop, "section[aria-labelledby=acts] >> text=УК РК")
    follow(desktop, "li#chp_1 a.chapter")
    follow(desktop, "nav.years >> text=2019")
    assert "chapter=chp_1" in desktop.url
    assert "from=2019-01-01" in desktop.url
    assert desktop.locator("ul.entries >> text=Статья 115-1").count() == 1
    assert desktop.locator("section.group h3 >> text=210-VIII").count() == 1


def test_the_search_from_the_home_page_finds_and_opens_an_article(site: Site, desktop: Page) -> None:
    desktop.goto(site.base + "/")
    desktop.fill("#bigfind", "ст. 115-1 УК РК")
    with desktop.expect_navigation():
        desktop.press("#bigfind", "Enter")
    follow(desktop, "section[aria-labelledby=cited] a")
    assert desktop.url == f"{site.base}/{CODE}/art_115-1"
    assert "Сталкинг" in desktop.inner_text("h1")


def test_the_date_picker_shows_the_text_of_that_day_at_a_lasting_address(site: Site, desktop: Page) -> None:
    desktop.goto(f"{site.base}/{CODE}/art_205/ru")
    now = desktop.inner_text("div.text")
    desktop.fill("#on", "2015-01-01")
    follow(desktop, "form:has(#on) button")
    assert desktop.url == f"{site.base}/{CODE}/art_205@2015-01-01/ru"
    assert desktop.inner_text("div.text") != now
    assert "Прежний текст" in desktop.inner_text("p.mood-past")


def test_two_dates_are_compared(site: Site, desktop: Page) -> None:
    desktop.goto(f"{site.base}/{CODE}/art_205")
    desktop.select_option("#from", "2014-11-07")
    desktop.select_option("#to", "2025-09-16")
    follow(desktop, "form:has(#from) button")
    assert desktop.url == f"{site.base}/{CODE}/art_205/diff/2014-11-07..2025-09-16"
    assert desktop.locator("ins").count() > 0
    assert desktop.locator("del").count() > 0
    follow(desktop, "nav.switch >> text=Рядом")
    boxes = [desktop.locator(".sides.change").first.locator(side).bounding_box() for side in (".old", ".new")]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["x"] < boxes[1]["x"]
    assert abs(boxes[0]["y"] - boxes[1]["y"]) < 2


def folded_change(site: Site) -> str:
    for row in site.rows(
        "SELECT a.act_id, a.eid, c.redaction_date, c.diff_json FROM changes c JOIN articles a ON a.id = c.article_id"
    ):
        address = f"/{row['act_id']}/{row['eid']}/diff/2013-11-26..{row['redaction_date']}"
        if 'class="fold"' in site.get(address).text:
            return address
    raise AssertionError("the sample has no change with a long unchanged stretch")


def test_long_unchanged_parts_are_folded_and_open_by_keyboard(site: Site, desktop: Page) -> None:
    desktop.goto(site.base + folded_change(site))
    fold = desktop.locator("details.fold").first
    assert not fold.locator(".red").first.is_visible()
    fold.locator("summary").focus()
    desktop.keyboard.press("Enter")
    assert fold.locator(".red").first.is_visible()


def test_the_citation_is_copied(site: Site, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], locale="ru-RU")
    page = context.new_page()
    page.goto(f"{site.base}/{CODE}/art_205@2025-09-16/ru")
    page.click("button.copy")
    page.wait_for_function("document.querySelector('button.copy').textContent === 'Скопировано'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == " ".join(page.inner_text("#citation").split())
    assert f"/{CODE}/art_205@2025-09-16/ru" in copied
    context.close()


def test_the_keyboard_reaches_the_content_first_and_everything_after_it(site: Site, desktop: Page) -> None:
    desktop.goto(f"{site.base}/{CODE}/art_205")
    desktop.keyboard.press("Tab")
    assert desktop.evaluate("document.activeElement.className") == "skip"
    assert desktop.locator("a.skip").bounding_box()["y"] >= 0  # type: ignore[index]
    desktop.keyboard.press("Enter")
    assert desktop.evaluate("document.activeElement.id") == "main"
    desktop.keyboard.press("/")
    assert desktop.evaluate("document.activeElement.id") == "find"


def test_the_site_works_without_scripts(site: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ru-RU", viewport={"width": 1000, "height": 800})
    page = context.new_page()
    page.goto(f"{site.base}/{CODE}/art_205")
    assert not page.locator("button.copy").is_visible()
    follow(page, "form:has(#from) button")
    assert "/diff/" in page.url
    page.goto(site.base + folded_change(site))
    page.locator("details.fold summary").first.click()
    assert page.locator("details.fold .red").first.is_visible()
    follow(page, "nav.tongues >> text=Қаз")
    assert page.get_attribute("html", "lang") == "kk"
    page.goto(site.base + "/changes")
    assert page.get_attribute("html", "lang") == "kk"
    page.select_option("#f-op", "excluded")
    follow(page, "form.filters button")
    assert page.locator("span.op-excluded").count() == page.locator("ul.entries > li").count() > 0
    context.close()


def test_print_shows_the_text_without_the_machinery(site: Site, desktop: Page) -> None:
    desktop.goto(f"{site.base}/{CODE}/art_205/diff/2018-07-12..2025-09-16")
    desktop.emulate_media(media="print")
    assert not desktop.locator(".banner").is_visible()
    assert not desktop.locator(".tools").is_visible()
    assert desktop.locator(".redline").first.is_visible()
    desktop.screenshot(path=ARTEFACTS / "print-change.png", full_page=True)


def test_additions_and_deletions_differ_by_more_than_colour(site: Site, desktop: Page) -> None:
    desktop.goto(f"{site.base}/{CODE}/art_205/diff/2014-11-07..2025-09-16")
    line = "one => getComputedStyle(one).textDecorationLine"
    assert desktop.locator(".red.change ins").first.evaluate(line) == "underline"
    assert desktop.locator(".red.change del").first.evaluate(line) == "line-through"


def test_datasette_s_own_pages_keep_their_scripts_under_the_policy(site: Site, desktop: Page) -> None:
    desktop.goto(f"{site.base}/lawdiff/changes?_facet=op")
    assert desktop.locator("table.rows-and-columns tbody tr").count() > 0
    assert desktop.locator(".facet-results").count() > 0
    desktop.goto(f"{site.base}/lawdiff")
    assert desktop.locator(".CodeMirror").count() == 1, "the SQL editor starts without inline scripts"
    desktop.goto(f"{site.base}/lawdiff/changes_of_an_article?act={CODE}&article=205&lang=ru")
    assert desktop.locator("table.rows-and-columns tbody tr").count() == 3
    desktop.screenshot(path=ARTEFACTS / "data-query.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_datasette_s_own_pages_are_accessible_in_our_frame(site: Site, browser: Browser, scheme: str) -> None:
    watched, findings = Watched(browser, viewport={"width": 1280, "height": 900}, color_scheme=scheme), []
    paths = ["/lawdiff", "/lawdiff/changes", f"/lawdiff/acts/{CODE}", "/lawdiff?sql=select+1"]
    for path in [*paths, f"/lawdiff/changes_of_an_article?act={CODE}&article=205&lang=ru"]:
        watched.page.goto(site.base + path)
        for violation in Axe().run(watched.page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                findings += [f"{path}: {violation['id']} {node['html'][:160]}" for node in violation["nodes"]]
    watched.context.close()
    assert findings == []
    assert watched.complaints == []
