"""Change alerts: rules say what to watch, channels say whom to tell, the state says what was told.

    facts (published database) ──match──> find ──items──> digest ──parts──> channels
                                            ^                                  │
                                            └───────── state (alerts.db) <─────┘

`run(…)` does one round: find what is new, group it into digests, render, send, retry what is due. The guarantees are
numbered in docs/alerts.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lawdiff.alerts.rounds import Report


def run(*args: Any, **kwargs: Any) -> Report:
    """One round of alerts: see `lawdiff.alerts.rounds.run`. Loaded when called, so that records stay cheap to
    import."""
    from lawdiff.alerts.rounds import run as run_round

    return run_round(*args, **kwargs)
