"""Several requests at a time, and still one pace: the gate that every request passes, and work shared out to lanes.

`Gate` is the only place where a request may start. It keeps, for the whole run: no more than `lanes` under way; starts
no closer than the delay; a lane's rest of the same delay after its answer; a pause (Retry-After, back-off) that holds
every lane; and the limits of `Pace` (budget, window, breaker) asked in the same instant as the request is counted. The
lanes open after the first good answer and close to one at a failed one, so that a server that struggles, or has become
something else, is asked one question at a time.

`work` hands out units of work. Which requests are made, and what is made of the answers, does not depend on the number
of lanes: a unit begins only when everything that it depends on is done.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import datetime
from math import inf

from crawler.pace import INTERRUPTED, Pace

NOT_WANTED = "no longer wanted"
Unit = Callable[[], Awaitable[None]]
Job = Iterator[Sequence[Unit]]
"""Batches of units: the next batch is asked for when the last is done."""


class Gate:
    """`enter` returns when a request may start, or with the reason why none may; `leave` says that it ended.

    clock: of the calendar, for budget and window. running: False once the run is being shut down.
    """

    def __init__(
        self, pace: Pace, lanes: int, clock: Callable[[], datetime], *, running: Callable[[], bool] = lambda: True
    ) -> None:
        self.pace = pace
        self.lanes = lanes
        self.under_way = 0
        self._clock = clock
        self._running = running
        self._now = asyncio.get_running_loop().time
        self._turn = asyncio.Lock()  # fair: who came first starts first
        self._news = asyncio.Event()
        self._idle = [-inf] * lanes  # when each lane that is free ended its last request
        self._last_start = -inf
        self._held_until = -inf

    async def enter(self, wanted: Callable[[], bool] = lambda: True) -> str | None:
        """None: go, the request is counted; else why it may not be made. wanted: asked while it waits for its turn."""
        async with self._turn:
            while True:
                if not wanted():
                    return NOT_WANTED
                if not self._running():
                    self.pace.stop(INTERRUPTED)
                refusal = self.pace.refusal(self._clock())
                if refusal:
                    return refusal
                wait = self._wait()
                if wait <= 0:
                    self.under_way += 1
                    self._idle.remove(min(self._idle))
                    self._last_start = self._now()
                    self.pace.asked(self._clock())
                    return None
                await self._news_or(wait)

    def leave(self) -> None:
        """The answer came, or none will."""
        self.under_way -= 1
        self._idle.append(self._now())
        self._news.set()

    def hold(self, seconds: float) -> None:
        """Nothing starts for so long, on any lane."""
        self._held_until = max(self._held_until, self._now() + seconds)

    def _wait(self) -> float:
        """Seconds until a request may start; infinite while others must end first."""
        alone = not self.pace.steady
        if self.under_way >= (1 if alone else self.lanes):
            return inf
        rested = max(self._idle) if alone else min(self._idle)
        earliest = max(
            self._last_start + max(self.pace.delay, self.pace.throttle), rested + self.pace.delay, self._held_until
        )
        return earliest - self._now()

    async def _news_or(self, wait: float) -> None:
        """Until something ended, or so many seconds."""
        self._news.clear()
        try:
            async with asyncio.timeout(None if wait == inf else wait):
                await self._news.wait()
        except TimeoutError:
            pass


class _OpenJob:
    """A job under way."""

    def __init__(self, batches: Job) -> None:
        self.waiting: deque[Unit] = deque()
        self.under_way = 0
        self.over = False
        self._batches = batches

    def take(self) -> Unit | None:
        """A unit that may begin now."""
        while not self.waiting and not self.under_way and not self.over:
            batch = next(self._batches, None)
            self.over = batch is None
            self.waiting.extend(batch or ())
        return self.waiting.popleft() if self.waiting else None


class _Backlog:
    """What is still to be done: earlier jobs first, a further job only where the earlier ones have nothing to begin."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._later = iter(jobs)
        self.open: list[_OpenJob] = []

    def take(self) -> tuple[_OpenJob, Unit] | None:
        for job in self.open:
            unit = job.take()
            if unit is not None:
                return job, unit
        self.open = [job for job in self.open if not job.over]
        for batches in self._later:
            job = _OpenJob(batches)
            unit = job.take()
            if unit is not None:
                self.open.append(job)
                return job, unit
        return None


async def work(jobs: Iterable[Job], lanes: int) -> None:
    """Do every unit of every job, at most `lanes` at a time; with one lane in exactly the order of the jobs.

    The first error ends all lanes and is raised.
    """
    backlog, news = _Backlog(jobs), asyncio.Event()

    async def lane() -> None:
        while True:
            taken = backlog.take()
            if taken is None:
                if not backlog.open:
                    return
                news.clear()
                await news.wait()
                continue
            job, unit = taken
            job.under_way += 1
            try:
                await unit()
            finally:
                job.under_way -= 1
                news.set()

    tasks = [asyncio.ensure_future(lane()) for _ in range(lanes)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
