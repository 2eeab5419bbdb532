"""The sequence engine: what two lists of tokens have in common, as diff-match-patch finds it.

Each distinct token becomes one code point (the surrogate range is skipped) and diff-match-patch compares the two
strings of code points, without a clock and without its own clean-ups. `fast_diff_match_patch` is the same algorithm
in C++; that both give equal ops is proved in tests/test_diff_properties.py, and `reference_blocks` stays here as the
reference.

The work is bounded without a clock: a stretch whose size and edit distance (rapidfuzz) are too large is first cut at
the tokens that occur once on each side (patience), and what then is still too large counts as replaced.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import Any, cast

import fast_diff_match_patch
from diff_match_patch.diff_match_patch import diff_match_patch
from rapidfuzz.distance import Indel

Block = tuple[int, int, int, int]  # a stretch that differs: old[a0:a1] against new[b0:b1]

_EFFORT = 4_000_000  # (tokens of both sides) x (tokens that differ) that the engine is given at once
_SURROGATES = 0xD800
_SURROGATE_COUNT = 0x800


def encode(*sequences: Sequence[Hashable]) -> list[str]:
    """Each sequence as a string with one code point per element, equal for equal elements."""
    codes: dict[Hashable, str] = {}
    encoded = []
    for sequence in sequences:
        letters = []
        for element in sequence:
            letter = codes.get(element)
            if letter is None:
                point = len(codes) + 1
                letter = codes[element] = chr(point if point < _SURROGATES else point + _SURROGATE_COUNT)
            letters.append(letter)
        encoded.append("".join(letters))
    return encoded


def fast_ops(old: str, new: str) -> list[tuple[str, int]]:
    """Ops («=», «-», «+», with a length) of the C++ engine."""
    return list(fast_diff_match_patch.diff(old, new, timelimit=0, checklines=False, cleanup="No", as_patch=False))


def reference_ops(old: str, new: str) -> list[tuple[str, int]]:
    """The same ops from diff-match-patch itself."""
    engine = cast(Any, diff_match_patch)()
    engine.Diff_Timeout = 0
    return [("-=+"[op + 1], len(text)) for op, text in engine.diff_main(old, new, checklines=False)]


def _to_blocks(ops: list[tuple[str, int]], at_old: int, at_new: int) -> list[Block]:
    blocks: list[Block] = []
    start_old, start_new = at_old, at_new
    for op, length in ops:
        if op == "=":
            if (start_old, start_new) != (at_old, at_new):
                blocks.append((start_old, at_old, start_new, at_new))
            at_old += length
            at_new += length
            start_old, start_new = at_old, at_new
        elif op == "-":
            at_old += length
        else:
            at_new += length
    if (start_old, start_new) != (at_old, at_new):
        blocks.append((start_old, at_old, start_new, at_new))
    return blocks


def blocks(
    old: str, new: str, engine: Callable[[str, str], list[tuple[str, int]]] = fast_ops, _depth: int = 0
) -> list[Block]:
    """The stretches in which two encoded strings differ, in order, none adjacent to the next."""
    if old == new:
        return []
    if not old or not new:
        return [(0, len(old), 0, len(new))]
    size = len(old) + len(new)
    if size * size <= _EFFORT or size * Indel.distance(old, new) <= _EFFORT:
        return _to_blocks(engine(old, new), 0, 0)
    if _depth > 1:
        return [(0, len(old), 0, len(new))]
    return _by_anchors(old, new, engine, _depth)


def reference_blocks(old: str, new: str) -> list[Block]:
    """`blocks` by the reference engine."""
    return blocks(old, new, reference_ops)


def _by_anchors(old: str, new: str, engine: Callable[[str, str], list[tuple[str, int]]], depth: int) -> list[Block]:
    """`blocks` between the longest rising run of elements that are unique on both sides."""
    found: list[Block] = []
    at_old = at_new = 0
    for anchor_old, anchor_new in [*unique_anchors(old, new), (len(old), len(new))]:
        for a0, a1, b0, b1 in blocks(old[at_old:anchor_old], new[at_new:anchor_new], engine, depth + 1):
            block = (at_old + a0, at_old + a1, at_new + b0, at_new + b1)
            if found and found[-1][1] == block[0] and found[-1][3] == block[2]:
                block = (found[-1][0], block[1], found.pop()[2], block[3])
            found.append(block)
        at_old, at_new = anchor_old + 1, anchor_new + 1
    return found


def unique_anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Index pairs of elements that occur once on each side, the longest run that rises on both."""
    count_old, count_new = Counter(old), Counter(new)
    place = {element: at for at, element in enumerate(new) if count_new[element] == 1}
    pairs = [(at, place[element]) for at, element in enumerate(old) if count_old[element] == 1 and element in place]
    return rising(pairs)


def rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence of `pairs` (sorted by the first) whose second members rise."""
    tops: list[int] = []
    at: list[int] = []
    back: list[int] = []
    for index, (_, second) in enumerate(pairs):
        slot = bisect_left(tops, second)
        back.append(at[slot - 1] if slot else -1)
        if slot == len(tops):
            tops.append(second)
            at.append(index)
        else:
            tops[slot] = second
            at[slot] = index
    chain: list[tuple[int, int]] = []
    index = at[-1] if at else -1
    while index >= 0:
        chain.append(pairs[index])
        index = back[index]
    return chain[::-1]
