"""Records → rows → records: nothing is lost on the way, and the order of rows depends on facts alone."""

from __future__ import annotations

from datetime import date

import pytest
from hand_acts import records, version
from hypothesis import given
from hypothesis import strategies as st

from lawdiff.model import Action, Amendment, Issue, Lang, Line, LineKind, Note, NoteKind, NoteLink
from lawdiff.registry import Registry, Topic, TrackedAct
from lawdiff.store.rows import (
    COLUMNS,
    pack_html,
    pack_lines,
    pack_notes,
    page_order,
    rows_of,
    topic_articles,
    unpack_lines,
    unpack_notes,
)

ACT = "K1400000226"
WORDS = st.text(alphabet="абвң 1().«»–\t", max_size=30).map(lambda text: " ".join(text.split()))
EIDS = st.from_regex(
    r"(part|point|para|note|row|table|img)_[0-9]{1,2}(-[0-9])?(__(point|para|row)_[0-9]{1,2})?", fullmatch=True
)
LINES = st.lists(
    st.builds(Line, EIDS, st.sampled_from(LineKind), WORDS, st.none() | st.from_regex(r"[0-9]{1,2}", fullmatch=True),
              st.none() | st.just("<p>м<sup>3</sup></p>")),
    max_size=6,
)  # fmt: skip
NOTES = st.lists(
    st.builds(
        Note, st.text(alphabet="абв \n1", max_size=20), st.sampled_from(NoteKind), EIDS, st.integers(0, 9),
        st.lists(st.builds(NoteLink, st.integers(0, 9), st.integers(0, 9), st.just("/rus/docs/Z1"))).map(tuple),
    ),
    max_size=4,
)  # fmt: skip


@given(LINES)
def test_lines_come_back_as_they_went_in(lines: list[Line]) -> None:
    text = "\n".join(line.text for line in lines)
    assert unpack_lines(text, pack_lines(lines), pack_html(lines)) == tuple(lines)


@given(NOTES)
def test_notes_come_back_as_they_went_in(notes: list[Note]) -> None:
    text = "\n".join(note.text for note in notes)
    assert unpack_notes(text, pack_notes(notes)) == tuple(notes)


def test_a_line_whose_kind_and_number_follow_from_its_eid_is_stored_as_the_eid_alone() -> None:
    lines = [Line("part_1-1", LineKind.PART, "1-1. Текст", "1-1"), Line("table_1__row_2", LineKind.ROW, "а\tб")]
    assert pack_lines(lines) == '["part_1-1","table_1__row_2"]'
    assert pack_html(lines) is None


@pytest.mark.parametrize(
    ("listed", "numbers", "expected"),
    [
        (["205-213"], ["204", "205", "205-1", "210", "213", "213-1", "214"], ["205", "205-1", "210", "213", "213-1"]),
        (["115-1"], ["115", "115-1", "116"], ["115-1"]),
        (["5-10"], ["5", "5-10", "7", "10"], ["5-10"]),  # an article of that number is meant where there is one
        (["5-10"], ["5", "7", "10", "11"], ["5", "7", "10"]),
        (["115-1..116"], ["115", "115-1", "115-2", "116", "117"], ["115-1", "115-2", "116"]),
        (["79", "640"], ["79", "79-1", "640"], ["79", "640"]),
        (["9-3"], ["3", "9"], []),
    ],
)
def test_a_topic_lists_articles_by_number_and_by_range(
    listed: list[str], numbers: list[str], expected: list[str]
) -> None:
    assert topic_articles(listed, [(f"id{number}", number) for number in numbers]) == [f"id{n}" for n in expected]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([["a", "b", "c"]], ["a", "b", "c"]),
        ([["a", "c"], ["a", "b", "c"]], ["a", "b", "c"]),
        ([["b"], ["a", "b", "c", "d"]], ["a", "b", "c", "d"]),
        ([["a", "b"], ["a", "x", "b"], ["a", "y", "x", "b"]], ["a", "y", "x", "b"]),
        ([["a", "a", "b"]], ["a", "b"]),
        ([], []),
    ],
)
def test_units_that_are_gone_keep_their_place_among_the_others(pages: list[list[str]], expected: list[str]) -> None:
    assert list(page_order(pages)) == expected


