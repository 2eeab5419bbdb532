"""Every kind of page over real HTTP: what it shows is what the database holds, and its address keeps its meaning."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from lxml import html
from site_fixture import Answer, Site, served

from lawdiff.site.reader import change_link, day_before, in_reader_order, told_langs
from lawdiff.store import pages
from lawdiff.store.pages import Filters

pytestmark = pytest.mark.xdist_group("site")

CODE = "K1400000226"
KINDS = {
    "home": "/",
    "act": f"/{CODE}",
    "act at a date": f"/{CODE}@2019-01-01/kk",
    "act compared": f"/{CODE}/diff/2016-04-08..2025-09-16",
    "article": f"/{CODE}/art_205",
    "article in Kazakh": f"/{CODE}/art_205/kk",
    "article in both languages": f"/{CODE}/art_205@2020-01-10/ru-kk",
    "excluded article": f"/{CODE}/art_215",
    "chapter": f"/{CODE}/chp_7",
    "change": f"/{CODE}/art_205/diff/2018-07-12..2025-09-16",
    "change side by side": f"/{CODE}/art_205/diff/2014-11-07..2025-09-16?view=side",
    "law": "/laws/Z2500000210",
    "laws": "/laws",
    "changes": "/changes",
    "pending": "/pending",
    "search form": "/search",
    "search": "/search?q=" + quote("кража"),
    "topics": "/topics",
    "topic": "/topics/cyber",
    "status": "/status",
    "feeds": "/feeds",
    "snapshot": "/snapshots/3",
    "data": "/lawdiff",
    "table": "/lawdiff/changes",
}


def document(answer: Answer) -> html.HtmlElement:
    return html.fromstring(answer.text)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_a_comparison_from_before_the_archive_says_so_and_begins_with_the_first_redaction(site: Site) -> None:
    early = document(site.get(f"/{CODE}/art_205/diff/2001-01-01..2025-09-16?lang=ru"))
    held = document(site.get(f"/{CODE}/art_205/diff/2014-11-07..2025-09-16?lang=ru"))
    said = words(early.xpath('//section[@class="change"]')[0])
    assert "самая ранняя редакция в архиве — от 7 ноября 2014" in said
    assert "ещё не было" not in said
    assert [words(row) for row in early.xpath('//*[contains(@class, "redline")]')] == [
        words(row) for row in held.xpath('//*[contains(@class, "redline")]')
    ]
    assert "самая ранняя редакция" not in words(held.xpath('//section[@class="change"]')[0])
    act = words(document(site.get(f"/{CODE}/diff/2001-01-01..2025-09-16")).xpath("//main")[0])
    assert "самая ранняя редакция в архиве — от 7 ноября 2014" in act


@pytest.mark.parametrize("ui", ["ru", "kk", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_answers_in_three_interface_languages(site: Site, kind: str, ui: str) -> None:
    answer = site.get(KINDS[kind], Cookie=f"ui={ui}")
    assert answer.status == 200
    page = document(answer)
    assert page.get("lang") == ui
    assert len(page.findall(".//h1")) == 1
    assert len(page.findall(".//main")) == 1
    assert words(page.find(".//h1"))
    assert "{" not in words(page.find(".//main")) or kind in ("data", "table")


def test_the_interface_language_is_remembered(site: Site) -> None:
    answer = site.get("/changes?ui=kk")
    assert "ui=kk" in answer.headers["set-cookie"]
    assert document(answer).get("lang") == "kk"
    assert document(site.get("/changes", Accept_Language="en-GB")).get("lang") == "en"


def test_every_version_is_shown_word_for_word_on_the_day_it_began(site: Site) -> None:
    versions = site.rows(
        "SELECT v.*, a.act_id, a.eid, a.kind FROM article_versions v JOIN articles a ON a.id = v.article_id"
    )
    assert len(versions) > 80
    for version in versions:
        if version["valid_to"] == version["valid_from"]:
            continue
        answer = site.get(f"/{version['act_id']}/{version['eid']}@{version['valid_from']}/{version['lang']}")
        page = document(answer)
        shown = page.xpath('//div[@class="text"]')[0]
        assert shown.get("lang") == version["lang"]
        lines = [
            "\t".join("".join(cell.text_content().split()) for cell in row.findall("td"))
            if row.tag == "tr"
            else row.text_content()
            for row in shown.xpath(".//tr | .//p")
        ]
        stored = version["text"].split("\n") if version["text"] else []
        assert ["".join(line.split()) for line in lines] == ["".join(line.split()) for line in stored], version["id"]
        assert words(page.find(".//h1")) == " ".join(version["heading"].split()) or not version["heading"]
        for note in filter(None, version["notes"].split("\n")):
            assert " ".join(note.split()) in words(page)


def test_every_change_shows_exactly_the_old_and_the_new_words(site: Site) -> None:
    changes = site.rows(
        "SELECT c.*, a.act_id, a.eid, o.text AS old_text, n.text AS new_text, o.valid_from AS old_from, "
        "(SELECT max(redaction_date) FROM redactions r WHERE r.act_id = a.act_id AND r.lang = c.lang "
        "AND r.redaction_date < c.redaction_date) AS before FROM changes c JOIN articles a ON a.id = c.article_id "
        "LEFT JOIN article_versions o ON o.id = c.old_version_id "
        "LEFT JOIN article_versions n ON n.id = c.new_version_id"
    )
    assert len(changes) > 50
    for change in changes:
        for view in ("inline", "side"):
            address = change_link(dict(change))
            address += ("&" if "?" in address else "?") + f"lang={change['lang']}&view={view}"
            answer = site.get(address)
            assert answer.status == 200, address
            (red,) = document(answer).xpath('//section[@class="change"]/div[contains(@class, "redline")]')
            for head in red.xpath('./h3 | ./div[contains(@class, "head")] | .//summary | .//span[@class="mark"]'):
                head.drop_tree()
            if view == "inline":
                new = "".join(
                    red.xpath(".//text()[not(ancestor::del)][not(ancestor::div[contains(@class, 'move_from')])]")
                )
                old = "".join(
                    red.xpath(".//text()[not(ancestor::ins)][not(ancestor::div[contains(@class, 'move_to')])]")
                )
            else:
                new = "".join(red.xpath('.//div[@class="new"]//text()'))
                old = "".join(red.xpath('.//div[@class="old"]//text()'))
            bare = re.compile(r"[\s│]+")
            assert bare.sub("", new) == bare.sub("", change["new_text"] or ""), address
            assert sorted(bare.sub("", old)) == sorted(bare.sub("", change["old_text"] or "")), address


def test_a_day_before_the_article_and_a_day_before_the_archive_are_different_answers(site: Site) -> None:
    before_article = site.get(f"/{CODE}/art_115-1@2019-01-01/ru", Cookie="ui=en")
    assert before_article.status == 200
    assert "did not exist yet" in words(document(before_article))
    before_archive = site.get(f"/{CODE}/art_205@1999-01-01/ru", Cookie="ui=en")
    assert "There is no answer" in words(document(before_archive))
    assert "did not exist" not in words(document(before_archive))


def test_a_day_that_no_look_reached_shows_the_last_known_text_and_says_so(site: Site) -> None:
    for ui, said in (
        ("ru", "ещё не проверялся по состоянию"),
        ("kk", "әлі тексерілмеген"),
        ("en", "not been read as late"),
    ):
        ahead = document(site.get(f"/{CODE}/art_205@2090-01-01?ui={ui}"))
        now = document(site.get(f"/{CODE}/art_205?ui={ui}"))
        assert said in words(ahead)
        assert said not in words(now)
        texts = [words(page.xpath('//div[@class="text"]')[0]) for page in (ahead, now)]
        assert texts[0] == texts[1] != ""


def test_side_by_side_the_page_is_titled_in_the_language_that_the_reader_reads(site: Site) -> None:
    for ui, begins, lang in (("ru", "Статья 205.", "ru"), ("kk", "205-бап.", "kk"), ("en", "Статья 205.", "ru")):
        title = document(site.get(f"/{CODE}/art_205/ru-kk?ui={ui}")).find(".//h1")
        assert title.text_content().strip().startswith(begins), ui
        assert (title.get("lang") or ui) == lang


@pytest.mark.parametrize("path", ["/", f"/{CODE}/art_205", "/changes", "/lawdiff", "/lawdiff/articles", "/nowhere"])
def test_every_page_of_the_sample_says_that_it_is_no_official_text(site: Site, path: str) -> None:
    """Whoever serves that database: the demo, or `lawdiff serve` later."""
    for ui, said in (("ru", "не официальный текст"), ("kk", "ресми мәтін емес"), ("en", "not the official text")):
        marks = document(site.get(path, Cookie=f"ui={ui}")).xpath("//header/p[@class='sample']")
        assert [said in words(mark) for mark in marks] == [True], (path, ui)


def test_an_excluded_article_says_so_and_shows_no_text(site: Site) -> None:
    page = document(site.get(f"/{CODE}/art_215", Cookie="ui=en"))
    assert "Excluded" in words(page.xpath('//p[contains(@class, "mood-gone")]')[0])
    assert words(page.xpath('//div[@class="text"]')[0]) == ""


@pytest.mark.parametrize(
    ("sent", "to"),
    [
        (f"/{CODE}/art_205?on=2019-05-01", f"/{CODE}/art_205@2019-05-01"),
        (f"/{CODE}/art_205/kk?on=01.05.2019", f"/{CODE}/art_205@2019-05-01/kk"),
        (f"/{CODE}/art_205?from=2025-09-16&to=2014-11-07", f"/{CODE}/art_205/diff/2014-11-07..2025-09-16"),
        (f"/{CODE}?on=2019-05-01", f"/{CODE}@2019-05-01"),
        (f"/{CODE}?from=2018-01-01&to=2020-01-01", f"/{CODE}/diff/2018-01-01..2020-01-01"),
    ],
)
def test_a_form_leads_to_a_dated_address(site: Site, sent: str, to: str) -> None:
    answer = site.get(sent)
    assert (answer.status, answer.headers["location"]) == (302, to)


@pytest.mark.parametrize(
    "path",
    [
        "/K9999999999", f"/{CODE}/art_9999", f"/{CODE}/art_205@2019-02-31",
        f"/{CODE}/art_205/diff/2020-01-01..2019-01-01",
        f"/{CODE}/art_205/diff/2020-13-01..2021-01-01", "/laws/nothing", "/topics/nothing", "/snapshots/999999",
        "/snapshots/999999/bytes", "/no/such/page/at/all", f"/{CODE}/art_205/diff/1990-01-01..1991-01-01",
    ],
)  # fmt: skip
def test_what_is_not_there_is_404_in_the_reader_s_language(site: Site, path: str) -> None:
    answer = site.get(path, Cookie="ui=en")
    assert answer.status == 404
    assert "There is no such page" in answer.text


def test_a_change_offers_only_languages_that_have_a_text_of_it(site: Site, tmp_path: Path) -> None:
    """The site's sample pairs every article; of the real code half the articles had no Kazakh text in the archive."""
    lone, db = f"{CODE}/art_205", tmp_path / "lone.db"
    shutil.copy(site.db, db)
    with closing(sqlite3.connect(db)) as conn, conn:
        for of in ("offence_parts WHERE version_id", "sanctions WHERE version_id", "article_versions WHERE id"):
            conn.execute(f"DELETE FROM {of} LIKE ?", (f"{lone}/kk/%",))
        conn.execute("DELETE FROM changes WHERE article_id = ? AND lang = 'kk'", (lone,))
    with served(site.archive, db) as half:
        page = document(half.get(f"/{lone}/diff/2014-11-07..2025-09-16"))
        assert page.xpath('//nav[@class="switch"]//a[contains(@href, "view=side")]')
        assert not page.xpath('//nav[@class="switch"]//a[contains(@href, "lang=")]')
        (other,) = half.rows(
            "SELECT a.id FROM articles a JOIN article_versions v ON v.article_id = a.id WHERE a.act_id = ?"
            " AND a.kind = 'article' AND v.valid_from <= '2015-01-01'"
            " GROUP BY a.id HAVING count(DISTINCT v.lang) = 2 LIMIT 1",
            CODE,
        )
        both = document(half.get(f"/{other[0]}/diff/2015-01-01..2025-09-16"))
        links = both.xpath('//nav[@class="switch"]//a[contains(@href, "lang=")]/@href')
        assert [half.get(link).status for link in links] == [200, 200]


