"""The short way through an article of plain markup: most of every code.

`read_flat` reads paragraphs and bare lines with links, and notes in spans, `p` or red fonts, in one pass over the text
cut at every `<`. Anything else (a table, `<sup>`, a comment, a quoted `>`, a normative note) and it gives up: then
`lawdiff.parse.markup` reads the same markup tag by tag. Both ways give the same content; tests/test_parse_flat.py
holds one against the other on every page and on generated ones.
"""

from __future__ import annotations

from html import unescape

from lawdiff.model import Lang, LineKind
from lawdiff.parse import editorial
from lawdiff.parse.blocks import NoteBlock
from lawdiff.parse.content import Body, Content
from lawdiff.parse.lines import ITEM, opens_quotation
from lawdiff.parse.markup import NOTE_ITEM, join_pieces
from lawdiff.parse.records import make_line

_DIGITS = frozenset("0123456789")
_QUOTES = frozenset('"«“')
_MAYBE_EDITORIAL = frozenset("СПЕЗРВҚCEP")
_RED_FONTS = frozenset(('font color="#FF0000"', 'font color="FF0000"'))
_POINT = LineKind.POINT
# How nearly all numbered lines start: «1)», «12)» (points), «1.», «12.» (parts).
_ITEMS = {f"{number}{stop}": (str(number), stop == ")") for number in range(100) for stop in (")", ".")}
_FORMS = {
    "span": (frozenset(('span class="note"',)), "/span"),
    "font": (_RED_FONTS, "/font"),
    "p": (frozenset(('p class="note"',)), "/p"),
}
_BREAKS = ("br>", "br/>", "br />")


class _NotFlat(Exception):
    """The markup holds something that only the general reading knows."""


def read_flat(pieces: list[str], lang: Lang) -> Content | None:
    """The content of an article from its markup cut at every `<`, or None where it is not plain enough.

    pieces: what stands before the first `<`, then each tag without its `<` and the text after it.
    """
    try:
        return _Flat(pieces, lang).read()
    except _NotFlat:
        return None


