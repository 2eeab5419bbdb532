"""Names of units, acts and laws as people say them, in the language of the interface or of the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from lawdiff.identifiers import ACT_ID
from lawdiff.render import summary_sentence
from lawdiff.site.catalogue import Interface

Row = dict[str, Any]
_LINE_EID = re.compile(r"(?P<kind>[a-z]+)_(?P<number>[0-9A-Za-z-]+)")


def unit_label(row: Row, t: Interface) -> str:
    """«Статья 115-1», «115-1-бап», “Article 115-1”; a heading by its own words, whatever has no number by its kind."""
    kind, number = row.get("kind"), row.get("number")
    if kind == "heading":
        return t.pick(row, "heading") or str(row.get("eid"))
    key = f"unit.{kind}"
    if kind is None or not t.has(key):
        return str(row.get("eid") or "")
    return t(key, n=number) if number else t(f"{key}_bare")


def unit_name(row: Row, t: Interface) -> str:
    """The title of a unit without its number: «Сталкинг»; empty where the heading is only a number."""
    heading = t.pick(row, "heading") or ""
    if row.get("kind") != "article":
        return heading if row.get("kind") != "heading" else ""
    return strip_number(heading)


def strip_number(heading: str) -> str:
    """`Статья 115-1. Сталкинг` and `115-1-бап. Сталкинг` → `Сталкинг`."""
    return re.sub(
        r"^\s*(?:[СC]татья\s+[\d\s–—¹²³⁰⁴-⁹-]+\.?|[\d–—-]+\s*-?\s*бап\.?)\s*", "", heading, count=1, flags=re.IGNORECASE
    )


def act_label(row: Row, t: Interface) -> str:
    """The short name of an act («УК РК»), else its title, else its id. Reads short_*, title_*, act_title_*."""
    return (
        t.pick(row, "short") or t.pick(row, "title") or t.pick(row, "act_title") or str(row.get("act_id") or row["id"])
    )


def act_mark(row: Row, t: Interface) -> Markup:
    """`act_label` with its language where that is not the interface's, for screen readers."""
    label = act_label(row, t)
    lang = next((t.pick_lang(row, name) for name in ("short", "title", "act_title") if t.pick(row, name)), t.lang)
    return Markup('<span lang="{}">{}</span>').format(lang, label) if lang != t.lang else escape(label)


def act_title(row: Row, t: Interface) -> str:
    return t.pick(row, "title") or t.pick(row, "act_title") or str(row.get("act_id") or row["id"])


def law_label(row: Row, t: Interface) -> str:
    """«Закон № 210-VIII от 16.07.2025» from law_number and law_adopted_on; empty without a law."""
    number, adopted = row.get("law_number") or row.get("number"), row.get("law_adopted_on") or row.get("adopted_on")
    law_id = row.get("amending_act_id") or row.get("law_id") or row.get("id")
    if not number and not adopted:
        return str(law_id or "")
    if not adopted:
        return t("law.named", number=number)
    if not number:
        return t("law.dated", date=t.short(adopted))
    return t("law.label", number=number, date=t.short(adopted))


def line_label(eid: str, t: Interface) -> str:
    """«часть 1, пункт 2» for `part_1__point_2`, «прежняя часть 2» for `-part_2`; else the eid itself."""
    if eid.startswith("-"):  # a part that is gone, whose number another one took
        return t("line.former", label=line_label(eid[1:], t))
    words: list[str] = []
    for step in eid.split("__"):
        match = _LINE_EID.fullmatch(step)
        if not match or not t.has(f"line.{match['kind']}"):
            return eid
        words.append(t(f"line.{match['kind']}", n=match["number"]))
    return ", ".join(words)


def place_label(eid: str, t: Interface) -> str:
    """Where something stands in an act: «статья 205, часть 2» for `art_205__part_2`, «заголовок, статья 205» for
    `heading__art_205`, «примечания» for `notes`; else the eid itself."""
    words: list[str] = []
    for step in eid.split("__"):
        kind, _, number = step.partition("_")
        key = f"place.{kind}" if t.has(f"place.{kind}") else f"line.{kind}"
        if not t.has(key) or ("{n}" in t(key)) != bool(number):
            return eid
        words.append(t(key, n=number) if number else t(key))
    return ", ".join(words)


