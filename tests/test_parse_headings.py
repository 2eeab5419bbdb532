"""Heading lines, line numbers and quick records, each with a table of examples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from parse_checks import parse, units_of

from lawdiff.model import Lang, Line, LineKind, NoteLink
from lawdiff.notes import classify_note
from lawdiff.parse import parse_page
from lawdiff.parse.content import kind_of
from lawdiff.parse.headings import Level, read_head, read_title
from lawdiff.parse.lines import Numbering
from lawdiff.parse.records import make_line, make_link

A, C, S, P, U, T = Level.ARTICLE, Level.CHAPTER, Level.SECTION, Level.PARAGRAPH, Level.SUBSECTION, Level.PART


@pytest.mark.parametrize(
    ("line", "level", "number", "titled"),
    [
        ("Статья 1. Земельный фонд", A, "1", True),
        ("Статья 115-1. Сталкинг", A, "115-1", True),
        ("Статья 7-1-1. Хвост", A, "7-1-1", True),
        ("Статья 163–1. Тире", A, "163-1", True),
        ("Статья 115¹. Поднятая", A, "115-1", True),
        ("Статья 8", A, "8", False),
        ("СТАТЬЯ 9. ВЕРХНИЙ РЕГИСТР", A, "9", True),
        ("Cтатья 6. Латинская C", A, "6", True),
        ("Статья 5.Слитно", A, "5", True),
        ("Статья 2 . Законодательство", A, "2", True),
        ("Раздел I. Общие положения", S, "1", True),
        ("Раздел II", S, "2", False),
        ("РАЗДЕЛ IV. Смесь", S, "4", True),
        ("Раздел ІV. Кириллица", S, "4", True),
        ("РАЗДЕЛ 4. ЭКОНОМИЧЕСКАЯ КОНКУРЕНЦИЯ", S, "4", True),
        ("Подраздел 1. Особое", U, "1", True),
        ("Глава 52-1. Пересмотр", C, "52-1", True),
        ("Глава. Заключительные положения", C, None, True),
        ("Параграф 3. Контроль", P, "3", True),
        ("§ 2. Знак", P, "2", True),
        ("ОБЩАЯ ЧАСТЬ", T, "1", False),
        ("Особенная часть", T, "2", False),
        ("164-1-бап. Тақырып", A, "164-1", True),
        ("133-1 бап", A, "133-1", False),
        ("238-бап.Әдейi банкроттық", A, "238", True),
        ("1-бап .", A, "1", False),
        ("9-БАП. ҮЛКЕН", A, "9", True),
        ("20-тарау. Қорғау", C, "20", True),
        ("11-1 тарау", C, "11-1", False),
        ("5-бөлiм. Жер", S, "5", True),
        ("1-БӨЛIМ. ЖАЛПЫ", S, "1", True),
        ("II бөлім Адам және азамат", S, "2", True),
        ("1-кіші бөлім. Ерекше", U, "1", True),
        ("2-бөлiмше. Бөлек", U, "2", True),
        ("3-параграф. Бақылау", P, "3", True),
        ("ЖАЛПЫ БӨЛІК", T, "1", False),
        ("ЕРЕКШЕ БӨЛIМ", T, "2", False),
    ],
)
def test_a_heading_line_is_read_in_both_languages(line: str, level: Level, number: str | None, titled: bool) -> None:
    assert read_head(line) == (level, number, titled)


@pytest.mark.parametrize(
    "line",
    [
        "Общие положения", "Введение", "44-1-бабы бойынша", "91-бабында", "122-баптың 2-тармағы", "5а-бапты",
        "статьи 5", "Статьями 5 и 6", "1. Порядок", "Главой 3 предусмотрено", "Приложение 1", "20-тарауында", "",
    ],
)  # fmt: skip
def test_a_reference_or_a_plain_line_is_no_heading(line: str) -> None:
    assert read_head(line) is None


@pytest.mark.parametrize(
    ("line", "level", "number"),
    [("1. Введение", S, "1"), ("2.1. Анализ", U, "2.1"), ("II. Анализ", S, "2"), ("Введение", Level.TITLE, None)],
)
def test_a_title_without_a_level_word_is_read_where_markup_says_that_it_is_one(
    line: str, level: Level, number: str | None
) -> None:
    assert read_title(line)[:2] == (level, number)


def test_numbers_that_restart_hang_on_the_line_before_and_none_is_lost() -> None:
    numbering = Numbering()
    texts = [
        "Перечень:",
        "1) раз;",
        "2) два;",
        "Иной перечень:",
        "1) раз;",
        "2) два;",
        "1. часть;",
        "1) раз;",
        "1) опять;",
    ]
    assert [numbering.line(text).eid for text in texts] == [
        "para_1", "point_1", "point_2", "para_2", "para_2__point_1", "para_2__point_2",
        "part_1", "part_1__point_1", "part_1__point_1__2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("1. Часть", LineKind.PART, "1"),
        ("5.Ставки слиплись", LineKind.PART, "5"),
        ("3-1. Часть", LineKind.PART, "3-1"),
        ("18-1) подпункт", LineKind.POINT, "18-1"),
        ("1.8.5. пункт приложения", LineKind.PART, "1.8.5"),
        ("16.07.2025 года вступил", LineKind.PARA, None),
        ("0,65 – для участника", LineKind.PARA, None),
        ("10 000 тенге", LineKind.PARA, None),
        ("1.5 раза", LineKind.PARA, None),
        ("Примечание. Лодка", LineKind.NOTE, None),
        ("Ескертулер.", LineKind.NOTE, None),
        ("Примечательно, что", LineKind.PARA, None),
    ],
)
def test_what_a_line_starts_with_says_what_it_is(text: str, kind: LineKind, number: str | None) -> None:
    line = Numbering().line(text)
    assert (line.kind, line.number, line.text) == (kind, number, text)


def test_a_number_with_a_raised_digit_is_a_suffix_number_in_headings_and_lines() -> None:
    units = units_of(
        parse("<p><b>Статья 115<sup>1</sup>. Поднятая</b></p><p>1<sup>2</sup>. Часть.</p><p>5 м<sup>2</sup></p>")
    )
    assert [(line.number, line.html) for line in units["art_115-1"].lines] == [
        ("1-2", "1<sup>2</sup>. Часть."),
        (None, "5 м<sup>2</sup>"),
    ]


def test_chapters_that_restart_under_each_section_carry_the_section_and_others_do_not() -> None:
    def eids(*headings: str) -> list[str]:
        return [unit.eid for unit in parse("".join(f"<h3>{text}</h3>" for text in headings)).units]

    assert eids("Раздел 1. А", "Глава 1. Б", "Раздел 2. В", "Глава 2. Г") == ["sec_1", "chp_1", "sec_2", "chp_2"]
    assert eids("Раздел 1. А", "Глава 1. Б", "Раздел 2. В", "Глава 1. Г", "Глава 2. Д", "Параграф 1. Е") == [
        "sec_1", "sec_1__chp_1", "sec_2", "sec_2__chp_1", "sec_2__chp_2", "sec_2__chp_2__subchp_1",
    ]  # fmt: skip
    assert eids("Глава. Первая", "Глава. Вторая", "Глава 3. Третья", "Глава 3. Опять") == [
        "chp_nn_1", "chp_nn_2", "chp_3", "chp_3__2",
    ]  # fmt: skip


def test_eids_of_the_two_languages_of_one_act_are_the_same() -> None:
    body = "<h3>{}</h3><h3>{}</h3><h3>{}</h3><p><b>{}</b></p><p>{}</p>"
    ru = parse(body.format("Раздел 1. Лодки", "Глава 2-1. Весла", "Параграф 1. Х", "Статья 3-1. Руль", "1. Да."))
    kk = parse(body.format("1-бөлім. Қайықтар", "2-1-тарау. Х", "1-параграф. Х", "3-1-бап. Руль", "1. Иә."), Lang.KK)
    assert [unit.eid for unit in ru.units] == [unit.eid for unit in kk.units]
    assert [unit.parents for unit in ru.units] == [unit.parents for unit in kk.units]


@pytest.mark.parametrize(
    ("signature", "omitted"),
    [
        ("<table><tr><td><i>Президент<br>Республики Казахстан</i></td><td><i>К. ТОКАЕВ</i></td></tr></table>", True),
        ("<table><tr><td>Президент Республики Казахстан</td><td>К.ТОКАЕВ</td></tr></table>", True),
        ("<p><i>Премьер-Министр Республики Казахстан Б. САГИНТАЕВ</i></p>", True),
        ("<table border='1'><tr><td>Президент Республики Казахстан</td><td>избирается</td></tr></table>", False),
        ("<table border='1'><tr><td>Должность</td><td>Президент</td></tr></table>", False),
        ("<p>Президент Республики Казахстан К. ТОКАЕВ</p>", False),
    ],
)
def test_a_signature_is_set_apart_and_a_table_of_offices_is_not(signature: str, omitted: bool) -> None:
    redaction = parse(f"<p><b>Статья 1. Лодка</b></p><p>Текст.</p>{signature}<p>Астана, 16 июля 2025 года</p>")
    assert [omission.reason for omission in redaction.omissions] == (["signature"] * 2 if omitted else [])
    assert len(units_of(redaction)["art_1"].lines) == (1 if omitted else 3)


def test_quick_records_are_those_of_the_constructors() -> None:
    assert make_line("part_1", LineKind.PART, "1. Текст", "1") == Line("part_1", LineKind.PART, "1. Текст", "1")
    assert hash(make_line("a", LineKind.PARA, "б", None)) == hash(Line("a", LineKind.PARA, "б"))
    assert make_link(1, 4, "/x") == NoteLink(1, 4, "/x")
    with pytest.raises(AttributeError):
        make_line("a", LineKind.PARA, "б", None).text = "в"  # type: ignore[misc]


@pytest.mark.shared
def test_the_short_cut_for_plain_amendments_agrees_with_the_grammar_of_notes(shared: Path) -> None:
    stated = (shared / "adilet/notes.jsonl").read_text(encoding="utf-8").splitlines()
    truth = json.loads((shared / "adilet/truth-K1400000226.json").read_text(encoding="utf-8"))["languages"]
    notes = {(LANG[one["lang"]], one["note"]) for one in map(json.loads, stated)}
    for portal_lang, pages in truth.items():
        for page in pages:
            for article in page["articles"].values():
                notes |= {(LANG[portal_lang], line) for line in (article["note"] or "").split("\n") if line}
    acts = ("K1400000231", "K1500000375", "K2500000214", "K950001000_", "Z2100000057")
    for file in sorted((shared / "adilet/pages").glob("*.html")):
        act_id = next(act for act in acts if file.name.startswith(act))
        page = parse_page(file.read_bytes(), act_id=act_id, lang=Lang.RU, redaction_date=None, is_current=True)
        notes |= {(Lang.RU, note.text) for unit in page.units for note in unit.notes}
    assert len(notes) > 200
    for lang, note in sorted(notes):
        assert kind_of(note, lang) == classify_note(note, lang), note


LANG = {"rus": Lang.RU, "kaz": Lang.KK}
