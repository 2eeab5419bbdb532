"""The threads that make the site's own pages: one for texts, one for lists, each first come, first served.

Python runs one thread at a time. Four pages made side by side on Datasette's pool did not end sooner, but each as late
as the turns of the interpreter had it; in a queue no page overtakes another, and the tail is the length of the queue
(`benchmarks.site`). Lists (the stream, search, feeds) have a desk of their own, for an article need not wait for a
search of thirty milliseconds. The SQL of readers, which may run for two seconds, stays on Datasette's pool and is in
nobody's way.
"""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Desk:
    """Answers questions to one database. connect: opens a connection; called once, in the desk's thread."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], name: str) -> None:
        self._connect = connect
        self._conn: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """What `question` answers, from the desk's thread; whatever it raises is raised here."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._answer, question)

    def _answer(self, question: Callable[[sqlite3.Connection], T]) -> T:
        if self._conn is None:
            self._conn = self._connect()
        return question(self._conn)


def settle_memory() -> None:
    """Call once everything is imported: what lives as long as the process is never searched for cyclic garbage again.

    A full collection of the started server took 50 ms, in which all readers waited. A page leaves 100 to 400 objects
    in cycles (the macros of its templates, for the most part); they go with the young ones.
    """
    gc.collect()
    gc.freeze()
    import os

    gc.set_threshold(*map(int, os.environ.get("X_TH", "700,10,10").split(",")))
