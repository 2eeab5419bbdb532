"""What people read of a stored diff: safe HTML that tells not by colour alone, a text redline, rows for two views."""

from __future__ import annotations

import re

import lxml.html
import pytest
from hand_built import lines_of
from hypothesis import given
from hypothesis import strategies as st

from lawdiff.diff import diff_lines
from lawdiff.model import Lang
from lawdiff.render import Row, diff_html, diff_rows, diff_text

OLD = ["1. Хранитель ведёт журнал.", "2. Журнал хранится год.", "3. Копия выдаётся по запросу заказчика."]
NEW = ["1. Хранитель ведёт реестр.", "3. Копия выдаётся по запросу заказчика.", "4. Запрос подаётся письменно."]
STORED = diff_lines(lines_of(OLD), lines_of(NEW), old_heading="Статья 1. О", new_heading="Статья 1. Об учёте").to_json()
HOSTILE = "<script>alert(1)</script> & \"'><img src=x onerror=alert(2)> </ins>"


def joined(rows: tuple[Row, ...], side: str) -> list[str]:
    kinds = {"left": ("insert", "move_to"), "right": ("delete", "move_from")}[side]
    return [
        "".join(text for _, text in getattr(row, side))
        for row in rows
        if row.kind not in (*kinds, "heading", "note", "skip")
    ]


def test_the_rows_with_the_old_text_are_both_texts_side_by_side() -> None:
    rows = diff_rows(STORED, "\n".join(OLD))
    assert joined(rows, "left") == OLD
    assert joined(rows, "right") == NEW


def test_the_rows_without_the_old_text_skip_what_is_unchanged() -> None:
    kinds = [(row.kind, row.count) for row in diff_rows(STORED)]
    assert kinds == [("heading", 1), ("change", 1), ("delete", 1), ("skip", 1), ("insert", 1)]


@given(
    st.lists(st.text("абв <>&\"'-.12", max_size=12), max_size=6),
    st.lists(st.text("абв <>&\"'-.12", max_size=12), max_size=6),
)
def test_the_rows_hold_both_texts_whatever_they_are(old: list[str], new: list[str]) -> None:
    rows = diff_rows(diff_lines(lines_of(old), lines_of(new)).to_json(), "\n".join(old))
    assert joined(rows, "left") == old
    assert joined(rows, "right") == new


@pytest.mark.parametrize("lang", Lang)
def test_hostile_text_stays_text(lang: Lang) -> None:
    stored = diff_lines(
        lines_of(["1. Было."]), lines_of([f"1. {HOSTILE}", f"2. {HOSTILE}\t{HOSTILE}"]), new_heading=HOSTILE
    ).to_json()
    tree = lxml.html.fragment_fromstring(diff_html(stored, lang))
    assert {element.tag for element in tree.iter()} <= {"div", "p", "b", "i", "ins", "del"}
    assert all(set(element.attrib) <= {"class", "lang", "style"} for element in tree.iter())
    assert HOSTILE in tree.text_content()


def test_additions_and_removals_are_told_by_element_and_line_not_by_colour_alone() -> None:
    html = diff_html(STORED, "ru")
    assert re.findall(r"<del style=\"[^\"]*line-through[^\"]*\">([^<]*)</del>", html) == ["О", "журнал", OLD[1]]
    assert re.findall(r"<ins style=\"[^\"]*underline[^\"]*\">([^<]*)</ins>", html) == ["Об учёте", "реестр", NEW[2]]


def test_cells_of_a_row_stay_apart_in_html() -> None:
    stored = diff_lines(lines_of(["1\tСуша\t150"]), lines_of(["1\tСуша\t170"])).to_json()
    text = lxml.html.fragment_fromstring(diff_html(stored, "ru")).text_content()
    assert "1 │ Суша │ 150170" in text


def test_html_says_in_the_language_of_the_text_what_is_left_out() -> None:
    assert "строк без изменений: 1" in diff_html(STORED, "ru")
    assert "өзгеріссіз жолдар: 1" in diff_html(STORED, "kk")


def test_html_has_the_notes_that_changed() -> None:
    stored = diff_lines([], [], old_notes=["Сноска. Было."], new_notes=["Сноска. Стало.", "Сноска. Ещё."]).to_json()
    html = diff_html(stored, "ru")
    assert "Примечания портала" in html
    assert "Ещё" in html


def test_a_moved_line_is_said_to_be_moved_at_both_places() -> None:
    lines = [
        "1. Хранитель обязан вести журнал.",
        "2. Заказчик вправе осматривать образцы.",
        "3. Стороны отвечают по закону.",
    ]
    html = diff_html(diff_lines(lines_of(lines), lines_of([lines[1], lines[2], lines[0]])).to_json(), "ru")
    assert "перемещено сюда" in html
    assert "перемещено ниже или выше" in html


def test_the_redline_is_readable_in_a_terminal() -> None:
    assert diff_text(STORED).split("\n") == [
        "~ Статья 1. [-О-]{+Об учёте+}",
        "~ 1. Хранитель ведёт [-журнал-]{+реестр+}.",
        "- 2. Журнал хранится год.",
        "  … 1 …",
        "+ 4. Запрос подаётся письменно.",
    ]