def test_the_stream_s_filters_select_what_sql_selects(site: Site) -> None:
    for filters, condition in [
        ("", "c.weight = 'substantive'"),
        ("weight=all", "1"),
        (f"act={CODE}&lang=kk", f"c.weight = 'substantive' AND a.act_id = '{CODE}' AND c.lang = 'kk'"),
        ("op=excluded", "c.op = 'excluded' AND c.weight = 'substantive'"),
        ("op=note_only", "c.op = 'note_only'"),
        ("law=Z2500000210", "c.weight = 'substantive' AND c.amending_act_id = 'Z2500000210'"),
        (
            "from=2019-01-01&to=2021-01-01",
            "c.weight = 'substantive' AND c.redaction_date BETWEEN '2019-01-01' AND '2021-01-01'",
        ),
        (
            f"act={CODE}&chapter=chp_7&weight=all",
            f"a.act_id = '{CODE}' AND ' ' || a.parents || ' ' LIKE '% chp\\_7 %' ESCAPE '\\'",
        ),
        ("op=nonsense&from=yesterday&lang=xx&weight=heavy", "c.weight = 'substantive'"),
    ]:
        expected = {
            row[0]
            for row in site.rows(f"SELECT c.id FROM changes c JOIN articles a ON a.id = c.article_id WHERE {condition}")
        }
        exported = json.loads(site.get(f"/changes.json?{filters}").text)
        assert {row["id"] for row in exported} == expected, filters
        table = list(csv.DictReader(io.StringIO(site.get(f"/changes.csv?{filters}").text)))
        assert [row["id"] for row in table] == [row["id"] for row in exported]
        page = document(site.get(f"/changes?{filters}"))
        shown = page.xpath('//ul[@class="entries"]/li')
        assert len(shown) == min(50, len({(row["redaction_date"], row["act_id"], row["eid"]) for row in exported}))


