"""What every channel is: its limits, its targets, and one way to send."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lawdiff.alerts.messages import Limits, Part
from lawdiff.alerts.rules import Rule

FeedItems = Callable[[int], list[tuple[str, datetime, dict[str, Any]]]]


class SendFailed(Exception):
    """A message did not go out. permanent: trying again cannot help. retry_after: seconds that the receiver asked
    for."""

    def __init__(self, reason: str, *, permanent: bool = False, retry_after: float | None = None) -> None:
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Message:
    """One part on its way to one target. id: the same at every attempt. created_at: of the digest, the same at every
    attempt.

    feed_items: the newest items of the rule, for channels that write a whole feed.
    """

    id: str
    part: Part
    rule: Rule
    target: str
    created_at: datetime
    feed_items: FeedItems


@dataclass(frozen=True, slots=True)
class Patience:
    """How a channel is tried: `attempts` in all, `base` seconds before the second, doubling up to `cap`."""

    attempts: int = 10
    base: float = 60.0
    cap: float = 6 * 3600.0


class Channel(ABC):
    """One channel, opened. on_doubt: `repeat` or `drop` what may have gone out when the process was killed."""

    name: str
    limits: Limits
    patience: Patience
    on_doubt: str = "repeat"

    def targets(self) -> tuple[str, ...]:
        """Names of those who are each served on their own, e.g. addresses; one empty name where there is no such
        thing."""
        return ("",)

    @abstractmethod
    def send(self, message: Message) -> None:
        """Send, or raise SendFailed. A return means that the receiver took it."""
