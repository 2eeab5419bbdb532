"""`verify` finds what was done to an archive, and names entry, file and offset."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fetches import ACT, START, crawl, fetch, page, small_archive
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lawdiff.archive import ActOutcome, Archive, CrawlSummary, Summary, check, merkle, verify
from lawdiff.archive.journal import JOURNAL
from lawdiff.archive.records import decode, encode, line_bytes
from lawdiff.errors import LawdiffError
from lawdiff.evidence.proof import prove
from lawdiff.model import Lang


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    small_archive(folder)
    return folder


@pytest.fixture
def archive(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "archive"))


def journal_lines(folder: Path) -> list[bytes]:
    return (folder / JOURNAL).read_bytes().splitlines(keepends=True)


def write_lines(folder: Path, lines: list[bytes]) -> None:
    (folder / JOURNAL).write_bytes(b"".join(lines))


def start_of(lines: list[bytes], index: int) -> int:
    return sum(map(len, lines[:index]))


def summary(folder: Path) -> list[tuple[str, int | None, str | None, int | None]]:
    return [(found.kind, found.seq, found.file, found.offset) for found in verify(folder)]


def test_a_sound_archive_has_no_findings_and_everything_was_looked_at(archive: Path) -> None:
    report = check(archive)
    files = list((archive / "warc").iterdir())
    assert report.findings == ()
    assert (report.crawls, report.fetches) == (3, 8)
    assert report.warc_bytes == sum(path.stat().st_size for path in files)
    assert report.records == 3 + 8 * 3 - 1  # an opening record per file, three per fetch, no response for the time-out
    last = json.loads(journal_lines(archive)[-1])
    assert report.last_root == last["hash"]


def test_every_flipped_bit_in_the_journal_is_found_in_its_line(archive: Path) -> None:
    path = archive / JOURNAL
    content = path.read_bytes()
    lines = journal_lines(archive)
    for offset in range(0, len(content), 13):
        path.write_bytes(content[:offset] + bytes([content[offset] ^ 1 << offset % 8]) + content[offset + 1 :])
        line = content[:offset].count(b"\n")
        (found, *_) = verify(archive)
        assert found.kind in {"altered_entry", "unfinished_entry"}, (offset, found)
        assert (found.seq, found.file) == (line + 1, JOURNAL)
        assert found.offset == start_of(lines, line)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_flipped_bit_in_a_warc_file_is_found_in_its_entry(archive: Path, data: st.DataObject) -> None:
    entries = list(Archive(archive).entries())
    path = data.draw(st.sampled_from(sorted((archive / "warc").iterdir())))
    content = path.read_bytes()
    offset = data.draw(st.integers(0, len(content) - 1))
    bit = data.draw(st.integers(0, 7))
    path.write_bytes(content[:offset] + bytes([content[offset] ^ 1 << bit]) + content[offset + 1 :])
    name = f"warc/{path.name}"
    owner = next(
        (e for e in entries if e.warc_file == name and e.warc_offset <= offset < e.warc_offset + e.warc_length), None
    )
    try:
        (found, *_) = [each for each in verify(archive) if each.file == name]
    finally:
        path.write_bytes(content)
    assert found.kind == "altered_record"
    assert found.offset is not None
    if owner is None:
        assert found.offset == 0
    else:
        assert found.seq == owner.seq
        assert owner.warc_offset <= found.offset <= offset


def test_a_removed_entry_is_named_with_the_place_where_it_is_missing(archive: Path) -> None:
    lines = journal_lines(archive)
    write_lines(archive, lines[:2] + lines[3:])
    assert summary(archive) == [("missing_entries", 3, JOURNAL, start_of(lines, 2))]


def test_several_removed_entries_are_one_finding(archive: Path) -> None:
    lines = journal_lines(archive)
    write_lines(archive, lines[:6] + lines[9:])
    (found,) = [each for each in verify(archive) if each.file == JOURNAL]
    assert (found.kind, found.seq, found.detail) == (
        "missing_entries",
        7,
        "entries 7 to 9 are missing before this line",
    )


def test_a_removed_crawl_leaves_its_warc_file_over(archive: Path) -> None:
    lines = journal_lines(archive)
    write_lines(archive, lines[:5] + lines[10:])
    kinds = {found.kind: found for found in verify(archive)}
    assert (kinds["missing_entries"].seq, kinds["extra_file"].file) == (6, sorted_warcs(archive)[1])


def sorted_warcs(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in (folder / "warc").iterdir())


def test_a_removed_end_is_found_by_roots_txt_and_by_a_published_root(archive: Path) -> None:
    lines = journal_lines(archive)
    published = json.loads(lines[-1])["hash"]
    write_lines(archive, lines[:10])
    (archive / sorted_warcs(archive)[2]).unlink()
    assert [found.kind for found in verify(archive)] == ["roots_disagree"]
    roots = (archive / "roots.txt").read_text().splitlines(keepends=True)
    (archive / "roots.txt").write_text("".join(roots[:2]))
    assert verify(archive) == ()  # nothing inside tells; what was published does
    (found,) = verify(archive, roots=[published])
    assert found.kind == "root_absent" and published in found.detail


def test_a_removed_closing_entry_is_found(archive: Path) -> None:
    lines = journal_lines(archive)
    write_lines(archive, lines[:-1])
    kinds = [found.kind for found in verify(archive)]
    assert kinds == ["unclosed_crawl", "roots_disagree"]


@pytest.mark.parametrize("first", [2, 3, 7])
def test_two_entries_in_the_wrong_order_are_named(archive: Path, first: int) -> None:
    lines = journal_lines(archive)
    lines[first - 1], lines[first] = lines[first], lines[first - 1]
    write_lines(archive, lines)
    found = [each for each in verify(archive) if each.file == JOURNAL]
    assert [(each.kind, each.seq, each.offset) for each in found] == [
        ("misplaced_entry", first, start_of(lines, first))
    ]
    assert "the order was changed" in found[0].detail


def test_an_inserted_copy_of_an_entry_is_named(archive: Path) -> None:
    lines = journal_lines(archive)
    write_lines(archive, [*lines[:7], lines[2], *lines[7:]])
    assert summary(archive) == [("misplaced_entry", 3, JOURNAL, start_of(lines, 7))]


def forged(line: bytes, **changed: object) -> bytes:
    """The line with other members and a hash that fits them."""
    record = decode(line.rstrip(b"\n"))
    members = {name: getattr(record, name) for name in record.__slots__ if name != "hash"}
    return encode(type(record), {**members, **changed})[0]


def test_an_entry_rewritten_with_a_fitting_hash_breaks_the_chain(archive: Path) -> None:
    lines = journal_lines(archive)
    write_lines(archive, [*lines[:2], forged(lines[2], detail="another verdict"), *lines[3:]])
    (found,) = verify(archive)
    assert (found.kind, found.seq, found.offset) == (
        "broken_chain", 4, start_of([*lines[:2], forged(lines[2], detail="another verdict")], 3),
    )  # fmt: skip
    assert "does not continue entry 3" in found.detail


def test_an_inserted_entry_with_a_fitting_hash_is_found(archive: Path) -> None:
    lines = journal_lines(archive)
    third = decode(lines[2].rstrip(b"\n"))
    added = forged(lines[2], seq=4, prev=third.hash, detail="never fetched")
    write_lines(archive, [*lines[:3], added, *lines[3:]])
    found = [each for each in verify(archive) if each.file == JOURNAL]
    assert [(each.kind, each.seq) for each in found] == [("misplaced_entry", 4)]


def test_a_chain_that_was_recomputed_to_its_end_is_found_by_the_run_root_or_by_roots_txt(archive: Path) -> None:
    lines = journal_lines(archive)
    changed = [*lines[:2], forged(lines[2], detail="another verdict")]
    for line in lines[3:]:
        changed.append(forged(line, prev=decode(changed[-1].rstrip(b"\n")).hash))
    write_lines(archive, changed)
    assert {found.kind for found in verify(archive)} >= {"wrong_root", "roots_disagree"}


@pytest.fixture
def with_accounts(tmp_path: Path) -> Path:
    """Two crawls that told what they found; lines 4 and 9 of the journal are their accounts."""
    folder = tmp_path / "told"
    for number in (0, 1):
        moment = START + timedelta(days=number)
        told = Summary(moment, ok=True, requests=2, acts=(ActOutcome(ACT, Lang.RU, "unchanged", requests=1),))
        with Archive(folder).writer(moment, clock=lambda: START, sync=False) as writer:
            for fetched in (1, 2):
                writer.store(fetch(10 * number + fetched))
            writer.close(summary=told)
    return folder


def test_the_account_of_a_run_is_part_of_the_chain_and_of_the_run_root(with_accounts: Path) -> None:
    assert verify(with_accounts) == ()
    lines = journal_lines(with_accounts)
    account = decode(lines[3][:-1], strict=True)
    assert isinstance(account, CrawlSummary)
    assert line_bytes(account) == lines[3]
    changed = forged(lines[3], told=replace(account.told, acts=()))
    rechained = [*lines[:3], changed]
    for line in lines[4:]:
        rechained.append(forged(line, prev=decode(rechained[-1][:-1]).hash))
    added = forged(lines[3], seq=len(lines) + 1, prev=decode(lines[-1][:-1]).hash)
    for name, altered, kinds in (
        (
            "other words, same hash",
            [*lines[:3], lines[3].replace(b"unchanged", b"unchecked"), *lines[4:]],
            "altered_entry",
        ),
        ("other words, fitting hash", [*lines[:3], changed, *lines[4:]], "broken_chain"),
        ("other words, chain made anew", rechained, "wrong_root"),
        ("removed", [*lines[:3], *lines[4:]], "missing_entries"),
        ("moved", [*lines[:2], lines[3], lines[2], *lines[4:]], "misplaced_entry"),
        ("twice", [*lines[:4], *lines[3:]], "misplaced_entry"),
        ("after its run", [*lines, added], "broken_chain"),
        ("of another run", [*lines[:3], forged(lines[3], crawl=6), *lines[4:]], "broken_chain"),
    ):
        write_lines(with_accounts, altered)
        assert kinds in {found.kind for found in verify(with_accounts)}, name


def test_every_flipped_bit_of_an_account_is_found(with_accounts: Path) -> None:
    lines = journal_lines(with_accounts)
    for place in range(0, len(lines[3]) - 1, 3):
        broken = bytearray(lines[3])
        broken[place] ^= 1 << place % 8
        write_lines(with_accounts, [*lines[:3], bytes(broken), *lines[4:]])
        assert verify(with_accounts), place


def test_entries_of_a_run_with_an_account_are_proven_to_its_root(with_accounts: Path) -> None:
    entries = list(Archive(with_accounts).entries())
    proof = prove(Archive(with_accounts), lambda entry: entry.seq in (2, 8))
    assert [path.entry for path in proof.paths] == [entries[0], entries[3]]
    roots = {close.seq: close.root for close in proof.closes}
    for path in proof.paths:
        assert merkle.climb(path.entry.hash, path.steps) == roots[path.close]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_truncated_warc_file_is_named_with_its_size_and_the_first_entry_concerned(
    archive: Path, share: float
) -> None:
    name = sorted_warcs(archive)[0]
    size = int((archive / name).stat().st_size * share)
    with (archive / name).open("r+b") as stream:
        stream.truncate(size)
    first = next(e for e in Archive(archive).entries() if e.warc_file == name and e.warc_offset + e.warc_length > size)
    (found,) = [each for each in verify(archive) if each.file == name]
    assert (found.kind, found.seq, found.offset) == ("truncated_file", first.seq, size)


def test_a_missing_warc_file_is_named_once_and_bodies_that_others_refer_to_are_missed_too(archive: Path) -> None:
    name = sorted_warcs(archive)[0]
    (archive / name).unlink()
    findings = verify(archive)
    assert [(found.kind, found.seq) for found in findings if found.file == name] == [("missing_file", 2)]
    (other,) = [found for found in findings if found.file != name]
    assert (other.kind, other.seq) == ("altered_record", 8) and f"the body is in {name}" in other.detail


def test_an_extra_warc_file_and_bytes_added_to_a_file_are_named(archive: Path) -> None:
    first, *_ = sorted_warcs(archive)
    size = (archive / first).stat().st_size
    (archive / "warc" / "crawl-foreign.warc.gz").write_bytes((archive / first).read_bytes())
    with (archive / first).open("ab") as stream:
        stream.write(b"more")
    assert summary(archive) == [
        ("unrecorded_bytes", None, first, size),
        ("extra_file", None, "warc/crawl-foreign.warc.gz", 0),
    ]


def test_a_record_replaced_by_another_valid_one_is_found(archive: Path) -> None:
    """Two records that are both sound WARC change places: only the journal knows."""
    entries = [entry for entry in Archive(archive).entries() if entry.crawl == 1]
    path = archive / entries[0].warc_file
    content = path.read_bytes()
    parts = [content[entry.warc_offset : entry.warc_offset + entry.warc_length] for entry in entries]
    path.write_bytes(content[: entries[0].warc_offset] + parts[1] + parts[0] + parts[2])
    kinds = [(found.kind, found.seq) for found in verify(archive)]
    assert ("altered_record", entries[0].seq) in kinds and ("altered_record", entries[1].seq) in kinds


def test_a_closed_warc_file_may_be_a_link_to_another_disk(archive: Path, tmp_path: Path) -> None:
    name = sorted_warcs(archive)[0]
    (tmp_path / "cold").mkdir()
    moved = Path(shutil.move(archive / name, tmp_path / "cold"))
    (archive / name).symlink_to(moved)
    assert verify(archive) == ()
    entry = next(Archive(archive).entries())
    assert Archive(archive).body(entry) == page(1)


def test_verify_of_a_folder_without_archive_says_so(tmp_path: Path) -> None:
    with pytest.raises(LawdiffError, match="no archive"):
        verify(tmp_path)


mutations: dict[str, Callable[[list[bytes], int, int], list[bytes]]] = {
    "remove": lambda lines, i, j: lines[:i] + lines[i + 1 :],
    "swap": lambda lines, i, j: [lines[j] if k == i else lines[i] if k == j else each for k, each in enumerate(lines)],
    "copy": lambda lines, i, j: [*lines[:i], lines[j], *lines[i:]],
    "replace": lambda lines, i, j: [*lines[:i], lines[j], *lines[i + 1 :]],
    "cut": lambda lines, i, j: lines[:i],
    "rehash": lambda lines, i, j: [*lines[:i], forged(lines[i], seq=decode(lines[i][:-1]).seq + 1), *lines[i + 1 :]],
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(mutations)), i=st.integers(0, 13), j=st.integers(0, 13))
def test_no_change_of_the_lines_goes_unseen(archive: Path, name: str, i: int, j: int) -> None:
    path = archive / JOURNAL
    content = path.read_bytes()
    changed = b"".join(mutations[name](journal_lines(archive), i, j))
    path.write_bytes(changed)
    try:
        assert bool(verify(archive)) == (changed != content)
    finally:
        path.write_bytes(content)


def test_verify_reads_an_archive_in_bounded_memory(tmp_path: Path) -> None:
    import tracemalloc

    for number in range(4):
        at = START + timedelta(days=number)
        crawl(tmp_path, [fetch(i, body=page(100 * number + i) * 60, at=at) for i in range(6)], at=at)
    tracemalloc.start()
    assert verify(tmp_path) == ()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * len(page(1) * 60)


def test_a_line_that_says_the_same_in_another_form_is_found_although_its_hash_fits(archive: Path) -> None:
    """Two texts of one entry would be two hashes for one fact."""
    import hashlib

    lines = journal_lines(archive)
    last = json.loads(lines[-1])
    del last["hash"]
    head = json.dumps(last, sort_keys=True, ensure_ascii=False).encode()
    lines[-1] = head[:-1] + b',"hash":"' + hashlib.sha256(head).hexdigest().encode() + b'"}\n'
    write_lines(archive, lines)
    (found, *_) = verify(archive)
    assert (found.kind, found.seq, found.detail) == ("altered_entry", 14, "the line is not canonical JSON")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_bytes_inserted_removed_or_overwritten_anywhere_are_found(archive: Path, data: st.DataObject) -> None:
    files = [archive / JOURNAL, archive / "roots.txt", *sorted((archive / "warc").iterdir())]
    path = data.draw(st.sampled_from(files))
    content = path.read_bytes()
    start = data.draw(st.integers(0, len(content)))
    removed = data.draw(st.integers(0, 400))
    added = data.draw(st.binary(max_size=40))
    changed = content[:start] + added + content[start + removed :]
    path.write_bytes(changed)
    try:
        findings = verify(archive)
    finally:
        path.write_bytes(content)
    assert bool(findings) == (changed != content)
    if findings:
        assert str(path.relative_to(archive)) in {found.file for found in findings}


def test_a_clock_that_jumps_back_does_no_harm(tmp_path: Path) -> None:
    crawl(tmp_path, [fetch(1)])
    crawl(tmp_path, [fetch(2, at=START - timedelta(days=400))], at=START - timedelta(days=400))
    crawl(tmp_path, [fetch(3)])
    assert verify(tmp_path) == ()
    assert [entry.url[-1] for entry in Archive(tmp_path).entries()] == ["1", "2", "3"]


def test_the_folder_of_warc_files_may_be_a_link_and_strangers_in_it_are_named(archive: Path, tmp_path: Path) -> None:
    shutil.move(archive / "warc", tmp_path / "elsewhere")
    (archive / "warc").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert verify(archive) == ()
    crawl(archive, [fetch(99)])
    assert verify(archive) == ()
    (tmp_path / "elsewhere" / "notes.txt").write_text("not of the archive")
    assert summary(archive) == [("extra_file", None, "warc/notes.txt", 0)]
