"""What readers see: subjects, dates, redlines; in three languages, in HTML and in plain text, cut to any channel's
limit."""

from __future__ import annotations

import io
import re
import string
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from alert_receivers import mail_server
from alert_world import CODE, LAW, Clock, World, rule, rules_file
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from lawdiff.alerts import run
from lawdiff.alerts.digest import payload_of, subject_of, view
from lawdiff.alerts.facts import Fact, FactKind, FactLaw
from lawdiff.alerts.find import Finding
from lawdiff.alerts.messages import Limits, Part, render_digest
from lawdiff.alerts.redline import Run, as_html, as_text, read_redline, trimmed
from lawdiff.alerts.rules import Rule, RulesError, Settings
from lawdiff.alerts.wording import WORDS
from lawdiff.model import Lang

ARTEFACTS = Path(__file__).parent.parent / "artefacts"
ONE = Rule("cyber", ("out",), title="Кибер & «ко» <b>")


def payload(number: str = "205", **changes: object) -> dict:
    text = {
        "lang": "ru", "op": "amended", "weight": "substantive", "heading": f"Статья {number}. Доступ <b>&",
        "path": "", "words_added": 2, "words_removed": 1, "change_id": "x", "attribution": "corroborated", "note": None,
        "summary_json": None, "official_url": f"https://adilet.zan.kz/rus/docs/{CODE}/16.09.2025#z{number}",
        "diff_html": "<p>до <del>ста</del><ins>двухсот</ins> показателей</p>",
    }  # fmt: skip
    law = {
        "id": LAW[0], "number": LAW[1], "adopted_on": LAW[2], "title_ru": None, "title_kk": None, "url": None,
        "in_force_from": "2025-09-16", "in_force_text": "по истечении шестидесяти дней",
    }  # fmt: skip
    given = {
        "kind": "change", "phases": ["adopted"], "keys": [f"cyber|{CODE}|art_{number}|2025-09-16|adopted||"],
        "act": {"id": CODE, "title_ru": "Уголовный кодекс", "title_kk": None, "short_ru": "УК РК", "short_kk": "ҚР ҚК"},
        "eid": f"art_{number}", "unit_kind": "article", "number": number, "redaction_date": "2025-09-16",
        "previous_redaction": "2023-03-07", "in_force_from": "2025-09-16", "laws": [law], "remarks": [],
        "texts": [text, {**text, "lang": "kk", "official_url": "https://adilet.zan.kz/kaz/docs/x"}],
        "told_on": "2025-07-20",
    }  # fmt: skip
    return given | changes


def subject(items: list[dict], lang: str = "ru") -> str:
    return subject_of([view(item, lang, None) for item in items], lang)


def test_a_subject_says_act_article_what_and_when() -> None:
    assert subject([payload()]) == "УК РК, ст. 205: изменение; вступает в силу 16.09.2025"
    assert subject([payload()], "kk") == "ҚР ҚК, 205-бап: өзгеріс; 16.09.2025 күшіне енеді"
    assert subject([payload()], "en") == "УК РК, art. 205: amended; takes effect on 16 September 2025"
    later = payload(told_on="2025-09-16", phases=["in_force"])
    assert subject([later]) == "УК РК, ст. 205: изменение (вступило в силу); действует с 16.09.2025"


def test_a_subject_of_many_counts_what_it_cannot_name() -> None:
    many = [payload(number) for number in ("115-1", "205", "206", "207", "208", "209")]
    assert subject(many).startswith("УК РК: ст. 115-1, ст. 205, ст. 206, ст. 207 и ещё 2 — изменение;")
    acts = [payload(act={**payload()["act"], "short_ru": f"А{number}"}) for number in range(5)]
    assert subject(acts).startswith("А0, А1, А2 и ещё 2 — изменений: 5;")


def test_an_item_has_both_dates_the_law_the_extent_and_the_links() -> None:
    item = view(payload(), "ru", "https://law.example.org")
    assert item.lines == (
        ("Закон", "Закон РК от 16.07.2025 № 210-VIII"),
        ("Редакция портала", "16.09.2025"),
        ("Вступление в силу", "16.09.2025 (через 58 дн.)"),
        ("", "Слов: +2 −1"),
    )
    assert item.links[0] == ("Сравнение", f"https://law.example.org/{CODE}/art_205/diff/2023-03-07..2025-09-16")
    assert item.links[1][1].endswith("/16.09.2025#z205")


