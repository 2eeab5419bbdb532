"""Findings → item payloads (what is kept in the state), and payloads → views (what templates show).

A payload is plain JSON with everything a message needs, so that rendering does not depend on the published database
of a later day. A view is the payload in a reader's language, with its redlines cut to a budget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from lawdiff.alerts.facts import ActInfo, Fact, FactKind, FactLaw, Phase, Texts
from lawdiff.alerts.find import Finding
from lawdiff.alerts.phases import days_of_effect, shown
from lawdiff.alerts.redline import as_html, as_text, read_redline, trimmed
from lawdiff.alerts.wording import day_words, phase_words, unit_words, word
from lawdiff.identifiers import official_url
from lawdiff.model import Lang
from lawdiff.sentences import summary_sentence
from lawdiff.site.addresses import act_url, article_url, diff_url

Payload = dict[str, Any]


def payload_of(
    finding: Finding, acts: Mapping[str, ActInfo], texts: Callable[[Fact], Texts | None], today: date
) -> Payload:
    """What one item is, as JSON: language-free facts, and one `text` per language in which it was found."""
    first = finding.facts[0]
    act = acts.get(first.act_id) or ActInfo(first.act_id, None, None, None, None, None)
    laws: dict[str, dict[str, FactLaw]] = {}
    for fact in finding.facts:
        for law in fact.laws:
            laws.setdefault(law.key, {})[fact.lang or Lang.RU] = law
    remarks = [*finding.remarks, *_remarks(finding.facts)]
    before = max((fact.old_from for fact in finding.facts if fact.old_from), default=None)
    in_force = min((day for fact in finding.facts for _, day in days_of_effect(fact.laws)), default=None)
    return {
        "kind": first.kind.value,
        "phases": [phase.value for phase in shown(finding.calls)],
        "keys": [row.key.text() for row in finding.rows],
        "act": {
            "id": act.id, "title_ru": act.title_ru, "title_kk": act.title_kk,
            "short_ru": act.short_ru, "short_kk": act.short_kk,
        },
        "eid": first.eid,
        "unit_kind": first.unit_kind,
        "number": first.number,
        "redaction_date": first.day.isoformat(),
        "previous_redaction": _iso(before),
        "in_force_from": _iso(in_force),
        "laws": [_law(by_lang) for by_lang in laws.values()],
        "remarks": [list(remark) for remark in dict.fromkeys(remarks)],
        "texts": [_text(fact, texts(fact) if fact.kind is FactKind.CHANGE else None) for fact in finding.facts],
        "outage": _iso(min((call.on for call in finding.calls if call.phase is Phase.SOURCE_RECOVERED), default=None)),
        "told_on": today.isoformat(),
    }  # fmt: skip


def _law(by_lang: Mapping[str, FactLaw]) -> Payload:
    """A law as the notes of either language name it: each gives its own words on entry into force."""
    law = by_lang.get(Lang.RU) or next(iter(by_lang.values()))
    kazakh = by_lang.get(Lang.KK)
    days = [one.in_force_from for one in (law, *by_lang.values()) if one.in_force_from]
    return {
        "id": law.id or None, "number": law.number, "adopted_on": _iso(law.adopted_on), "title_ru": law.title,
        "title_kk": law.title_kk, "url": law.url, "in_force_from": _iso(days[0] if days else None),
        "in_force_text": law.in_force_text, "in_force_text_kk": kazakh.in_force_text if kazakh else None,
    }  # fmt: skip


def _text(fact: Fact, texts: Texts | None) -> Payload:
    return {
        "lang": fact.lang.value if fact.lang else None, "op": fact.op, "weight": fact.weight, "heading": fact.heading,
        "path": fact.path, "words_added": fact.words_added, "words_removed": fact.words_removed, "change_id": fact.id,
        "attribution": fact.attribution or None, "note": fact.detail or None, "summary_json": fact.summary_json or None,
        "diff_html": texts.diff_html if texts else None,
        "official_url": official_url(
            fact.act_id, fact.lang or Lang.RU, _dated(fact), fact.anchor
        ),
    }  # fmt: skip


def _dated(fact: Fact) -> date | None:
    """The date in the official address; the portal does not serve its current redaction under a date (FORMAT §1)."""
    return fact.day if fact.kind is FactKind.CHANGE and not fact.current else None


def _remarks(facts: Iterable[Fact]) -> list[tuple[str, str]]:
    found = []
    for fact in facts:
        if fact.kind is not FactKind.CHANGE:
            continue
        if fact.attribution == "disputed":
            found.append(("disputed", fact.detail))
        elif fact.attribution == "diff_without_note" and fact.weight == "substantive" and fact.op != "silent_edit":
            found.append(("unattributed", ""))
        if fact.moved_from:
            found.append(("moved", fact.moved_from))
    return found


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@dataclass(frozen=True, slots=True)
class Redline:
    label: str
    html: Markup
    text: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item as a reader sees it: everything is text in the reader's language."""

    act: str
    act_title: str
    unit: str
    heading: str
    what: str
    phases: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    redlines: tuple[Redline, ...]
    links: tuple[tuple[str, str], ...]
    in_force_from: date | None
    payload: Payload

    @property
    def title(self) -> str:
        return f"{self.act}, {self.unit}"

    @property
    def permalink(self) -> str:
        return self.links[0][1]


