"""The short way through an article of plain markup: most of every code.

The markup is cut at `</p>` and `<br>`, where every line ends. A piece that is nothing but a paragraph or a bare line is
taken at once. In any other piece one regular expression finds paragraphs and bare lines, with links or without, and
notes in spans, `p` or red fonts; its last branch takes everything from any other visible character on, and then the
article is not plain (a table, `<sup>`, a quoted `>`): it is read tag by tag by `lawdiff.parse.markup`. Both ways give
the same content; tests/test_parse_generated.py and tests/test_parse_shared.py hold one against the other.
"""

from __future__ import annotations

import re
from html import unescape

from lawdiff.model import Lang, LineKind
from lawdiff.parse import editorial
from lawdiff.parse.blocks import NoteBlock
from lawdiff.parse.content import Body, Content
from lawdiff.parse.lines import ITEM, opens_quotation
from lawdiff.parse.markup import INDENT, NOTE_ITEM, fold, join_pieces, unindented
from lawdiff.parse.records import make_line

_DIGITS = frozenset("0123456789")
_QUOTES = frozenset('"«“')
_MAYBE_EDITORIAL = frozenset("СПЕЗРВҚCEP")
_POINT = LineKind.POINT
_INDENTED = f"\n{INDENT}"
_ANCHOR = '<a name="'
_SPAN = '<span class="note">'
# How nearly all numbered lines start: «1)», «12)» (points), «1.», «12.» (parts).
_item = {
    f"{number}{stop}": (str(number), stop == ")", f"point_{number}") for number in range(100) for stop in (")", ".")
}.get
_RED_FONTS = frozenset(('font color="#FF0000"', 'font color="FF0000"'))
_FORMS = {
    "s": (frozenset(('span class="note"',)), "/span"),
    "f": (_RED_FONTS, "/font"),
    "p": (frozenset(('p class="note"',)), ""),
}
_LINK = r'<(?:a href="[^"<>]*"|/a)>[^<]*+'
_IN_NOTE = r"<(?:/?span|/?font|/?a)\b[^<]*+"
_FIND = re.compile(
    r"""<p(?:\ id="(?P<identity>[^"'<>\s&]*)")?>\s*(?:(?P<text>[^<]*+)|(?P<linked>[^<\s][^<]*+(?:LINK)++))</p>
    |(?:<a\ name="(?P<anchor>[^"'<>\s&]+)"></a>\s*)?(?P<bare>[^<\s][^<]*+(?:LINK)*+)<br\ ?/?>
    |<(?P<note>(?:span\ class="note"|font\ color="\#?FF0000")>[^<]*+(?:IN_NOTE)*+)<br\ ?/?>
    |<(?P<paragraph>p\ class="note">[^<]*+(?:IN_NOTE)*+)</p>
    |<br\ ?/?>
    |(?P<other>\S[\s\S]*)""".replace("LINK", _LINK.replace(" ", r"\ ")).replace("IN_NOTE", _IN_NOTE),
    re.X,
).findall
# A paragraph and a bare line without any tag in them, each with its anchor; one with tags; a note; the rest, from the
# first visible character that is none of these.
_PLAIN = re.compile(
    r"""\s*+(?:<p(?:\ id="(?P<identity>[0-9A-Za-z]++)")?>\s*+(?:INDENT)?(?P<text>[^<]*+)</p>
    |(?:INDENT)?(?:<a\ name="(?P<anchor>[0-9A-Za-z]++)"></a>)?\s*+(?P<bare>[^<]*+)<br\ ?/?>
    |(?P<odd><p\b[^<>]*+>[^<]*+(?:<(?!/?p\b|br\b)[^<]*+)*+</p>
        |(?:INDENT)?(?:<a\ name="[0-9A-Za-z]++"></a>)?\s*+[^<\s][^<]*+(?:<(?:a\ href="[^"<>]*+"|/a)>[^<]*+)++<br\ ?/?>)
    |(?P<note><span\ class="note">[^<]*+(?:<(?:/?span|/?a)\b[^<]*+)*+)<br\ ?/?>
    |(?P<rest>\S[\s\S]*))""".replace("INDENT", INDENT.replace(" ", r"\ ")),
    re.X,
).findall


class _NotFlat(Exception):
    """The markup holds something that only the general reading knows."""


