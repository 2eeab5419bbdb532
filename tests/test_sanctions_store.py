"""Findings in the database: sanctions, the milder law and divergences of a real build, as rows and as views."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from stated_sanctions import stated_facts
from stored import SAMPLE, build_all, crawl_files, dump, page_files

from lawdiff import schema
from lawdiff.history import fold
from lawdiff.model import ActHeader, Lang, Line, LineKind, Redaction, State, Unit, UnitKind
from lawdiff.sanctions import AmountUnit, Role, SanctionKind
from lawdiff.store import open_database
from lawdiff.store.findings import add_findings, divergences_of, lenient_since, sanctions_of, unread_sanctions_of
from lawdiff.store.rows import ActRecords

ACT = "K1400000226"
EXAMPLES = Path(__file__).parent / "examples" / "sanctions"


@pytest.fixture(scope="module")
def real_db(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("findings")
    crawl_files(folder / "archive", page_files(shared / "adilet" / "site"))
    assert build_all(folder / "archive", folder / "lawdiff.db").ok
    return folder / "lawdiff.db"


@pytest.fixture
def real(real_db: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(real_db)) as connection:
        yield connection


@pytest.mark.shared
@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_current_sanctions_are_those_stated_for_the_texts(real: sqlite3.Connection, lang: str) -> None:
    stated = json.loads((EXAMPLES / f"{ACT}-{lang}.json").read_text(encoding="utf-8"))
    for number, words in stated.items():
        held = {
            (
                row["part"], row["case_of"], None, SanctionKind(row["kind"]), Role(row["role"]), row["minimum"],
                row["maximum"], AmountUnit(row["unit"]) if row["unit"] else None,
            )
            for row in real.execute(
                "SELECT * FROM sanctions_current WHERE act_id = ? AND number = ? AND lang = ?", (ACT, number, lang)
            )
        }  # fmt: skip
        assert held == stated_facts(words)[0], number


@pytest.mark.shared
def test_the_words_of_a_sanction_are_kept_beside_it_and_what_is_unread_is_listed(real: sqlite3.Connection) -> None:
    (version,) = real.execute(
        "SELECT version_id FROM sanctions_current WHERE article_id = ? AND lang = 'ru' AND kind = 'arrest'",
        (f"{ACT}/art_115-1",),
    ).fetchone()
    sanctions = sanctions_of(real, version)
    assert [(one["kind"], one["maximum"], one["unit"]) for one in sanctions] == [
        ("fine", 200, "mci"), ("correctional_labour", 200, "mci"), ("community_service", 200, "hours"),
        ("arrest", 50, "days"),
    ]  # fmt: skip
    (text,) = real.execute("SELECT text FROM article_versions WHERE id = ?", (version,)).fetchone()
    assert all(str(one["text"]) in text for one in sanctions)
    (unread,) = real.execute(
        "SELECT u.version_id FROM unread_sanctions u JOIN article_versions v ON v.id = u.version_id"
        " WHERE v.valid_to IS NULL"
    ).fetchall()
    ((reason, words),) = unread_sanctions_of(real, unread[0])
    assert reason == "amount_unread"
    assert words.startswith("лишением права")


@pytest.mark.shared
def test_offences_of_2019_in_article_218_get_the_versions_since_with_the_verdict_on_each(
    real: sqlite3.Connection,
) -> None:
    """Article 232: imprisonment of 4 to 7 years for part 2 until 2025, of 3 to 6 since."""
    versions = lenient_since(real, f"{ACT}/art_232", Lang.RU, date(2020, 1, 1))
    assert [(one.valid_from, one.verdict, one.is_mildest) for one in versions] == [
        ("2014-11-07", "same", False),
        ("2025-09-16", "milder", True),
    ]
    assert [one.valid_from for one in lenient_since(real, f"{ACT}/art_232", Lang.RU, date(2025, 12, 1))] == [
        "2025-09-16"
    ]
    assert lenient_since(real, f"{ACT}/art_232", Lang.RU, date(1999, 1, 1)) == []


@pytest.mark.shared
def test_an_excluded_article_is_the_mildest_of_all(real: sqlite3.Connection) -> None:
    versions = lenient_since(real, f"{ACT}/art_215", Lang.RU, date(2016, 1, 1))
    assert versions[0].state == "in_force"
    assert (versions[-1].state, versions[-1].verdict, versions[-1].is_mildest) == ("excluded", "milder", True)


@pytest.mark.shared
def test_every_version_has_a_verdict_and_a_new_article_is_new(real: sqlite3.Connection) -> None:
    rows = dict(
        real.execute(
            "SELECT version_id, verdict FROM sanction_verdicts WHERE article_id = ? AND lang = 'ru'",
            (f"{ACT}/art_115-1",),
        ).fetchall()
    )
    assert rows == {f"{ACT}/art_115-1/ru/1": "new"}
    (verdict, parts) = real.execute(
        "SELECT verdict, parts_json FROM sanction_verdicts WHERE version_id ="
        " (SELECT id FROM article_versions WHERE article_id = ? AND lang = 'ru' AND valid_to IS NULL)",
        (f"{ACT}/art_232",),
    ).fetchone()
    assert verdict == "milder"
    assert json.loads(parts)["part_2"] == "milder"


@pytest.mark.shared
@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_the_old_part_3_of_article_208_is_followed_to_part_4(real: sqlite3.Connection, lang: str) -> None:
    """Grave consequences: three to seven years as before; the right may be lost for four years instead of three."""
    (verdict, parts) = real.execute(
        "SELECT x.verdict, x.parts_json FROM sanction_verdicts x JOIN article_versions v ON v.id = x.version_id"
        " WHERE v.article_id = ? AND v.lang = ? AND v.valid_to IS NULL",
        (f"{ACT}/art_208", lang),
    ).fetchone()
    assert verdict == "tougher"
    assert json.loads(parts) == {"part_1": "same", "part_2": "same", "part_3": "new", "part_4": "tougher"}
    continued = real.execute(
        "SELECT o.part, b.part FROM offence_parts o JOIN article_versions v ON v.id = o.version_id"
        " LEFT JOIN offence_parts b ON b.id = o.continues_id"
        " WHERE o.article_id = ? AND o.lang = ? AND v.valid_to IS NULL ORDER BY o.position",
        (f"{ACT}/art_208", lang),
    ).fetchall()
    assert [tuple(row) for row in continued] == [
        ("part_1", "part_1"), ("part_2", "part_2"), ("part_3", None), ("part_4", "part_3"),
    ]  # fmt: skip


@pytest.mark.shared
def test_the_divergences_of_today_are_the_thirteen_known_ones_and_the_articles_that_kazakh_lacks(
    real: sqlite3.Connection,
) -> None:
    found = divergences_of(real, act_id=ACT)
    pairs = {
        (one["eid"], one["kind"], one["place"])
        for one in found
        if one["ru_version_id"] and one["kk_version_id"] and one["kind"] != "lag"
    }
    assert pairs == {
        ("art_116", "sanction", "part_3"), ("art_190", "sanction", "part_3"), ("art_190", "sanction", "part_4"),
        ("art_190", "law", "notes"), ("art_205", "term", "heading"), ("art_207", "term", "part_1"),
        ("art_208", "law", "notes"), ("art_209", "missing_unit", None), ("art_212", "term", "part_1"),
        ("art_213", "number", "part_1"), ("art_213", "sanction", "part_2"), ("art_213", "law", "notes"),
        ("art_233-1", "missing_unit", None),
    }  # fmt: skip
    alone = {one["eid"] for one in found if not (one["ru_version_id"] and one["kk_version_id"])}
    assert "art_189" in alone
    assert alone.isdisjoint(eid for eid, _, _ in pairs)
    (heading,) = (one for one in found if one["eid"] == "art_205" and one["kind"] == "term")
    assert (heading["since"], heading["until"]) == ("2025-09-16", None)
    assert isinstance(heading["days_lasted"], int)
    assert heading["days_lasted"] > 0
    assert divergences_of(real, article=f"{ACT}/art_115-1") == []


@pytest.mark.shared
def test_every_divergence_over_time_is_as_stated(real: sqlite3.Connection) -> None:
    """tests/examples/divergences: read by a person against both texts; the days are those of the redactions held."""
    path = Path(__file__).parent / "examples" / "divergences" / f"{ACT}.json"
    found = [
        list(row)
        for row in real.execute(
            "SELECT eid, kind, place, only_ru_json, only_kk_json, since, until FROM divergences"
            " ORDER BY article_id, since, kind, place, detail"
        )
    ]
    found = [[*row[:3], json.loads(row[3]), json.loads(row[4]), *row[5:]] for row in found]
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in found)
        path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        pytest.fail(f"{path.name} was not stated; it is written: read it against the texts")
    assert found == json.loads(path.read_text(encoding="utf-8"))
    assert {row[1] for row in found} == {"missing_unit", "number", "sanction", "term", "law", "lag"}


def article(text: str, state: State = State.IN_FORCE) -> Unit:
    lines = (Line("para_1", LineKind.PARA, text),) if text else ()
    return Unit("art_5", UnitKind.ARTICLE, "5", "Статья 5. Находка", lines=lines, state=state)


def test_an_empty_text_that_is_only_deferred_is_no_milder_law() -> None:
    five, three = (f"наказывается лишением свободы на срок до {years} лет." for years in ("пяти", "трех"))
    texts = [
        (date(2020, 1, 1), article("", State.DEFERRED)),
        (date(2021, 1, 1), article(five)),
        (date(2022, 1, 1), article("", State.DEFERRED)),
        (date(2023, 1, 1), article(three)),
    ]
    history = fold([Redaction(ActHeader(ACT, Lang.RU, "", "", "upd"), day, False, (unit,)) for day, unit in texts])
    with closing(sqlite3.connect(":memory:")) as connection:
        schema.prepare(connection)
        connection.execute("PRAGMA foreign_keys = OFF")
        for _ in range(2):  # the second time replaces the first
            add_findings(connection, ActRecords(ACT, {Lang.RU: history}))
        rows = connection.execute(
            "SELECT from_version_id, version_id, verdict, is_mildest FROM lenient_versions ORDER BY 1, 2"
        ).fetchall()
        two, four = f"{ACT}/art_5/ru/2", f"{ACT}/art_5/ru/4"
        assert rows == [(two, two, "same", 0), (two, four, "milder", 1), (four, four, "same", 1)]
        verdicts = connection.execute("SELECT version_id, previous_version_id, verdict FROM sanction_verdicts")
        assert verdicts.fetchall() == [(two, None, "new"), (four, two, "milder")]


def test_two_builds_find_the_same_and_a_rebuild_leaves_no_old_finding(tmp_path: Path) -> None:
    crawl_files(tmp_path / "archive", page_files(SAMPLE))
    for name in ("one.db", "two.db"):
        assert build_all(tmp_path / "archive", tmp_path / name).ok
    assert dump(tmp_path / "one.db") == dump(tmp_path / "two.db")
    build_all(tmp_path / "archive", tmp_path / "one.db", from_scratch=True)
    assert dump(tmp_path / "one.db") == dump(tmp_path / "two.db")
    with closing(open_database(tmp_path / "one.db")) as connection:
        for table in (
            "sanctions", "unread_sanctions", "sanction_verdicts", "lenient_versions", "divergence_findings",
        ):  # fmt: skip
            (orphans,) = connection.execute(
                f"SELECT count(*) FROM {table} WHERE article_id NOT IN (SELECT id FROM articles)"
            ).fetchone()
            assert orphans == 0