class _Flat:
    def __init__(self, pieces: list[str], lang: Lang) -> None:
        self.pieces = pieces
        self.body = Body(lang)
        self.last_note: NoteBlock | None = None
        self.anchor: str | None = None

    def read(self) -> Content:
        """All of it. The two commonest lines are read here, `<p id="z5">…</p>` and `<a name="z5"></a>…<br>`."""
        pieces = self.pieces
        last = len(pieces) - 1
        lead = pieces[0]
        index = 1
        line = self.line
        numbering = self.body.numbering
        used = numbering.used
        items = _ITEMS.get
        lines = self.body.lines
        append = lines.append
        waiting = self.body.waiting
        while True:
            if lead and not lead.isspace():
                index, lead = self.bare(index, [lead])
                continue
            if index > last:
                break
            piece = pieces[index]
            if piece[:6] == 'p id="':
                quote = piece.find('"', 6)
                if piece[quote + 1 : quote + 2] != ">":
                    raise _NotFlat
                text = piece[quote + 2 :].strip()
                has_anchor = True
                index += 1
                if index > last or pieces[index][:3] != "/p>":
                    index, lead = self.paragraph(index, piece[quote + 2 :], piece[6:quote])
                    continue
                if not text:
                    self.anchor = self.anchor or piece[6:quote]
            elif piece[:2] == "p>":
                index += 1
                if index > last or pieces[index][:3] != "/p>":
                    index, lead = self.paragraph(index, piece[2:], None)
                    continue
                text = piece[2:].strip()
                has_anchor = self.anchor is not None
            elif piece[:8] == 'a name="' and index + 2 <= last and pieces[index + 2][:2] == "br":
                quote = piece.find('"', 8)
                text = pieces[index + 1]
                if piece[quote + 1 :] != ">" or text[:3] != "/a>" or self.anchor is not None:
                    raise _NotFlat
                text = text[3:].strip()
                has_anchor = True
                if not text:
                    self.anchor = piece[8:quote] or None
                index += 2
                _after_break(pieces[index])
            else:
                index, lead = self.other(index, piece)
                continue
            piece = pieces[index]
            lead = "" if piece == "/p>\n" else piece.partition(">")[2]
            index += 1
            if text:
                if "&" in text:
                    text = unescape(text).strip()
                    if not text:
                        continue
                if "  " in text or not text.isprintable():
                    text = " ".join(text.split())
                if lines and self.last_note is None and not waiting:
                    known = items(text[:2]) or items(text[:3])
                    if known is not None:
                        number, is_point = known
                        if is_point:
                            eid = f"{numbering.scope}point_{number}"
                            if eid not in used:
                                used[eid] = 1
                                append(make_line(eid, _POINT, text, number))
                                self.anchor = None
                                continue
                        elif text[len(number) + 1 : len(number) + 2] == " ":
                            append(numbering.part(number, text))
                            self.anchor = None
                            continue
                line(text, has_anchor)
                self.anchor = None
        self.end_note()
        return self.body.done()

    # lines

    def line(self, text: str, has_anchor: bool) -> None:
        """A paragraph of law, its text folded."""
        body = self.body
        lines = body.lines
        first = text[0]
        if not lines and (
            (len(text) < 14 and editorial.CONTENTS_WORD.fullmatch(text)) or editorial.is_placeholder(text)
        ):
            raise _NotFlat
        if first in _DIGITS:
            match = ITEM.match(text)
            made = body.numbering.line(text) if match is None else body.numbering.numbered(match, text)
        else:
            if first in _QUOTES and opens_quotation(text):
                raise _NotFlat
            note = first in _MAYBE_EDITORIAL and editorial.MAYBE_NOTE.match(text) is not None
            if note and (editorial.EDITORIAL_TEXT.match(text) or body.lang is not Lang.RU):
                raise _NotFlat
            made = body.numbering.line(text) if note else body.numbering.paragraph(text)
        if self.last_note is not None:
            self.end_note()
        if body.waiting:
            body.give(made.eid, has_anchor)
        lines.append(made)

    def law(self, raw: list[str], has_anchor: bool) -> None:
        text = "".join([unescape(piece) if "&" in piece else piece for piece in raw]).strip()
        if not text.isprintable() or "  " in text:
            text = " ".join(text.split())
        self.line(text, has_anchor)

    def paragraph(self, index: int, first: str, identity: str | None) -> tuple[int, str]:
        """A paragraph with links or anchors inside; returns the next piece and the text before it."""
        pieces = self.pieces
        count = len(pieces)
        raw = [first]
        linked = False
        while index < count:
            piece = pieces[index]
            index += 1
            if piece[:3] == "/p>":
                break
            if piece[:8] == 'a href="':
                linked = True
            elif piece[:3] != "/a>":
                raise _NotFlat
            raw.append(_after(piece))
        else:
            raise _NotFlat
        if not linked or not raw[0].strip():
            raise _NotFlat  # anchors in mid-line, and lines that are a link: rare, read the long way
        self.law(raw, identity is not None or self.anchor is not None)
        self.anchor = None
        return index, piece[3:]

    def bare(self, index: int, raw: list[str]) -> tuple[int, str]:
        """A line outside any element, up to its `<br>`."""
        pieces = self.pieces
        count = len(pieces)
        while index < count:
            piece = pieces[index]
            index += 1
            if piece[:2] == "br":
                self.law(raw, self.anchor is not None)
                self.anchor = None
                return index, _after_break(piece)
            if piece[:8] != 'a href="' and piece[:3] != "/a>":
                raise _NotFlat
            raw.append(_after(piece))
        raise _NotFlat

    # the rest

    def other(self, index: int, piece: str) -> tuple[int, str]:
        """What is neither a paragraph nor a bare line."""
        if piece[:17] == 'span class="note"':
            return self.note(index, "span")
        if piece[:8] == 'a name="':
            return self.named(index, piece)
        if piece.startswith(_BREAKS):
            return index + 1, _after_break(piece)
        if piece[:15] == 'p class="note">':
            return self.note(index, "p")
        if piece.partition(">")[0] in _RED_FONTS:
            return self.note(index, "font")
        raise _NotFlat

    def named(self, index: int, piece: str) -> tuple[int, str]:
        """An anchor at the start of a line."""
        head, close, rest = piece.partition('">')
        if not close or rest or '"' in head[8:] or self.anchor is not None:
            raise _NotFlat
        if index + 1 >= len(self.pieces) or self.pieces[index + 1][:3] != "/a>":
            raise _NotFlat
        self.anchor = head[8:] or None
        return index + 2, self.pieces[index + 1][3:]

    def note(self, index: int, form: str) -> tuple[int, str]:
        """One line of editorial matter, up to its `<br>` or `</p>`."""
        pieces = self.pieces
        count = len(pieces)
        opening, closing = _FORMS[form]
        raw: list[str] = []
        links: list[tuple[int, int, str]] = []
        link_start, href = -1, ""
        inside = False
        anchor = self.anchor
        self.anchor = None
        shown = False
        while index < count:
            head, close, text = pieces[index].partition(">")
            index += 1
            if not close:
                raise _NotFlat
            if head == closing:
                inside = False
                if form == "p":
                    break
            elif head in opening:
                if inside:
                    raise _NotFlat
                inside = True
            elif head == "/a":
                if link_start >= 0:
                    links.append((link_start, len(raw), href))
                    link_start = -1
            elif head[:8] == 'a href="':
                if head.find('"', 8) != len(head) - 1 or link_start >= 0:
                    raise _NotFlat
                link_start, href = len(raw), head[8:-1]
                if "&" in href:
                    href = unescape(href)
            elif head[:2] == "br" and form != "p" and not inside and link_start < 0 and f"{head}>" in _BREAKS:
                break
            elif head[:8] == 'a name="' and not shown and anchor is None and head.find('"', 8) == len(head) - 1:
                anchor = head[8:-1] or None
            else:
                raise _NotFlat
            if text:
                if "&" in text:
                    text = unescape(text)
                if not text.isspace():
                    if not inside and (not shown or (link_start < 0 and NOTE_ITEM.match(text))):
                        raise _NotFlat
                    shown = True
                raw.append(text)
        else:
            raise _NotFlat
        if shown:
            joined, spans = join_pieces(raw, links)
            self.add_note(NoteBlock(joined, spans, form == "font", anchor))
        elif anchor is not None:
            self.anchor = anchor
        return index, text

    def add_note(self, block: NoteBlock) -> None:
        last = self.last_note
        if last is not None:
            merged = editorial.join(last, block)
            if merged is not None:
                self.last_note = merged
                return
            self.body.note(last)
        self.last_note = block

    def end_note(self) -> None:
        if self.last_note is not None:
            self.body.note(self.last_note)
            self.last_note = None


def _after(piece: str) -> str:
    head, close, text = piece.partition(">")
    if not close or head.count('"') & 1 or "'" in head:
        raise _NotFlat
    return text


def _after_break(piece: str) -> str:
    head, close, text = piece.partition(">")
    if not close or f"{head}>" not in _BREAKS:
        raise _NotFlat
    return text
