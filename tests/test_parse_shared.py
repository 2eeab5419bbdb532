"""The parser against the truth of the stand-in site and on the saved real pages."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from parse_checks import assert_conserved, shown_by_lxml, shown_by_tokens, units_of

from lawdiff.model import Lang, LineKind, NoteKind, Redaction, State, UnitKind
from lawdiff.parse import ChunkCache, parse_page

pytestmark = pytest.mark.shared
CODE = "K1400000226"
LANGS = {"rus": Lang.RU, "kaz": Lang.KK}
# Every article number printed on each saved page, read by a person. Whole articles were left out of the excerpts.
ARTICLES = {
    "K1400000231_upk_legacy": "1 2 3 4 5 6 470 473 474 475 495 496 498 498-2 498-3",
    "K1500000375_entrepreneurial": "1 3 4 160 162 163 163-1 164 223 224 225",
    "K2500000214_tax_tables": "1 2 5 6 617 618 619 620 621 623 848",
    "K950001000_constitution": "1 2 3 4 6 7 8 9 10 94-1 94-2 95 98 99",
    "Z2100000057_whole_law": "1 2 2-1 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18",
}
ACT_OF = {name: name.partition("_")[0] for name in ARTICLES} | {"K950001000_constitution": "K950001000_"}


def truth_of(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "adilet/truth-K1400000226.json").read_text(encoding="utf-8"))["languages"]


def site_page(shared: Path, path: str) -> bytes:
    base = shared / "adilet/site"
    file = base / f"{path.lstrip('/')}.html"
    return (file if file.is_file() else base / path.lstrip("/") / "index.html").read_bytes()


def saved(shared: Path, name: str) -> tuple[bytes, Redaction]:
    page = (shared / f"adilet/pages/{name}.html").read_bytes()
    return page, parse_page(page, act_id=ACT_OF[name], lang=Lang.RU, redaction_date=None, is_current=True)


@pytest.mark.parametrize("portal_lang", LANGS)
def test_every_page_of_the_stand_in_site_reads_as_its_truth_says(shared: Path, portal_lang: str) -> None:
    pages = truth_of(shared)[portal_lang]
    assert len(pages) == 13
    cache = ChunkCache()
    for stated in pages:
        page = site_page(shared, stated["path"])
        day = date.fromisoformat(stated["date"])
        redaction = parse_page(page, act_id=CODE, lang=LANGS[portal_lang], redaction_date=day, is_current=False)
        articles = [unit for unit in redaction.units if unit.kind is UnitKind.ARTICLE]
        found = {
            unit.number: {
                "heading": unit.heading,
                "paragraphs": len(unit.lines),
                "text_sha256": hashlib.sha256(unit.text.encode()).hexdigest(),
                "note": unit.notes_text or None,
            }
            for unit in articles
        }
        assert found == stated["articles"]
        assert len(articles) == len(found) == redaction.article_count
        assert [unit.number for unit in articles if unit.state is State.EXCLUDED] == [
            number for number, article in stated["articles"].items() if article["paragraphs"] == 0
        ]
        assert not redaction.issues
        assert_conserved(redaction, shown_by_lxml(page))
        assert_conserved(redaction, shown_by_tokens(page))
        cached = parse_page(
            page, act_id=CODE, lang=LANGS[portal_lang], redaction_date=day, is_current=False, cache=cache
        )
        assert cached == redaction


@pytest.mark.parametrize("name", ARTICLES)
def test_every_article_of_a_saved_real_page_is_found_and_nothing_is_lost(shared: Path, name: str) -> None:
    page, redaction = saved(shared, name)
    numbers = [unit.number for unit in redaction.units if unit.kind is UnitKind.ARTICLE]
    assert numbers == ARTICLES[name].split()
    assert_conserved(redaction, shown_by_lxml(page))
    assert_conserved(redaction, shown_by_tokens(page))


def test_the_excluded_chapter_of_the_procedure_code_is_a_state_and_its_combined_heading_is_two(shared: Path) -> None:
    units = units_of(saved(shared, "K1400000231_upk_legacy")[1])
    assert units["chp_50"].state is State.EXCLUDED
    assert units["sec_9"].heading == "Раздел 9. Исполнение судебных решений"
    assert units["chp_51"].heading == "Глава 51. Исполнение приговоров и постановлений суда"
    assert units["art_470"].parents[-2:] == ("sec_9", "chp_51")
    assert units["chp_52-1"].state is State.IN_FORCE
    assert [line.eid for line in units["art_475"].lines] == [
        "part_1", "part_1__point_1", "part_1__point_2", "part_1__point_3", "part_2", "part_3", "part_3__para_1",
    ]  # fmt: skip


def test_notes_that_stand_before_their_object_on_the_constitution_go_to_it(shared: Path) -> None:
    units = units_of(saved(shared, "K950001000_constitution")[1])
    stolen = {"art_4": "№ 17-НП", "art_8": "№ 67-НП", "art_10": "№ 71-НП"}
    for eid, ruling in stolen.items():
        assert ruling in units[eid].notes[0].text
        assert units[eid].notes[0].kind is NoteKind.REFERENCE
        assert units[eid].anchor is None
    assert [note.target for note in units["art_3"].notes] == ["art_3__part_4"]
    assert units["sec_2"].notes == ()
    assert units["sec_2"].heading == "Раздел II Человек и гражданин"
    assert len(units["preamble"].lines) == 14


def test_points_that_survive_only_in_notes_on_the_entrepreneurial_code_are_recorded_by_number(shared: Path) -> None:
    units = units_of(saved(shared, "K1500000375_entrepreneurial")[1])
    excluded = [note.target for note in units["art_224"].notes if note.kind is NoteKind.EXCLUDED_UNIT]
    assert excluded == ["art_224__part_4", "art_224__part_5-1", "art_224__part_7"]
    assert "part_4" not in [line.eid for line in units["art_224"].lines]
    assert units["chp_1__subchp_3"].state is State.EXCLUDED
    deferred = [note for note in units["art_3"].notes if note.kind is NoteKind.DEFERRED]
    assert [note.target for note in deferred] == ["art_3__part_2__point_19"]
    assert deferred[0].text[deferred[0].links[0].start : deferred[0].links[0].end] == "№ 375-V"


def test_the_table_of_the_tax_code_keeps_its_rows_and_cells(shared: Path) -> None:
    units = units_of(saved(shared, "K2500000214_tax_tables")[1])
    rows = [line for line in units["art_621"].lines if line.kind is LineKind.ROW]
    assert [line.eid for line in rows] == [f"table_1__row_{number}" for number in range(1, 8)]
    assert {line.text.count("\t") for line in rows} == {2}
    assert rows[1].text == "1\t2\t3"
    assert (rows[2].html or "").count("<td>") == 3
    assert (rows[2].html or "").count("<br>") == 2
    assert units["art_621"].lines[-1].eid == "part_2"


def test_a_future_change_before_a_heading_without_anchor_goes_to_that_article_of_the_law(shared: Path) -> None:
    units = units_of(saved(shared, "Z2100000057_whole_law")[1])
    assert [note.kind for note in units["art_3"].notes] == [NoteKind.FUTURE, NoteKind.AMENDMENT]
    assert all(note.kind is NoteKind.AMENDMENT for note in units["art_2-1"].notes)
    assert len(units["preamble"].lines) == 1
