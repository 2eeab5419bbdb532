"""`lawdiff import-git PATH`: redactions from a clone of the public kazakhstan-law repositories into the archive."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from lawdiff.archive import Archive
from lawdiff.cli.options import Progress, archive_option, say
from lawdiff.errors import BadIdentifier
from lawdiff.identifiers import check_act_id
from lawdiff.importgit import bank_numbers, import_clone


def _pairs(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """`81097=K1400000226` as a mapping; a usage error names the option and the form."""
    out = {}
    for value in values:
        code, equals, act_id = value.partition("=")
        try:
            if not equals or not code.isdigit():
                raise BadIdentifier(f"{value!r} is not CODE=ACT, such as 81097=K1400000226")
            out[code] = check_act_id(act_id)
        except BadIdentifier as error:
            raise click.BadParameter(str(error), context, parameter) from None
    return out


@click.command("import-git")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--map", "mapping", multiple=True, callback=_pairs, metavar="CODE=ACT",
              help="Act code of the mirror (its folder ends with it) and the portal's act id; repeatable.")  # fmt: skip
@archive_option
@click.option("--json", "as_json", is_flag=True, help="A machine-readable summary on stdout.")
def import_git(path: Path, mapping: dict[str, str], archive: Path, as_json: bool) -> None:
    """Import past redactions from a clone of the kazakhstan-law mirror at PATH.

    An act is recognised by its state bank number: from the portal pages that the archive holds already, or from --map.
    Nothing is fetched; importing again stores only what is new. Then run lawdiff build: it uses a mirrored redaction
    where the portal's page is not held, and lists where both differ (issue kind source_difference).
    """
    folder = Archive(archive)
    known = (bank_numbers(folder) if folder.exists else {}) | mapping
    if not known:
        raise click.UsageError(
            "no act is known by its state bank number: crawl an act first (lawdiff crawl K1400000226 --current-only), "
            "or name it with --map CODE=ACT"
        )
    progress = Progress("import")
    done = import_clone(path, archive, known, now=datetime.now(UTC), report=progress.step)
    left = sum(count for _, count in done.skipped)
    progress.done(
        f"{done.stored} redactions stored, {done.held} held already; {left} redactions of {len(done.skipped)} other "
        "acts left out (name them with --map CODE=ACT)"
    )
    if as_json:
        click.echo(json.dumps({"stored": done.stored, "held": done.held, "skipped": dict(done.skipped)}))
    if done.stored:
        say("Next: lawdiff build")
