"""Killed, full, read-only, locked: nothing that was stored is lost, and the next crawl sets the rest right."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from datetime import timedelta
from pathlib import Path

import pytest
from fetches import ACT, START, crawl, fetch, page, small_archive

from lawdiff.archive import ActOutcome, Archive, CrawlOpen, CrawlSummary, Summary, repair, verify
from lawdiff.archive import writer as writing
from lawdiff.archive.journal import JOURNAL, AppendFile
from lawdiff.errors import ArchiveDamaged, LawdiffError
from lawdiff.model import Lang

NEXT_DAY = START + timedelta(days=1)
HERE = Path(__file__).parent

ENDLESS = """
    import sys
    from pathlib import Path
    from fetches import START, fetch
    from lawdiff.archive import Archive

    with Archive(Path(sys.argv[1])).writer(START) as writer:
        number = 0
        while True:
            number += 1
            entry = writer.store(fetch(number))
            print(entry.seq, entry.hash, flush=True)
"""


def endless_crawl(folder: Path) -> subprocess.Popen[str]:
    """A real process that stores pages until it is killed, and prints what it was told is stored."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(ENDLESS), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HERE)},
    )


@pytest.mark.parametrize("seed", range(4))
def test_after_kill_9_at_a_random_moment_every_confirmed_entry_is_there(tmp_path: Path, seed: int) -> None:
    small_archive(tmp_path)
    before = list(Archive(tmp_path).lines())
    process = endless_crawl(tmp_path)
    assert process.stdout is not None
    first = process.stdout.readline()  # the crawl is under way
    time.sleep(random.Random(seed).uniform(0, 0.15))
    process.send_signal(signal.SIGKILL)
    confirmed = [line.split() for line in [first, *process.stdout.read().splitlines()]]
    process.wait()
    whole = [words for words in confirmed if len(words) == 2 and len(words[1]) == 64]

    assert {found.kind for found in verify(tmp_path)} <= {"unclosed_crawl", "unrecorded_tail", "unfinished_entry"}
    held = {line.seq: line.hash for line in Archive(tmp_path).lines()}
    assert [held[int(seq)] for seq, _ in whole] == [digest for _, digest in whole]
    assert len(Archive(tmp_path).index().by_url) <= len(whole) + 8 + 1  # at most one more than was confirmed

    crawl(tmp_path, [fetch(1000)], at=NEXT_DAY)
    assert verify(tmp_path) == ()
    after = list(Archive(tmp_path).lines())
    assert after[: len(before)] == before
    assert all(Archive(tmp_path).body(entry) for entry in Archive(tmp_path).entries() if entry.size)
    closes = [close for _, close in Archive(tmp_path).crawls()]
    assert [close.complete for close in closes if close] == [True, True, True, False, True]
    assert len(closes) == 5


class Killed(BaseException):
    """Stands for the end of the process at one instruction."""


def kill_after(monkeypatch: pytest.MonkeyPatch, steps: int, tear: int | None) -> None:
    """The process ends at the `steps`-th change of a file; `tear`: after that many bytes of it were written."""
    left = [steps]
    dead = [False]
    real = {"write": os.write, "ftruncate": os.ftruncate, "fsync": os.fsync}

    def gone() -> None:
        left[0] -= 1
        dead[0] = dead[0] or left[0] < 0
        if dead[0]:
            raise Killed  # nor can a dead process undo anything

    def write(fd: int, content: bytes) -> int:
        was_dead = dead[0]
        try:
            gone()
        except Killed:
            if tear is not None and not was_dead:
                real["write"](fd, bytes(content)[:tear])
            raise
        return real["write"](fd, content)

    def ftruncate(fd: int, size: int) -> None:
        gone()
        real["ftruncate"](fd, size)

    def fsync(fd: int) -> None:
        gone()
        real["fsync"](fd)

    for name, double in (("write", write), ("ftruncate", ftruncate), ("fsync", fsync)):
        monkeypatch.setattr(os, name, double)


