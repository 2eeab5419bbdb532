# ruff: noqa: E501 - a sentence of a table is one line
"""Units and actions of notes as drafters vary them, on sentences of our own: nested parts, lists, rulings, word order."""

from __future__ import annotations

import pytest

from lawdiff.model import Lang, NoteKind, NoteLink
from lawdiff.notes import classify_note, is_normative, read_note

RU, KK = Lang.RU, Lang.KK
BY = "Законом РК от 30.06.2021 № 59-VII (вводится в действие с 01.01.2022)"
BY_KK = "ҚР 30.06.2021 № 59-VII (01.01.2022 бастап қолданысқа енгізіледі) Заңымен"


@pytest.mark.parametrize(
    ("lang", "text", "action", "units", "container"),
    [
        # A часть of a пункт is a unit of its own; a пункт of a часть is a point, with or without its bracket.
        (
            RU,
            f"Сноска. Часть вторая пункта 1 статьи 33 исключена {BY}.",
            "excluded",
            ["art_33__part_1__subpart_2"],
            None,
        ),
        (
            KK,
            f"Ескерту. 33-баптың 1-тармағының екінші бөлігі алып тасталды - {BY_KK}.",
            "excluded",
            ["art_33__part_1__subpart_2"],
            None,
        ),
        (
            RU,
            f"Сноска. Подпункт 2) части первой пункта 3 статьи 33 исключен {BY}.",
            "excluded",
            ["art_33__part_3__subpart_1__point_2"],
            None,
        ),
        (
            RU,
            f"Сноска. Абзац третий части второй пункта 1 статьи 33 с изменением, внесенным {BY}.",
            "amended",
            ["art_33__part_1__subpart_2__para_3"],
            None,
        ),
        (
            KK,
            f"Ескерту. 33-баптың 1-тармағы екінші бөлігінің үшінші абзацына өзгеріс енгізілді - {BY_KK}.",
            "amended",
            ["art_33__part_1__subpart_2__para_3"],
            None,
        ),
        (
            RU,
            f"Сноска. Пункт 3 статьи 33 дополнен частью второй в соответствии с {BY}.",
            "added",
            ["art_33__part_3__subpart_2"],
            "art_33__part_3",
        ),
        (
            KK,
            f"Ескерту. 33-баптың 3-тармағы екінші бөлікпен толықтырылды - {BY_KK}.",
            "added",
            ["art_33__part_3__subpart_2"],
            "art_33__part_3",
        ),
        (RU, f"Сноска. Пункт 2 части второй статьи 188 исключен {BY}.", "excluded", ["art_188__part_2__point_2"], None),
        (
            KK,
            f"Ескерту. 188-баптың екінші бөлігінің 2) тармағы алып тасталды - {BY_KK}.",
            "excluded",
            ["art_188__part_2__point_2"],
            None,
        ),
        (
            RU,
            f"Сноска. Пункты 1 и 3, часть вторая пункта 4 статьи 33 исключены {BY}.",
            "excluded",
            ["art_33__part_1", "art_33__part_3", "art_33__part_4__subpart_2"],
            None,
        ),
        (RU, f"Сноска. Часть вторая статьи 33 исключена {BY}.", "excluded", ["art_33__part_2"], None),
        # Words that are added make no new unit: the unit is amended.
        (RU, f"Сноска. Пункт 4 статьи 33 дополнен словами {BY}.", "amended", ["art_33__part_4"], None),
        (RU, f'Сноска. Пункт 4 статьи 33 дополнен словами "и складов" {BY}.', "amended", ["art_33__part_4"], None),
        (
            RU,
            f"Сноска. Часть первая статьи 33 дополнена вторым предложением {BY}.",
            "amended",
            ["art_33__part_1"],
            None,
        ),
        (
            KK,
            f'Ескерту. 33-баптың 4-тармағы "және қоймалар" деген сөздермен толықтырылды - {BY_KK}.',
            "amended",
            ["art_33__part_4"],
            None,
        ),
        (
            KK,
            f"Ескерту. 33-баптың бірінші бөлігі екінші сөйлеммен толықтырылды - {BY_KK}.",
            "amended",
            ["art_33__part_1"],
            None,
        ),
        # A title in quotation marks is no word that is taken out.
        (RU, f'Сноска. Глава 7 "Склады" исключена {BY}.', "excluded", ["chp_7"], None),
        # «Примечание» after a label is a note of the law, not one more label.
        (RU, f"Сноска. Примечание к статье 33 с изменением, внесенным {BY}.", "amended", ["art_33__note_1"], None),
        (KK, f"Ескерту. 33-баптың ескертпесіне өзгеріс енгізілді - {BY_KK}.", "amended", ["art_33__note_1"], None),
        (KK, f"Ескерту. V бөлім 15-1-тараумен толықтырылды - {BY_KK}.", "added", ["chp_15-1"], "sec_5"),
    ],
)
def test_a_unit_is_named_as_deep_as_the_note_names_it(
    lang: Lang, text: str, action: str, units: list[str], container: str | None
) -> None:
    readings = read_note(text, lang)
    assert [reading.unit for reading in readings] == units
    assert {(reading.action.value, reading.container) for reading in readings} == {(action, container)}
    assert [[law.number for law in reading.laws] for reading in readings] == [["59-VII"]] * len(units)