def test_exported_addresses_lead_to_the_change(site: Site) -> None:
    for row in json.loads(site.get("/changes.json").text)[:10]:
        assert site.get(urlsplit(row["url"]).path).status == 200


def test_a_compared_act_names_every_law_between_the_dates_and_counts_changed_texts(site: Site) -> None:
    between = "a.act_id = ? AND c.redaction_date > '2014-11-07' AND c.redaction_date <= '2025-09-16'"
    joined = "changes c JOIN articles a ON a.id = c.article_id LEFT JOIN change_laws l ON l.change_id = c.id"
    changes = f"{joined} WHERE {between}"
    rows = site.rows(f"SELECT DISTINCT a.eid, l.amending_act_id FROM {changes} AND l.change_id IS NOT NULL", CODE)
    several = {row["eid"] for row in rows if sum(other["eid"] == row["eid"] for other in rows) > 1}
    page = document(site.get(f"/{CODE}/diff/2014-11-07..2025-09-16", Cookie="ui=en"))
    assert several
    for eid in several:
        (entry,) = page.xpath(f'//ul[@class="entries"]/li[.//a[starts-with(@href, "/{CODE}/{eid}/diff/")]]')
        named = {link.rsplit("/", 1)[1] for link in entry.xpath('.//a[starts-with(@href, "/laws/")]/@href')}
        assert named == {row["amending_act_id"] for row in rows if row["eid"] == eid}, eid
    ((count,),) = site.rows(
        f"SELECT count(DISTINCT c.article_id) FROM {changes} AND c.weight = 'substantive'",
        CODE,
    )
    assert f"{count} articles" in words(page.xpath('//p[@class="said"]')[-1])


