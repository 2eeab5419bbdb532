"""A stored diff (docs/diff-format.md) and the old text → rows that a template prints, inline or side by side.

Every word of the old and the new text is in exactly one piece. Runs of unchanged lines are kept as one row, so that a
page can fold the long ones. No HTML is made here: texts reach the page through the template's escaping.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lawdiff.diff import read, tokens
from lawdiff.errors import DiffError
from lawdiff.text import fold_key

# («=», «-», «+», text); «~-» and «~+» are an old and a new wording that read alike: other letters of the same look,
# other dashes or quotes. The portal exchanges them by hundreds; struck out, they would hide what did change.
Piece = tuple[str, str]
FOLD_ABOVE = 3  # unchanged lines that stay in sight; a longer run is folded but for its ends


@dataclass(frozen=True)
class RedRow:
    """One line: what became of it, the place of its old and new wording, its pieces, the move that it belongs to."""

    op: str  # equal, change, insert, delete, move_from, move_to
    pieces: tuple[Piece, ...]
    old: str | None = None
    new: str | None = None
    kind: str = "para"
    move: int | None = None

    @property
    def place(self) -> str | None:
        return self.new or self.old

    def side(self, sign: str) -> tuple[Piece, ...]:
        """The old wording (`-`) or the new one (`+`)."""
        return tuple(piece for piece in self.pieces if piece[0] == "=" or piece[0].endswith(sign))

    @property
    def cells(self) -> list[list[Piece]]:
        """The pieces of a table row, cut at its tabs."""
        return cut_at_tabs(self.pieces)


@dataclass(frozen=True)
class Fold:
    """A long run of unchanged lines."""

    rows: tuple[RedRow, ...]


@dataclass(frozen=True)
class Redline:
    """heading: pieces of the heading, empty where it did not change. parts: rows and folds, in order."""

    heading: tuple[Piece, ...]
    parts: tuple[RedRow | Fold, ...]
    notes: tuple[RedRow, ...]
    words_added: int
    words_removed: int

    @property
    def is_empty(self) -> bool:
        return not self.heading and all(isinstance(part, Fold) or part.op == "equal" for part in self.parts)


def cut_at_tabs(pieces: tuple[Piece, ...]) -> list[list[Piece]]:
    """Pieces of one table row as pieces per cell. A tab that was only removed ends no cell of the new row."""
    cells: list[list[Piece]] = [[]]
    for op, text in pieces:
        if op.endswith("-") and "\t" in text:
            cells[-1].append((op, text.replace("\t", " │ ")))
            continue
        first, *others = text.split("\t")
        if first:
            cells[-1].append((op, first))
        for cell in others:
            cells.append([(op, cell)] if cell else [])
    return cells


def redline(diff_json: str, old_text: str, *, words: tuple[int, int] = (0, 0)) -> Redline:
    """Rows of a diff. Raises DiffError where the diff was not made for `old_text`."""
    record = read(diff_json)
    old_lines = old_text.split("\n") if record["old"]["lines"] else []
    if len(old_lines) != record["old"]["lines"]:
        raise DiffError("this diff is for a text of another length; build the database again")
    return Redline(
        heading=_pieces(record.get("heading", [])),
        parts=tuple(_folded(list(_rows(record["lines"], old_lines)))),
        notes=tuple(row for row in _rows(record.get("notes", []), []) if row.op != "equal"),
        words_added=words[0],
        words_removed=words[1],
    )


def _pieces(words: list[list[str]]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    at = 0
    while at < len(words):
        op, text = words[at]
        if op == "-" and at + 1 < len(words) and words[at + 1][0] == "+":
            found.extend(_compared(text, words[at + 1][1]))
            at += 2
        else:
            found.append((op, text))
            at += 1
    return tuple(found)


def _compared(old: str, new: str) -> Iterator[Piece]:
    """An exchange of words, with the words that read alike at its beginning and end told apart."""
    olds, news = tokens(old), tokens(new)
    same = [fold_key(a) == fold_key(b) for a, b in zip(olds, news, strict=False)]
    head = same.index(False) if False in same else len(same)
    room = min(len(olds), len(news)) - head
    tail = 0
    while tail < room and fold_key(olds[-1 - tail]) == fold_key(news[-1 - tail]):
        tail += 1
    for a, b in (
        (olds[:head], news[:head]),
        (olds[head : len(olds) - tail], news[head : len(news) - tail]),
        (olds[len(olds) - tail :], news[len(news) - tail :]),
    ):
        before, after = "".join(a), "".join(b)
        if before == after:
            yield from [("=", before)] if before else []
            continue
        alike = "~" if before and after and fold_key(before) == fold_key(after) else ""
        if before:
            yield (alike + "-", before)
        if after:
            yield (alike + "+", after)


def _rows(ops: list[dict[str, Any]], old_lines: list[str]) -> Iterator[RedRow]:
    at = 0
    for op in ops:
        if op["op"] == "equal":
            for text in old_lines[at : at + op["count"]]:
                yield RedRow("equal", (("=", text),), kind="row" if "\t" in text else "para")
            at += op["count"]
            continue
        yield RedRow(
            op["op"], _pieces(op["words"]), op.get("old"), op.get("new"), str(op.get("kind") or "para"), op.get("move")
        )
        at += op["op"] in ("change", "delete", "move_from")


def _folded(rows: list[RedRow]) -> Iterator[RedRow | Fold]:
    """Rows with the middle of every long unchanged run in a fold; one line of context stays on either side."""
    at = 0
    while at < len(rows):
        if rows[at].op != "equal":
            yield rows[at]
            at += 1
            continue
        end = at
        while end < len(rows) and rows[end].op == "equal":
            end += 1
        run = rows[at:end]
        head = 0 if at == 0 else 1
        tail = 0 if end == len(rows) else 1
        if len(run) - head - tail >= FOLD_ABOVE:
            yield from run[:head]
            yield Fold(tuple(run[head : len(run) - tail]))
            yield from run[len(run) - tail :]
        else:
            yield from run
        at = end
