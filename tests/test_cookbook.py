"""Every recipe of the cookbook runs, on the bundled sample and on the stand-in of the real site, and answers as stated.

The stated answers are tests/examples/cookbook/*.json, read by a person against the texts. Words of the law are stated
by their digest. An answer that is not stated yet is written there and fails the run once: read it, then commit it.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from stored import ROOT, SAMPLE, build_all, crawl_files, page_files

from lawdiff.store import open_database

RECIPE = re.compile(r"^## (?P<title>\d+\. .+?)\n(?P<prose>.*?)```sql\n(?P<sql>.+?)```", re.MULTILINE | re.DOTALL)
PARAMETER = re.compile(r"`(\w+)` = `([^`]+)`")
RECIPES = {
    match["title"]: (match["sql"], dict(PARAMETER.findall(match["prose"])))
    for match in RECIPE.finditer((ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8"))
}
STATED = Path(__file__).parent / "examples" / "cookbook"
# What differs from day to day, with the library that packs the archive, or with the look of a redline.
VOLATILE = {"days_lasted", "diff_html", "warc_offset"}
SHORT = 60  # characters; longer words are stated by their digest
LAW_WORDS = {"heading", "text", "notes", "sanctions", "in_force_text", "source"}
# The sample is clean: both languages pair and change together, nothing went wrong, no offence became graver.
NONE_IN_SAMPLE = {
    "15. When did a phrase enter the law, and when did it leave?",
    "24. Which changes reached one language later than the other?",
    "25. Which articles are held in one language only?",
    "32. What must a person look at?",
    "41. Which offences became graver or less grave over time?",
}
# The stand-in was crawled without a fault, and announces nothing.
NONE_IN_STAND_IN = {"10. What is announced and not yet in the text?", "32. What must a person look at?"}


@pytest.fixture(scope="module")
def sample_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cookbook")
    crawl_files(folder / "archive", page_files(SAMPLE))
    build_all(folder / "archive", folder / "lawdiff.db")
    return folder / "lawdiff.db"


@pytest.fixture(scope="module")
def real_db(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cookbook-real")
    crawl_files(folder / "archive", page_files(shared / "adilet" / "site"))
    build_all(folder / "archive", folder / "lawdiff.db")
    return folder / "lawdiff.db"


def answer(db: Path, title: str) -> list[sqlite3.Row]:
    sql, parameters = RECIPES[title]
    assert set(parameters) == set(re.findall(r":(\w+)", sql)), "the parameters listed are those of the SQL"
    with closing(open_database(db)) as connection:
        return connection.execute(sql, parameters).fetchall()


def test_there_are_at_least_twenty_five_recipes_numbered_in_order() -> None:
    numbers = [int(title.partition(".")[0]) for title in RECIPES]
    assert numbers == list(range(1, len(RECIPES) + 1))
    assert len(RECIPES) >= 25


def stated_form(rows: list[sqlite3.Row]) -> list[list[object]]:
    """Rows with their column names first, as JSON has them."""
    if not rows:
        return []
    names = [name for name in rows[0].keys() if name not in VOLATILE]  # noqa: SIM118 - a Row iterates its values
    return [list(names), *([_stated(name, row[name]) for name in names] for row in rows)]


def _stated(name: str, value: object) -> object:
    words = isinstance(value, str) and (len(value) > SHORT or any(name.startswith(column) for column in LAW_WORDS))
    if not words or not value:
        return value
    text = str(value)
    return f"{len(text)} characters, {hashlib.sha256(text.encode()).hexdigest()[:12]}"


def check_stated(name: str, title: str, rows: list[sqlite3.Row]) -> None:
    path = STATED / f"{name}.json"
    stated = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    number = title.partition(".")[0]
    found = stated_form(rows)
    if number not in stated:
        stated[number] = found
        path.parent.mkdir(exist_ok=True)
        entries = [
            f"{json.dumps(key)}: [\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in value) + "\n]"
            for key, value in sorted(stated.items(), key=lambda item: int(item[0]))
        ]
        path.write_text("{\n" + ",\n".join(entries) + "\n}\n", encoding="utf-8")
        pytest.fail(f"{path.name} did not state an answer to {title!r}; it is written: read it against the texts")
    assert found == stated[number]


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_answers_on_the_sample_as_stated(title: str, sample_db: Path) -> None:
    rows = answer(sample_db, title)
    assert bool(rows) == (title not in NONE_IN_SAMPLE)
    check_stated("sample", title, rows)


@pytest.mark.shared
@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_answers_on_the_stand_in_as_stated(title: str, real_db: Path) -> None:
    rows = answer(real_db, title)
    assert bool(rows) == (title not in NONE_IN_STAND_IN)
    check_stated("stand-in", title, rows)


def test_every_stated_answer_is_that_of_a_recipe() -> None:
    numbers = {title.partition(".")[0] for title in RECIPES}
    for path in STATED.glob("*.json"):
        assert set(json.loads(path.read_text(encoding="utf-8"))) == numbers, path.name


@pytest.mark.shared
def test_the_redline_marks_what_came_and_went(real_db: Path) -> None:
    (row,) = answer(real_db, "6. The redline of a change, as HTML")
    assert row["diff_html"].startswith('<div class="lawdiff-diff" lang="ru">')
    assert {"<ins", "<del"} <= set(re.findall(r"<(?:ins|del)", row["diff_html"]))


@pytest.mark.shared
def test_the_answers_about_the_law_of_2025_are_those_of_the_pages(real_db: Path) -> None:
    changed = {(row["eid"], row["lang"], row["op"]) for row in answer(real_db, "7. What did a law change?")}
    assert {("art_115-1", "ru", "added"), ("art_115-1", "kk", "added"), ("art_232-1", "ru", "added")} <= changed
    assert not {eid for eid, _, _ in changed} & {"art_121-1", "art_235", "art_235-1"}
    waits = answer(real_db, "14. How long from adoption to force?")
    assert (("210-VIII", "2025-07-16", "2025-09-16", 62)) in {tuple(row) for row in waits}
    text = answer(real_db, "1. What did an article say on a day?")[0]
    assert (text["valid_from"], text["valid_to"]) == ("2018-07-12", "2025-09-16")
    excluded = {(row["redaction_date"], row["article_id"].partition("/")[2], row["law"]) for row in answer(
        real_db, "19. Which articles were excluded, when and by which law?")}  # fmt: skip
    assert excluded == {("2020-07-07", "art_215", "84-VI"), ("2025-09-16", "art_235", "23-VIII")}


@pytest.mark.shared
def test_stalking_is_punished_as_its_article_says(real_db: Path) -> None:
    rows = [row for row in answer(real_db, "33. All offences of a topic with their sanctions now")
            if row["article_id"].endswith("/art_115-1")]  # fmt: skip
    assert [(row["kind"], row["maximum"], row["unit"]) for row in rows] == [
        ("fine", 200, "mci"),
        ("correctional_labour", 200, "mci"),
        ("community_service", 200, "hours"),
        ("arrest", 50, "days"),
    ]
