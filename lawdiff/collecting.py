"""The cyclic garbage collector while an act is read.

Records of law are trees that live until the act is written, and nearly nothing dies in a cycle: a tenth of a build was
spent looking through them again and again (measured). So what a page left behind is set aside as soon as it is read
(`set_aside`), and between pages the collector looks seldom. It finds the same garbage; only when is different.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (50_000, 20, 20)


@contextmanager
def seldom() -> Iterator[None]:
    """Collect seldom within; what was set aside is looked at again afterwards."""
    before = gc.get_threshold()
    look_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def look_seldom() -> None:
    """Collect seldom from now on, in a process that does nothing else."""
    gc.set_threshold(*_SELDOM)


def set_aside() -> None:
    """Collect what is garbage by now (a page's buffers among it), and look no more at what is not."""
    gc.collect()
    gc.freeze()
