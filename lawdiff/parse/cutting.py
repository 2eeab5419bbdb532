"""The body of a page cut at its headings, and the heading markup read (FORMAT §4.1, §4.2).

A cut is made where the page marks up a heading: at `h1`…`h6`, and at a bold line that starts with a level word or an
article number. Bold text of any other kind is ordinary text. The cutting works on the bytes and looks at a few of them
around each `<h` and `<b>` only: what stands between two cuts is decoded by itself, and not at all where it is known
(`lawdiff.parse.chunks`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lawdiff.model import Lang, Unit
from lawdiff.parse.blocks import Block, HeadingLine, TableBlock, TextBlock
from lawdiff.parse.content import Content
from lawdiff.parse.editorial import join_notes
from lawdiff.parse.flat import read_flat
from lawdiff.parse.headings import Head, Level, read_head, read_title
from lawdiff.parse.markup import TOKEN, BrokenMarkup, SecondBody, anchor_of, fold, read_blocks, unindented
from lawdiff.parse.page import Markup

# Tags that may open a heading, and those that must not stand in a body.
_MAYBE = re.compile(
    rb"<(h[1-6]|b[>\s]|strong\b|H[1-6]|B[>\s]|STRONG\b|/article\b|article\b|/ARTICLE\b|ARTICLE\b|!--"
    rb"|[sS][cCtT]|[tT][eE])"
)
_UNSEEN = frozenset(b"!sStT")
_HEADING_TAG = frozenset(b"hH")
_BODY_TAG = frozenset(b"aA/")
_LETTER = rb"(?:[A-Za-z]|[\xd0\xd1\xd3][\x80-\xbf]|\xd2[\x8a-\xbf])"  # Latin or Cyrillic, in UTF-8
_SURE_HEADING = re.compile(
    rb'<b><a name="[^"<>]*"></a>(?:'
    + "Статья".encode()
    + rb" [0-9]+(?:-[0-9]+)*|[0-9]+(?:-[0-9]+)*-"
    + "бап".encode()
    + rb")\. "
    + _LETTER
)
_HEADING_PLAIN = re.compile(
    r'<p><b><a name="([^"<>&]*)"></a>((?:Статья (\d+(?:-\d+)*)|(\d+(?:-\d+)*)-бап)\. [^\W\d_][^<&]*)</b></p>'
)
_CHAPTER_PLAIN = re.compile(
    r"""<h3 id="([^"'<>&\s]+)">\s*((?:Глава (\d+(?:-\d+)*)\.|(\d+(?:-\d+)*)-тарау\.) [^\W\d_][^<&]*)</h3>"""
)
_UNSEEN_WHOLE = re.compile(r"<!--.*?-->|<(script|style|template)\b[^<>]*>.*?</\1\s*>", re.S | re.I)
_UNSEEN_OPENING = re.compile(r"<(?:!--|[sS](?:cript|CRIPT|tyle|TYLE)\b|[tT](?:emplate|EMPLATE)\b)")
_LOOK_AROUND = 1000  # characters before a bold line in which the tag before it is looked for
_LONGEST_CHARACTER = 4  # bytes
MAX_HEADINGS = 20_000  # the longest code has under two thousand
_ANCHOR = re.compile(r"(?:a\b[^<>]*|/a)>(?:\s|&nbsp;)*", re.I)
_EDGE = re.compile(
    r"(?:(?P<para>p\b[^<>]*)|/(?:p|h[1-6]|div|table|article)\s*|br\s*/?)>(?:\s|&nbsp;)*"
    r"(?P<plain>(?:[СC]татья\s*[\d-]{1,12}|\d[\d-]{0,12}\s?-?\s?бап)\s*)?",
    re.I,
)
_ENDS_LINE = re.compile(r"/?(?:p|br|h[1-6]|table|div)\b", re.I)
_HEADING_MARKED = re.compile(r"<h([1-6])\b([^<>]*)>(.*?)(?:</h[1-6]>|(?=<(?:h[1-6]|p|table|div)\b)|\Z)", re.S | re.I)
_HEADING_BOLD = re.compile(r"<p\b([^<>]*)>(.*?)(?:</p>|(?=<p\b)|(?=<h[1-6]\b)|\Z)", re.S | re.I)
_HEADING_BARE = re.compile(r"()(.*?)(?:<br\s*/?>|(?=</?p\b)|(?=<h[1-6]\b)|\Z)", re.S | re.I)
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DIGIT_BEFORE = re.compile(r"\d\s*\Z")


