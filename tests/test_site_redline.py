"""Rows of a redline: every word stands in them, and what only looks another letter is told from what changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lawdiff.diff import diff_lines
from lawdiff.model import Line, LineKind
from lawdiff.site.catalogue import Interface
from lawdiff.site.labels import attribution_details
from lawdiff.site.redline import Fold, Piece, RedRow, redline

WORDS = st.lists(
    st.sampled_from(["бөлім", "бөлiм", "сот", "соt", "–", "-", "не", "үш", "екі", "«а»", '"а"']), max_size=8
)


def rows(old: str, new: str) -> list[RedRow]:
    before, after = (tuple(Line("part_1", LineKind.PART, text, "1") for text in [side] if text) for side in (old, new))
    found: list[RedRow] = []
    for part in redline(diff_lines(before, after).to_json(), old).parts:
        found.extend(part.rows if isinstance(part, Fold) else [part])
    return found


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    (row,) = rows(old, new)
    return row.pieces


def test_a_word_in_other_letters_of_the_same_look_is_told_from_a_changed_one() -> None:
    found = pieces("белгілі бір мерзімге үш жүз", "белгiлi бiр мерзімге екі жүз")
    assert [piece for piece in found if piece[0] in "-+"] == [("-", "үш жүз"), ("+", "екі жүз")]
    assert found[:2] == (("~-", "белгілі бір мерзімге "), ("~+", "белгiлi бiр мерзімге "))
    assert {op for op, _ in pieces("үш ай «а» – соң", 'үш ай "а" - соң')} == {"=", "~-", "~+"}


def test_the_word_ne_and_a_number_are_never_alike() -> None:
    for old, new in (("не вправе", "вправе"), ("до 1 года", "до 3 лет"), ("лицо", "лица")):
        assert all(not op.startswith("~") for op, _ in pieces(old, new))


@given(WORDS, WORDS)
@settings(max_examples=120)
def test_both_wordings_can_be_read_off_the_pieces(old: list[str], new: list[str]) -> None:
    before, after = " ".join(old), " ".join(new)
    found = rows(before, after)
    for sign, text in (("-", before), ("+", after)):
        gone = ("insert", "move_to") if sign == "-" else ("delete", "move_from")
        told = ["".join(words for _, words in row.side(sign)) for row in found if row.op not in gone]
        assert [line for line in told if line] == ([text] if text else [])


@pytest.mark.parametrize("ui", ["ru", "kk", "en"])
@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("an act-wide replacement explains every word that changed", 1),
        ("not seen in the diff: Z2500000210 amended heading__art_205", 1),
        ("not seen in the diff: Z1 amended part_2; the heading differs too, and no claim names it", 2),
        ("ru names Z1, Z2; kk names Z3", 1),
        ("the note on chp_7 says so", 1),
        ("no note here; kk names Z1 for its own change", 1),
    ],
)
def test_a_remark_on_the_attribution_is_said_in_the_readers_language(detail: str, said: int, ui: str) -> None:
    t = Interface(ui)
    found = attribution_details({"attribution_detail": detail, "lang": "ru"}, t)
    assert [lang for _, lang in found] == [ui] * said
    assert ui == "en" or all(detail[:12] not in sentence for sentence, _ in found)


def test_an_extract_of_a_note_stays_as_it_is_in_its_own_language() -> None:
    told = attribution_details({"attribution_detail": "Сноска. Статья 5 …", "lang": "ru"}, Interface("en"))
    assert told == [("Сноска. Статья 5 …", "ru")]
    told = attribution_details({"attribution_detail": "could not read: Сноска.", "lang": "ru"}, Interface("en"))
    assert told == [("Could not be read:", "en"), ("Сноска.", "ru")]
    assert attribution_details({"attribution_detail": None, "lang": "ru"}, Interface("en")) == []