@pytest.mark.parametrize(
    ("lang", "text", "action", "numbers"),
    [
        (RU, f"8-1), 8-2) исключены {BY};", "excluded", ["point_8-1", "point_8-2"]),
        (RU, f"2), 3) и 5) исключены {BY};", "excluded", ["point_2", "point_3", "point_5"]),
        (RU, f"2) - 4) исключены {BY};", "excluded", ["point_2", "point_3", "point_4"]),
        (RU, f"4) утратил силу {BY};", "repealed", ["point_4"]),
        (KK, f"8-1), 8-2) алып тасталды - {BY_KK};", "excluded", ["point_8-1", "point_8-2"]),
        (KK, f"2), 3) және 5) алып тасталды - {BY_KK};", "excluded", ["point_2", "point_3", "point_5"]),
        (KK, f"4) күші жойылды - {BY_KK};", "repealed", ["point_4"]),
        (RU, "4) (исключен - № 59-VII от 30.06.2021);", "excluded", ["point_4"]),
    ],
)
def test_a_list_of_points_that_survive_only_in_a_note_is_read_one_by_one(
    lang: Lang, text: str, action: str, numbers: list[str]
) -> None:
    readings = read_note(text, lang, target="art_33__part_1")
    assert classify_note(text, lang) is NoteKind.EXCLUDED_UNIT
    assert [reading.unit for reading in readings] == [f"art_33__part_1__{number}" for number in numbers]
    assert {reading.action.value for reading in readings} == {action}
    assert [[law.number for law in reading.laws] for reading in readings] == [["59-VII"]] * len(numbers)


def test_a_law_inside_the_parenthesis_of_an_excluded_part_keeps_its_link() -> None:
    text = "2. - 3. (исключены - № 139 от 29.12.1998)"
    start = text.index("№")
    links = (NoteLink(start, start + 5, "/rus/docs/Z980000139_#z1"),)
    readings = read_note(text, RU, target="art_33", links=links)
    assert [reading.unit for reading in readings] == ["art_33__part_2", "art_33__part_3"]
    assert {law.act_id for reading in readings for law in reading.laws} == {"Z980000139_"}


def test_a_part_that_lost_its_force_is_that_part() -> None:
    ru = read_note(f"3. Утратил силу {BY}.", RU, target="art_5")
    kk = read_note(f"3. Күші жойылды - {BY_KK}.", KK, target="art_5")
    assert [(one.action.value, one.unit) for one in (*ru, *kk)] == [("repealed", "art_5__part_3")] * 2


