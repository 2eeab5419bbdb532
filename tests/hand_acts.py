"""Small acts made by hand for the tests of the store: invented wording, no parser and no fold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lawdiff.identifiers import article_eid
from lawdiff.model import (
    ActHeader,
    ArticleVersion,
    Change,
    History,
    Lang,
    Line,
    LineKind,
    Note,
    State,
    Unit,
    UnitKind,
)
from lawdiff.store.rows import ActRecords
from lawdiff.text import sha256_text

DAY = date(2020, 1, 1)


def version(
    act_id: str,
    number: str,
    lang: Lang,
    version_no: int,
    heading: str,
    text: str,
    *,
    since: date = DAY,
    until: date | None = None,
    state: State = State.IN_FORCE,
    notes: tuple[Note, ...] = (),
) -> ArticleVersion:
    lines = tuple(
        Line(f"para_{place}", LineKind.PARA, line) for place, line in enumerate(text.split("\n") if text else (), 1)
    )
    unit = Unit(article_eid(number), UnitKind.ARTICLE, number, heading, (), (), lines, notes, state)
    return ArticleVersion(act_id, unit.eid, lang, version_no, unit, state, sha256_text(text), since, until, since, None)


def records(
    act_id: str, versions: Iterable[ArticleVersion], changes: Iterable[Change] = (), number: str | None = None
) -> ActRecords:
    held = list(versions)
    made = list(changes)
    histories = {}
    for lang in Lang:
        own = tuple(one for one in held if one.lang is lang)
        if own:
            days = sorted({one.valid_from for one in own})
            histories[lang] = History(
                act_id,
                lang,
                own,
                tuple(change for change in made if change.lang is lang),
                tuple((day, day == days[-1], None, len(own)) for day in days),
            )
    headers = {lang: ActHeader(act_id, lang, f"{act_id} {lang}", "", "upd", None, number) for lang in histories}
    order = list(dict.fromkeys(one.eid for one in held))
    return ActRecords(act_id, histories, {}, headers, order)
