"""The text of a version as blocks that a template prints: paragraphs with their place, and tables.

`text` is the truth: one line per paragraph (DESIGN); `lines_json` says what each line is. Stored HTML is never trusted:
`safe_inline` lets `sup`, `sub` and `br` through and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from markupsafe import Markup, escape

from lawdiff.identifiers import ACT_ID
from lawdiff.model import LineKind
from lawdiff.store.rows import unpack_lines, unpack_notes

Row = dict[str, Any]
INLINE = frozenset({"sup", "sub", "br"})
_ACT_HREF = re.compile(rf"/docs/({ACT_ID.pattern})(?![0-9A-Z_])")


@dataclass(frozen=True)
class TextLine:
    """One line: its place (`part_1__point_2`), what it is, its text, and its HTML where text alone loses something."""

    eid: str
    kind: str
    text: str
    html: Markup

    @property
    def depth(self) -> int:
        return self.eid.count("__") + (1 if self.kind == "point" and "__" not in self.eid else 0)


@dataclass
class Block:
    """A paragraph (`lines` holds one) or a table (`lines` holds its rows)."""

    kind: str
    lines: list[TextLine] = field(default_factory=list)

    @property
    def cells(self) -> list[list[str]]:
        return [line.text.split("\t") for line in self.lines]


class _Inline(HTMLParser):
    """Collects text, and the three tags that carry meaning, without their attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self.hidden += 1
        elif tag in INLINE:
            self.parts.append(f"<{tag}>")
            if tag != "br":
                self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self.hidden = max(0, self.hidden - 1)
        elif tag in self.open:
            while self.open:
                last = self.open.pop()
                self.parts.append(f"</{last}>")
                if last == tag:
                    break

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(str(escape(data)))

    def result(self) -> Markup:
        self.close()
        return Markup("".join(self.parts) + "".join(f"</{tag}>" for tag in reversed(self.open)))  # noqa: S704 - built from escaped text and three bare tags


def safe_inline(html: str) -> Markup:
    """`html` with `sup`, `sub` and `br` kept, bare, and everything else reduced to its escaped text."""
    reader = _Inline()
    reader.feed(html)
    return reader.result()


def text_lines(version: Row) -> list[TextLine]:
    """The lines of a version, in order. A line whose stored HTML says other words than its text is shown as text."""
    found: list[TextLine] = []
    for line in unpack_lines(version["text"], version["lines_json"], version["html_json"]):
        html = safe_inline(line.html) if line.html and line.kind not in {LineKind.ROW, LineKind.IMAGE} else None
        if html is None or _letters(html.striptags()) != _letters(line.text):
            html = escape(line.text)
        found.append(TextLine(line.eid, str(line.kind), line.text, html))
    return found


def _letters(text: str) -> str:
    return "".join(text.split())


def blocks(lines: list[TextLine]) -> list[Block]:
    """Lines with the rows of one table gathered into one block."""
    found: list[Block] = []
    for line in lines:
        if line.kind == "row" and found and found[-1].kind == "table" and _table(found[-1].lines[-1]) == _table(line):
            found[-1].lines.append(line)
        else:
            found.append(Block("table" if line.kind == "row" else line.kind, [line]))
    return found


def _table(line: TextLine) -> str:
    return line.eid.rpartition("__")[0]


def paired(left: list[TextLine], right: list[TextLine]) -> list[tuple[list[TextLine], list[TextLine]]]:
    """Two languages side by side, paired by top-level place (part, note, table); what only one has stands alone.

    The left order rules; a place that only the right has follows the place before it there.
    """
    grouped_left, grouped_right = _by_top(left), _by_top(right)
    order = list(grouped_left)
    previous: str | None = None
    for place in grouped_right:
        if place not in grouped_left:
            order.insert(order.index(previous) + 1 if previous in order else 0, place)
        previous = place
    return [(grouped_left.get(place, []), grouped_right.get(place, [])) for place in order]


def _by_top(lines: list[TextLine]) -> dict[str, list[TextLine]]:
    found: dict[str, list[TextLine]] = {}
    for line in lines:
        found.setdefault(line.eid.split("__", 1)[0], []).append(line)
    return found


@dataclass(frozen=True)
class NotePiece:
    """A run of a note's text, with the act that it links to, if any."""

    text: str
    act_id: str | None


def note_pieces(version: Row) -> list[list[NotePiece]]:
    """The portal's notes of a version, each cut at its links to other acts."""
    found: list[list[NotePiece]] = []
    for note in unpack_notes(version["notes"], version["notes_json"]):
        at = 0
        pieces: list[NotePiece] = []
        for link in sorted(note.links, key=lambda link: link.start):
            match = _ACT_HREF.search(f"/{link.href}")
            if not match or link.start < at or link.end > len(note.text) or link.end <= link.start:
                continue
            pieces.append(NotePiece(note.text[at : link.start], None))
            pieces.append(NotePiece(note.text[link.start : link.end], match[1]))
            at = link.end
        pieces.append(NotePiece(note.text[at:], None))
        found.append([piece for piece in pieces if piece.text])
    return found
