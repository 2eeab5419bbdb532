"""Clones of the kazakhstan-law mirror: the tests build such repositories themselves, with composed wording."""
# ruff: noqa: E501

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mirror_repository import FOLDER, KAZ, META, RUS, commit, git

from lawdiff.archive import Archive, verify
from lawdiff.build import build
from lawdiff.demo import serve_sample
from lawdiff.errors import LawdiffError
from lawdiff.gitmarkdown import bundle_page, front_matter, part_links, read_meta, to_portal_page
from lawdiff.identifiers import parse_date
from lawdiff.importgit import import_clone
from lawdiff.model import Lang
from lawdiff.parse import parse_page
from lawdiff.registry import load_registry

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "codes"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for day, fine in (("2014-07-03", "двухсот"), ("2018-07-12", "ста")):
        files = {"meta.yaml": META.format(day=day), "rus.md": RUS.format(fine=fine), "kaz.md": KAZ}
        commit(folder, {f"{FOLDER}/{name}": text for name, text in files.items()}, f"180-VI, {day}")
    commit(
        folder, {"01-const-laws/other-5/rus.md": "---\nact_code: '5'\nversion_date: 2020-01-01\n---\n\nТекст\n"}, "x"
    )
    return folder


def test_every_redaction_of_a_known_act_is_stored_once(clone: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    first = import_clone(clone, archive, {"81097": "K1400000226"}, now=NOW)
    # kaz.md did not change in 2018, but meta.yaml gives it a new date: a redaction without a change of text
    assert (first.stored, first.held, first.skipped) == (4, 0, (("5", 1),))
    again = import_clone(clone, archive, {"81097": "K1400000226"}, now=NOW)
    assert (again.stored, again.held) == (0, 4)
    assert verify(archive) == ()
    entry = next(entry for entry in Archive(archive).entries() if entry.lang is Lang.RU)
    assert entry.http_status is None and entry.url.startswith("urn:git:")
    meta, texts = bundle_page(Archive(archive).body(entry))
    assert (meta.act_code, meta.redaction_date) == ("81097", parse_date("2014-07-03"))
    assert texts == (RUS.format(fine="двухсот"),)


def test_the_mirror_text_is_read_by_the_same_parser(clone: Path, tmp_path: Path) -> None:
    meta = read_meta(__import__("yaml").safe_load(META.format(day="2018-07-12")), Lang.RU)
    assert meta is not None
    page = to_portal_page((RUS.format(fine="ста"),), meta, "K1400000226")
    redaction = parse_page(
        page, act_id="K1400000226", lang=Lang.RU, redaction_date=meta.redaction_date, is_current=False
    )
    article = next(unit for unit in redaction.units if unit.eid == "art_115")
    assert article.heading == "Статья 115. Угроза"
    assert article.text.split("\n") == [
        "1. Угроза человеку –", "карается штрафом в размере до ста месячных расчетных показателей.",
        "Примечание. Угрозой считается и намек.", "№\tСрок", "1\tгод", "2\tдва | три",
    ]  # fmt: skip
    assert article.notes_text.startswith("Сноска. Статья 115 с изменением, внесенным Законом РК")
    assert article.path == ("Глава 1. УГОЛОВНЫЕ ПРАВОНАРУШЕНИЯ ПРОТИВ ЛИЧНОСТИ",)


def test_normative_notes_stay_law_in_both_languages() -> None:
    meta = read_meta(__import__("yaml").safe_load(META.format(day="2018-07-12")), Lang.KK)
    assert meta is not None
    redaction = parse_page(
        to_portal_page((KAZ,), meta, "K1400000226"), act_id="K1400000226", lang=Lang.KK, redaction_date=None, is_current=True
    )  # fmt: skip
    article = next(unit for unit in redaction.units if unit.eid == "art_115")
    assert article.text.endswith("Ескерту. Ишара да қорқыту деп танылады.")
    assert article.notes == ()


def test_a_cut_act_is_its_parts_in_the_order_of_the_contents(tmp_path: Path) -> None:
    folder = tmp_path / "codes"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    act = "02-codes/x-81097"
    contents = "# КОДЕКС\n\n- [Глава 2](rus/ch002.md)\n- [Глава 1](rus/ch001.md)\n"
    commit(folder, {
        f"{act}/meta.yaml": META.format(day="2020-01-01"), f"{act}/rus.md": contents,
        f"{act}/rus/ch001.md": "↑ [Полный текст](../rus.md)\n\n## Глава 1. Первая\n\n### Статья 1. Один\n\nТекст один.\n",
        f"{act}/rus/ch002.md": "↑ [Полный текст](../rus.md)\n\n## Глава 2. Вторая\n\n### Статья 2. Два\n\nТекст два.\n",
    }, "cut")  # fmt: skip
    assert part_links(contents) == ("rus/ch002.md", "rus/ch001.md")
    import_clone(folder, tmp_path / "archive", {"81097": "K1400000226"}, now=NOW)
    entry = next(iter(Archive(tmp_path / "archive").entries()))
    meta, texts = bundle_page(Archive(tmp_path / "archive").body(entry))
    redaction = parse_page(
        to_portal_page(texts, meta, "K1400000226"), act_id="K1400000226", lang=Lang.RU, redaction_date=None, is_current=True
    )  # fmt: skip
    assert [unit.eid for unit in redaction.units if unit.eid.startswith("art")] == ["art_2", "art_1"]
    assert "Полный текст" not in "".join(unit.text for unit in redaction.units)


CODE_CONTENTS = """## {contents}

*{note}*

# {title}

> *{whole}*

*{first};*

{second}.

## Части документа

Документ разбит на части: целиком он слишком велик, чтобы его показать.
Каждая часть — это отдельный файл.

| Часть | Название |
|---|---|
| [`sec001`]({folder}/sec001.md) | РАЗДЕЛ 1 |
| [`sec002-ch007`](./{folder}/sec002-ch007.md) | Глава 7 |
"""


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (Lang.RU, {
            "contents": "ОГЛАВЛЕНИЕ", "title": "Уголовный кодекс (ОБРАЗЕЦ)", "folder": "rus",
            "note": "Сноска. Оглавление исключено Законом РК от 02.07.2021 № 63-VII (вводится в действие с 01.01.2022).",
            "whole": "Сноска. По всему тексту Кодекса:", "first": 'слова "сизый голубь" заменены словом "птица"',
            "second": "слова «голубятня», «голубятни» заменены соответственно словами «дом», «дома»",
        }),
        (Lang.KK, {
            "contents": "МАЗМҰНЫ", "title": "Қылмыстық кодекс (үлгі)", "folder": "kaz",
            "note": "Ескерту. Мазмұны алып тасталды – ҚР 02.07.2021 № 63-VII (01.01.2022 бастап қолданысқа енгізіледі) Заңымен.",
            "whole": "Ескерту. Кодекстің бүкіл мәтіні бойынша:", "first": '"көк кептер" деген сөздер "құс" деген сөзбен ауыстырылды',
            "second": "«кептерхана» деген сөз «үй» деген сөзбен ауыстырылды",
        }),
    ],
)  # fmt: skip
def test_the_contents_of_a_code_are_no_law_and_its_notes_on_the_whole_act_are_notes(
    lang: Lang, words: dict[str, str]
) -> None:
    """The layout of the administrative code of 2026: a table of parts in Russian in both languages, notes going on."""
    heading = {
        Lang.RU: ("## Глава 1. Голуби", "### Статья 1. Голубь"),
        Lang.KK: ("## 1-тарау. Кептерлер", "### 1-бап. Кептер"),
    }[lang]
    part = f'↑ [x](../{words["folder"]}.md)\n\n{heading[0]}\n\n<a id="st1"></a>\n\n{heading[1]}\n\n1\\. Құс.\n'
    meta = read_meta(__import__("yaml").safe_load(META.format(day="2026-07-01")), lang)
    assert meta is not None
    contents = CODE_CONTENTS.format(**words)
    assert len(part_links(contents)) == 2
    redaction = parse_page(
        to_portal_page((contents, part), meta, "K1400000226"), act_id="K1400000226", lang=lang, redaction_date=None,
        is_current=True,
    )  # fmt: skip
    assert [unit.eid for unit in redaction.units] == ["chp_1", "art_1"]
    assert redaction.units[1].text == "1. Құс."
    said = " ".join(note.text for note in redaction.act_notes)
    assert all(words[name] in said for name in ("note", "whole", "first", "second"))
    assert "разбит" not in said


