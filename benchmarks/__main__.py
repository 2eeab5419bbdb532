"""Runs every benchmark beside this file, one process each: `python -m benchmarks [--smoke] [NAME …]`.

Each prints its ratios, measured side by side in one run; `--smoke` uses small inputs and only shows that they work.
Exit code 1 if one of them failed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
NOT_RUN = {"__main__", "__init__", "generate", "ingest"}  # parts of others


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="small inputs, a few seconds each")
    parser.add_argument("names", nargs="*", help="which; all by default")
    arguments = parser.parse_args()
    names = arguments.names or sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_RUN)
    failed = []
    for name in names:
        print(f"== {name}", flush=True)
        begun = time.monotonic()
        command = [sys.executable, "-m", f"benchmarks.{name}", *(["--smoke"] if arguments.smoke else [])]
        code = subprocess.run(command, cwd=HERE.parent, check=False).returncode
        print(f"-- {name}: exit {code}, {time.monotonic() - begun:.1f} s", flush=True)
        if code:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
