"""A git repository of Markdown: one file per unit, one commit per redaction and law, so that `git blame` names the law.

`stream` writes for `git fast-import`. A redaction that brought the work of several laws is several commits under its
date, in the order of the laws; what no law is named for comes last. Author is the amending law (`210-VIII of
2025-07-16`), the date is that of the redaction at noon UTC; the address is not a mailbox (RFC 2606, `.invalid`).
Commits depend on nothing but the database: the same database, the same commit ids.

A file is the printed heading and the text, a blank line between paragraphs, so that blame works line by line; the
portal's notes are not in it.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from pathlib import Path
from tempfile import SpooledTemporaryFile

from lawdiff.errors import LawdiffError
from lawdiff.model import Lang

_UNNAMED = "no law named"
_COMMITTER = "lawdiff <lawdiff@lawdiff.invalid>"
_HELD = 4_000_000  # bytes of one commit that are held in memory; more goes to a temporary file
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class FileChange:
    """One version that a commit writes. law: id of the amending act, None where none is named or at the beginning.

    state `gone`: the unit ended without another text (it was renumbered), so its file is removed.
    """

    day: date
    law: str | None
    act_id: str
    eid: str
    lang: Lang
    heading: str
    text: str
    state: str
    op: str


@dataclass(frozen=True, slots=True)
class LawName:
    """How a law is named as an author."""

    id: str
    number: str | None
    adopted_on: date | None
    title: str | None


def markdown(heading: str, text: str, state: str) -> str:
    """Content of a file: heading, then paragraphs; a state that is not in force as a comment."""
    blocks = [f"# {heading}"] if heading else []
    if state != "in_force":
        blocks.append(f"<!-- state: {state} -->")
    blocks += text.split("\n") if text else []
    return "\n\n".join(blocks) + "\n"


def path_of(change: FileChange) -> str:
    """`K1400000226/ru/art_115-1.md`."""
    return f"{change.act_id}/{change.lang}/{change.eid}.md"


def stream(changes: Iterable[FileChange], laws: Mapping[str, LawName], licence: str) -> Iterator[bytes]:
    """Commands for `git fast-import`. changes: by day, then by law (by
    adoption, what no law is named for last), then by file."""
    yield b"feature done\n"
    first = True
    for _, group in groupby(changes, key=lambda change: (change.day, change.law)):
        yield from _commit(group, laws, licence if first else None)
        first = False
    yield b"done\n"


def _commit(group: Iterable[FileChange], laws: Mapping[str, LawName], licence: str | None) -> Iterator[bytes]:
    """One commit. Its message counts what its files then hold, so the files wait on disk: one law may touch every
    act."""
    ops: Counter[str] = Counter()
    head: FileChange | None = None
    with SpooledTemporaryFile(max_size=_HELD) as files:
        for change in group:
            head = head or change
            ops[change.op] += 1
            files.writelines(_file(change))
        if head is None:
            return
        law = laws.get(head.law) if head.law else None
        when = int(datetime.combine(head.day, time(12), UTC).timestamp())
        name = _law_name(law) if law else _UNNAMED
        address = f"{law.id if law else 'unknown'}@laws.lawdiff.invalid".replace(" ", "")
        yield b"commit refs/heads/main\n"
        yield f"author {_plain(name)} <{_plain(address)}> {when} +0000\ncommitter {_COMMITTER} {when} +0000\n".encode()
        yield _blob(_message(head, ops, law))
        if licence:
            yield b"M 100644 inline README.md\n" + _blob(licence)
        files.seek(0)
        while piece := files.read(_PIECE):
            yield piece


def _file(change: FileChange) -> Iterator[bytes]:
    if change.state == "gone":
        yield f"D {path_of(change)}\n".encode()
        return
    yield f"M 100644 inline {path_of(change)}\n".encode()
    yield _blob(markdown(change.heading, change.text, change.state))


def _law_name(law: LawName) -> str:
    day = f" of {law.adopted_on.isoformat()}" if law.adopted_on else ""
    return f"{law.number or law.id}{day}"


def _message(head: FileChange, ops: Mapping[str, int], law: LawName | None) -> str:
    counted = ", ".join(f"{count} {op}" for op, count in sorted(ops.items()))
    subject = f"{_law_name(law) if law else _UNNAMED}: {counted}"
    lines = [subject, "", f"Redaction of {head.day.isoformat()}."]
    if law and law.title:
        lines.append(law.title)
    if law:
        lines += ["", f"Law: {law.id}"]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return " ".join(text.replace("<", "(").replace(">", ")").split())


def _blob(text: str) -> bytes:
    content = text.encode("utf-8")
    return b"data %d\n" % len(content) + content + b"\n"


def write_repository(folder: Path, commands: Iterable[bytes]) -> None:
    """Make a new repository in `folder` (empty or absent) from `stream`. Raises LawdiffError when git refuses."""
    if folder.exists() and any(folder.iterdir()):
        raise LawdiffError(f"{folder} is not empty: name a new folder, the repository is written anew each time")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        _fill(folder, commands)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # half a repository would look like a whole one
        raise


def _fill(folder: Path, commands: Iterable[bytes]) -> None:
    _git(["init", "--quiet", "--initial-branch", "main", str(folder)])
    with subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet", "--done"], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as importer:
        assert importer.stdin and importer.stderr
        try:
            for command in commands:
                importer.stdin.write(command)
            importer.stdin.close()
        except BrokenPipeError:
            pass  # the exit code below tells
        reason = importer.stderr.read().decode("utf-8", "replace")
        if importer.wait():
            raise LawdiffError(f"git fast-import failed: {reason.strip()[:200]}")
    _git(["-C", str(folder), "reset", "--quiet", "--hard", "main"])


def _git(arguments: list[str]) -> None:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise LawdiffError("git is not installed: apt install git") from None
    if done.returncode:
        raise LawdiffError(f"git {arguments[0]} failed: {done.stderr.decode('utf-8', 'replace').strip()[:200]}")
