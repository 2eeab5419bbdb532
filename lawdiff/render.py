"""A stored diff → what people read: HTML for mail and feeds, a text redline, rows for the site's two views.

Input is the stored form (docs/diff-format.md) alone; `diff_rows` also takes the old text to fill in unchanged lines.
Everything from the source is escaped. Additions and deletions are told by `<ins>`/`<del>`, by underline and
strike-through and by colour, so that neither a colour-blind reader nor a mail program without styles loses them; a
screen reader hears the elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

from lawdiff.diff import read
from lawdiff.model import Lang
from lawdiff.sentences import summary_sentence

# Short on purpose: they stand at every change of every stored diff. Black on these washes has a contrast above 17:1,
# and is said, for a mail program in dark mode would write white on them.
INS_STYLE = "background:#e2f5e6;color:#000;text-decoration:underline"
DEL_STYLE = "background:#fdeaea;color:#000;text-decoration:line-through"
_TAGS = {"+": ("ins", INS_STYLE), "-": ("del", DEL_STYLE)}
_CELL = " │ "

_WORDS = {
    Lang.RU: {
        "moved_away": "перемещено ниже или выше",
        "moved_here": "перемещено сюда",
        "notes": "Примечания портала",
        "unchanged": "строк без изменений: {count}",
    },
    Lang.KK: {
        "moved_away": "орны ауыстырылды",
        "moved_here": "осы жерге ауыстырылды",
        "notes": "Порталдың ескертпелері",
        "unchanged": "өзгеріссіз жолдар: {count}",
    },
}

RowKind = Literal["equal", "skip", "change", "insert", "delete", "move_from", "move_to", "heading", "note"]
Segment = tuple[str, str]  # «=», «-» or «+», and its text


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a comparison. left, right: segments of the old and new side; count: lines that a `skip` stands for.

    segments: the same as one line, for the unified view.
    """

    kind: RowKind
    old_eid: str | None = None
    new_eid: str | None = None
    left: tuple[Segment, ...] = ()
    right: tuple[Segment, ...] = ()
    segments: tuple[Segment, ...] = field(default=())
    count: int = 1
    move: int | None = None


def diff_rows(diff_json: str, old_text: str | None = None) -> tuple[Row, ...]:
    """The rows of a comparison, heading first, notes last.

    Without `old_text` a run of unchanged lines is one `skip` row; with it, one `equal` row per line.
    """
    record = read(diff_json)
    rows: list[Row] = []
    if record.get("heading"):
        rows.append(_row("heading", record["heading"]))
    old = None if old_text is None else (old_text.split("\n") if record["old"]["lines"] else [])
    rows += _line_rows(record["lines"], old)
    rows += [_row("note", op["words"]) for op in record.get("notes", ()) if op["op"] not in ("equal", "move_from")]
    return tuple(rows)


def _line_rows(ops: Sequence[dict[str, Any]], old: list[str] | None) -> Iterable[Row]:
    at = 0
    for op in ops:
        if op["op"] == "equal":
            yield from _equal_rows(op, old, at)
            at += op["count"]
            continue
        at += op["op"] in ("change", "delete", "move_from")
        yield _row(op["op"], op["words"], op)


def _equal_rows(op: dict[str, Any], old: list[str] | None, at: int) -> Iterable[Row]:
    if old is None:
        yield Row("skip", count=op["count"])
        return
    for text in old[at : at + op["count"]]:
        segments = (("=", text),)
        yield Row("equal", left=segments, right=segments, segments=segments)


def _row(kind: RowKind, words: Sequence[Sequence[str]], op: dict[str, Any] | None = None) -> Row:
    segments = tuple((word[0], word[1]) for word in words)
    op = op or {}
    return Row(
        kind,
        old_eid=op.get("old"),
        new_eid=op.get("new"),
        left=tuple(segment for segment in segments if segment[0] != "+"),
        right=tuple(segment for segment in segments if segment[0] != "-"),
        segments=segments,
        move=op.get("move"),
    )


def segments_html(segments: Iterable[Segment]) -> str:
    """Segments as escaped HTML; tabs between cells of a table row become a visible bar."""
    parts = []
    for op, text in segments:
        shown = escape(text).replace("\t", _CELL)
        if op == "=":
            parts.append(shown)
        else:
            tag, style = _TAGS[op]
            parts.append(f'<{tag} style="{style}">{shown}</{tag}>')
    return "".join(parts)


def diff_html(diff_json: str, lang: Lang | str) -> str:
    """The changed lines of a diff as safe HTML with inline styles.

    lang: language of the text and of the few words added to it.
    """
    lang = Lang(lang)
    words = _WORDS[lang]
    parts = [f'<div class="lawdiff-diff" lang="{lang}">']
    noted = False
    for row in diff_rows(diff_json):
        if row.kind == "note" and not noted:
            noted = True
            parts.append(f"<p><i>{words['notes']}:</i></p>")
        parts.append(_row_html(row, words))
    parts.append("</div>")
    return "".join(parts)


def _row_html(row: Row, words: dict[str, str]) -> str:
    if row.kind == "skip":
        return f"<p><i>… {words['unchanged'].format(count=row.count)} …</i></p>"
    body = segments_html(row.segments)
    if row.kind == "heading":
        return f"<p><b>{body}</b></p>"
    if row.kind == "move_from":
        return f"<p>{body} <i>({words['moved_away']})</i></p>"
    if row.kind == "move_to":
        return f"<p>{body} <i>({words['moved_here']})</i></p>"
    return f"<p>{body}</p>"


_MARKS: dict[str, str] = {"insert": "+", "delete": "-", "change": "~", "move_from": "<", "move_to": ">"}


def diff_text(diff_json: str) -> str:
    """A redline in plain text: `[-removed-]`, `{+added+}`; each line marked `+`, `-`, `~`, a moved one `<` and `>`."""
    lines = []
    for row in diff_rows(diff_json):
        if row.kind == "skip":
            lines.append(f"  … {row.count} …")
            continue
        mark = _MARKS.get(row.kind, "~")
        whole = row.kind in ("insert", "delete", "move_from")
        lines.append(f"{mark} {''.join(text for _, text in row.segments) if whole else _redline(row.segments)}")
    return "\n".join(lines)


def _redline(segments: Iterable[Segment]) -> str:
    shapes = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(shapes[op].format(text) for op, text in segments)


__all__ = ["DEL_STYLE", "INS_STYLE", "Row", "diff_html", "diff_rows", "diff_text", "segments_html", "summary_sentence"]