@pytest.mark.parametrize("tear", [None, 1, 700])
@pytest.mark.parametrize("step", range(24))
def test_a_crawl_that_ends_at_any_write_is_repaired_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, tear: int | None
) -> None:
    """Every write, sync and cut of a whole crawl in turn is the last thing that the process does."""
    small_archive(tmp_path)
    before = (tmp_path / JOURNAL).read_bytes()
    stored = []
    with monkeypatch.context() as patch:
        kill_after(patch, step, tear)
        with pytest.raises(Killed) if step < 17 else _maybe(), Archive(tmp_path).writer(NEXT_DAY) as writer:
            for number in (21, 22, 23):
                stored.append(writer.store(fetch(number)))
    assert [found for found in verify(tmp_path) if not found.unfinished] == []
    assert (tmp_path / JOURNAL).read_bytes().startswith(before)
    held = {entry.seq: entry for entry in Archive(tmp_path).entries()}
    assert [held[entry.seq] for entry in stored] == stored
    crawl(tmp_path, [fetch(30)], at=NEXT_DAY + timedelta(hours=1), sync=True)
    assert verify(tmp_path) == ()
    assert [Archive(tmp_path).body(entry) for entry in stored] == [page(n) for n in (21, 22, 23)[: len(stored)]]


@pytest.mark.parametrize("tear", [None, 60])
@pytest.mark.parametrize("step", range(10, 22))
def test_a_crawl_that_ends_while_it_tells_its_account_is_repaired_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, tear: int | None
) -> None:
    account = Summary(NEXT_DAY, ok=True, requests=1, acts=(ActOutcome(ACT, Lang.RU, "unchanged"),))
    with monkeypatch.context() as patch:
        kill_after(patch, step, tear)
        with _maybe(), Archive(tmp_path).writer(START) as writer:
            writer.store(fetch(1))
            writer.close(summary=account)
    crawl(tmp_path, [fetch(2)], at=NEXT_DAY, sync=True)
    assert verify(tmp_path) == ()
    told = [line.told for line in Archive(tmp_path).lines() if isinstance(line, CrawlSummary)]
    assert told in ([], [account])


@pytest.mark.parametrize("tear", [None, 100])
@pytest.mark.parametrize("step", range(14))
def test_the_very_first_crawl_that_ends_at_any_write_is_repaired_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, tear: int | None
) -> None:
    with monkeypatch.context() as patch:
        kill_after(patch, step, tear)
        with _maybe(), Archive(tmp_path).writer(START) as writer:
            writer.store(fetch(1))
    crawl(tmp_path, [fetch(2)], at=NEXT_DAY, sync=True)
    assert verify(tmp_path) == ()
    assert page(2) in [Archive(tmp_path).body(entry) for entry in Archive(tmp_path).entries()]


