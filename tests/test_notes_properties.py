# ruff: noqa: E501 - a sentence of a table is one line
"""Notes generated from the grammar read back, arbitrary text never fails, and the 94 real notes read as stated."""

from __future__ import annotations

import json
import time
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stated_notes import as_stated, expected, iso, stated_unit

from lawdiff.dates import read_force_phrase
from lawdiff.divergences import numbers_in, references_in
from lawdiff.model import Action, Lang, Line, LineKind, NoteLink, Reading
from lawdiff.notes import classify_note, is_normative, read_note
from lawdiff.sanctions import read_sanctions

RU, KK = Lang.RU, Lang.KK


@pytest.mark.shared
def test_every_real_note_reads_as_stated(shared: Path) -> None:
    wrong = []
    lines = (shared / "adilet" / "notes.jsonl").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        record = json.loads(line)
        lang = {"rus": RU, "kaz": KK}[record["lang"]]
        unit = stated_unit(record["parsed"]["unit"])
        readings = read_note(record["note"], lang, target=unit if record["kind"] == "inline" else None)
        if [as_stated(reading) for reading in readings] != [expected(record["parsed"])]:
            wrong.append((number, record["note"][:120], readings))
        assert is_normative(record["note"], lang) is (record["kind"] == "negative"), record["note"]
        if document := record["parsed"].get("document"):
            (ruling,) = readings[0].documents
            assert (iso(ruling.adopted_on), ruling.number) == (document["date"], document["number"])
        if "no space" in record["parsed"].get("source_anomaly", ""):
            assert any(flag.startswith("no_space") for flag in readings[0].flags)
    assert len(lines) == 94
    assert not wrong


# ---- generated notes -------------------------------------------------------------------------------------------------

CONVOCATIONS = {"III": 2006, "IV": 2010, "V": 2014, "VI": 2019, "VII": 2022, "VIII": 2025}
DAYS_RU = {10: "десяти", 21: "двадцати одного", 30: "тридцати", 60: "шестидесяти"}
DAYS_KK = {10: "он", 21: "жиырма бір", 30: "отыз", 60: "алпыс"}
numbers = st.integers(1, 999).map(str) | st.tuples(st.integers(1, 999), st.integers(1, 9)).map("{0[0]}-{0[1]}".format)


@st.composite
def laws(draw: st.DrawFn) -> dict[str, Any]:
    convocation = draw(st.sampled_from([*CONVOCATIONS]))
    day = date(CONVOCATIONS[convocation], draw(st.integers(1, 12)), draw(st.integers(1, 28)))
    force = draw(st.none() | st.sampled_from([*DAYS_RU]) | st.dates(date(2015, 1, 1), date(2035, 12, 31)))
    return {"on": day, "number": f"{draw(st.integers(1, 499))}-{convocation}", "force": force}


def force_ru(force: int | date | None) -> str:
    if force is None:
        return ""
    if isinstance(force, date):
        return f" (вводится в действие с {force:%d.%m.%Y})"
    noun = "календарного дня" if force == 21 else "календарных дней"
    return (
        f" (вводится в действие по истечении {DAYS_RU[force]} {noun} после дня его первого официального опубликования)"
    )


def force_kk(force: int | date | None) -> str:
    if force is None:
        return ""
    if isinstance(force, date):
        return f" ({force:%d.%m.%Y} бастап қолданысқа енгізіледі)"
    return (
        f" (алғашқы ресми жарияланған күнінен кейін күнтізбелік {DAYS_KK[force]} күн өткен соң қолданысқа енгізіледі)"
    )


def homoglyph(number: str, wanted: bool) -> str:
    return number.replace("I", "І", 1) if wanted else number