def test_an_unknown_day_of_effect_is_said_to_be_unknown_with_the_words_of_the_source() -> None:
    law = {**payload()["laws"][0], "in_force_from": None, "in_force_text": "порядок см. ст. 2"}
    item = view(payload(laws=[law], in_force_from=None), "ru", None)
    assert ("Вступление в силу", "дата в источнике не названа («порядок см. ст. 2»)") in item.lines
    nobody = view(payload(laws=[], in_force_from=None), "en", None)
    assert ("Law", "the source names no law") in nobody.lines


def test_the_words_of_the_source_are_those_of_the_readers_language() -> None:
    law = {
        **payload()["laws"][0],
        "in_force_from": None,
        "in_force_text": "по истечении",
        "in_force_text_kk": "өткен соң",
    }
    said = {lang: dict(view(payload(laws=[law], in_force_from=None), lang, None).lines) for lang in ("ru", "kk", "en")}
    assert "«по истечении»" in said["ru"]["Вступление в силу"]
    assert "«өткен соң»" in said["kk"]["Күшіне енуі"]
    assert "«по истечении»" in said["en"]["In force from"]
    only = {**law, "in_force_text": None}
    assert "«өткен соң»" in dict(view(payload(laws=[only], in_force_from=None), "ru", None).lines)["Вступление в силу"]


def test_both_languages_give_their_own_words_to_an_item() -> None:
    fact = Fact(FactKind.CHANGE, CODE, "art_205", Lang.RU, date(2025, 9, 16), "amended", "substantive", "x")
    law = FactLaw(*LAW[:2], date.fromisoformat(LAW[2]), in_force_text="по истечении")
    both = (replace(fact, laws=(law,)), replace(fact, lang=Lang.KK, laws=(replace(law, in_force_text="өткен соң"),)))
    for facts in (both, both[::-1]):
        (told,) = payload_of(Finding(ONE, facts, (), ()), {}, lambda _: None, date(2025, 9, 20))["laws"]
        assert (told["in_force_text"], told["in_force_text_kk"]) == ("по истечении", "өткен соң")


def test_every_wording_exists_in_three_languages_with_the_same_values() -> None:
    for key, texts in WORDS.items():
        assert len(texts) == 3, key
        assert all(text.strip() for text in texts), key
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts]
        assert fields[0] == fields[1] == fields[2], key


def test_every_op_phase_and_kind_of_note_has_its_words() -> None:
    from lawdiff.alerts.facts import Phase
    from lawdiff.model import Op

    for op in (*Op, "future", "deferred", "suspended", "source_trouble"):
        assert f"op.{op}" in WORDS
    for phase in Phase:
        assert f"phase.{phase}" in WORDS


@pytest.mark.parametrize("summary", ['{"of": "another release"}', '{"op": "nonesuch"}', "[]", "no JSON"])
def test_a_summary_that_cannot_be_said_leaves_the_extent(summary: str) -> None:
    item = payload()
    item["texts"][0]["summary_json"] = summary
    assert ("", "Слов: +2 −1") in view(item, "ru", None).lines


def test_hostile_text_of_the_source_is_shown_not_run() -> None:
    hostile = payload()
    hostile["texts"][0] |= {
        "heading": "<script>alert(1)</script>",
        "diff_html": '<p onclick="x()"><ins><img src=x onerror=y()>новое</ins><script>z()</script>'
        '<a href="javascript:q()">ссылка</a></p>',
    }
    (part,) = render_digest([hostile], ONE, Settings(), Limits())
    page = lxml_html.document_fromstring(part.html or "")
    assert not page.xpath("//script | //img | //*[@onclick]")
    assert all(link.startswith("https://") for link in page.xpath("//a/@href"))
    assert "<script>alert(1)</script>" in page.text_content()
    assert "Кибер & «ко» <b>" in page.text_content()


def test_a_redline_keeps_what_changed_and_a_little_around_it() -> None:
    far = "слово " * 200
    changed = f"<p>{far}<del>ста</del><ins>двухсот</ins> {far}</p><p>и эта</p><p><ins>новая</ins></p>"
    diff = f"<p>вся строка прежняя</p>{changed}"
    text = as_text(trimmed(read_redline(diff)))
    assert "[-ста-]{+двухсот+}" in text
    assert "{+новая+}" in text
    assert "вся строка прежняя" not in text
    assert len(text) < 400
    html = as_html(trimmed(read_redline(diff)))
    assert "<del style=" in html
    assert "<ins style=" in html


def test_a_line_that_only_moved_is_kept() -> None:
    assert "перемещено сюда" in as_text(trimmed(read_redline("<p>5) старое <i>(перемещено сюда)</i></p><p>x</p>")))