def test_the_first_page_counts_for_each_law_the_articles_that_it_changed(site: Site) -> None:
    """An article that several laws changed by one redaction counts for each of them."""
    wanted = {
        (row["redaction_date"], row["amending_act_id"]): row["articles"]
        for row in site.rows(
            "SELECT c.redaction_date, l.amending_act_id, count(DISTINCT c.article_id) AS articles FROM changes c"
            " JOIN change_laws l ON l.change_id = c.id WHERE c.weight = 'substantive' GROUP BY 1, 2"
        )
    }
    together = "SELECT change_id FROM change_laws GROUP BY 1 HAVING count(DISTINCT amending_act_id) > 1"
    assert site.rows(f"SELECT 1 FROM changes WHERE weight = 'substantive' AND id IN ({together})")
    with closing(sqlite3.connect(f"file:{site.db}?mode=ro", uri=True)) as conn:
        conn.row_factory = sqlite3.Row
        found = [row for row in pages.latest_laws(conn, limit=500) if row["law_id"]]
    told: Counter[tuple[str, str]] = Counter()
    for row in found:
        told[(row["redaction_date"], row["law_id"])] += row["articles"]
    assert told == wanted


def test_an_amended_text_is_told_before_the_other_language_s_note() -> None:
    """A Kazakh reader learns that the Russian text was amended, and nobody reads that both were."""
    note = {"lang": "kk", "weight": "editorial", "op": "note_only"}
    amended = {"lang": "ru", "weight": "substantive", "op": "amended"}
    for langs in (("ru", "kk"), ("kk", "ru")):
        ordered = in_reader_order([note, amended], langs)
        assert (ordered[0]["op"], told_langs(ordered)) == ("amended", ["ru"])
    both = [{**amended, "lang": "kk"}, amended]
    assert in_reader_order(both, ("kk", "ru"))[0]["lang"] == "kk"
    assert told_langs(in_reader_order(both, ("ru", "kk"))) == ["ru", "kk"]
    assert told_langs([note]) == ["kk"]