@st.composite
def russian(draw: st.DrawFn) -> tuple[str, Reading, list[dict[str, Any]]]:
    number, chapter = draw(numbers), draw(st.integers(1, 60))
    listed = draw(st.lists(laws(), min_size=1, max_size=4))
    sign, glyph = draw(st.sampled_from(["№ ", "N ", "№"])), draw(st.booleans())
    names = [
        f"от {law['on']:%d.%m.%Y}{' ' if sign != 'N' else ''}{sign}{homoglyph(law['number'], glyph)}{force_ru(law['force'])}"
        for law in listed
    ]
    subject, unit, container, action = draw(
        st.sampled_from(
            [
                (f"Статья {number} с изменениями, внесенными законами РК ", f"art_{number}", None, "amended"),
                (f"Статья {number} – в редакции Закона РК ", f"art_{number}", None, "restated"),
                (f"Статья {number} исключена Законом РК ", f"art_{number}", None, "excluded"),
                (
                    f"Заголовок статьи {number} с изменением, внесенным Законом РК ",
                    f"heading__art_{number}",
                    None,
                    "amended",
                ),
                (f"Кодекс дополнен статьей {number} в соответствии с Законом РК ", f"art_{number}", "act", "added"),
                (f"Глава {chapter} дополнена статьей {number} Законом РК ", f"art_{number}", f"chp_{chapter}", "added"),
                (
                    f"Пункт {chapter} статьи {number} в редакции Закона РК ",
                    f"art_{number}__part_{chapter}",
                    None,
                    "restated",
                ),
            ]
        )
    )
    text = f"Сноска. {subject}{'; '.join(names)}."
    return text, Reading(Action(action), unit, container=container), listed


@st.composite
def kazakh(draw: st.DrawFn) -> tuple[str, Reading, list[dict[str, Any]]]:
    number, chapter = draw(numbers), draw(st.integers(1, 60))
    listed = draw(st.lists(laws(), min_size=1, max_size=4))
    year_first = draw(st.booleans())
    names = [
        f"{law['on']:{'%Y.%m.%d' if year_first else '%d.%m.%Y'}} № {law['number']}{force_kk(law['force'])}"
        for law in listed
    ]
    after = draw(st.booleans()) and len(listed) == 1
    law_word = " Заңымен" if len(listed) == 1 else " заңдарымен"
    if after:
        head, bracket, tail = names[0].partition(" (")
        joined = head + law_word + bracket + tail
    else:
        joined = draw(st.sampled_from(["; ", ", "])).join(names) + law_word
    subject, unit, container, action = draw(
        st.sampled_from(
            [
                (f"{number}-бапқа өзгерістер енгізілді", f"art_{number}", None, "amended"),
                (f"{number}-бап жаңа редакцияда", f"art_{number}", None, "restated"),
                (f"{number}-бап алып тасталды", f"art_{number}", None, "excluded"),
                (f"{number}-баптың тақырыбы жаңа редакцияда", f"heading__art_{number}", None, "restated"),
                (f"Кодекс {number}-баппен толықтырылды", f"art_{number}", "act", "added"),
                (f"{chapter}-тарау {number}-баппен толықтырылды", f"art_{number}", f"chp_{chapter}", "added"),
            ]
        )
    )
    text = f"Ескерту. {subject} {draw(st.sampled_from('-–'))} ҚР {joined}."
    return text, Reading(Action(action), unit, container=container), listed


def check(text: str, lang: Lang, made: Reading, listed: list[dict[str, Any]]) -> None:
    (reading,) = read_note(text, lang)
    assert (reading.action, reading.unit, reading.container) == (made.action, made.unit, made.container)
    assert [(law.adopted_on, law.number, law.action) for law in reading.laws] == [
        (law["on"], law["number"], made.action) for law in listed
    ]
    assert [law.in_force_on for law in reading.laws] == [
        law["force"] if isinstance(law["force"], date) else None for law in listed
    ]
    assert [law.in_force_rule for law in reading.laws] == [
        ("days", law["force"]) if isinstance(law["force"], int) else None for law in listed
    ]


@settings(max_examples=150)
@given(russian())
def test_a_russian_note_made_from_the_grammar_reads_back(made: tuple[str, Reading, list[dict[str, Any]]]) -> None:
    check(made[0], RU, made[1], made[2])


@settings(max_examples=150)
@given(kazakh())
def test_a_kazakh_note_made_from_the_grammar_reads_back(made: tuple[str, Reading, list[dict[str, Any]]]) -> None:
    check(made[0], KK, made[1], made[2])


