"""The result of the last `lawdiff verify`, kept in the archive (`verified.json`) for `lawdiff status` and the site."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lawdiff.archive.records import iso
from lawdiff.archive.verification import Report

VERIFIED = "verified.json"


@dataclass(frozen=True, slots=True)
class LastVerified:
    """verified_at: when; findings: how many; first: the first of them, for people; last_root: run root reached."""

    verified_at: datetime
    findings: int
    first: str | None
    fetches: int
    last_root: str | None

    @property
    def ok(self) -> bool:
        return self.findings == 0


def remember(folder: Path, report: Report, at: datetime) -> None:
    """Keep the result; a folder that cannot be written (read-only medium) is no reason to fail."""
    facts = {
        "verified_at": iso(at),
        "findings": len(report.findings),
        "first": str(report.findings[0]) if report.findings else None,
        "fetches": report.fetches,
        "last_root": report.last_root,
    }
    fresh = folder / f"{VERIFIED}.{os.getpid()}"
    with contextlib.suppress(OSError):
        try:
            fresh.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            fresh.replace(folder / VERIFIED)
        finally:
            fresh.unlink(missing_ok=True)


def last_verified(folder: Path) -> LastVerified | None:
    """What was kept; None when `lawdiff verify` never ran here, or the file cannot be read."""
    try:
        facts = json.loads((folder / VERIFIED).read_text(encoding="utf-8"))
        return LastVerified(
            datetime.fromisoformat(facts["verified_at"]),
            int(facts["findings"]),
            facts["first"],
            int(facts["fetches"]),
            facts["last_root"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
