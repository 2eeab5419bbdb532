"""Two lines of text → word ops: («=», text), («-», text), («+», text).

Guarantees: the «=» and «-» texts joined are the old line, the «=» and «+» texts joined the new one; a «-» comes right
before the «+» that replaces it; no two neighbours have one op; no op ends inside a token; swapping the lines swaps
«-» and «+» (always computed in one canonical direction); equal input gives equal output.

Hunks are made for reading: an island of unchanged words is swallowed when it is no longer than the changes on both of
its sides (the rule of diff-match-patch's semantic clean-up, counted in words), or tiny between large changes; a line
of which little is left is shown as replaced; a lone insertion or deletion slides to start where a clause starts.
"""

from __future__ import annotations

from collections import Counter
from itertools import accumulate
from typing import Literal

from lawdiff.diff.engine import Block, blocks, encode
from lawdiff.diff.tokens import Piece, pieces

WordOp = tuple[Literal["=", "-", "+"], str]

_KEPT_AT_LEAST = 0.2  # share of words in common below which a line counts as replaced
_OPENERS = frozenset({",", ";", "либо", "или", "и", "а", "немесе", "және", "не", "(", "с"})


def word_ops(old: str, new: str) -> tuple[WordOp, ...]:
    """The word ops that turn `old` into `new`; empty for two empty texts."""
    if old == new:
        return (("=", old),) if old else ()
    if old > new:
        return invert(_ops(new, old))
    return _ops(old, new)


def invert(ops: tuple[WordOp, ...]) -> tuple[WordOp, ...]:
    """The ops of the opposite direction, deletions again before insertions."""
    inverted: list[WordOp] = []
    at = 0
    while at < len(ops):
        op, text = ops[at]
        if op == "-":
            if at + 1 < len(ops) and ops[at + 1][0] == "+":
                inverted.append(("-", ops[at + 1][1]))
                at += 1
            inverted.append(("+", text))
        else:
            inverted.append(("-" if op == "+" else "=", text))
        at += 1
    return tuple(inverted)


def replaced(old: str, new: str) -> tuple[WordOp, ...]:
    """The ops that replace all of `old` by all of `new`."""
    return (*((("-", old),) if old else ()), *((("+", new),) if new else ()))


def _ops(old: str, new: str) -> tuple[WordOp, ...]:
    a, b = pieces(old), pieces(new)
    hunks = _hunks([token for _, token in a], [token for _, token in b])
    return _emit(a, b, hunks)


def _hunks(a: list[str], b: list[str]) -> list[Block]:
    head = _common(a, b)
    tail = _common(a[head:][::-1], b[head:][::-1])
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    if not middle_a and not middle_b:
        return []
    if middle_a and middle_b:
        if _little_left(middle_a, middle_b):
            found = [(0, len(middle_a), 0, len(middle_b))]
        else:
            code_a, code_b = encode(middle_a, middle_b)
            found = blocks(code_a, code_b)
    else:
        found = [(0, len(middle_a), 0, len(middle_b))]
    shifted = [(a0 + head, a1 + head, b0 + head, b1 + head) for a0, a1, b0, b1 in found]
    return _merge_islands(a, b, _slide_all(a, b, shifted))


def _common(a: list[str], b: list[str]) -> int:
    if a[: len(b)] == b[: len(a)]:
        return min(len(a), len(b))
    for at, (one, other) in enumerate(zip(a, b, strict=False)):
        if one != other:
            return at
    raise AssertionError("two lists that differ within their common length have a first difference")


def _is_word(token: str) -> bool:
    return token[:1].isalnum() or token[-1:].isalnum()


def _little_left(middle_a: list[str], middle_b: list[str]) -> bool:
    """Whether so few words of the changed middle recur that showing them as kept would be confetti."""
    if min(len(middle_a), len(middle_b)) < 8:
        return False
    words_a = Counter(token for token in middle_a if _is_word(token))
    words_b = Counter(token for token in middle_b if _is_word(token))
    shared = (words_a & words_b).total()
    return shared < _KEPT_AT_LEAST * max(words_a.total(), words_b.total())


def _slide_all(a: list[str], b: list[str], hunks: list[Block]) -> list[Block]:
    """Each lone insertion or deletion moved, within its neighbours, to where it reads best."""
    slid: list[Block] = []
    for at, (a0, a1, b0, b1) in enumerate(hunks):
        shift = 0
        before = slid[-1] if slid else (-1, -1, -1, -1)
        after = hunks[at + 1] if at + 1 < len(hunks) else (len(a) + 1, 0, len(b) + 1, 0)
        if b0 == b1:
            shift = _shift(a, a0, a1, before[1] + 1, after[0] - 1)
        elif a0 == a1:
            shift = _shift(b, b0, b1, before[3] + 1, after[2] - 1)
        slid.append((a0 + shift, a1 + shift, b0 + shift, b1 + shift))
    return slid


