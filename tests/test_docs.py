"""The documents are tested: every command in a block runs, every command named exists, every snippet has its test.

A command is a line after `$ ` in a console block, or a line of an indented block that begins with a program. What
stands for something of the reader's own is replaced by what the test has (`STAND_INS`).
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest
from alert_world import rule, rules_file
from mirror_repository import FOLDER, KAZ, META, RUS, commit, git

from lawdiff.cli import cli
from lawdiff.demo import serve_sample
from lawdiff.store import open_database

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^(?P<indent> *)```(?P<kind>[a-z]*)\n(?P<body>.*?)^ *```$", re.M | re.S)
INDENTED = re.compile(r"(?:^|\n)\n(?P<body>(?: {4}.*\n)+)")
PROGRAMS = ("lawdiff", "sqlite3", "python", "make", "git", "sed", "cp", "mkdir", "rsync", "pip", "export", "curl")
# Who runs the snippets of each kind, and where not here: the file that does.
SNIPPETS = {
    "console": "test_docs.py", "toml": "test_docs.py", "sql": "test_docs.py", "python": None, "json": "test_docs.py",
    "ini": "test_alert_docs.py", "crontab": "test_alert_docs.py", "text": "a picture",
}  # fmt: skip
PYTHON = {"alerts.md": "test_alert_docs.py", "diff-format.md": "test_diff_format.py"}
STAND_INS = {
    "CHANNEL": "terminal", "RULE": "cyber", "[--retry ID]": "", "/etc/lawdiff/alerts.toml": "alerts.toml",
    "https://monitor.example/ping/abc": "{base}/robots.txt", "--port 8001": "--port {port}",
    "https://github.com/kazakhstan-law/codes": "mirror codes",
}  # fmt: skip
# What the make targets run is run by other tests; here it is seen that they run it.
MAKE = {"make demo": r"bin/lawdiff demo --port \d+", "make test": r"bin/python -m pytest"}
# Answers 1 when a person should look, and on a sample site there is something to look at.
MAY_ASK_FOR_A_LOOK = {
    "lawdiff check": "the registry names articles that the sample lacks",
    "lawdiff status": "nothing runs it every night",
    "lawdiff crawl --discover now": "the sample site has no year index",
}


def blocks(kind: str) -> Iterator[tuple[Path, str]]:
    for path in DOCUMENTS:
        for match in BLOCK.finditer(path.read_text(encoding="utf-8")):
            if match["kind"] == kind:
                indent = len(match["indent"])
                yield path, "\n".join(line[indent:] for line in match["body"].splitlines())


def commands() -> list[tuple[Path, str]]:
    """Every command of the documents, in the order in which a reader meets them."""
    found = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        places = [
            (match.start(), line.strip()[2:].strip())
            for match in BLOCK.finditer(text)
            if match["kind"] == "console"
            for line in match["body"].splitlines()
            if line.strip().startswith("$ ")
        ]
        bare = BLOCK.sub(lambda match: "\n" * match[0].count("\n"), text)
        for match in INDENTED.finditer(bare):
            lines = [re.split(r" {2,}", line.strip())[0] for line in match["body"].splitlines()]
            places += [(match.start(), line) for line in lines if line.split(" ")[0] in PROGRAMS]
        found += [(path, command) for _, command in sorted(places, key=lambda place: place[0])]
    return found


COMMANDS = commands()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str], str]]:
    """A folder with the sample crawled and built, and an environment in which `lawdiff` asks the sample server."""
    folder = tmp_path_factory.mktemp("docs")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LAWDIFF_")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    registry = (ROOT / "data" / "acts.toml").read_text(encoding="utf-8")
    others = re.compile(r'^\[\[acts\]\]\nid = "(?!K1400000226|Z1300000094)(?:.+\n)*', re.M)  # the sample holds two acts
    (folder / "acts.toml").write_text(others.sub("", registry), encoding="utf-8")
    mirror_clone(folder / "mirror")
    terminal = '[channels.terminal]\nkind = "stdout"\n'
    rules_file(folder, rule(channels=["terminal"], topics=["cyber"]), channels=terminal)
    with serve_sample() as base:
        environment |= {
            "LAWDIFF_BASE_URL": base, "LAWDIFF_DELAY": "0", "LAWDIFF_ACTS": str(folder / "acts.toml"),
            "LAWDIFF_RULES": str(folder / "alerts.toml"),
        }  # fmt: skip
        for command in ("lawdiff crawl", "lawdiff import-git mirror --map 81097=K1400000226", "lawdiff build"):
            subprocess.run(shlex.split(command), cwd=folder, env=environment, check=True, capture_output=True)
        yield folder, environment, base


def mirror_clone(folder: Path) -> None:
    """A repository laid out as the mirror's: a redaction before those of the sample, and one that the sample has."""
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for day in ("2014-07-03", "2014-11-07"):
        files = {"meta.yaml": META.format(day=day), "rus.md": RUS.format(fine="ста"), "kaz.md": KAZ}
        commit(folder, {f"{FOLDER}/{name}": text for name, text in files.items()}, day)


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_the_documents_hold_the_commands_that_these_tests_run() -> None:
    """The extraction itself: it finds both forms, and nobody can empty it unseen."""
    named = {(path.name, command) for path, command in COMMANDS}
    assert {
        ("README.md", "make demo"), ("README.md", "lawdiff export git --out law-git"),
        ("crawling.md", "lawdiff crawl --current-only"),
        ("alerts.md", "lawdiff alert backtest RULE --since 2014-01-01"),
        ("extending.md", "lawdiff build --from-scratch"),
    } <= named  # fmt: skip
    assert len(COMMANDS) >= 40