BITS = st.lists(
    st.tuples(st.sampled_from(["same", "ins", "del"]), st.text(alphabet="абв <&\"'1", min_size=1)), max_size=6
)


@given(st.lists(BITS, max_size=4))
@settings(max_examples=100, deadline=None)
def test_reading_a_redline_loses_no_word_and_changes_no_kind(blocks: list[list[tuple[str, str]]]) -> None:
    from html import escape

    tags = {"same": "{}", "ins": "<ins>{}</ins>", "del": "<del>{}</del>"}
    diff = "".join(
        "<p>" + "".join(tags[kind].format(escape(text)) for kind, text in block) + "</p>" for block in blocks
    )

    def squeezed(pairs: list[tuple[str, str]], kind: str) -> str:
        return re.sub(r"\s", "", "".join(text for each, text in pairs if each == kind))

    read = [(run.kind, run.text) for block in read_redline(diff) for run in block]
    written = [pair for block in blocks for pair in block]
    for kind in tags:
        assert squeezed(read, kind) == squeezed(written, kind)


@given(
    st.integers(1, 40),
    st.integers(900, 20_000),
    st.sampled_from([False, True]),
    st.integers(1, 4),
    st.integers(0, 3000),
)
@settings(max_examples=20, deadline=None)
def test_a_long_digest_is_split_to_the_limit_and_no_item_is_left_out(
    count: int, size: int, chat: bool, most: int, words: int
) -> None:
    items = [payload(str(100 + number)) for number in range(count)]
    for item in items:
        item["texts"][0]["diff_html"] = f"<p><ins>{'слово ' * words}</ins></p>"
    limits = Limits(size=max(size, 5500 if not chat else 1500), html=not chat, chat=chat, most_parts=most)
    parts = render_digest(items, ONE, Settings(site="https://law.example.org"), limits)
    told = [key for part in parts for item in part.items for key in item["keys"]]
    assert told == [key for item in items for key in item["keys"]]
    assert len(parts) <= most
    assert [(part.number, part.of) for part in parts] == [(at, len(parts)) for at in range(1, len(parts) + 1)]
    for part in parts:
        assert len(part.text.encode()) <= limits.size
        counted = re.findall(r"^и ещё (\d+): https", part.text, re.MULTILINE)
        assert part.text.count("/diff/") + sum(map(int, counted)) == len(part.items)


def test_a_list_too_long_for_the_last_message_is_counted_not_cut_off() -> None:
    items = [payload(str(number)) for number in range(1000, 1300)]
    parts = render_digest(
        items, ONE, Settings(site="https://law.example.org"), Limits(size=2000, chat=True, html=False, most_parts=2)
    )
    assert all(len(part.text.encode()) <= 2000 for part in parts)
    shown = sum(part.text.count("/diff/") for part in parts)
    rest = re.findall(r"^и ещё (\d+): https", parts[-1].text, re.MULTILINE)
    assert shown + int(rest[0]) == 300
    assert "https://law.example.org/changes" in parts[-1].text


def test_an_organisation_can_replace_a_template_and_keeps_the_others(tmp_path: Path) -> None:
    (tmp_path / "subject.txt.j2").write_text("[ЮРОТДЕЛ] {{ items | length }}: {{ subject }}\n", encoding="utf-8")
    (part,) = render_digest([payload()], ONE, Settings(templates=tmp_path), Limits())
    assert part.subject.startswith("[ЮРОТДЕЛ] 1: УК РК, ст. 205")
    assert "Редакция портала" in part.text


@pytest.mark.parametrize(
    "template",
    ["{{ items.__class__.__mro__ }}", "{{ ''.__class__.__bases__[0].__subclasses__() }}", "{{ nothing }}", "{% for %}"],
)
def test_a_template_cannot_leave_its_sandbox_and_a_broken_one_is_named(tmp_path: Path, template: str) -> None:
    (tmp_path / "digest.txt.j2").write_text(template, encoding="utf-8")
    with pytest.raises(RulesError, match=r"digest\.txt\.j2"):
        render_digest([payload()], ONE, Settings(templates=tmp_path), Limits())


