"""Two lists of lines → which old line each new line continues, in place or moved.

A line is a part, a point, an unnumbered paragraph or a table row. Lines are matched by their text without the printed
number, so that an inserted part, which renumbers the following ones, is one insertion. Where texts differ, lines pair
by likeness, by number and by place. A line found elsewhere with the same words is a move. Swapping the sides swaps
the answer.

Bounded: likeness is computed for at most `_GRID` pairs per gap and `_MOVES` pairs per article; beyond that, numbers
and first words pair the lines, and what stays is deleted and inserted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from lawdiff.diff.engine import blocks, encode, unique_anchors
from lawdiff.model import Line, LineKind
from lawdiff.text import fold_key

_GRID = 4096
_MOVES = 2500
_LONG = 8000  # characters of a line that are looked at
_ALIKE = 0.45  # ratio above which two lines may be one line reworded
_MOVED = 0.9  # ratio above which a line elsewhere is the same line moved
_MOVED_FROM = 20  # characters that a line needs to be worth calling moved
_ENUMERATOR = re.compile(r"\d+(?:[-‑–]\d+)*[.)]\s*")
_NUMBERED = frozenset({LineKind.PART, LineKind.POINT})

Pair = tuple[int, int]
Span = tuple[int, int, int, int]  # old[a0:a1] against new[b0:b1]


@dataclass(frozen=True, slots=True)
class Alignment:
    """kept: pairs of line indexes that rise on both sides; moved: pairs that do not fit among them."""

    kept: tuple[Pair, ...]
    moved: tuple[Pair, ...]


def align(old: Sequence[Line], new: Sequence[Line]) -> Alignment:
    """Match the lines of two texts."""
    if [line.text for line in old] > [line.text for line in new]:
        swapped = _align(new, old)
        return Alignment(
            tuple((there, here) for here, there in swapped.kept),
            tuple(sorted((there, here) for here, there in swapped.moved)),
        )
    return _align(old, new)


def _align(old: Sequence[Line], new: Sequence[Line]) -> Alignment:
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    kept = [(at, at) for at in range(head)]
    middle = _pairs(old, new, (head, len(old) - tail, head, len(new) - tail))
    kept += middle
    kept += [(len(old) - tail + at, len(new) - tail + at) for at in range(tail)]
    return Alignment(tuple(kept), tuple(_moves(old, new, kept)))


def _common(old: Sequence[Line], new: Sequence[Line]) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one.text != other.text:
            break
        count += 1
    return count


def body(line: Line) -> str:
    """The line's text without its printed number."""
    if line.number is None and line.kind not in _NUMBERED:
        return line.text
    stripped = _ENUMERATOR.sub("", line.text, count=1)
    return stripped or line.text


def _pairs(old: Sequence[Line], new: Sequence[Line], span: Span) -> list[Pair]:
    a0, a1, b0, b1 = span
    if a0 == a1 or b0 == b1:
        return []
    if a1 - a0 == b1 - b0 == 1:
        return [(a0, b0)] if _likeness(old[a0], new[b0]) > 0 else []
    bodies_old = [body(line) for line in old[a0:a1]]
    bodies_new = [body(line) for line in new[b0:b1]]
    anchors = _equal_lines(bodies_old, bodies_new)
    found: list[Pair] = []
    at_old, at_new = a0, b0
    for here, there in [*((a0 + i, b0 + j) for i, j in anchors), (a1, b1)]:
        found += _gap(old, new, (at_old, here, at_new, there))
        if here < a1:
            found.append((here, there))
        at_old, at_new = here + 1, there + 1
    return found


def _equal_lines(old: list[str], new: list[str]) -> list[Pair]:
    """Rising pairs of equal bodies; a body that a side holds twice anchors nothing, its neighbours place it."""
    count_old, count_new = Counter(old), Counter(new)
    marks_old = [text if count_old[text] == 1 else f"\0-{at}" for at, text in enumerate(old)]
    marks_new = [text if count_new[text] == 1 else f"\0+{at}" for at, text in enumerate(new)]
    return _matched(*encode(marks_old, marks_new))


def _matched(old: str, new: str) -> list[Pair]:
    pairs: list[Pair] = []
    at_old = at_new = 0
    for a0, a1, b0, b1 in [*blocks(old, new), (len(old), len(old), len(new), len(new))]:
        pairs += zip(range(at_old, a0), range(at_new, b0), strict=True)
        at_old, at_new = a1, b1
    return pairs


def _gap(old: Sequence[Line], new: Sequence[Line], span: Span, *, split: bool = True) -> list[Pair]:
    """Pairs among lines of which none is equal to another (or only to several)."""
    a0, a1, b0, b1 = span
    if a0 == a1 or b0 == b1:
        return []
    if a1 - a0 == b1 - b0 == 1:
        return [(a0, b0)] if _likeness(old[a0], new[b0]) > 0 else []
    if (a1 - a0) * (b1 - b0) <= _GRID:
        return _best_pairs(old, new, span)
    if not split:
        return []
    return _coarse(old, new, span)


