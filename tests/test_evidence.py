"""An evidence bundle: what is in it, that it checks without this program, and that every change to it is found."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from stored import SAMPLE, START, build_all, crawl_files, fetch_of, page_files
from test_import_git import NOW, clone  # noqa: F401

from lawdiff.archive import Archive
from lawdiff.archive.records import sha256_hex
from lawdiff.cli import cli
from lawdiff.errors import LawdiffError, StoreError
from lawdiff.evidence import checker, files, gather
from lawdiff.importgit import import_clone
from lawdiff.model import Lang
from lawdiff.store.connection import open_database

ACT = "K1400000226"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three nights over the bundled sample, and the database built from it."""
    folder = tmp_path_factory.mktemp("world")
    pages = page_files(SAMPLE)
    crawl_files(folder / "archive", pages)
    for night in (1, 2):
        current = [path for path in pages if path.stem == "index"]
        crawl_files(folder / "archive", current, at=START + timedelta(days=night))
    build_all(folder / "archive", folder / "lawdiff.db")
    return folder


def run(world: Path, *arguments: str) -> str:
    """`lawdiff evidence`; its stdout."""
    result = CliRunner().invoke(
        cli,
        ["evidence", *arguments, "--db", str(world / "lawdiff.db"), "--archive", str(world / "archive")],
        catch_exceptions=False,
    )
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def check(bundle: Path, *roots: str) -> subprocess.CompletedProcess[str]:
    """The bundle's own script, by an interpreter that knows nothing of this project."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "check.py", *roots], cwd=bundle, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def bundle(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("bundles") / "case"
    assert run(world, ACT, "115-1", "--out", str(target)) == str(target)
    return target


@pytest.fixture
def copy(bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundle, tmp_path / "copy"))


def test_the_bundle_checks_with_sha256sum_and_with_its_own_script(bundle: Path) -> None:
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=bundle, check=True)
    done = check(bundle)
    assert done.returncode == 0, done.stdout + done.stderr
    facts = json.loads((bundle / "evidence.json").read_text(encoding="utf-8"))
    assert done.stdout.splitlines()[-1] == facts["run_root"]["hash"]


def test_the_run_root_of_the_bundle_is_the_archive_s_newest_and_a_published_older_one_fits_too(
    world: Path, bundle: Path
) -> None:
    roots = [line.split()[0] for line in (world / "archive" / "roots.txt").read_text().splitlines()]
    assert len(roots) == 3
    facts = json.loads((bundle / "evidence.json").read_text(encoding="utf-8"))
    assert facts["run_root"]["hash"] == roots[-1]
    assert check(bundle, roots[-1]).returncode == 0
    assert check(bundle, roots[0]).returncode == 0
    wrong = check(bundle, "0" * 64)
    assert wrong.returncode == 1 and "is not in journal/closes.jsonl" in wrong.stdout


def shell(bundle: Path, command: str) -> bytes:
    return subprocess.run(["bash", "-c", command], cwd=bundle, capture_output=True, check=True).stdout


def test_every_command_of_the_readme_gives_what_it_says(bundle: Path) -> None:
    """The commands are read from README.txt, in each language, and run by a shell."""
    readme = (bundle / "README.txt").read_text(encoding="utf-8")
    entries = [json.loads(line) for line in (bundle / "journal" / "entries.jsonl").read_bytes().splitlines()]
    facts = json.loads((bundle / "evidence.json").read_text(encoding="utf-8"))
    hashed = re.findall(r"^   (grep .*sha256sum)$", readme, re.MULTILINE)
    shown = re.findall(r"(zcat records/\d+\.warc\.gz) \| less", readme)
    pages = re.findall(r"(sha256sum pages/\d+\.html)", readme)
    texts = re.findall(r"(sha256sum texts/\S+)", readme)
    assert [len(found) for found in (hashed, shown, pages, texts)] == [3, 3, 3, 3]

    seq = int(re.findall(r"pages/(\d+)", pages[0])[0])
    (entry,) = [each for each in entries if each["seq"] == seq]
    assert {shell(bundle, command).decode().split()[0] for command in hashed} == {entry["hash"]}
    assert {shell(bundle, command).decode().split()[0] for command in pages} == {entry["sha256"]}
    digests = {version["text_sha256"] for version in facts["versions"]}
    assert {shell(bundle, command).decode().split()[0] for command in texts} <= digests
    page = (bundle / f"pages/{seq:06d}.html").read_bytes()
    for command in shown:
        content = shell(bundle, command)
        assert page in content and b"WARC/1.1" in content and b"\r\nGET /" in content
    assert f"{facts['run_root']['hash']}" in readme
    assert "{" not in re.sub(r'"\{?\$?/?\}?[^\n]*', "", readme.replace('"[0-9a-f]*"}$/}/', ""))


@pytest.mark.skipif(shutil.which("xxd") is None, reason="xxd is not installed")
def test_the_way_from_an_entry_to_the_run_root_can_be_gone_by_hand(bundle: Path) -> None:
    """As README.txt says, in each language, with nothing but the shell."""
    readme = (bundle / "README.txt").read_text(encoding="utf-8")
    paths = json.loads((bundle / "journal" / "paths.json").read_text(encoding="utf-8"))
    closes = [json.loads(line) for line in (bundle / "journal" / "closes.jsonl").read_bytes().splitlines()]
    (begin,) = set(re.findall(r"printf '00%s' HASH \| .*sha256sum", readme))
    steps = re.findall(r"\"(right|left)\".*?(printf '01%s%s' .*sha256sum)", readme)
    assert [side for side, _ in steps] == ["right", "left"] * 3
    for number, words in enumerate((("СУММА", "ШАГ"), ("ҚОСЫНДЫ", "ҚАДАМ"), ("DIGEST", "STEP"))):
        commands = dict(steps[2 * number : 2 * number + 2])
        for path in paths[number::3]:
            digest = shell(bundle, begin.replace("HASH", path["hash"])).decode().split()[0]
            for side, sibling in path["steps"]:
                command = commands[side].replace(words[0], digest).replace(words[1], sibling)
                digest = shell(bundle, command).decode().split()[0]
            assert digest in {close["root"] for close in closes if close["seq"] == path["close"]}


def test_it_holds_the_texts_of_both_languages_with_their_digests(world: Path, bundle: Path) -> None:
    facts = json.loads((bundle / "evidence.json").read_text(encoding="utf-8"))
    assert {version["lang"] for version in facts["versions"]} == {"ru", "kk"}
    with closing(open_database(world / "lawdiff.db")) as conn:
        for version in facts["versions"]:
            content = (bundle / version["text_file"]).read_bytes()
            (row,) = conn.execute("SELECT text, text_sha256 FROM article_versions WHERE id = ?", (version["id"],))
            assert content.decode() == row["text"]
            assert hashlib.sha256(content).hexdigest() == row["text_sha256"] == version["text_sha256"]


def test_the_records_are_the_archive_s_bytes_and_replay_elsewhere(world: Path, bundle: Path) -> None:
    from warcio.archiveiterator import ArchiveIterator

    held = {entry.seq: entry for entry in Archive(world / "archive").entries()}
    records = sorted((bundle / "records").iterdir())
    assert len(records) >= 4
    for path in records:
        entry = held[int(path.name[:6])]
        assert sha256_hex(path.read_bytes()) == entry.warc_sha256
        with path.open("rb") as stream:
            kinds = [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]
        assert kinds == ["revisit" if entry.duplicate else "response", "request", "metadata"]


def test_the_page_before_a_change_is_there_so_that_its_absence_can_be_seen(world: Path, bundle: Path) -> None:
    facts = json.loads((bundle / "evidence.json").read_text(encoding="utf-8"))
    added = [change for change in facts["changes"] if change["op"] == "added"]
    assert len(added) == 2
    for change in added:
        (before,) = [page for page in facts["pages"] if f"last page before the change {change['id']}" in page["why"]]
        assert before["redaction_date"] < change["redaction_date"]
        assert "115-1" not in checker.visible((bundle / before["page_file"]).read_bytes())
        assert (bundle / change["redline_file"]).read_text(encoding="utf-8").startswith(change["id"])


def test_a_body_that_an_earlier_fetch_holds_comes_with_that_fetch(world: Path, bundle: Path) -> None:
    """The newest observation of the current page is a revisit: the record with the bytes must be in the bundle too."""
    entries = [json.loads(line) for line in (bundle / "journal" / "entries.jsonl").read_bytes().splitlines()]
    duplicates = [e for e in entries if (e["body_file"], e["body_offset"]) != (e["warc_file"], e["warc_offset"])]
    assert duplicates
    places = {(entry["warc_file"], entry["warc_offset"]) for entry in entries}
    assert {(entry["body_file"], entry["body_offset"]) for entry in duplicates} <= places
    closes = (bundle / "journal" / "closes.jsonl").read_bytes().splitlines()
    assert len(closes) == 3  # from the run of the first page to the newest


def test_the_same_question_gives_the_same_bytes_as_folder_and_as_zip(world: Path, bundle: Path, tmp_path: Path) -> None:
    again = Path(run(world, ACT, "art_115-1", "--out", str(tmp_path / "again")))
    for path in sorted(bundle.rglob("*")):
        if path.is_file():
            assert (again / path.relative_to(bundle)).read_bytes() == path.read_bytes(), path.name
    packed = [Path(run(world, ACT, "115-1", "--out", str(tmp_path / name / "case.zip"))) for name in ("a", "b")]
    assert packed[0].read_bytes() == packed[1].read_bytes()
    with zipfile.ZipFile(packed[0]) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert check(tmp_path / "unpacked" / "case").returncode == 0


def test_days_narrow_the_bundle_and_give_a_comparison_of_the_two(world: Path, tmp_path: Path) -> None:
    target = Path(run(world, ACT, "205", "--from", "2016-04-08", "--to", "2020-01-10", "--out", str(tmp_path / "case")))
    assert check(target).returncode == 0
    facts = json.loads((target / "evidence.json").read_text(encoding="utf-8"))
    for version in facts["versions"]:
        assert version["valid_from"] <= "2020-01-10"
        assert version["valid_to"] is None or version["valid_to"] > "2016-04-08"
    assert all("2016-04-08" < change["redaction_date"] <= "2020-01-10" for change in facts["changes"])
    with closing(open_database(world / "lawdiff.db")) as conn:
        whole = gather(conn, Archive(world / "archive"), ACT, "205", None, None)
        part = gather(conn, Archive(world / "archive"), ACT, "205", date(2016, 4, 8), date(2020, 1, 10))
    assert len(part.versions) < len(whole.versions)
    assert {comparison.lang for comparison in part.comparisons} == {Lang.RU, Lang.KK}
    assert (target / "redline" / "ru-2016-04-08-2020-01-10.txt").read_text(encoding="utf-8").strip()
    assert "с 2016-04-08 по 2020-01-10" in (target / "README.txt").read_text(encoding="utf-8").splitlines()[3]


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets.update(value for name, value in attrs if name == "href" and value)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_index_page_is_well_formed_and_its_links_lead_to_files(bundle: Path) -> None:
    links = Links()
    links.feed((bundle / "index.html").read_text(encoding="utf-8"))
    assert links.open == []
    assert all((bundle / target).exists() for target in links.targets)
    named = {
        str(path.relative_to(bundle))
        for part in ("texts", "pages", "records", "redline")
        for path in (bundle / part).iterdir()
    }
    assert named <= links.targets


def test_words_of_the_source_cannot_become_markup(world: Path) -> None:
    with closing(open_database(world / "lawdiff.db")) as conn:
        case = gather(conn, Archive(world / "archive"), ACT, "205", None, None)
    import dataclasses

    evil = dataclasses.replace(case, title="<script>alert(1)</script>")
    page = dict(files(evil, Archive(world / "archive")))["index.html"].decode()
    assert "<script" not in page and "&lt;script&gt;" in page


def test_every_file_of_the_bundle_that_is_changed_removed_or_added_is_found(copy: Path) -> None:
    for path in sorted(copy.rglob("*")):
        if not path.is_file() or path.name in ("check.py", "SHA256SUMS"):
            continue
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        done = check(copy)
        assert done.returncode != 0, path
        path.write_bytes(content)
    (copy / "texts" / "extra.txt").write_text("x")
    assert "texts/extra.txt was added" in check(copy).stdout
    (copy / "texts" / "extra.txt").unlink()
    (copy / "README.txt").unlink()
    assert "README.txt is missing" in check(copy).stdout


def reseal(bundle: Path) -> None:
    """What a forger can do: make SHA256SUMS fit again."""
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(bundle).as_posix()}\n"
        for path in sorted(bundle.rglob("*"))
        if path.is_file() and path.name != "SHA256SUMS"
    ]
    (bundle / "SHA256SUMS").write_text("".join(sums))


def test_a_forged_text_is_found_although_all_digests_were_made_to_fit(copy: Path) -> None:
    facts = json.loads((copy / "evidence.json").read_text(encoding="utf-8"))
    version = facts["versions"][0]
    path = copy / version["text_file"]
    forged = path.read_text(encoding="utf-8") + " не"
    path.write_text(forged, encoding="utf-8")
    version["text_sha256"] = hashlib.sha256(forged.encode()).hexdigest()
    (copy / "evidence.json").write_text(json.dumps(facts, ensure_ascii=False))
    reseal(copy)
    done = check(copy)
    assert done.returncode == 1 and f"{version['text_file']}: not in {version['page_file']}" in done.stdout


def test_a_forged_page_and_journal_are_found_by_the_run_root_although_all_digests_were_made_to_fit(copy: Path) -> None:
    lines = (copy / "journal" / "entries.jsonl").read_bytes().splitlines(keepends=True)
    line = json.loads(lines[0])
    page = copy / f"pages/{line['seq']:06d}.html"
    page.write_bytes(page.read_bytes().replace("статья".encode(), "Статья".encode(), 1) + b" ")
    changed = {key: value for key, value in line.items() if key != "hash"}
    changed["sha256"] = hashlib.sha256(page.read_bytes()).hexdigest()
    head = json.dumps(changed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    digest = hashlib.sha256(head).hexdigest()
    lines[0] = head[:-1] + f',"hash":"{digest}"}}\n'.encode()
    (copy / "journal" / "entries.jsonl").write_bytes(b"".join(lines))
    reseal(copy)
    done = check(copy)
    assert done.returncode == 1
    assert f"entry {line['seq']} is not in the run that entry" in done.stdout


def test_an_earlier_bundle_is_replaced_and_anything_else_is_left_alone(world: Path, tmp_path: Path) -> None:
    target = tmp_path / "case"
    run(world, ACT, "205", "--out", str(target))
    run(world, ACT, "115-1", "--out", str(target))
    assert check(target).returncode == 0
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years of work")
    with pytest.raises(LawdiffError, match="is no evidence bundle; choose another place"):
        run(world, ACT, "205", "--out", str(precious))
    assert (precious / "thesis.txt").read_text() == "years of work"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_questions_without_an_answer_say_what_to_do(world: Path) -> None:
    with pytest.raises(StoreError, match="has no art_999"):
        run(world, ACT, "999")
    with pytest.raises(LawdiffError, match="has no text in that time"):
        run(world, ACT, "115-1", "--to", "2015-01-01")
    with pytest.raises(LawdiffError, match="is after --to"):
        run(world, ACT, "205", "--from", "2020-01-01", "--to", "2015-01-01")


def test_a_database_of_another_archive_is_refused(world: Path, tmp_path: Path) -> None:
    pages = [path for path in page_files(SAMPLE) if path.parts[-4] == "kaz"] + page_files(SAMPLE)
    crawl_files(tmp_path / "other", pages)
    with (
        closing(open_database(world / "lawdiff.db")) as conn,
        pytest.raises(LawdiffError, match="the database was made from another archive"),
    ):
        gather(conn, Archive(tmp_path / "other"), ACT, "205", None, None)


def test_a_page_of_a_crawl_without_a_run_root_cannot_be_proven_yet(tmp_path: Path) -> None:
    crawl_files(tmp_path / "archive", page_files(SAMPLE, [ACT]))
    build_all(tmp_path / "archive", tmp_path / "lawdiff.db")
    journal = tmp_path / "archive" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(LawdiffError, match="has no run root yet; wait until it ends"):
        run(tmp_path, ACT, "205")


def test_a_crawl_under_way_does_not_keep_evidence_from_being_written(world: Path, tmp_path: Path) -> None:
    shutil.copytree(world / "archive", tmp_path / "archive")
    with closing(open_database(world / "lawdiff.db")) as conn, Archive(tmp_path / "archive").writer(START) as writer:
        (current,) = [path for path in page_files(SAMPLE, [ACT]) if path.stem == "index" and path.parts[-4] == "rus"]
        writer.store(fetch_of(current, START + timedelta(days=9)))
        case = gather(conn, Archive(tmp_path / "archive"), ACT, "205", None, None)
    assert case.proof.run_root == [close for _, close in Archive(world / "archive").crawls()][-1]


def test_a_text_from_another_source_is_in_the_bundle_and_marked_as_such(clone: Path, tmp_path: Path) -> None:  # noqa: F811
    import_clone(clone, tmp_path / "archive", {"81097": ACT}, now=NOW)
    build_all(tmp_path / "archive", tmp_path / "lawdiff.db")
    target = Path(run(tmp_path, ACT, "115", "--out", str(tmp_path / "case")))
    done = check(target)
    assert done.returncode == 0, done.stdout
    facts = json.loads((target / "evidence.json").read_text(encoding="utf-8"))
    assert facts["versions"] and all(version["imported"] for version in facts["versions"])
    assert f"NOTE: {len(facts['versions'])} texts come from another source" in done.stdout
    assert "взята не с портала" in (target / "README.txt").read_text(encoding="utf-8")
    assert {path.suffix for path in (target / "pages").iterdir()} == {".json"}


def test_a_large_bundle_is_made_one_file_at_a_time(world: Path) -> None:
    with closing(open_database(world / "lawdiff.db")) as conn:
        case = gather(conn, Archive(world / "archive"), ACT, "205", None, None)
    made = files(case, Archive(world / "archive"))
    assert next(made)[0] == "README.txt"
    assert [name for name, _ in made][-1] == "SHA256SUMS"


def test_what_a_killed_run_left_is_taken_away(world: Path, tmp_path: Path) -> None:
    (tmp_path / ".case.part" / "pages").mkdir(parents=True)
    (tmp_path / ".case.part" / "pages" / "000099.html").write_text("half a page")
    target = Path(run(world, ACT, "115-1", "--out", str(tmp_path / "case")))
    assert check(target).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["case"]


def test_a_page_newer_than_the_database_is_told(world: Path, tmp_path: Path) -> None:
    shutil.copytree(world / "archive", tmp_path / "archive")
    (current,) = [path for path in page_files(SAMPLE, [ACT]) if path.stem == "index" and path.parts[-4] == "rus"]
    changed = current.read_bytes().replace("Статья 205.".encode(), "Статья 205-9.".encode())
    crawl_files(tmp_path / "archive", [current], at=START + timedelta(days=30), bodies={current: changed})
    with closing(open_database(world / "lawdiff.db")) as conn:
        case = gather(conn, Archive(tmp_path / "archive"), ACT, "205", None, None)
        assert gather(conn, Archive(world / "archive"), ACT, "205", None, None).warnings == ()
    (warning,) = case.warnings
    assert warning.startswith("the page fetched on 2026-03-31 (entry ") and "run lawdiff build" in warning
    assert warning in dict(files(case, Archive(tmp_path / "archive")))["index.html"].decode()
