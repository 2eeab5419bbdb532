# ruff: noqa: E501 - a sentence is one line
"""Where Russian and Kazakh disagree: the real cases at hand, planted ones of every kind, and none in clean pairs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lawdiff.divergences import DivergenceKind, compare_histories, compare_units, numbers_in, references_in
from lawdiff.history import fold
from lawdiff.model import ActHeader, Lang, Line, LineKind, Note, NoteKind, Redaction, Unit, UnitKind
from lawdiff.numerals import find_numbers, fold_word
from lawdiff.parse import parse_page
from lawdiff.terms import terms_in

RU, KK = Lang.RU, Lang.KK
ACT = "K1400000226"


def page(shared: Path, lang: Lang) -> dict[str, Unit]:
    folder = {RU: "rus", KK: "kaz"}[lang]
    body = (shared / "adilet" / "site" / folder / "docs" / ACT / "index.html").read_bytes()
    read = parse_page(body, act_id=ACT, lang=lang, redaction_date=None, is_current=True)
    return {unit.eid: unit for unit in read.units if unit.kind is UnitKind.ARTICLE}


@pytest.mark.shared
def test_the_real_divergences_of_the_code_are_found_and_nothing_else(shared: Path) -> None:
    ru, kk = page(shared, RU), page(shared, KK)
    found = {
        (eid, one.kind.value, one.place, one.only_ru, one.only_kk)
        for eid in ru.keys() & kk.keys()
        for one in compare_units(ru[eid], kk[eid])
    }
    assert found == {
        # «или без такового» stands in Russian only
        ("art_116", "sanction", "part_3", ("deprivation_of_right ..10 years (optional)",), ("deprivation_of_right ..10 years (additional)",)),
        # the fine of a multiple of the property, and the law that brought it, in Russian only
        ("art_190", "sanction", "part_3", ("fine 2..3 multiple (alternative)", "deprivation_of_right ..6 years (optional)"), ()),
        ("art_190", "sanction", "part_4",
         ("fine 3..5 multiple (alternative)", "deprivation_of_right ..10 years (optional)",
          "deprivation_of_right life (additional) in case of part_3__point_2"), ("deprivation_of_right life (optional)",)),
        ("art_190", "law", "notes", ("188-VII of 2023-01-03: amended art_190", "210-VIII of 2025-07-16: amended art_190"), ()),
        # the heading names three objects in Russian, one in Kazakh
        ("art_205", "term", "heading", ("information system", "telecommunication network"), ()),
        ("art_207", "term", "part_1", ("information system", "telecommunication network"), ("information object",)),
        ("art_208", "law", "notes", ("210-VIII of 2025-07-16: restated art_208",), ("210-VIII of 2025-07-16: amended art_208",)),
        # the second point is printed «2 …» without its bracket in Kazakh
        ("art_209", "missing_unit", "", ("part_2__point_2",), ()),
        ("art_212", "term", "part_1", ("infocommunication network",), ("telecommunication network",)),
        ("art_213", "number", "part_1",
         ("fine ..160 mci (alternative)", "correctional_labour ..160 mci (alternative)", "community_service ..160 hours (alternative)",
          "arrest ..40 days (alternative)"),
         ("fine ..300 mci (alternative)", "correctional_labour ..300 mci (alternative)", "community_service ..240 hours (alternative)",
          "arrest ..75 days (alternative)")),
        ("art_213", "sanction", "part_2", ("community_service ..600 hours (alternative)",), ()),
        ("art_213", "law", "notes", ("180-VI of 2018-07-12: amended art_213",), ()),
        # 1), 3) in Kazakh where Russian counts 1), 2)
        ("art_233-1", "missing_unit", "", ("part_4__point_2",), ("part_4__point_3",)),
    }  # fmt: skip


# What is planted in every place of the pages: another number, another ordinal of a part that is referred to.
OTHER_NUMBER = {RU: "восьмидесяти девяти", KK: "сексен тоғыз"}
OTHER_ORDINAL = {
    RU: (re.compile(r"част\w+ [^;:,–]*?\b(?P<word>перв(?:ой|ую)|втор(?:ой|ую)|треть(?:ей|ю))"), "девятой"),
    KK: (re.compile(r"\b(?P<word>бірінші|екінші|үшінші|бiрiншi|екiншi|үшiншi)\b[^;:,–]*бөлі[кг]"), "тоғызыншы"),
}


def planted(text: str, lang: Lang) -> Iterator[str]:
    """The text with one number of its own, or one reference, changed: once for each of them."""
    folded = fold_word(text)
    for number in find_numbers(folded, lang):
        if not number.ordinal and numbers_in(text[number.start : number.end + 30], lang):
            yield text[: number.start] + OTHER_NUMBER[lang] + text[number.end :]
    pattern, word = OTHER_ORDINAL[lang]
    for match in pattern.finditer(text):
        yield text[: match.start("word")] + word + text[match.end("word") :]


@pytest.mark.shared
@pytest.mark.parametrize("lang", [RU, KK])
def test_every_number_and_reference_of_the_real_pages_that_is_changed_is_found(shared: Path, lang: Lang) -> None:
    own, others = page(shared, lang), page(shared, KK if lang is RU else RU)
    places, missed = 0, []
    for eid in own.keys() & others.keys():
        sides = (own[eid], others[eid])
        known = set(compare_units(*(sides if lang is RU else sides[::-1])))
        for at, line in enumerate(own[eid].lines):
            if re.search("исключен|алып тасталды", line.text):
                continue  # a note that the page prints as a line
            for text in planted(line.text, lang):
                lines = (*own[eid].lines[:at], replace(line, text=text), *own[eid].lines[at + 1 :])
                sides = (replace(own[eid], lines=lines), others[eid])
                places += 1
                if set(compare_units(*(sides if lang is RU else sides[::-1]))) <= known:
                    missed.append((eid, line.eid, text))
    assert places > 200
    assert not missed


# ---- planted ---------------------------------------------------------------------------------------------------------


def unit(heading: str, lines: list[tuple[str, str, str | None]], notes: tuple[str, ...] = ()) -> Unit:
    kinds = {"part": LineKind.PART, "point": LineKind.POINT, "note": LineKind.NOTE, "para": LineKind.PARA}
    return Unit(
        "art_7", UnitKind.ARTICLE, "7", heading,
        lines=tuple(Line(eid, kinds[eid.split("__")[-1].split("_")[0]], text, number) for eid, text, number in lines),
        notes=tuple(Note(text, NoteKind.AMENDMENT, "art_7") for text in notes),
    )  # fmt: skip


def pair() -> tuple[Unit, Unit]:
    """An article of our own in both languages, saying the same."""
    ru = unit(
        "Статья 7. Порча скворечника в информационной системе",
        [
            ("part_1", "1. Порча скворечника, повлекшая утрату двух и более птенцов в течение трех месяцев после 1 мая 2020 года, –", "1"),
            ("part_1__para_1", "наказывается штрафом в размере до двухсот месячных расчетных показателей либо арестом на срок до сорока суток, с конфискацией имущества или без таковой.", None),
            ("part_2", "2. Деяния, предусмотренные частью первой настоящей статьи или статьей 99-1 настоящего Кодекса, совершенные:", "2"),
            ("part_2__point_1", "1) лицом, не достигшим шестнадцатилетнего возраста;", "1"),
            ("part_2__point_2", "2) в срок от двух до пяти лет, –", "2"),
            ("part_2__para_1", "наказываются лишением свободы на срок от трех до семи лет, а в случаях, предусмотренных пунктом 1), – с пожизненным лишением права держать птиц.", None),
            ("note_1", "Примечание. Скворечником признается ящик с отверстием.", None),
        ],
        ("Сноска. Статья 7 с изменениями, внесенными законами РК от 12.07.2018 № 180-VІ (вводится в действие с 01.01.2019); от 16.07.2025 № 210-VIII (вводится в действие с 16.09.2025).",),
    )  # fmt: skip
    kk = unit(
        "7-бап. Ақпараттық жүйедегі құс ұясын бүлдіру",
        [
            ("part_1", "1. 2020 жылғы 1 мамырдан кейін үш ай ішінде екі және одан да көп балапанның өліміне әкеп соққан құс ұясын бүлдіру –", "1"),
            ("part_1__para_1", "мүлкі тәркіленіп немесе онсыз, екі жүз айлық есептік көрсеткішке дейінгі мөлшерде айыппұл салуға не қырық тәулікке дейінгі мерзімге қамаққа алуға жазаланады.", None),
            ("part_2", "2. Осы баптың бірінші бөлігінде немесе осы Кодекстің 99-1-бабында көзделген:", "2"),
            ("part_2__point_1", "1) он алты жасқа толмаған адам;", "1"),
            ("part_2__point_2", "2) екі жылдан бес жылға дейінгі мерзімде жасаған іс-әрекеттер –", "2"),
            ("part_2__para_1", "үш жылдан жеті жылға дейінгі мерзімге бас бостандығынан айыруға, ал 1) тармақта көзделген жағдайларда, құс ұстау құқығынан өмір бойына айыра отырып жазаланады.", None),
            ("note_1", "Ескерту. Саңылауы бар жәшік құс ұясы деп танылады.", None),
        ],
        ("Ескерту. 7-бапқа өзгерістер енгізілді - ҚР 12.07.2018 № 180-VI (01.01.2019 бастап қолданысқа енгізіледі); 16.07.2025 № 210-VIII (16.09.2025 бастап қолданысқа енгізіледі) заңдарымен.",),
    )  # fmt: skip
    return ru, kk


def with_line(one: Unit, eid: str, old: str, new: str) -> Unit:
    assert any(line.eid == eid and old in line.text for line in one.lines)
    return replace(
        one,
        lines=tuple(replace(line, text=line.text.replace(old, new)) if line.eid == eid else line for line in one.lines),
    )


def test_a_clean_pair_gives_none() -> None:
    assert compare_units(*pair()) == ()


@pytest.mark.parametrize(
    ("eid", "old", "new", "kind", "place", "only_ru", "only_kk"),
    [
        ("part_1", "үш ай", "төрт ай", "number", "part_1", ("3 months",), ("4 months",)),
        ("part_1__para_1", "екі жүз айлық", "үш жүз айлық", "number", "part_1", ("fine ..200 mci (alternative)",), ("fine ..300 mci (alternative)",)),
        ("part_1__para_1", " немесе онсыз", "", "sanction", "part_1", ("confiscation (optional)",), ("confiscation (additional)",)),
        ("part_1__para_1", " не қырық тәулікке дейінгі мерзімге қамаққа алуға", "", "sanction", "part_1", ("arrest ..40 days (alternative)",), ()),
        ("part_2__para_1", "жеті жылға", "сегіз жылға", "number", "part_2", ("imprisonment 3..7 years (alternative)",), ("imprisonment 3..8 years (alternative)",)),
        ("part_2", "99-1-бабында", "99-2-бабында", "reference", "part_2", ("art_99-1",), ("art_99-2",)),
        ("part_2", "бірінші бөлігінде", "екінші бөлігінде", "reference", "part_2", ("part_1",), ("part_2",)),
        ("part_2__point_1", "он алты", "он сегіз", "number", "part_2__point_1", ("16 years",), ("18 years",)),
        ("part_1", "2020 жылғы 1 мамырдан", "2020 жылғы 1 маусымнан", "date", "part_1", ("2020-05-01",), ("2020-06-01",)),
    ],
)  # fmt: skip
def test_a_planted_difference_in_the_text_is_found_where_it_is(
    eid: str, old: str, new: str, kind: str, place: str, only_ru: tuple[str, ...], only_kk: tuple[str, ...]
) -> None:
    ru, kk = pair()
    (one,) = compare_units(ru, with_line(kk, eid, old, new))
    assert (one.kind, one.place, one.only_ru, one.only_kk) == (kind, place, only_ru, only_kk)


def test_a_sanction_that_one_side_cannot_read_is_compared_as_numbers() -> None:
    ru, kk = pair()
    odd = with_line(ru, "part_1__para_1", "наказывается", "полагается")
    assert compare_units(odd, kk) == ()
    (one,) = compare_units(odd, with_line(kk, "part_1__para_1", "екі жүз айлық", "үш жүз айлық"))
    assert (one.kind, one.only_ru, one.only_kk) == (DivergenceKind.NUMBER, ("200 mci",), ("300 mci",))


def test_a_planted_missing_unit_is_found() -> None:
    ru, kk = pair()
    for gone in ("note_1", "part_2__point_2"):
        without = replace(kk, lines=tuple(line for line in kk.lines if line.eid != gone))
        assert (DivergenceKind.MISSING_UNIT, (gone,), ()) in {
            (one.kind, one.only_ru, one.only_kk) for one in compare_units(ru, without)
        }


def test_a_term_in_one_heading_only_is_found() -> None:
    ru, kk = pair()
    (one,) = compare_units(ru, replace(kk, heading="7-бап. Құс ұясын бүлдіру"))
    assert (one.kind, one.place, one.only_ru) == (DivergenceKind.TERM, "heading", ("information system",))


@pytest.mark.parametrize(
    ("note", "only_ru", "only_kk"),
    [
        ("Ескерту. 7-бапқа өзгеріс енгізілді - ҚР 12.07.2018 № 180-VI (01.01.2019 бастап қолданысқа енгізіледі) Заңымен.",
         ("210-VIII of 2025-07-16: amended art_7",), ()),
        ("Ескерту. 7-бап жаңа редакцияда - ҚР 16.07.2025 № 210-VIII (16.09.2025 бастап қолданысқа енгізіледі) Заңымен; өзгерістер енгізілді - ҚР 12.07.2018 № 180-VI (01.01.2019 бастап қолданысқа енгізіледі) Заңымен.",
         ("210-VIII of 2025-07-16: amended art_7",), ("210-VIII of 2025-07-16: restated art_7",)),
    ],
)  # fmt: skip
def test_laws_that_notes_tell_apart_are_found(note: str, only_ru: tuple[str, ...], only_kk: tuple[str, ...]) -> None:
    ru, kk = pair()
    (one,) = compare_units(ru, replace(kk, notes=(Note(note, NoteKind.AMENDMENT, "art_7"),)))
    assert (one.kind, one.place, one.only_ru, one.only_kk) == (DivergenceKind.LAW, "notes", only_ru, only_kk)


@pytest.mark.parametrize(
    ("ru", "kk", "numbers"),
    [
        ("от двух до пяти лет", "екі жылдан бес жылға дейін", {"2 years", "5 years"}),
        ("в течение трех рабочих дней", "үш жұмыс күні ішінде", {"3 days"}),
        ("не менее 1 200 тенге", "кемінде 1 200 теңге", {"1200 tenge"}),
        ("пятидесяти процентов", "елу пайызынан", {"50 percent"}),
        ("двадцать четыре часа", "жиырма төрт сағат", {"24 hours"}),
        ("трехмесячный срок", "үш ай мерзімде", {"3 months"}),
        ("в течение года", "бір жыл ішінде", set()),
        ("до 1 января 2027 года", "2027 жылғы 1 қаңтарға дейін", set()),
        ("до ста МРП", "жүз АЕК-ке дейін", {"100 mci"}),
        ("в течение 10 (десяти) календарных дней", "күнтізбелік 10 (он) күн ішінде", {"10 days"}),
        ("в десятидневный срок", "он күндік мерзімде", {"10 days"}),
        # The unit in another case, before the numbers, or in another word for an age.
        ("равны двум годам и трем месяцам", "екі жылға және үш айға тең", {"2 years", "3 months"}),
        (
            "от пяти до ста месячных расчетных показателей",
            "айлық есептік көрсеткіштің бестен бір жүзге дейінгі мөлшерінде",
            {"5 mci", "100 mci"},
        ),
        (
            "кому исполнилось четырнадцать, но не исполнилось восемнадцати лет",
            "жасы он төртке толған, бірақ он сегізге толмаған",
            {"14 years", "18 years"},
        ),
        ("в течение двух календарных лет", "күнтізбелік екі жыл ішінде", {"2 years"}),
        (
            "в стократном размере месячного расчетного показателя",
            "айлық есептік көрсеткіштің жүз еселенген мөлшерінде",
            {"100 mci"},
        ),
        ("от восемнадцати до двадцати одного года", "он сегіз бен жиырма бір жас аралығында", {"18 years", "21 years"}),
    ],
)
def test_numbers_with_units_agree_between_languages(ru: str, kk: str, numbers: set[str]) -> None:
    assert numbers_in(ru, RU) == numbers_in(kk, KK) == numbers


@pytest.mark.parametrize(
    ("ru", "kk", "references"),
    [
        ("частями первой, второй или 2-1 настоящей статьи", "осы баптың бірінші, екінші немесе 2-1-бөліктерінде", {"part_1", "part_2", "part_2-1"}),
        ("статьями 99, 100 и 101-1 настоящего Кодекса", "осы Кодекстің 99, 100 және 101-1-баптарында", {"art_99", "art_100", "art_101-1"}),
        ("пунктами 1) и 3) части второй", "екінші бөліктің 1) және 3) тармақтарында", {"point_1", "point_3", "part_2"}),
        ("статьями 5 – 7", "5 – 7-баптарда", {"art_5", "art_6", "art_7"}),
        ("главой 3", "3-тарауда", {"chp_3"}),
    ],
)  # fmt: skip
def test_references_agree_between_languages(ru: str, kk: str, references: set[str]) -> None:
    assert references_in(ru, RU) == references_in(kk, KK) == references


def test_a_longer_term_hides_the_shorter_one_in_it() -> None:
    assert terms_in("в информационно-коммуникационной сети", RU) == {"infocommunication network"}
    assert terms_in("телекоммуникациялар желісі", KK) == {"telecommunication network"}


@pytest.mark.parametrize(
    ("ru", "kk", "terms"),
    [
        # The genitive plural has no ending; another word may stand within the Kazakh term.
        ("защита информационных систем от кошек", "ақпараттық жүйелерді мысықтардан қорғау", {"information system"}),
        ("учет абонентских устройств", "абоненттік құрылғыларды есепке алу", {"subscriber device"}),
        ("перечень преступных групп", "қылмыстық топтардың тізбесі", {"criminal group"}),
        ("и других объектов информатизации", "және ақпараттандырудың басқа да объектілерін", {"information object"}),
    ],
)
def test_a_term_is_known_in_its_other_forms(ru: str, kk: str, terms: set[str]) -> None:
    assert terms_in(ru, RU) == terms_in(kk, KK) == terms


COUNTS = {"двух": "екі", "пяти": "бес", "сорока": "қырық", "двухсот": "екі жүз", "ста шестидесяти": "бір жүз алпыс"}


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(1, 499), st.sampled_from([*COUNTS])), min_size=1, max_size=6),
    st.integers(0, 5),
    st.booleans(),
)
def test_generated_pairs_agree_until_a_number_is_changed(parts: list[tuple[int, str]], at: int, plant: bool) -> None:
    ru, kk = [], []
    at = at % len(parts)
    for number, (article, count) in enumerate(parts, 1):
        kazakh = "елу" if plant and number - 1 == at else COUNTS[count]
        ru.append((f"part_{number}", f"{number}. Сторож статьи {article} спит до {count} часов.", str(number)))
        kk.append(
            (f"part_{number}", f"{number}. {article}-баптың күзетшісі {kazakh} сағатқа дейін ұйықтайды.", str(number))
        )
    found = compare_units(unit("Статья 7.", ru), unit("7-бап.", kk))
    assert [(one.kind, one.place) for one in found] == ([(DivergenceKind.NUMBER, f"part_{at + 1}")] if plant else [])


# ---- over time -------------------------------------------------------------------------------------------------------


def redaction(lang: Lang, day: date, units: tuple[Unit, ...]) -> Redaction:
    return Redaction(ActHeader(ACT, lang, "", "", "upd"), day, False, units)


DAYS = [date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1)]


def test_a_divergence_lasts_from_the_first_pair_that_shows_it_to_the_first_that_does_not() -> None:
    ru, kk = pair()
    wrong = with_line(kk, "part_1", "үш ай", "төрт ай")
    histories = (
        fold([redaction(RU, day, (ru,)) for day in DAYS]),
        fold([redaction(KK, day, (text,)) for day, text in zip(DAYS, (kk, wrong, wrong, kk), strict=True)]),
    )
    found = compare_histories(*histories)
    numbers = [one for one in found if one.divergence.kind is DivergenceKind.NUMBER]
    assert [(one.since, one.until) for one in numbers] == [(DAYS[1], DAYS[3])]
    lags = [one for one in found if one.divergence.kind is DivergenceKind.LAG]
    assert [(one.since, one.until, one.divergence.only_kk) for one in lags] == [
        (DAYS[1], DAYS[3], ("text changed on 2021-01-01",)),
    ]


def test_a_language_that_changes_later_lags_until_it_does() -> None:
    ru, kk = pair()
    new_ru = with_line(ru, "note_1", "ящик", "короб")
    new_kk = with_line(kk, "note_1", "жәшік", "қорап")
    found = compare_histories(
        fold([redaction(RU, day, (text,)) for day, text in zip(DAYS, (ru, new_ru, new_ru, new_ru), strict=True)]),
        fold([redaction(KK, day, (text,)) for day, text in zip(DAYS, (kk, kk, new_kk, new_kk), strict=True)]),
    )
    assert [(one.divergence.kind, one.since, one.until, one.divergence.only_ru) for one in found] == [
        (DivergenceKind.LAG, DAYS[1], DAYS[2], ("text changed on 2021-01-01",))
    ]


def test_a_change_that_brings_what_the_other_language_has_already_is_no_lag() -> None:
    """The Kazakh text was ahead in the first redaction held; the Russian one follows."""
    ru, kk = pair()
    old_ru = with_line(ru, "part_1", "трех месяцев", "двух месяцев")
    found = compare_histories(
        fold([redaction(RU, day, (text,)) for day, text in zip(DAYS, (old_ru, old_ru, ru, ru), strict=True)]),
        fold([redaction(KK, day, (kk,)) for day in DAYS]),
    )
    assert [(one.divergence.kind, one.since, one.until) for one in found] == [(DivergenceKind.NUMBER, DAYS[0], DAYS[2])]


@pytest.mark.parametrize("laws_agree", [True, False])
def test_a_change_of_both_ends_a_lag_where_the_notes_then_name_the_same_laws(laws_agree: bool) -> None:
    """Russian changes in 2021, both in 2022: the Kazakh text holds both laws by then, or the notes tell that it lacks one."""
    ru, kk = pair()
    bare = (("Сноска. Статья 7 с изменением, внесенным Законом РК от 12.07.2018 № 180-VI.",),
            ("Ескерту. 7-бапқа өзгеріс енгізілді - ҚР 12.07.2018 № 180-VI Заңымен.",))  # fmt: skip
    one, two = (replace(text, notes=tuple(Note(note, NoteKind.AMENDMENT, "art_7") for note in notes))
                for text, notes in zip((ru, kk), bare, strict=True))  # fmt: skip
    last_ru = with_line(ru, "note_1", "ящик", "короб")
    last_kk = with_line(kk if laws_agree else two, "note_1", "жәшік", "қорап")
    texts_ru = (one, with_line(one, "note_1", "ящик", "сундук"), last_ru, last_ru)
    found = compare_histories(
        fold([redaction(RU, day, (text,)) for day, text in zip(DAYS, texts_ru, strict=True)]),
        fold([redaction(KK, day, (text,)) for day, text in zip(DAYS, (two, two, last_kk, last_kk), strict=True)]),
    )
    lags = [(one.since, one.until) for one in found if one.divergence.kind is DivergenceKind.LAG]
    assert lags == [(DAYS[1], DAYS[2] if laws_agree else None)]


def test_typography_in_one_language_is_no_lag_and_a_note_that_says_so_excuses_one() -> None:
    ru, kk = pair()
    quoted = with_line(ru, "part_1", "–", "-")
    assert compare_histories(
        fold([redaction(RU, DAYS[0], (ru,)), redaction(RU, DAYS[1], (quoted,))]),
        fold([redaction(KK, day, (kk,)) for day in DAYS[:2]]),
    ) == ()  # fmt: skip
    said = replace(
        with_line(kk, "note_1", "жәшік", "қорап"),
        notes=(*kk.notes, Note("Ескерту. 7-бапқа қазақ тілінде өзгеріс енгізілді, орыс тіліндегі мәтіні өзгермейді - ҚР 16.07.2025 № 210-VIII (16.09.2025 бастап қолданысқа енгізіледі) Заңымен.", NoteKind.AMENDMENT, "art_7")),
    )  # fmt: skip
    found = compare_histories(
        fold([redaction(RU, day, (ru,)) for day in DAYS[:2]]),
        fold([redaction(KK, DAYS[0], (kk,)), redaction(KK, DAYS[1], (said,))]),
    )
    assert not [one for one in found if one.divergence.kind is DivergenceKind.LAG]


@pytest.mark.parametrize(("law", "excused"), [("180-VІ", True), ("181-VІ", False)])
def test_the_note_of_the_language_that_stays_excuses_the_change_by_the_law_that_it_names(
    law: str, excused: bool
) -> None:
    """So in article 87 of the code: the Russian note says that the law changed the Kazakh text alone."""
    ru, kk = pair()
    ru, kk = replace(ru, notes=()), replace(kk, notes=())
    said = Note(
        f"Сноска. В статью 7 внесено изменение на казахском языке, текст на русском языке не изменяется, Законом РК от 12.07.2018 № {law} (вводится в действие с 01.01.2019).",
        NoteKind.AMENDMENT, "art_7",
    )  # fmt: skip
    plain = Note(
        "Ескерту. 7-бапқа өзгеріс енгізілді - ҚР 12.07.2018 № 180-VI (01.01.2019 бастап қолданысқа енгізіледі) Заңымен.",
        NoteKind.AMENDMENT,
        "art_7",
    )
    new_kk = replace(with_line(kk, "note_1", "жәшік", "қорап"), notes=(plain,))
    found = compare_histories(
        fold([redaction(RU, DAYS[0], (ru,)), redaction(RU, DAYS[1], (replace(ru, notes=(said,)),))]),
        fold([redaction(KK, DAYS[0], (kk,)), redaction(KK, DAYS[1], (new_kk,))]),
    )
    assert [one.since for one in found if one.divergence.kind is DivergenceKind.LAG] == ([] if excused else [DAYS[1]])


def test_an_article_that_one_language_lacks_is_a_missing_unit_for_as_long() -> None:
    ru, kk = pair()
    other = replace(ru, eid="art_8", number="8", heading="Статья 8. Иное")
    found = compare_histories(
        fold([redaction(RU, day, (ru, other)) for day in DAYS]),
        fold([redaction(KK, DAYS[0], (kk,)), *(redaction(KK, day, (kk, replace(kk, eid="art_8", number="8", heading="8-бап. Өзге"))) for day in DAYS[1:])]),
    )  # fmt: skip
    missing = [one for one in found if one.divergence.kind is DivergenceKind.MISSING_UNIT]
    assert [(one.eid, one.since, one.until, one.divergence.only_ru) for one in missing] == [
        ("art_8", DAYS[0], DAYS[1], ("art_8",))
    ]
