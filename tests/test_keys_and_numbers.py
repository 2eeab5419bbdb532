"""The key under which texts are the same law, and the order in which people count numbers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lawdiff import continuity
from lawdiff.history import _natural
from lawdiff.numbering import sort_key
from lawdiff.text import fold_key, fold_lookalikes

ALPHABET = "абі іІVXIС «»“”–—--  \u00a0\u00ad\u200b`´'1.Cc№не,\n"
numbers = st.lists(st.integers(1, 900), min_size=1, max_size=3).map(lambda parts: "-".join(map(str, parts)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Меншiк құқығы", "Меншік құқығы"),
        ("Закон № 180-VІ", "Закон № 180-VI"),
        ("«Образцы» – документ", '"Образцы" - документ'),
        ("Cтатья 5. Учёт", "Статья 5. Учёт"),
        ("право\u00adнарушение", "правонарушение"),
        ("до 10 суток", "до\u00a010  суток"),
    ],
)
def test_style_and_look_alikes_are_one_key(one: str, other: str) -> None:
    assert fold_key(one) == fold_key(other)
    assert continuity.same_law(f"1. Первый.\n{one}\n3. Третий.", f"1. Первый.\n{other}\n3. Третий.")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("допускается", "не допускается"),
        ("статьи 115", "статьи 115-1"),
        ("казнить, нельзя помиловать", "казнить нельзя, помиловать"),
        ("до ста суток", "до двухсот суток"),
        ("Все лица", "все лица"),
        ("беру", "бepём"),
    ],
)
def test_words_numbers_and_commas_are_law(one: str, other: str) -> None:
    assert fold_key(one) != fold_key(other)
    assert not continuity.same_law(f"1. Первый.\n{one}", f"1. Первый.\n{other}")


@given(st.text(ALPHABET, max_size=30))
def test_a_key_is_its_own_key(text: str) -> None:
    assert fold_key(fold_key(text)) == fold_key(text)


@given(st.text(ALPHABET, max_size=30), st.text(ALPHABET, max_size=30))
def test_the_short_way_to_compare_agrees_with_the_long_one(one: str, other: str) -> None:
    lines = [" ".join(line.split()) for line in one.split("\n")], [" ".join(line.split()) for line in other.split("\n")]
    texts = ["\n".join(side) for side in lines]
    assert continuity.same_law(*texts) == (fold_key(texts[0]) == fold_key(texts[1]))


@given(st.text(ALPHABET, max_size=30))
def test_look_alikes_change_no_length(text: str) -> None:
    assert len(fold_lookalikes(text)) == len(text)


@given(numbers, numbers)
def test_numbers_sort_as_people_count(one: str, other: str) -> None:
    by_hand = [int(part) for part in one.split("-")] < [int(part) for part in other.split("-")]
    assert (sort_key(one) < sort_key(other)) == by_hand
    assert (_natural(f"art_{one}") < _natural(f"art_{other}")) == by_hand


def test_115_1_comes_between_115_and_116() -> None:
    shuffled = ["116", "115-2", "115", "1150", "115-10", "115-1", "9"]
    assert sorted(shuffled, key=sort_key) == ["9", "115", "115-1", "115-2", "115-10", "116", "1150"]


@pytest.mark.parametrize(
    ("text", "excludes"),
    [
        ("Сноска. Глава 50 исключена Законом РК от 12.07.2023 № 23-VIII.", True),
        ("Сноска. Параграф 3 исключен Законом РК от 12.07.2023 № 23-VIII.", True),
        ("Сноска. Раздел 2 утратил силу Законом РК от 12.07.2023 № 23-VIII.", True),
        ("Ескерту. 50-тарау алып тасталды - ҚР 12.07.2023 № 23-VIII Заңымен.", True),
        ("Ескерту. 3-параграф алынып тасталды - ҚР 12.07.2023 № 23-VIII Заңымен.", True),
        ("Сноска. Заголовок главы 5 с изменением, внесенным Законом РК от 12.07.2023 № 23-VIII.", False),
        ("Сноска. Глава 5 с изменениями, внесенными Законом РК от 12.07.2023 № 23-VIII; пункт 3 исключен.", False),
        ("Сноска. Статья 5 исключена Законом РК от 12.07.2023 № 23-VIII.", False),
        ("Ескерту. 5-бап алып тасталды - ҚР 12.07.2023 № 23-VIII Заңымен.", False),
    ],
)
def test_only_a_note_on_the_whole_chapter_excludes_it(text: str, excludes: bool) -> None:
    assert bool(continuity._EXCLUDED_HEADING.match(fold_lookalikes(text))) is excludes


@pytest.mark.parametrize(
    ("heading", "bare"),
    [
        ("Статья 115-1. Сталкинг", "сталкинг"),
        ("115-1-бап. Сталкинг", "сталкинг"),
        ("Статья 8", ""),
        ("238-бап.Әдейi қорқыту", "әдейі қорқыту"),
    ],
)
def test_a_title_is_compared_without_its_number(heading: str, bare: str) -> None:
    assert re.sub(r"^\W+", "", fold_key(continuity._TITLE_NUMBER.sub("", heading)).casefold()) == bare