def test_front_matter_of_older_files_serves_as_metadata() -> None:
    text = "---\nact_code: '1'\nversion_date: 2026-03-15\ntitle: Конституция\n---\n\n# КОНСТИТУЦИЯ\n"
    front, rest = front_matter(text)
    assert front is not None and rest.startswith("\n# КОНСТИТУЦИЯ")
    meta = read_meta(__import__("yaml").safe_load(front), Lang.RU)
    assert meta is not None and (meta.act_code, meta.title) == ("1", "Конституция")


def test_the_layout_without_meta_yaml_tells_code_and_date_by_its_source(tmp_path: Path) -> None:
    folder = tmp_path / "codes"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    act = "02-codes/20140703-ugolovnyi-kodeks-81097"
    for day, text in (("03.07.2014", "Голубь есть птица."), ("12.07.2018", "Голубь есть друг.")):
        source = f"---\nsource: https://zan.gov.kz/client/#!/doc/81097/rus/{day}\n---\n\n"
        commit(folder, {f"{act}/rus.md": f"{source}# О голубях\n\n**Статья 1. Голубь**\n\n{text}\n"}, day)
    done = import_clone(folder, tmp_path / "archive", {"81097": "K1400000226"}, now=NOW)
    assert (done.stored, done.skipped) == (2, ())
    pages = [
        bundle_page(Archive(tmp_path / "archive").body(entry)) for entry in Archive(tmp_path / "archive").entries()
    ]
    assert [(meta.redaction_date.isoformat(), meta.title) for meta, _ in pages] == [
        ("2014-07-03", "О голубях"), ("2018-07-12", "О голубях"),
    ]  # fmt: skip
    redaction = parse_page(
        to_portal_page(pages[1][1], pages[1][0], "K1400000226"), act_id="K1400000226", lang=Lang.RU, redaction_date=None,
        is_current=True,
    )  # fmt: skip
    assert [(unit.eid, unit.text) for unit in redaction.units] == [("art_1", "Голубь есть друг.")]