@settings(max_examples=100)
@given(numbers, laws(), laws(), laws(), st.booleans())
def test_each_law_gets_the_action_named_before_it(
    number: str, first: dict[str, Any], second: dict[str, Any], third: dict[str, Any], links: bool
) -> None:
    """Added by one law, amended by a second, restated by a third, in both languages, with links on the numbers."""

    def ru(law: dict[str, Any]) -> str:
        return f"от {law['on']:%d.%m.%Y} № {law['number']}{force_ru(law['force'])}"

    def kk(law: dict[str, Any]) -> str:
        return f"ҚР {law['on']:%d.%m.%Y} № {law['number']}{force_kk(law['force'])}"

    texts = {
        RU: f"Сноска. Кодекс дополнен статьей {number} в соответствии с Законом РК {ru(first)}; с изменением, внесенным Законом "
        f"РК {ru(second)}; в редакции Закона РК {ru(third)}.",
        KK: f"Ескерту. Кодекс {number}-баппен толықтырылды - {kk(first)}; өзгеріс енгізілді - {kk(second)}; жаңа редакцияда - "
        f"{kk(third)} заңдарымен.",
    }
    listed = (first, second, third)
    for lang, text in texts.items():
        places, at = [], 0
        for law in listed:
            at = text.index(f"№ {law['number']}", at) + 2
            serial, year = law["number"].partition("-")[0], law["on"].year
            places.append(
                NoteLink(at - 2, at + len(law["number"]), f"/rus/docs/Z{year % 100:02}00000{int(serial):03}#z1")
            )
        (reading,) = read_note(text, lang, links=tuple(places) if links else ())
        assert (reading.action, reading.unit, reading.container) == (Action.ADDED, f"art_{number}", "act")
        assert [law.action for law in reading.laws] == [Action.ADDED, Action.AMENDED, Action.RESTATED]
        assert [(law.adopted_on, law.number) for law in reading.laws] == [(law["on"], law["number"]) for law in listed]
        assert [law.act_id for law in reading.laws] == [place.href[10:21] if links else None for place in places]
        assert not any(law.link_disagrees for law in reading.laws)


PIECES = [
    "Сноска.", "Статья", "статьей", "12-1", "дополнена", "исключена", "в редакции", "Законом РК", "от", "10.03.2017", "№",
    "51-VI", "(", ")", "вводится в действие с", "слова", '"', "«", "»", "заменены", "Ескерту.", "бап", "баппен", "ҚР",
    "өзгеріс енгізілді", "2007.07.06", "Заңымен", "3)", "-", ";", "\n", "заголовок", "IV", "раздел", "до", "қоспағанда",
    "за исключением", "по истечении", "дней", "предусматривается", "приостановлено до", "часть", "второй", "İ", "\u00a0",
]  # fmt: skip


@settings(max_examples=300)
@given(
    st.one_of(st.text(max_size=120), st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)),
    st.sampled_from(Lang),
    st.sampled_from([None, "act", "art_5", "art_5__part_2", "chp_3", "heading__art_5", "preamble", "x"]),
)
def test_no_text_at_all_makes_the_reader_fail(text: str, lang: Lang, target: str | None) -> None:
    links = (NoteLink(0, min(len(text), 7), "/rus/docs/Z2500000210"), NoteLink(3, 2, "javascript:"))
    readings = read_note(text, lang, links=links, target=target)
    assert readings
    kind = classify_note(text, lang)
    for reading in readings:
        if reading.action is Action.UNKNOWN:
            assert "unread" in reading.flags
        for law in reading.laws:
            assert law.printed.split()[0] in text
    assert kind


RUNS = [
    "1, ", "1-", "1.", "1", "первой, ", "бірінші, ", "(", ")", '"', "«", "№ ", "слово ", " ", "от 10.03.2017 № 51-VI; ", "статья 5 ",
    "по истечении ", "1. исключен; ", "«а» заменены ", "ескерту. қр ", "(подпункты 1), ", "тысяча ", "двукратного ",
    "лишением свободы на срок до ", "наказывается штрафом в размере до ста ", "а в случаях, предусмотренных ", "құқығынан ",
]  # fmt: skip


@pytest.mark.parametrize("run", RUNS)
def test_a_run_of_thousands_of_anything_is_read_in_bounded_time(run: str) -> None:
    """A page may hold anything; every line of it meets these readers (2 s is a hundred times what they take)."""
    text = run * 1500
    line = Line("part_1", LineKind.PART, text + " жазаланады", "1")
    for lang in Lang:
        readers: list[partial[object]] = [
            partial(classify_note, text, lang),
            partial(is_normative, "Ескерту. " + text, lang),
            partial(read_note, "Сноска. " + text, lang),
            partial(read_force_phrase, text, lang),
            partial(references_in, text, lang),
            partial(numbers_in, text, lang),
            partial(read_sanctions, (line,), lang),
        ]
        for reader in readers:
            begun = time.process_time()
            reader()
            assert time.process_time() - begun < 2, reader.func