def read_flat(markup: str, start: int, lang: Lang) -> Content | None:
    """The content of an article whose heading ends at `start`, or None where its markup is not plain enough."""
    try:
        return _Flat(lang).read(markup, start)
    except _NotFlat:
        return None


class _Flat:
    settled = True  # no note waits for the next line
    doubled = hard = True  # there may be two spaces together; NBSP
    last_note: NoteBlock | None = None
    pending: str | None = None  # the anchor of an empty paragraph, for the next block

    def __init__(self, lang: Lang) -> None:
        self.body = body = Body(lang)
        self.numbering = body.numbering
        self.append = body.lines.append

    def read(self, markup: str, start: int) -> Content:
        """All from `start` on. No line goes on after `</p>` or `<br>`, so that pieces are read one by one."""
        self.doubled = doubled = markup.rfind("  ") >= 0  # half the time of a search from the left
        self.hard = hard = "\xa0" in markup
        numbering = self.numbering
        used = numbering.used
        part = numbering.part
        append = self.append
        for identity, text, anchor, bare, odd, note, rest in _PLAIN(markup, start):
            line = text or bare
            if line:
                # what `paragraph` does with a numbered line, done here: most lines of a code are numbered
                known = _item(line[:2]) or _item(line[:3])
                if (
                    known is not None
                    and self.settled
                    and "&" not in line
                    and "\n" not in line
                    and line[-1] != " "
                    and not (doubled and "  " in line)
                    and not (hard and "\xa0" in line)
                ):
                    number, is_point, name = known
                    if is_point:
                        eid = numbering.scope + name
                        if eid not in used:
                            used[eid] = 1
                            append(make_line(eid, _POINT, line, number))
                            self.pending = None
                            continue
                    elif line[len(number) + 1 : len(number) + 2] == " ":
                        append(part(number, line))
                        self.pending = None
                        continue
                self.paragraph(line, identity or anchor)
            elif note:
                if not self.linked_note(note.rstrip(), self.pending):
                    self.found(f"{note}<br>")
            elif odd:
                self.found(odd)
            elif rest:
                self.pieces(rest)
            else:
                self.pending = self.pending or identity or anchor or None
        self.end_note()
        return self.body.done()

    def pieces(self, markup: str) -> None:
        """Lines and notes up to ends of lines of any kind."""
        *paragraphs, bare = markup.split("</p>")
        for piece in paragraphs:
            opening, _, text = piece.partition(">")
            if "<" not in text:
                opening = opening.lstrip()
                identity = opening[7:-1]
                if opening[:7] == '<p id="' and identity.isalnum() and opening[-1] == '"':
                    self.paragraph(text, identity)
                    continue
                if opening == "<p":
                    self.paragraph(text, "")
                    continue
            self.found(f"{piece}</p>")
        if bare and not bare.isspace():
            self.bare(bare)

    def bare(self, markup: str) -> None:
        """Lines and notes that end in `<br>`."""
        *lines, rest = markup.split("<br>")
        for piece in lines:
            if "<" not in piece:
                if not piece.isspace():
                    self.paragraph(piece, "")
                continue
            indent, _, text = piece.partition(_ANCHOR)
            identity, closed, text = text.partition('"></a>')
            if closed and "<" not in text and identity.isalnum() and (indent == _INDENTED or _is_blank(indent)):
                self.paragraph(text, identity)
            elif not (indent.lstrip()[:19] == _SPAN and self.linked_note(piece.strip(), self.pending)):
                self.found(f"{piece}<br>")
        if rest and not rest.isspace():
            self.found(rest)

    def paragraph(self, text: str, identity: str) -> None:
        """A line by its raw text. identity: its anchor or empty."""
        if "&" in text:
            if text[:32] == _INDENTED:
                text = text[32:]
            if "&" in text:
                text = " ".join(unescape(text).split())
        text = text.strip()
        if "\n" in text or (self.doubled and "  " in text) or (self.hard and "\xa0" in text):
            text = " ".join(text.split())  # other white space is gone (lawdiff.parse.page)
        if self.settled:
            known = _item(text[:2]) or _item(text[:3])
            if known is not None:
                number, is_point, name = known
                numbering = self.numbering
                if is_point:
                    eid = numbering.scope + name
                    used = numbering.used
                    if eid not in used:
                        used[eid] = 1
                        self.append(make_line(eid, _POINT, text, number))
                        self.pending = None
                        return
                elif text[len(number) + 1 : len(number) + 2] == " ":
                    self.append(numbering.part(number, text))
                    self.pending = None
                    return
        if not text:
            self.pending = self.pending or identity or None
            return
        self.line(text, bool(identity or self.pending))
        self.pending = None

    def found(self, piece: str) -> None:
        """Lines and notes of any plain make, by the expression."""
        # taking an indent or a tag out may leave two spaces
        self.doubled, doubled = True, self.doubled
        for own_anchor, raw, linked, anchor, bare, note, paragraph, other in _FIND(unindented(piece)):
            if raw:
                self.paragraph(raw, own_anchor)
            elif linked or bare:
                self.paragraph(_without_links(linked or bare), own_anchor or anchor)
            elif note or paragraph:
                self.pending = self.note(note or paragraph, self.pending)
            elif other:
                raise _NotFlat
            elif own_anchor:
                self.pending = self.pending or own_anchor
        self.doubled = doubled

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
        self.settled = True

    def note(self, raw: str, anchor: str | None) -> str | None:
        """One line of editorial matter; returns the anchor that is still to be given, where nothing is shown."""
        if raw[0] == "s" and self.linked_note(f"<{raw}", anchor):
            return None
        pieces = raw.split("<")
        form = raw[0]
        opening, closing = _FORMS[form]
        texts: list[str] = []
        links: list[tuple[int, int, str]] = []
        link_start, href = -1, ""
        inside = shown = False
        for piece in pieces:
            head, close, text = piece.partition(">")
            if not close:
                raise _NotFlat
            if head == closing:
                inside = False
            elif head in opening:
                if inside:
                    raise _NotFlat
                inside = True
            elif head == "/a":
                if link_start >= 0:
                    links.append((link_start, len(texts), href))
                    link_start = -1
            elif head[:8] == 'a href="':
                if head.find('"', 8) != len(head) - 1 or link_start >= 0:
                    raise _NotFlat
                link_start, href = len(texts), head[8:-1]
                if "&" in href:
                    href = unescape(href)
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
                texts.append(text)
        if link_start >= 0 or (inside and form != "p"):
            raise _NotFlat
        if not shown:
            return anchor
        joined, spans = join_pieces(texts, links)
        self.add_note(NoteBlock(joined, spans, form == "f", anchor))
        return None

    def linked_note(self, raw: str, anchor: str | None) -> bool:
        """A note of the usual make, one span or spans with a link between each two; False where it is of another."""
        if raw[-7:] != "</span>":
            return False
        first, *rest = raw[19:-7].split('<a href="')
        whole = first.lstrip().removeprefix(INDENT).lstrip()
        if not whole:
            return False
        links: list[tuple[int, int, str]] = []
        for piece in rest:
            href, closed, label = piece.partition('">')
            label, between, text = label.partition("</a>")
            unusual = '"' in href or "&" in href or "<" in href or ">" in href
            if not closed or not between or unusual or label != label.strip():
                return False
            if whole[-7:] == "</span>":
                if text[:19] != _SPAN:
                    return False
                whole = whole[:-7]
                text = text[19:]
            start = len(whole)
            whole = f"{whole}{label}{text}"
            if label:
                links.append((start, start + len(label), href))
        whole = whole.rstrip()
        if "<" in whole or "&" in whole or "  " in whole or not whole.isprintable():
            return False  # there is more in it, or white space to fold
        self.add_note(NoteBlock(whole, tuple(links), False, anchor))
        self.pending = None
        return True

    def add_note(self, block: NoteBlock) -> None:
        self.settled = False
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


def _is_blank(indent: str) -> bool:
    """Whether what stands before the anchor of a line is white space."""
    return not indent or indent.isspace() or fold(indent) == ""


def _without_links(raw: str) -> str:
    """The text of a line whose only tags are links."""
    if "<" not in raw:
        return raw
    if raw.rfind("<a ") > raw.rfind("</a>"):  # it goes on in the next line
        raise _NotFlat
    first, *others = raw.split("<")
    pieces = [first, *[piece.partition(">")[2] for piece in others]]
    for piece in pieces:
        if "&" in piece and ";" not in piece[piece.rfind("&") :]:  # the tag cuts an entity: «&nb</a>sp;» is no space
            raise _NotFlat
    return "".join(pieces)
