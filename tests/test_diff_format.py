"""docs/diff-format.md is what the code does: its examples run, and every op it lists is one that a diff can hold."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import get_args

from lawdiff.diff.article import FORMAT_VERSION, Kind

PAGE = Path(__file__).resolve().parent.parent / "docs" / "diff-format.md"


def test_the_examples_of_the_specification_run() -> None:
    failures, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failures, tried > 0) == (0, True)


def test_the_specification_lists_exactly_the_ops_that_there_are() -> None:
    section = PAGE.read_text(encoding="utf-8").split("### Line ops")[1].split("###")[0]
    assert set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE)) - {"op"} == set(get_args(Kind))


def test_the_specification_is_of_the_version_that_is_written() -> None:
    assert PAGE.read_text(encoding="utf-8").startswith(f"# The stored form of a change, version {FORMAT_VERSION}\n")
