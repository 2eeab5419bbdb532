"""A clone of a kazakhstan-law repository → entries of the archive, one per act, language and redaction.

Reads the clone with `git` alone (no checkout, no network) along the first parents, oldest commit first. What is stored
is a canonical JSON bundle of the files of one redaction, as they are in the commit: `{"files": [{"path", "text"}],
"meta": {…}}`. The commit is in the address, not in the bytes: the mirror rewrites its history with every build, so the
same text keeps its digest. Importing again stores nothing that is held.

The portal's pages stay the first source: where both hold a redaction, the build uses the portal's and lists what
differs.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import quote

import yaml

from lawdiff.archive import Archive, CrawlWriter, Entry, Fetch
from lawdiff.archive.records import sha256_hex
from lawdiff.errors import LawdiffError
from lawdiff.gitmarkdown import MirrorMeta, act_code, front_matter, part_links, read_meta
from lawdiff.identifiers import PORTAL_LANG
from lawdiff.model import Lang, Verdict

PAGE_KIND = "mirror_text"
_LANG_FILE = {f"{portal}.md": lang for lang, portal in PORTAL_LANG.items()}
_BANK_NUMBER = re.compile(rb"law\.gov\.kz/client/#!/doc/(?P<code>\d+)/")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. skipped: act codes of the clone that no act is known for, with how many redactions."""

    stored: int
    held: int
    skipped: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Redaction:
    commit: str
    folder: str
    meta: MirrorMeta
    bundle: bytes


class _Clone:
    """Reads of one repository through `git cat-file --batch`."""

    def __init__(self, path: Path, batch: subprocess.Popen[bytes]) -> None:
        self.path = path
        assert batch.stdin and batch.stdout
        self._ask: IO[bytes] = batch.stdin
        self._answer: IO[bytes] = batch.stdout

    def text(self, commit: str, path: str) -> str | None:
        """A file of a commit, or None. Raises LawdiffError where it is not UTF-8."""
        self._ask.write(f"{commit}:{path}\n".encode())
        self._ask.flush()
        header = self._answer.readline().split()
        if header[-1:] == [b"missing"] or len(header) != 3:
            return None
        content = self._answer.read(int(header[2]))
        self._answer.read(1)
        if header[1] != b"blob":
            return None
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            raise LawdiffError(f"{path} in commit {commit[:12]} is not UTF-8; is the clone damaged? git fsck") from None

    def changed(self) -> Iterator[tuple[str, frozenset[tuple[str, Lang]]]]:
        """(commit, {(act folder, language)}) for each commit that touches texts, oldest first."""
        log = _git(self.path, "log", "--first-parent", "--reverse", "--no-renames", "-m", "--name-only", "-z",
                   "--format=%x01%H")  # fmt: skip
        for block in log.split("\x01")[1:]:
            commit, _, rest = block.partition("\n")
            names = [name.strip("\n") for name in rest.split("\0")]
            yield commit.strip("\0\n"), frozenset(place for name in names for place in _places(name))


def _places(name: str) -> tuple[tuple[str, Lang], ...]:
    """(act folder, language) of `…/rus.md` or `…/rus/sec001.md`; both languages of `…/meta.yaml`, whose date may be new
    although no text is."""
    path = PurePosixPath(name)
    if path.name == "meta.yaml":
        return tuple((str(path.parent), lang) for lang in Lang)
    if path.name in _LANG_FILE:
        return ((str(path.parent), _LANG_FILE[path.name]),)
    if path.suffix == ".md" and f"{path.parent.name}.md" in _LANG_FILE:
        return ((str(path.parent.parent), _LANG_FILE[f"{path.parent.name}.md"]),)
    return ()