class _maybe:
    """Late steps come after the crawl's last write: it ends then as it should."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> bool:
        return kind is Killed


@pytest.mark.parametrize("step", range(1, 9))
def test_a_repair_that_is_itself_interrupted_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    small_archive(tmp_path)
    broken_off(tmp_path)
    with monkeypatch.context() as patch:
        kill_after(patch, step, 5)
        with pytest.raises(Killed), Archive(tmp_path).writer(NEXT_DAY) as writer:
            writer.store(fetch(40))
    crawl(tmp_path, [fetch(41)], at=NEXT_DAY + timedelta(hours=1))
    assert verify(tmp_path) == ()


def broken_off(folder: Path) -> tuple[bytes, bytes]:
    """Leave what a kill leaves: a crawl without end, half a record and half a line. Returns the two halves."""
    writer = Archive(folder).writer(START + timedelta(hours=5))
    writer.store(fetch(50))
    writer._release()
    *_, (opened, close) = Archive(folder).crawls()
    assert close is None
    half_record, half_line = os.urandom(900), b'{"kind":"fetch","prev":"00'
    with (folder / opened.warc_file).open("ab") as warc_file, (folder / JOURNAL).open("ab") as journal:
        warc_file.write(half_record)
        journal.write(half_line)
    return half_record, half_line


def test_what_is_cut_off_is_kept_aside_and_told(tmp_path: Path) -> None:
    record, line = broken_off(tmp_path)
    kinds = {found.kind for found in verify(tmp_path)}
    assert kinds == {"unfinished_entry", "unclosed_crawl", "unrecorded_tail"}
    with Archive(tmp_path).writer(NEXT_DAY) as writer:
        assert writer.repaired is not None
        assert "900 bytes past the last journalled record" in writer.repaired
        assert "26 bytes of an unfinished line" in writer.repaired
    assert {path.read_bytes() for path in (tmp_path / "torn").iterdir()} == {record, line}
    assert verify(tmp_path) == ()
    closes = [close for _, close in Archive(tmp_path).crawls() if close]
    assert closes[0].repaired == writer.repaired and not closes[0].complete


def test_a_hole_left_by_a_power_failure_is_a_torn_line(tmp_path: Path) -> None:
    small_archive(tmp_path)
    with (tmp_path / JOURNAL).open("ab") as journal:
        journal.write(b"\0" * 300 + b'"seq":15}\n')
    crawl(tmp_path, [fetch(60)], at=NEXT_DAY)
    assert verify(tmp_path) == ()


def test_a_damaged_journal_is_never_continued(tmp_path: Path) -> None:
    small_archive(tmp_path)
    path = tmp_path / JOURNAL
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"seq":4,', b'"seq":5,'))
    with pytest.raises(ArchiveDamaged, match=r"line 4, offset \d+: .* put back the journal from a backup"):
        Archive(tmp_path).writer(NEXT_DAY)
    assert not Archive(tmp_path).locked
    path.write_bytes(content)
    crawl(tmp_path, [fetch(70)], at=NEXT_DAY)


def test_a_journal_older_than_the_files_is_not_continued_over_them(tmp_path: Path) -> None:
    small_archive(tmp_path)
    old = (tmp_path / JOURNAL).read_bytes()
    crawl(tmp_path, [fetch(80)], at=NEXT_DAY)
    warcs = {path: path.read_bytes() for path in (tmp_path / "warc").iterdir()}
    (tmp_path / JOURNAL).write_bytes(old)
    with pytest.raises(ArchiveDamaged, match="the journal is older than the files"):
        Archive(tmp_path).writer(NEXT_DAY)
    assert {path: path.read_bytes() for path in (tmp_path / "warc").iterdir()} == warcs


def test_two_writers_never_run_at_once_and_the_lock_ends_with_its_process(tmp_path: Path) -> None:
    process = endless_crawl(tmp_path)
    try:
        assert process.stdout is not None and process.stdout.readline()
        assert Archive(tmp_path).locked
        with pytest.raises(LawdiffError, match=rf"another crawl \(process {process.pid}\) is writing"):
            Archive(tmp_path).writer(START)
        assert next(Archive(tmp_path).entries()).seq == 2  # readers are not kept out
        assert not [found for found in verify(tmp_path) if not found.unfinished]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert not Archive(tmp_path).locked
    crawl(tmp_path, [fetch(1)], at=NEXT_DAY)
    assert verify(tmp_path) == ()


def test_a_full_disk_is_told_and_costs_nothing_that_was_stored(tmp_path: Path) -> None:
    """A real limit of the system on the size of a file (EFBIG) stands for the full disk."""
    stored = small_archive(tmp_path)
    script = """
        import resource, sys
        from datetime import timedelta
        from pathlib import Path
        from fetches import START, fetch
        from lawdiff.archive import Archive

        writer = Archive(Path(sys.argv[1])).writer(START + timedelta(days=1))
        writer.store(fetch(90))
        size = (Path(sys.argv[1]) / "journal.jsonl").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 500, resource.RLIM_INFINITY))
        try:
            writer.store(fetch(91))
        except Exception as error:
            print(type(error).__name__, error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        writer.store(fetch(92))
        writer.close()
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(HERE)},
    )  # fmt: skip
    assert "LawdiffError no space to write" in done.stdout
    assert "what was stored before is safe" in done.stdout
    assert verify(tmp_path) == ()
    urls = [entry.url for entry in Archive(tmp_path).entries()]
    assert len(urls) == len(stored) + 2 and urls[-1].endswith("92")


def test_a_disk_that_is_full_from_the_start_leaves_the_archive_as_it_was(tmp_path: Path) -> None:
    small_archive(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / JOURNAL).stat().st_size + 10, hard))
    try:
        with pytest.raises(LawdiffError, match="free some space"):
            Archive(tmp_path).writer(NEXT_DAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()} == before


def test_a_device_that_is_full_is_told_as_such() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    full = AppendFile(Path("/dev/full"), sync=False)
    with pytest.raises(LawdiffError, match="no space to write /dev/full"):
        full.append(b"anything")
    full.close()


