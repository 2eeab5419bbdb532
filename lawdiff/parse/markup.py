"""Markup between headings to blocks: a flat reading of the tags that the portal uses (FORMAT §4, §5.1).

The body is a flat list of siblings, so a stack of elements is not needed and nesting costs nothing: a paragraph ends
at the next `<br>`, `<p>`, `</p>`, table or heading, whatever is open. One regular expression takes the plain
paragraph (nine in ten lines of any code); everything else goes tag by tag.

Guarantees: linear time, no recursion; every visible character of the markup is in exactly one block; markup that is
no well-formed tag (an unclosed `<p id="z4`) raises `BrokenMarkup` and is never half-read.
"""

from __future__ import annotations

import re
from html import escape, unescape
from itertools import accumulate

from lawdiff.parse.blocks import Block, NoteBlock, TableBlock, TextBlock

# A quoted value with `<` or `>`, or a quote right after a quoted value, is a quote that was meant to close elsewhere:
# such a tag is broken, not read. Possessive, so that an unclosed quote costs one pass.
_TAG = (
    r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)"
    r"(?P<attrs>[^<>\"']*+(?:(?<![\"'])(?:\"[^\"<>]*+\"|'[^'<>]*+')[^<>\"']*+)*+)>"
)
TOKEN = re.compile(rf"{_TAG}|<!--.*?-->|<[!?][^<>]*>|(?P<bad><[a-zA-Z/!?])", re.S)
_PLAIN = re.compile(r'\s*<p(?: id="([^"<>&]*)")?>([^<]*)</p>')
_ID = re.compile(r"""\b(?:id|name)\s*=\s*["']?([^"'\s>]+)""", re.I)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.I)
_CLASS_NOTE = re.compile(r"""\bclass\s*=\s*["']?[^"'>]*\bnote\b""", re.I)
_RED = re.compile(r"""\bcolor\s*[=:]\s*["']?\s*(?:#?FF0000|red)\b""", re.I)
_RIGHT = re.compile(r"""\balign\s*[=:]\s*["']?\s*right\b""", re.I)
_SRC = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.I)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.I)
_SPAN = re.compile(r"""\b(colspan|rowspan)\s*=\s*["']?(\d{1,3})""", re.I)
_BORDER = re.compile(r"""\bborder\s*=\s*["']?[1-9]""", re.I)
_SAFE_SRC = re.compile(r"(?:https?://|/|\./|[\w-]+/)[^\s\"'<>]*", re.I)

_BREAK_RUN = re.compile(r"\s*(?:<br>\s*)*(?:\x00\s*(?:<br>\s*)*)+")
_AROUND_BREAK = re.compile(r"\s*<br>\s*")
_BREAKS_AT_ENDS = re.compile(r"\A(?:<br>|\s)+|(?:<br>|\s)+\Z")
# Starts of editorial matter, for notes that follow law text within one line.
NOTE_START = re.compile(
    r"\s*(?:Сноска|Ескерту|Примечани[ея]\s+(?:ИЗПИ|РЦПИ)|(?:ЗҚАИ|РҚАО)-?н[іi]ң|Вниманию\s+пользовател)"
)
INDENT = "&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; "  # before every paragraph of the portal
NOTE_ITEM = re.compile(r"\s*\d+(?:-\d+)*[.)]\s*[^\W\d]")
_TEXT_BLOCKS = ("p", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "blockquote", "center", "address")
_TABLE_PARTS = ("table", "tr", "td", "th", "tbody", "thead", "tfoot", "caption")
_LISTS = ("ul", "ol", "li", "dl", "dt", "dd")
_SECTIONS = ("section", "article", "header", "footer", "form", "fieldset", "aside", "main", "nav", "figure")
_BLOCK_TAGS = frozenset((*_TEXT_BLOCKS, *_TABLE_PARTS, *_LISTS, *_SECTIONS))
_SPECIAL = frozenset(("sup", "sub"))


class BrokenMarkup(ValueError):
    """A `<` that opens a tag or comment which never closes. excerpt: what stands there."""

    def __init__(self, excerpt: str) -> None:
        super().__init__(excerpt)
        self.excerpt = excerpt[:200]


class SecondBody(BrokenMarkup):
    """A start or end tag of `<article>` inside the body."""


def unindented(markup: str) -> str:
    """`markup` without the indent of its paragraphs, for speed alone: it is white space."""
    return markup.replace(INDENT, " ")


def fold(raw: str) -> str:
    """Text of a piece of markup without tags: entities resolved, white space folded, stripped."""
    if "&" in raw:
        raw = unescape(raw)
    return " ".join(raw.split())


