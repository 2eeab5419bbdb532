"""The shape watch reads notes with the very reader that makes the history: what it counts, and what it holds back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import faultserver as faults
import pytest
from faultserver import LANGS, NOTE, SENTENCE, Act, FaultServer, Site, articles, digests, good, on, run_spider

from lawdiff import shape
from lawdiff.archive import Archive, verify
from lawdiff.model import Lang, Verdict
from lawdiff.shape import (
    FEW_NOTES,
    MOST_MORE_UNREAD,
    UNREAD_RISE,
    NoteShare,
    Shape,
    compare_languages,
    compare_notes,
    read_notes,
)

ACT = "K1400000226"
OTHER = "Z1300000094"
DAYS = (date(2014, 11, 7), date(2018, 7, 12), date(2025, 9, 16))


def noted(acts: tuple[str, ...] = (ACT,), *, count: int = 12, notes: int = 12) -> Site:
    """Acts in both languages with three redactions; so many articles have a note."""
    site = Site()
    for act_id in acts:
        for lang in LANGS:
            days = {
                day: articles(lang, count, a2=SENTENCE[lang].format(100 + number)) for number, day in enumerate(DAYS)
            }
            site.add(Act(act_id, lang, days, notes=notes))
    return site


def page_of(site: Site, lang: str = "rus", act_id: str = ACT) -> bytes:
    page = site.page(f"/{lang}/docs/{act_id}")
    assert page is not None
    return page


def amend(site: Site, act_id: str = ACT, article: str = "3") -> None:
    """A new redaction in both languages."""
    for lang in LANGS:
        act = site.acts[lang, act_id]
        act.redactions[date(2026, 2, 1)] = act.redactions[act.newest] | {article: SENTENCE[lang].format(333)}


def unreadable(page: bytes) -> bytes:
    """The portal words its notes in another way: nothing else of the page changes."""
    text = page.decode()
    for lang in LANGS:
        for number in range(1, 20):
            text = text.replace(NOTE[lang].format(number), f"Ред. {number}: 210-VIII; 2025-07-16.")
    return text.encode()


def without_notes(page: bytes) -> bytes:
    """The portal shows its notes elsewhere."""
    return re.sub(rb'<span class="note">[^<]*</span><br>', b"", page)


@pytest.mark.parametrize(("portal", "lang"), [("rus", Lang.RU), ("kaz", Lang.KK)])
def test_the_notes_of_a_page_are_counted_by_the_reader(portal: str, lang: Lang) -> None:
    page = page_of(noted(), portal)
    assert read_notes(page, act_id=ACT, lang=lang) == NoteShare(12, 0)
    found = read_notes(unreadable(page), act_id=ACT, lang=lang)
    assert (found.notes, found.unread, found.share) == (12, 12, 1.0)
    assert found.example == "Ред. 1: 210-VIII; 2025-07-16."
    some = page.decode().replace(NOTE[portal].format(4), "Ред. 4: неизвестно что.").encode()
    assert read_notes(some, act_id=ACT, lang=lang).unread == 1
    assert read_notes(without_notes(page), act_id=ACT, lang=lang).notes == 0


def test_a_page_that_the_parser_refuses_is_odd_where_it_could_be_read_before() -> None:
    found = read_notes(page_of(noted()).replace(b"<article>", b"<section>"), act_id=ACT, lang=Lang.RU)
    assert found.refused is not None and "there is no <article>" in found.refused
    assert compare_notes((NoteShare(12, 0),), found) == (f"the parser refuses the page ({found.refused})",)
    assert compare_notes((), found) == (), "nothing is known of the act: the build says it"


def test_a_defect_of_the_parser_does_not_keep_the_page_from_the_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(shape, "parse_page", broken)
    found = read_notes(page_of(noted()), act_id=ACT, lang=Lang.RU)
    assert found.refused == "ZeroDivisionError: division by zero; this is a fault of lawdiff, report it"


@pytest.mark.parametrize(
    ("known", "found", "words"),
    [
        ((NoteShare(100, 0),), NoteShare(100, 0), ""),
        ((NoteShare(100, 0),), NoteShare(104, MOST_MORE_UNREAD), ""),
        ((NoteShare(100, 0),), NoteShare(120, 11), ""),
        ((NoteShare(100, 0),), NoteShare(120, 13), "13 of 120 notes cannot be read (at most 0% before)"),
        ((NoteShare(20, 0),), NoteShare(20, 5), "5 of 20 notes"),
        ((NoteShare(100, 20),), NoteShare(100, 29), ""),
        ((NoteShare(100, 20),), NoteShare(100, 31), "(at most 20% before)"),
        ((NoteShare(100, 0), NoteShare(90, 20)), NoteShare(100, 30), ""),
        ((NoteShare(FEW_NOTES, 0),), NoteShare(FEW_NOTES - 1, FEW_NOTES - 1), ""),
        ((NoteShare(20, 0),), NoteShare(4, 0), "4 notes where there were 20"),
        ((NoteShare(20, 0),), NoteShare(5, 0), ""),
        ((NoteShare(7, 0),), NoteShare(0, 0), ""),
        ((), NoteShare(40, 19), ""),
        ((), NoteShare(40, 21), "an act never seen before"),
        ((NoteShare(0, 0, refused="x"),), NoteShare(40, 5), ""),
    ],
)
def test_a_rise_of_the_share_is_odd_and_the_new_notes_of_one_law_are_not(
    known: tuple[NoteShare, ...], found: NoteShare, words: str
) -> None:
    odd = compare_notes(known, found)
    assert bool(odd) is bool(words)
    assert words in "".join(odd)


def test_an_older_redaction_may_have_fewer_notes() -> None:
    assert compare_notes((NoteShare(40, 0),), NoteShare(1, 0), dated=True) == ()
    assert compare_notes((NoteShare(40, 0),), NoteShare(20, 20), dated=True)


@pytest.mark.parametrize(
    ("change", "words"), [(unreadable, "cannot be read"), (without_notes, "notes where there were")]
)
def test_a_site_whose_notes_can_no_longer_be_read_stops_the_history(
    change: Callable[[bytes], bytes], words: str, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    acts = (ACT, OTHER)
    site = noted(acts, count=40)
    with FaultServer(site) as server:
        assert run_spider(archive, "--base-url", server.url, acts=acts).code == 0
        before = digests(archive)
        for act_id in acts:
            amend(site, act_id)
        server.fault = on("", faults.changed(change))
        server.hits.clear()
        run = run_spider(archive, "--base-url", server.url, acts=acts)
    assert run.code == 1
    assert "changed its shape" in run.summary["stopped"]
    assert all(words in line for line in run.summary["shape"])
    assert {line.split()[0] for line in run.summary["shape"]} == set(acts)
    assert digests(archive) == before
    assert not [path for path in server.paths() if path.count("/") > 3], "no history, no redaction, no card"
    kept = [entry for entry in Archive(archive).entries() if entry.verdict is Verdict.UNKNOWN]
    assert len(kept) >= 2 and all(change(Archive(archive).body(entry)) for entry in kept), "the evidence is kept"
    assert not verify(archive)


def test_one_act_with_unreadable_notes_is_held_back_until_a_person_accepts_it(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    acts = (ACT, OTHER)
    site = noted(acts)
    with FaultServer(site) as server:
        run_spider(archive, "--base-url", server.url, acts=acts)
        for act_id in acts:
            amend(site, act_id)
        server.fault = on(f"/rus/docs/{ACT}", faults.changed(unreadable))
        run = run_spider(archive, "--base-url", server.url, acts=acts)
        assert run.code == 1 and run.summary["stopped"] is None
        assert "12 of 12 notes cannot be read (at most 0% before), such as “Ред. 1" in run.account("ru")["why"][0]
        assert [run.account("kk")["outcome"], run.account("ru", OTHER)["outcome"]] == ["changed", "changed"]
        accepted = run_spider(archive, "--base-url", server.url, "--accept", ACT, acts=acts)
        assert accepted.account("ru")["outcome"] == "changed"
        later = run_spider(archive, "--base-url", server.url, acts=acts)
    assert later.code == 0, "what was accepted is what is usual from now on"


def test_ordinary_nights_with_new_notes_and_a_few_in_unknown_words_pass(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    site = noted(notes=9)
    with FaultServer(site) as server:
        run_spider(archive, "--base-url", server.url)
        for lang in LANGS:
            site.acts[lang, ACT].notes = 12
        amend(site)

        def three_new_ones(page: bytes) -> bytes:
            text = page.decode()
            for number in (10, 11, 12):
                for lang in LANGS:
                    text = text.replace(NOTE[lang].format(number), f"Статья {number}: новая формула закона.")
            return text.encode()

        server.fault = on(f"/docs/{ACT}", faults.changed(three_new_ones))
        run = run_spider(archive, "--base-url", server.url)
    assert run.code == 0, run.summary
    assert [run.account(lang)["outcome"] for lang in ("ru", "kk")] == ["changed", "changed"]


def test_an_act_that_was_never_seen_with_notes_that_cannot_be_read_is_held_back(tmp_path: Path) -> None:
    with FaultServer(noted(), on(f"/docs/{ACT}", faults.changed(unreadable))) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url)
    assert run.code == 1
    assert "an act never seen before" in run.summary["shape"][0]
    assert not digests(tmp_path / "archive")


@pytest.mark.parametrize("lanes", ["1", "4"])
def test_the_newest_missing_redaction_is_read_too_before_it_counts(lanes: str, tmp_path: Path) -> None:
    def old_pages(path: str, n: int) -> faults.Fault | None:
        return faults.changed(unreadable) if path.endswith((".2014", ".2018")) else None

    with FaultServer(noted(), old_pages) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--lang", "ru", "--concurrency", lanes)
    assert run.code == 1
    assert run.summary["shape"] == [
        f"{ACT} ru 12.07.2018: 12 of 12 notes cannot be read (at most 0% before), such as “Ред. 1: 210-VIII; "
        f"2025-07-16.”; look at the page, then run with --accept {ACT}"
    ]
    assert (ACT, "ru", "text", "2018-07-12") not in digests(tmp_path / "archive")


def test_what_stands_around_a_text_is_watched_although_the_text_is_the_same(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with FaultServer(noted()) as server:
        run_spider(archive, "--base-url", server.url)
        before = good(archive)
        server.fault = on(f"/docs/{ACT}", faults.changed(lambda page: page.replace(b"status_upd", b"state")))
        run = run_spider(archive, "--base-url", server.url)
    assert run.code == 1
    assert "no status where it used to be" in run.summary["shape"][0]
    assert good(archive) == before


@pytest.mark.parametrize(
    ("before", "now", "other", "odd"),
    [(20, 14, 20, True), (20, 15, 20, False), (20, 16, 20, False), (20, 14, None, False), (20, 14, 14, False),
     (8, 4, 8, False), (400, 320, 402, False), (400, 290, 402, True), (None, 14, 20, False), (20, 40, 20, False)],
)  # fmt: skip
def test_articles_that_the_other_language_still_has_do_not_go_unseen(
    before: int | None, now: int, other: int | None, odd: bool
) -> None:
    known, twin = (None if count is None else Shape(count, 1, ()) for count in (before, other))
    assert bool(compare_languages(known, Shape(now, 1, ()), twin)) is odd


def test_a_page_that_lost_a_third_of_what_the_other_language_has_is_held_back_until_a_person_accepts_it(
    tmp_path: Path,
) -> None:
    archive = tmp_path / "archive"
    site = noted(count=18)
    with FaultServer(site) as server:
        assert run_spider(archive, "--base-url", server.url).code == 0
        before = digests(archive)
        for lang in LANGS:
            act = site.acts[lang, ACT]
            kept = articles(lang, 12 if lang == "rus" else 18)
            act.redactions[date(2026, 2, 1)] = kept | {"1": SENTENCE[lang].format(2026)}
        run = run_spider(archive, "--base-url", server.url)
        assert run.code == 1
        assert "6 of 18 articles gone, while the other language has 18" in run.summary["shape"][0]
        assert [run.account(lang)["outcome"] for lang in ("ru", "kk")] == ["unchecked", "changed"]
        assert digests(archive)[ACT, "ru", "text", None] == before[ACT, "ru", "text", None]
        accepted = run_spider(archive, "--base-url", server.url, "--accept", ACT)
    assert accepted.account("ru")["outcome"] == "changed"


@pytest.mark.shared
def test_no_real_page_and_no_step_between_real_redactions_is_odd(shared: Path) -> None:
    truth = json.loads((shared / "adilet" / f"truth-{ACT}.json").read_text(encoding="utf-8"))
    read = 0
    for portal, lang in (("rus", Lang.RU), ("kaz", Lang.KK)):
        folder = shared / "adilet" / "site" / portal / "docs" / ACT
        days = [redaction["date"] for redaction in truth["languages"][portal]]
        names = ["{2}.{1}.{0}.html".format(*day.split("-")) for day in days[:-1]] + ["index.html"]
        known: list[NoteShare] = []
        for name in names:
            found = read_notes((folder / name).read_bytes(), act_id=ACT, lang=lang)
            assert compare_notes(known[:3], found) == (), name
            assert found.share <= UNREAD_RISE
            known.insert(0, found)
            read += found.notes
    for path in (shared / "adilet" / "pages").glob("*.html"):
        found = read_notes(path.read_bytes(), act_id=path.name.split("_")[0].ljust(11, "_"), lang=Lang.RU)
        assert found.refused is None and compare_notes((), found) == () and found.share <= UNREAD_RISE, path
        read += found.notes
    assert read == 474