def test_a_law_s_page_lists_every_article_it_changed(site: Site) -> None:
    changed = {row[0] for row in site.rows("SELECT DISTINCT eid FROM law_impact WHERE amending_act_id = 'Z2500000210'")}
    page = document(site.get("/laws/Z2500000210"))
    listed = {link.split("/")[2] for link in page.xpath('//ul[@class="entries"]//a/@href') if "/diff/" in link}
    assert changed
    assert listed == changed


def test_a_citation_names_a_redaction_that_there_is(site: Site) -> None:
    """Of a day between two redactions the text is that of the former: a redaction of the day itself was never made."""
    asked = "SELECT DISTINCT redaction_date FROM redactions WHERE lang = 'ru' AND act_id = ? ORDER BY 1"
    held = [row[0] for row in site.rows(asked, CODE)]
    for path, day in (
        ("/art_205@2016-01-02/ru", max(one for one in held if one <= "2016-01-02")),
        ("/art_205@2090-01-01/ru", held[-1]),
        ("/art_205/diff/2016-01-02..2090-01-01", held[-1]),
    ):
        page = document(site.get(f"/{CODE}{path}", Cookie="ui=ru"))
        said = page.xpath('string(//*[@id="citation"])')
        assert f"(в редакции от {day[8:]}.{day[5:7]}.{day[:4]})" in said, path
        assert said.endswith(path), "the address stays that of the day"
    before = document(site.get(f"/{CODE}/art_205@1990-01-01/ru", Cookie="ui=ru"))
    assert "в редакции от" not in before.xpath('string(//*[@id="citation"])')


def test_the_search_calls_an_excluded_article_excluded(site: Site) -> None:
    (row,) = site.rows("SELECT heading_ru FROM articles WHERE act_id = ? AND eid = 'art_215'", CODE)
    found = document(site.get("/search?q=" + quote(row[0].split(".")[1]), Cookie="ui=ru"))
    hits = [
        hit for hit in found.xpath('//li[contains(@class, "hit")]') if hit.xpath('.//a[contains(@href, "art_215")]')
    ]
    assert hits
    assert all("исключена" in words(hit) and "действующий" not in words(hit) for hit in hits)


def test_what_the_languages_disagree_about_is_said_in_the_readers_words(site: Site) -> None:
    cells = 0
    for row in site.rows("SELECT DISTINCT article_id, since FROM divergences ORDER BY 1 LIMIT 12"):
        for ui in ("ru", "kk"):
            page = document(site.get(f"/{row['article_id']}@{row['since']}", Cookie=f"ui={ui}"))
            for cell in page.xpath('//details[@class="divergences"]//tbody//*[self::th or self::td]'):
                assert not re.search("[a-z]{3}", words(cell)), (row["article_id"], ui, words(cell))
                cells += 1
    assert cells


