# ruff: noqa: E501 - a sentence of a table is one line
"""Sanctions read from both languages, and which of two versions is the milder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stated_sanctions import read_facts, stated_facts

from lawdiff.model import Lang, Line, LineKind, UnitKind
from lawdiff.parse import parse_page
from lawdiff.sanctions import (
    AmountUnit,
    Role,
    Sanction,
    SanctionKind,
    SanctionReading,
    UnreadSanction,
    Verdict,
    compare_parts,
    compare_sanctions,
    read_sanctions,
)

RU, KK = Lang.RU, Lang.KK
EXAMPLES = Path(__file__).parent / "examples" / "sanctions"


def line(text: str, eid: str = "part_1__para_1", number: str | None = None) -> Line:
    return Line(eid, LineKind.PART if number else LineKind.PARA, text, number)


def read(text: str, lang: Lang, eid: str = "part_1__para_1", number: str | None = None) -> SanctionReading:
    return read_sanctions([line(text, eid, number)], lang)


def short(reading: SanctionReading) -> list[tuple[object, ...]]:
    """(kind, role, low, high, unit, subject) of each sanction."""
    return [
        (one.kind.value, one.role.value, one.minimum, one.maximum, one.unit and one.unit.value, one.subject and one.subject.value)
        for one in reading.sanctions
    ]  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize(("lang", "folder"), [(RU, "rus"), (KK, "kaz")])
def test_the_sanctions_of_every_former_text_read_as_stated(shared: Path, lang: Lang, folder: str) -> None:
    """Stated are the articles of a redaction whose sanctions are others than in the redaction before; the rest stay."""
    stated = json.loads((EXAMPLES / f"K1400000226-{lang}-past.json").read_text(encoding="utf-8"))
    pages = shared / "adilet" / "site" / folder / "docs" / "K1400000226"
    known: dict[str, object] = {}
    for path in sorted(pages.glob("[0-9]*.html"), key=lambda path: path.stem.split(".")[::-1]):
        day = "-".join(reversed(path.stem.split(".")))
        page = parse_page(path.read_bytes(), act_id="K1400000226", lang=lang, redaction_date=None, is_current=False)
        known |= {number: stated_facts(words) for number, words in stated.get(day, {}).items()}
        for unit in page.units:
            if unit.kind is UnitKind.ARTICLE and unit.lines:
                assert read_facts(read_sanctions(unit.lines, lang)) == known[str(unit.number)], (day, unit.number)
    assert len(known) >= 18


@pytest.mark.shared
@pytest.mark.parametrize(("lang", "folder"), [(RU, "rus"), (KK, "kaz")])
def test_the_sanctions_of_every_article_at_hand_read_as_stated(shared: Path, lang: Lang, folder: str) -> None:
    path = shared / "adilet" / "site" / folder / "docs" / "K1400000226" / "index.html"
    page = parse_page(path.read_bytes(), act_id="K1400000226", lang=lang, redaction_date=None, is_current=True)
    stated = json.loads((EXAMPLES / f"K1400000226-{lang}.json").read_text(encoding="utf-8"))
    articles = {unit.number: unit for unit in page.units if unit.kind is UnitKind.ARTICLE}
    assert set(articles) == set(stated)
    wrong = {
        number: (want[0] ^ got[0], want[1], got[1])
        for number, unit in articles.items()
        if (want := stated_facts(stated[number])) != (got := read_facts(read_sanctions(unit.lines, lang)))
    }
    assert not wrong


@pytest.mark.shared
@pytest.mark.parametrize(("lang", "folder"), [(RU, "rus"), (KK, "kaz")])
def test_the_stalking_article_provides_what_the_law_says(shared: Path, lang: Lang, folder: str) -> None:
    path = shared / "adilet" / "site" / folder / "docs" / "K1400000226" / "index.html"
    page = parse_page(path.read_bytes(), act_id="K1400000226", lang=lang, redaction_date=None, is_current=True)
    (unit,) = (unit for unit in page.units if unit.eid == "art_115-1")
    assert short(read_sanctions(unit.lines, lang)) == [
        ("fine", "alternative", None, 200, "mci", None),
        ("correctional_labour", "alternative", None, 200, "mci", None),
        ("community_service", "alternative", None, 200, "hours", None),
        ("arrest", "alternative", None, 50, "days", None),
    ]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("наказывается штрафом в размере от трехсот до семисот месячных расчетных показателей либо исправительными работами в том же размере.", RU,
         [("fine", "alternative", 300, 700, "mci", None), ("correctional_labour", "alternative", 300, 700, "mci", None)]),
        ("үш жүзден жеті жүз айлық есептік көрсеткішке дейінгі мөлшерде айыппұл салуға не сол мөлшерде түзеу жұмыстарына жазаланады.", KK,
         [("fine", "alternative", 300, 700, "mci", None), ("correctional_labour", "alternative", 300, 700, "mci", None)]),
        ("наказывается лишением свободы на срок от двух до шести лет либо пожизненным лишением свободы, с лишением гражданства Республики Казахстан или без такового.", RU,
         [("imprisonment", "alternative", 2, 6, "years", None), ("life_imprisonment", "alternative", None, None, None, None),
          ("deprivation_of_citizenship", "optional", None, None, None, None)]),
        ("азаматтығынан айыра отырып немесе онсыз, екі жылдан алты жылға дейінгі мерзімге бас бостандығынан айыруға не өмір бойына бас бостандығынан айыруға жазаланады.", KK,
         [("deprivation_of_citizenship", "optional", None, None, None, None), ("imprisonment", "alternative", 2, 6, "years", None),
          ("life_imprisonment", "alternative", None, None, None, None)]),
        ("наказывается ограничением свободы на срок до шести месяцев либо лишением свободы на тот же срок, с конфискацией имущества или без таковой.", RU,
         [("restriction", "alternative", None, 6, "months", None), ("imprisonment", "alternative", None, 6, "months", None),
          ("confiscation", "optional", None, None, None, None)]),
        ("мүлкі тәркіленіп немесе онсыз, алты айға дейінгі мерзімге бас бостандығын шектеуге не сол мерзімге бас бостандығынан айыруға жазаланады.", KK,
         [("confiscation", "optional", None, None, None, None), ("restriction", "alternative", None, 6, "months", None),
          ("imprisonment", "alternative", None, 6, "months", None)]),
        ("наказывается выдворением за пределы Республики Казахстан с установлением запрета на въезд сроком на пять лет.", RU,
         [("deportation", "alternative", 5, 5, "years", None)]),
        ("отыз тәуліктен елу тәулікке дейінгі мерзімге қамаққа алуға жазаланады.", KK, [("arrest", "alternative", 30, 50, "days", None)]),
        ("наказываются штрафом в размере до пятидесятикратной суммы находки либо лишением свободы на срок от семи до двенадцати лет.", RU,
         [("fine", "alternative", None, 50, "multiple", None), ("imprisonment", "alternative", 7, 12, "years", None)]),
        ("влечет предупреждение или штраф в размере пяти месячных расчетных показателей.", RU,
         [("warning", "alternative", None, None, None, None), ("fine", "alternative", 5, 5, "mci", None)]),
        ("ескерту жасауға немесе бес айлық есептік көрсеткіш мөлшерінде айыппұл салуға алып келеді.", KK,
         [("warning", "alternative", None, None, None, None), ("fine", "alternative", 5, 5, "mci", None)]),
        ("влечет штраф на физических лиц в размере десяти, на должностных лиц, субъектов малого предпринимательства или некоммерческие организации – в размере двадцати пяти, на субъектов среднего предпринимательства – в размере сорока, на субъектов крупного предпринимательства – в размере ста месячных расчетных показателей.", RU,
         [("fine", "alternative", 10, 10, "mci", "natural_person"), ("fine", "alternative", 25, 25, "mci", "official"),
          ("fine", "alternative", 25, 25, "mci", "small_business"), ("fine", "alternative", 25, 25, "mci", "non_profit"),
          ("fine", "alternative", 40, 40, "mci", "medium_business"), ("fine", "alternative", 100, 100, "mci", "large_business")]),
        ("жеке тұлғаларға – он, лауазымды адамдарға, шағын кәсіпкерлік субъектілеріне немесе коммерциялық емес ұйымдарға – жиырма бес, орта кәсіпкерлік субъектілеріне – қырық, ірі кәсіпкерлік субъектілеріне – бір жүз айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады.", KK,
         [("fine", "alternative", 10, 10, "mci", "natural_person"), ("fine", "alternative", 25, 25, "mci", "official"),
          ("fine", "alternative", 25, 25, "mci", "small_business"), ("fine", "alternative", 25, 25, "mci", "non_profit"),
          ("fine", "alternative", 40, 40, "mci", "medium_business"), ("fine", "alternative", 100, 100, "mci", "large_business")]),
        ("влечет штраф в размере двадцати месячных расчетных показателей с лишением права управления транспортными средствами сроком на один год.", RU,
         [("fine", "alternative", 20, 20, "mci", None), ("deprivation_of_right", "additional", 1, 1, "years", None)]),
        ("көлік құралдарын басқару құқығынан бір жыл мерзімге айыра отырып, жиырма айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады.", KK,
         [("deprivation_of_right", "additional", 1, 1, "years", None), ("fine", "alternative", 20, 20, "mci", None)]),
        ("влечет административный арест на срок до пятнадцати суток либо административное выдворение за пределы Республики Казахстан.", RU,
         [("arrest", "alternative", None, 15, "days", None), ("deportation", "alternative", None, None, None, None)]),
        ("он бес тәулікке дейінгі мерзімге әкімшілік қамаққа алуға не Қазақстан Республикасынан тыс жерге әкімшілік жолмен шығарып жіберуге әкеп соғады.", KK,
         [("arrest", "alternative", None, 15, "days", None), ("deportation", "alternative", None, None, None, None)]),
        ("влечет штраф в размере тридцати процентов от суммы скрытого дохода с приостановлением действия лицензии на срок до трех месяцев.", RU,
         [("fine", "alternative", 30, 30, "percent", None), ("suspension", "additional", None, 3, "months", None)]),
        ("влечет штраф в размере сорока месячных расчетных показателей с лишением лицензии и конфискацией орудий или без таковой.", RU,
         [("fine", "alternative", 40, 40, "mci", None), ("revocation", "additional", None, None, None, None),
          ("confiscation", "optional", None, None, None, None)]),
    ],
)  # fmt: skip
def test_each_form_of_a_sanction_reads(text: str, lang: Lang, expected: list[tuple[object, ...]]) -> None:
    reading = read(text, lang)
    assert reading.unread == ()
    assert short(reading) == expected


def test_a_case_of_a_point_is_set_apart_in_both_languages() -> None:
    ru = read(
        "наказывается лишением свободы на срок от трех до семи лет, а в случаях, предусмотренных пунктом 4) части второй настоящей статьи, – с пожизненным лишением права занимать определенные должности.",
        RU,
        "part_3__para_1",
    )
    kk = read(
        "үш жылдан жеті жылға дейінгі мерзімге бас бостандығынан айыруға, ал осы баптың екінші бөлігінің 4) тармағында көзделген жағдайларда, белгілі бір лауазымдарды атқару құқығынан өмір бойына айыра отырып, бес жылға дейінгі мерзімге бас бостандығынан айыруға жазаланады.",
        KK,
        "part_3__para_1",
    )
    assert [(one.kind, one.case) for one in ru.sanctions] == [
        (SanctionKind.IMPRISONMENT, None), (SanctionKind.DEPRIVATION_OF_RIGHT, "part_2__point_4"),
    ]  # fmt: skip
    assert ru.sanctions[1].unit is AmountUnit.LIFE
    assert [(one.kind, one.case) for one in kk.sanctions] == [
        (SanctionKind.IMPRISONMENT, None), (SanctionKind.DEPRIVATION_OF_RIGHT, "part_2__point_4"), (SanctionKind.IMPRISONMENT, "part_2__point_4"),
    ]  # fmt: skip
    assert not ru.unread
    assert not kk.unread


def test_a_sanction_in_one_paragraph_with_its_offence_reads() -> None:
    ru = read(
        "1. Кормление двух голубей в неположенном месте – влечет штраф в размере трех месячных расчетных показателей.",
        RU,
        "part_1",
        "1",
    )
    kk = read(
        "1. Екі көгершінді тыйым салынған жерде жемдеу – үш айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады.",
        KK,
        "part_1",
        "1",
    )
    assert short(ru) == short(kk) == [("fine", "alternative", 3, 3, "mci", None)]
    assert ru.sanctions[0].part == kk.sanctions[0].part == "part_1"
    text = (
        "1. Кормление двух голубей в неположенном месте – влечет штраф в размере трех месячных расчетных показателей."
    )
    assert text[ru.sanctions[0].start : ru.sanctions[0].end] == "штраф в размере трех месячных расчетных показателей"


@pytest.mark.parametrize(
    ("text", "lang", "reason"),
    [
        ("наказывается штрафом в размере, который определит суд.", RU, "amount_unread"),
        ("наказывается лишением права занимать должности на срок от пяти лет до установления запрета пожизненно.", RU, "amount_unread"),
        ("наказывается штрафом в размере до двухсот тугриков.", RU, "unit_unread"),
        ("наказывается исправительными работами в том же размере.", RU, "same_as_nothing"),
        ("наказывается лишением свободы на тот же срок.", RU, "same_as_nothing"),
        ("наказывается ссылкой на пять лет.", RU, "no_punishment_known"),
        ("наказывается штрафом в размере до ста месячных расчетных показателей либо ссылкой на пять лет.", RU, "punishment_unknown"),
        ("влечет штраф на трубочистов в размере пяти, на физических лиц – в размере двух месячных расчетных показателей.", RU, "subject_unread"),
        ("наказывается лишением свободы на срок от семи до двух лет.", RU, "amount_unread"),
        ("наказывается арестом на срок до двадцати суток, а в случаях, предусмотренных таможенной тайной, – штрафом в размере до ста месячных расчетных показателей.", RU, "case_unread"),
        ("екі жүз теңгеге дейінгі мөлшерде айыппұл салуға жазаланады.", KK, "unit_unread"),
        ("сол мерзімге бас бостандығынан айыруға жазаланады.", KK, "same_as_nothing"),
        ("екі жүз айлық есептік көрсеткішке дейінгі мөлшерде айыппұл салуға не жер аударуға жазаланады.", KK, "punishment_unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_listed_and_never_guessed(text: str, lang: Lang, reason: str) -> None:
    assert reason in {one.reason for one in read(text, lang).unread}


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Лицо, сдавшее находку, получает награду в размере до ста месячных расчетных показателей.", RU),
        ("Нарушение порядка влечет последствия, установленные договором.", RU),
        ("Олжаны тапсырған адам екі жүз айлық есептік көрсеткішке дейінгі сыйақы алады.", KK),
    ],
)
def test_text_without_a_punishment_has_no_sanction(text: str, lang: Lang) -> None:
    assert read(text, lang) == SanctionReading()


# ---- which is milder -------------------------------------------------------------------------------------------------


def provides(words: dict[str, str]) -> SanctionReading:
    facts, unread = stated_facts(words)
    sanctions = tuple(
        Sanction(part, kind, role, low, high, unit, case, subject)
        for part, case, subject, kind, role, low, high, unit in sorted(facts, key=str)
    )
    return SanctionReading(sanctions, (UnreadSanction("part_1", "", "", "amount_unread"),) * unread)


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("F200 H200 A50", "F200 H200 A50", "same"),
        ("F200 H200 A50", "F300 H200 A50", "tougher"),
        ("F200 H200 A50", "F300 H100 A50", "mixed"),
        ("F200 H200 A50", "F200 H200 A30", "milder"),
        ("F200 A50", "F200 H200 A50", "milder"),  # a choice between them
        ("F200 H200 A50", "F200 A50", "tougher"),
        ("H200 A50", "F200 H200 A50", "milder"),  # a lighter lightest
        ("F200 H200 A50", "F200 H200 A50 P2", "tougher"),  # a heavier heaviest
        ("F200 P5", "P5", "tougher"),
        ("F200 P5", "F200", "milder"),
        ("P5", "P2-5", "tougher"),  # a lower bound
        ("P2-7", "P1-7", "milder"),
        ("P2-7", "P1-8", "mixed"),
        ("P5 C?", "P5 C", "tougher"),
        ("P5 C", "P5", "milder"),
        ("P5 D3", "P5 D5?", "mixed"),
        ("P5 D10?", "P5 DL?", "tougher"),
        ("F200 P5", "X10-20 P5", "unknown"),  # indices and multiples do not compare
        ("P5 unread", "P2", "unknown"),
        ("P5", "P2 unread", "unknown"),
        ("P5 @part_1__point_1 DL", "P5", "milder"),
        ("P5", "P5 @part_1__point_1 DL", "tougher"),
    ],
)
def test_the_rule_of_the_milder_law(old: str, new: str, verdict: str) -> None:
    assert compare_sanctions(provides({"1": old}), provides({"1": new})) == verdict


def test_parts_that_appear_or_go_count_for_the_article() -> None:
    one, two = provides({"1": "P5"}), provides({"1": "P5", "2": "P7"})
    assert compare_sanctions(SanctionReading(), one) is Verdict.NEW
    assert compare_sanctions(one, SanctionReading()) is Verdict.MILDER
    assert compare_sanctions(one, two) is Verdict.NEW
    assert compare_sanctions(two, one) is Verdict.MILDER
    assert compare_sanctions(two, provides({"1": "P6", "3": "P1"})) is Verdict.MIXED
    assert compare_parts(one, two) == {"part_1": Verdict.SAME, "part_2": Verdict.NEW}
    assert compare_sanctions(SanctionReading(), SanctionReading()) is Verdict.SAME


codes = st.lists(
    st.builds(
        "{}{}".format, st.sampled_from(["F", "H", "R", "P", "A"]), st.integers(1, 900)
    ), min_size=1, max_size=4, unique_by=lambda word: word[0],
).map(" ".join)  # fmt: skip


@given(codes, codes)
def test_tougher_one_way_is_milder_the_other(old: str, new: str) -> None:
    forth = compare_sanctions(provides({"1": old}), provides({"1": new}))
    back = compare_sanctions(provides({"1": new}), provides({"1": old}))
    mirror = {Verdict.TOUGHER: Verdict.MILDER, Verdict.MILDER: Verdict.TOUGHER}
    assert back is mirror.get(forth, forth)
    assert compare_sanctions(provides({"1": old}), provides({"1": old})) is Verdict.SAME


# ---- generated -------------------------------------------------------------------------------------------------------

COUNTS = {
    "пяти": "бес", "двадцати одного": "жиырма бір", "сорока": "қырық", "двухсот": "екі жүз", "одной тысячи двухсот": "бір мың екі жүз",
    "трех тысяч": "үш мың", "ста шестидесяти": "бір жүз алпыс",
}  # fmt: skip
VALUES = {
    "пяти": 5,
    "двадцати одного": 21,
    "сорока": 40,
    "двухсот": 200,
    "одной тысячи двухсот": 1200,
    "трех тысяч": 3000,
    "ста шестидесяти": 160,
}
FORMS = {
    SanctionKind.FINE: (
        "штрафом в размере до {} месячных расчетных показателей",
        "{} айлық есептік көрсеткішке дейінгі мөлшерде айыппұл салуға",
        AmountUnit.MCI,
    ),
    SanctionKind.COMMUNITY_SERVICE: (
        "привлечением к общественным работам на срок до {} часов",
        "{} сағатқа дейінгі мерзімге қоғамдық жұмыстарға тартуға",
        AmountUnit.HOURS,
    ),
    SanctionKind.ARREST: ("арестом на срок до {} суток", "{} тәулікке дейінгі мерзімге қамаққа алуға", AmountUnit.DAYS),
    SanctionKind.RESTRICTION: (
        "ограничением свободы на срок до {} лет",
        "{} жылға дейінгі мерзімге бас бостандығын шектеуге",
        AmountUnit.YEARS,
    ),
    SanctionKind.IMPRISONMENT: (
        "лишением свободы на срок до {} лет",
        "{} жылға дейінгі мерзімге бас бостандығынан айыруға",
        AmountUnit.YEARS,
    ),
}


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([*FORMS]), st.sampled_from([*COUNTS])),
        min_size=1,
        max_size=5,
        unique_by=lambda pair: pair[0],
    ),
    st.sampled_from(list(Role)),
)
def test_a_sanction_made_in_both_languages_reads_alike(
    made: list[tuple[SanctionKind, str]], confiscation: Role
) -> None:
    ru = "наказывается " + " либо ".join(FORMS[kind][0].format(count) for kind, count in made)
    kk = " не ".join(FORMS[kind][1].format(COUNTS[count]) for kind, count in made) + " жазаланады."
    ru += {
        Role.ALTERNATIVE: "",
        Role.ADDITIONAL: ", с конфискацией имущества",
        Role.OPTIONAL: ", с конфискацией имущества или без таковой",
    }[confiscation] + "."
    kk = {
        Role.ALTERNATIVE: "",
        Role.ADDITIONAL: "мүлкі тәркіленіп, ",
        Role.OPTIONAL: "мүлкі тәркіленіп немесе онсыз, ",
    }[confiscation] + kk
    expected = {
        ("part_1", None, None, kind, Role.ALTERNATIVE, None, VALUES[count], FORMS[kind][2]) for kind, count in made
    }
    if confiscation is not Role.ALTERNATIVE:
        expected.add(("part_1", None, None, SanctionKind.CONFISCATION, confiscation, None, None, None))
    for text, lang in ((ru, RU), (kk, KK)):
        reading = read(text, lang)
        assert {one.facts for one in reading.sanctions} == expected
        assert not reading.unread


PIECES = [
    "наказывается", "влечет", "штрафом", "в размере", "до", "от", "двухсот", "лет", "либо", "с", "конфискацией", "или без таковой",
    "а в случаях, предусмотренных пунктом 2),", "жазаланады", "айыппұл салуға", "дейінгі", "екі жүз", "жыл", "не", "тәркіленіп", "сол мерзімге",
    "кратного", "двукратного", "на физических лиц", "–", ",", "бас бостандығынан айыруға", "месяц",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map(" ".join) | st.text(max_size=60), st.sampled_from(Lang))
def test_no_text_at_all_makes_the_reader_fail(text: str, lang: Lang) -> None:
    for one in read(text, lang).sanctions:
        assert 0 <= one.start <= one.end <= len(text)


# ---- the administrative code: forms seen in its articles, in words of our own -----------------------------------------

PERSON, OFFICIAL, SMALL, LARGE = "natural_person", "official", "small_business", "large_business"


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        # An additional punishment stands in the instrumental; «либо без такового» makes it optional.
        ("влечет штраф в размере шести месячных расчетных показателей, с лишением сертификата голубятника либо без такового.", RU,
         [("fine", "alternative", 6, 6, "mci", None), ("revocation", "optional", None, None, None, None)]),
        ("голубятник сертификатынан айыра отырып не онсыз, алты айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады.", KK,
         [("revocation", "optional", None, None, None, None), ("fine", "alternative", 6, 6, "mci", None)]),
        # Of additional punishments to choose from each may go with it; a term behind both is of both.
        ("влечет штраф в размере шести месячных расчетных показателей, с лишением лицензии либо приостановлением или запрещением деятельности на срок до двух лет.", RU,
         [("fine", "alternative", 6, 6, "mci", None), ("revocation", "optional", None, None, None, None),
          ("suspension", "optional", None, 2, "years", None), ("prohibition", "optional", None, 2, "years", None)]),
        ("рұқсаттың қолданылуын тоқтата тұрып немесе голубятняның жұмысын тоқтата тұрып, алты айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады.", KK,
         [("suspension", "optional", None, None, None, None), ("suspension", "optional", None, None, None, None),
          ("fine", "alternative", 6, 6, "mci", None)]),
        ("лицензияның не рұқсаттың қолданылуын тоқтата тұра отырып, алты айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады.", KK,
         [("suspension", "additional", None, None, None, None), ("fine", "alternative", 6, 6, "mci", None)]),
        # «тәркілене отырып» goes with the fine.
        ("голубятня тәркілене отырып, алты айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады.", KK,
         [("confiscation", "additional", None, None, None, None), ("fine", "alternative", 6, 6, "mci", None)]),
        # Two that go together: the right is lost beside the arrest, in whatever order they are named.
        ("влекут административный арест на шесть суток и лишение права управления транспортным средством сроком на два года.", RU,
         [("arrest", "alternative", 6, 6, "days", None), ("deprivation_of_right", "additional", 2, 2, "years", None)]),
        ("алты тәулікке әкімшілік қамаққа алуға және екі жыл мерзімге көлік құралын басқару құқығынан айыруға алып келеді.", KK,
         [("arrest", "alternative", 6, 6, "days", None), ("deprivation_of_right", "additional", 2, 2, "years", None)]),
        ("көлік құралын басқару құқығынан екі жыл мерзімге айыруға және алты тәулікке әкімшілік қамаққа алуға алып келеді.", KK,
         [("deprivation_of_right", "additional", 2, 2, "years", None), ("arrest", "alternative", 6, 6, "days", None)]),
        # An amount takes the unit of the next one that has it, not of the last.
        ("влечет штраф на физических лиц в размере шести, на должностных лиц – в размере девяти месячных расчетных показателей, на субъектов крупного предпринимательства – в размере семи процентов от цены голубей.", RU,
         [("fine", "alternative", 6, 6, "mci", PERSON), ("fine", "alternative", 9, 9, "mci", OFFICIAL),
          ("fine", "alternative", 7, 7, "percent", LARGE)]),
        ("жеке тұлғаларға – алты, лауазымды адамдарға – тоғыз айлық есептік көрсеткіш мөлшерінде, ірі кәсіпкерлік субъектілеріне кептер бағасының жеті пайызы мөлшерінде айыппұл салуға әкеп соғады.", KK,
         [("fine", "alternative", 6, 6, "mci", PERSON), ("fine", "alternative", 9, 9, "mci", OFFICIAL),
          ("fine", "alternative", 7, 7, "percent", LARGE)]),
        # Those whom the law counts among a subject pay as it does.
        ("влечет штраф на субъектов малого предпринимательства, в том числе на юридических лиц-нерезидентов, держащих голубей через филиал, в размере шести, на должностных лиц – в размере девяти месячных расчетных показателей.", RU,
         [("fine", "alternative", 6, 6, "mci", SMALL), ("fine", "alternative", 9, 9, "mci", OFFICIAL)]),
        ("влечет штраф на субъектов крупного предпринимательства, филиалы банков – нерезидентов Республики Казахстан – в размере девяти месячных расчетных показателей.", RU,
         [("fine", "alternative", 9, 9, "mci", LARGE), ("fine", "alternative", 9, 9, "mci", "foreign_branch")]),
        ("влечет штраф на родителей или лиц, их заменяющих, в размере шести месячных расчетных показателей.", RU,
         [("fine", "alternative", 6, 6, "mci", "parent")]),
        # The subject stands before the warning and pays the fine.
        ("жеке тұлғаларға ескерту жасауға немесе алты айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады.", KK,
         [("warning", "alternative", None, None, None, None), ("fine", "alternative", 6, 6, "mci", PERSON)]),
        # A warning of those whom it names; where the fine names its own, those before a Kazakh warning are the warning's.
        ("влечет предупреждение на физических лиц, штраф на должностных лиц в размере девяти месячных расчетных показателей.", RU,
         [("warning", "alternative", None, None, None, PERSON), ("fine", "alternative", 9, 9, "mci", OFFICIAL)]),
        ("жеке тұлғаларға – ескерту жасауға, лауазымды адамдарға тоғыз айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады.", KK,
         [("warning", "alternative", None, None, None, PERSON), ("fine", "alternative", 9, 9, "mci", OFFICIAL)]),
        ("заңды өкілдерге ескерту жасауға әкеп соғады.", KK, [("warning", "alternative", None, None, None, "parent")]),
        # Sizes of enterprise named together.
        ("влечет штраф на субъектов малого, среднего или крупного предпринимательства в размере девяти месячных расчетных показателей.", RU,
         [("fine", "alternative", 9, 9, "mci", SMALL), ("fine", "alternative", 9, 9, "mci", "medium_business"),
          ("fine", "alternative", 9, 9, "mci", LARGE)]),
        ("шағын, орта немесе ірі кәсіпкерлік субъектілеріне тоғыз айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады.", KK,
         [("fine", "alternative", 9, 9, "mci", SMALL), ("fine", "alternative", 9, 9, "mci", "medium_business"),
          ("fine", "alternative", 9, 9, "mci", LARGE)]),
        ("шағын немесе орта кәсіпкерлік субъектілеріне тоғыз айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады.", KK,
         [("fine", "alternative", 9, 9, "mci", SMALL), ("fine", "alternative", 9, 9, "mci", "medium_business")]),
        # Whom a deportation sends away is its object, not one who pays the fine beside it.
        ("шетелдікті шығарып жібере отырып, тоғыз айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады.", KK,
         [("deportation", "additional", None, None, None, None), ("fine", "alternative", 9, 9, "mci", None)]),
        # «ь» for «ъ», as the source has it in places.
        ("шағын кәсіпкерлік субьектілеріне – алты, ірі кәсіпкерлік субъектілеріне тоғыз айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады.", KK,
         [("fine", "alternative", 6, 6, "mci", SMALL), ("fine", "alternative", 9, 9, "mci", LARGE)]),
    ],
)  # fmt: skip
def test_forms_of_the_administrative_code_read(text: str, lang: Lang, expected: list[tuple[object, ...]]) -> None:
    reading = read(text, lang)
    assert reading.unread == ()
    assert short(reading) == expected


@pytest.mark.parametrize(
    ("text", "lang", "reason", "left"),
    [
        # A second sentence about a case that is no point: listed, and the fines before it stand.
        ("влекут штраф в размере шести месячных расчетных показателей, с конфискацией голубятни, а содержание голубей без лицензии дополнительно влечет конфискацию дохода.", RU,
         "case_unread", ["fine", "confiscation"]),
        ("голубятня тәркілене отырып, алты айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады, ал лицензиясыз кептер ұстау алынған кірісті қосымша тәркілеуге әкеп соғады.", KK,
         "case_unread", ["confiscation", "fine"]),
        # A fine that goes on behind another punishment.
        ("влечет штраф на физических лиц в размере шести месячных расчетных показателей с лишением сертификата, на должностных лиц – в размере девяти месячных расчетных показателей.", RU,
         "amount_unread", ["fine", "revocation"]),
        # Somebody whom the vocabulary does not know, also beside one whom it knows.
        ("влечет штраф на физических лиц, трубочистов в размере шести месячных расчетных показателей.", RU, "subject_unread", []),
        ("ірі кептер өсірушілерге алты айлық есептік көрсеткіш мөлшерінде айыппұл салуға әкеп соғады.", KK, "subject_unread", []),
        ("влечет предупреждение на трубочистов, штраф на должностных лиц в размере девяти месячных расчетных показателей.", RU,
         "subject_unread", ["fine"]),
    ],
)  # fmt: skip
def test_what_the_administrative_code_says_beyond_the_forms_is_listed(
    text: str, lang: Lang, reason: str, left: list[str]
) -> None:
    reading = read(text, lang)
    assert [one.reason for one in reading.unread] == [reason]
    assert [one.kind.value for one in reading.sanctions] == left


def test_what_a_percentage_is_of_is_kept_without_those_who_pay_it() -> None:
    kazakh = read(
        "шағын кәсіпкерлік субъектілеріне – есепсіз кептерлер құнының үш пайызы, ірі кәсіпкерлік субъектілеріне – "
        "сегіз пайызы мөлшерінде айыппұл салуға әкеп соғады.",
        KK,
    )
    assert {one.base for one in kazakh.sanctions} == {"есепсіз кептерлер құнының"}
    mixed = read(
        "влечет штраф на физических лиц в размере шести месячных расчетных показателей, на должностных лиц – в размере "
        "семи процентов от цены голубей.",
        RU,
    )
    assert [one.base for one in mixed.sanctions] == [None, "цены голубей"]


def test_the_verb_that_punishes_decides_the_case_not_one_in_the_offence() -> None:
    text = "1. Деяние, которое не влечет последствий, – наказывается лишением свободы на срок до двух лет."
    (sanction,) = read_sanctions((Line("part_1", LineKind.PARA, text, "1"),), RU).sanctions
    assert sanction.role is Role.ALTERNATIVE


def _fines(*of: tuple[str, str], more: str = "", before: str = "") -> str:
    listed = ", ".join(f"на {who} – в размере {size}" for who, size in of)
    return f"влечет {before}штраф {listed} месячных расчетных показателей{more}."


PEOPLE, OFFICIALS, SMALL_FIRMS = "физических лиц", "должностных лиц", "субъектов малого предпринимательства"


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        (_fines((PEOPLE, "шести")), _fines((PEOPLE, "шести"), (OFFICIALS, "девяти")), "tougher"),
        (_fines((PEOPLE, "шести"), (OFFICIALS, "девяти")), _fines((PEOPLE, "шести")), "milder"),
        (_fines((PEOPLE, "шести")), _fines((OFFICIALS, "шести")), "mixed"),
        (_fines((PEOPLE, "шести"), (OFFICIALS, "девяти")), _fines((PEOPLE, "семи"), (OFFICIALS, "восьми")), "mixed"),
        (_fines((PEOPLE, "шести"), more=", с конфискацией голубей"), _fines((PEOPLE, "шести")), "milder"),
        (
            _fines((PEOPLE, "шести"), more=", с конфискацией голубей"),
            _fines((PEOPLE, "шести"), (SMALL_FIRMS, "девяти"), more=", с конфискацией голубей"),
            "tougher",
        ),
        (_fines((PEOPLE, "шести"), before="предупреждение или "), _fines((PEOPLE, "шести")), "tougher"),
        # People are warned and officials pay: once people pay too, it is tougher for them alone.
        (_fines((OFFICIALS, "девяти"), before="предупреждение на физических лиц, "), _fines((PEOPLE, "шести"), (OFFICIALS, "девяти")), "tougher"),
        # All alike, then one told apart: each is judged against what all had.
        ("влечет штраф в размере шести месячных расчетных показателей.", _fines((PEOPLE, "шести"), (OFFICIALS, "девяти")), "tougher"),
        (_fines((PEOPLE, "шести"), (OFFICIALS, "девяти")), "влечет штраф в размере шести месячных расчетных показателей.", "milder"),
        (_fines((PEOPLE, "шести")), "влечет штраф в размере шести месячных расчетных показателей.", "unknown"),
    ],
)  # fmt: skip
def test_fines_are_compared_subject_by_subject(old: str, new: str, verdict: str) -> None:
    assert not read(old, RU).unread and not read(new, RU).unread
    assert compare_sanctions(read(old, RU), read(new, RU)) == verdict
