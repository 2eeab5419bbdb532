"""Offences by object and severity: the rule, the rows of a build, the view, and what the registry adds."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from stored import ROOT, SAMPLE, build_all, crawl_files, page_files

from lawdiff.errors import RegistryError
from lawdiff.model import Lang, Line, LineKind
from lawdiff.registry import SEVERITIES, load_registry
from lawdiff.resources import data_path
from lawdiff.sanctions import read_sanctions
from lawdiff.sanctions.severity import Category, classify
from lawdiff.store import open_database

CODE = "K1400000226"
RULE = [
    ("наказывается штрафом до 90 МРП либо арестом на срок до 40 суток", "misdemeanour", "sanction"),
    ("наказывается штрафом в размере до 90 месячных расчетных показателей", None, "crime_or_misdemeanour"),
    ("наказывается ограничением свободы на срок до одного года", "minor", "sanction"),
    ("наказывается лишением свободы на срок до двух лет", "minor", "sanction"),
    ("наказывается лишением свободы на срок до трех лет", "medium", "intended"),
    ("наказывается лишением свободы на срок от двух до пяти лет", "medium", "intended"),
    ("наказывается лишением свободы на срок от пяти до шести лет", "grave", "intended"),
    ("наказывается лишением свободы на срок от семи до двенадцати лет", "grave", "intended"),
    ("наказывается лишением свободы на срок от десяти до пятнадцати лет", "especially_grave", "intended"),
    ("наказывается лишением свободы до девяти лет либо пожизненным лишением свободы", "especially_grave", "sanction"),
    ("Порча по неосторожности – наказывается лишением свободы на срок до трех лет", None, "carelessness_named"),
    ("Порча по неосторожности – наказывается лишением свободы на срок до двух лет", "minor", "sanction"),
    ("наказывается арестом на срок до 40 суток либо лишением свободы на неведомый срок", None, "unread_sanction"),
]  # fmt: skip


def severity_of(text: str, act: str = CODE, lang: Lang = Lang.RU) -> tuple[str | None, str | None]:
    reading = read_sanctions((Line("para_1", LineKind.PARA, text),), lang)
    found = classify(act, reading.sanctions, reading.unread, text, lang)
    return found.category, found.basis or found.reason


@pytest.mark.parametrize(("text", "category", "why"), RULE)
def test_the_category_follows_from_the_sanction(text: str, category: str | None, why: str) -> None:
    assert severity_of(text) == (category, why)


def test_kazakh_gives_the_same_category_and_names_carelessness_too() -> None:
    assert severity_of("үш жылға дейінгі мерзімге бас бостандығынан айыруға жазаланады", lang=Lang.KK) == (
        "medium",
        "intended",
    )
    careless = "Абайсызда бүлдіру – үш жылға дейінгі мерзімге бас бостандығынан айыруға жазаланады"
    assert severity_of(careless, lang=Lang.KK) == (None, "carelessness_named")


def test_other_codes_get_their_own_answer_or_none() -> None:
    fine = "влечет штраф в размере пяти месячных расчетных показателей"
    assert severity_of(fine, "K1400000235") == ("administrative", "act")
    assert severity_of("наказывается лишением свободы на срок до трех лет", "K970000167_") == (None, "rule_not_stated")


def test_unread_bounds_of_an_additional_punishment_move_no_category() -> None:
    text = (
        "наказывается лишением свободы на срок до трех лет с лишением права занимать должности на срок от двух лет "
        "до особого распоряжения, данного пожизненно"
    )
    reading = read_sanctions((Line("para_1", LineKind.PARA, text),), Lang.RU)
    assert reading.unread
    assert classify(CODE, reading.sanctions, reading.unread, text, Lang.RU).category is Category.MEDIUM


def test_the_registry_and_the_rule_know_the_same_categories() -> None:
    assert set(SEVERITIES) == {category.value for category in Category}


# ---- rows and views --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("offences")
    crawl_files(folder / "archive", page_files(SAMPLE))
    assert build_all(folder / "archive", folder / "lawdiff.db").ok
    return folder / "lawdiff.db"


@pytest.fixture
def sample(sample_db: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(sample_db)) as connection:
        yield connection


@pytest.fixture(scope="module")
def real_db(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("offences-real")
    crawl_files(folder / "archive", page_files(shared / "adilet" / "site"))
    assert build_all(folder / "archive", folder / "lawdiff.db").ok
    return folder / "lawdiff.db"


@pytest.fixture
def real(real_db: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(real_db)) as connection:
        yield connection


def test_every_part_with_a_sanction_is_one_offence_and_its_limits_are_those_of_its_sanctions(
    sample: sqlite3.Connection,
) -> None:
    parts = sample.execute("SELECT DISTINCT version_id, part FROM sanctions").fetchall()
    rows = sample.execute("SELECT * FROM offence_parts WHERE severity_reason IS NOT 'not_in_force'").fetchall()
    assert {(row["version_id"], row["part"]) for row in rows} == {(row[0], row[1]) for row in parts}
    assert len(rows) == len(parts)
    for row in rows:
        held = sample.execute(
            "SELECT max(CASE WHEN kind = 'fine' AND unit = 'mci' THEN maximum END),"
            " max(CASE WHEN kind = 'imprisonment' AND unit = 'years' THEN maximum END), count(*)"
            " FROM sanctions WHERE version_id = ? AND part IS ?",
            (row["version_id"], row["part"]),
        ).fetchone()
        assert (row["fine_max_mci"], row["imprisonment_max_years"], len(json.loads(row["sanctions_json"]))) == tuple(
            held
        )
        text = sample.execute("SELECT text FROM article_versions WHERE id = ?", (row["version_id"],)).fetchone()[0]
        assert row["sanctions"] in " ".join(text.split())


@pytest.mark.shared
def test_all_cyber_offences_with_object_severity_and_history_are_one_query(real: sqlite3.Connection) -> None:
    rows = {
        (row["eid"], row["part"]): row
        for row in real.execute("SELECT * FROM topic_offences WHERE topic_id = 'cyber' AND lang = 'ru'")
    }
    assert len(rows) == 45
    counts = {
        tuple(row)
        for row in real.execute(
            "SELECT object, severity, count(*) FROM topic_offences"
            " WHERE topic_id = 'cyber' AND lang = 'ru' GROUP BY 1, 2"
        )
    }
    assert {
        ("chp_7", "misdemeanour", 6),
        ("chp_7", "minor", 7),
        ("chp_7", "medium", 7),
        ("chp_7", "grave", 9),
    } <= counts
    stalking = rows["art_115-1", None]
    assert (stalking["object_en"], stalking["severity"], stalking["fine_max_mci"], stalking["arrest_max_days"]) == (
        "The person", "misdemeanour", 200, 50,
    )  # fmt: skip
    assert (stalking["direction"], stalking["law_number"], stalking["in_force_from"]) == (
        "new",
        "210-VIII",
        "2025-09-16",
    )
    graver = rows["art_206", "part_3"]
    assert (graver["severity"], graver["direction"], graver["sanctions_since"]) == ("grave", "tougher", "2025-09-16")
    assert graver["path"] == f"/{CODE}/art_206#part_3"
    # Shown already in the first redaction held: nothing is known of how it came.
    old = rows["art_209", "part_3"]
    assert (old["changed_on"], old["direction"], old["texts"], old["shown_since"]) == (None, None, 1, "2014-11-07")


@pytest.mark.shared
def test_both_languages_agree_on_severity_but_where_their_sanctions_differ(real: sqlite3.Connection) -> None:
    pairs = real.execute(
        "SELECT r.eid, r.part, r.severity, k.severity FROM topic_offences r JOIN topic_offences k"
        " ON k.article_id = r.article_id AND k.part IS r.part AND k.lang = 'kk'"
        " WHERE r.lang = 'ru' AND r.topic_id = 'cyber' AND k.topic_id = 'cyber'"
    ).fetchall()
    assert len(pairs) >= 40
    assert [tuple(row) for row in pairs if row[2] != row[3]] == []


@pytest.mark.shared
def test_an_excluded_offence_says_so_instead_of_vanishing(real: sqlite3.Connection) -> None:
    (row,) = real.execute(
        "SELECT p.* FROM offence_parts p JOIN article_versions v ON v.id = p.version_id"
        " WHERE p.article_id = ? AND p.lang = 'ru' AND v.valid_to IS NULL",
        (f"{CODE}/art_215",),
    ).fetchall()
    assert (row["part"], row["severity"], row["severity_reason"], row["sanctions"]) == (None, None, "not_in_force", "")


def test_a_category_that_a_person_states_stands_above_the_rule_with_its_reason(tmp_path: Path) -> None:
    acts = tmp_path / "acts.toml"
    acts.write_text(
        data_path("acts.toml").read_text(encoding="utf-8")
        + f'[[severities]]\nact = "{CODE}"\narticle = "205"\npart = "1"\nseverity = "minor"\n'
        + 'reason = "read by a person"\n',
        encoding="utf-8",
    )
    crawl_files(tmp_path / "archive", page_files(SAMPLE))
    build_all(tmp_path / "archive", tmp_path / "lawdiff.db", load_registry(acts))
    with closing(open_database(tmp_path / "lawdiff.db")) as connection:
        rows = connection.execute(
            "SELECT severity, severity_basis, severity_reason FROM topic_offences WHERE topic_id = 'cyber'"
            " AND eid = 'art_205' AND part = 'part_1'"
        ).fetchall()
    assert {tuple(row) for row in rows} == {("minor", "registry", "read by a person")}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            '[[severities]]\nact = "K1400000226"\narticle = "1"\nseverity = "mild"\nreason = "x"',
            "use one of administrative",
        ),
        ('[[severities]]\nact = "K1400000226"\narticle = "1"\nseverity = "minor"', "lacks reason"),
        ('[[severities]]\nact = "X"\narticle = "1"\nseverity = "minor"\nreason = "x"', "severities entry 1"),
        ('[[objects]]\nact = "K1400000226"\nchapter = "7"\nru = "а"\nkk = "ә"', "lacks en"),
        ('[[objects]]\nact = "K1400000226"\nchapter = "7"\nru = "а"\nkk = "ә"\nen = ""', "en is empty"),
        (
            '[[regulators]]\ntopic = "none"\nact = "Z1500000418"\narticle = "1"\nmatter_ru = "а"\nmatter_kk = "а"\n'
            'matter_en = "a"\nbody_ru = "а"\nbody_kk = "а"\nbody_en = "a"',
            "unknown topic",
        ),
        ('[[regulators]]\ntopic = "x"\nministry = "y"', "lacks"),
    ],
)
def test_a_wrong_entry_of_the_registry_is_named(entry: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "acts.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(RegistryError, match=said):
        load_registry(tmp_path / "acts.toml")


def test_the_registry_entries_of_the_documents_are_good_ones(tmp_path: Path) -> None:
    documents = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```", documents, re.MULTILINE | re.DOTALL)
    (block,) = [block for block in blocks if "[[regulators]]" in block]
    (tmp_path / "acts.toml").write_text('[topics.cyber]\nru = "а"\nkk = "ә"\nen = "a"\n' + block, encoding="utf-8")
    registry = load_registry(tmp_path / "acts.toml")
    assert (len(registry.regulators), len(registry.objects), registry.severities[0].part) == (1, 1, "part_2")
