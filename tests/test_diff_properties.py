"""The laws of the diff, on generated lines and articles: replay, symmetry, whole tokens, determinism."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hand_built import lines_of
from hypothesis import given, settings
from hypothesis import strategies as st

from lawdiff.diff import ArticleDiff, apply, apply_heading, count_words, diff_lines, tokens, word_ops
from lawdiff.diff.engine import blocks, encode, fast_ops, reference_blocks, reference_ops
from lawdiff.diff.tokens import pieces
from lawdiff.errors import DiffError
from lawdiff.model import Line, LineKind
from lawdiff.text import fold_key

WORDS = [
    *("штрафом", "до", "ста", "двухсот", "двадцати", "МРП", "либо", "или", "и", "арестом", "не", "подлежит", "статьи"),
    *("205", "205-1", "частью", "второй", ",", ";", ".", "–", "«", "»", "1", "000", "500", "тенге", "0,5", "%", "№"),
    *("210-VIII", "июля", "2021", "года", "лишением", "свободы", "на", "срок", "бөлiм", "бөлім", "12-бабында", "екі"),
    *("жүз", "немесе", "жойылды"),
]
lines = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
texts = st.text(alphabet="абвгдежзінеқНе019.,-–%№ \t\u00a0()«»¹IVx", max_size=60) | lines


@st.composite
def articles(draw: st.DrawFn) -> list[Line]:
    bodies = draw(st.lists(lines, max_size=7))
    numbered = draw(st.lists(st.sampled_from(["", "{}. ", "{}) ", "a\t"]), min_size=len(bodies), max_size=len(bodies)))
    return list(
        lines_of([mark.format(at) + body for at, (mark, body) in enumerate(zip(numbered, bodies, strict=True))])
    )


@st.composite
def revised(draw: st.DrawFn) -> tuple[list[Line], list[Line]]:
    """An article and what an amending law might make of it."""
    old = draw(articles())
    new = [line.text for line in old]
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(new)))
        deed = draw(st.sampled_from(["insert", "delete", "move", "word"]))
        if deed == "insert" or at >= len(new):
            new.insert(at, draw(lines))
        elif deed == "delete":
            new.pop(at)
        elif deed == "move":
            new.insert(draw(st.integers(0, len(new) - 1)), new.pop(at))
        else:
            words = new[at].split(" ")
            words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(WORDS))
            new[at] = " ".join(words)
    return old, list(lines_of(new))


def text_of(article: list[Line]) -> str:
    return "\n".join(line.text for line in article)


pairs = st.tuples(articles(), articles()) | revised()


@given(texts)
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@given(texts)
def test_no_token_ends_inside_a_word(text: str) -> None:
    found = tokens(text)
    for one, other in pairwise(found):
        if one[-1].isalpha() and other[0].isalpha():
            # Only the sign of a number («№», «N») and its like stand right before letters.
            assert one[0] in "№N" or other[0] in "№N" or one[-1].isupper(), (one, other)


@given(pairs, lines, lines)
def test_a_diff_replays_on_the_old_text(
    pair: tuple[list[Line], list[Line]], old_heading: str, new_heading: str
) -> None:
    old, new = pair
    stored = diff_lines(old, new, old_heading=old_heading, new_heading=new_heading).to_json()
    assert apply(text_of(old), stored) == text_of(new)
    assert apply_heading(old_heading, stored) == new_heading


@given(articles(), lines)
def test_a_text_does_not_differ_from_itself(article: list[Line], heading: str) -> None:
    diff = diff_lines(article, article, old_heading=heading, new_heading=heading)
    assert diff.is_empty
    assert (diff.words_added, diff.words_removed, diff.hunks) == (0, 0, 0)


@given(pairs)
def test_swapping_the_sides_swaps_additions_and_removals(pair: tuple[list[Line], list[Line]]) -> None:
    old, new = pair
    there, back = diff_lines(old, new), diff_lines(new, old)
    assert (there.words_added, there.words_removed) == (back.words_removed, back.words_added)
    assert changed(there, "+") == changed(back, "-")
    assert changed(there, "-") == changed(back, "+")
    assert apply(text_of(new), back.to_json()) == text_of(old)


def changed(diff: ArticleDiff, sign: str) -> list[str]:
    return sorted(text for op in diff.lines if op.op != "move_from" for kind, text in op.words if kind == sign)


@given(lines, lines)
def test_word_ops_hold_both_lines_and_never_repeat_an_op(old: str, new: str) -> None:
    ops = word_ops(old, new)
    assert "".join(text for op, text in ops if op != "+") == old
    assert "".join(text for op, text in ops if op != "-") == new
    assert all(text for _, text in ops)
    following = [(one[0], other[0]) for one, other in pairwise(ops)]
    assert all(one != other and (one, other) != ("+", "-") for one, other in following)


@given(lines, lines)
def test_no_op_ends_inside_a_token(old: str, new: str) -> None:
    for side, text in (("-", old), ("+", new)):
        borders = {0}
        at = 0
        for space, token in pieces(text):
            at += len(space)
            borders.add(at)
            at += len(token)
            borders.add(at)
        at = 0
        for op, part in word_ops(old, new):
            if op in ("=", side):
                stripped = at + len(part) - len(part.lstrip())
                assert at in borders or stripped in borders or part.isspace(), (text, part)
                at += len(part)


@given(pairs)
def test_the_same_input_gives_the_same_bytes(pair: tuple[list[Line], list[Line]]) -> None:
    old, new = pair
    assert diff_lines(old, new).to_json() == diff_lines(list(old), list(new)).to_json()


@given(articles(), st.integers(0, 6))
def test_moving_a_line_adds_and_removes_no_words(article: list[Line], to: int) -> None:
    bodies = [f"Лицо {at} обязано уведомить уполномоченный орган номер {at}" for at in range(7)]
    moved = bodies.copy()
    moved.insert(to, moved.pop(2))
    diff = diff_lines(lines_of(bodies), lines_of(moved))
    assert (diff.words_added, diff.words_removed) == (0, 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 12), max_size=60), st.lists(st.integers(0, 12), max_size=60))
def test_the_fast_engine_gives_the_ops_of_diff_match_patch(old: list[int], new: list[int]) -> None:
    a, b = encode(old, new)
    assert fast_ops(a, b) == reference_ops(a, b)
    assert blocks(a, b) == reference_blocks(a, b)


def test_the_engines_agree_where_code_points_pass_the_surrogates() -> None:
    many = list(range(60_000))
    edited = many.copy()
    edited[100:103] = [70_001, 70_002]
    edited[55_290:55_310] = [70_003]
    edited[58_000] = 70_004
    a, b = encode(many, edited)
    assert not any(0xD800 <= ord(letter) <= 0xDFFF for letter in a + b)
    assert fast_ops(a, b) == reference_ops(a, b)


@given(lines, lines)
def test_texts_of_one_key_differ_in_no_word(old: str, new: str) -> None:
    """Dashes, quotes, white space and look-alikes: whatever the key folds, no number and no «не» is lost in it."""
    if fold_key(old) == fold_key(new):
        numbers = [re.findall(r"\d+", text) for text in (old, new)]
        assert numbers[0] == numbers[1]
        assert old.split().count("не") == new.split().count("не")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("штраф 1 000 000 тенге, не более", "1 000 000 тенге"),
        ("ставка 0,5 % от суммы", "0,5 %"),
        ("с 1 июля 2021 года", "1 июля 2021 года"),
        ("с 01.07.2021 и далее", "01.07.2021"),
        ("2017 жылғы 1 қаңтардан бастап", "2017 жылғы 1 қаңтардан"),
        ("лицо не подлежит ответственности", "не подлежит"),
        ("в статье 115-1 Кодекса", "статье 115-1"),
        ("частью второй настоящей статьи", "частью второй"),
        ("подпунктом 2) пункта 1", "подпунктом 2)"),
        ("Закона № 210-VIII", "№ 210-VIII"),
        ("12-1-бабының екінші бөлігі", "12-1-бабының"),
        ("до ста двадцати часов", "ста двадцати"),
        ("бір мың екі жүз сағатқа", "бір мың екі жүз"),
        ("3-1. Наказание", "3-1."),
        ("выбросы 20 м3 в год", "20 м3"),
        ("ВИЧ/СПИД и прочее", "ВИЧ/СПИД"),
    ],
)
def test_what_a_lawyer_reads_as_one_word_is_one_token(text: str, whole: str) -> None:
    assert whole in tokens(text)


def test_a_line_that_holds_newlines_replays_too() -> None:
    old = [Line("image_1", LineKind.IMAGE, "схема\nпервая"), Line("para_1", LineKind.PARA, "Текст.")]
    new = [Line("image_1", LineKind.IMAGE, "схема\nвторая"), Line("para_1", LineKind.PARA, "")]
    assert apply(text_of(old), diff_lines(old, new).to_json()) == text_of(new)
    assert apply(text_of(new), diff_lines(new, old).to_json()) == text_of(old)


def test_the_kazakh_ne_joins_nothing() -> None:
    assert "не" in tokens("екі жүз сағатқа не елу тәулікке")


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("до 1 200 000 тенге", 3), ("ст. 115-1, не более", 4), ("0,5 %", 1), ("– «»", 0)]
)
def test_words_are_counted_as_people_count_them(text: str, count: int) -> None:
    assert count_words(text) == count


def test_a_diff_for_another_text_is_refused() -> None:
    stored = diff_lines(lines_of(["1. Один."]), lines_of(["1. Два."])).to_json()
    with pytest.raises(DiffError):
        apply("1. Три.", stored)
    with pytest.raises(DiffError):
        apply("1. Один.", "{}")
    with pytest.raises(DiffError):
        apply("1. Один.", "не json")


@pytest.mark.parametrize("separator", ["\n", " "])
def test_a_rewritten_large_article_is_bounded(separator: str) -> None:
    """300 kB in UTF-8, all words new, as many lines and as one: time in proportion to tokenising, not to its square."""

    def article(seed: int) -> list[Line]:
        parts = [" ".join(f"слово{(at * seed + word * 7919) % 9973}" for word in range(12)) for at in range(1100)]
        return list(lines_of(separator.join(parts).split("\n")))

    old, new = article(31), article(57)
    start = time.process_time()
    for side in (old, new):
        for line in side:
            tokens(line.text)
    tokenising = time.process_time() - start
    start = time.process_time()
    stored = diff_lines(old, new).to_json()
    spent = time.process_time() - start
    assert apply(text_of(old), stored) == text_of(new)
    assert spent < 15 * tokenising + 0.2, f"{spent:.2f} s against {tokenising:.3f} s of tokenising"