# What `lawdiff.attribution` remarks, in English, one remark after the other → the text of the catalogue that says it.
_REMARKS = (
    ("promised", re.compile(r"the note before named the law and put its entry into force off")),
    ("above", re.compile(r"the note on (?P<unit>\S+) says so")),
    ("wide", re.compile(r"an act-wide replacement explains every word that changed")),
    ("gone", re.compile(r"the note that announced this change is gone from the page")),
    ("spared", re.compile(r"the note says that this language's text is not changed")),
    ("heading", re.compile(r"the heading differs too, and no claim names it")),
    ("unseen", re.compile(r"not seen in the diff: (?P<law>\S+) (?P<action>[a-z_]+) (?P<unit>unit not named|[^\s;]+)")),
    ("languages", re.compile(r"(?P<one>ru|kk) names (?P<here>[^;]+); (?P<other>ru|kk) names (?P<there>[^;]+)")),
    ("twin", re.compile(r"no note here; (?P<one>ru|kk) names (?P<law>\S+) for its own change")),
)


_UNREAD = "could not read: "


def attribution_details(change: Row, t: Interface, laws: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Why a change has its verdict: (sentence, its language). What is no remark of ours is an extract of the note.

    laws: names of laws by id, as people say them.
    """
    detail = (change.get("attribution_detail") or "").strip()
    found: list[tuple[str, str]] = []
    if detail.startswith(_UNREAD):
        found, detail = [(t("remark.unread"), t.lang)], detail.removeprefix(_UNREAD)
    at = 0
    while at < len(detail):
        key, match = next(
            ((key, match) for key, pattern in _REMARKS if (match := pattern.match(detail, at))), (None, None)
        )
        if match is None:
            found.append((detail[at:], str(change["lang"])))
            break
        values = {name: _remarked(name, value or "", t, laws or {}) for name, value in match.groupdict().items()}
        found.append((t(f"remark.{key}", **values), t.lang))
        at = match.end() + (2 if detail.startswith("; ", match.end()) else 0)
        if at == match.end() and at < len(detail):
            return [(detail, str(change["lang"]))]
    return found


def laws_remarked(change: Row) -> list[str]:
    """Ids of the laws that the remarks on a change name."""
    detail = (change.get("attribution_detail") or "").strip()
    if detail.startswith(_UNREAD):
        return []
    return [word for word in re.findall(r"[\w-]+", detail) if ACT_ID.fullmatch(word)]


def _remarked(name: str, value: str, t: Interface, laws: Mapping[str, str]) -> str:
    if name == "action":
        return t.word("action", value)
    if value == "unit not named":
        return t("remark.no_unit")
    if name in ("one", "other"):
        return t(f"lang.in_{value}")
    if name in ("law", "here", "there"):
        return ", ".join(laws.get(law, law) for law in value.split(", "))
    return place_label(value, t) if name == "unit" else value


def change_summary(change: Row, t: Interface) -> str:
    """What a change did, in words of the reader's language; empty where the op says it all («добавлено»)."""
    sentence = summary_sentence(change["summary_json"], t.lang)
    return sentence if " " in sentence.strip() else ""


def citation(row: Row, t: Interface, *, redaction: str | None, url: str) -> str:
    """What a lawyer pastes: unit, act, redaction, address. redaction: the date of one that there is, or None."""
    number, adopted = row.get("act_number"), row.get("act_adopted_on")
    act = act_title(row, t)
    requisites = t("cite.requisites", number=number, date=t.short(adopted)) if number and adopted else ""
    return t(
        "cite.line", unit=unit_label(row, t), act=act, requisites=requisites,
        redaction=t("cite.redaction", date=t.short(redaction)) if redaction else "", url=url,
    )  # fmt: skip