def test_a_read_only_archive_can_be_read_and_verified_and_writing_says_why_not(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    stored = small_archive(folder)
    script = """
        import os, sys
        from pathlib import Path
        from fetches import START
        from lawdiff.archive import Archive, verify
        if os.geteuid() == 0:
            os.setuid(65534)
        archive = Archive(Path(sys.argv[1]))
        print(len([archive.body(entry) for entry in archive.entries()]), verify(archive.folder))
        try:
            archive.writer(START)
        except Exception as error:
            print(type(error).__name__, error)
    """
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for parent in (tmp_path, *tmp_path.parents):
        if parent.stat().st_uid == os.geteuid() and "pytest" in str(parent):
            parent.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(folder)],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(HERE)},
    )  # fmt: skip
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    assert done.stdout.splitlines()[0] == f"{len(stored)} ()"
    assert "LawdiffError cannot write" in done.stdout and "check the permissions" in done.stdout


def test_an_error_inside_a_crawl_closes_it_as_incomplete(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), Archive(tmp_path).writer(START) as writer:
        writer.store(fetch(1))
        raise ZeroDivisionError
    ((_, close),) = Archive(tmp_path).crawls()
    assert close is not None and (close.complete, close.fetches) == (False, 1)
    assert verify(tmp_path) == ()


def test_a_crawl_that_stored_nothing_is_sound(tmp_path: Path) -> None:
    with Archive(tmp_path).writer(START):
        pass
    assert verify(tmp_path) == ()
    assert isinstance(next(Archive(tmp_path).lines()), CrawlOpen)


def test_a_closed_writer_stores_no_more(tmp_path: Path) -> None:
    writer = Archive(tmp_path).writer(START)
    assert writer.close() is not None
    assert writer.close() is None
    with pytest.raises(LawdiffError, match="open a new writer"):
        writer.store(fetch(1))


def test_the_bodies_known_from_before_are_found_by_half_a_digest_but_compared_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repair, "body_key", lambda sha256: 7)  # every digest collides
    first, other, again = crawl(tmp_path, [fetch(1), fetch(2), fetch(3, body=page(1))])
    assert [first.duplicate, other.duplicate, again.duplicate] == [False, False, True]
    assert Archive(tmp_path).body(other) == page(2)


def test_roots_txt_is_brought_up_to_date_after_a_kill_between_the_two_writes(tmp_path: Path) -> None:
    small_archive(tmp_path)
    roots = (tmp_path / writing.ROOTS).read_bytes()
    (tmp_path / writing.ROOTS).write_bytes(roots[:-40])
    assert {found.kind for found in verify(tmp_path)} <= {"roots_behind", "roots_disagree"}
    crawl(tmp_path, [fetch(9)], at=NEXT_DAY)
    assert (tmp_path / writing.ROOTS).read_bytes().startswith(roots)
    assert verify(tmp_path) == ()


def test_a_back_up_made_while_a_crawl_runs_is_whole_and_can_be_continued(tmp_path: Path) -> None:
    """In the order of docs/archive.md: roots, journal, then the WARC files."""
    folder, copy = tmp_path / "archive", tmp_path / "copy"
    small_archive(folder)
    process = endless_crawl(folder)
    try:
        assert process.stdout is not None and process.stdout.readline()
        (copy / "warc").mkdir(parents=True)
        for name in ("roots.txt", JOURNAL):
            shutil.copy2(folder / name, copy / name)
        time.sleep(0.05)
        for path in (folder / "warc").iterdir():
            shutil.copy2(path, copy / "warc" / path.name)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert [found for found in verify(copy) if not found.unfinished] == []
    assert all(Archive(copy).body(entry) for entry in Archive(copy).entries() if entry.size)
    crawl(copy, [fetch(1000)], at=NEXT_DAY)
    assert verify(copy) == ()


def test_a_roots_file_that_was_deleted_comes_back_and_one_that_says_otherwise_is_left_to_verify(tmp_path: Path) -> None:
    small_archive(tmp_path)
    roots = tmp_path / writing.ROOTS
    before = roots.read_bytes()
    roots.unlink()
    assert [found.kind for found in verify(tmp_path)] == ["roots_behind"]
    crawl(tmp_path, [fetch(9)], at=NEXT_DAY)
    assert roots.read_bytes().startswith(before)
    assert verify(tmp_path) == ()
    forged = roots.read_bytes().replace(b"  line 5", b"  line 6")
    roots.write_bytes(forged)
    crawl(tmp_path, [fetch(10)], at=NEXT_DAY)
    assert roots.read_bytes() == forged
    assert {found.kind for found in verify(tmp_path)} >= {"roots_disagree"}