@dataclass(slots=True, eq=False)
class Chunk:
    """What stands between two heading markups: the headings that it prints and what is under them.

    heads: (reading, printed text, anchor), several where one markup holds several levels.
    blocks: what stands under the last of them; empty where `content` holds it already numbered.
    marked: the heading stood in `h1`…`h6` (any text there is a heading); else it was bold.
    layout: some block may be a signature or the head of an annex.
    content: of an article in plain markup. made: the unit that it made last, for the next redaction.
    """

    heads: tuple[tuple[Head, str, str | None], ...]
    blocks: tuple[Block, ...]
    marked: bool
    layout: bool
    content: Content | None = None
    made: tuple[tuple[object, ...], Unit] | None = None


class _Unseen(Exception):
    """The body holds a comment, or a tag whose text no browser shows."""


def split(markup: Markup) -> tuple[Markup, list[int]]:
    """The places at which `markup` is cut: its start, the start of each heading, its end. Comes with the markup that
    was cut, which is another one where the body holds comments or scripts. Raises BrokenMarkup, SecondBody."""
    try:
        found = [*cuts_after(markup, markup.start - 1)]
    except _Unseen:
        markup = Markup.of_text(_without_unseen(markup.text(markup.start, markup.end)))
        try:
            found = [*cuts_after(markup, -1)]
        except _Unseen:
            raise BrokenMarkup(markup.glimpse(0, 400)[:200]) from None
    if len(found) > MAX_HEADINGS:
        raise BrokenMarkup(markup.glimpse(found[0], found[0] + 400)[:200])
    return markup, [markup.start, *found, markup.end]


def cuts_after(markup: Markup, last: int) -> Iterator[int]:
    """The starts of headings after the cut `last`. Raises SecondBody, and `UNSEEN` where a comment or script stands."""
    page = markup.page
    for match in _MAYBE.finditer(page, max(last, markup.start), markup.end):
        at = match.start()
        kind = match[1]
        first = kind[0]
        if first in _HEADING_TAG:
            start = at
        elif page.startswith(b"<p>", at - 3) and _SURE_HEADING.match(page, at, markup.end):
            start = at - 3
        elif first in _BODY_TAG:
            raise SecondBody(page[at : at + 200].decode("utf-8", "replace"))
        elif first in _UNSEEN and _UNSEEN_OPENING.match(page[at : at + 16].decode("utf-8", "replace")):
            raise _Unseen
        elif first in _UNSEEN and len(kind) == 2:
            continue  # `<strike>` and the like
        else:
            start = _bold_heading_start(markup, at)
        if start > last:
            last = start
            yield start


UNSEEN = _Unseen


def _without_unseen(body: str) -> str:
    """`body` without comments and what a browser never shows. Raises BrokenMarkup where one of them never closes."""
    shown = _UNSEEN_WHOLE.sub("", body)
    left = _UNSEEN_OPENING.search(shown)
    if left is not None:
        raise BrokenMarkup(shown[left.start() : left.start() + 200])
    return shown


def _bold_heading_start(markup: Markup, bold: int) -> int:
    """Where a heading line starts whose bold text starts at `bold`, or -1 where that is no heading."""
    page = markup.page
    start = bold
    between = ""
    for _ in range(20):  # anchors may stand before it
        # A character takes several bytes: looked for in as many bytes as that may be, then counted.
        tag = page.rfind(b"<", max(markup.start, start - _LOOK_AROUND * _LONGEST_CHARACTER), start)
        between = markup.glimpse(tag + 1, start) if tag >= 0 else ""
        if len(between) >= _LOOK_AROUND:
            tag = -1
        if tag < 0 or _ANCHOR.fullmatch(between) is None:
            break
        start = tag
    plain = ""
    found = _EDGE.fullmatch(between) if tag >= 0 else None
    if found is None:
        if tag >= 0 or not markup.is_blank_before(start):
            return -1
    elif found["para"]:
        start = tag
        plain = found["plain"] or ""
    elif found["plain"]:
        return -1
    head = read_head(plain + _line_text(markup, bold))
    return start if head is not None and head.number is not None else -1


def _line_text(markup: Markup, at: int) -> str:
    """The first words of the line that starts at the tag at `at`."""
    line = markup.glimpse(at + 1, min(at + 800 * _LONGEST_CHARACTER, markup.end))[:799]
    text = ""
    for place, piece in enumerate(line.split("<")[:12]):
        tag, _, after = piece.partition(">")
        if place and _ENDS_LINE.match(tag):
            break
        text += after
        if len(text) > 100:
            break
    return fold(text[:200])


