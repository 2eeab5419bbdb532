"""`lawdiff update` as a timer runs it: crawl, build, alert, in processes of their own, night after night."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import feedparser
from alert_world import CODE, rule, rules_file
from faultserver import QUICK, FaultServer, articles, miniature


def update(folder: Path, base: str, *, expect: int = 0) -> dict:
    """One night; the alert step's own account."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("LAWDIFF_")}
    done = subprocess.run(
        [
            sys.executable, "-m", "lawdiff", "update", CODE, *QUICK, "--base-url", base, "--json",
            "--rules", str(folder / "alerts.toml"), "--db", str(folder / "law.db"),
            "--archive", str(folder / "archive"),
        ],
        capture_output=True, text=True, timeout=120, cwd=folder, env=env, check=False,
    )  # fmt: skip
    assert done.returncode == expect, done.stderr
    return json.loads(done.stdout)["steps"]["alert"]["report"]


def entries(folder: Path) -> list[str]:
    path = folder / "feeds" / "all.atom"
    return [entry.title for entry in feedparser.parse(path.read_bytes()).entries] if path.exists() else []


def test_a_new_redaction_is_told_by_the_night_that_finds_it_and_by_no_other(tmp_path: Path) -> None:
    site = miniature()
    channels = '[channels.out]\nkind = "atom"\nfolder = "feeds"\n'
    rules_file(tmp_path, rule("all", acts=[CODE], articles=["2..3"]), channels=channels)
    with FaultServer(site) as server:
        first = update(tmp_path, server.url)
        assert (first["found"], entries(tmp_path)) == (0, [])
        assert update(tmp_path, server.url)["found"] == 0
        for lang, act in ((lang, site.acts[lang, CODE]) for lang in ("rus", "kaz")):
            newest = act.redactions[act.newest]
            act.redactions[date(2026, 3, 1)] = {**newest, "3": articles(lang, 1, a3="Иное правило о сроке.")["3"]}
        found = update(tmp_path, server.url)
        assert [(item["eid"], item["redaction_date"]) for item in found["items"]] == [("art_3", "2026-03-01")]
        assert [text["lang"] for text in found["items"][0]["texts"]] == ["ru", "kk"]
        assert len(entries(tmp_path)) == 1
        assert update(tmp_path, server.url)["found"] == 0
    assert (tmp_path / "alerts.db").exists()
