"""Parts that change their numbers: each is compared with the part that it continues, not with what stood there."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date

import pytest

from lawdiff import schema
from lawdiff.history import fold
from lawdiff.model import ActHeader, Lang, Line, LineKind, Redaction, Unit, UnitKind
from lawdiff.sanctions import Verdict, compare_parts, compare_sanctions, read_sanctions
from lawdiff.sanctions.following import PunishingText, follow, lineages, renamed_parts
from lawdiff.site.catalogue import Interface
from lawdiff.site.labels import line_label
from lawdiff.store.findings import add_findings
from lawdiff.store.rows import ActRecords

DEEDS = {
    "grain": "Рассыпание зерна перед чужим голубем, повлекшее его отказ от возвращения в голубятню",
    "song": "Громкое пение под окном сторожа в часы, когда он записывает прилетевших птиц в журнал",
    "flock": "Те же деяния, совершенные неоднократно либо стаей из трех и более певцов по сговору",
    "loss": "Деяния, предусмотренные настоящей статьей, повлекшие утрату голубятни целиком",
    "net": "Натягивание сети между березами без таблички с именем того, кто ее натянул",
}
YEARS = {1: "одного года", 2: "двух лет", 3: "трех лет", 5: "пяти лет", 7: "семи лет"}
CODE = "K1400000226"


def lines(*parts: tuple[str, int], numbered: bool = True) -> tuple[Line, ...]:
    found: list[Line] = []
    for number, (deed, years) in enumerate(parts, 1):
        scope = f"part_{number}" if numbered else "para_1"
        sanction = f"наказывается лишением свободы на срок до {YEARS[years]}."
        if numbered:
            found.append(Line(scope, LineKind.PART, f"{number}. {DEEDS[deed]}, –", str(number)))
            found.append(Line(f"{scope}__para_1", LineKind.PARA, sanction))
        else:
            found.append(Line(scope, LineKind.PARA, f"{DEEDS[deed]}, –"))
            found.append(Line("para_2", LineKind.PARA, sanction))
    return tuple(found)


def text(*parts: tuple[str, int], numbered: bool = True) -> PunishingText:
    own = lines(*parts, numbered=numbered)
    reading = read_sanctions(own, Lang.RU)
    assert len(reading.parts) == len(parts)
    assert not reading.unread
    return PunishingText(own, reading)


def verdicts(old: PunishingText, new: PunishingText) -> tuple[dict[str | None, Verdict], Verdict]:
    followed = follow(old, new)
    return dict(compare_parts(followed, new.reading)), compare_sanctions(followed, new.reading)


THREE = (("grain", 1), ("song", 2), ("loss", 5))


@pytest.mark.parametrize(
    ("old", "new", "names", "parts", "whole"),
    [
        pytest.param(
            THREE, (("grain", 1), ("song", 2), ("flock", 3), ("loss", 7)), {"part_3": "part_4"},
            {"part_1": "same", "part_2": "same", "part_3": "new", "part_4": "tougher"}, "tougher", id="inserted",
        ),
        pytest.param(
            THREE, (("net", 3), ("grain", 1), ("song", 2), ("loss", 5)),
            {"part_1": "part_2", "part_2": "part_3", "part_3": "part_4"},
            {"part_1": "new", "part_2": "same", "part_3": "same", "part_4": "same"}, "new", id="put first",
        ),
        pytest.param(
            THREE, (("grain", 1), ("loss", 5)), {"part_3": "part_2", "part_2": "-part_2"},
            {"part_1": "same", "part_2": "same", "-part_2": "milder"}, "milder", id="taken out",
        ),
        pytest.param(
            THREE, (*THREE, ("net", 1)), {},
            {"part_1": "same", "part_2": "same", "part_3": "same", "part_4": "new"}, "new", id="added at the end",
        ),
        pytest.param(
            THREE, (("grain", 1), ("net", 2), ("loss", 3)), {},
            {"part_1": "same", "part_2": "same", "part_3": "milder"}, "milder", id="reworded under its number",
        ),
    ],
)  # fmt: skip
def test_a_part_is_compared_with_the_part_that_it_continues(
    old: tuple[tuple[str, int], ...],
    new: tuple[tuple[str, int], ...],
    names: dict[str, str],
    parts: dict[str, str],
    whole: str,
) -> None:
    before, after = text(*old), text(*new)
    assert renamed_parts(before, after) == names
    found, verdict = verdicts(before, after)
    assert (found, verdict) == (parts, whole)


def test_an_article_that_gets_parts_keeps_its_deed_in_one_of_them() -> None:
    before, after = text(("grain", 2), numbered=False), text(("grain", 2), ("loss", 5))
    assert verdicts(before, after) == ({"part_1": "same", "part_2": "new"}, "new")
    assert verdicts(after, before) == ({None: "same", "part_2": "milder"}, "milder")


def test_lines_run_through_all_versions_and_a_part_that_comes_back_comes_back_to_its_own() -> None:
    one, without, again = (
        text(*THREE),
        text(("grain", 1), ("loss", 5)),
        text(("net", 2), ("grain", 1), ("song", 2), ("loss", 5)),
    )
    assert lineages([one, without, again]) == [
        {"part_1": 0, "part_2": 1, "part_3": 2}, {"part_1": 0, "part_2": 2},
        {"part_1": 3, "part_2": 0, "part_3": 1, "part_4": 2},
    ]  # fmt: skip
    empty = PunishingText((), read_sanctions((), Lang.RU))
    assert lineages([one, empty, one]) == [
        {"part_1": 0, "part_2": 1, "part_3": 2},
        {},
        {"part_1": 0, "part_2": 1, "part_3": 2},
    ]


def test_the_rows_of_a_build_follow_the_part_and_name_the_row_that_it_continues() -> None:
    texts = [
        (date(2020, 1, 1), lines(*THREE)),
        (date(2021, 1, 1), lines(("grain", 1), ("song", 2), ("flock", 3), ("loss", 7))),
        (date(2022, 1, 1), lines(("grain", 1), ("flock", 3), ("loss", 7))),
    ]
    history = fold(
        [
            Redaction(
                ActHeader(CODE, Lang.RU, "", "", "upd"), day, False,
                (Unit("art_5", UnitKind.ARTICLE, "5", "Статья 5. Голубь", lines=own),),
            )
            for day, own in texts
        ]
    )  # fmt: skip
    with closing(sqlite3.connect(":memory:")) as connection:
        schema.prepare(connection)
        connection.execute("PRAGMA foreign_keys = OFF")
        add_findings(connection, ActRecords(CODE, {Lang.RU: history}))
        rows = connection.execute(
            "SELECT id, part, texts, sanctions_since, direction, continues_id FROM offence_parts ORDER BY id"
        ).fetchall()
        row = f"{CODE}/art_5/ru/{{}}/offence/{{}}".format
        assert rows[3:] == [
            (row(2, 1), "part_1", 1, None, None, row(1, 1)), (row(2, 2), "part_2", 1, None, None, row(1, 2)),
            (row(2, 3), "part_3", 1, "2021-01-01", "new", None),
            (row(2, 4), "part_4", 2, "2021-01-01", "tougher", row(1, 3)),
            (row(3, 1), "part_1", 1, None, None, row(2, 1)), (row(3, 2), "part_2", 2, "2021-01-01", "new", row(2, 3)),
            (row(3, 3), "part_3", 3, "2021-01-01", "tougher", row(2, 4)),
        ]  # fmt: skip
        stated = connection.execute("SELECT verdict, parts_json FROM sanction_verdicts ORDER BY version_id").fetchall()
        assert [verdict for verdict, _ in stated] == ["new", "tougher", "milder"]
        assert json.loads(stated[2][1]) == {
            "part_1": "same", "part_2": "same", "part_3": "same", "-part_2": "milder",
        }  # fmt: skip
        lenient = dict(
            connection.execute(
                "SELECT version_id, verdict FROM lenient_versions WHERE from_version_id LIKE '%/1'"
            ).fetchall()
        )
        # Against 2020: in 2022 the song is free, but the loss costs seven years instead of five.
        assert [lenient[f"{CODE}/art_5/ru/{number}"] for number in (1, 2, 3)] == ["same", "tougher", "mixed"]


@pytest.mark.parametrize(
    ("ui", "label"), [("ru", "прежняя часть 2"), ("kk", "бұрынғы 2-бөлік"), ("en", "former part 2")]
)
def test_a_part_whose_number_another_took_is_named_the_former_one(ui: str, label: str) -> None:
    assert line_label("-part_2", Interface(ui)) == label
