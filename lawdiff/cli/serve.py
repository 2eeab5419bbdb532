"""`lawdiff serve`: the site, that is Datasette with the right flags on the published database.

Datasette runs as a child process on an immutable file. `lawdiff build` puts a new file in the old one's place by a
rename; readers go on with the old one, and this command notices the new inode and starts the child again on it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from lawdiff.cli.options import acts_option, db_option, say
from lawdiff.errors import LawdiffError
from lawdiff.resources import site_path
from lawdiff.site.metadata import site_metadata

SETTINGS = {
    "sql_time_limit_ms": "2000",
    "max_returned_rows": "1000",
    "default_page_size": "50",
    "truncate_cells_html": "180",
    "facet_time_limit_ms": "300",
    "num_sql_threads": "4",
    "default_cache_ttl": "60",
    "force_https_urls": "off",
}
START_SECONDS = 60.0
POLL_SECONDS = 1.0


@click.command()
@db_option
@acts_option
@click.option("--archive", envvar="LAWDIFF_ARCHIVE", default=None, type=click.Path(path_type=Path),
              help="Folder of the page archive; with it the site serves the archived bytes too.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="0: any free port.")
@click.option("--site-url", envvar="LAWDIFF_SITE_URL", default=None, help="Public address, for feeds behind a proxy.")
@click.option(
    "--tag-authority", envvar="LAWDIFF_TAG_AUTHORITY", default=None, help="Domain in the ids of feed entries."
)
def serve(
    db: Path,
    acts: Path | None,
    archive: Path | None,
    host: str,
    port: int,
    site_url: str | None,
    tag_authority: str | None,
) -> None:
    """Serve the site until Ctrl-C."""
    given = {
        "LAWDIFF_ACTS": acts, "LAWDIFF_ARCHIVE": archive, "LAWDIFF_SITE_URL": site_url,
        "LAWDIFF_TAG_AUTHORITY": tag_authority,
    }  # fmt: skip
    environment = {name: str(value) for name, value in given.items() if value is not None}
    signal.signal(signal.SIGTERM, _stop)
    try:
        serve_site(db, host=host, port=port, environment=environment)
    except KeyboardInterrupt:
        say("stopped")


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def serve_site(
    db: Path, *, host: str = "127.0.0.1", port: int = 8001, environment: dict[str, str] | None = None
) -> None:
    """Serve `db` until interrupted; a new file in its place is served within a second or two of its coming.

    Raises LawdiffError where there is no database, the port is taken, or Datasette does not start.
    """
    port = port or free_port(host)
    first = True
    while True:
        inode = _inode(db)
        with running(db, host=host, port=port, environment=environment) as child:
            say(f"serving {db} at http://{host}:{port}/ (Ctrl-C stops)" if first else f"serving the new {db}")
            first = False
            while _inode(db, missing_is=inode) == inode:
                if child.poll() is not None:
                    raise LawdiffError(f"Datasette ended with code {child.returncode}; see its messages above")
                time.sleep(POLL_SECONDS)


def _inode(db: Path, missing_is: tuple[int, int] | None = None) -> tuple[int, int]:
    try:
        found = db.stat()
    except OSError:
        if missing_is is not None:
            return missing_is
        raise LawdiffError(f"there is no database {db}; run `lawdiff build`, or name one with --db") from None
    return found.st_ino, found.st_mtime_ns


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def command(db: Path, folder: Path, *, host: str, port: int) -> list[str]:
    """The command that starts Datasette. folder: a temporary one, for the metadata and for a link that gives the
    database its name on the site whatever its file is called."""
    link, metadata = folder / "lawdiff.db", folder / "metadata.json"
    if not link.is_symlink():
        link.symlink_to(db.resolve())
    metadata.write_text(json.dumps(site_metadata(site_path("metadata.yml")), ensure_ascii=False), encoding="utf-8")
    settings = [part for name, value in SETTINGS.items() for part in ("--setting", name, value)]
    return [
        sys.executable, "-m", "datasette", "serve", "--immutable", str(link), "--metadata", str(metadata),
        "--plugins-dir", str(site_path("plugins")), "--template-dir", str(site_path("templates")),
        "--static", f"static:{site_path('static')}", "--host", host, "--port", str(port), *settings,
    ]  # fmt: skip


@contextmanager
def running(
    db: Path, *, host: str = "127.0.0.1", port: int, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Datasette on `db`, ready to answer; ended on leaving."""
    _inode(db)
    _check_port(host, port)
    with tempfile.TemporaryDirectory(prefix="lawdiff-serve-") as folder:
        # Run in the temporary folder: beside our own folder `datasette/` Python would take that for the package.
        child = subprocess.Popen(
            command(db, Path(folder), host=host, port=port),
            cwd=folder,
            env={**os.environ, **_absolute(environment or {})},
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_until_up(child, host, port)
            yield child
        finally:
            child.terminate()
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _absolute(environment: dict[str, str]) -> dict[str, str]:
    """Paths made absolute, for the child runs elsewhere."""
    paths = {"LAWDIFF_ACTS", "LAWDIFF_ARCHIVE"}
    return {name: str(Path(value).resolve()) if name in paths else value for name, value in environment.items()}


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise LawdiffError(f"cannot listen on {host}:{port}: {error.strerror}; choose another --port") from error


def _wait_until_up(child: subprocess.Popen[bytes], host: str, port: int) -> None:
    shown = "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104 - compared, not bound
    url = f"http://{shown}:{port}/robots.txt"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise LawdiffError(f"Datasette ended with code {child.returncode} at its start; see its messages above")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise LawdiffError(f"Datasette did not answer at {url} within {START_SECONDS:.0f} seconds; try again")
