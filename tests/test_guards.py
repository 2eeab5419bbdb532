"""Guards of the design: which room may import which, and what the folder of the site must never hold."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE = (
    "model", "errors", "identifiers", "numbering", "dates", "numerals", "text", "pages", "portal", "parse", "notes",
    "history", "diff", "attribution", "checks", "render", "sanctions", "divergences", "terms", "bearing", "claims",
    "continuity", "ordering", "sentences", "summary", "shape",
)  # fmt: skip
PURE_MAY_IMPORT = {"lxml", "bs4", "diff_match_patch", "fast_diff_match_patch", "rapidfuzz", "lawdiff"}
IMPURE_STDLIB = {
    "os",
    "pathlib",
    "sqlite3",
    "socket",
    "subprocess",
    "tempfile",
    "shutil",
    "time",
    "random",
    "urllib.request",
}
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET|CREATE\s+(TABLE|VIEW))\b", re.S
)


def imports(path: Path) -> set[str]:
    """Modules that a file imports, dotted, whether at the top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def modules(*names: str) -> list[Path]:
    out: list[Path] = []
    for name in names:
        base = ROOT / "lawdiff" / name
        out += sorted(base.rglob("*.py")) if base.is_dir() else [base.with_suffix(".py")]
    return out


def tops(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


def test_nothing_in_lawdiff_imports_scrapy_datasette_or_the_crawler() -> None:
    for path in (ROOT / "lawdiff").rglob("*.py"):
        assert not tops(path) & {"scrapy", "datasette", "crawler", "twisted"}, path


def test_the_crawler_does_not_import_the_parser_or_the_store() -> None:
    closed = {"lawdiff.parse", "lawdiff.history", "lawdiff.store", "lawdiff.schema", "lawdiff.diff", "lawdiff.alerts"}
    for path in (ROOT / "crawler").rglob("*.py"):
        assert not {name for name in imports(path) if any(name == c or name.startswith(c + ".") for c in closed)}, path


@pytest.mark.parametrize("name", PURE)
def test_the_pure_core_imports_only_itself_and_its_libraries(name: str) -> None:
    stdlib = __import__("sys").stdlib_module_names
    for path in modules(name):
        assert path.exists(), path
        foreign = tops(path) - PURE_MAY_IMPORT - set(stdlib)
        assert not foreign, f"{path}: {foreign}"
        impure = {found for found in imports(path) if found in IMPURE_STDLIB or found.split(".")[0] in IMPURE_STDLIB}
        assert not impure, f"{path}: {impure}"
        own = {found.split(".")[1] for found in imports(path) if found.startswith("lawdiff.")}
        assert own <= set(PURE), f"{path}: {own - set(PURE)}"


@pytest.mark.parametrize("name", PURE)
def test_the_pure_core_reads_no_clock_and_no_file(name: str) -> None:
    for path in modules(name):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(datetime|date)\.(now|today|utcnow)\(", text), path
        assert not re.search(r"(?<![\w.])open\(", text), path


def test_only_schema_store_and_the_alert_state_hold_sql() -> None:
    allowed = {ROOT / "lawdiff" / "schema.py", ROOT / "lawdiff" / "alerts" / "state.py"}
    for folder in ("lawdiff", "crawler", "datasette"):
        for path in (ROOT / folder).rglob("*.py"):
            if path in allowed or (ROOT / "lawdiff" / "store") in path.parents:
                continue
            strings = [
                node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]  # fmt: skip
            assert not [text for text in strings if SQL.search(text)], path


def test_the_site_folder_is_no_package_and_holds_no_tests() -> None:
    names = [path.name for path in (ROOT / "datasette").rglob("*")]
    assert "__init__.py" not in names
    assert not [name for name in names if name.startswith("test_") or name == "tests"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["lawdiff", "crawler"]


def test_site_plugins_are_thin_and_do_not_reach_the_tables() -> None:
    for path in (ROOT / "datasette" / "plugins").glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 400, path


def test_python_imports_the_real_datasette() -> None:
    import datasette

    assert "site-packages" in str(datasette.__file__)


def test_lock_files_carry_no_addresses() -> None:
    for path in ROOT.glob("*.lock"):
        assert not re.search(r"https?://|--(extra-)?index-url|file:/", path.read_text(encoding="utf-8")), path


def test_no_tracked_file_names_a_machine_path() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    machine = re.compile("/(" + "|".join(("wo" + "rk", "ro" + "ot", "home/[a-z]+")) + ")/")
    for name in listed:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".yml", ".html", ".lock", ".css", ".js", ""} and path.is_file():
            assert not machine.search(path.read_text(encoding="utf-8", errors="replace")), name
