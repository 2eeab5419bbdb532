"""What all tests share: the folder of real pages, where it is present."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from site_fixture import Site, crawl_and_build, served

SHARED = Path(os.environ.get("LAWDIFF_SHARED", Path(__file__).resolve().parent.parent.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real pages and their truth; the test is skipped where it is absent, and fails in CI."""
    if not (SHARED / "adilet").is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{SHARED} must be present in CI: set LAWDIFF_SHARED")
        pytest.skip(f"real pages are absent: {SHARED} does not exist (set LAWDIFF_SHARED)")
    return SHARED


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site on the bundled sample: real spider, real build, real Datasette."""
    folder = tmp_path_factory.mktemp("site")
    with served(*crawl_and_build(folder)) as running_site:
        yield running_site


# Modules whose tests share something costly: one worker runs them all, so that it is made once.
SHARING = ("test_crawl_nights", "test_docs", "test_end_to_end", "test_exports", "test_site_browser", "test_wheel")
SITE = ("test_site_pages", "test_site_feeds", "test_site_serve", "test_cookbook")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Group the tests of such modules for `--dist loadgroup`."""
    for item in items:
        name = item.path.stem
        if name in SHARING or name in SITE:
            item.add_marker(pytest.mark.xdist_group("site" if name in SITE else name))