def test_an_act_that_is_not_wanted_stops_nothing_whatever_is_wrong_with_it(clone: Path, tmp_path: Path) -> None:
    front = "---\nsource: https://zan.gov.kz/client/#!/doc/7/rus\n---\n"
    commit(clone, {"01-const-laws/undated-7/rus.md": f"{front}\n# О кошках\n"}, "x")
    done = import_clone(clone, tmp_path / "archive", {"81097": "K1400000226"}, now=NOW)
    assert (done.stored, done.skipped) == (4, (("5", 1), ("7", 1)))


def test_a_redaction_without_a_date_anywhere_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "codes"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    front = "---\nsource: https://zan.gov.kz/client/#!/doc/81097/rus\n---\n"
    commit(folder, {"02-codes/x-81097/rus.md": f"{front}\n# О голубях\n"}, "x")
    with pytest.raises(LawdiffError, match="states no redaction date for act code 81097"):
        import_clone(folder, tmp_path / "archive", {"81097": "K1400000226"}, now=NOW)


def test_a_folder_that_is_no_clone_gets_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LawdiffError, match="git repository"):
        import_clone(tmp_path, tmp_path / "archive", {"1": "K1400000226"}, now=NOW)


def test_the_build_fills_gaps_from_the_mirror_and_lists_differences(tmp_path: Path) -> None:
    """The portal's pages count; a redaction that only the mirror holds joins the history with its source named."""
    archive, db = tmp_path / "archive", tmp_path / "l.db"
    with serve_sample() as base:
        command = [sys.executable, "-m", "lawdiff", "crawl", "K1400000226", "--base-url", base, "--delay", "0",
                   "--archive", str(archive), "--lang", "ru"]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
    folder = tmp_path / "codes"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    name = f"{FOLDER}/rus.md"
    commit(folder, {f"{FOLDER}/meta.yaml": META.format(day="2013-01-01"), name: RUS.format(fine="ста")}, "earlier")
    commit(folder, {f"{FOLDER}/meta.yaml": META.format(day="2014-11-07"), name: RUS.format(fine="пятисот")}, "both")
    import_clone(folder, archive, {"81097": "K1400000226"}, now=NOW)
    report = build(archive, db, load_registry())
    assert report.ok
    conn = sqlite3.connect(db)
    rows = conn.execute("SELECT redaction_date, source, date_basis FROM redactions ORDER BY 1 LIMIT 2").fetchall()
    assert rows == [("2013-01-01", "mirror", "mirror"), ("2014-11-07", "adilet", "url")]
    differences = conn.execute("SELECT article_id, detail FROM issues WHERE kind = 'source_difference'").fetchall()
    assert ("K1400000226/art_115", "2014-11-07: the text of art_115 differs, first in paragraph 1") in differences
    text = conn.execute(
        "SELECT text FROM article_versions WHERE article_id = 'K1400000226/art_115' AND valid_from = '2014-11-07'"
    ).fetchone()[0]
    assert "пятисот" not in text


