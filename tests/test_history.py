"""The fold, case by case: what a version is, what a change is, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hand_built import ACT, chapter, redaction, unit

from lawdiff.errors import LawdiffError
from lawdiff.history import fold
from lawdiff.model import Change, History, Lang, NoteKind, Op, Redaction, State, Unit, Weight
from lawdiff.render import summary_sentence

LONG = "1. Хранитель образцов обязан вести журнал и передавать его заказчику по первому требованию."
OTHER = "1. Настоящая глава не применяется к веществам, оборот которых запрещён законом."


def two(old: Sequence[Unit], new: Sequence[Unit], **fields: object) -> History:
    return fold([redaction("2020-01-01", old, snapshot=1), redaction("2021-01-01", new, snapshot=2, **fields)])  # type: ignore[arg-type]


def only(history: History) -> Change:
    assert len(history.changes) == 1, [(change.key, change.op) for change in history.changes]
    return history.changes[0]


def versions_of(history: History, eid: str) -> list[tuple[str, str, str | None]]:
    return [
        (str(version.state), version.valid_from.isoformat(), version.valid_to and version.valid_to.isoformat())
        for version in history.versions
        if version.eid == eid
    ]


def test_the_first_redaction_opens_versions_and_is_no_change() -> None:
    history = fold([redaction("2020-01-01", [unit("1", [LONG])], snapshot=9, observed="2025-01-01")])
    assert history.changes == ()
    assert history.redactions == ((date(2020, 1, 1), False, 9, 1),)
    version = history.versions[0]
    assert (version.key, version.valid_to, version.snapshot_id) == (f"{ACT}/art_1/ru/1", None, 9)
    assert version.first_seen == date(2025, 1, 1)


def test_an_equal_text_under_other_markup_opens_nothing() -> None:
    old = unit("1", [LONG])
    new = replace(old, anchor="z99", lines=(replace(old.lines[0], html="<b>1.</b> …"),))
    history = two([old], [new])
    assert history.changes == ()
    assert len(history.versions) == 1
    assert history.versions[0].unit is new


def test_a_vanished_article_is_unknown_and_an_issue_never_a_repeal() -> None:
    history = two([unit("1", [LONG]), unit("2", [OTHER])], [unit("1", [LONG])])
    assert history.changes == ()
    assert versions_of(history, "art_2") == [("in_force", "2020-01-01", "2021-01-01"), ("unknown", "2021-01-01", None)]
    assert [(issue.kind, issue.eid, issue.snapshot_id) for issue in history.issues] == [("vanished", "art_2", 2)]


def test_a_vanished_article_that_returns_is_restored() -> None:
    units = [unit("1", [LONG]), unit("2", [OTHER])]
    history = fold([redaction("2020-01-01", units), redaction("2021-01-01", units[:1]), redaction("2022-01-01", units)])
    change = only(history)
    assert (change.op, change.redaction_date.isoformat(), change.old_version) == (
        Op.RESTORED,
        "2022-01-01",
        f"{ACT}/art_2/ru/2",
    )
    assert versions_of(history, "art_2")[-1] == ("in_force", "2022-01-01", None)


@pytest.mark.parametrize(
    ("lang", "heading", "note"),
    [
        (Lang.RU, "Глава 5. Учёт", "Сноска. Глава 5 исключена Законом РК от 12.07.2023 № 23-VIII."),
        (Lang.RU, "Параграф 5. Учёт", "Сноска. Параграф 5 исключен Законом РК от 12.07.2023 № 23-VIII."),
        (Lang.KK, "5-тарау. Есеп", "Ескерту. 5-тарау алып тасталды - ҚР 12.07.2023 № 23-VIII Заңымен."),
    ],
)
def test_articles_of_an_excluded_chapter_are_excluded_by_its_note(lang: Lang, heading: str, note: str) -> None:
    articles = [unit(str(number), [f"{LONG} {number}"], chapter=heading) for number in range(1, 9)]
    history = fold(
        [
            redaction("2020-01-01", [chapter("5", heading), *articles, unit("90", [OTHER])], lang=lang),
            redaction("2021-01-01", [chapter("5", heading, [note]), unit("90", [OTHER])], lang=lang),
        ]
    )
    assert [change.op for change in history.changes if change.eid != "chp_5"] == [Op.EXCLUDED] * 8
    assert history.issues == ()
    gone = next(v for v in history.versions if v.eid == "art_3" and v.valid_to is None)
    assert (gone.state, gone.unit.text, gone.unit.notes_text) == (State.EXCLUDED, "", note)


def test_a_note_on_one_point_of_a_chapter_excludes_nothing() -> None:
    note = "Сноска. Глава 5 с изменениями, внесенными Законом РК от 12.07.2023 № 23-VIII; пункт 3 исключен."
    old = [chapter("5", "Глава 5. Учёт"), unit("1", [LONG], chapter="Глава 5. Учёт"), unit("2", [OTHER])]
    history = two(old, [chapter("5", "Глава 5. Учёт", [note]), unit("2", [OTHER])])
    assert versions_of(history, "art_1")[-1][0] == "unknown"


def numbered(count: int, *, without: int = 0) -> list[Unit]:
    return [unit(str(at), [f"1. {'образец ' * (at % 5 + 3)}{at * 7919}."]) for at in range(1, count - without + 1)]


def test_a_mass_of_vanished_articles_is_refused_with_an_issue() -> None:
    history = two(numbered(40), numbered(40, without=20))
    assert history.changes == ()
    assert [issue.kind for issue in history.issues] == ["mass_deletion"]
    assert "2021-01-01" in history.issues[0].detail
    assert [row[0].isoformat() for row in history.redactions] == ["2020-01-01"]
    assert all(version.valid_to is None for version in history.versions)


def test_after_a_refused_redaction_the_next_sound_one_is_compared_with_the_last_sound_one() -> None:
    broken = redaction("2021-01-01", numbered(40, without=20), snapshot=2)
    amended = [*numbered(40)[:-1], unit("40", [LONG])]
    history = fold(
        [redaction("2020-01-01", numbered(40), snapshot=1), broken, redaction("2022-01-01", amended, snapshot=3)]
    )
    assert (only(history).eid, only(history).op) == ("art_40", Op.AMENDED)


@pytest.mark.parametrize("name", ["2021-01-01", f"{ACT}/ru/2021-01-01", ACT, "2"])
def test_a_mass_deletion_that_a_person_accepted_is_folded(name: str) -> None:
    redactions = [
        redaction("2020-01-01", numbered(40), snapshot=1),
        redaction("2021-01-01", numbered(40, without=20), snapshot=2),
    ]
    history = fold(redactions, accept=frozenset({name}))
    assert [issue.kind for issue in history.issues] == ["vanished"] * 20
    assert len(history.redactions) == 2


@pytest.mark.parametrize("state", [State.IN_FORCE, State.UNKNOWN])
def test_articles_emptied_without_a_note_are_a_mass_deletion_too(state: State) -> None:
    emptied = [unit(one.number or "", [], state=state) if at % 2 else one for at, one in enumerate(numbered(40))]
    assert [issue.kind for issue in two(numbered(40), emptied).issues] == ["mass_deletion"]


def test_one_article_emptied_without_a_note_is_an_issue_beside_its_change() -> None:
    history = two([unit("1", [LONG]), unit("2", [OTHER])], [unit("1", [LONG]), unit("2", [])])
    assert (only(history).op, only(history).words_added) == (Op.AMENDED, 0)
    assert [(issue.kind, issue.eid) for issue in history.issues] == [("emptied", "art_2")]


def test_a_page_whose_texts_shrank_to_less_than_half_is_refused() -> None:
    long = [unit(str(at), [f"1. {at} " + "слово " * 60, f"2. {at} " + "дело " * 60]) for at in range(1, 21)]
    cut = [unit(str(at), [f"1. {at} " + "слово " * 20]) for at in range(1, 21)]
    assert [issue.kind for issue in two(long, cut).issues] == ["mass_deletion"]


def test_many_articles_excluded_by_their_own_notes_are_no_mass_deletion() -> None:
    excluded = [
        unit(str(at), [], state=State.EXCLUDED, notes=[f"Сноска. Статья {at} исключена Законом."]) if at < 20 else one
        for at, one in enumerate(numbered(40), start=1)
    ]
    history = two(numbered(40), excluded)
    assert [change.op for change in history.changes] == [Op.EXCLUDED] * 19
    assert history.issues == ()


def test_a_renumbered_article_keeps_its_predecessor() -> None:
    history = two([unit("5", [LONG]), unit("6", [OTHER])], [unit("6", [OTHER]), unit("7", [LONG])])
    change = only(history)
    assert (change.op, change.weight, change.eid) == (Op.RENUMBERED, Weight.EDITORIAL, "art_7")
    assert change.old_version == f"{ACT}/art_5/ru/1"
    assert next(v.predecessor for v in history.versions if v.eid == "art_7") == "art_5"
    assert versions_of(history, "art_5") == [("in_force", "2020-01-01", "2021-01-01")]
    assert history.issues == ()


def test_a_renumbered_article_with_small_edits_is_still_one_article() -> None:
    new = unit("7", [LONG.replace("журнал", "реестр")], heading="Статья 7. О предмете")
    history = two([unit("5", [LONG], heading="Статья 5. О предмете"), unit("6", [OTHER])], [unit("6", [OTHER]), new])
    change = only(history)
    assert (change.op, change.weight) == (Op.RENUMBERED, Weight.SUBSTANTIVE)
    assert (change.words_added, change.words_removed) == (3, 3)  # «Статья 5», one token, and the word


def test_an_insertion_that_shifts_numbers_renumbers_every_shifted_article() -> None:
    texts = [
        f"1. {word} и его хранение регулируются правилами, утверждаемыми правительством." for word in ("Песок", "Глина")
    ]
    old = [unit("1", [texts[0]]), unit("2", [texts[1]])]
    new = [unit("1", [OTHER]), unit("2", [texts[0]]), unit("3", [texts[1]])]
    assert [(change.eid, change.op) for change in two(old, new).changes] == [
        ("art_1", Op.ADDED), ("art_2", Op.RENUMBERED), ("art_3", Op.RENUMBERED),
    ]  # fmt: skip


def test_two_new_articles_of_the_same_text_are_not_guessed_to_be_one_old_one() -> None:
    history = two([unit("5", [LONG]), unit("6", [OTHER])], [unit("6", [OTHER]), unit("7", [LONG]), unit("8", [LONG])])
    renumbered = [change for change in history.changes if change.op is Op.RENUMBERED]
    assert len(renumbered) <= 1


def test_a_move_to_another_chapter_opens_no_version_and_says_where_it_stood() -> None:
    history = two(
        [unit("1", [LONG], chapter="Глава 1. Общие положения")], [unit("1", [LONG], chapter="Глава 2. Хранение")]
    )
    change = only(history)
    assert (change.op, change.moved_from) == (Op.RENUMBERED, "Глава 1. Общие положения")
    assert change.old_version == change.new_version


def test_a_chapter_renamed_or_renumbered_in_place_moves_nothing() -> None:
    for heading in ("Глава 1. Основные положения", "Глава 3. Общие положения"):
        number = heading.split(".")[0].split()[1]
        old, new = unit("1", [LONG], chapter="Глава 1. Общие положения"), unit("1", [LONG], chapter=heading)
        if number == "3":
            new = replace(new, path=("ГЛАВА 1. ОБЩИЕ ПОЛОЖЕНИЯ",))
        assert two([old], [new]).changes == ()


def test_an_amended_article_that_also_moved_says_both() -> None:
    history = two([unit("1", [LONG], chapter="Глава 1. А")], [unit("1", [OTHER], chapter="Глава 2. Б")])
    assert (only(history).op, only(history).moved_from) == (Op.AMENDED, "Глава 1. А")


def test_a_placeholder_is_deferred_and_later_took_effect() -> None:
    placeholder = unit("2", [], state=State.DEFERRED, notes=["Сноска. Статья 2 вводится в действие с 01.01.2022."])
    history = fold(
        [
            redaction("2020-01-01", [unit("1", [LONG])]),
            redaction("2021-01-01", [unit("1", [LONG]), placeholder]),
            redaction("2022-01-01", [unit("1", [LONG]), unit("2", [OTHER])]),
        ]
    )
    assert [change.op for change in history.changes] == [Op.DEFERRED, Op.TOOK_EFFECT]


def test_a_deferral_noted_under_an_equal_text_opens_no_version() -> None:
    deferred = unit(
        "1",
        [LONG],
        state=State.DEFERRED,
        notes=["Примечание ИЗПИ! Статья 1 вводится в действие после …"],
        note_kind=NoteKind.DEFERRED,
    )
    history = fold(
        [
            redaction("2020-01-01", [unit("1", [LONG])]),
            redaction("2021-01-01", [deferred]),
            redaction("2022-01-01", [unit("1", [LONG])]),
        ]
    )
    assert [change.op for change in history.changes] == [Op.DEFERRED, Op.TOOK_EFFECT]
    assert [version.state for version in history.versions] == [State.IN_FORCE]


def test_a_note_that_differs_in_dashes_only_is_no_change() -> None:
    old = unit("1", [LONG], notes=["Сноска. Статья 1 - в редакции Закона РК от 12.07.2023 № 23-VIII."])
    new = unit("1", [LONG], notes=["Сноска. Статья 1 – в редакции Закона РК от 12.07.2023 № 23-VІІІ."])
    history = two([old], [new])
    assert [change.op for change in history.changes] == []
    assert history.versions[0].unit.notes_text == new.notes_text


def test_an_earlier_wording_of_the_notes_is_in_the_change() -> None:
    history = two([unit("1", [LONG], notes=["Сноска. Было."])], [unit("1", [LONG], notes=["Сноска. Стало."])])
    diff = json.loads(only(history).diff_json)
    assert [op["op"] for op in diff["notes"]] == ["change"]
    assert "".join(text for kind, text in diff["notes"][0]["words"] if kind != "+") == "Сноска. Было."


def test_several_silent_edits_of_one_day_have_keys_of_their_own() -> None:
    texts = ["1. Первый текст.", "1. Второй текст.", "1. Третий текст."]
    history = fold(
        [
            redaction("2020-01-01", [unit("1", [text])], observed=f"2025-0{at}-01", snapshot=at)
            for at, text in enumerate(texts, 1)
        ]
    )
    assert [change.op for change in history.changes] == [Op.SILENT_EDIT] * 2
    assert [change.key for change in history.changes] == [f"{ACT}/art_1/ru/2020-01-01", f"{ACT}/art_1/ru/2020-01-01~2"]
    assert [version.unit.text for version in history.versions] == texts
    assert [version.first_seen.month for version in history.versions if version.first_seen] == [1, 2, 3]


def test_legal_and_observation_time_are_kept_apart() -> None:
    """An old redaction fetched last: its date is old, the day it was first seen is new."""
    history = fold(
        [
            redaction("2021-01-01", [unit("1", [OTHER])], observed="2025-01-01", snapshot=1),
            redaction("2020-01-01", [unit("1", [LONG])], observed="2025-06-01", snapshot=2),
        ]
    )
    assert [(v.valid_from.year, str(v.first_seen)) for v in history.versions] == [
        (2020, "2025-06-01"),
        (2021, "2025-01-01"),
    ]


def test_a_redaction_without_any_date_is_an_issue() -> None:
    undated = replace(redaction("2020-01-01", [unit("1", [LONG])]), redaction_date=None)
    history = fold([redaction("2020-01-01", [unit("1", [LONG])]), undated])
    assert [issue.kind for issue in history.issues] == ["undated_redaction"]
    assert fold([replace(undated, observed_on=date(2022, 2, 2))]).versions[0].valid_from == date(2022, 2, 2)


def test_a_number_printed_twice_is_an_issue_and_the_first_is_kept() -> None:
    history = two([unit("1", [LONG])], [unit("1", [LONG]), unit("1", [OTHER])])
    assert [issue.kind for issue in history.issues] == ["repeated_number"]
    assert history.changes == ()


def test_redactions_of_two_acts_or_languages_are_not_folded_together() -> None:
    mixed = [redaction("2020-01-01", [unit("1")]), redaction("2020-01-01", [unit("1")], lang=Lang.KK)]
    with pytest.raises(LawdiffError, match="by itself"):
        fold(mixed)
    with pytest.raises(LawdiffError, match="no redaction"):
        fold([])


def test_only_the_newest_redaction_is_current() -> None:
    pages: list[Redaction] = [
        redaction("2020-01-01", [unit("1", [LONG])], current=True, snapshot=1),
        redaction("2021-01-01", [unit("1", [OTHER])], current=True, snapshot=2),
    ]
    assert [(row[0].year, row[1]) for row in fold(pages).redactions] == [(2020, False), (2021, True)]


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        (
            ["1. Один образец хранится.", "2. Два образца хранятся."],
            ["1. Один образец учитывается.", "2. Два образца хранятся.", "3. Третий образец сдаётся."],
            (
                "добавлен пункт 3; изменён пункт 1",
                "3-тармақ қосылды; 1-тармақ өзгертілді",
                "point 3 added; point 1 amended",
            ),
        ),
        (
            ["1. Лицо вправе:", "1) хранить образцы;", "2) сдавать образцы;"],
            ["1. Лицо вправе:", "1) хранить образцы;"],
            (
                "исключён подпункт 2 пункта 1",
                "1-тармақтың 2-тармақшасы алып тасталды",
                "subpoint 2 of point 1 removed",
            ),
        ),
        (
            ["1. Деяние –", "наказывается штрафом."],
            ["1. Деяние –", "наказывается арестом."],
            ("изменён абзац 2 пункта 1", "1-тармақтың 2-абзацы өзгертілді", "paragraph 2 of point 1 amended"),
        ),
    ],
)  # fmt: skip
def test_a_change_is_told_in_one_sentence(old: list[str], new: list[str], sentences: tuple[str, str, str]) -> None:
    summary = only(two([unit("1", old)], [unit("1", new)])).summary_json
    assert tuple(summary_sentence(summary, ui) for ui in ("ru", "kk", "en")) == sentences
