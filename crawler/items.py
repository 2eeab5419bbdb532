"""The one item of this project: a response with its verdict, on its way to the archive."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from lawdiff.archive import Entry, Fetch


@dataclass(slots=True)
class PageItem:
    """fetch: what came. receipt: set by the pipeline when it is on the disk (or could not be written)."""

    fetch: Fetch
    receipt: asyncio.Future[Entry] = field(repr=False)