def join_pieces(pieces: list[str], links: list[tuple[int, int, str]]) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """The pieces as one folded text, and the links (first piece, piece after the last, href) as offsets in it."""
    whole = "".join(pieces)
    text = whole.strip()
    if text.isprintable() and "  " not in text:  # nothing to fold inside: offsets are sums
        if not links:
            return text, ()
        lead = len(whole) - len(whole.lstrip())
        at = [0, *accumulate(map(len, pieces))]
        return text, _spans(whole, lead, [(at[first], at[last], href) for first, last, href in links])
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    length = 0
    gap = False
    for piece in pieces:
        words = piece.split()
        if words:
            if (gap or piece[0].isspace()) and length:
                out.append(" ")
                length += 1
            joined = " ".join(words)
            starts.append(length)
            out.append(joined)
            length += len(joined)
            ends.append(length)
            gap = piece[-1].isspace()
        else:
            starts.append(length)
            ends.append(length)
            gap = gap or bool(piece)
    spans = [(_start(starts, ends, first, last), ends[last - 1], href) for first, last, href in links if last > first]
    return "".join(out), tuple(span for span in spans if span[1] > span[0])


def _start(starts: list[int], ends: list[int], first: int, last: int) -> int:
    """Where the first piece of a link that shows anything starts."""
    return next((starts[i] for i in range(first, last) if ends[i] > starts[i]), ends[last - 1])


def _spans(whole: str, lead: int, raw: list[tuple[int, int, str]]) -> tuple[tuple[int, int, str], ...]:
    """Links as offsets into the stripped text, without white space at either end."""
    spans = []
    for start, end, href in raw:
        inner = whole[start:end]
        label = inner.strip()
        if label:
            begin = start + len(inner) - len(inner.lstrip()) - lead
            spans.append((begin, begin + len(label), href))
    return tuple(spans)


def anchor_of(attrs: str) -> str | None:
    """`z5` from `id="z5"` or `name="z5"`."""
    match = _ID.search(attrs)
    return match[1] if match else None


def read_blocks(markup: str) -> tuple[Block, ...]:
    """The blocks of `markup` in order. Raises BrokenMarkup."""
    blocks: list[Block] = []
    run = _Run(blocks)
    position, end = 0, len(markup)
    plain = _PLAIN.match
    while position < end:
        match = plain(markup, position)
        if match is not None:
            run.flush()
            identity, raw = match.groups()
            if "&" in raw:
                raw = unescape(raw)
            text = " ".join(raw.split())
            position = match.end()
            if text:
                blocks.append(TextBlock(text, None, identity or run.take_anchor()))
            elif identity:
                run.anchor = run.anchor or identity
            continue
        position = run.feed(markup, position)
    run.flush()
    return tuple(blocks)


