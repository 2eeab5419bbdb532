"""Every recipe of the cookbook runs, on the bundled sample and on the stand-in of the real site."""

from __future__ import annotations

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
# Of the stand-in: how many rows an answer has, by reading its truth file and pages.
COUNTS = {
    "1. What did an article say on a day?": 1,
    "12. How fast does an act change, year by year?": 8,
    "28. How long is the act, redaction by redaction?": 13,
    "34. Which text applies to an offence of a day, if the milder law counts?": 4,
    "31. How fresh and how complete is it?": 2,
    "19. Which articles were excluded, when and by which law?": 2,
}
# The sample is clean: both languages pair and change together, and nothing went wrong.
CLEAN_IN_SAMPLE = {
    "24. Which changes reached one language later than the other?",
    "25. Which articles are held in one language only?",
    "32. What must a person look at?",
    "41. Which offences became graver or less grave over time?",
}
SANCTIONS = {title for title in RECIPES if "sanction" in RECIPES[title][0] or "more_lenient_law" in RECIPES[title][0]}


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


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_answers_on_the_sample(title: str, sample_db: Path) -> None:
    rows = answer(sample_db, title)
    assert bool(rows) == (title not in CLEAN_IN_SAMPLE)


@pytest.mark.shared
@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_runs_on_the_stand_in(title: str, real_db: Path) -> None:
    rows = answer(real_db, title)
    if title in SANCTIONS or (title in CLEAN_IN_SAMPLE and not title.startswith("32.")):
        assert rows
    if title in COUNTS:
        assert len(rows) == COUNTS[title]


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
