"""What all tests share: the folder of real pages, where it is present."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("LAWDIFF_SHARED", Path(__file__).resolve().parent.parent.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real pages and their truth; the test is skipped where it is absent, and fails in CI."""
    if not (SHARED / "adilet").is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{SHARED} must be present in CI: set LAWDIFF_SHARED")
        pytest.skip(f"real pages are absent: {SHARED} does not exist (set LAWDIFF_SHARED)")
    return SHARED
