"""A bundle that shows what an article said, when it changed, and that the pages behind it were not altered since.

    conn, archive → `gather` → Case → `files` → `write` (a folder or a zip)

The bundle needs nothing of this program to be checked: README.txt says how, in three languages; check.py does it with
Python's standard library alone. What is proven, and what not, is said there. Same archive, database and question: same
bytes. docs/archive.md, «Evidence», describes each file.
"""

from __future__ import annotations

from lawdiff.evidence.bundle import files, write
from lawdiff.evidence.case import Case, gather

__all__ = ["Case", "files", "gather", "write"]