def view(payload: Payload, lang: str, site: str | None, *, budget: int | None = None) -> ItemView:
    """The payload in the reader's language; `budget` limits each redline's characters, 0 leaves them out."""
    mine = sorted(payload["texts"], key=lambda text: text["lang"] != ("kk" if lang == "kk" else "ru"))
    act, first = payload["act"], mine[0]
    phases = _as_of(payload)
    short = (act["short_kk"] if lang == "kk" else act["short_ru"]) or act["short_ru"] or act["short_kk"]
    title = (act["title_kk"] if lang == "kk" else act["title_ru"]) or act["title_ru"] or act["title_kk"] or act["id"]
    links = [(word(lang, "compare"), site + _address(payload))] if site else []
    links.extend((f"{word(lang, 'official')} ({text['lang']})", text["official_url"]) for text in mine if text["lang"])
    today = date.fromisoformat(payload["told_on"])
    in_force = _date(payload["in_force_from"])
    return ItemView(
        act=short or title,
        act_title=title,
        unit=unit_words(lang, payload["unit_kind"], payload["number"], first["heading"]),
        heading=first["heading"],
        what=", ".join(dict.fromkeys(word(lang, f"op.{op}") for op in _ops(payload))),
        phases=tuple(phase_words(lang, phase) for phase in phases),
        lines=tuple(_lines(payload, first, lang, today)),
        remarks=tuple(_remark(lang, key, given) for key, given in payload["remarks"]),
        redlines=tuple(_redlines(mine, lang, budget)) if budget != 0 else (),
        links=tuple(dict.fromkeys(links)),
        in_force_from=in_force,
        payload=payload,
    )


def _as_of(payload: Payload) -> list[Phase]:
    """The phases to name: a countdown that is told after its day says what is true, that it took effect."""
    in_force = payload["in_force_from"]
    late = bool(in_force) and in_force <= payload["told_on"]
    named = [Phase(value) for value in payload["phases"]]
    return list(dict.fromkeys(Phase.IN_FORCE if late and phase in (Phase.T30, Phase.T7) else phase for phase in named))


def _ops(payload: Payload) -> list[str]:
    """What happened, in the order of the texts; trouble that is over is no trouble."""
    if payload["kind"] == FactKind.TROUBLE and Phase.SOURCE_TROUBLE not in payload["phases"]:
        return ["source_recovered"]
    return [text["op"] for text in payload["texts"]]


def _remark(lang: str, key: str, given: str) -> str:
    if key == "formerly" and given.startswith("art_"):
        given = unit_words(lang, "article", given.removeprefix("art_"), "")
    return word(lang, f"remark.{key}", value=given)


def _address(payload: Payload) -> str:
    act, eid, day = payload["act"]["id"], payload["eid"], payload["redaction_date"]
    if payload["kind"] == FactKind.TROUBLE or not eid:
        return act_url(act)
    if payload["kind"] == FactKind.ANNOUNCEMENT:
        return article_url(act, eid)
    before = payload["previous_redaction"]
    return diff_url(act, eid, before, day) if before and before != day else article_url(act, eid, day=day)


def _lines(payload: Payload, first: Payload, lang: str, today: date) -> Iterable[tuple[str, str]]:
    """The two dates, the laws, the extent: each a label and its text. What the source does not say is said to be
    unknown."""
    day = date.fromisoformat(payload["redaction_date"])
    if payload["kind"] == FactKind.TROUBLE and Phase.SOURCE_TROUBLE not in payload["phases"]:
        since = day_words(lang, date.fromisoformat(payload["outage"] or payload["redaction_date"]))
        checked = day_words(lang, day - timedelta(days=1))
        yield word(lang, "op.source_recovered"), word(lang, "checked", day=checked, since=since)
        return
    if payload["kind"] == FactKind.TROUBLE:
        yield (
            word(lang, "op.source_trouble"),
            word(lang, "unchecked", n=first["words_added"], day=day_words(lang, day), detail=first["note"] or "—"),
        )
        return
    for law in payload["laws"]:
        adopted = _date(law["adopted_on"])
        name = law["title_kk" if lang == "kk" else "title_ru"] or ""
        if adopted and law["number"]:
            said = word(lang, "law.of", day=day_words(lang, adopted), number=law["number"])
        elif law["id"] or law["number"]:
            said = law["number"] or law["id"]
        else:
            continue
        yield word(lang, "law"), f"{said}{f' «{name}»' if name else ''}"
    if not any(law["id"] or law["number"] for law in payload["laws"]):
        yield word(lang, "law"), word(lang, "law.unknown")
    key = "noted" if payload["kind"] == FactKind.ANNOUNCEMENT else "redaction"
    yield word(lang, key), day_words(lang, day)
    yield word(lang, "force"), _force(payload, lang, today)
    if payload["kind"] == FactKind.CHANGE:
        extent = word(lang, "words", added=first["words_added"], removed=first["words_removed"])
        sentence = _sentence(first["summary_json"], lang)
        yield (word(lang, "what"), f"{sentence}. {extent}") if sentence else ("", extent)
    elif first["note"]:
        yield "", first["note"]


