"""What must hold of a database, and what a person should look at: names, meanings and the checks that need no SQL.

A *rule* that is broken is a defect of the file or of the program; an *anomaly* is odd in the source and may be right.
The SQL of both is in `lawdiff.store.anomalies` (after legi.py: each check one query with a name).
"""

from __future__ import annotations

from dataclasses import dataclass

from lawdiff.diff import apply, apply_heading
from lawdiff.errors import DiffError
from lawdiff.text import sha256_text


@dataclass(frozen=True, slots=True)
class Check:
    """name: snake_case. meaning: what is wrong with each row that it finds. rule: a row of it breaks the file."""

    name: str
    meaning: str
    rule: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. examples: (where, detail), at most as many as were asked for."""

    check: Check
    count: int
    examples: tuple[tuple[str, str], ...]


def broken_digest(text: str, digest: str) -> str | None:
    """Why a stored digest is not that of its text, or None."""
    found = sha256_text(text)
    return None if found == digest else f"the text has the digest {found}"


def broken_diff(old: tuple[str, str], new: tuple[str, str], diff_json: str) -> str | None:
    """Why a stored diff does not lead from (heading, text) `old` to `new`, or None."""
    try:
        text, heading = apply(old[1], diff_json), apply_heading(old[0], diff_json)
    except DiffError as error:
        return str(error)
    if text != new[1]:
        return "the diff leads to another text"
    return None if heading == new[0] else "the diff leads to another heading"
