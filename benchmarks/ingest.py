"""One build from nothing in a process of its own: `python -m benchmarks.ingest ARCHIVE DB PROCESSES [--texts-only]`,
or what lxml takes to build the trees of the same pages, also in a process of its own: `… ARCHIVE --trees`.

What `benchmarks.history` measures whole builds with: it imports nothing but the program, as `lawdiff build` does. It
prints processor and wall seconds and peak memory in MB as JSON. `--texts-only` leaves out what is found by comparing
the languages and reading sanctions: parse, versions, diffs, notes and search remain.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import lxml.html

import lawdiff.build
from lawdiff.archive import Archive
from lawdiff.memory import peak_mb
from lawdiff.registry import Registry, TrackedAct


def seconds_of_trees(archive: Path) -> float:
    """Processor seconds of building the trees alone; reading the archive is not counted."""
    source = Archive(archive)
    spent = 0.0
    for entry in source.entries():
        body = source.body(entry)
        begun = time.process_time()
        lxml.html.document_fromstring(body)
        spent += time.process_time() - begun
    return spent


def main() -> int:
    if sys.argv[2:] == ["--trees"]:
        print(json.dumps({"seconds": seconds_of_trees(Path(sys.argv[1]))}))
        return 0
    archive, db, processes, *more = sys.argv[1:]
    if more == ["--texts-only"]:
        lawdiff.build.AFTER_ACT = ()
    act_ids = sorted({entry.act_id for entry in Archive(Path(archive)).entries() if entry.act_id})
    registry = Registry(tuple(TrackedAct(act_id, "СК", "ҚК") for act_id in act_ids))
    wall, spent = time.perf_counter(), time.process_time()
    report = lawdiff.build.build(Path(archive), Path(db), registry, from_scratch=True, processes=int(processes))
    wall, spent = time.perf_counter() - wall, time.process_time() - spent
    if not report.ok:
        raise SystemExit(f"the build failed: {report.failed}")
    print(json.dumps({"seconds": spent, "wall": wall, "peak": float(peak_mb())}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