REAL_FOLDER = "02-codes/2014/0703-ugolovnyi-kodeks-respubliki-kazakhstan-81097"
REAL_META = """act_code: '81097'
requisite: Кодекс Республики Казахстан от 3 июля 2014 года № 226-V ЗРК
title:
  rus: Уголовный кодекс (ОБРАЗЕЦ)
  kaz: Қылмыстық кодекс (ҮЛГІ)
form: КОД
approved_on: 2014-07-03
version_date:
  kaz: {day}
  rus: {day}
source:
  kaz: https://zan.gov.kz/client/#!/doc/81097/kaz/{dotted}
  rus: https://zan.gov.kz/client/#!/doc/81097/rus/{dotted}
caused_by:
  code: '121'
  requisite: Закон Республики Казахстан от 12 июля 2018 года № 180-VI
"""
REAL_CONTENTS = {
    "rus": "## ОГЛАВЛЕНИЕ\n\nГлава 1. ПТИЦЫ\n\nСтатья 1. Голубь\n\nСтатья 2. Зерно\n\n# Уголовный кодекс (ОБРАЗЕЦ)\n\n"
    "## Части документа\n\nДокумент разбит на части.\n\n| Часть | Название |\n|---|---|\n| [`ch001`](rus/ch001.md) | ПТИЦЫ |\n"
    "| [`ch002`](rus/ch002.md) | ЗЕРНО |\n",
    "kaz": "## МАЗМҰНЫ\n\n1-тарау. ҚҰСТАР\n\n1-бап. Көгершін\n\n2-бап. Дән\n\n# Қылмыстық кодекс (ҮЛГІ)\n\n"
    "## Части документа\n\nДокумент разбит на части.\n\n| Часть | Название |\n|---|---|\n| [`ch001`](kaz/ch001.md) | ҚҰСТАР |\n"
    "| [`ch002`](kaz/ch002.md) | ДӘН |\n",
}  # fmt: skip
REAL_PARTS = {
    "rus/ch001.md": "↑ [Вся редакция](../rus.md)\n\n## Глава 1. ПТИЦЫ\n\n<a id=\"st1\"></a>\n\n### Статья 1. Голубь\n\n"
    "1. Испуг голубя –\n\n   наказывается арестом на срок до {ru}.\n{note_ru}",
    "rus/ch002.md": "↑ [Вся редакция](../rus.md)\n\n## Глава 2. ЗЕРНО\n\n<a id=\"st2\"></a>\n\n**Статья 2. Зерно**\n\nЗерно дается утром.\n",
    "kaz/ch001.md": "↑ [Редакцияның толық мәтіні](../kaz.md)\n\n## 1-тарау. ҚҰСТАР\n\n<a id=\"st1\"></a>\n\n### 1-бап. Көгершін\n\n"
    "1. Көгершінді үркіту –\n\n   {kk} дейінгі мерзімге қамаққа алуға жазаланады.\n{note_kk}",
    "kaz/ch002.md": "↑ [Редакцияның толық мәтіні](../kaz.md)\n\n## 2-тарау. ДӘН\n\n<a id=\"st2\"></a>\n\n**2-бап. Дән**\n\nДән таңертең беріледі.\n",
}  # fmt: skip
NOTES = (
    "\n> *Сноска. Статья 1 с изменением, внесенным Законом РК от 12.07.2018 № 180-VI (вводится в действие с 01.08.2018).*\n",
    "\n> *Ескерту. 1-бапқа өзгеріс енгізілді - ҚР 12.07.2018 № 180-VI (01.08.2018 бастап қолданысқа енгізіледі) Заңымен.*\n",
)