def _sentence(summary_json: str | None, lang: str) -> str | None:
    """What changed, in words; None where the summary is of another release than the words for it (an item may wait
    long)."""
    try:
        return summary_sentence(summary_json, lang) if summary_json else None
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return None


def _force(payload: Payload, lang: str, today: date) -> str:
    days = sorted({law["in_force_from"] for law in payload["laws"] if law["in_force_from"]})
    phrases = list(filter(None, (_phrase(law, lang) for law in payload["laws"])))
    if not days:
        return word(lang, "force.unknown") + (f" («{phrases[0]}»)" if phrases else "")
    said = []
    for text in days:
        day = date.fromisoformat(text)
        ahead = f" ({word(lang, 'days_left', n=(day - today).days)})" if day > today else ""
        said.append(day_words(lang, day) + ahead)
    return ", ".join(said)


def _phrase(law: Payload, lang: str) -> str | None:
    """The source's words on entry into force, in the reader's language where it gives them in that."""
    kazakh = law.get("in_force_text_kk")  # an item of an earlier release, waiting in the outbox, has none
    first, second = (kazakh, law["in_force_text"]) if lang == "kk" else (law["in_force_text"], kazakh)
    return first or second


def _redlines(texts: Iterable[Payload], lang: str, budget: int | None) -> Iterable[Redline]:
    for text in texts:
        if not text["diff_html"]:
            continue
        whole = trimmed(read_redline(text["diff_html"]))
        blocks = trimmed(read_redline(text["diff_html"]), budget=budget)
        if blocks:
            html, plain_text = as_html(blocks), as_text(blocks)
            if blocks != whole:
                html += Markup('<p style="margin:0;color:#555555"><em>{}</em></p>').format(word(lang, "full"))
                plain_text += f"\n{word(lang, 'full')}"
            yield Redline(word(lang, f"text.{text['lang']}"), html, plain_text)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def subject_of(views: list[ItemView], lang: str, *, part: int = 1, of: int = 1) -> str:
    """One line: act, units, what, when. `УК РК, ст. 115-1: введение; вступает в силу 16.09.2025`.

    Source trouble is named only where there is nothing else.
    """
    told = [item for item in views if item.payload["kind"] != FactKind.TROUBLE] or views
    acts = list(dict.fromkeys(item.act for item in told))
    units = list(dict.fromkeys(item.unit for item in told))
    whats = list(dict.fromkeys(item.what for item in told))
    if len(told) == 1:
        said = f"{told[0].title}: {told[0].what}"
    elif len(acts) == 1:
        named = ", ".join(units[:4]) + (f" {word(lang, 'more', n=len(units) - 4)}" if len(units) > 4 else "")
        said = f"{acts[0]}: {named} — {', '.join(whats[:3])}"
    else:
        named = ", ".join(acts[:3]) + (f" {word(lang, 'more', n=len(acts) - 3)}" if len(acts) > 3 else "")
        said = f"{named} — {word(lang, 'changes', n=len(told))}"
    phases = {item.payload["phases"][0]: item.phases[0] for item in told if item.phases}
    if len(phases) == 1 and not set(phases) & {Phase.ADOPTED, Phase.SOURCE_TROUBLE, Phase.SOURCE_RECOVERED}:
        said += f" ({next(iter(phases.values()))})"
    if when := _when(told, lang):
        said += f"; {when}"
    if of > 1:
        said += f" [{word(lang, 'part', n=part, of=of)}]"
    return " ".join(said.split())


def _when(views: list[ItemView], lang: str) -> str:
    days = sorted({item.in_force_from for item in views if item.in_force_from})
    if not days:
        return ""
    if len(days) > 1:
        return word(lang, "from_several", day=day_words(lang, days[0]))
    ahead = days[0].isoformat() > views[0].payload["told_on"]
    return word(lang, "will_day" if ahead else "from_day", day=day_words(lang, days[0]))