def test_articles_sort_by_the_page_and_both_languages_share_a_row() -> None:
    versions = [
        version(ACT, "10", Lang.RU, 1, "Статья 10. Десять", "Т."),
        version(ACT, "2", Lang.RU, 1, "Статья 2. Две", "Т."),
        version(ACT, "2", Lang.KK, 1, "2-бап. Екі", "Т."),
    ]
    rows = list(rows_of(records(ACT, versions), Registry(())).rows("articles"))
    named = [dict(zip(COLUMNS["articles"], row, strict=True)) for row in rows]
    assert [(row["eid"], row["position"]) for row in named] == [("art_10", 1), ("art_2", 2)]
    assert (named[1]["heading_ru"], named[1]["heading_kk"]) == ("Статья 2. Две", "2-бап. Екі")


def test_every_row_has_one_value_per_column() -> None:
    rows = rows_of(records(ACT, [version(ACT, "1", Lang.RU, 1, "Статья 1. Х", "Т.")]), Registry(()))
    for table in set(COLUMNS) - {"coverage"}:
        assert all(len(row) == len(COLUMNS[table]) for row in rows.rows(table)), table


def test_issues_are_named_by_what_they_say_not_by_when_they_came() -> None:
    base = records(ACT, [version(ACT, "1", Lang.RU, 1, "Статья 1. Х", "Т.")])
    found = [Issue("b", "второе", ACT, "art_1", Lang.RU), Issue("a", "первое"), Issue("a", "первое")]
    one = list(rows_of(type(base)(**{**_fields(base), "issues": found}), Registry(())).rows("issues"))
    other = list(rows_of(type(base)(**{**_fields(base), "issues": found[::-1]}), Registry(())).rows("issues"))
    assert one == other
    assert [row[1:4] for row in one] == [("a", ACT, None), ("b", ACT, f"{ACT}/art_1")]
    alone = list(rows_of(type(base)(**{**_fields(base), "issues": found[1:]}), Registry(())).rows("issues"))
    assert alone == one[:1]


def test_a_law_is_in_its_topics_as_a_whole_and_a_code_only_with_the_articles_listed() -> None:
    topic = Topic("t", "т", "т", "t", ((ACT, ("1",)),))
    law = "Z1300000094"
    for act_id, expected in ((ACT, {f"{ACT}/art_1"}), (law, {f"{law}/art_1", f"{law}/art_2"})):
        registry = Registry((TrackedAct(act_id, "x", "y", (), ("t",)),), (topic,))
        versions = [version(act_id, number, Lang.RU, 1, f"Статья {number}. Х", "Т.") for number in ("1", "2")]
        rows = list(rows_of(records(act_id, versions), registry).rows("article_topics"))
        assert {row[0] for row in rows} == expected


def _fields(record: object) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}  # type: ignore[attr-defined]


def test_a_renumbered_version_points_to_the_one_it_continues() -> None:
    from dataclasses import replace

    old = version(ACT, "5", Lang.RU, 1, "Статья 5. Х", "Т.", until=date(2021, 1, 1))
    new = replace(version(ACT, "6", Lang.RU, 1, "Статья 6. Х", "Т.", since=date(2021, 1, 1)), predecessor="art_5")
    rows = list(rows_of(records(ACT, [old, new]), Registry(())).rows("article_versions"))
    assert [row[-1] for row in rows] == [None, f"{ACT}/art_5/ru/1"]


def test_the_id_of_a_claim_does_not_depend_on_the_claims_beside_it() -> None:
    from dataclasses import replace

    def claim(law: str, unit: str) -> Amendment:
        return Amendment(
            ACT, "art_1", Lang.RU, "Сноска.", NoteKind.AMENDMENT, Action.AMENDED, unit, law, None, None, None,
            date(2020, 1, 1), None,
        )  # fmt: skip

    base = records(ACT, [version(ACT, "1", Lang.RU, 1, "Статья 1. Х", "Т.")])

    def ids(*claims: Amendment) -> list[object]:
        history = replace(base.histories[Lang.RU], amendments=claims)
        return [row[0] for row in rows_of(replace(base, histories={Lang.RU: history}), Registry(())).rows("amendments")]

    first, second = claim("Z2500000210", "art_1"), claim("Z2500000211", "art_1")
    assert ids(second, first) == ids(first, second)[::-1]
    assert ids(first)[0] == ids(second, first)[1]
    assert len(set(ids(first, first, second))) == 3