def _shift(side: list[str], start: int, end: int, floor: int, ceiling: int) -> int:
    first, last = start, start
    length = end - start
    while first > floor and side[first - 1] == side[first + length - 1]:
        first -= 1
    while last + length < ceiling and side[last] == side[last + length]:
        last += 1
    if first == last:
        return 0
    places = range(first, last + 1)
    return max(places, key=lambda place: (_reads_well(side, place, place + length), -abs(place - start))) - start


def _reads_well(side: list[str], start: int, end: int) -> int:
    score = 0
    if start == 0 or end == len(side):
        score += 2
    if side[start] in _OPENERS:
        score += 3
    if end < len(side) and not _is_word(side[end]):
        score += 1
    if start and not _is_word(side[start - 1]) and side[start] not in ",;.)":
        score += 1
    return score


def _merge_islands(a: list[str], b: list[str], hunks: list[Block]) -> list[Block]:
    if len(hunks) < 2:
        return hunks
    sums_a, sums_b = _word_sums(a), _word_sums(b)
    merged: list[Block] = []
    for hunk in hunks:
        current = hunk
        while merged and not _is_enumerator(a, b, merged[-1]):
            island = sums_a[current[0]] - sums_a[merged[-1][1]]
            if not _swallowed(island, _size(sums_a, sums_b, merged[-1]), _size(sums_a, sums_b, current)):
                break
            previous = merged.pop()
            current = (previous[0], current[1], previous[2], current[3])
        merged.append(current)
    return merged


def _is_enumerator(a: list[str], b: list[str], hunk: Block) -> bool:
    """Whether the hunk is the number that opens the line: it is read apart from the words after it."""
    a0, a1, b0, b1 = hunk
    return a0 == b0 == 0 and a1 < 2 and b1 < 2 and all(token[0].isdigit() for token in a[:a1] + b[:b1])


def _word_sums(side: list[str]) -> list[int]:
    return list(accumulate(map(_is_word, side), initial=0))


def _size(sums_a: list[int], sums_b: list[int], hunk: Block) -> int:
    a0, a1, b0, b1 = hunk
    return max(sums_a[a1] - sums_a[a0], sums_b[b1] - sums_b[b0])


def _swallowed(island: int, before: int, after: int) -> bool:
    return island == 0 or (island <= before and island <= after) or (island <= 2 and before + after >= 10 * island)


def _emit(a: list[Piece], b: list[Piece], hunks: list[Block]) -> tuple[WordOp, ...]:
    writer = _Writer()
    at_a = at_b = 0
    for a0, a1, b0, b1 in [*hunks, (len(a), len(a), len(b), len(b))]:
        writer.kept(a[at_a:a0], b[at_b:b0])
        writer.changed(_text(a[a0:a1]), _text(b[b0:b1]))
        at_a, at_b = a1, b1
    return writer.ops()


def _text(run: list[Piece]) -> str:
    return "".join([space + token for space, token in run])


class _Writer:
    """Gathers ops: neighbours of one op joined, a deletion before its insertion, equal outer white space kept."""

    def __init__(self) -> None:
        self._ops: list[WordOp] = []
        self._equal = self._removed = self._added = ""

    def kept(self, old: list[Piece], new: list[Piece]) -> None:
        """A run whose tokens are equal; white space between them may differ."""
        if old == new:
            self._keep(_text(old))
            return
        for (space_old, token), (space_new, _) in zip(old, new, strict=True):
            if space_old == space_new:
                self._keep(space_old + token)
            else:
                self.changed(space_old, space_new)
                self._keep(token)

    def changed(self, old: str, new: str) -> None:
        self._removed += old
        self._added += new

    def _keep(self, text: str) -> None:
        if not text:
            return
        if self._removed or self._added:
            self._flush()
        self._equal += text

    def _flush(self) -> None:
        removed, added = self._removed, self._added
        lead = len(removed) - len(removed.lstrip())
        if lead and removed != added and removed[:lead] == added[: len(added) - len(added.lstrip())]:
            self._equal += removed[:lead]
            removed, added = removed[lead:], added[lead:]
        if removed == added:
            self._equal += removed
        else:
            if self._equal:
                self._ops.append(("=", self._equal))
                self._equal = ""
            self._ops.extend(replaced(removed, added))
        self._removed = self._added = ""

    def ops(self) -> tuple[WordOp, ...]:
        if self._removed or self._added:
            self._flush()
        if self._equal:
            self._ops.append(("=", self._equal))
        return tuple(self._ops)
