"""The body of a page cut at its headings, and the heading markup read (FORMAT §4.1, §4.2).

A cut is made where the page marks up a heading: at `h1`…`h6`, and at a bold line that starts with a level word or an
article number. Bold text of any other kind is ordinary text. The cutting looks at a few characters around each `<h` and
`<b>` only, so that a page whose chunks are already known costs little more than this.
"""

from __future__ import annotations

import re

from lawdiff.parse.blocks import Chunk, HeadingLine, TableBlock, TextBlock
from lawdiff.parse.editorial import join_notes
from lawdiff.parse.headings import Head, read_head, read_title
from lawdiff.parse.markup import TOKEN, BrokenMarkup, anchor_of, fold, read_blocks

_OPENING = re.compile(r"<(?:h[1-6]|b|strong)\b", re.I)
_BEFORE_BOLD = re.compile(
    r"(?:(?P<para><p\b[^<>]*>)|(?P<edge></(?:p|h[1-6]|div|table|article)>|<br\s*/?>|<article[^<>]*>|\A))"
    r"(?:\s|<a\b[^<>]*>|</a>)*(?P<plain>[СC]татья\s*[\d-]{1,12}|\d[\d-]{0,12}\s?-?\s?бап)?\s*\Z",
    re.I,
)
_TAGS = re.compile(r"<[^<>]*>")
_LINE_END = re.compile(r"</p>|</h[1-6]>|<br\b|<p\b|<h[1-6]\b|<table\b|<div\b", re.I)
_HEADING_MARKED = re.compile(r"<h([1-6])\b([^<>]*)>(.*?)(?:</h[1-6]>|(?=<h[1-6]\b)|\Z)", re.S | re.I)
_HEADING_PLAIN = re.compile(r'<p><b><a name="([^"<>&]*)"></a>([^<&]*)</b></p>')
_HEADING_BOLD = re.compile(r"<p\b([^<>]*)>(.*?)(?:</p>|(?=<p\b)|(?=<h[1-6]\b)|\Z)", re.S | re.I)
_HEADING_BARE = re.compile(r"()(.*?)(?:<br\s*/?>|(?=</?p\b)|(?=<h[1-6]\b)|\Z)", re.S | re.I)
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DIGIT_BEFORE = re.compile(r"\d\s*\Z")


def split(body: str) -> list[str]:
    """`body` cut before each heading; the first piece is what stands before the first heading (maybe empty)."""
    cuts = [0]
    for match in _OPENING.finditer(body):
        start = match.start()
        if body[start + 1] not in "hH":
            start = _bold_heading_start(body, start)
            if start < 0:
                continue
        if start > cuts[-1]:
            cuts.append(start)
        elif start == 0 and len(cuts) == 1:
            cuts.append(0)
    cuts.append(len(body))
    return [body[cuts[i] : cuts[i + 1]] for i in range(len(cuts) - 1)]


def _bold_heading_start(body: str, bold: int) -> int:
    """Where the line starts whose bold text starts at `bold`, if it is a heading; else -1."""
    plain = ""
    if body.startswith("<p>", bold - 3):
        start = bold - 3
    else:
        low = max(0, bold - 160)
        before = _last_edge(body, low, bold)
        if before is None:
            return -1
        start = before.start("para") + low if before["para"] else before.end("edge") + low
        plain = before["plain"] or ""
    line_end = _LINE_END.search(body, bold)
    stop = min(line_end.start() if line_end else len(body), bold + 200)
    text = fold(plain + _TAGS.sub("", body[bold:stop]))
    head = read_head(text)
    return start if head is not None and head.number is not None else -1


def _last_edge(body: str, low: int, bold: int) -> re.Match[str] | None:
    window = body[low:bold]
    for place in range(len(window) - 1, -1, -1):
        if window[place] == "<":
            match = _BEFORE_BOLD.match(window, place)
            if match is not None:
                return match
            if window.startswith(("<b>", "<br", "</p", "<p"), place):
                return None
    return _BEFORE_BOLD.match(window) if low == 0 else None


def read_opening(markup: str) -> Chunk:
    """What stands before the first heading. Raises BrokenMarkup."""
    return _chunk((), markup, False)


def read_chunk(markup: str) -> Chunk:
    """A piece made by `split` as its heading and the blocks under it. Raises BrokenMarkup."""
    plain = _HEADING_PLAIN.match(markup)
    if plain is not None:
        heading = (HeadingLine(" ".join(plain[2].split()), plain[1]),)
        return _chunk(heading, markup[plain.end() :], False)
    match = _HEADING_MARKED.match(markup)
    marked = match is not None
    if match is not None:
        attrs, inner = match[2], match[3]
    else:
        match = _HEADING_BOLD.match(markup) or _HEADING_BARE.match(markup)
        if match is None:
            return _chunk((), markup, False)
        attrs, inner = match[1], match[2]
    lines = read_heading_lines(inner, anchor_of(attrs))
    if not lines:
        return _chunk((), markup, False)
    return _chunk(lines, markup[match.end() :], marked)


def _chunk(lines: tuple[HeadingLine, ...], markup: str, marked: bool) -> Chunk:
    blocks = join_notes(read_blocks(markup))
    layout = any(
        type(block) is TableBlock or (type(block) is TextBlock and (block.right or block.italic)) for block in blocks
    )
    return Chunk(heads_of(lines), blocks, marked, layout)


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
            lifted = raised and piece.strip().isdigit() and _DIGIT_BEFORE.search("".join(pieces))
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
