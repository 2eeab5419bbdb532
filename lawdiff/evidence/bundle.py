"""A case → the files of the bundle, and the bundle as a folder or a zip. The same case gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lawdiff.archive import Archive
from lawdiff.archive.records import iso, line_bytes
from lawdiff.errors import LawdiffError
from lawdiff.evidence.case import Case
from lawdiff.evidence.names import page_file, record_file, redline_file, text_file
from lawdiff.evidence.page import index_page
from lawdiff.evidence.proof import ChainPath, record_bytes
from lawdiff.evidence.words import readme
from lawdiff.render import diff_text
from lawdiff.store.read import ChangeRow

_OURS = frozenset({"README.txt", "SHA256SUMS", "check.py", "evidence.json"})
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # a fixed date: the same case, the same bytes


def files(case: Case, archive: Archive) -> Iterator[tuple[str, bytes]]:
    """Every file of the bundle, one at a time, always in the same order; SHA256SUMS of the others comes last."""
    sums: dict[str, str] = {}
    for name, content in _contents(case, archive):
        sums[name] = hashlib.sha256(content).hexdigest()
        yield name, content
    yield "SHA256SUMS", "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())).encode()


def _contents(case: Case, archive: Archive) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", readme(case).encode()
    yield "index.html", index_page(case).encode()
    yield "check.py", Path(__file__).with_name("checker.py").read_bytes()
    yield "evidence.json", _json(_facts(case))
    yield "journal/entries.jsonl", b"".join(line_bytes(entry) for entry in case.proof.entries)
    yield "journal/closes.jsonl", b"".join(line_bytes(close) for close in case.proof.closes)
    yield "journal/paths.json", _json([_path(path) for path in case.proof.paths])
    for version in case.versions:
        yield text_file(version), version.text.encode()
    for change in case.changes:
        yield redline_file(change), (_redline_head(change) + diff_text(change.diff_json)).encode() + b"\n"
    for comparison in case.comparisons:
        name = f"redline/{comparison.lang}-{case.since}-{case.until}.txt"
        yield name, diff_text(comparison.diff.to_json()).encode() + b"\n"
    for entry in case.proof.entries:
        yield record_file(entry.seq), record_bytes(archive, entry)
        yield page_file(entry), archive.body(entry)


def _path(path: ChainPath) -> dict[str, Any]:
    return {"seq": path.entry.seq, "hash": path.entry.hash, "close": path.close, "steps": path.steps}


def _redline_head(change: ChangeRow) -> str:
    laws = "; ".join(f"{number or law}" + (f", {text}" if text else "") for law, number, _, text in change.laws)
    return f"{change.id}\n{change.heading}\n{change.op}, {change.attribution}" + (f": {laws}" if laws else "") + "\n\n"


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _facts(case: Case) -> dict[str, Any]:
    root = case.proof.run_root
    return {
        "act": case.article.act_id,
        "title": case.title,
        "article": case.article.eid,
        "from": case.since,
        "to": case.until,
        "warnings": case.warnings,
        "run_root": {"hash": root.hash, "entry": root.seq, "closed_at": iso(root.closed_at)},
        "versions": [
            {
                "id": version.id,
                "lang": version.lang,
                "heading": version.heading,
                "state": version.state,
                "valid_from": version.valid_from,
                "valid_to": version.valid_to,
                "text_sha256": version.text_sha256,
                "text_file": text_file(version),
                "page": version.snapshot_id,
                "page_file": page_file(case.entry(version.snapshot_id or 0)),
                "imported": case.entry(version.snapshot_id or 0).http_status is None,
            }
            for version in case.versions
        ],
        "changes": [
            {
                "id": change.id,
                "lang": change.lang,
                "redaction_date": change.redaction_date,
                "op": change.op,
                "old_version": change.old_version_id,
                "new_version": change.new_version_id,
                "laws": [
                    {"id": law, "number": number, "in_force_from": day, "in_force_text": text}
                    for law, number, day, text in change.laws
                ],
                "attribution": change.attribution,
                "redline_file": redline_file(change),
            }
            for change in case.changes
        ],
        "pages": [
            {
                "entry": entry.seq,
                "url": entry.url,
                "fetched_at": iso(entry.fetched_at),
                "lang": entry.lang,
                "kind": entry.page_kind,
                "redaction_date": entry.redaction_date,
                "sha256": entry.sha256,
                "tls_certificate_sha256": entry.certificate_sha256,
                "page_file": page_file(entry),
                "record_file": record_file(entry.seq),
                "why": dict(case.roles).get(entry.seq, ("its record holds the bytes of a page above",)),
            }
            for entry in case.proof.entries
        ],
    }


def write(made: Iterable[tuple[str, bytes]], target: Path) -> None:
    """Write the bundle to a folder, or to a file whose name ends in `.zip`, whole or not at all.

    An earlier bundle there is replaced; anything else is not: LawdiffError.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".zip":
            _write_zip(made, target)
        else:
            _write_folder(made, target)
    except OSError as error:
        raise LawdiffError(f"cannot write {target}: {error.strerror}; choose another place with --out") from error


def _write_zip(made: Iterable[tuple[str, bytes]], target: Path) -> None:
    if target.is_dir():
        raise LawdiffError(f"{target} is a folder; choose another place with --out")
    fresh = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            for name, content in made:
                entry = zipfile.ZipInfo(f"{target.stem}/{name}", _ZIP_DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                packed.writestr(entry, content)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def _write_folder(made: Iterable[tuple[str, bytes]], target: Path) -> None:
    if target.exists() and not _is_ours(target):
        raise LawdiffError(f"{target} exists and is no evidence bundle; choose another place with --out")
    fresh = target.with_name(f".{target.name}.part")
    shutil.rmtree(fresh, ignore_errors=True)  # of a run that was killed
    try:
        for name, content in made:
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if target.exists():
            shutil.rmtree(target)
        fresh.replace(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _is_ours(target: Path) -> bool:
    if not target.is_dir():
        return False
    held = {path.name for path in target.iterdir()}
    return not held or held >= _OURS
