"""How gently: pauses, back-off, Retry-After, daily budget, night window, circuit breaker.

Pure decisions over a clock that is handed in; `Pace` keeps the little state of one run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.plan import KAZAKHSTAN, Options
from lawdiff.model import Verdict

# The server (or something in front of it) is not well, has changed, or does not want us: these count towards the
# breaker. UNKNOWN is among them for the 403 that a firewall answers to everything.
STRUGGLING = frozenset(
    {
        Verdict.SERVER_ERROR,
        Verdict.TRUNCATED,
        Verdict.SHELL,
        Verdict.CHALLENGE,
        Verdict.LOGIN,
        Verdict.MAINTENANCE,
        Verdict.UNKNOWN,
    }
)
# Worth asking again soon. A challenge or a login page is a refusal: asking again would be a nuisance.
WORTH_A_RETRY = frozenset({Verdict.SERVER_ERROR, Verdict.TRUNCATED, Verdict.MAINTENANCE})
INTERRUPTED = "interrupted; run it again, it goes on where it stopped"
LONGEST_ABSENCE = 7 * 86400.0
_NOT_BEFORE = re.compile(r"not before (?P<when>\d{4}-\d\d-\d\dT[\d:]+Z)")


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for: a number or an HTTP date; None where there is none or nonsense.

    At most a week: a slip in a header must not keep the tracker away for years.
    """
    if not header:
        return None
    text = header.strip()
    if text.isdecimal():
        return min(float(text), LONGEST_ABSENCE)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return min(max(0.0, (when - now).total_seconds()), LONGEST_ABSENCE)


def not_before_note(wait: float, now: datetime) -> str:
    """How a Retry-After is kept in the journal, so that the next run obeys it too."""
    when = (now + timedelta(seconds=wait)).astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
    return f"asked to come back not before {when.isoformat().replace('+00:00', 'Z')}"


def read_not_before(note: str | None) -> datetime | None:
    match = _NOT_BEFORE.search(note or "")
    return datetime.fromisoformat(match["when"]) if match else None


class Pace:
    """When the next request may start, and whether there may be one at all.

    options: of the run. spent_today: requests that the journal already holds for this day. not_before: what the server
    asked for in an earlier run.
    """

    def __init__(self, options: Options, *, spent_today: int = 0, not_before: datetime | None = None) -> None:
        self.options = options
        self.delay = options.delay
        self.throttle = options.delay  # seconds between two questions, as AutoThrottle has it
        self.steady = False  # the last answer was good: all lanes may be used
        self.spent_today = spent_today
        self.not_before = not_before
        self.day: str | None = None
        self.failures_in_a_row = 0
        self.stopped: str | None = None
        self.requests = 0

    def refusal(self, now: datetime) -> str | None:
        """Why no further request may be made in this run; None: go on."""
        if self.stopped:
            return self.stopped
        window, budget = self.options.window, self.options.budget
        if self.not_before and now < self.not_before:
            self.stopped = f"the server asked to come back not before {self.not_before.isoformat()}; run again then"
        elif window and not window.holds(now.astimezone(KAZAKHSTAN).time()):
            self.stopped = f"outside the window {window} (time of Kazakhstan); run again inside it"
        elif budget is not None and self._spent(now) >= budget:
            self.stopped = f"the budget of {budget} requests a day is spent; run again tomorrow, or raise --budget"
        return self.stopped

    def _spent(self, now: datetime) -> int:
        day = now.astimezone(UTC).date().isoformat()
        if self.day is None:
            self.day = day
        elif day != self.day:
            self.day, self.spent_today = day, 0
        return self.spent_today

    def asked(self, now: datetime) -> None:
        """A request is about to be made."""
        self._spent(now)
        self.spent_today += 1
        self.requests += 1

    def answered(self, verdict: Verdict) -> None:
        """An attempt ended: too many failed ones in a row open the breaker."""
        if verdict not in STRUGGLING:
            self.failures_in_a_row = 0
            self.steady = self.steady or verdict is not Verdict.ROBOTS
            return
        self.steady = False
        self.failures_in_a_row += 1
        if self.failures_in_a_row >= self.options.breaker and self.stopped is None:
            self.stopped = (
                f"{self.failures_in_a_row} requests in a row failed (last: {verdict}): the server struggles or has "
                "changed; look at `lawdiff status`, run again later"
            )

    def moved(self) -> None:
        """The run goes to the next host: this one is well, it only no longer serves the pages."""
        self.failures_in_a_row = 0

    def wait_before_retry(self, attempt: int, asked_wait: float | None) -> float:
        """Seconds before attempt number `attempt` + 1: doubled each time, never less than the server asked for."""
        own = min(self.options.backoff * float(2 ** (attempt - 1)), self.options.max_wait)
        return max(own, asked_wait or 0.0)

    def too_long(self, wait: float | None) -> bool:
        return wait is not None and wait > self.options.max_wait

    def stop(self, reason: str) -> None:
        if self.stopped is None:
            self.stopped = reason

    def slow_down(self, delays: Iterable[float | None]) -> None:
        """Crawl-delay and the like: the largest one counts."""
        self.delay = max([self.delay, *(delay for delay in delays if delay)])
