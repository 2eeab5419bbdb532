"""Pages generated from the grammar: the parser gives back what was generated, whatever the markup."""

from __future__ import annotations

import sys

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from page_grammar import Generated, pages
from parse_checks import ACT, assert_conserved, page_of, parse, shown_by_lxml, shown_by_tokens

from lawdiff.model import UnitKind
from lawdiff.parse import ChunkCache, parse_page
from lawdiff.text import normalise

# Without shrinking: a whole page shrinks for minutes, and the page that failed is printed in full.
calm = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@calm
@given(pages())
def test_structure_text_numbers_and_notes_come_back_as_generated(page: Generated) -> None:
    redaction = parse(page.body, page.lang)
    found = [
        (unit.eid, unit.heading, [(line.eid, line.text) for line in unit.lines], unit.parents, unit.state)
        for unit in redaction.units
    ]
    assert found == [
        (
            unit.eid,
            normalise(unit.heading),
            [(eid, normalise(text)) for eid, text in unit.lines],
            unit.parents,
            unit.state,
        )
        for unit in page.wanted
    ]
    assert [sorted(note.text for note in unit.notes) for unit in redaction.units] == [
        sorted(unit.notes) for unit in page.wanted
    ]
    assert not redaction.issues
    assert not redaction.act_notes


@calm
@given(pages())
def test_no_generated_page_loses_or_gains_a_character(page: Generated) -> None:
    redaction = parse(page.body, page.lang)
    assert_conserved(redaction, shown_by_lxml(page_of(page.body, page.lang)))
    assert_conserved(redaction, shown_by_tokens(page_of(page.body, page.lang)))


@calm
@given(pages())
def test_eids_are_unique_and_links_lie_inside_their_notes(page: Generated) -> None:
    redaction = parse(page.body, page.lang)
    eids = [unit.eid for unit in redaction.units]
    assert len(set(eids)) == len(eids)
    for unit in redaction.units:
        lines = [line.eid for line in unit.lines]
        assert len(set(lines)) == len(lines)
        for note in unit.notes:
            assert 0 <= note.line <= len(unit.lines)
            for link in note.links:
                assert note.text[link.start : link.end] == note.text[link.start : link.end].strip() != ""


@settings(calm, max_examples=60)
@given(pages())
def test_the_short_way_through_plain_articles_gives_the_records_of_the_general_way(page: Generated) -> None:
    short = parse(page.body, page.lang)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["lawdiff.parse.cutting"], "read_flat", lambda markup, start, lang: None)
        assert parse(page.body, page.lang) == short


@settings(calm, max_examples=60)
@given(pages(), pages())
def test_a_cache_changes_no_record(first: Generated, second: Generated) -> None:
    cache = ChunkCache()
    # the second page shares the first one's articles, in another order and under other headings
    before = second.body if second.lang is first.lang else ""
    for body, lang in ((first.body, first.lang), (before + first.body, first.lang), (first.body, first.lang)):
        arguments = {"act_id": ACT, "lang": lang, "redaction_date": None, "is_current": False}
        page = page_of(body, lang)
        assert parse_page(page, cache=cache, **arguments) == parse_page(page, **arguments)


@settings(calm, max_examples=30)
@given(pages())
def test_articles_are_counted_as_generated(page: Generated) -> None:
    redaction = parse(page.body, page.lang)
    assert redaction.article_count == sum(unit.eid.startswith("art_") for unit in page.wanted)
    assert all(unit.kind in (UnitKind.ARTICLE, UnitKind.HEADING) for unit in redaction.units)
