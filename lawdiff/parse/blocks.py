"""The physical blocks of a page's body: paragraphs, notes, tables, headings.

`read_chunk` turns the markup between two headings into a flat tuple of blocks, in page order, with no idea of law:
a block is what the page shows as one. Every visible character of the markup is in exactly one block.
"""

from __future__ import annotations

from typing import NamedTuple


class TextBlock(NamedTuple):
    """A paragraph of law.

    html: safe HTML where text alone loses something. anchor: `z5`. right: aligned right. italic, bold: all of it.
    link_only: it is nothing but a link. image: it shows no text.
    """

    text: str
    html: str | None = None
    anchor: str | None = None
    right: bool = False
    italic: bool = False
    link_only: bool = False
    image: bool = False
    bold: bool = False


class NoteBlock(NamedTuple):
    """A run of editorial matter. links: (start, end, href) in `text`. red: it stood in a red `font`."""

    text: str
    links: tuple[tuple[int, int, str], ...] = ()
    red: bool = False
    anchor: str | None = None


class TableBlock(NamedTuple):
    """A table. rows: (cells joined by a tab, safe HTML of the row). italic: its words stand in `<i>`."""

    rows: tuple[tuple[str, str], ...]
    cells: int
    italic: bool
    bordered: bool
    anchor: str | None = None

    @property
    def text(self) -> str:
        return " ".join(row[0].replace("\t", " ").strip() for row in self.rows)


class HeadingLine(NamedTuple):
    """One printed line of a heading, between two `<br>`. anchor: `z188`."""

    text: str
    anchor: str | None


Block = TextBlock | NoteBlock | TableBlock
