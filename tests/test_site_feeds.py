"""Feeds and the calendar: valid, complete over their pages, with ids that survive a rebuild."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree, html
from site_fixture import Site, lawdiff, served

from lawdiff.site.feeds import _folded, clean

pytestmark = pytest.mark.xdist_group("site")

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SCHEMA = Path(__file__).parent / "examples" / "site" / "atom.rng"
CODE = "K1400000226"
FEEDS = {
    "all": "/feeds/changes.atom",
    "all of both weights": "/feeds/changes.atom?weight=all",
    "a filter": f"/feeds/changes.atom?act={CODE}&lang=kk&from=2019-01-01",
    "act": f"/feeds/{CODE}.atom",
    "article": f"/feeds/{CODE}/art_205.atom",
    "law": "/feeds/laws/Z2500000210.atom",
    "topic": "/feeds/topics/cyber.atom",
    "pending": "/feeds/pending.atom",
}


@pytest.fixture(scope="module")
def schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMA))


@pytest.mark.parametrize("ui", ["ru", "kk", "en"])
@pytest.mark.parametrize("kind", FEEDS)
def test_every_feed_is_valid_against_the_schema_and_for_a_feed_parser(
    site: Site, schema: etree.RelaxNG, kind: str, ui: str
) -> None:
    answer = site.get(FEEDS[kind], Cookie=f"ui={ui}")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    schema.assertValid(etree.fromstring(answer.body))
    parsed = feedparser.parse(answer.body)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    assert parsed.entries


def test_the_schema_refuses_a_feed_without_ids(site: Site, schema: etree.RelaxNG) -> None:
    feed = etree.fromstring(site.get("/feeds/changes.atom").body)
    entry = feed.find("a:entry", ATOM)
    entry.remove(entry.find("a:id", ATOM))
    assert not schema.validate(feed)


def whole(site: Site, path: str) -> list[etree._Element]:
    """All entries of a feed, page by page along its rel=next."""
    entries: list[etree._Element] = []
    seen = 0
    while path:
        feed = etree.fromstring(site.get(path).body)
        entries += feed.findall("a:entry", ATOM)
        following = feed.find("a:link[@rel='next']", ATOM)
        seen += 1
        assert (feed.find("a:link[@rel='previous']", ATOM) is None) == (seen == 1)
        path = following.get("href").removeprefix(site.base) if following is not None else ""
    return entries


def test_the_pages_of_a_feed_hold_every_change_once(site: Site) -> None:
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in whole(site, "/feeds/changes.atom?weight=all")]
    keys = {row[0] for row in site.rows("SELECT id FROM changes")}
    assert len(ids) == len(set(ids)) == len(keys) > 50
    assert {tag.split(":", 2)[2] for tag in ids} == keys


def test_entries_carry_the_redline_and_lead_to_their_change(site: Site) -> None:
    stored = {row["id"]: row["diff_html"] for row in site.rows("SELECT id, diff_html FROM changes")}
    entries = whole(site, f"/feeds/{CODE}/art_205.atom")
    assert len(entries) == 6
    for entry in entries:
        key = entry.findtext("a:id", namespaces=ATOM).split(":", 2)[2]
        content = entry.findtext("a:content", namespaces=ATOM)
        assert content == stored[key]
        assert html.fromstring(content).xpath("//ins | //del")
        for link in entry.findall("a:link", ATOM):
            assert site.get(urlsplit(link.get("href")).path).status == 200
        assert entry.findtext("a:published", namespaces=ATOM)[:10] in key
        assert entry.findtext("a:updated", namespaces=ATOM) >= entry.findtext("a:published", namespaces=ATOM)


def test_the_feed_of_a_chapter_carries_the_changes_of_its_articles(site: Site) -> None:
    entries = whole(site, f"/feeds/{CODE}/chp_7.atom")
    articles = {entry.findtext("a:id", namespaces=ATOM).split("/")[1] for entry in entries}
    assert articles == {"art_205", "art_208"}


def test_a_second_build_changes_no_byte_of_a_feed(site: Site, tmp_path: Path) -> None:
    again = tmp_path / "lawdiff.db"
    lawdiff("build", "--archive", str(site.archive), "--db", str(again), "--from-scratch")
    with served(site.archive, again) as other:
        for path in ("/feeds/changes.atom?weight=all", "/feeds/laws/Z2500000210.atom", "/feeds/in-force.ics"):
            first, second = site.get(path).text, other.get(path).text
            assert second.replace(other.base, site.base) == first


def test_a_reader_that_has_the_feed_is_told_so(site: Site) -> None:
    answer = site.get("/feeds/changes.atom")
    again = site.get("/feeds/changes.atom", If_None_Match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_the_calendar_has_an_event_for_every_day_of_entry_into_force(site: Site) -> None:
    answer = site.get("/feeds/in-force.ics", Cookie="ui=ru")
    assert answer.headers["content-type"].startswith("text/calendar")
    raw = answer.body
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    text = raw.decode("utf-8").replace("\r\n ", "")
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    events = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.DOTALL)
    facts = [dict(line.split(":", 1) for line in event.strip().split("\r\n")) for event in events]
    assert all({"UID", "DTSTAMP", "DTSTART;VALUE=DATE", "SUMMARY", "URL"} <= set(fact) for fact in facts)
    assert len({fact["UID"] for fact in facts}) == len(facts)
    days = {
        row[0].replace("-", "")
        for row in site.rows(
            "SELECT DISTINCT in_force_from FROM changes WHERE weight = 'substantive' AND in_force_from IS NOT NULL"
            " UNION SELECT in_force_from FROM amendments WHERE last_redaction IS NULL AND in_force_from IS NOT NULL"
            " AND note_kind IN ('future', 'deferred', 'suspended')"
        )
    }
    assert {fact["DTSTART;VALUE=DATE"] for fact in facts} == days
    assert "20250916" in days
    told = [fact["DESCRIPTION"] for fact in facts if fact["DTSTART;VALUE=DATE"] == "20250916"]
    assert any("ст. 115-1" in one for one in told)
    assert not re.search("art_|chp_", text), "a calendar is read by people"
    assert site.get(f"/feeds/{CODE}/in-force.ics").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/nothing.atom",
        "/feeds/K9999999999.atom",
        f"/feeds/{CODE}/art_9999.atom",
        "/feeds/laws/x.atom",
        "/feeds/topics/x.atom",
        "/feeds/K9999999999/in-force.ics",
    ],
)
def test_a_feed_of_nothing_is_404(site: Site, path: str) -> None:
    assert site.get(path).status == 404


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    assert clean("а\x00б\x0bв\ud800г\tд") == "а\ufffdб\ufffdв\ufffdг\tд"


def test_calendar_lines_fold_between_characters() -> None:
    folded = _folded("SUMMARY:" + "Қ" * 100)
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == "SUMMARY:" + "Қ" * 100 + "\r\n"