def test_an_article_that_is_added_without_a_number_is_the_one_that_the_note_stands_at() -> None:
    (reading,) = read_note(f"Сноска. Статья дополнена в соответствии с {BY}.", RU, target="art_60-1")
    assert (reading.action.value, reading.unit, reading.flags) == ("added", "art_60-1", ("unit_by_position",))


@pytest.mark.parametrize(
    ("lang", "text", "action", "pairs"),
    [
        (
            RU,
            f"Сноска. В тексте слова «склад», «склада» заменены словами «хранилище», «хранилища» {BY}.",
            "replaced_words",
            (("склад", "хранилище"), ("склада", "хранилища")),
        ),
        (
            RU,
            f'Сноска. По тексту слова "склад" заменены словами "хранилище" {BY}.',
            "replaced_words",
            (("склад", "хранилище"),),
        ),
        (RU, f'Сноска. В тексте слова "и складов" исключены {BY}.', "replaced_words", (("и складов", ""),)),
        (
            KK,
            f'Ескерту. Бүкіл мәтін бойынша "қойма", "қойманың" деген сөздер алып тасталды - {BY_KK}.',
            "replaced_words",
            (("қойма", ""), ("қойманың", "")),
        ),
        (
            KK,
            f'Ескерту. Мәтінде "қойма", "қойманың" деген сөздер "сақтау орны", "сақтау орнының" деген сөздермен ауыстырылды - {BY_KK}.',
            "replaced_words",
            (("қойма", "сақтау орны"), ("қойманың", "сақтау орнының")),
        ),
    ],
)
def test_a_replacement_in_the_text_is_one_in_the_whole_text(
    lang: Lang, text: str, action: str, pairs: tuple[tuple[str, str], ...]
) -> None:
    (reading,) = read_note(text, lang)
    assert classify_note(text, lang) is NoteKind.TEXT_WIDE
    assert (reading.action.value, reading.unit, reading.replacements) == (action, "act", pairs)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        (RU, f'Сноска. В пункте 3 статьи 15 слова "склад", "склада" исключены {BY}.'),
        (RU, f'Примечание ИЗПИ!\nВ пункте 3 статьи 15 слова "склад", "склада" предусматриваются исключить {BY}.'),
        (KK, f'Ескерту. 15-баптың 3-тармағында "склад", "склада" деген сөздер алып тасталды - {BY_KK}.'),
    ],
)
def test_words_that_are_taken_out_take_no_unit_with_them(lang: Lang, text: str) -> None:
    (reading,) = read_note(text, lang)
    assert (reading.action.value, reading.unit) == ("replaced_words", "art_15__part_3")
    assert reading.replacements == (("склад", ""), ("склада", ""))


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        (RU, "Примечание. Часть первая статьи 15 признана не соответствующей Конституции Республики Казахстан нормативным постановлением Конституционного Суда РК от 14.07.2023 № 23-НП."),
        (RU, "Примечание ИЗПИ!\nНормативным постановлением Конституционного Суда РК от 14.07.2023 № 23-НП часть первая признана соответствующей Конституции в данном им истолковании."),
        (KK, "Ескерту. 15-баптың бірінші бөлігі ҚР Конституциялық Сотының 14.07.2023 № 23-НП нормативтік қаулысымен Қазақстан Республикасының Конституциясына сәйкес келмейді деп танылды."),
        (KK, "ЗҚАИ-ның ескертпесі!\nҚР Конституциялық Сотының 14.07.2023 № 23-НП нормативтік қаулысымен 15-баптың бірінші бөлігі Конституцияға сәйкес келеді деп танылды."),
    ],
)  # fmt: skip
def test_a_finding_of_the_constitutional_court_is_no_law_in_whatever_order_it_is_told(lang: Lang, text: str) -> None:
    (reading,) = read_note(text, lang, target="art_15")
    assert not is_normative(text, lang)
    assert classify_note(text, lang) is NoteKind.REFERENCE
    assert (reading.action.value, reading.unit, reading.laws) == ("constitutional_review", "art_15__part_1", ())
    assert [document.number for document in reading.documents] == ["23-НП"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        (
            RU,
            "Примечание. Под складом в настоящей статье понимается любое помещение, признанное соответствующим правилам.",
        ),
        (RU, "Примечания: 1. Размер признается крупным, если он превышает сто единиц."),
        (KK, "Ескерту. Осы бапта қойма деп Конституцияға сәйкес келетін кез келген үй-жай түсініледі."),
    ],
)
def test_a_note_of_the_law_stays_law(lang: Lang, text: str) -> None:
    assert is_normative(text, lang)