def test_search_finds_word_forms_and_resolves_citations(site: Site) -> None:
    by_form = document(site.get("/search?q=" + quote("краже"), Cookie="ui=en"))
    assert by_form.xpath('//ol[@class="hits"]//mark')
    cited = document(site.get("/search?q=" + quote("ст. 115-1 УК РК")))
    assert cited.xpath(f'//section[@aria-labelledby="cited"]//a[@href="/{CODE}/art_115-1"]')
    kazakh = document(site.get("/search?q=" + quote("ҚК 232-1-бабы")))
    assert kazakh.xpath(f'//section[@aria-labelledby="cited"]//a[@href="/{CODE}/art_232-1"]')


@pytest.mark.parametrize(
    "question",
    [
        "",
        " ",
        '"',
        "'",
        "*",
        "AND OR NOT",
        "NEAR(",
        "115-1",
        "ст.",
        "%",
        "\x00",
        "<b>",
        "a" * 5000,
        "(((",
        "col:x",
        "^",
    ],
)
def test_no_question_breaks_the_search(site: Site, question: str) -> None:
    assert site.get("/search?q=" + quote(question)).status == 200


def test_the_archived_bytes_are_those_that_the_digest_names(site: Site) -> None:
    import hashlib

    for row in site.rows("SELECT id, sha256 FROM snapshots WHERE verdict = 'text' LIMIT 3"):
        answer = site.get(f"/snapshots/{row['id']}/bytes")
        assert hashlib.sha256(answer.body).hexdigest() == row["sha256"]
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_carries_the_security_headers_and_no_inline_script(site: Site, kind: str) -> None:
    answer = site.get(KINDS[kind])
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy.split("script-src")[1].split(";")[0]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] in ("same-origin", "no-referrer")
    page = document(answer)
    assert [script for script in page.iter("script") if not script.get("src")] == []
    assert [element for element in page.iter() if any(str(name).startswith("on") for name in element.attrib)] == []
    if kind not in ("data", "table"):
        assert "unsafe-inline" not in policy
        assert page.xpath("//@style") == []
        assert page.xpath("//style") == []
    loaded = page.xpath("//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href | //img/@src")
    assert [address for address in loaded if not address.startswith("/") or address.startswith("//")] == []


def test_no_link_of_the_site_is_broken(site: Site) -> None:
    """Every page of the site that links lead to answers, and every #place exists. Datasette's are not searched."""
    todo, seen, pages_by_path = ["/"], {"/"}, {}
    while todo:
        path = todo.pop()
        answer = site.get(path)
        assert answer.status in (200, 302), (path, answer.status)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        if path.startswith(("/lawdiff", "/-/")):
            continue
        page = document(answer)
        pages_by_path[path] = set(page.xpath("//@id"))
        for link in page.xpath("//a/@href | //link[@rel='alternate' or @rel='next' or @rel='canonical']/@href"):
            target = link.removeprefix(site.base)
            if target.startswith("http") or "ui=" in target:
                assert target.startswith("https://adilet.zan.kz") or "ui=" in target, link
                continue
            target, _, place = target.partition("#")
            if place and not target:
                assert place in pages_by_path[path], (path, place)
            if target.count("&") > 1:
                continue  # further combinations of filters that are followed one by one
            if target and target not in seen:
                seen.add(target)
                todo.append(target)
    assert len(seen) > 300, len(seen)