def _coarse(old: Sequence[Line], new: Sequence[Line], span: Span) -> list[Pair]:
    """A large gap cut at the lines that share a number or first words found nowhere else in it."""
    a0, a1, b0, b1 = span
    found: list[Pair] = []
    at_old, at_new = a0, b0
    marks = ([_mark(line) for line in old[a0:a1]], [_mark(line) for line in new[b0:b1]])
    for i, j in [*unique_anchors(*marks), (a1 - a0, b1 - b0)]:
        here, there = a0 + i, b0 + j
        found += _gap(old, new, (at_old, here, at_new, there), split=False)
        if here < a1:
            found.append((here, there))
        at_old, at_new = here + 1, there + 1
    return found


def _mark(line: Line) -> str:
    if line.kind is LineKind.PART and line.number:
        return f"{line.kind}\0{line.number}"
    return f"{line.kind}\0{' '.join(body(line).split()[:4])}"


def _likeness(old: Line, new: Line) -> float:
    """How well two lines pair: 0 or less means not at all."""
    if (old.kind is LineKind.ROW) != (new.kind is LineKind.ROW):
        return 0.0
    same_number = old.number is not None and old.number == new.number and old.kind is new.kind
    text_old, text_new = body(old), body(new)
    cutoff = 0.0 if same_number else 100 * _ALIKE
    ratio = 1.0 if text_old == text_new else _ratio(text_old, text_new, cutoff) / 100
    if ratio == 0 and not same_number:
        return 0.0
    return ratio + (0.3 if same_number else 0.0) + (0.05 if old.eid == new.eid else 0.0)


def _ratio(one: str, other: str, cutoff: float) -> float:
    """Likeness of two texts in percent; of very long ones, of their beginnings or ends, whichever are more alike."""
    if len(one) + len(other) <= 2 * _LONG:
        return fuzz.ratio(one, other, score_cutoff=cutoff)
    return max(
        fuzz.ratio(one[:_LONG], other[:_LONG], score_cutoff=cutoff),
        fuzz.ratio(one[-_LONG:], other[-_LONG:], score_cutoff=cutoff),
    )


def _best_pairs(old: Sequence[Line], new: Sequence[Line], span: Span) -> list[Pair]:
    """The rising pairs with the greatest sum of likeness (dynamic programming over the gap)."""
    a0, a1, b0, b1 = span
    rows, columns = a1 - a0, b1 - b0
    likeness = [[_likeness(old[a0 + i], new[b0 + j]) for j in range(columns)] for i in range(rows)]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        row, below, scores = best[i], best[i + 1], likeness[i]
        for j in range(columns - 1, -1, -1):
            value = below[j] if below[j] >= row[j + 1] else row[j + 1]
            if scores[j] > 0:
                value = max(value, below[j + 1] + scores[j])
            row[j] = value
    pairs: list[Pair] = []
    i = j = 0
    while i < rows and j < columns:
        if likeness[i][j] > 0 and best[i][j] == best[i + 1][j + 1] + likeness[i][j]:
            pairs.append((a0 + i, b0 + j))
            i += 1
            j += 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _moves(old: Sequence[Line], new: Sequence[Line], kept: list[Pair]) -> list[Pair]:
    taken_old = {here for here, _ in kept}
    taken_new = {there for _, there in kept}
    gone = [at for at in range(len(old)) if at not in taken_old and len(body(old[at])) >= _MOVED_FROM]
    come = [at for at in range(len(new)) if at not in taken_new and len(body(new[at])) >= _MOVED_FROM]
    if not gone or not come:
        return []
    moved = _exact_moves(old, new, gone, come)
    used_old, used_new = {i for i, _ in moved}, {j for _, j in moved}
    gone = [at for at in gone if at not in used_old]
    come = [at for at in come if at not in used_new]
    if len(gone) * len(come) <= _MOVES:
        moved += _near_moves(old, new, gone, come)
    return sorted(moved)


def _exact_moves(old: Sequence[Line], new: Sequence[Line], gone: list[int], come: list[int]) -> list[Pair]:
    keys_old = Counter(fold_key(body(old[at])) for at in gone)
    keys_new = {fold_key(body(new[at])): at for at in come}
    counts_new = Counter(fold_key(body(new[at])) for at in come)
    moved = []
    for at in gone:
        key = fold_key(body(old[at]))
        if keys_old[key] == 1 and counts_new[key] == 1:
            moved.append((at, keys_new[key]))
    return moved


def _near_moves(old: Sequence[Line], new: Sequence[Line], gone: list[int], come: list[int]) -> list[Pair]:
    scored = []
    for i in gone:
        for j in come:
            ratio = fuzz.ratio(body(old[i]), body(new[j]), score_cutoff=100 * _MOVED)
            if ratio:
                scored.append((-ratio, i, j))
    moved: list[Pair] = []
    used_old: set[int] = set()
    used_new: set[int] = set()
    for _, i, j in sorted(scored):
        if i not in used_old and j not in used_new:
            moved.append((i, j))
            used_old.add(i)
            used_new.add(j)
    return moved
