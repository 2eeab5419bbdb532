"""What was already read of an act: redactions of one act share most of their bytes.

A `ChunkCache` remembers the pieces of markup between headings and the articles made of them. Reading with a cache
gives the same records as reading without one. It forgets what the last few pages did not use, so that its size stays
within a few pages whatever the length of the history; use one cache for one act and language.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from lawdiff.model import Lang
from lawdiff.parse.cutting import Chunk, read_chunk

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Generations(Generic[Key, Value]):
    """A mapping that keeps what the present page and the last few used."""

    def __init__(self, keep: int) -> None:
        self._pages: list[dict[Key, Value]] = [{}]
        self._keep = keep

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        newest = self._pages[0]
        for page in self._pages:
            value = page.get(key)
            if value is not None:
                if page is not newest:
                    newest[key] = value
                return value
        value = newest[key] = make()
        return value

    def turn(self) -> None:
        """A page is done: what none of the last `keep` pages used is forgotten."""
        self._pages.insert(0, {})
        del self._pages[self._keep + 1 :]

    def __len__(self) -> int:
        return len(set().union(*self._pages))


class ChunkCache:
    """Pieces of markup already read, for the redactions of one act.

    keep: how many pages back an unused piece is remembered.
    """

    def __init__(self, keep: int = 3) -> None:
        self._chunks: dict[Lang, Generations[str, Chunk]] = {lang: Generations(keep) for lang in Lang}

    def chunk(self, markup: str, lang: Lang) -> Chunk:
        """`read_chunk(markup, lang)`, or what it gave before."""
        return self._chunks[lang].get(markup, lambda: read_chunk(markup, lang))

    def turn(self, lang: Lang) -> None:
        """A page is done."""
        self._chunks[lang].turn()
