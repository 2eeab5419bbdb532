"""The body of a page cut at its headings, and the heading markup read (FORMAT §4.1, §4.2).

A cut is made where the page marks up a heading: at `h1`…`h6`, and at a bold line that starts with a level word or an
article number. Bold text of any other kind is ordinary text. The cutting looks at a few characters around each `<h` and
`<b>` only, so that a page whose chunks are already known costs little more than this.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lawdiff.model import Lang, Unit
from lawdiff.parse.blocks import Block, HeadingLine, TableBlock, TextBlock
from lawdiff.parse.content import Content
from lawdiff.parse.editorial import join_notes
from lawdiff.parse.flat import read_flat
from lawdiff.parse.headings import PLAIN_ARTICLE, Head, Level, read_head, read_title
from lawdiff.parse.markup import TOKEN, BrokenMarkup, anchor_of, fold, read_blocks

_HEADING_DIGITS = frozenset("123456")
# First two characters of tags that may open a heading, and of those that must not stand in a body.
_MAYBE = frozenset(
    (first + second)
    for letters in ("b>", "b ", "b\n", "st", "sc", "te", "ar", "!-", *(f"h{digit}" for digit in "123456"))
    for first in {letters[0], letters[0].upper()}
    for second in {letters[1], letters[1].upper()}
)
_UNSEEN = re.compile(r"!--|(?:script|style|template)\b", re.I)
_UNSEEN_WHOLE = re.compile(r"<!--.*?-->|<(script|style|template)\b[^<>]*>.*?</\1\s*>", re.S | re.I)
_UNSEEN_OPENING = re.compile(r"<(?:!--|(?:script|style|template)\b)", re.I)
_ARTICLE_TAG = re.compile(r"article\b", re.I)
MAX_HEADINGS = 20_000  # the longest code has under two thousand
_BOLD_TAG = re.compile(r"(?:b|strong)\b[^<>]*>", re.I)
_ANCHOR = re.compile(r"(?:a\b[^<>]*|/a)>(?:\s|&nbsp;)*", re.I)
_EDGE = re.compile(
    r"(?:(?P<para>p\b[^<>]*)|/(?:p|h[1-6]|div|table|article)\s*|br\s*/?)>(?:\s|&nbsp;)*"
    r"(?P<plain>(?:[СC]татья\s*[\d-]{1,12}|\d[\d-]{0,12}\s?-?\s?бап)\s*)?",
    re.I,
)
_ENDS_LINE = re.compile(r"/?(?:p|br|h[1-6]|table|div)\b", re.I)
_NAMED = re.compile(r'a name="([^"<>&]*)">')
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


def split(body: str) -> tuple[str, list[list[str]]]:
    """`body` cut before each heading: what stands before the first, then a part for each heading.

    A part is its markup cut at every `<`: each tag without its `<`, with the text after it.
    """
    pieces = body.split("<")
    maybe = [index for index, piece in enumerate(pieces) if piece[:2] in _MAYBE]
    if any(_UNSEEN.match(pieces[index]) for index in maybe):
        pieces = _without_unseen(body).split("<")
        maybe = [index for index, piece in enumerate(pieces) if piece[:2] in _MAYBE]
    cuts: list[int] = []
    for index in maybe:
        if index == 0:
            continue
        piece = pieces[index]
        if piece[1] in _HEADING_DIGITS:
            start: int | None = index
        elif pieces[index - 1] == "p>" and _is_plain_article(pieces, index):
            start = index - 1
        elif _ARTICLE_TAG.match(piece):
            raise BrokenMarkup(f"<{piece}")
        else:
            start = _bold_heading_start(pieces, index, piece)
        if start is not None and (not cuts or start > cuts[-1]):
            cuts.append(start)
    if len(cuts) > MAX_HEADINGS:
        raise BrokenMarkup("<" + "<".join(pieces[cuts[0] : cuts[0] + 20]))
    cuts.append(len(pieces))
    return "<".join(pieces[: cuts[0]]), [pieces[cuts[i] : cuts[i + 1]] for i in range(len(cuts) - 1)]


def _without_unseen(body: str) -> str:
    """`body` without comments and what a browser never shows. Raises BrokenMarkup where one of them never closes."""
    shown = _UNSEEN_WHOLE.sub("", body)
    left = _UNSEEN_OPENING.search(shown)
    if left is not None:
        raise BrokenMarkup(shown[left.start() : left.start() + 200])
    return shown


def _is_plain_article(pieces: list[str], bold: int) -> bool:
    """Whether the line is `<p><b><a name="z5"></a>Статья 1. …`, as nearly all of them are."""
    place = bold + 2 if pieces[bold] == "b>" else len(pieces)
    return place < len(pieces) and PLAIN_ARTICLE.match(pieces[place], 3) is not None and pieces[place][:3] == "/a>"


def _bold_heading_start(pieces: list[str], bold: int, piece: str) -> int | None:
    """Index of the piece at which a heading line starts whose bold text starts at `bold`, or None."""
    if _BOLD_TAG.match(piece) is None:
        return None
    before = bold - 1
    while before > max(0, bold - 20) and _ANCHOR.fullmatch(pieces[before]):
        before -= 1
    edge = pieces[before]
    if edge in ("p>", "/p>", "/p>\n"):
        start, plain = (before if edge == "p>" else before + 1), ""
    else:
        found = _EDGE.fullmatch(edge) if before else None
        if found is None:
            if before or edge.strip():
                return None
            start, plain = 1, ""
        else:
            start = before if found["para"] else before + 1
            plain = found["plain"] or ""
            if plain and not found["para"]:
                return None
    head = read_head(plain + _line_text(pieces, bold))
    return start if head is not None and head.number is not None else None


def _line_text(pieces: list[str], index: int) -> str:
    """The first words of the line that starts at the tag `pieces[index]`."""
    text = ""
    for place in range(index, min(index + 12, len(pieces))):
        tag, _, after = pieces[place].partition(">")
        if place > index and _ENDS_LINE.match(tag):
            break
        text += after
        if len(text) > 100:
            break
    return fold(text[:200])


def read_opening(markup: str) -> Chunk:
    """What stands before the first heading. Raises BrokenMarkup."""
    return _chunk((), markup, False)


def read_chunk(pieces: list[str], lang: Lang) -> Chunk:
    """A part made by `split` as its headings and what is under them. Raises BrokenMarkup."""
    if len(pieces) > 5 and pieces[4] == "/b>" and pieces[0] == "p>" and pieces[1] == "b>" and pieces[5][:3] == "/p>":
        text = pieces[3]
        anchor = _NAMED.fullmatch(pieces[2])
        plain = PLAIN_ARTICLE.match(text, 3)
        if plain is not None and anchor is not None and text[:3] == "/a>" and "&" not in text:
            head = Head(Level.ARTICLE, plain[1] or plain[2], True)
            heads = ((head, " ".join(text[3:].split()), anchor[1]),)
            return _read(heads, [pieces[5][3:], *pieces[6:]], False, lang)
    markup = "<" + "<".join(pieces)
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
    return _read(heads_of(lines), markup[match.end() :].split("<"), marked, lang)


def _read(heads: tuple[tuple[Head, str, str | None], ...], pieces: list[str], marked: bool, lang: Lang) -> Chunk:
    if heads[-1][0].level is Level.ARTICLE:
        content = read_flat(pieces, lang)
        if content is not None:
            return Chunk(heads, (), marked, False, content)
    return _chunk(heads, "<".join(pieces), marked)


def _chunk(heads: tuple[tuple[Head, str, str | None], ...], markup: str, marked: bool) -> Chunk:
    blocks = join_notes(read_blocks(markup))
    layout = any(
        type(block) is TableBlock or (type(block) is TextBlock and (block.right or block.italic)) for block in blocks
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
