"""The bundled sample: what it holds, and that it is what its source composes."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from sample_pages import compose, criminal, personal_data

from lawdiff.demo import serve_sample


def test_the_stored_sample_is_what_its_source_composes() -> None:
    stored = {str(path.relative_to(compose.SAMPLE)): path.read_bytes() for path in compose.SAMPLE.rglob("*.html")}
    composed = {name: text.encode("utf-8") for name, text in compose.pages().items()}
    assert sorted(stored) == sorted(composed)
    assert stored == composed, "run PYTHONPATH=tests python -m sample_pages.compose and read the difference"


@pytest.mark.parametrize("source", [criminal, personal_data])
def test_each_act_has_at_least_six_redactions(source: object) -> None:
    assert len(source.DAYS) >= 6  # type: ignore[attr-defined]
    assert {style for _, style in source.DAYS} >= {"A", "B", "C"}  # type: ignore[attr-defined]


def test_every_page_says_that_it_is_a_sample() -> None:
    for name, text in compose.pages().items():
        assert "lawdiff" in text.split("</h1>")[0].split("<h1>")[1], name


def test_the_sample_server_answers_pages_robots_and_404() -> None:
    with serve_sample() as base:
        page = urllib.request.urlopen(f"{base}/rus/docs/K1400000226/07.11.2014").read()
        assert "<article>" in page.decode()
        assert b"Disallow" in urllib.request.urlopen(f"{base}/robots.txt").read()
        for path in ("/rus/docs/K9999999999", "/../acts.toml", "/%2e%2e/acts.toml"):
            with pytest.raises(urllib.error.HTTPError) as error:
                urllib.request.urlopen(base + path)
            assert error.value.code == 404
