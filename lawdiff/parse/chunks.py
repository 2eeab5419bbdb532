"""What was already read of an act: redactions of one act share most of their bytes.

A `ChunkCache` remembers the page before: its pieces of markup between headings, what they were read as, and the units
made of them. The next page is followed along it: where its bytes are the same, nothing is searched, decoded or read
again. Reading with a cache gives the same records as reading without one. It forgets what the last few pages did not
use, so that its size stays within a few pages whatever the length of the history; use one cache for one act and
language.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lawdiff.model import Lang
from lawdiff.parse.cutting import UNSEEN, Chunk, cuts_after, read_chunk, read_opening, split
from lawdiff.parse.page import Markup
from lawdiff.parse.tree import Built

_LOOK_AHEAD = 8  # pieces of the page before that may have gone


class Cut(NamedTuple):
    """A body as chunks. `places[n]` to `places[n + 1]` of `markup` is the markup of `chunks[n]`."""

    markup: Markup
    places: list[int]
    chunks: list[Chunk]

    def text(self, number: int) -> str:
        """The markup of a chunk."""
        return self.markup.text(self.places[number], self.places[number + 1])


def cut_and_read(markup: Markup, lang: Lang) -> Cut:
    """Every chunk of a body. Raises BrokenMarkup, SecondBody, PageRefused."""
    markup, places = split(markup)
    markup.look_for_rare_spaces()
    text = markup.text
    chunks = [read_opening(text(places[0], places[1]))]
    chunks += [read_chunk(text(places[at], places[at + 1]), lang) for at in range(1, len(places) - 1)]
    return Cut(markup, places, chunks)


class ChunkCache:
    """Pieces of markup already read, for the redactions of one act.

    keep: how many pages back an unused piece is remembered.
    """

    def __init__(self, keep: int = 3) -> None:
        self._keep = keep
        self._memories = {lang: _Memory() for lang in Lang}

    def cut_and_read(self, markup: Markup, lang: Lang) -> Cut:
        """`cut_and_read(markup, lang)`, with what is known taken from memory."""
        memory = self._memories[lang]
        followed = _follow(markup, memory.pieces)
        if followed is None:
            markup, places = split(markup)
            markup.look_for_rare_spaces()
            origins: list[int] = [-1] * (len(places) - 1)
        else:
            places, origins = followed
        page = markup.page
        pieces: list[bytes] = []
        chunks: list[Chunk] = []
        for number, origin in enumerate(origins):
            if origin >= 0:
                pieces.append(memory.pieces[origin])
                chunks.append(memory.chunks[origin])
                continue
            piece = page[places[number] : places[number + 1]]
            chunk = memory.find(piece) if number else None
            if chunk is None:
                text = markup.text(places[number], places[number + 1])
                chunk = read_chunk(text, lang) if number else read_opening(text)
            pieces.append(piece)
            chunks.append(chunk)
        memory.keep(pieces, chunks, self._keep)
        return Cut(markup, places, list(chunks))

    def built(self, lang: Lang) -> Built | None:
        """What was made of the page before."""
        return self._memories[lang].built

    def remember(self, lang: Lang, built: Built) -> None:
        """What was made of the page read last."""
        self._memories[lang].built = built


class _Memory:
    """pieces, chunks: of the page before, the opening first. earlier: those of the pages before it."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.chunks: list[Chunk] = []
        self.built: Built | None = None
        self._earlier: list[dict[bytes, Chunk]] = []

    def find(self, piece: bytes) -> Chunk | None:
        for known in self._earlier:
            chunk = known.get(piece)
            if chunk is not None:
                return chunk
        return None

    def keep(self, pieces: list[bytes], chunks: list[Chunk], pages: int) -> None:
        self.pieces = pieces
        self.chunks = chunks
        # an opening is read otherwise than the same bytes further down would be
        self._earlier.insert(0, dict(zip(pieces[1:], chunks[1:], strict=True)))
        del self._earlier[pages + 1 :]


def _follow(markup: Markup, before: Sequence[bytes]) -> tuple[list[int], list[int]] | None:
    """The places at which `split` would cut, and for each piece its place among the pieces `before`, -1 where its bytes
    are new; None where only `split` can tell.

    Why a piece that stands here as it stood there has no cut inside: a cut is decided by what stands between the tag
    before a heading and the end of the heading's line. Every piece starts with a tag that ends the look backwards, and
    the line ends inside the piece or where the next heading starts. So it is enough to see that a heading starts where
    the piece ends, which is told by the piece that follows being the same, too, or by a look.
    """
    if not before:
        return None
    page, end, count = markup.page, markup.end, len(before)
    stands = page.startswith
    places = [markup.start]
    origins: list[int] = []
    at, expected, missed = markup.start, 0, 0
    try:
        while at < end or not origins:  # a heading starts at `at`
            known = expected
            until = min(expected + _LOOK_AHEAD + missed, count) if origins else 1
            while known < until and not stands(before[known], at, end):
                known += 1
            if known < until:
                # a run of pieces that stand as they stood
                first = known
                after = at + len(before[known])
                while known + 1 < count and after < end and stands(before[known + 1], after, end):
                    places.append(after)
                    known += 1
                    after += len(before[known])
                if after == end or next(cuts_after(markup, after - 1), end) == after:
                    origins += range(first, known + 1)
                    places.append(after)
                    at, expected, missed = after, known + 1, 0
                    continue
                # the last one goes on otherwise than before
                origins += range(first, known)
                at = places[-1]
                if known > first and next(cuts_after(markup, at - 1), end) != at:
                    return None
                expected = known
            after = next(cuts_after(markup, at if origins else at - 1), end)
            origins.append(-1)
            places.append(after)
            at = after
            expected = max(expected, 1)
            missed += 1
    except UNSEEN:
        return None
    return places, origins
