"""The stand-in's Criminal Code: changes and texts exactly as its truth has them, in both languages; then the laws."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from lawdiff.attribution import Attributed, attribute
from lawdiff.diff import apply
from lawdiff.history import fold
from lawdiff.model import AmendingAct, Attribution, Change, History, Lang, Op, Redaction, UnitKind, Weight
from lawdiff.parse import ChunkCache, parse_page
from lawdiff.portal import read_info

pytestmark = pytest.mark.shared
ACT = "K1400000226"
LANGS = {Lang.RU: "rus", Lang.KK: "kaz"}


@cache
def redactions(shared: Path, lang: Lang) -> tuple[Redaction, ...]:
    cache = ChunkCache()
    found = []
    for number, entry in enumerate(truth(shared)[LANGS[lang]], start=1):
        page = shared / "adilet" / "site" / entry["path"].lstrip("/")
        dated = page.with_name(page.name + ".html")
        body = (dated if dated.is_file() else page / "index.html").read_bytes()
        found.append(
            parse_page(
                body, act_id=ACT, lang=lang, redaction_date=date.fromisoformat(entry["date"]),
                is_current=not dated.is_file(), snapshot_id=number, observed_on=date(2025, 10, 1), cache=cache,
            )
        )  # fmt: skip
    return tuple(found)


@cache
def truth(shared: Path) -> dict[str, list[dict[str, object]]]:
    return json.loads((shared / "adilet" / f"truth-{ACT}.json").read_text(encoding="utf-8"))["languages"]  # type: ignore[no-any-return]


@cache
def histories(shared: Path) -> dict[Lang, History]:
    return {lang: fold(redactions(shared, lang)) for lang in LANGS}


@cache
def attributed(shared: Path) -> Attributed:
    laws = {}
    for page in sorted((shared / "adilet" / "site" / "rus" / "docs").glob("Z*/info.html")):
        info = read_info(page.read_bytes())
        key = page.parent.name
        laws[key] = AmendingAct(key, info.number, info.adopted_on, info.published_on, info.title)
    return attribute(histories(shared), laws)


def change(shared: Path, lang: Lang, number: str, day: str) -> Change:
    found = [
        one
        for one in attributed(shared).histories[lang].changes
        if one.eid == f"art_{number}" and one.redaction_date.isoformat() == day
    ]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("lang", LANGS)
def test_the_changes_are_exactly_those_of_the_truth(shared: Path, lang: Lang) -> None:
    found: dict[str, dict[str, str]] = {str(entry["date"]): {} for entry in truth(shared)[LANGS[lang]]}
    for one in histories(shared)[lang].changes:
        found[one.redaction_date.isoformat()][one.eid.removeprefix("art_")] = str(one.op)
    assert found == {entry["date"]: entry["changes"] for entry in truth(shared)[LANGS[lang]]}
    assert histories(shared)[lang].issues == ()


@pytest.mark.parametrize("lang", LANGS)
def test_the_text_at_each_date_is_the_text_of_the_truth(shared: Path, lang: Lang) -> None:
    history = histories(shared)[lang]
    for entry in truth(shared)[LANGS[lang]]:
        day = date.fromisoformat(str(entry["date"]))
        shown = {
            version.unit.number: (version.unit.heading, version.text_sha256)
            for version in history.versions
            if version.unit.kind is UnitKind.ARTICLE
            and version.valid_from <= day
            and (version.valid_to is None or day < version.valid_to)
        }
        articles: dict[str, dict[str, str]] = entry["articles"]  # type: ignore[assignment]
        assert shown == {number: (one["heading"], one["text_sha256"]) for number, one in articles.items()}


@pytest.mark.parametrize("lang", LANGS)
def test_every_stored_diff_replays(shared: Path, lang: Lang) -> None:
    history = histories(shared)[lang]
    texts = {version.key: version.unit.text for version in history.versions}
    for one in history.changes:
        assert apply(texts.get(one.old_version or "", ""), one.diff_json) == texts[one.new_version or ""]


@pytest.mark.parametrize("lang", LANGS)
def test_the_order_of_arrival_does_not_matter(shared: Path, lang: Lang) -> None:
    pages = redactions(shared, lang)
    assert fold([*pages[5:], *pages[:5], *pages[::3]]) == histories(shared)[lang]


def test_pages_that_changed_only_their_markup_give_no_change(shared: Path) -> None:
    """The markup switched between 2016 and 2018: only 205-210 changed in Russian, only their notes in Kazakh."""
    for lang, op in ((Lang.RU, Op.AMENDED), (Lang.KK, Op.NOTE_ONLY)):
        step = [one for one in histories(shared)[lang].changes if one.redaction_date == date(2018, 7, 1)]
        assert {one.eid: one.op for one in step} == {f"art_{number}": op for number in range(205, 211)}


def test_articles_205_to_210_changed_in_2016_with_no_note_of_their_own(shared: Path) -> None:
    for number in range(205, 211):
        one = change(shared, Lang.RU, str(number), "2016-04-08")
        assert (one.op, one.attribution, one.amending_act) == (Op.AMENDED, Attribution.DIFF_WITHOUT_NOTE, None)


def test_article_118_changed_in_2019_by_a_law_that_says_so_and_one_that_does_not(shared: Path) -> None:
    one = change(shared, Lang.RU, "118", "2019-01-10")
    assert (one.attribution, one.amending_act) == (Attribution.CORROBORATED, "Z1800000180")
    assert one.attribution_detail is not None
    assert "heading" in one.attribution_detail


def test_article_215_was_excluded_by_84_vi(shared: Path) -> None:
    one = change(shared, Lang.RU, "215", "2020-07-07")
    law = attributed(shared).laws[one.amending_act or ""]
    assert (one.op, law.number, law.adopted_on, one.attribution) == (
        Op.EXCLUDED, "84-VI", date(2017, 7, 3), Attribution.CORROBORATED,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "day", "op", "law"),
    [
        ("188-1", "2023-03-07", Op.ADDED, "292-VI"),
        ("217-1", "2022-09-12", Op.ADDED, "139-VII"),
        ("115-1", "2025-09-16", Op.ADDED, "210-VIII"),
        ("214-1", "2025-09-16", Op.ADDED, "210-VIII"),
        ("214-2", "2025-09-16", Op.ADDED, "210-VIII"),
        ("232-1", "2025-09-16", Op.ADDED, "210-VIII"),
        ("233-1", "2025-09-16", Op.ADDED, "210-VIII"),
        ("121-1", "2025-09-16", Op.ADDED, "72-VIII"),
        ("235-1", "2025-09-16", Op.ADDED, "23-VIII"),
        ("235", "2025-09-16", Op.EXCLUDED, "23-VIII"),
    ],
)
def test_each_change_of_a_step_has_the_law_of_its_own(shared: Path, number: str, day: str, op: Op, law: str) -> None:
    one = change(shared, Lang.RU, number, day)
    assert (one.op, attributed(shared).laws[one.amending_act or ""].number) == (op, law)
    assert one.attribution is Attribution.CORROBORATED


def test_210_viii_was_published_on_17_july_and_is_in_force_since_16_september_2025(shared: Path) -> None:
    law = attributed(shared).laws["Z2500000210"]
    assert (law.adopted_on, law.published_on) == (date(2025, 7, 16), date(2025, 7, 17))
    for lang in LANGS:
        one = change(shared, lang, "115-1", "2025-09-16")
        assert (one.in_force_from, one.laws[0].in_force_basis) == (date(2025, 9, 16), "computed")


def test_a_law_without_a_known_publication_has_no_day_in_force(shared: Path) -> None:
    one = change(shared, Lang.RU, "235", "2025-09-16")
    assert one.in_force_from is None
    assert one.in_force_text


def test_the_kazakh_notes_of_2018_are_notes_without_a_difference(shared: Path) -> None:
    for number in range(205, 211):
        one = change(shared, Lang.KK, str(number), "2018-07-01")
        assert (one.op, one.weight, one.attribution) == (
            Op.NOTE_ONLY, Weight.EDITORIAL, Attribution.NOTE_WITHOUT_DIFF,
        )  # fmt: skip


def test_nothing_of_the_stand_in_is_disputed_or_unparsed(shared: Path) -> None:
    kinds = {one.attribution for history in attributed(shared).histories.values() for one in history.changes}
    assert kinds == {Attribution.CORROBORATED, Attribution.DIFF_WITHOUT_NOTE, Attribution.NOTE_WITHOUT_DIFF}


def test_attribution_changes_nothing_but_what_it_is_for(shared: Path) -> None:
    for lang, history in histories(shared).items():
        after = attributed(shared).histories[lang]
        assert (after.versions, after.redactions) == (history.versions, history.redactions)
        bare = [
            replace(
                one, laws=(), amending_act=None, attribution=Attribution.DIFF_WITHOUT_NOTE, attribution_detail=None,
                in_force_from=None, in_force_text=None,
            )
            for one in after.changes
        ]  # fmt: skip
        assert tuple(bare) == history.changes
