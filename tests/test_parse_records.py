"""Records that the parser fills before they freeze, and kinds of note that it knows at once."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from pathlib import Path

import pytest
from parse_checks import parse

from lawdiff.model import Lang, Line, LineKind, Note, NoteKind, NoteLink, State, Unit, UnitKind
from lawdiff.notes import classify_note
from lawdiff.parse.content import kind_of
from lawdiff.parse.records import make_line, make_link, make_note, make_unit

LINE = ("part_1__point_2", LineKind.POINT, "2) лодка;", "2")
LINK = (3, 8, "/rus/docs/Z1900000292#z13")
NOTE = ("Сноска. Статья 1", NoteKind.AMENDMENT, "art_1", 1, (NoteLink(*LINK),))
UNIT = (
    "art_1",
    UnitKind.ARTICLE,
    "1",
    "Статья 1. Лодки",
    ("Глава 1. Вода",),
    ("chp_1",),
    (Line(*LINE),),
    (Note(*NOTE),),
    State.SUSPENDED,
    "z1",
)
PAIRS = [
    (make_line(*LINE), Line(*LINE)),
    (make_link(*LINK), NoteLink(*LINK)),
    (make_note(*NOTE), Note(*NOTE)),
    (make_unit(*UNIT), Unit(*UNIT)),
]


@pytest.mark.parametrize(("made", "built"), PAIRS, ids=lambda record: type(record).__name__)
def test_a_filled_record_is_the_one_that_the_constructor_makes(made: object, built: object) -> None:
    assert type(made) is type(built)
    assert made == built
    assert hash(made) == hash(built)
    assert repr(made) == repr(built)
    assert dataclasses.asdict(made) == dataclasses.asdict(built)  # type: ignore[call-overload]
    assert pickle.loads(pickle.dumps(made)) == copy.deepcopy(made) == built
    assert dataclasses.replace(made) == built  # type: ignore[type-var]


@pytest.mark.parametrize(("made", "built"), PAIRS, ids=lambda record: type(record).__name__)
def test_a_filled_record_is_frozen(made: object, built: object) -> None:
    for field in dataclasses.fields(built):  # type: ignore[arg-type]
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(made, field.name, getattr(built, field.name))
    with pytest.raises((AttributeError, TypeError)):
        made.other = 1  # type: ignore[attr-defined]


@pytest.mark.shared
def test_the_short_cuts_for_plain_notes_give_the_kind_that_the_grammar_gives(shared: Path) -> None:
    stated = (shared / "adilet/notes.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["note"] for line in stated]
    assert len(texts) > 50
    for text in texts:
        for lang in Lang:
            assert kind_of(text, lang) is classify_note(text, lang), text


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Сноска. Статья 7 с изменениями, внесенными законом РК от 01.02.2020 № 3-VI.", Lang.RU),
        ("Сноска. Статья 7 исключена законом РК от 01.02.2020 № 3-VI.", Lang.RU),
        ("Сноска. Статья 7 в редакции закона РК от 01.02.2020 № 3-VI (приостановлена до 01.01.2021).", Lang.RU),
        ("Сноска. Глава 7 дополнена статьей 7-1 в соответствии с законом РК от 01.02.2020 № 3-VI.", Lang.RU),
        ("Ескерту. 7-бапқа өзгеріс енгізілді – ҚР 01.02.2020 № 3-VI Заңымен.", Lang.KK),
        ("Ескерту. 7-бап алып тасталды – ҚР 01.02.2020 № 3-VI Заңымен.", Lang.KK),
        ("Примечание. См. нормативное постановление Конституционного Суда РК от 01.02.2024 № 3-НП.", Lang.RU),
    ],
)
def test_a_short_cut_never_disagrees_with_the_grammar_on_a_composed_note(text: str, lang: Lang) -> None:
    assert kind_of(text, lang) is classify_note(text, lang)


ARTICLE = '<p><b><a name="z1"></a>Статья 1. Лодки</b></p>'


def spoken_of(body: str, lang: Lang = Lang.RU) -> list[tuple[str, str]]:
    (unit,) = parse(body, lang).units
    return [(note.target, note.kind.value) for note in unit.notes]


def test_points_of_two_parts_that_survive_only_in_notes_keep_their_parts() -> None:
    law = '<a href="/rus/docs/Z2400000071#z1">№ 71-VIII</a>'
    gone = f'<span class="note">2) исключен Законом РК от 06.04.2024 </span>{law}<span class="note">;</span><br>'
    one = f"<p>1. Лодки:</p><p>1) малые;</p>{gone}<p>3) большие.</p>"
    assert spoken_of(ARTICLE + one + one.replace("1. Лодки", "2. Баржи")) == [
        ("art_1__part_1__point_2", "excluded_unit"),
        ("art_1__part_2__point_2", "excluded_unit"),
    ]


@pytest.mark.parametrize("markup", ['<p><font color="#FF0000">{}</font></p>', '<span class="note">{}</span><br>'])
def test_a_term_of_validity_headed_as_a_remark_goes_to_the_point_below_it(markup: str) -> None:
    note = markup.format(
        "Примечание ИЗПИ!<br>Подпункт 1) действует до 01.01.2027 в соответствии с Законом РК от 30.12.2025 № 242-VIII."
    )
    assert spoken_of(f"{ARTICLE}<p>1. Лодки:</p>{note}<p>1) малые;</p><p>2) большие.</p>") == [
        ("art_1__part_1__point_1", "amendment")
    ]


def test_an_article_that_starts_later_is_deferred_although_its_note_refers_to_another() -> None:
    said = "Примечание ИЗПИ!<br>Статья 1 вводится в действие с 01.01.2027 (см. ст. 10)."
    note = f'<p><font color="#FF0000">{said}</font></p>'
    (unit,) = parse(f"{ARTICLE}{note}<p>Лодки.</p>").units
    assert (unit.state, [one.kind for one in unit.notes]) == (State.DEFERRED, [NoteKind.DEFERRED])