@pytest.mark.parametrize(
    ("lang", "text", "target", "said"),
    [
        (RU, "Сноска. Статья 15 с изменением, внесенным Законом РК от 30.06.2021 № 59-VII; дополнена пунктами 3, 4 в соответствии с Законом РК от 05.07.2024 № 115-VIII; с изменениями, внесенными законами РК от 16.07.2025 № 210-VIII; от 30.12.2025 № 242-VIII.", None,
         [("amended", "art_15", ["59-VII"]), ("added", "art_15__part_3", ["115-VIII"]), ("added", "art_15__part_4", ["115-VIII"]),
          ("amended", "art_15", ["210-VIII", "242-VIII"])]),
        (RU, "Сноска. Кодекс дополнен статьей 60-1 Законом РК от 30.06.2021 № 59-VII; дополнена частью третьей Законом РК от 05.07.2024 № 115-VIII; исключена Законом РК от 16.07.2025 № 210-VIII.", "art_60-1",
         [("added", "art_60-1", ["59-VII"]), ("added", "art_60-1__part_3", ["115-VIII"]), ("excluded", "art_60-1", ["210-VIII"])]),
        (KK, "Ескерту. 60-1-баппен толықтырылды - ҚР 30.06.2021 № 59-VII Заңымен; 3-бөлікпен толықтырылды - ҚР 05.07.2024 № 115-VIII Заңымен; алып тасталды - ҚР 16.07.2025 № 210-VIII Заңымен.", "art_60-1",
         [("added", "art_60-1", ["59-VII"]), ("added", "art_60-1__part_3", ["115-VIII"]), ("excluded", "art_60-1", ["210-VIII"])]),
        (RU, "Сноска. Статья 15 исключена Законом РК от 30.06.2021 № 59-VII; дополнена Законом РК от 05.07.2024 № 115-VIII.", None,
         [("excluded", "art_15", ["59-VII", "115-VIII"])]),
    ],
)  # fmt: skip
def test_what_is_added_later_goes_into_the_unit_named_first_and_what_follows_is_said_of_that_unit(
    lang: Lang, text: str, target: str | None, said: list[tuple[str, str, list[str]]]
) -> None:
    readings = read_note(text, lang, target=target)
    assert [(one.action.value, one.unit, [law.number for law in one.laws]) for one in readings] == said


def test_a_phrase_on_entry_into_force_is_read_without_its_parenthesis_too() -> None:
    text = "Примечание РЦПИ!\nПункт 3 в редакции Закона РК от 24.11.2015 № 422-V вводится в действие с 01.01.2018."
    (reading,) = read_note(text, RU, target="art_15__part_3")
    (law,) = reading.laws
    assert (reading.action.value, reading.unit, law.number) == ("restated", "art_15__part_3", "422-V")
    assert (law.in_force_text, str(law.in_force_on)) == ("вводится в действие с 01.01.2018", "2018-01-01")
    two = (
        "Сноска. Статья 15 с изменениями, внесенными законами РК от 24.11.2015 № 422-V, который вводится в действие с "
        "01.01.2018; от 03.12.2015 № 432-V (вводится в действие с 01.01.2016)."
    )
    (reading,) = read_note(two, RU)
    assert [str(law.in_force_on) for law in reading.laws] == ["2018-01-01", "2016-01-01"]
    assert "unclosed_parenthesis" not in reading.flags