def test_datasette_describes_every_table_and_column_and_counts_facets(site: Site) -> None:
    from lawdiff.datamodel import TABLES

    metadata = json.loads(site.get("/-/metadata.json").text)["databases"]["lawdiff"]
    for table in TABLES:
        assert set(metadata["tables"][table.name]["columns"]) == {column.name for column in table.columns}
        page = site.get(f"/lawdiff/{table.name}.json?_size=1&_shape=objects")
        assert page.status == 200, table.name
        columns = set(json.loads(page.text)["columns"])
        assert {column.name for column in table.columns} <= columns
        for facet in metadata["tables"][table.name].get("facets", []):
            assert facet in columns, f"{table.name} has no column {facet}"
    tables = {row[0] for row in site.rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    described = {table.name for table in TABLES}
    shown = {table for table in tables if not table.startswith(("sqlite_", "search_", "_"))}
    assert shown <= described


def test_every_canned_query_runs_and_answers(site: Site) -> None:
    queries = json.loads(site.get("/-/metadata.json").text)["databases"]["lawdiff"]["queries"]
    values = {
        "act": CODE, "article": "205", "lang": "ru", "day": "2019-01-01", "law": "210-VIII", "from_day": "2016-01-01",
        "to_day": "2026-01-01", "chapter": "chp_7", "since": "2016-01-01", "words": "информационную",
    }  # fmt: skip
    may_be_empty = {"could_not_be_checked", "pending", "where_the_languages_disagree"}
    for name, query in queries.items():
        assert query["title"]
        assert query["description"]
        given = "&".join(f"{param}={quote(values[param])}" for param in query.get("params", []))
        answer = site.get(f"/lawdiff/{name}.json?{given}&_shape=objects")
        assert answer.status == 200, (name, answer.text)
        assert json.loads(answer.text)["rows"] or name in may_be_empty, name


def test_the_served_database_is_immutable_and_arbitrary_sql_is_limited(site: Site) -> None:
    (database,) = [entry for entry in json.loads(site.get("/-/databases.json").text) if entry["name"] == "lawdiff"]
    assert database["is_mutable"] is False
    assert (
        json.loads(site.get("/lawdiff.json?sql=select+count(*)+as+n+from+acts&_shape=objects").text)["rows"][0]["n"]
        >= 2
    )
    assert site.get("/lawdiff.json?sql=" + quote("delete from acts")).status == 400
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    answer = site.get("/lawdiff.json?sql=" + quote(endless))
    assert answer.status == 400
    assert "interrupted" in answer.text.lower() or "time limit" in answer.text.lower()
    for huge in (
        "randomblob(500000000)",
        "hex(zeroblob(9000000))",
        "replace(hex(zeroblob(8000)), '0', hex(zeroblob(8000)))",
    ):
        answer = site.get("/lawdiff.json?sql=" + quote(f"SELECT {huge} FROM changes"))
        assert answer.status == 400, huge
        assert "too big" in answer.text or "out of memory" in answer.text
        assert len(answer.body) < 2000


def test_pages_by_filters_are_cut_into_pages_without_loss(site: Site) -> None:
    import sqlite3

    with sqlite3.connect(f"file:{site.db}?mode=ro", uri=True) as conn:
        whole = [row["id"] for row in pages.stream(conn, Filters(), limit=1000)]
        parts = [row["id"] for page in range(20) for row in pages.stream(conn, Filters(), limit=7, offset=7 * page)]
    assert len(parts) == len(whole)
    assert set(parts) == set(whole)


def test_readers_at_the_same_time_get_what_one_alone_gets(site: Site) -> None:
    """The site answers in several threads; a stemmer that they shared gave wrong words and failures."""
    from concurrent.futures import ThreadPoolExecutor

    words = [
        *("кража", "информационную", "системы", "доступ", "преследования"),
        *("имуществу", "карточкой", "данных", "согласием", "наказывается"),
    ]
    paths = [f"/search?q={quote(word)}" for word in words] + [KINDS["article"], KINDS["change"], "/changes"]
    alone = {path: site.get(path).text for path in paths}
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda path: (path, site.get(path)), paths * 6))
    assert {answer.status for _, answer in together} == {200}
    assert all(answer.text == alone[path] for path, answer in together)


def test_an_article_tells_where_its_two_texts_disagree_today(site: Site) -> None:
    standing = site.rows(
        "SELECT a.act_id, a.eid, count(*) AS n FROM divergence_findings d JOIN articles a ON a.id = d.article_id "
        "WHERE d.until IS NULL GROUP BY a.id"
    )
    for row in standing:
        page = document(site.get(f"/{row['act_id']}/{row['eid']}"))
        assert len(page.xpath('//details[@class="divergences"]//tbody/tr')) == row["n"]
    silent = site.rows(
        "SELECT a.act_id, a.eid FROM articles a WHERE a.id NOT IN (SELECT article_id FROM divergence_findings) LIMIT 1"
    )[0]
    assert not document(site.get(f"/{silent['act_id']}/{silent['eid']}")).xpath('//details[@class="divergences"]')