@pytest.mark.parametrize("document", sorted({path for path, _ in COMMANDS}), ids=lambda path: path.name)
def test_every_command_of_a_document_runs_in_its_order(document: Path, place: tuple[Path, dict[str, str], str]) -> None:
    for path, command in COMMANDS:
        if path == document:
            run_command(document, command, place)


def run_command(document: Path, command: str, place: tuple[Path, dict[str, str], str]) -> None:
    folder, environment, base = place
    if command in MAKE:
        dry = subprocess.run(["make", "-n", command.split()[1]], cwd=ROOT, capture_output=True, text=True, check=True)
        assert re.search(MAKE[command], dry.stdout)
        return
    written, port = command, free_port()
    for stands, ours in STAND_INS.items():
        command = command.replace(stands, ours.format(base=base, port=port))
    if command.startswith("export "):
        name, _, value = command.removeprefix("export ").partition("=")
        environment[name] = value
    elif command.startswith("sqlite3 ") and shutil.which("sqlite3") is None:
        _, db, query = shlex.split(command)
        with closing(sqlite3.connect(folder / db)) as connection:
            assert connection.execute(query).fetchall()
    elif command.startswith("lawdiff serve"):
        serve_and_ask(command, folder, environment, port)
    else:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command], cwd=folder, env=environment, capture_output=True, text=True,
            timeout=120,
        )  # fmt: skip
        wanted = {0, 1} if written in MAY_ASK_FOR_A_LOOK else {0}
        assert done.returncode in wanted, f"{document.name}: {command}\n{done.stdout}\n{done.stderr}"


def serve_and_ask(command: str, folder: Path, environment: dict[str, str], port: int) -> None:
    with subprocess.Popen(shlex.split(command), cwd=folder, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(150):
                try:
                    page = urllib.request.urlopen(f"http://127.0.0.1:{port}/K1400000226/art_115-1").read()
                    break
                except OSError:
                    time.sleep(0.2)
            assert "115-1" in page.decode()
        finally:
            server.terminate()


def test_a_line_of_the_journal_hashes_as_the_document_says(place: tuple[Path, dict[str, str], str]) -> None:
    (command,) = (command for path, command in COMMANDS if path.name == "archive.md" and command.startswith("sed"))
    said = subprocess.run(["bash", "-c", command], cwd=place[0], capture_output=True, text=True, check=True).stdout
    line = (place[0] / "data" / "archive" / "journal.jsonl").read_text(encoding="utf-8").splitlines()[4]
    assert said.split()[0] == json.loads(line)["hash"]


def test_every_query_in_a_document_runs(place: tuple[Path, dict[str, str], str]) -> None:
    """Those of the cookbook, with their answers: test_cookbook.py."""
    ran = 0
    with closing(open_database(place[0] / "data" / "lawdiff.db")) as connection:
        for path, query in blocks("sql"):
            if path.name != "cookbook.md":
                assert connection.execute(query).fetchall(), path.name
                ran += 1
    assert ran >= 1


def test_every_snippet_has_a_test_that_runs_it() -> None:
    for path in DOCUMENTS:
        for match in BLOCK.finditer(path.read_text(encoding="utf-8")):
            assert match["kind"] in SNIPPETS, f"{path.name}: a block of kind {match['kind']!r} that nothing runs"
            runner = PYTHON[path.name] if match["kind"] == "python" else SNIPPETS[match["kind"]]
            if runner and runner.endswith(".py"):
                source = (ROOT / "tests" / runner).read_text(encoding="utf-8")
                assert match["kind"] in source or path.name in source, (path.name, match["kind"], runner)
    for path, text in blocks("json"):
        assert json.loads(text), path.name


NAMED = re.compile(r"`(?:\.venv/bin/)?(?P<command>(?:lawdiff|python -m|make) [a-z][^`]*)`")


def test_every_command_named_in_a_sentence_exists_with_its_options() -> None:
    named = {(path.name, " ".join(match["command"].split())) for path in DOCUMENTS
             for match in NAMED.finditer(path.read_text(encoding="utf-8"))}  # fmt: skip
    named |= {(path.name, command) for path, command in COMMANDS if command.split()[0] in ("lawdiff", "make")}
    assert len(named) > 40
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for document, text in sorted(named):
        program, *words = text.split()
        if program == "make":
            assert re.search(rf"^{words[0]}:", makefile, re.M), (document, text)
        elif program == "python":
            assert importlib.util.find_spec(words[1]), (document, text)
        else:
            check_command(document, text, words)


def check_command(document: str, text: str, words: list[str]) -> None:
    found: click.Command | None = cli
    while isinstance(found, click.Group) and words and not words[0].startswith(("-", "[")):
        found = found.get_command(click.Context(found), words.pop(0))
    assert found is not None, f"{document}: there is no command {text!r}"
    known = {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", " ".join(words)))
    assert options <= known, f"{document}: {text!r} has an option that does not exist: {options - known}"


def test_every_relative_link_of_the_documents_leads_to_a_file() -> None:
    for path in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_toml_block_parses() -> None:
    for path, text in blocks("toml"):
        tomllib.loads(text)
        assert path


def test_the_readme_names_both_commands_and_the_makefile_has_them() -> None:
    readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
    for target in ("demo", "test"):
        assert f"make {target}" in readme
        assert re.search(rf"^{target}:", makefile, re.M)
