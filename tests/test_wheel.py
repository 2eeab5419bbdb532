"""The built wheel, installed elsewhere, carries everything: registry, sample, site files, crawler."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True, capture_output=True,
    )  # fmt: skip
    return next(out.glob("*.whl"))


def test_the_wheel_holds_registry_sample_site_and_both_packages(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "lawdiff/_data/acts.toml", "lawdiff/_data/sample/rus/docs/K1400000226/index.html", "lawdiff/cli/__init__.py",
        "crawler/__init__.py", "crawler/settings.py",
    ):  # fmt: skip
        assert wanted in names, wanted
    assert any(name.startswith("lawdiff/_site/templates/") for name in names)
    assert any(name.startswith("lawdiff/_site/plugins/") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "datasette/"))]


def test_the_demo_runs_from_the_wheel_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    target, work = tmp_path / "site", tmp_path / "work"
    work.mkdir()
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)],
        check=True,
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LAWDIFF_")} | {"PYTHONPATH": str(target)}
    run = subprocess.run(
        [sys.executable, "-P", "-m", "lawdiff", "demo", "--no-serve"],
        cwd=work, env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    shown = subprocess.run(
        [sys.executable, "-P", "-m", "lawdiff", "log", "K1400000226", "115-1", "--json",
         "--db", "data/demo/lawdiff.db"],
        cwd=work, env=environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert {(change["op"], change["redaction_date"]) for change in json.loads(shown.stdout)} == {
        ("added", "2025-09-16")
    }
