"""Which law is named for a change, and how sure that is: each kind of agreement by a case of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hand_built import chapter, redaction, unit
from hypothesis import given
from hypothesis import strategies as st

from lawdiff.attribution import Attributed, attribute
from lawdiff.bearing import _made_of
from lawdiff.history import fold
from lawdiff.model import (
    Action,
    AmendingAct,
    Attribution,
    Change,
    ChangeLaw,
    Lang,
    Note,
    NoteKind,
    NoteLink,
    Op,
    Redaction,
    State,
    Unit,
)

ONE = "1. Хранитель обязан вести журнал образцов."
TWO = "2. Журнал передаётся заказчику по акту."
THREE = "3. Утрата журнала возмещается."
BY_BOTH = "Сноска. Статья 1 с изменениями, внесенными законами РК от 01.02.2020 № 10-VI; от 12.07.2023 № 23-VIII."
BY_OLD = "Сноска. Статья 1 с изменением, внесенным Законом РК от 01.02.2020 № 10-VI."
BY_NEW = "Сноска. Статья 1 с изменением, внесенным Законом РК от 12.07.2023 № 23-VIII."
NEW_LAW = "23-VIII@2023-07-12"
ANNOUNCED = (
    "Примечание ИЗПИ! В статью 1 предусматривается изменение Законом РК от 12.07.2023 № 23-VIII "
    "(вводится в действие с {})."
)


def run(*pages: list[Redaction], laws: dict[str, AmendingAct] | None = None) -> Attributed:
    return attribute({page[0].header.lang: fold(page) for page in pages}, laws or {})


def step(old: list[Unit], new: list[Unit], **fields: object) -> Attributed:
    return run([redaction("2022-01-01", old), redaction("2023-08-01", new, **fields)])  # type: ignore[arg-type]


def only(result: Attributed, lang: Lang = Lang.RU) -> Change:
    changes = result.histories[lang].changes
    assert len(changes) == 1, [(one.key, one.op) for one in changes]
    return changes[0]


def test_the_law_that_the_newer_note_gained_is_named() -> None:
    one = only(step([unit("1", [ONE], notes=[BY_OLD])], [unit("1", [TWO], notes=[BY_BOTH])]))
    assert (one.attribution, one.amending_act) == (Attribution.CORROBORATED, NEW_LAW)
    assert [law.amending_act for law in one.laws] == [NEW_LAW]


def test_a_difference_under_an_equal_note_has_no_law() -> None:
    one = only(step([unit("1", [ONE], notes=[BY_OLD])], [unit("1", [TWO], notes=[BY_OLD])]))
    assert (one.attribution, one.amending_act, one.laws) == (Attribution.DIFF_WITHOUT_NOTE, None, ())


def test_a_law_noted_under_an_equal_text_is_a_note_without_a_difference() -> None:
    one = only(step([unit("1", [ONE], notes=[BY_OLD])], [unit("1", [ONE], notes=[BY_BOTH])]))
    assert (one.op, one.attribution, one.amending_act) == (Op.NOTE_ONLY, Attribution.NOTE_WITHOUT_DIFF, NEW_LAW)


def test_several_laws_of_one_step_are_all_named_in_the_order_of_the_note() -> None:
    one = only(step([unit("1", [ONE])], [unit("1", [TWO], notes=[BY_BOTH])]))
    assert [law.amending_act for law in one.laws] == ["10-VI@2020-02-01", NEW_LAW]
    assert one.amending_act == "10-VI@2020-02-01"


def test_the_law_that_added_an_article_comes_before_those_that_amended_it_later() -> None:
    note = (
        "Сноска. Глава 1 дополнена статьей 1-1 в соответствии с Законом РК от 01.02.2020 № 10-VI; "
        "с изменением, внесенным Законом РК от 12.07.2023 № 23-VIII."
    )
    one = only(step([unit("1", [ONE])], [unit("1", [ONE]), unit("1-1", [TWO], notes=[note])]))
    assert (one.op, one.attribution) == (Op.ADDED, Attribution.CORROBORATED)
    assert [(law.amending_act, law.action) for law in one.laws] == [
        ("10-VI@2020-02-01", Action.ADDED), (NEW_LAW, Action.AMENDED),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("claim", "new", "attribution"),
    [
        ("Статья 1 дополнена частью 3", [ONE, TWO, THREE], Attribution.CORROBORATED),
        ("Статья 1 дополнена частью 3", [ONE, TWO.replace("акту", "описи")], Attribution.DIFF_WITHOUT_NOTE),
        ("Часть 2 статьи 1 исключена", [ONE], Attribution.CORROBORATED),
        ("Часть 2 статьи 1 исключена", [ONE, TWO, THREE], Attribution.DIFF_WITHOUT_NOTE),
        ("Часть 2 статьи 1 в редакции", [ONE, "2. Совсем иной порядок."], Attribution.CORROBORATED),
        ("Часть 2 статьи 1 в редакции", ["1. Совсем иной порядок.", TWO], Attribution.DIFF_WITHOUT_NOTE),
        ("Статья 1 в редакции", ["1. Совсем иной порядок."], Attribution.CORROBORATED),
    ],
)
def test_what_the_note_says_was_done_is_checked_against_the_diff(
    claim: str, new: list[str], attribution: Attribution
) -> None:
    note = f"Сноска. {claim} Законом РК от 12.07.2023 № 23-VIII."
    one = only(step([unit("1", [ONE, TWO])], [unit("1", new, notes=[note])]))
    assert one.attribution is attribution
    if attribution is Attribution.DIFF_WITHOUT_NOTE:  # named in one signal only: listed, never asserted
        assert one.amending_act is None
        assert [law.amending_act for law in one.laws] == [NEW_LAW]
        assert "not seen in the diff" in (one.attribution_detail or "")


BEGUN, ELSE = "1. Хранитель ведёт журнал:", "1. Хранитель вёл журнал:"
FIRST, SECOND = "1) образцов;", "2) проб."
KEPT, LOST = "Журнал хранится год.", "Утрата журнала возмещается."


@pytest.mark.parametrize(
    ("claim", "new", "attribution"),
    [
        # Абзацы of a numbered part are counted from its numbered line on.
        ("Абзац второй пункта 1 статьи 1 в редакции", [BEGUN, FIRST, SECOND, "Иное.", LOST], "corroborated"),
        ("Абзац третий пункта 1 статьи 1 исключен", [BEGUN, FIRST, SECOND, KEPT], "corroborated"),
        ("Абзац третий пункта 1 статьи 1 исключен", [BEGUN, FIRST, SECOND, LOST], "diff_without_note"),
        ("Абзац первый пункта 1 статьи 1 изложен в редакции", [ELSE, FIRST, SECOND, KEPT, LOST], "corroborated"),
        ("Абзац первый пункта 1 статьи 1 изложен в редакции", [BEGUN, FIRST, SECOND, KEPT], "diff_without_note"),
        # A часть of a пункт has no number: its words are among the unnumbered lines, its points those of the пункт.
        ("Часть вторая пункта 1 статьи 1 исключена", [BEGUN, FIRST, SECOND, LOST], "corroborated"),
        ("Часть вторая пункта 1 статьи 1 исключена", [BEGUN, SECOND, KEPT, LOST], "diff_without_note"),
        ("Подпункт 1) части первой пункта 1 статьи 1 исключен", [BEGUN, SECOND, KEPT, LOST], "corroborated"),
        ("Подпункт 2) части первой пункта 1 статьи 1 исключен", [BEGUN, FIRST, SECOND, LOST], "diff_without_note"),
        ("Часть первая пункта 1 статьи 1 в редакции", [ELSE, FIRST, SECOND, KEPT, LOST], "corroborated"),
        # Unnumbered lines after a point are counted with its part.
        ("Абзац второй подпункта 2) пункта 1 статьи 1 исключен", [BEGUN, FIRST, SECOND, LOST], "corroborated"),
        ("Абзац второй подпункта 2) пункта 1 статьи 1 исключен", [BEGUN, SECOND, KEPT, LOST], "diff_without_note"),
    ],
)  # fmt: skip
def test_paragraphs_without_a_number_are_looked_for_as_notes_count_them(
    claim: str, new: list[str], attribution: str
) -> None:
    note = f"Сноска. {claim} Законом РК от 12.07.2023 № 23-VIII."
    old = [BEGUN, FIRST, SECOND, KEPT, LOST]
    one = only(step([unit("1", old)], [unit("1", new, notes=[note])]))
    assert one.attribution == attribution, one.attribution_detail


def test_a_changed_heading_needs_a_claim_that_names_it() -> None:
    old = [unit("1", [ONE], heading="Статья 1. Журнал")]
    said = "Сноска. Заголовок статьи 1 с изменением, внесенным Законом РК от 12.07.2023 № 23-VIII."
    new = [unit("1", [ONE], heading="Статья 1. Реестр", notes=[said])]
    assert only(step(old, new)).attribution is Attribution.CORROBORATED
    silent = [unit("1", [TWO], heading="Статья 1. Реестр", notes=[BY_NEW])]
    assert "heading differs too" in (only(step(old, silent)).attribution_detail or "")


WIDE = (
    'Сноска. По всему тексту слова "журнал", "журнала" заменены словами "реестр", "реестра" '
    "Законом РК от 12.07.2023 № 23-VIII."
)


def test_a_replacement_throughout_the_act_explains_exactly_the_words_that_changed() -> None:
    old = [unit("1", [ONE]), unit("2", ["1. Копия журнала хранится год."])]
    new = [unit("1", [ONE.replace("журнал", "реестр")]), unit("2", ["1. Копия реестра хранится год."])]
    result = step(old, new, act_notes=[WIDE])
    assert [one.attribution for one in result.histories[Lang.RU].changes] == [Attribution.TEXT_WIDE] * 2
    assert {one.amending_act for one in result.histories[Lang.RU].changes} == {NEW_LAW}


def test_a_word_taken_out_throughout_the_act_explains_exactly_that() -> None:
    note = 'Сноска. По всему тексту слова "по акту" исключены Законом РК от 12.07.2023 № 23-VIII.'
    for new, attribution in (
        ("2. Журнал передаётся заказчику.", Attribution.TEXT_WIDE),
        ("2. Журнал выдаётся заказчику.", Attribution.DIFF_WITHOUT_NOTE),
    ):
        one = only(step([unit("1", [TWO])], [unit("1", [new])], act_notes=[note]))
        assert one.attribution is attribution


def test_a_replacement_throughout_the_act_does_not_explain_other_words() -> None:
    new = [unit("1", [ONE.replace("журнал", "реестр").replace("обязан", "вправе")])]
    result = step([unit("1", [ONE])], new, act_notes=[WIDE])
    assert only(result).attribution is Attribution.DIFF_WITHOUT_NOTE


def test_a_note_on_the_act_that_was_there_before_explains_nothing() -> None:
    pages = [
        redaction("2022-01-01", [unit("1", [ONE])], act_notes=[WIDE]),
        redaction("2023-08-01", [unit("1", [ONE.replace("журнал", "реестр")])], act_notes=[WIDE]),
    ]
    assert only(run(pages)).attribution is Attribution.DIFF_WITHOUT_NOTE


def test_the_note_of_an_excluded_chapter_names_the_law_for_its_articles() -> None:
    heading = "Глава 5. Учёт"
    note = "Сноска. Глава 5 исключена Законом РК от 12.07.2023 № 23-VIII."
    result = step(
        [chapter("5", heading), unit("1", [ONE], chapter=heading), unit("9", [TWO])],
        [chapter("5", heading, [note]), unit("9", [TWO])],
    )
    gone = next(one for one in result.histories[Lang.RU].changes if one.eid == "art_1")
    assert (gone.op, gone.attribution, gone.amending_act) == (Op.EXCLUDED, Attribution.CORROBORATED, NEW_LAW)


def test_the_note_of_a_restated_chapter_names_the_law_for_its_articles() -> None:
    heading = "Глава 5. Учёт"
    note = "Сноска. Глава 5 в редакции Закона РК от 12.07.2023 № 23-VIII."
    result = step(
        [chapter("5", heading), unit("1", [ONE], chapter=heading)],
        [chapter("5", heading, [note]), unit("1", [TWO], chapter=heading)],
    )
    one = next(one for one in result.histories[Lang.RU].changes if one.eid == "art_1")
    assert (one.attribution, one.amending_act) == (Attribution.CORROBORATED, NEW_LAW)


def test_an_announced_change_whose_note_went_away_is_that_laws() -> None:
    announced = ANNOUNCED.format("01.08.2023")
    old = [unit("1", [ONE], notes=[announced], note_kind=NoteKind.FUTURE)]
    one = only(step(old, [unit("1", [TWO])]))
    assert (one.attribution, one.amending_act, one.in_force_from) == (
        Attribution.CORROBORATED, NEW_LAW, date(2023, 8, 1),
    )  # fmt: skip


def test_a_change_whose_announcement_became_a_note_on_the_same_law_is_that_laws() -> None:
    """The usual course: «предусматривается изменение Законом …», then «с изменением, внесенным Законом …»."""
    announced = ANNOUNCED.format("01.08.2023")
    came = BY_NEW.removesuffix(".") + " (вводится в действие с 01.08.2023)."
    result = run(
        [
            redaction("2022-01-01", [unit("1", [ONE])]),
            redaction("2023-07-12", [unit("1", [ONE], notes=[announced], note_kind=NoteKind.FUTURE)]),
            redaction("2023-08-01", [unit("1", [TWO], notes=[came])]),
        ]
    )
    told, changed = result.histories[Lang.RU].changes
    assert (told.op, told.attribution) == (Op.NOTE_ONLY, Attribution.NOTE_WITHOUT_DIFF)
    assert (changed.op, changed.attribution, changed.amending_act) == (Op.AMENDED, Attribution.CORROBORATED, NEW_LAW)
    assert changed.in_force_from == date(2023, 8, 1)


def test_an_announcement_alone_explains_no_difference() -> None:
    announced = ANNOUNCED.format("01.01.2030")
    new = [unit("1", [TWO], notes=[announced], note_kind=NoteKind.FUTURE)]
    one = only(step([unit("1", [ONE])], new))
    assert (one.attribution, one.amending_act) == (Attribution.DIFF_WITHOUT_NOTE, None)


def test_an_article_that_took_effect_has_the_law_that_put_it_off() -> None:
    note = (
        "Сноска. Кодекс дополнен статьей 2 в соответствии с Законом РК от 12.07.2022 № 139-VII "
        "(вводится в действие с 01.08.2023)."
    )
    put_off = unit("2", [], state=State.DEFERRED, notes=[note])
    one = only(step([unit("1", [ONE]), put_off], [unit("1", [ONE]), unit("2", [TWO], notes=[note])]))
    assert (one.op, one.attribution, one.amending_act, one.in_force_from) == (
        Op.TOOK_EFFECT, Attribution.CORROBORATED, "139-VII@2022-07-12", date(2023, 8, 1),
    )  # fmt: skip


def test_an_unreadable_note_is_unparsed_and_kept() -> None:
    note = "Сноска. Статью 1 следует понимать иначе."
    one = only(step([unit("1", [ONE])], [unit("1", [TWO], notes=[note])]))
    assert (one.attribution, one.amending_act) == (Attribution.UNPARSED, None)
    assert note in (one.attribution_detail or "")


def kk(texts: list[str], notes: list[str]) -> list[Unit]:
    return [unit("1", texts, notes=notes, heading="1-бап. Журнал")]


def both(ru_note: str, kk_note: str) -> Attributed:
    return run(
        [redaction("2022-01-01", [unit("1", [ONE])]), redaction("2023-08-01", [unit("1", [TWO], notes=[ru_note])])],
        [
            redaction("2022-01-01", kk(["1. Бірінші мәтін."], []), lang=Lang.KK),
            redaction("2023-08-01", kk(["1. Екінші мәтін."], [kk_note]), lang=Lang.KK),
        ],
    )


def test_languages_that_name_different_laws_dispute_the_change() -> None:
    result = both(BY_NEW, "Ескерту. 1-бапқа өзгеріс енгізілді - ҚР 05.05.2023 № 7-VIII Заңымен.")
    for lang in Lang:
        one = only(result, lang)
        assert one.attribution is Attribution.DISPUTED
        assert one.attribution_detail == "kk names 7-VIII@2023-05-05; ru names 23-VIII@2023-07-12"


def test_languages_that_name_one_law_agree() -> None:
    result = both(BY_NEW, "Ескерту. 1-бапқа өзгеріс енгізілді - ҚР 12.07.2023 № 23-VIII Заңымен.")
    assert {only(result, lang).attribution for lang in Lang} == {Attribution.CORROBORATED}


def test_a_language_that_is_late_with_a_law_does_not_dispute() -> None:
    """Kazakh notes only now the law of 2020 that Russian noted before, beside the new one."""
    both_laws = "Ескерту. 1-бапқа өзгерістер енгізілді - ҚР 01.02.2020 № 10-VI; 12.07.2023 № 23-VIII заңдарымен."
    assert only(both(BY_NEW, both_laws), Lang.KK).attribution is Attribution.CORROBORATED


ONLY_KAZAKH = (
    "Сноска. В статью 1 внесено изменение на казахском языке, текст на русском языке не изменяется "
    "Законом РК от 12.07.2023 № 23-VIII."
)


def test_a_law_for_the_other_language_explains_no_difference_in_this_one() -> None:
    one = only(step([unit("1", [ONE])], [unit("1", [TWO], notes=[ONLY_KAZAKH])]))
    assert (one.attribution, one.amending_act) == (Attribution.DIFF_WITHOUT_NOTE, None)
    noted = only(step([unit("1", [ONE])], [unit("1", [ONE], notes=[ONLY_KAZAKH])]))
    assert (noted.attribution, noted.amending_act) == (Attribution.NOTE_WITHOUT_DIFF, NEW_LAW)
    assert "this language" in (noted.attribution_detail or "")


def test_a_change_that_only_the_other_language_notes_is_told_so_and_keeps_no_law() -> None:
    result = run(
        [redaction("2022-01-01", [unit("1", [ONE])]), redaction("2023-08-01", [unit("1", [TWO], notes=[BY_NEW])])],
        [
            redaction("2022-01-01", kk(["1. Бірінші мәтін."], []), lang=Lang.KK),
            redaction("2023-08-01", kk(["1. Екінші мәтін."], []), lang=Lang.KK),
        ],
    )
    one = only(result, Lang.KK)
    assert (one.attribution, one.amending_act, one.laws) == (Attribution.DIFF_WITHOUT_NOTE, None, ())
    assert one.attribution_detail == f"no note here; ru names {NEW_LAW} for its own change"


def linked(text: str, href: str) -> Note:
    at = text.index("№")
    return Note(text, NoteKind.AMENDMENT, "art_1", 1, (NoteLink(at, len(text) - 1, href),))


def test_a_link_that_contradicts_its_label_does_not_name_the_law() -> None:
    """FORMAT §5.2: «№ 196-VIII» beside a link to Z2500000194; a sound link elsewhere gives the id."""
    wrong = linked(
        "Сноска. Статья 1 с изменением, внесенным Законом РК от 30.06.2025 № 196-VIII.", "/rus/docs/Z2500000194#z1"
    )
    one = only(step([unit("1", [ONE])], [replace(unit("1", [TWO]), notes=(wrong,))]))
    assert one.amending_act == "196-VIII@2025-06-30"
    sound = linked(
        "Сноска. Статья 2 с изменением, внесенным Законом РК от 30.06.2025 № 196-VIII.", "/rus/docs/Z2500000196#z1"
    )
    result = step(
        [unit("1", [ONE])], [replace(unit("1", [TWO]), notes=(wrong,)), replace(unit("2", [THREE]), notes=(sound,))]
    )
    assert {one.amending_act for one in result.histories[Lang.RU].changes} == {"Z2500000196"}


FORCE = "Сноска. Статья 1 с изменением, внесенным Законом РК от 12.07.2023 № 23-VIII ({})."
TEN_DAYS = "вводится в действие по истечении десяти календарных дней после дня его первого официального опубликования"


@pytest.mark.parametrize(
    ("phrase", "published", "day", "basis"),
    [
        ("вводится в действие с 01.01.2024", None, date(2024, 1, 1), "stated"),
        (TEN_DAYS, date(2023, 7, 13), date(2023, 7, 24), "computed"),
        (TEN_DAYS, None, None, None),
        ("порядок введения в действие см. ст. 2", date(2023, 7, 13), None, None),
    ],
)
def test_the_day_in_force_is_stated_or_computed_or_unknown(
    phrase: str, published: date | None, day: date | None, basis: str | None
) -> None:
    laws = {"Z2300000023": AmendingAct("Z2300000023", "23-VIII", date(2023, 7, 12), published, "О поправках")}
    pages = [
        redaction("2022-01-01", [unit("1", [ONE])]),
        redaction("2023-08-01", [unit("1", [TWO], notes=[FORCE.format(phrase)])]),
    ]
    one = only(run(pages, laws=laws))
    assert (one.amending_act, one.in_force_from, one.laws[0].in_force_basis) == ("Z2300000023", day, basis)
    assert one.in_force_text is not None


def test_claims_live_as_long_as_the_notes_make_them() -> None:
    restated = "Сноска. Статья 1 в редакции Закона РК от 12.07.2023 № 23-VIII."
    pages = [
        redaction("2020-03-01", [unit("1", [ONE], notes=[BY_OLD])]),
        redaction("2022-01-01", [unit("1", [ONE], notes=[BY_OLD])]),
        redaction("2023-08-01", [unit("1", [TWO], notes=[restated])]),
    ]
    found = [
        (one.amending_act, one.action, str(one.first_redaction), str(one.last_redaction))
        for one in run(pages).histories[Lang.RU].amendments
    ]
    assert sorted(found) == [
        ("10-VI@2020-02-01", Action.AMENDED, "2020-03-01", "2023-08-01"),
        (NEW_LAW, Action.RESTATED, "2023-08-01", "None"),
    ]


def test_every_law_that_is_named_has_its_row() -> None:
    laws = {"Z2300000023": AmendingAct("Z2300000023", "23-VIII", date(2023, 7, 12), date(2023, 7, 13), "О поправках")}
    pages = [redaction("2022-01-01", [unit("1", [ONE])]), redaction("2023-08-01", [unit("1", [TWO], notes=[BY_BOTH])])]
    result = run(pages, laws=laws)
    assert set(result.laws) == {"10-VI@2020-02-01", "Z2300000023"}
    assert result.laws["10-VI@2020-02-01"] == AmendingAct("10-VI@2020-02-01", "10-VI", date(2020, 2, 1))
    known = result.laws["Z2300000023"]
    assert (known.title, known.published_on) == ("О поправках", date(2023, 7, 13))
    assert known.url == "https://adilet.zan.kz/rus/docs/Z2300000023"


def test_every_change_has_the_laws_of_its_own_note_only() -> None:
    new = [unit("1", [TWO], notes=[BY_NEW]), unit("2", [THREE])]
    result = step([unit("1", [ONE]), unit("2", [ONE.replace("журнал", "список")])], new)
    laws: list[tuple[ChangeLaw, ...]] = [one.laws for one in result.histories[Lang.RU].changes]
    assert [len(found) for found in laws] == [1, 0]


@given(st.lists(st.sampled_from(["журнал", "реестр", "год"]), max_size=5))
def test_words_are_made_of_a_source_that_holds_each_of_them_as_often(words: list[str]) -> None:
    assert _made_of(words, words)
    assert not _made_of([*words, "журнал"], words)