class _Run:
    """The line being read: text pieces with their links, up to the next block boundary."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.anchor: str | None = None  # waiting for the next block
        self.in_note = 0  # depth of span.note
        self.in_red = 0  # depth of red font
        self.in_italic = 0
        self.in_bold = 0
        self.note_paragraph = False  # inside <p class="note">
        self.right = False  # inside <p align="right">
        self.spans: list[bool] = []
        self.fonts: list[bool] = []
        self.reset()

    def reset(self) -> None:
        self.pieces: list[str] = []
        self.html: list[str] = []
        self.special = False
        self.image = False
        self.alt = ""  # shown only where the line has no text of its own
        self.links: list[tuple[int, int, str]] = []  # piece indexes
        self.open_link: tuple[int, str] | None = None
        self.kind: str | None = None  # law, note, red: what the first visible piece is
        self.plain_length = 0  # visible characters outside links
        self.italic = True
        self.bold = True

    def take_anchor(self) -> str | None:
        anchor, self.anchor = self.anchor, None
        return anchor

    def feed(self, markup: str, position: int) -> int:
        """Read until a block boundary at which nothing is open; returns the position after it."""
        for token in TOKEN.finditer(markup, position):
            start = token.start()
            if start > position:
                self.text(markup[position:start])
            position = token.end()
            name = token["name"]
            if name is None:
                if token["bad"]:
                    raise BrokenMarkup(markup[start : start + 200])
                continue
            name = name.lower()
            if name == "table" and not token["end"]:
                self.flush()
                return self._table(markup, position, token["attrs"])
            self.tag(name, bool(token["end"]), token["attrs"])
            if name in _BLOCK_TAGS and not (self.in_note or self.in_red or self.note_paragraph or self.in_italic):
                return position
        if position < len(markup):
            self.text(markup[position:])
        return len(markup)

    def text(self, raw: str) -> None:
        if "&" in raw:
            raw = unescape(raw)
        visible = not raw.isspace()
        if visible:
            kind = "note" if self.in_note or self.note_paragraph else "red" if self.in_red else "law"
            if self.kind is None:
                self.kind = kind
            elif self._breaks(kind, raw):
                self.flush()
                self.kind = kind
            if not self.in_italic:
                self.italic = False
            if not self.in_bold:
                self.bold = False
            if self.open_link is None:
                self.plain_length += len(raw.strip())
        self.pieces.append(raw)
        self.html.append(escape(raw, quote=False))

    def _breaks(self, kind: str, raw: str) -> bool:
        """Whether a new line starts with no line break between: a Сноска right after law text, or a numbered item
        right after the full stop of a note."""
        if self.kind == "law":
            return kind == "note" and NOTE_START.match(raw) is not None
        if kind != "law" or self.open_link is not None or NOTE_ITEM.match(raw) is None:
            return False
        last = next((piece for piece in reversed(self.pieces) if not piece.isspace()), "")
        return last.rstrip().endswith((".", ")"))

    def tag(self, name: str, end: bool, attrs: str) -> None:
        if name in _BLOCK_TAGS:
            self._block_tag(name, end, attrs)
        elif name == "a":
            self._link(end, attrs)
        elif name == "span":
            self.in_note += self._push(self.spans, end, bool(attrs) and bool(_CLASS_NOTE.search(attrs)))
            if not end and attrs and self.anchor is None and not self.pieces:
                self.anchor = anchor_of(attrs)
        elif name == "font":
            self.in_red += self._push(self.fonts, end, bool(attrs) and bool(_RED.search(attrs)))
        elif name in ("i", "em"):
            self.in_italic = max(0, self.in_italic + (-1 if end else 1))
        elif name in ("b", "strong"):
            self.in_bold = max(0, self.in_bold + (-1 if end else 1))
        elif name in _SPECIAL:
            self.html.append(f"</{name}>" if end else f"<{name}>")
            self.special = True
        elif name == "img" and not end:
            self._image(attrs)

    @staticmethod
    def _push(stack: list[bool], end: bool, counted: bool) -> int:
        if not end:
            stack.append(counted)
            return int(counted)
        return -int(stack.pop()) if stack else 0

    def _block_tag(self, name: str, end: bool, attrs: str) -> None:
        if name == "br":
            if self.note_paragraph or self.right:
                self.pieces.append(" ")
                self.html.append("<br>")
                return
            self.flush()
            return
        self.flush()
        if name == "p":
            self.note_paragraph = not end and bool(attrs) and bool(_CLASS_NOTE.search(attrs))
            self.right = not end and bool(attrs) and bool(_RIGHT.search(attrs))
        if not end and attrs:
            self.anchor = anchor_of(attrs) or self.anchor

    def _link(self, end: bool, attrs: str) -> None:
        if end:
            if self.open_link is not None:
                start, href = self.open_link
                self.links.append((start, len(self.pieces), href))
                self.open_link = None
            return
        found = _HREF.search(attrs)
        if found is None:
            identity = anchor_of(attrs)
            # an anchor in mid-line names the rest of the line, not the next block
            if identity and (self.kind is None or self.anchor is None):
                self.anchor = self.anchor or identity
            return
        self.open_link = (len(self.pieces), unescape(found[1] or found[2] or found[3] or ""))

    def _image(self, attrs: str) -> None:
        alt = fold(_first(_ALT, attrs))
        self.alt = f"{self.alt} {alt}".strip()
        self.image = True
        self.special = True
        self.html.append(image_html(attrs, alt))

    def flush(self) -> None:
        """End the line and make a block of it, if it shows anything."""
        if not self.pieces and not self.image:
            return
        if self.kind is None and not self.image:
            self.reset_keeping_link()
            return
        anchor = self.take_anchor()
        if self.kind in ("note", "red"):
            opened = [(self.open_link[0], len(self.pieces), self.open_link[1])] if self.open_link is not None else []
            text, links = join_pieces(self.pieces, [*self.links, *opened])
            self.blocks.append(NoteBlock(text, links, self.kind == "red", anchor))
        else:
            text = " ".join("".join(self.pieces).split()) or self.alt
            html = " ".join("".join(self.html).split()) if self.special else None
            alone = bool(self.links) and self.plain_length == 0
            italic = self.italic and bool(text)
            image = self.image and self.kind is None
            bold = self.bold and bool(text)
            self.blocks.append(TextBlock(text, html, anchor, self.right, italic, alone, image, bold))
        self.reset_keeping_link()

    def reset_keeping_link(self) -> None:
        href = self.open_link[1] if self.open_link is not None else None
        self.reset()
        if href is not None:
            self.open_link = (0, href)

    def _table(self, markup: str, position: int, attrs: str) -> int:
        table, position = read_table(markup, position, bool(_BORDER.search(attrs)))
        if table.rows:
            anchor = self.take_anchor() or table.anchor
            self.blocks.append(table._replace(anchor=anchor))
        return position


def read_table(markup: str, position: int, bordered: bool) -> tuple[TableBlock, int]:
    """The table whose start tag ends at `position`, and the position after its end tag (or the end of the markup).

    Tables inside a cell are read as more lines of that cell.
    """
    table = _Table()
    depth = 1
    for token in TOKEN.finditer(markup, position):
        start = token.start()
        if start > position:
            table.text(markup[position:start])
        position = token.end()
        name = token["name"]
        if name is None:
            if token["bad"]:
                raise BrokenMarkup(markup[start : start + 200])
            continue
        name = name.lower()
        end = bool(token["end"])
        if name == "table":
            depth += -1 if end else 1
            if depth == 0:
                return table.done(bordered), position
            table.space()
        else:
            table.tag(name, end, token["attrs"], depth)
    if position < len(markup):
        table.text(markup[position:])
    return table.done(bordered), len(markup)


class _Table:
    def __init__(self) -> None:
        self.rows: list[tuple[str, str]] = []
        self.cells: list[tuple[str, str]] = []
        self.pieces: list[str] = []
        self.html: list[str] = []
        self.cell_tag: str | None = None
        self.anchor: str | None = None
        self.in_italic = 0
        self.italic = True
        self.any_text = False
        self.filled = 0

    def text(self, raw: str) -> None:
        if "&" in raw:
            raw = unescape(raw)
        if self.cell_tag is None and not raw.isspace():
            self.cell_tag = "<td>"  # text outside any cell still shows
        if not raw.isspace():
            self.any_text = True
            if not self.in_italic:
                self.italic = False
        self.pieces.append(raw)
        self.html.append(escape(raw, quote=False))

    def space(self) -> None:
        self.pieces.append(" ")
        self.html.append(" ")

    def tag(self, name: str, end: bool, attrs: str, depth: int) -> None:
        if name in ("td", "th") and depth == 1:
            self.close_cell()
            if not end:
                spans = "".join(f' {m[1].lower()}="{m[2]}"' for m in _SPAN.finditer(attrs)) if attrs else ""
                self.cell_tag = f"<td{spans}>"
        elif name == "tr" and depth == 1:
            self.close_row()
        elif name == "br":
            self.pieces.append(" ")
            self.html.append("<br>")
        elif name in _BLOCK_TAGS:
            self.pieces.append(" ")
            self.html.append("\x00")  # a paragraph boundary, `<br>` where text stands on both sides
        elif name in ("i", "em"):
            self.in_italic = max(0, self.in_italic + (-1 if end else 1))
        elif name in _SPECIAL:
            self.html.append(f"</{name}>" if end else f"<{name}>")
        elif name == "img" and not end:
            alt = fold(_first(_ALT, attrs))
            self.cell_tag = self.cell_tag or "<td>"
            self.html.append(image_html(attrs, alt))
            self.pieces.append(" ")
        if not end and attrs and self.anchor is None and name in ("a", "p"):
            self.anchor = anchor_of(attrs)

    def close_cell(self) -> None:
        if self.cell_tag is not None:
            text = " ".join("".join(self.pieces).split())
            if text:
                self.filled += 1
            inner = " ".join("".join(self.html).split())
            inner = _BREAKS_AT_ENDS.sub("", _AROUND_BREAK.sub("<br>", _BREAK_RUN.sub("<br>", inner)))
            self.cells.append((text, f"{self.cell_tag}{inner}</td>"))
        self.cell_tag = None
        self.pieces.clear()
        self.html.clear()

    def close_row(self) -> None:
        self.close_cell()
        if any(text or "<img" in html for text, html in self.cells):
            text = "\t".join(text for text, _ in self.cells)
            self.rows.append((text, "<tr>" + "".join(html for _, html in self.cells) + "</tr>"))
        self.cells = []

    def done(self, bordered: bool) -> TableBlock:
        self.close_row()
        return TableBlock(tuple(self.rows), self.filled, self.italic and self.any_text, bordered, self.anchor)


def image_html(attrs: str, alt: str) -> str:
    """A safe `<img>`: an address of http, https or the portal itself, and the alternative text."""
    src = unescape(_first(_SRC, attrs))
    shown = f' src="{escape(src)}"' if _SAFE_SRC.fullmatch(src) else ""
    return f'<img{shown} alt="{escape(alt)}">'


def _first(pattern: re.Pattern[str], attrs: str) -> str:
    match: re.Match[str] | None = pattern.search(attrs)
    return (match[1] or match[2] or match[3] or "") if match else ""
