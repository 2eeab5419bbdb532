"""Peak memory of a process, as it is told to people and held to bounds."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path


def peak_mb() -> int:
    """Peak resident memory of this process so far, in MiB.

    From `VmHWM` where the kernel shows it: Linux hands a parent's `ru_maxrss` down through fork and exec, so that a
    small program started by a large one looks as large.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        found = re.search(r"^VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii", errors="replace"), re.MULTILINE)
        if found:
            return int(found[1]) // 1024
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // (1024 * 1024)
