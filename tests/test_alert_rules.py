"""alerts.toml: what it says is read, what is wrong is named with its line and reason; secrets stay out of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from alert_world import CODE, rule, rules_file

from lawdiff.alerts.channels import open_channel
from lawdiff.alerts.channels.network import is_public
from lawdiff.alerts.facts import Phase
from lawdiff.alerts.rules import RulesError, load_rules
from lawdiff.alerts.secrets import ChannelError, Secret, read_secret, scrub
from lawdiff.model import Lang, Weight

EXAMPLE = Path(__file__).parent.parent / "docs" / "alerts.example.toml"


def channel(folder: Path, text: str, environ: dict[str, str] | None = None):
    path = rules_file(folder, rule(), channels=f"[channels.out]\n{text}\n")
    loaded = load_rules(path)
    return open_channel(loaded.channels["out"], loaded.settings, path, environ or {})


def test_the_documented_example_is_valid_and_every_channel_in_it_opens(tmp_path: Path) -> None:
    loaded = load_rules(EXAMPLE, topics=frozenset({"cyber", "tax"}))
    assert [each.name for each in loaded.rules] == ["cyber-offences", "tax-weekly", "everything"]
    environ = {
        "SMTP_PASSWORD": "correct horse", "HOOK_SECRET": "whsec_" + "QUJD" * 8,
        "TELEGRAM_URL": "tgram://123456789:AAEabcdefghijklmnopqrstuvwxyzabcdefg/12345678/",
    }  # fmt: skip
    for config in loaded.channels.values():
        assert open_channel(config, loaded.settings, EXAMPLE, environ).name == config.name


def test_a_rule_without_wishes_watches_everything_that_matters(tmp_path: Path) -> None:
    (only,) = load_rules(rules_file(tmp_path, rule())).rules
    assert only.weight == (Weight.SUBSTANTIVE,)
    assert only.languages == (Lang.RU, Lang.KK)
    assert set(only.phases) == set(Phase)
    assert (only.every, only.reader) == ("run", "ru")


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("205", ["205"], ["205-1", "2050", "20"]),
        ("115-1", ["115-1"], ["115", "115-2", "116"]),
        ("205-213", ["205", "207-1", "213", "213-1"], ["204", "204-9", "214"]),
        ("205..213-2", ["205", "213", "213-2"], ["213-3", "214"]),
        ("5..12", ["5", "11-1", "12"], ["4", "13"]),
        ("7", ["7"], ["70", "7-1"]),
    ],
)
def test_ranges_count_articles_as_people_do(
    tmp_path: Path, written: str, inside: list[str], outside: list[str]
) -> None:
    from lawdiff.numbering import sort_key

    (only,) = load_rules(rules_file(tmp_path, rule(acts=[CODE], articles=[written]))).rules
    (part,) = only.articles
    assert [number for number in inside + outside if part.holds(sort_key(number))] == inside


BAD_RULES = [
    ('[[rules]]\nname = "a"\nchannels = ["out"]\nacts = ["K14"]', 7, "not an act id"),
    ('[[rules]]\nname = "a"\nchannels = ["out"]\nacts = ["K1400000226"]\narticles = ["213-205"]', 8, "runs backwards"),
    (
        '[[rules]]\nname = "a"\nchannels = ["out"]\nacts = ["K1400000226"]\narticles = ["205", "статья"]',
        8,
        "no article",
    ),
    ('[[rules]]\nname = "a"\nchannels = ["out"]\narticles = ["205"]', 7, "need the acts"),
    ('[[rules]]\nname = "a"\nchannels = ["nowhere"]', 6, "unknown channel 'nowhere'"),
    ('[[rules]]\nname = "a"\n\nchannels = []', 7, "empty list"),
    ('[[rules]]\nname = "A b"\nchannels = ["out"]', 5, "name of small letters"),
    ('[[rules]]\nname = "a"\nchannels = ["out"]\nphases = ["T-31"]', 7, "'T-31' is not one of the phases"),
    ('[[rules]]\nname = "a"\nchannels = ["out"]\nwords = ["не*"]', 7, "too short"),
    ('[[rules]]\nname = "a"\nchannels = ["out"]\nwords = ["ки*бер"]', 7, "star may stand at the end only"),
    ('[[rules]]\nname = "a"\nchannels = ["out"]\nlanguages = ["en"]', 7, "not a language"),
    ('[[rules]]\nname = "a"\nchannels = ["out"]\ntopics = ["nosuch"]', 7, "unknown topic"),
    ('[[rules]]\nname = "a"\nchannels = ["out"]\nwhen = "now"', 7, "unknown field 'when'"),
    ('[[rules]]\nname = "a"\nchannels = ["out"]\ntrouble_days = 0', 7, "from 1 to 365"),
    ('[[rules]]\nname = "a"\nchannels = ["out"]\n[[rules]]\nname = "a"\nchannels = ["out"]', 8, "exists already"),
    ('[[rules]]\nname = "a"\nchannels = ["out"]\nevery = "hour"', 7, "use one of run, day, week"),
    ('[settings]\nreader = "de"\n[[rules]]\nname = "a"\nchannels = ["out"]', 5, "no language of messages"),
    ('[settings]\nsite = "law.example"\n[[rules]]\nname = "a"\nchannels = ["out"]', 5, "not a web address"),
    ('[settings]\ntemplates = "none"\n[[rules]]\nname = "a"\nchannels = ["out"]', 5, "does not exist"),
    ('[chanels.x]\nkind = "stdout"\n[[rules]]\nname = "a"\nchannels = ["out"]', 4, "unknown section 'chanels'"),
]


@pytest.mark.parametrize(("body", "line", "reason"), BAD_RULES)
def test_a_mistake_is_named_with_its_line_and_the_reason(tmp_path: Path, body: str, line: int, reason: str) -> None:
    path = rules_file(tmp_path, body)
    with pytest.raises(RulesError) as caught:
        load_rules(path, topics=frozenset({"cyber"}))
    assert f"line {line}:" in str(caught.value)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_toml_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "alerts.toml"
    path.write_text('[[rules]]\nname = "a\n', encoding="utf-8")
    with pytest.raises(RulesError, match="line 2"):
        load_rules(path)


def test_an_absent_file_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="--rules"):
        load_rules(tmp_path / "none.toml")


def test_a_secret_in_the_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ChannelError, match=r"line 1: .*may not stand in the rules"):
        channel(tmp_path, 'kind = "webhook"\nurl = "https://example.org/x"\nsecret = "plain"')


def test_a_secret_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("s3cret-value\n")
    for mode in (0o640, 0o604, 0o644, 0o620):
        path.chmod(mode)
        with pytest.raises(ChannelError, match="chmod 600"):
            read_secret(f"file:{path}", {})
    path.chmod(0o600)
    assert read_secret(f"file:{path}", {}).value == "s3cret-value"


def test_a_secret_shows_in_no_representation() -> None:
    secret = Secret("hunter2-hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]}"
    said = scrub("failed for https://u:hunter2-hunter2@h/x and tgram://abc@host", [secret])
    assert "hunter2" not in said
    assert "abc@" not in said


def test_an_unset_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChannelError, match="HOOK_SECRET is not set"):
        channel(tmp_path, 'kind = "webhook"\nurl = "https://example.org/x"\nsecret = "env:HOOK_SECRET"')


@pytest.mark.parametrize(
    "address",
    [
        "json://example.org/x", "xml://example.org", "form://example.org", "syslog://", "dbus://", "gnome://", "macosx://",
        "windows://", "file:///etc/passwd", "exec://rm", "apprise://host/token", "amqp://host", "mqtt://host", "rsyslog://host",
        "smpp://u:p@h/x/y", "vapid://x@y", "kodi://host", "nothing",
    ],
)  # fmt: skip
def test_apprise_services_outside_the_allow_list_are_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(ChannelError, match="is not allowed"):
        channel(tmp_path, 'kind = "apprise"\nurl = "env:URL"', {"URL": address})


@pytest.mark.parametrize(
    "option", ["template=/etc/passwd", "pgpkey=/etc/x", "verify=no", "+x-file=1", "foo=file:///etc/passwd"]
)
def test_apprise_options_that_read_files_or_drop_certificates_are_refused(tmp_path: Path, option: str) -> None:
    url = f"tgram://123456789:AAEabcdefghijklmnopqrstuvwxyzabcdefg/12345678/?{option}"
    with pytest.raises(ChannelError, match="refused") as caught:
        channel(tmp_path, 'kind = "apprise"\nurl = "env:URL"', {"URL": url})
    assert "AAEabc" not in str(caught.value)


def test_apprise_knows_every_service_of_the_allow_list() -> None:
    from apprise.manager_plugins import NotificationManager

    from lawdiff.alerts.channels.bridge import HOSTED, SELF_HOSTED

    known = set(NotificationManager().schemas())
    assert known >= HOSTED | SELF_HOSTED


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('kind = "webhook"\nurl = "http://example.org/x"\nsecret = "env:S"', "not https"),
        ('kind = "webhook"\nurl = "https://u:p@example.org/x"\nsecret = "env:S"', "without user"),
        ('kind = "webhook"\nurl = "https://example.org/x?token=1"\nsecret = "env:S"', "may hold a token"),
        ('kind = "webhook"\nurl = "https://example.org/x"\nsecret = "env:S"\nretries = 3', "unknown option 'retries'"),
        ('kind = "smtp"\nhost = "mail.example.org"\nfrom = "a@b"\nto = []', "needs to"),
        ('kind = "smtp"\nhost = "m"\nfrom = "a@b"\nto = ["x@y"]\nsecurity = "none"', "unprotected"),
        ('kind = "smtp"\nhost = "m"\nfrom = "a@b"\nto = ["x@y"]\nuser = "u"', "no password"),
        ('kind = "smtp"\nhost = "m"\nfrom = "a@b\\r\\nBcc: c@d"\nto = ["x@y"]', "one line"),
        ('kind = "smtp"\nhost = "m"\nfrom = "a@b"\nto = ["x@y, z@w"]', "needs to"),
        ('kind = "atom"', "needs folder"),
    ],
)
def test_a_channel_that_cannot_be_used_says_why(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ChannelError, match="channel 'out'") as caught:
        channel(tmp_path, text, {"S": "long enough secret"})
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
        "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::",
        "64:ff9b::7f00:1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::",
    ],
)  # fmt: skip
def test_private_and_loopback_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946"])
def test_addresses_on_the_internet_are_public(address: str) -> None:
    assert is_public(address)


def test_the_state_file_is_its_owners_alone(tmp_path: Path) -> None:
    from lawdiff.alerts.state import State

    os.umask(0o022)
    with State(tmp_path / "alerts.db"):
        pass
    assert (tmp_path / "alerts.db").stat().st_mode & 0o077 == 0
