"""Two versions of one unit → an `ArticleDiff`: ops per line, word ops within changed lines, in a form that replays.

The stored form (`to_json`) is specified in docs/diff-format.md and is versioned. It holds the changed lines in full
and unchanged lines as counts, so that it can be shown by itself and replayed on the old text; it holds no clock.
Guarantees: `apply(old, to_json()) == new`; equal texts give an empty diff; swapping the sides swaps additions and
removals.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from lawdiff.diff.align import align
from lawdiff.diff.tokens import count_words
from lawdiff.diff.words import WordOp, replaced, word_ops
from lawdiff.errors import DiffError
from lawdiff.model import Line, LineKind
from lawdiff.text import sha256_text

FORMAT_VERSION = 1
_DIGEST = 16  # hex digits of the SHA-256 that are kept to recognise the text a diff was made for

Kind = Literal["equal", "change", "insert", "delete", "move_from", "move_to"]


@dataclass(frozen=True, slots=True)
class LineOp:
    """What became of one line, or of a run of unchanged ones.

    equal: `count` lines; eids: (place in the run, old eid, new eid) of lines that are now called otherwise.
    change, move_to: the word ops. insert, delete, move_from: one op with the whole line (none for an empty line).
    move: number that ties a move_from to its move_to.
    """

    op: Kind
    count: int = 1
    old: str | None = None
    new: str | None = None
    kind: LineKind | None = None
    words: tuple[WordOp, ...] = ()
    move: int | None = None
    eids: tuple[tuple[int, str, str], ...] = ()

    def to_record(self) -> dict[str, Any]:
        """The op as the stored form writes it."""
        record: dict[str, Any] = {"op": self.op}
        if self.op == "equal":
            record["count"] = self.count
            if self.eids:
                record["eids"] = [list(entry) for entry in self.eids]
            return record
        if self.old is not None:
            record["old"] = self.old
        if self.new is not None:
            record["new"] = self.new
        record["kind"] = str(self.kind)
        if self.move is not None:
            record["move"] = self.move
        record["words"] = [list(word) for word in self.words]
        return record


@dataclass(frozen=True, slots=True)
class ArticleDiff:
    """The whole difference between two versions of a unit; empty lists where nothing differs."""

    lines: tuple[LineOp, ...] = ()
    heading: tuple[WordOp, ...] = ()
    notes: tuple[LineOp, ...] = ()
    old_lines: int = 0
    new_lines: int = 0
    old_digest: str = ""
    new_digest: str = ""
    words_added: int = field(default=0)
    words_removed: int = field(default=0)

    @property
    def is_empty(self) -> bool:
        """Whether heading, lines and notes are all unchanged."""
        return not self.heading and not self.notes and all(op.op == "equal" for op in self.lines)

    @property
    def hunks(self) -> int:
        """How many separate changes a reader meets: neighbouring «-» and «+» are one."""
        groups = [self.heading, *(op.words for op in self.lines)]
        return sum(_hunks(words) for words in groups)

    def to_json(self) -> str:
        """The stored form, docs/diff-format.md."""
        record: dict[str, Any] = {
            "v": FORMAT_VERSION,
            "old": {"lines": self.old_lines, "sha256": self.old_digest},
            "new": {"lines": self.new_lines, "sha256": self.new_digest},
        }
        if self.heading:
            record["heading"] = [list(word) for word in self.heading]
        record["lines"] = [op.to_record() for op in self.lines]
        if self.notes:
            record["notes"] = [op.to_record() for op in self.notes]
        return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def diff_lines(
    old: Sequence[Line],
    new: Sequence[Line],
    *,
    old_heading: str = "",
    new_heading: str = "",
    old_notes: Sequence[str] = (),
    new_notes: Sequence[str] = (),
) -> ArticleDiff:
    """Compare two versions of a unit. A line that holds newlines counts as several. Notes are compared where given."""
    old, new = _single(old), _single(new)
    heading = word_ops(old_heading, new_heading) if old_heading != new_heading else ()
    ops = _line_ops(old, new)
    notes: tuple[LineOp, ...] = ()
    if tuple(old_notes) != tuple(new_notes):
        notes = tuple(_line_ops(_as_lines(old_notes), _as_lines(new_notes)))
    added, removed = _count(heading, *(op.words for op in ops if op.op != "move_from"))
    return ArticleDiff(
        lines=tuple(ops),
        heading=heading,
        notes=notes,
        old_lines=len(old),
        new_lines=len(new),
        old_digest=digest("\n".join([line.text for line in old])),
        new_digest=digest("\n".join([line.text for line in new])),
        words_added=added,
        words_removed=removed,
    )


def digest(text: str) -> str:
    """The short digest by which a stored diff knows its texts."""
    return sha256_text(text)[:_DIGEST]


def _single(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines as the text has them: none holds a newline."""
    if not any("\n" in line.text for line in lines):
        return lines
    return [replace(line, text=text) for line in lines for text in line.text.split("\n")]


def _as_lines(texts: Sequence[str]) -> list[Line]:
    return [Line(f"note_{at}", LineKind.NOTE, text) for at, text in enumerate(texts, start=1)]


def _hunks(words: tuple[WordOp, ...]) -> int:
    return sum(op != "=" and (at == 0 or words[at - 1][0] == "=") for at, (op, _) in enumerate(words))


