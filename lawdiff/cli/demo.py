"""`lawdiff demo`: the whole job on the bundled sample, over loopback, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from lawdiff.cli.options import say
from lawdiff.demo import SAMPLE_ACTS, serve_sample
from lawdiff.errors import LawdiffError

BANNER = (
    "Sample: composed wording, not the official text. Образец: текст составлен для показа, это не официальный текст. "
    "Үлгі: мәтін көрсету үшін құрастырылған, ресми мәтін емес."
)


@click.command()
@click.option("--folder", default=Path("data/demo"), show_default=True, type=click.Path(path_type=Path),
              help="Where the demo keeps its archive and database.")  # fmt: skip
@click.option("--serve/--no-serve", "serving", default=True, help="Serve the result, or stop before.")
@click.option("--port", default=8001, show_default=True, help="Port of the site.")
def demo(folder: Path, serving: bool, port: int) -> None:
    """Crawl the bundled sample with the real spider, build the database, serve the site.

    Running it again fetches only what is new and goes on where it stopped.
    """
    archive, db = folder / "archive", folder / "lawdiff.db"
    environment = os.environ | {
        "LAWDIFF_ARCHIVE": str(archive),
        "LAWDIFF_DB": str(db),
        "LAWDIFF_DELAY": "0",
    }
    folder.mkdir(parents=True, exist_ok=True)
    say("1/3 crawl: the bundled sample, served on loopback")
    with serve_sample() as base:
        _run(["crawl", *SAMPLE_ACTS, "--base-url", base, "--delay", "0"], environment)
    say("2/3 build: the database from the archive")
    _run(["build"], environment)
    say(f"The sample is ready in {folder}. {BANNER}")
    if not serving:
        say(f"Next: lawdiff serve --db {db}")
        return
    say("3/3 serve: Ctrl-C ends it")
    _run(["serve", "--port", str(port)], environment)


def _run(arguments: list[str], environment: dict[str, str]) -> None:
    """One command of ours as a process of its own, as a user would run it."""
    done = subprocess.run([sys.executable, "-m", "lawdiff", *arguments], env=environment, check=False)
    if done.returncode:
        raise LawdiffError(
            f"`lawdiff {arguments[0]}` ended with exit code {done.returncode}: see its message above, "
            "then run the demo again"
        )