def test_past_redactions_need_no_crawl(tmp_path: Path) -> None:
    """The layout of the mirror's present build, both languages, cut; two redactions, then the act is removed (repealed)."""
    folder, archive, db = tmp_path / "codes", tmp_path / "archive", tmp_path / "l.db"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    steps = (
        ("2014-07-03", "сорока суток", "қырық тәулікке", "", ""),
        ("2018-08-01", "десяти суток", "он тәулікке", *NOTES),
    )
    for day, ru, kk, note_ru, note_kk in steps:
        files = {"meta.yaml": REAL_META.format(day=day, dotted=".".join(reversed(day.split("-"))))}
        files |= {f"{lang}.md": text for lang, text in REAL_CONTENTS.items()}
        files |= {
            name: text.format(ru=ru, kk=kk, note_ru=note_ru, note_kk=note_kk) for name, text in REAL_PARTS.items()
        }
        commit(folder, {f"{REAL_FOLDER}/{name}": text for name, text in files.items()}, day)
    git(folder, "rm", "-rq", REAL_FOLDER)
    git(folder, "commit", "-q", "-m", "repealed")
    done = import_clone(folder, archive, {"81097": "K1400000226"}, now=NOW)
    assert (done.stored, done.skipped) == (4, ())
    assert build(archive, db, load_registry()).ok
    conn = sqlite3.connect(db)
    assert conn.execute("SELECT DISTINCT source, date_basis, article_count FROM redactions").fetchall() == [
        ("mirror", "mirror", 2)
    ]
    versions = conn.execute(
        "SELECT article_id, lang, valid_from, valid_to FROM article_versions WHERE heading <> '' AND text <> '' ORDER BY id"
    ).fetchall()
    one, two = "K1400000226/art_1", "K1400000226/art_2"
    assert versions == [
        (one, "kk", "2014-07-03", "2018-08-01"), (one, "kk", "2018-08-01", None),
        (one, "ru", "2014-07-03", "2018-08-01"), (one, "ru", "2018-08-01", None),
        (two, "kk", "2014-07-03", None), (two, "ru", "2014-07-03", None),
    ]  # fmt: skip
    changes = conn.execute(
        "SELECT c.lang, c.redaction_date, c.op, l.number, c.in_force_from, c.attribution FROM changes c"
        " JOIN amending_acts l ON l.id = c.amending_act_id ORDER BY c.lang"
    ).fetchall()
    assert changes == [
        (lang, "2018-08-01", "amended", "180-VI", "2018-08-01", "corroborated") for lang in ("kk", "ru")
    ]  # fmt: skip
    verdicts = conn.execute("SELECT lang, verdict FROM sanction_verdicts WHERE version_id LIKE '%/2' ORDER BY lang")
    assert verdicts.fetchall() == [("kk", "milder"), ("ru", "milder")]
    assert conn.execute("SELECT kind, place FROM divergences").fetchall() == []
    assert conn.execute("SELECT kind, detail FROM issues").fetchall() == []


def test_the_command_says_which_acts_it_left_out(clone: Path, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "lawdiff", "import-git", str(clone), "--map", "81097=K1400000226", "--json",
         "--archive", str(tmp_path / "archive")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(run.stdout) == {"stored": 4, "held": 0, "skipped": {"5": 1}}
    assert "Next: lawdiff build" in run.stderr
    wrong = subprocess.run(
        [sys.executable, "-m", "lawdiff", "import-git", str(clone), "--map", "x=K1"], capture_output=True, text=True
    )
    assert wrong.returncode == 2 and "81097=K1400000226" in wrong.stderr
