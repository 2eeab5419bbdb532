"""Names of the files in a bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lawdiff.archive import Entry
    from lawdiff.evidence.case import Case
    from lawdiff.store.read import ChangeRow, Version


def text_file(version: Version) -> str:
    return f"texts/{version.lang}-{version.version_no:02d}-{version.valid_from.isoformat()}.txt"


def page_file(entry: Entry) -> str:
    """A page of the portal is HTML; what was imported from elsewhere (no HTTP status) is a JSON bundle."""
    return f"pages/{entry.seq:06d}.{'json' if entry.http_status is None else 'html'}"


def record_file(seq: int) -> str:
    return f"records/{seq:06d}.warc.gz"


def redline_file(change: ChangeRow) -> str:
    return f"redline/{change.id.partition('/')[2].replace('/', '-')}.txt"


def example_names(case: Case) -> dict[str, str]:
    """The names with which the README shows the commands: those of the newest text."""
    version = max(case.versions, key=lambda one: (one.valid_from, one.lang))
    seq = version.snapshot_id or 0
    return {"seq": str(seq), "page": page_file(case.entry(seq)), "record": record_file(seq), "text": text_file(version)}