def _count(*groups: tuple[WordOp, ...]) -> tuple[int, int]:
    added = removed = 0
    for words in groups:
        for op, text in words:
            if op == "+":
                added += count_words(text)
            elif op == "-":
                removed += count_words(text)
    return added, removed


def _line_ops(old: Sequence[Line], new: Sequence[Line]) -> list[LineOp]:
    alignment = align(old, new)
    moves_from = {here: number for number, (here, _) in enumerate(alignment.moved, start=1)}
    moves_to = {there: (here, moves_from[here]) for here, there in alignment.moved}
    ops: list[LineOp] = []
    at_old = at_new = 0
    for here, there in [*alignment.kept, (len(old), len(new))]:
        ops += [_gone(old[at], moves_from.get(at)) for at in range(at_old, here)]
        ops += [_come(old, new[at], moves_to.get(at)) for at in range(at_new, there)]
        if here < len(old):
            ops.append(_kept(old[here], new[there]))
        at_old, at_new = here + 1, there + 1
    return _joined(ops)


def _gone(line: Line, move: int | None) -> LineOp:
    words = replaced(line.text, "")
    if move is None:
        return LineOp("delete", old=line.eid, kind=line.kind, words=words)
    return LineOp("move_from", old=line.eid, kind=line.kind, words=words, move=move)


def _come(old: Sequence[Line], line: Line, move: tuple[int, int] | None) -> LineOp:
    if move is None:
        return LineOp("insert", new=line.eid, kind=line.kind, words=replaced("", line.text))
    here, number = move
    words = word_ops(old[here].text, line.text)
    return LineOp("move_to", old=old[here].eid, new=line.eid, kind=line.kind, words=words, move=number)


def _kept(old: Line, new: Line) -> LineOp:
    if old.text == new.text:
        return LineOp("equal", eids=((0, old.eid, new.eid),) if old.eid != new.eid else ())
    return LineOp("change", old=old.eid, new=new.eid, kind=new.kind, words=word_ops(old.text, new.text))


def _joined(ops: list[LineOp]) -> list[LineOp]:
    """Runs of unchanged lines made one op."""
    joined: list[LineOp] = []
    run: list[LineOp] = []
    for op in ops:
        if op.op == "equal":
            run.append(op)
            continue
        _close(joined, run)
        run = []
        joined.append(op)
    _close(joined, run)
    return joined


def _close(joined: list[LineOp], run: list[LineOp]) -> None:
    if run:
        eids = tuple((at, old, new) for at, op in enumerate(run) for _, old, new in op.eids)
        joined.append(LineOp("equal", count=len(run), eids=eids))


def read(diff_json: str) -> dict[str, Any]:
    """The stored form as a record; DiffError for another version or another thing altogether."""
    try:
        record = json.loads(diff_json)
    except ValueError:
        raise DiffError("this is not a stored diff; build the database again", excerpt=diff_json) from None
    if not isinstance(record, dict) or record.get("v") != FORMAT_VERSION:
        raise DiffError(
            f"this stored diff is not of version {FORMAT_VERSION}; build the database again", excerpt=diff_json
        )
    return record


def apply(old_text: str, diff_json: str) -> str:
    """The new text, from the old text and a stored diff.

    Raises DiffError when the diff was made for another text.
    """
    record = read(diff_json)
    if digest(old_text) != record["old"]["sha256"]:
        raise DiffError("this diff was made for another text; compare the two versions again", excerpt=old_text)
    old = old_text.split("\n") if record["old"]["lines"] else []
    new = _replayed(old, record["lines"])
    text = "\n".join(new)
    if len(new) != record["new"]["lines"] or digest(text) != record["new"]["sha256"]:
        raise DiffError("this diff does not give the text it was made for; build the database again", excerpt=diff_json)
    return text


def apply_heading(old_heading: str, diff_json: str) -> str:
    """The new heading, from the old one and a stored diff."""
    words = read(diff_json).get("heading")
    if words is None:
        return old_heading
    if "".join(text for op, text in words if op != "+") != old_heading:
        raise DiffError("this diff was made for another heading; compare the two versions again", excerpt=old_heading)
    return "".join(text for op, text in words if op != "-")


def _replayed(old: list[str], ops: list[dict[str, Any]]) -> list[str]:
    moved: dict[int, str] = {}
    at = 0
    for op in ops:
        if op["op"] == "move_from":
            moved[op["move"]] = old[at]
        at += _consumes(op)
    if at != len(old):
        raise DiffError("this diff is for a text of another length; compare the two versions again")
    new: list[str] = []
    at = 0
    for op in ops:
        if op["op"] == "equal":
            new += old[at : at + op["count"]]
        elif op["op"] == "change":
            new.append(_line(old[at], op["words"]))
        elif op["op"] == "insert":
            new.append(_line("", op["words"]))
        elif op["op"] == "move_to":
            new.append(_line(moved[op["move"]], op["words"]))
        at += _consumes(op)
    return new


def _consumes(op: dict[str, Any]) -> int:
    if op["op"] == "equal":
        return int(op["count"])
    return int(op["op"] in ("change", "delete", "move_from"))


def _line(old: str, words: list[list[str]]) -> str:
    if "".join([text for op, text in words if op != "+"]) != old:
        raise DiffError("this diff was made for another line; compare the two versions again", excerpt=old)
    return "".join([text for op, text in words if op != "-"])
