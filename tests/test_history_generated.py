"""An invented code in the site's markup (benchmarks/generate.py): exactly what was done to it comes out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from benchmarks.generate import Code, Page
from lawdiff.attribution import attribute
from lawdiff.history import Folder
from lawdiff.model import Attribution, History, Lang, Op
from lawdiff.parse import ChunkCache, parse_page

CODE = Code(articles=40, redactions=24, seed=11)


def fold_pages(pages: Iterator[Page], lang: Lang) -> History:
    folder, cache = Folder(CODE.act_id, lang), ChunkCache()
    for page in pages:
        folder.step(
            parse_page(
                page.body, act_id=CODE.act_id, lang=lang, redaction_date=page.day, is_current=page.is_current,
                cache=cache,
            )
        )  # fmt: skip
    return folder.finish()


@cache
def history(lang: Lang) -> History:
    return fold_pages(CODE.pages(lang), lang)


@pytest.mark.parametrize("lang", Lang)
def test_what_was_done_to_the_code_comes_out_and_nothing_else(lang: Lang) -> None:
    """The markup switches twice on the way and the anchors are numbered anew: no change of law."""
    found: dict[str, dict[str, str]] = {day.isoformat(): {} for day in CODE.days}
    for one in history(lang).changes:
        found[one.redaction_date.isoformat()][one.eid] = str(one.op)
    assert found == CODE.truth(lang)
    assert history(lang).issues == ()


def test_both_languages_went_the_same_way() -> None:
    assert CODE.truth(Lang.RU) == CODE.truth(Lang.KK)
    assert {"added", "amended", "excluded", "restored", "note_only"} <= {
        op for changes in CODE.truth().values() for op in changes.values()
    }


@pytest.mark.parametrize("lang", Lang)
def test_every_step_has_its_one_law(lang: Lang) -> None:
    result = attribute({lang: history(lang)}, {})
    law_of = {day: CODE.law(at).act_id for at, day in enumerate(CODE.days)}
    assert {one.amending_act == law_of[one.redaction_date] for one in result.histories[lang].changes} == {True}
    noted = {one.attribution for one in result.histories[lang].changes if one.op is Op.NOTE_ONLY}
    amended = {one.attribution for one in result.histories[lang].changes if one.op is not Op.NOTE_ONLY}
    assert (noted, amended) == ({Attribution.NOTE_WITHOUT_DIFF}, {Attribution.CORROBORATED})


def test_the_generator_gives_the_same_bytes_each_time() -> None:
    first = [page.body for page in Code(10, 4).pages(Lang.KK)]
    assert first == [page.body for page in Code(10, 4).pages(Lang.KK)]
    assert first != [page.body for page in Code(10, 4, seed=8).pages(Lang.KK)]
