"""`lawdiff check`: the invariants and the anomalies of the database."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from lawdiff.cli.options import db_option, say
from lawdiff.store import reading
from lawdiff.store.anomalies import run_checks


@click.command()
@db_option
@click.option(
    "--examples", type=click.IntRange(0, 1000), default=3, show_default=True, help="How many of each to show."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(db: Path, examples: int, as_json: bool) -> None:
    """Check the rules that must hold, and list what is odd in the source. Exit code 1 if a rule is broken."""
    with reading(db) as conn:
        findings = list(run_checks(conn, examples=examples))
    broken = [finding for finding in findings if finding.check.rule and finding.count]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            if not finding.count:
                continue
            what = "BROKEN" if finding.check.rule else "look at"
            click.echo(f"{what} {finding.check.name}: {finding.count} × {finding.check.meaning}")
            for where, detail in finding.examples:
                click.echo(f"    {where}: {detail}")
    odd = sum(bool(finding.count) for finding in findings if not finding.check.rule)
    rules = sum(finding.check.rule for finding in findings)
    say(
        f"{rules - len(broken)} of {rules} rules hold, {odd} kinds of anomalies found"
        + (f"; rebuild with: lawdiff build --from-scratch --db {db}" if broken else "")
    )
    sys.exit(1 if broken else 0)
