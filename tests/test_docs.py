"""The documents are tested: every command in a console block runs, every link leads somewhere, TOML parses."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from lawdiff.demo import serve_sample

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^(?P<indent> *)```(?P<kind>[a-z]+)\n(?P<body>.*?)^ *```$", re.M | re.S)
# What another test runs, because it does not end by itself or sets a machine up.
ELSEWHERE = {
    "make demo": "tests/test_end_to_end.py",
    "make test": "this run",
    "lawdiff serve": "tests/test_end_to_end.py",
    "lawdiff demo": "tests/test_end_to_end.py",
}


def blocks(kind: str) -> Iterator[tuple[Path, str]]:
    for path in DOCUMENTS:
        for match in BLOCK.finditer(path.read_text(encoding="utf-8")):
            if match["kind"] == kind:
                indent = len(match["indent"])
                yield path, "\n".join(line[indent:] for line in match["body"].splitlines())


def commands(text: str) -> list[str]:
    return [line[2:].strip() for line in text.splitlines() if line.startswith("$ ")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder with the sample crawled and built, and an environment in which `lawdiff` asks the sample server."""
    folder = tmp_path_factory.mktemp("docs")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LAWDIFF_")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    with serve_sample() as base:
        environment |= {"LAWDIFF_BASE_URL": base, "LAWDIFF_DELAY": "0"}
        for command in ("lawdiff crawl K1400000226 Z1300000094", "lawdiff build"):
            subprocess.run(shlex.split(command), cwd=folder, env=environment, check=True, capture_output=True)
        yield folder, environment


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_of_a_console_block_runs(document: Path, place: tuple[Path, dict[str, str]]) -> None:
    folder, environment = place
    for path, text in blocks("console"):
        if path != document:
            continue
        for command in commands(text):
            if any(command.startswith(start) for start in ELSEWHERE):
                continue
            name, _, value = command.removeprefix("export ").partition("=")
            if command.startswith("export "):
                environment[name] = value
                continue
            if command.split()[0] == "sqlite3" and shutil.which("sqlite3") is None:
                command = command.replace("sqlite3", f"{sys.executable} -m sqlite3", 1)
                if sys.version_info < (3, 12):
                    continue
            done = subprocess.run(
                ["bash", "-euc", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
            )
            # status and check answer 1 when a person should look: on a sample of two acts, that is right
            assert done.returncode == 0 or (done.returncode == 1 and command in {"lawdiff status", "lawdiff check"}), (
                f"{path.name}: {command}\n{done.stderr}"
            )


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


def test_commands_that_run_elsewhere_are_tested_there() -> None:
    for command, where in ELSEWHERE.items():
        if where.endswith(".py"):
            assert (ROOT / where).exists(), (command, where)