def _git(path: Path, *arguments: str) -> str:
    command = ["git", "-C", str(path), "-c", "core.quotepath=off", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        raise LawdiffError("git is not installed: apt install git") from None
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["git failed"]
        raise LawdiffError(f"cannot read {path} as a git repository: {reason[0]}; clone it first, then name its folder")
    return done.stdout.decode("utf-8", "replace")


@contextmanager
def _opened(path: Path) -> Iterator[_Clone]:
    _git(path, "rev-parse", "--git-dir")
    with subprocess.Popen(
        ["git", "-C", str(path), "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as batch:
        try:
            yield _Clone(path, batch)
        finally:
            if batch.stdin:
                batch.stdin.close()


def bank_numbers(archive: Archive) -> dict[str, str]:
    """State bank number → act id, from the link «Версия из ЭКБ» of the portal pages that the archive holds."""
    found: dict[str, str] = {}
    known: set[str] = set()
    for entry in archive.entries():
        if entry.act_id and entry.act_id not in known and entry.verdict is Verdict.TEXT and entry.page_kind == "text":
            match = _BANK_NUMBER.search(archive.body(entry))
            if match:
                known.add(entry.act_id)
                found.setdefault(match["code"].decode(), entry.act_id)
    return found


def import_clone(
    path: Path, folder: Path, acts: Mapping[str, str], *, now: datetime, report: Callable[[str], None] | None = None
) -> Imported:
    """Store every redaction of the acts named by `acts` (act code → act id) from the clone at `path` into the archive.

    now: the time of the import, kept as time of observation. report: called with one line per stored redaction.
    Raises LawdiffError for a folder that is no such clone; what was stored before stays.
    """
    archive = Archive(folder)
    held = _held(archive)
    stored = already = 0
    skipped: dict[str, int] = {}
    with _opened(path) as clone, archive.writer(now, settings={"source": "kazakhstan-law clone"}) as writer:
        for redaction in _redactions(clone, acts):
            if isinstance(redaction, str):
                skipped[redaction] = skipped.get(redaction, 0) + 1
                continue
            act_id = acts[redaction.meta.act_code]
            entry = _store(writer, redaction, act_id, now, held)
            if entry is None:
                already += 1
                continue
            stored += 1
            if report:
                report(f"{act_id} {redaction.meta.lang} {redaction.meta.redaction_date.isoformat()}")
    if not stored and not already and not skipped:
        raise LawdiffError(f"{path} holds no rus.md or kaz.md in its history; is it a kazakhstan-law repository?")
    return Imported(stored, already, tuple(sorted(skipped.items())))


def _held(archive: Archive) -> set[tuple[str, Lang | None, object, str | None]]:
    if not archive.exists:
        return set()
    return {
        (entry.act_id or "", entry.lang, entry.redaction_date, entry.sha256)
        for entry in archive.entries()
        if entry.page_kind == PAGE_KIND
    }


def _redactions(clone: _Clone, acts: Container[str]) -> Iterator[_Redaction | str]:
    """Redactions of the acts named; for one of another act its code (or folder), whatever else is wrong with it."""
    for commit, places in clone.changed():
        for folder, lang in sorted(places):
            redaction = _redaction(clone, commit, folder, lang, acts)
            if redaction is not None:
                yield redaction


def _redaction(clone: _Clone, commit: str, folder: str, lang: Lang, acts: Container[str]) -> _Redaction | str | None:
    """The redaction that a commit left in a folder, or the code of an act that is not wanted; None where the act was
    removed (repealed) in it."""
    name = f"{PORTAL_LANG[lang]}.md"
    text = clone.text(commit, _join(folder, name))
    if text is None:
        return None
    front, rest = front_matter(text)
    side = clone.text(commit, _join(folder, "meta.yaml"))
    if front is None and side is None:
        raise LawdiffError(f"commit {commit[:12]}: {folder} has neither meta.yaml nor front matter")
    stated = {**_yaml(side, commit, folder), **_yaml(front, commit, folder)}
    if act_code(stated) not in acts:
        return act_code(stated) or folder
    meta = read_meta(stated, lang, rest)
    if meta is None:
        return None
    files = [(name, text)]
    for part in part_links(text):
        content = clone.text(commit, _join(folder, part))
        if content is None:
            raise LawdiffError(f"commit {commit[:12]}: {folder}/{name} links {part}, which is not there; git fsck")
        files.append((part, content))
    facts = {"act_code": meta.act_code, "lang": meta.lang, "redaction_date": meta.redaction_date.isoformat(),
             "title": meta.title, "requisite": meta.requisite, "source": meta.source}  # fmt: skip
    bundle = {"files": [{"path": path, "text": content} for path, content in files], "meta": facts}
    return _Redaction(commit, folder, meta, json.dumps(bundle, ensure_ascii=False, sort_keys=True).encode())


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


def _yaml(text: str | None, commit: str, folder: str) -> dict[str, object]:
    if text is None:
        return {}
    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise LawdiffError(f"commit {commit[:12]}: the metadata of {folder} is not YAML: {error}") from None
    return loaded if isinstance(loaded, dict) else {}


def _store(
    writer: CrawlWriter,
    redaction: _Redaction,
    act_id: str,
    now: datetime,
    held: set[tuple[str, Lang | None, object, str | None]],
) -> Entry | None:
    meta = redaction.meta
    address = f"urn:git:{redaction.commit}:{quote(_join(redaction.folder, PORTAL_LANG[meta.lang] + '.md'))}"
    fetch = Fetch(
        url=address, act_id=act_id, lang=meta.lang, page_kind=PAGE_KIND, redaction_date=meta.redaction_date,
        fetched_at=now, http_status=None, verdict=Verdict.TEXT, detail=f"made from {meta.source or 'an unnamed page'}",
        body=redaction.bundle, method="IMPORT",
        response_headers=(("Content-Type", "application/json; charset=utf-8"),),
    )  # fmt: skip
    key = (act_id, meta.lang, meta.redaction_date, sha256_hex(redaction.bundle))
    if key in held:
        return None
    held.add(key)
    return writer.store(fetch)
