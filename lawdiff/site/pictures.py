"""Timelines as inline SVG: when an article or an act changed, and how much. Classes carry the colours, no attributes.

A picture repeats what the list beside it says, so its label sums it up and the list is what a screen reader gets.
"""

from __future__ import annotations

from datetime import date
from math import sqrt

from markupsafe import Markup, escape

WIDTH, NARROW, MARGIN = 720, 330, 4


def _place(day: str, first: date, last: date, width: int = WIDTH) -> float:
    span = max((last - first).days, 1)
    return MARGIN + (width - 2 * MARGIN) * (date.fromisoformat(day) - first).days / span


def _axis(first: date, last: date, base: int, width: int = WIDTH) -> list[str]:
    """A base line with a mark for the first of January of every year, labelled as room allows."""
    years = range(first.year + 1, last.year + 1)
    room = width // 52
    every = next(step for step in (1, 2, 5, 10, 25, 50, 100) if len(years) <= room * step or step == 100)
    found = [f'<line class="axis" x1="{MARGIN}" y1="{base}" x2="{width - MARGIN}" y2="{base}"/>']
    for year in years:
        x = _place(f"{year}-01-01", first, last, width)
        found.append(f'<line class="tick" x1="{x:.1f}" y1="{base}" x2="{x:.1f}" y2="{base + 4}"/>')
        if year % every == 0:
            found.append(f'<text class="year" x="{x:.1f}" y="{base + 17}" text-anchor="middle">{year}</text>')
    return found


def _svg(height: int, label: str, parts: list[str], width: int = WIDTH) -> Markup:
    body = "".join(parts)
    return Markup(  # noqa: S704 - numbers, constants and escaped text only
        f'<svg class="timeline" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">{body}</svg>'
    )


def act_timeline(bars: list[tuple[str, int, str]], *, today: str, label: str, chosen: str | None = None) -> Markup:
    """Redactions of an act: a bar for each (date, articles changed, title); its area of ink grows with the number."""
    if not bars:
        return Markup("")
    first, last = date.fromisoformat(bars[0][0]), max(date.fromisoformat(today), date.fromisoformat(bars[-1][0]))
    base, most = 84, max(1, *(count for _, count, _ in bars))
    parts = _axis(first, last, base)
    for day, count, title in bars:
        x, tall = _place(day, first, last), 4 + 70 * sqrt(count / most) if count else 4
        mark = " chosen" if day == chosen else ""
        parts.append(
            f'<g class="bar{mark}"><title>{escape(title)}</title>'
            f'<rect x="{x - 3:.1f}" y="{base - tall:.1f}" width="6" height="{tall:.1f}" rx="2"/></g>'
        )
    return _svg(108, label, parts)


MARKS = {  # how a change is drawn: shapes differ, so that colour is not all
    "tougher": "M{x} {top} l5 8 h-10 z",
    "milder": "M{x} {bottom} l5 -8 h-10 z",
    "mixed": "M{x} {top} l5 5 l-5 5 l-5 -5 z",
}


def offence_strip(
    spans: list[tuple[str, str | None, str]],
    marks: list[tuple[str, str, str]],
    *,
    first: str,
    today: str,
    label: str,
    chosen: str | None = None,
) -> Markup:
    """One article's texts as bars (from, to, state) on the time axis of its topic, and its changes as marks (day, what,
    title): a triangle up or down for a tougher or milder sanction, a diamond for both, a circle for the rest."""
    begin = date.fromisoformat(first)
    last = (
        max(date.fromisoformat(today), *(date.fromisoformat(day) for day, _, _ in marks), begin)
        if marks
        else max(date.fromisoformat(today), begin)
    )
    parts = _axis(begin, last, 24, NARROW)
    for index, (start, end, state) in enumerate(spans):
        x = _place(start, begin, last, NARROW)
        x2 = _place(end, begin, last, NARROW) if end else NARROW - MARGIN
        shade = "gone" if state == "excluded" else "waiting" if state in {"deferred", "suspended"} else f"v{index % 2}"
        on = " chosen" if chosen and start <= chosen and (end is None or chosen < end) else ""
        bar = f'<rect x="{x:.1f}" y="10" width="{max(x2 - x - 1, 2):.1f}" height="8" rx="2"/>'
        parts.append(f'<g class="span {shade}{on}">{bar}</g>')
    for day, what, title in marks:
        x = _place(day, begin, last, NARROW)
        shape = MARKS.get(what)
        drawn = (
            f'<path d="{shape.format(x=f"{x:.1f}", top=8, bottom=20)}"/>'
            if shape
            else f'<circle cx="{x:.1f}" cy="14" r="4"/>'
        )
        parts.append(f'<g class="mark m-{what}"><title>{escape(title)}</title>{drawn}</g>')
    return _svg(46, label, parts, NARROW)


def article_timeline(
    lanes: list[tuple[str, list[tuple[str, str | None, str, str]]]],
    *,
    first: str,
    today: str,
    label: str,
    chosen: str | None = None,
) -> Markup:
    """Lives of an article's texts: per language (name, [(from, to, state, title)]) a lane with a bar for each text."""
    begin = date.fromisoformat(first)
    ends = [day for _, spans in lanes for start, end, _, _ in spans for day in (start, end) if day]
    last = max([date.fromisoformat(today), *map(date.fromisoformat, ends)])
    base = 14 + 24 * len(lanes)
    parts = _axis(begin, last, base, NARROW)
    for row, (name, spans) in enumerate(lanes):
        y = 8 + 24 * row
        for index, (start, end, state, title) in enumerate(spans):
            x = _place(start, begin, last, NARROW)
            x2 = _place(end, begin, last, NARROW) if end else NARROW - MARGIN
            shade = (
                "gone" if state == "excluded" else "waiting" if state in {"deferred", "suspended"} else f"v{index % 2}"
            )
            mark = " chosen" if chosen and start <= chosen and (end is None or chosen < end) else ""
            parts.append(
                f'<g class="span {shade}{mark}"><title>{escape(title)}</title>'
                f'<rect x="{x:.1f}" y="{y}" width="{max(x2 - x - 1, 2):.1f}" height="14" rx="3"/></g>'
            )
        covered = any(start <= first for start, _, _, _ in spans)
        parts.append(
            f'<text class="lane{"" if covered else " bare"}" x="{MARGIN + 4}" y="{y + 11}">{escape(name)}</text>'
        )
    return _svg(base + 24, label, parts, NARROW)
