"""Addresses are made and read by one module: what it makes, its routes read back, for every form of an eid."""

from __future__ import annotations

import re

import pytest

from lawdiff.site import addresses
from lawdiff.site.feeds import _NAME

EIDS = ["art_115-1", "art_1", "chp_7", "sec_2", "part_1", "annex_1", "preamble", "sec_2__point_4",
        "annex_1__chp_2__point_3-1", "art_5__2", "chp_3__rest", "point_1.2", "nn_1"]  # fmt: skip
ACTS = ["K1400000226", "K950001000_", "Z040000567_", "P1700000407"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("eid", EIDS)
def test_what_is_made_is_read_back(act: str, eid: str) -> None:
    for day in (None, "2025-09-16"):
        for langs in (None, "ru", "kk", "ru-kk"):
            match = re.match(addresses.ARTICLE_ROUTE, addresses.article_url(act, eid, day=day, langs=langs))
            assert match, (act, eid, day, langs)
            assert (match["act"], match["eid"], match["day"], match["langs"]) == (act, eid, day, langs)
            whole = re.match(addresses.ACT_ROUTE, addresses.act_url(act, day=day, langs=langs))
            assert whole
            assert (whole["act"], whole["day"], whole["langs"]) == (act, day, langs)
    change = re.match(addresses.DIFF_ROUTE, addresses.diff_url(act, eid, "2014-11-07", "2025-09-16"))
    assert change
    assert (change["eid"], change["since"], change["until"]) == (eid, "2014-11-07", "2025-09-16")
    assert not re.match(addresses.ARTICLE_ROUTE, change[0])
    feed = _NAME.fullmatch(f"{act}/{eid}.atom")
    assert feed
    assert (feed["of"], feed["eid"]) == (act, eid)


def test_a_language_is_no_unit() -> None:
    assert not re.match(addresses.ARTICLE_ROUTE, "/K1400000226/kk")
    assert not re.match(addresses.ACT_ROUTE, "/lawdiff")


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://adilet.zan.kz/rus/docs/K1400000226", "https://adilet.zan.kz/rus/docs/K1400000226"),
        (
            "http://127.0.0.1:9000/kaz/docs/K1400000226/16.09.2025",
            "https://adilet.zan.kz/kaz/docs/K1400000226/16.09.2025",
        ),
        ("https://old.adilet.zan.kz/rus/docs/Z1", "https://old.adilet.zan.kz/rus/docs/Z1"),
        ("javascript:alert(1)", None),
        ("https://adilet.zan.kz.evil.example/rus", None),
        ("https://evil.example/adilet.zan.kz", None),
        ('https://adilet.zan.kz/"><script>', None),
        ("", None),
        (None, None),
    ],
)
def test_only_the_portal_becomes_a_link(url: str | None, target: str | None) -> None:
    assert addresses.official(url) == target


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-09-16", "2025-09-16"),
        ("16.09.2025", "2025-09-16"),
        ("2025-02-30", None),
        ("x", None),
        ("", None),
        (None, None),
    ],
)
def test_days_are_read_in_both_writings(text: str | None, day: str | None) -> None:
    assert addresses.read_day(text) == day