def test_a_broken_template_holds_the_message_until_it_is_mended(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    broken = tmp_path / "own" / "digest.txt.j2"
    broken.write_text("{{ nothing }}", encoding="utf-8")
    channels = '[settings]\ntemplates = "own"\n[channels.out]\nkind = "stdout"\n'
    path = rules_file(tmp_path, rule(acts=[CODE], phases=["adopted"]), channels=channels)
    world = World()
    world.fetch("2025-07-01", "a")
    world.redaction("2023-03-07")

    def round_(day: str):
        out = io.StringIO()
        db = world.write(tmp_path / "lawdiff.db")
        return run(db, path, tmp_path / "alerts.db", clock=Clock(day), environ={}, stdout=out), out.getvalue()

    round_("2025-07-01")
    world.fetch("2025-07-20", "b")
    world.change("205", "2025-09-16")
    report, said = round_("2025-07-20")
    assert (report.ok, said) == (False, "")
    assert "digest.txt.j2" in report.errors[0]
    broken.unlink()
    report, said = round_("2025-07-20")
    assert report.sent == 1
    assert "ст. 205" in said


def test_a_part_survives_its_stay_in_the_state() -> None:
    (part,) = render_digest([payload()], ONE, Settings(), Limits())
    assert Part.from_json(part.to_json()) == part


def test_runs_are_told_apart_by_more_than_colour() -> None:
    html = as_html(((Run("ins", "новое"), Run("del", "старое")),))
    assert "underline" in html
    assert "line-through" in html


def test_the_end_of_an_outage_says_since_when_and_until_when() -> None:
    text = {**payload()["texts"][0], "op": "source_trouble", "heading": "", "diff_html": None, "words_added": 0}
    item = payload(
        kind="trouble", eid="", unit_kind="act", number=None, phases=["source_recovered"], outage="2025-07-02",
        redaction_date="2025-07-07", texts=[text], laws=[], in_force_from=None,
    )  # fmt: skip
    shown = view(item, "ru", None)
    assert shown.lines == (("снова проверяется", "Проверено 06.07.2025; не удавалось проверить с 02.07.2025"),)
    assert subject([item]) == "УК РК, весь акт: снова проверяется"


@pytest.mark.browser
def test_a_mail_as_it_arrived_is_readable_in_a_browser(tmp_path: Path) -> None:
    """Sent by SMTP, parsed, shown without any style sheet of ours; the picture is kept for a person to look at."""
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = Path("/usr/bin/chromium")
    if not chromium.exists():
        pytest.skip("no Chromium")
    world = World()
    with mail_server() as (box, port):
        channels = (
            f'[channels.out]\nkind = "smtp"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
            'from = "Law <law@example.org>"\nto = ["a@example.org"]\n'
        )
        path = rules_file(tmp_path, rule(acts=[CODE], title="Киберправонарушения"), channels=channels)
        for day, content in (("2025-07-01", "a"), ("2025-07-20", "b")):
            world.fetch(day, content)
            world.redaction("2023-03-07")
            if content == "b":
                world.change("115-1", "2025-09-16", force="2025-09-16", op="added", old="", new="Сталкинг " * 30)
                world.change("205", "2025-09-16", attribution="disputed", detail="сноска называет пункт 2")
            run(world.write(tmp_path / "l.db"), path, tmp_path / "a.db", clock=Clock(day), environ={})
    body = box.mails[0].get_body(("html",))
    assert body is not None
    page_file = tmp_path / "mail.html"
    page_file.write_text(body.get_content(), encoding="utf-8")
    ARTEFACTS.mkdir(exist_ok=True)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(chromium))
        for width in (760, 380):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.goto(page_file.as_uri())
            page.screenshot(path=ARTEFACTS / f"alert-mail-{width}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            added = page.locator("ins").first
            assert added.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"
            assert page.locator("del").first.evaluate("e => getComputedStyle(e).textDecorationLine") == "line-through"
            assert page.get_by_text("сноска называет пункт 2").is_visible()
            assert page.get_by_role("heading", level=2).count() == 2
        browser.close()


def test_the_reader_of_a_rule_may_read_another_language_than_the_text() -> None:
    (part,) = render_digest([payload()], replace(ONE, reader="en"), Settings(), Limits())
    assert "Russian text" in part.text
    assert "Only the official text has legal force" in part.text


def test_a_countdown_told_after_its_day_says_what_is_true() -> None:
    late = view(payload(phases=["T-7"], told_on="2025-10-01"), "ru", None)
    assert late.phases == ("вступило в силу",)
    assert view(payload(phases=["T-7"], told_on="2025-09-10"), "ru", None).phases[0].startswith("до вступления")


def test_lines_that_a_redline_leaves_out_are_no_change() -> None:
    diff = (
        "<p><i>… строк без изменений: 4 …</i></p><p>2) <del>повторно</del></p><p><i>… строк без изменений: 3 …</i></p>"
    )
    assert as_text(trimmed(read_redline(diff))) == "2) [-повторно-]"
