"""The page of a topic over real HTTP: what it says of offences, history and bodies is what the database holds."""

from __future__ import annotations

import csv
import io
import json

import pytest
from lxml import html
from site_fixture import Site

from lawdiff.site.catalogue import Interface
from lawdiff.site.punishments import amount, choices

pytestmark = pytest.mark.xdist_group("site")
NOW = "SELECT * FROM topic_offences WHERE topic_id = 'cyber' AND lang = ? AND severity_reason IS NOT 'not_in_force'"


def page(site: Site, path: str, ui: str = "ru") -> html.HtmlElement:
    answer = site.get(path, Cookie=f"ui={ui}")
    assert answer.status == 200
    return html.fromstring(answer.text)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize(("ui", "lang"), [("ru", "ru"), ("kk", "kk"), ("en", "ru")])
def test_every_offence_is_on_the_page_under_its_object_and_severity(site: Site, ui: str, lang: str) -> None:
    found = page(site, "/topics/cyber", ui)
    held = site.rows(NOW, lang)
    links = found.xpath("//table[contains(@class,'offences')]//th[@scope='row']/a[1]/@href")
    assert sorted(links) == sorted(row["path"] for row in held)
    for row in held:
        (section,) = found.xpath(f"//section[@class='object'][h3[@id='{row['act_id']}-{row['object']}']]")
        (body,) = [
            body for body in section.findall(".//tbody") if f'href="{row["path"]}"' in html.tostring(body).decode()
        ]
        assert words(body.find(".//tr")).startswith(Interface(ui).word("severity", row["severity"]))
    totals = [int(words(cell)) for cell in found.xpath("//table[contains(@class,'matrix')]/tfoot//td")]
    assert totals[-1] == sum(totals[:-1]) == len(held)


@pytest.mark.parametrize("ui", ["ru", "kk", "en"])
def test_sanctions_are_in_the_readers_words_and_the_words_of_the_law_beside_them(site: Site, ui: str) -> None:
    t = Interface(ui)
    lang = "kk" if ui == "kk" else "ru"
    found = page(site, "/topics/cyber", ui)
    for row in site.rows(NOW, lang):
        (cell,) = found.xpath(f"//tr[th/a[@href='{row['path']}']]/td[1]")
        for choice in choices(json.loads(row["sanctions_json"]), t):
            said = [" ".join(phrase.split()) for phrase in (*choice.main, *choice.further)]
            assert said == [phrase for phrase in said if phrase in words(cell)]
        (quote,) = cell.findall(".//q")
        assert quote.get("lang") == lang
        assert words(quote) == row["sanctions"]


def test_a_sanction_that_changed_says_when_how_and_by_which_law(site: Site) -> None:
    found = page(site, "/topics/cyber")
    changed = [row for row in site.rows(NOW, "ru") if row["changed_on"]]
    assert changed
    for row in changed:
        cells = found.xpath(f"//tr[th/a[@href='{row['path']}']]/td")
        assert cells[1].find(".//time").get("datetime") == row["changed_on"]
        if row["amending_act_id"]:
            assert cells[1].xpath(f".//a[contains(@href, '{row['amending_act_id']}')]")
        for link in cells[1].xpath(".//a[contains(@href, '/diff/')]/@href"):
            assert site.get(link).status == 200
        if row["direction"]:
            assert Interface("ru").word("sanction", row["direction"]) in words(cells[2])
    assert any(row["direction"] for row in changed)


def test_the_page_of_a_day_shows_the_texts_of_that_day(site: Site) -> None:
    day = "2019-06-01"
    held = site.rows(
        "SELECT * FROM topic_offence_versions WHERE topic_id = 'cyber' AND lang = 'ru' AND valid_from <= ?"
        " AND (valid_to IS NULL OR valid_to > ?) AND severity_reason IS NOT 'not_in_force'",
        day, day,
    )  # fmt: skip
    now = site.rows(NOW, "ru")
    assert {row["version_id"] for row in held} != {row["version_id"] for row in now}
    found = page(site, f"/topics/cyber@{day}")
    links = found.xpath("//table[contains(@class,'offences')]//th[@scope='row']/a[1]/@href")
    assert sorted(links) == sorted(
        f"/{row['act_id']}/{row['eid']}@{day}" + (f"#{row['part']}" if row["part"] else "") for row in held
    )
    assert len(page(site, "/topics/cyber@1999-01-01").xpath("//table")) == 0
    assert site.get("/topics/cyber@2019-02-30").status == 404
    assert site.get("/topics/nothing").status == 404


