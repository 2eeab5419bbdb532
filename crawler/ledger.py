"""The account of a run: for each act and language, changed, unchanged, or could not be checked and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from lawdiff.archive import ActOutcome, Summary
from lawdiff.model import Lang, Verdict

_MOST_LINES = 20


class Outcome(StrEnum):
    """What a run found out of one act in one language."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNCHECKED = "unchecked"


@dataclass(slots=True)
class Account:
    """One act in one language.

    why: what could not be checked, one line each; any of them makes the run fail. notes: what was skipped on purpose or
    is worth knowing (closed by robots.txt, not served by the portal, waiting for another try).
    """

    act_id: str
    lang: Lang
    outcome: Outcome = Outcome.UNCHECKED
    requests: int = 0
    redactions_new: int = 0
    redactions_listed: int | None = None
    redactions_held: int = 0
    cards_new: int = 0
    why: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return self.outcome is not Outcome.UNCHECKED and not self.why

    def line(self) -> str:
        """For a log: `K1400000226 ru: changed, 2 new redactions`."""
        parts = [str(self.outcome)]
        if self.redactions_new:
            parts.append(f"{self.redactions_new} new redaction{'s' if self.redactions_new > 1 else ''}")
        if self.redactions_listed is not None:
            parts.append(f"{self.redactions_held} of {self.redactions_listed} held")
        text = f"{self.act_id} {self.lang}: {', '.join(parts)}"
        if self.why:
            more = f" (and {len(self.why) - 1} more)" if len(self.why) > 1 else ""
            text += f"; could not be checked: {self.why[0]}{more}"
        if self.notes:
            text += f"; {'; '.join(self.notes)}"
        return text


@dataclass(slots=True)
class Ledger:
    """Everything that a run tells at its end."""

    started_at: datetime
    accounts: dict[tuple[str, Lang], Account] = field(default_factory=dict)
    verdicts: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    kept: int = 0
    stopped: str | None = None
    robots_closed: set[str] = field(default_factory=set)
    discovered: list[dict[str, Any]] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    shape: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # what the run had to do without; none makes it fail
    finished_at: datetime | None = None
    base: str = ""

    def account(self, act_id: str, lang: Lang) -> Account:
        return self.accounts.setdefault((act_id, lang), Account(act_id, lang))

    def count(self, verdict: Verdict) -> None:
        self.requests += 1
        self.kept += 1
        self.verdicts[str(verdict)] += 1

    @property
    def failed(self) -> bool:
        """Whether anything could not be checked."""
        return bool(self.stopped or self.problems or self.shape) or any(not a.whole for a in self.accounts.values())

    def counts(self) -> dict[str, int]:
        counted = Counter(str(account.outcome) for account in self.accounts.values())
        return {str(outcome): counted[str(outcome)] for outcome in Outcome}

    def summary(self) -> dict[str, Any]:
        """For a machine; keys are stable."""
        return {
            "ok": not self.failed,
            "started_at": self.started_at.isoformat(),
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
            "base": self.base,
            "requests": self.requests,
            "responses": dict(sorted(self.verdicts.items())),
            "counts": self.counts(),
            "stopped": self.stopped,
            "problems": self.problems,
            "remarks": self.remarks,
            "shape": self.shape,
            "robots_closed": sorted(self.robots_closed),
            "discovered": self.discovered,
            "altered": self.altered,
            "acts": [asdict(account) for account in self.accounts.values()],
        }

    def for_the_journal(self) -> Summary:
        """What is kept of it in the archive."""
        assert self.finished_at is not None
        return Summary(
            finished_at=self.finished_at,
            ok=not self.failed,
            requests=self.requests,
            base=self.base,
            stopped=self.stopped,
            problems=_not_too_many(self.problems),
            shape=_not_too_many(self.shape),
            robots_closed=_not_too_many(sorted(self.robots_closed)),
            altered=tuple(self.altered),
            discovered=tuple(found["act_id"] for found in self.discovered),
            acts=tuple(
                ActOutcome(
                    act_id=account.act_id,
                    lang=account.lang,
                    outcome=str(account.outcome),
                    requests=account.requests,
                    redactions_new=account.redactions_new,
                    redactions_listed=account.redactions_listed,
                    redactions_held=account.redactions_held,
                    cards_new=account.cards_new,
                    why=_not_too_many(account.why),
                    notes=_not_too_many(account.notes),
                )
                for account in self.accounts.values()
            ),
        )

    def text(self) -> str:
        """For people: one line, then a line for each act and language that is not simply unchanged."""
        counts = ", ".join(f"{number} {name}" for name, number in self.counts().items() if number) or "nothing to visit"
        lines = [f"{counts}; {self.requests} requests"]
        lines += [
            f"  {account.line()}"
            for account in self.accounts.values()
            if account.outcome is not Outcome.UNCHANGED or account.why or account.notes
        ]
        lines += [f"  {line}" for line in discoveries(self.discovered)]
        lines += [f"  closed by robots.txt: {closed}" for closed in sorted(self.robots_closed)]
        lines += [f"  altered by the portal since it was fetched: {page}" for page in self.altered]
        lines += [f"  the site has changed its shape: {line}" for line in self.shape]
        lines += [f"  {line}" for line in (*self.problems, *self.remarks)]
        if self.stopped:
            lines.append(f"  the run was stopped: {self.stopped}")
        if self.failed:
            lines.append("what came is kept: see `lawdiff status`; a later run asks again for what is missing")
        if any(a.outcome in (Outcome.NEW, Outcome.CHANGED) or a.redactions_new for a in self.accounts.values()):
            lines.append("next: lawdiff build")
        return "\n".join(lines)


def discoveries(found: list[dict[str, Any]]) -> list[str]:
    """What the year index showed of acts that are not tracked, for people: those that no earlier run told of."""
    new = [act for act in found if act["new"]]
    lines = [f"not tracked, new in the year index: {act['act_id']} {act['title']}" for act in new[:_MOST_LINES]]
    if len(new) > _MOST_LINES:
        lines.append(f"and {len(new) - _MOST_LINES} more that are new (--json lists them)")
    if len(found) > len(new):
        lines.append(f"not tracked, told before: {len(found) - len(new)} acts of the year index")
    return lines


def _not_too_many(lines: list[str]) -> tuple[str, ...]:
    """The first of them, and how many more: a line of the journal is read at every start."""
    more = len(lines) - _MOST_LINES
    return (*lines[:_MOST_LINES], f"and {more} more") if more > 0 else tuple(lines)
