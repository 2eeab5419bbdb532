"""The stored redline (HTML with `ins` and `del`) → a redline for messages: inline styles, or plain marks.

Mail programs drop style sheets and classes, chats drop HTML: so the redline is read into runs (same, inserted,
deleted) per block and written again. Nothing of the stored HTML is passed through: tags, attributes and links are
dropped, text is escaped. Unchanged text is cut to `CONTEXT` characters around what changed; «…» stands where
something was left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import html as lxml_html
from lxml.etree import ParserError
from markupsafe import Markup, escape

CONTEXT = 140
INS = "background-color:#d7f5dd;color:#0b4d1c;text-decoration:underline"
DEL = "background-color:#fbdcdc;color:#8a1212;text-decoration:line-through"
CUT = "…"
_BLOCKS = {
    "p", "div", "li", "tr", "ul", "ol", "table", "tbody", "thead", "section", "h1", "h2", "h3", "h4", "h5", "h6",
    "blockquote", "article", "figure", "dl", "dt", "dd", "pre", "hr",
}  # fmt: skip
_CELLS = {"td", "th"}
_SILENT = {"script", "style", "template", "head", "title", "button", "summary"}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text: kind is `same`, `ins`, `del` or `aside` (a remark of the redline itself)."""

    kind: str
    text: str


Block = tuple[Run, ...]


def read_redline(diff_html: str) -> tuple[Block, ...]:
    """Blocks of runs; an empty tuple for empty HTML. White space is folded; a whole inserted row is inserted text."""
    if not diff_html.strip():
        return ()
    try:
        root = lxml_html.fragment_fromstring(diff_html, create_parent="div")
    except ParserError:
        return ()
    blocks: list[list[Run]] = [[]]
    _walk(root, "same", blocks)
    return tuple(folded for block in blocks if (folded := _fold(block)))


def _walk(element: lxml_html.HtmlElement, kind: str, blocks: list[list[Run]]) -> None:
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return
    # An aside such as «(перемещено сюда)» is the only sign of a line that moved unchanged: it counts as a change.
    inner = element.tag if element.tag in ("ins", "del") else "aside" if _is_aside(element) else kind
    opens = element.tag in _BLOCKS
    if opens and blocks[-1]:
        blocks.append([])
    if element.tag == "br":
        blocks.append([])
    if element.tag in _CELLS and blocks[-1]:
        blocks[-1].append(Run(inner, " | "))
    if element.text:
        blocks[-1].append(Run(inner, element.text))
    for child in element:
        _walk(child, inner, blocks)
        if child.tail:
            blocks[-1].append(Run(inner, child.tail))
    if opens and blocks[-1]:
        blocks.append([])


def _is_aside(element: lxml_html.HtmlElement) -> bool:
    """A remark of the redline on its line; «… строк без изменений: 4 …» is none, it only stands for lines left out."""
    return element.tag in ("i", "em") and not (element.text or "").lstrip().startswith(CUT)


def _fold(block: Sequence[Run]) -> Block:
    merged: list[Run] = []
    for run in block:
        text = re.sub(r"\s+", " ", run.text)
        if merged and merged[-1].kind == run.kind:
            merged[-1] = Run(run.kind, re.sub(r"\s+", " ", merged[-1].text + text))
        elif text:
            merged.append(Run(run.kind, text))
    if merged:
        merged[0] = Run(merged[0].kind, merged[0].text.lstrip())
        merged[-1] = Run(merged[-1].kind, merged[-1].text.rstrip())
    return tuple(run for run in merged if run.text)


def trimmed(blocks: Iterable[Block], *, budget: int | None = None) -> tuple[Block, ...]:
    """The changed blocks with little context. `budget`: most characters in all; what is beyond is cut with «…»."""
    found: list[Block] = []
    skipped = False
    for block in blocks:
        if not any(run.kind != "same" for run in block):
            skipped = True
            continue
        if skipped and found and found[-1] != (Run("same", CUT),):
            found.append((Run("same", CUT),))
        skipped = False
        found.append(tuple(_short(run, first=at == 0, last=at == len(block) - 1) for at, run in enumerate(block)))
    return _within(found, budget)


def _short(run: Run, *, first: bool, last: bool) -> Run:
    text = run.text
    if run.kind != "same" or len(text) <= 2 * CONTEXT:
        return run
    head = "" if first else text[:CONTEXT].rsplit(" ", 1)[0] + " "
    tail = "" if last else " " + text[-CONTEXT:].split(" ", 1)[-1]
    return Run("same", f"{head}{CUT}{tail}")


def _within(blocks: Sequence[Block], budget: int | None) -> tuple[Block, ...]:
    if budget is None:
        return tuple(blocks)
    kept: list[Block] = []
    left = budget
    for block in blocks:
        runs: list[Run] = []
        for run in block:
            if left <= 0:
                break
            if len(run.text) > left:
                runs.append(Run(run.kind, run.text[:left].rsplit(" ", 1)[0] + CUT))
                left = 0
            else:
                runs.append(run)
                left -= len(run.text)
        if runs:
            kept.append(tuple(runs))
        if left <= 0:
            if kept and not kept[-1][-1].text.endswith(CUT):
                kept.append((Run("same", CUT),))
            break
    return tuple(kept)


def as_html(blocks: Iterable[Block]) -> Markup:
    """Paragraphs with inline styles; `ins` and `del` stay as elements for readers that speak."""
    style = {"ins": INS, "del": DEL}
    out = Markup("")
    for block in blocks:
        inner = Markup("").join(
            Markup('<{0} style="{1}">{2}</{0}>').format(run.kind, style[run.kind], run.text)
            if run.kind in style
            else Markup("<em>{}</em>").format(run.text)
            if run.kind == "aside"
            else escape(run.text)
            for run in block
        )
        out += Markup('<p style="margin:0 0 6px 0">{}</p>').format(inner)
    return out


def as_text(blocks: Iterable[Block]) -> str:
    """`[-deleted-]` and `{+inserted+}`, as word diffs are written in plain text."""
    marks = {"ins": ("{+", "+}"), "del": ("[-", "-]")}
    lines = []
    for block in blocks:
        parts = []
        for run in block:
            core = run.text.strip()
            if not core or run.kind not in marks:
                parts.append(run.text)
                continue
            before, after = marks[run.kind]
            lead = run.text[: len(run.text) - len(run.text.lstrip())]
            trail = run.text[len(run.text.rstrip()) :]
            parts.append(f"{lead}{before}{core}{after}{trail}")
        lines.append("".join(parts))
    return "\n".join(lines)