def read_opening(markup: str) -> Chunk:
    """What stands before the first heading. Raises BrokenMarkup."""
    return _chunk((), markup, False)


def read_chunk(markup: str, lang: Lang, *, in_blocks: bool = False) -> Chunk:
    """A part made by `split` as its headings and what is under them. in_blocks: an article is not numbered at once.
    Raises BrokenMarkup."""
    plain = _HEADING_PLAIN.match(markup)
    if plain is not None:
        anchor, heading, russian, kazakh = plain.groups()
        head = Head(Level.ARTICLE, russian or kazakh, True)
        if "\n" in heading or "\xa0" in heading or "  " in heading or heading[-1] == " ":
            heading = " ".join(heading.split())
        return _read(((head, heading, anchor),), markup, plain.end(), False, None if in_blocks else lang)
    chapter = _CHAPTER_PLAIN.match(markup)
    if chapter is not None:
        anchor, heading, russian, kazakh = chapter.groups()
        head = Head(Level.CHAPTER, russian or kazakh, True)
        return _read(((head, " ".join(heading.split()), anchor),), markup, chapter.end(), True, lang)
    match = _HEADING_MARKED.match(markup)
    marked = match is not None
    if match is not None:
        attrs, inner = match[2], match[3]
    else:
        match = _HEADING_BOLD.match(markup) or _HEADING_BARE.match(markup)
        if match is None:
            return _chunk((), markup, False)
        attrs, inner = match[1], match[2]
    opening = TOKEN.match(markup)
    if opening is None or opening["bad"]:
        raise BrokenMarkup(markup)
    lines = read_heading_lines(inner, anchor_of(attrs))
    if not lines:
        return _chunk((), markup, False)
    return _read(heads_of(lines), markup, match.end(), marked, None if in_blocks else lang)


def _read(
    heads: tuple[tuple[Head, str, str | None], ...], markup: str, start: int, marked: bool, lang: Lang | None
) -> Chunk:
    if lang is not None and heads[-1][0].level is Level.ARTICLE:
        content = read_flat(markup, start, lang)
        if content is not None:
            return Chunk(heads, (), marked, False, content)
    return _chunk(heads, markup[start:], marked)


def _chunk(heads: tuple[tuple[Head, str, str | None], ...], markup: str, marked: bool) -> Chunk:
    blocks = join_notes(read_blocks(unindented(markup)))
    layout = any(
        type(block) is TableBlock or (type(block) is TextBlock and (block.right or block.italic or block.bold))
        for block in blocks
    )
    return Chunk(heads, blocks, marked, layout)


def heads_of(lines: tuple[HeadingLine, ...]) -> tuple[tuple[Head, str, str | None], ...]:
    """The headings that the lines of one heading markup print: several levels may share it, and one level may run
    over several lines (FORMAT §4.2)."""
    found: list[tuple[Head, str, str | None]] = []
    for text, anchor in lines:
        head = read_head(text)
        if head is None and found:
            last, before, first_anchor = found[-1]
            found[-1] = (last._replace(titled=True), f"{before} {text}", first_anchor or anchor)
        else:
            found.append((head or read_title(text), text, anchor))
    return tuple(found)


def read_heading_lines(inner: str, anchor: str | None) -> tuple[HeadingLine, ...]:
    """The printed lines of a heading. A superscript digit after a digit becomes `¹`: its number is «115-1»."""
    lines: list[HeadingLine] = []
    pieces: list[str] = []
    raised = False
    position = 0

    def end_line() -> None:
        nonlocal anchor
        text = fold("".join(pieces))
        pieces.clear()
        if text:
            lines.append(HeadingLine(text, anchor))
            anchor = None

    for token in TOKEN.finditer(inner):
        piece = inner[position : token.start()]
        if piece:
            lifted = raised and piece.strip().isdigit() and _DIGIT_BEFORE.search(pieces[-1] if pieces else "")
            pieces.append(piece.strip().translate(_SUPERSCRIPT) if lifted else piece)
        position = token.end()
        name = token["name"]
        if name is None:
            if token["bad"]:
                raise BrokenMarkup(inner[token.start() : token.start() + 200])
            continue
        name = name.lower()
        if name in ("br", "p", "div"):
            end_line()
        elif name == "sup":
            raised = not token["end"]
        elif name in ("a", "span") and not token["end"] and anchor is None:
            anchor = anchor_of(token["attrs"])
    pieces.append(inner[position:])
    end_line()
    return tuple(lines)