@pytest.mark.parametrize("wish", ["on", "date"])
def test_a_date_that_a_form_sends_leads_to_the_page_of_that_day(site: Site, wish: str) -> None:
    answer = site.get(f"/topics/cyber?{wish}=2019-06-01&by=article")
    assert (answer.status, answer.headers["location"]) == (302, "/topics/cyber@2019-06-01?by=article")


def test_every_article_has_its_history_with_a_picture_that_says_the_same(site: Site) -> None:
    found = page(site, "/topics/cyber", "en")
    lives = found.xpath("//ol[@class='lives']/li")
    assert len(lives) == len({row["article_id"] for row in site.rows(NOW, "ru")})
    for life in lives:
        (picture,) = life.findall(".//svg")
        assert picture.get("role") == "img"
        marks = picture.xpath(".//*[contains(@class, 'mark')]")
        assert len(marks) == len(life.xpath(".//ol[@class='steplist']/li"))


def test_bodies_are_named_with_their_source_and_what_is_not_known_is_said(site: Site) -> None:
    for ui in ("ru", "kk", "en"):
        found = page(site, "/topics/cyber", ui)
        section = found.xpath("//section[h2[@id='regulators']]")[0]
        for row in site.rows("SELECT * FROM regulators WHERE topic_id = 'cyber'"):
            assert row[f"body_{ui}"] in words(section)
        assert Interface(ui)("topic.regulators_unknown") in words(section)


def test_the_same_rows_come_as_json_and_csv(site: Site) -> None:
    rows = json.loads(site.get("/topics/cyber.json").text)
    assert {row["lang"] for row in rows} == {"ru", "kk"}
    assert {(row["version_id"], row["part"]) for row in rows} == {
        (row["version_id"], row["part"]) for row in site.rows("SELECT * FROM topic_offences WHERE topic_id = 'cyber'")
    }
    table = list(csv.DictReader(io.StringIO(site.get("/topics/cyber.csv").text)))
    assert [row["url"] for row in table] == [row["url"] for row in rows]
    assert all(row["url"].startswith(site.base) for row in rows)
    past = json.loads(site.get("/topics/cyber@2019-06-01.json").text)
    assert {row["version_id"] for row in past} != {row["version_id"] for row in rows}
    assert site.get("/topics/nothing.json").status == 404


def test_a_topic_without_offences_stays_a_plain_page(site: Site) -> None:
    found = page(site, "/topics/tax")
    assert not found.xpath("//table")
    assert found.xpath("//h2[@id='acts']")


AMOUNTS = [
    ({"unit": "mci", "maximum": 200}, "до 200 МРП", "200 АЕК-ке дейін", "up to 200 MCI"),
    ({"unit": "years", "minimum": 3, "maximum": 7}, "от 3 до 7 лет", "3 жылдан 7 жылға дейін", "3 to 7 years"),
    ({"unit": "years", "maximum": 1}, "до 1 года", "1 жылға дейін", "up to 1 year"),
    ({"unit": "days", "minimum": 15, "maximum": 15}, "15 суток", "15 тәулік", "15 days"),
    ({"unit": "percent", "minimum": 30, "maximum": 30, "base": "Х"}, "30 % (Х)", "30 пайыз (Х)", "30% (Х)"),
    ({"unit": "life"}, "пожизненно", "өмір бойына", "for life"),
    ({}, "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "ru", "kk", "en"), AMOUNTS)
def test_amounts_are_said_in_three_languages(facts: dict[str, object], ru: str, kk: str, en: str) -> None:
    assert [amount(facts, Interface(ui)) for ui in ("ru", "kk", "en")] == [ru, kk, en]


def test_those_who_pay_the_same_stand_together_and_cases_are_set_apart() -> None:
    def fine(subject: str, size: int) -> dict[str, object]:
        return {
            "kind": "fine",
            "role": "alternative",
            "unit": "mci",
            "minimum": size,
            "maximum": size,
            "subject": subject,
        }

    own = [fine("natural_person", 9), fine("official", 16), fine("small_business", 16), fine("large_business", 40)]
    case = {"kind": "arrest", "role": "alternative", "unit": "days", "maximum": 5, "case": "part_1__point_2"}
    extra = {"kind": "confiscation", "role": "optional"}
    found = choices([*own, extra, case], Interface("en"))
    assert [(one.who, one.main, one.further) for one in found] == [
        (
            "",
            ("fine: natural persons — 9 MCI; officials, small businesses — 16 MCI; large businesses — 40 MCI",),
            ("may be added: confiscation",),
        ),
        ("In the case of: part 1, point 2", ("arrest up to 5 days",), ()),
    ]