def test_a_change_tells_whether_punishment_grew_milder_or_tougher(site: Site) -> None:
    told = 0
    for row in site.rows(
        "SELECT a.act_id, a.eid, c.lang, c.redaction_date, s.verdict FROM sanction_verdicts s "
        "JOIN changes c ON c.new_version_id = s.version_id AND c.old_version_id = s.previous_version_id "
        "JOIN articles a ON a.id = c.article_id WHERE c.old_version_id <> c.new_version_id"
    ):
        period = f"{day_before(row['redaction_date'])}..{row['redaction_date']}"
        page = document(site.get(f"/{row['act_id']}/{row['eid']}/diff/{period}?lang={row['lang']}"))
        shown = page.xpath('//span[contains(@class, "verdict s-")]/@class')
        if row["verdict"] in ("milder", "tougher", "mixed"):
            assert shown == [f"verdict s-{row['verdict']}"]
            told += 1
        else:
            assert shown == []
    assert told


def test_the_interface_language_chosen_on_a_data_page_is_remembered_and_filters_nothing(site: Site) -> None:
    answer = site.get("/lawdiff/changes?lang=ru&ui=kk")
    assert (answer.status, answer.headers["location"]) == (302, "/lawdiff/changes?lang=ru")
    assert answer.headers["set-cookie"].startswith("ui=kk;")
    page = site.get("/lawdiff/changes?lang=ru", Cookie="ui=kk")
    (meanings,) = document(page).xpath('//details[@class="meanings"]/summary')
    assert meanings.text == "Бағандар нені білдіреді"
    assert document(page).xpath('//dl[@class="column-descriptions"]/dd[starts-with(., "не болды")]')


def test_a_law_is_found_by_its_number_and_filters_the_stream(site: Site) -> None:
    for question in ("закон № 210-VIII", "210–viii", "210-VІІІ ЗРК", "Z2500000210"):
        page = document(site.get("/search?q=" + quote(question)))
        assert page.xpath('//section[@aria-labelledby="laws"]//a/@href') == ["/laws/Z2500000210"], question
    by_number = document(site.get("/changes?law=210-VIII"))
    assert by_number.xpath('//input[@name="law"]/@value') == ["210-VIII"]
    shown = by_number.xpath('//ul[@class="entries"]//a/@href')
    assert shown == document(site.get("/changes?law=Z2500000210")).xpath('//ul[@class="entries"]//a/@href') != []
    numbered, named = (site.get(f"/changes.csv?law={law}").text for law in ("210-VIII", "Z2500000210"))
    assert numbered == named


def test_a_search_without_an_exact_answer_leads_on(site: Site) -> None:
    lacking = document(site.get("/search?ui=en&q=" + quote("ст. 9999 УК РК")))
    assert lacking.xpath('//section[@aria-labelledby="cited"]//a/@href') == [f"/{CODE}"]
    assert "No such article is held" in words(lacking)
    some = document(site.get("/search?ui=en&q=" + quote("сталкинг невиданное")))
    assert "hold some of them" in words(some)
    assert some.xpath('//ol[@class="hits"]//mark')
    nothing = document(site.get("/search?ui=en&q=" + quote("невиданное неслыханное")))
    assert "Nothing found" in words(nothing)
    unknown = site.get("/search?ui=en&q=K9999999999")
    assert (unknown.status, "Nothing found" in unknown.text) == (200, True)


def test_a_prepared_question_asks_for_its_parameters_in_words(site: Site) -> None:
    page = document(site.get("/lawdiff/changes_of_an_article", Cookie="ui=ru"))
    assert [label.text for label in page.xpath('//form[contains(@class, "asking")]//label')] == [
        "Акт, например K1400000226", "Номер статьи, например 115-1", "Язык: ru или kk",
    ]  # fmt: skip
    assert "Заполните поля" in words(page)
    answered = document(site.get(f"/lawdiff/changes_of_an_article?act={CODE}&article=205&lang=ru"))
    assert len(answered.xpath('//table[@class="rows-and-columns"]/tbody/tr')) >= 1
