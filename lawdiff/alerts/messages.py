"""Payloads → message parts: subject, plain text and HTML by Jinja templates, split to a channel's limit.

Templates are found first in the folder of the `templates` setting, then among those that ship; they run in a sandbox,
HTML escapes by itself. A digest that is too long for one message is split between items; an item that is too long alone
has its redline cut, with the link to the whole; beyond `most_parts` the rest is listed with links. Nothing is left
out without a line that says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from lawdiff.alerts.digest import ItemView, Payload, subject_of, view
from lawdiff.alerts.redline import DEL, INS
from lawdiff.alerts.rules import Rule, RulesError, Settings
from lawdiff.alerts.wording import word

SHIPPED = Path(__file__).parent / "templates"
TEMPLATES = ("subject.txt.j2", "digest.txt.j2", "digest.html.j2", "chat.txt.j2")
_BUDGETS = (None, 4000, 1200, 300, 0)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel takes in one message. size: most bytes (UTF-8) of the larger body; None: no limit.

    html: whether it shows HTML. chat: use the short template. most_parts: messages per digest before the rest is only
    listed.
    redline: first budget of characters for a redline.
    """

    size: int | None = None
    html: bool = True
    chat: bool = False
    most_parts: int = 5
    redline: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a digest."""

    subject: str
    text: str
    html: str | None
    number: int
    of: int
    items: tuple[Payload, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "subject": self.subject, "text": self.text, "html": self.html, "number": self.number, "of": self.of,
            "items": list(self.items),
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Part:
        return cls(kept["subject"], kept["text"], kept["html"], kept["number"], kept["of"], tuple(kept["items"]))


@lru_cache(maxsize=8)
def environment(folder: Path | None) -> ImmutableSandboxedEnvironment:
    """The sandbox in which templates run; `folder` comes before the shipped templates."""
    folders = [*([folder] if folder else []), SHIPPED]
    made = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(each) for each in folders]),
        autoescape=select_autoescape(enabled_extensions=("html.j2", "html"), default_for_string=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    made.globals["word"] = word
    made.globals["styles"] = {"ins": INS, "del": DEL}
    return made


def render_digest(payloads: Sequence[Payload], rule: Rule, settings: Settings, limits: Limits) -> tuple[Part, ...]:
    """The parts of one digest. Raises RulesError when a template of the user fails."""
    lang = rule.reader
    views = [view(payload, lang, settings.site, budget=limits.redline) for payload in payloads]
    bins, rest = _bins(views, rule, settings, limits)
    parts = []
    for number, members in enumerate(bins, 1):
        of = len(bins)
        if number < of or not rest:
            parts.append(_part(members, rule, settings, limits, number, of))
        else:
            parts.append(_last(members, rest, rule, settings, limits, of))
    return tuple(parts)


def _bins(
    views: list[ItemView], rule: Rule, settings: Settings, limits: Limits
) -> tuple[list[list[ItemView]], list[ItemView]]:
    """Items by message, in order; and those that no message has room for."""
    if limits.size is None:
        return [views], []
    empty = _size(_part([], rule, settings, limits, 1, 2))
    room = limits.size - empty - 64
    bins: list[list[ItemView]] = [[]]
    used = 0
    for at, item in enumerate(views):
        fitting, size = _fit(item, rule, settings, limits, room, empty)
        if bins[-1] and used + size > room:
            if len(bins) == limits.most_parts:
                return bins, views[at:]
            bins.append([])
            used = 0
        bins[-1].append(fitting)
        used += size
    return bins, []


def _last(
    members: list[ItemView], rest: list[ItemView], rule: Rule, settings: Settings, limits: Limits, of: int
) -> Part:
    """The last message with a list of `rest`: items give way to the list, and what even the list has no room for is
    counted."""
    assert limits.size is not None

    def made(count: int) -> Part:
        return _part(members, rule, settings, limits, of, of, listed=rest[:count], unlisted=rest[count:])

    while members and _size(made(len(rest))) > limits.size:
        members, rest = members[:-1], [members[-1], *rest]
    fitting, over = 0, len(rest) + 1  # the longest list that fits, by halving
    while over - fitting > 1:
        middle = (fitting + over) // 2
        if _size(made(middle)) <= limits.size:
            fitting = middle
        else:
            over = middle
    return made(fitting)


def _fit(item: ItemView, rule: Rule, settings: Settings, limits: Limits, room: int, empty: int) -> tuple[ItemView, int]:
    fitting, size = item, 0
    for budget in _BUDGETS:
        if limits.redline is not None and (budget is None or budget > limits.redline):
            budget = limits.redline  # noqa: PLW2901 - the channel's own first budget stands for all larger ones
        fitting = view(item.payload, rule.reader, settings.site, budget=budget)
        size = max(0, _size(_part([fitting], rule, settings, limits, 1, 2)) - empty)
        if size <= room:
            break
    return fitting, size


def _size(part: Part) -> int:
    return max(len(part.text.encode()), len((part.html or "").encode()))


def _part(
    members: list[ItemView],
    rule: Rule,
    settings: Settings,
    limits: Limits,
    number: int,
    of: int,
    *,
    listed: Sequence[ItemView] = (),
    unlisted: Sequence[ItemView] = (),
) -> Part:
    lang = rule.reader
    everything = [*members, *listed, *unlisted]
    context = {
        "lang": lang,
        "rule": {"name": rule.name, "title": rule.title or rule.name},
        "items": members,
        "listed": listed,
        "unlisted": len(unlisted),
        "subject": subject_of(everything, lang, part=number, of=of) if everything else "",
        "part": number,
        "parts": of,
        "site": settings.site,
    }
    subject = " ".join(_render("subject.txt.j2", settings, context).split())
    text = _render("chat.txt.j2" if limits.chat else "digest.txt.j2", settings, context).strip() + "\n"
    html = _render("digest.html.j2", settings, context) if limits.html else None
    payloads = tuple(item.payload for item in everything)
    return Part(subject, text, html, number, of, payloads)


def _render(name: str, settings: Settings, context: dict[str, Any]) -> str:
    try:
        return environment(settings.templates).get_template(name).render(context)
    except TemplateError as error:
        where = getattr(error, "lineno", None)
        raise RulesError(
            f"the template {name} failed{f' at line {where}' if where else ''}: {error}; "
            f"mend it in {settings.templates}"
        ) from error


def test_part(channel: str, lang: str) -> Part:
    """The message of `lawdiff alert test`."""
    subject = word(lang, "test.subject", channel=channel)
    body = word(lang, "test.body")
    return Part(subject, body + "\n", f"<!doctype html><html><body><p>{body}</p></body></html>", 1, 1, ())
