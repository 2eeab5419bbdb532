"""The documents of alerts say what the program does: every field, phase, option and command, and a snippet that
verifies."""

from __future__ import annotations

import configparser
import re
import shlex
import tomllib
from pathlib import Path

from alert_receivers import SECRET

from lawdiff.alerts.channels.opening import _COMMON, _OPTIONS
from lawdiff.alerts.channels.webhook import signature
from lawdiff.alerts.facts import Phase
from lawdiff.alerts.rules import _FIELDS, KINDS
from lawdiff.alerts.secrets import Secret
from lawdiff.cli import cli
from lawdiff.cli.alert import alert

DOCS = Path(__file__).parent.parent / "docs"
REFERENCE = (DOCS / "alerts.md").read_text(encoding="utf-8")
RUNNING = (DOCS / "running.md").read_text(encoding="utf-8")


def blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def test_every_field_phase_channel_and_option_is_in_the_reference() -> None:
    options = set().union(*_OPTIONS.values(), _COMMON)
    for name in (*_FIELDS, *(phase.value for phase in Phase), *KINDS, *options):
        assert f"`{name}`" in REFERENCE or f'"{name}"' in REFERENCE, name


def test_the_reference_names_no_field_that_does_not_exist() -> None:
    table = REFERENCE[REFERENCE.index("| field |") : REFERENCE.index("A rule follows")]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == _FIELDS


def test_every_alert_command_of_the_documents_exists() -> None:
    named = set(re.findall(r"lawdiff alert ([a-z]+)", REFERENCE + RUNNING))
    assert named == set(alert.commands)


def test_the_snippet_that_verifies_a_webhook_accepts_ours_and_no_other() -> None:
    (snippet,) = blocks(REFERENCE, "python")
    names: dict[str, object] = {}
    exec(snippet, names)
    genuine = names["genuine"]
    assert callable(genuine)
    for secret in (SECRET, "a plain secret"):
        signed = signature(Secret(secret), "id.1", "1753000000", b'{"a":1}')
        headers = {"webhook-id": "id.1", "webhook-timestamp": "1753000000", "webhook-signature": signed}
        assert genuine(headers, b'{"a":1}', secret)
        assert not genuine(headers, b'{"a":2}', secret)
        assert not genuine({**headers, "webhook-timestamp": "1753000001"}, b'{"a":1}', secret)
        assert not genuine(headers, b'{"a":1}', "another")


def test_the_units_start_commands_that_exist_with_the_environment_they_read() -> None:
    starts = []
    for text in blocks(RUNNING, "ini"):
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str  # type: ignore[assignment, method-assign]
        unit.read_string(text)
        if unit.has_option("Service", "ExecStart"):
            starts.append(shlex.split(unit["Service"]["ExecStart"]))
    assert len(starts) == 3
    for words in (
        *starts,
        *(shlex.split(line.partition(".venv/bin/")[2]) for line in blocks(RUNNING, "crontab")[0].splitlines()[1:]),
    ):
        name, command, *rest = words
        assert name.endswith("lawdiff")
        found = cli.get_command(None, command)  # type: ignore[arg-type]
        assert found is not None
        if command == "alert":
            found = alert.commands[rest.pop(0)]
        known = {option for parameter in found.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known


def test_the_example_is_the_file_that_the_reference_links_to() -> None:
    assert "(alerts.example.toml)" in REFERENCE
    example = tomllib.loads((DOCS / "alerts.example.toml").read_text(encoding="utf-8"))
    assert {channel["kind"] for channel in example["channels"].values()} == set(KINDS)
