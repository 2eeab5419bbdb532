"""[channels.NAME] → a `Channel`: options checked by kind, secrets read. Every refusal names the channel and the
line."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from lawdiff.alerts.channels.base import Channel, Patience
from lawdiff.alerts.channels.bridge import AppriseChannel
from lawdiff.alerts.channels.local import AtomFiles, Stdout
from lawdiff.alerts.channels.smtp import ADDRESS, Smtp
from lawdiff.alerts.channels.webhook import Webhook
from lawdiff.alerts.rules import ChannelConfig, Settings
from lawdiff.alerts.secrets import ChannelError, read_secret

_COMMON = {"attempts", "retry_base", "retry_cap", "timeout"}
_OPTIONS = {
    "apprise": {"url", "allow_private", "on_doubt"},
    "smtp": {"host", "port", "from", "to", "security", "user", "password", "allow_private"},
    "webhook": {"url", "secret", "allow_private"},
    "atom": {"folder", "entries"},
    "stdout": {"format"},
}
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class _Options:
    """The options of one channel, each read with its own reason for refusal."""

    def __init__(self, config: ChannelConfig, rules_file: Path, environ: Mapping[str, str]) -> None:
        self.config = config
        self.rules_file = rules_file
        self.environ = environ
        for key in config.options:
            if key not in _OPTIONS[config.kind] | _COMMON:
                known = ", ".join(sorted(_OPTIONS[config.kind] | _COMMON))
                raise self.error(f"unknown option {key!r}; a {config.kind} channel has {known}")

    def error(self, reason: str) -> ChannelError:
        return ChannelError(f"{self.rules_file}, line {self.config.line}: channel {self.config.name!r}: {reason}")

    def text(self, key: str, default: str | None = None) -> str:
        given = self.config.options.get(key, default)
        if not isinstance(given, str) or not given or "\n" in given or "\r" in given:
            raise self.error(f"needs {key} as one line of text")
        return given

    def texts(self, key: str) -> tuple[str, ...]:
        given = self.config.options.get(key, [])
        given = [given] if isinstance(given, str) else given
        if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
            raise self.error(f"{key} must be a list of texts")
        return tuple(given)

    def number(self, key: str, default: float, low: float, high: float) -> float:
        given = self.config.options.get(key, default)
        if isinstance(given, bool) or not isinstance(given, int | float) or not low <= given <= high:
            raise self.error(f"{key} must be a number from {low:g} to {high:g}")
        return float(given)

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        given = self.text(key, allowed[0])
        if given not in allowed:
            raise self.error(f"{key} = {given!r}; use one of {', '.join(allowed)}")
        return given

    def secret(self, key: str) -> Any:
        try:
            return read_secret(self.text(key), self.environ)
        except ChannelError as error:
            if str(error).startswith(str(self.rules_file)):
                raise
            raise self.error(f"{key}: {error}") from error

    def patience(self) -> Patience:
        return Patience(
            int(self.number("attempts", 10, 1, 100)),
            self.number("retry_base", 60, 1, 86400),
            self.number("retry_cap", 6 * 3600, 0, 7 * 86400),
        )


def open_channel(
    config: ChannelConfig,
    settings: Settings,
    rules_file: Path,
    environ: Mapping[str, str],
    stdout: IO[str] | None = None,
) -> Channel:
    """The channel that `config` describes. Raises ChannelError with line and reason; secrets are read here, not
    earlier."""
    options = _Options(config, rules_file, environ)
    opened = _OPENERS[config.kind](options, settings)
    if isinstance(opened, Stdout):
        opened.stream = stdout
    opened.patience = options.patience()
    return opened


def targets_of(config: ChannelConfig) -> tuple[str, ...]:
    """Whom a channel serves, as the file says, whether or not it can be opened now: the addresses of mail, else one."""
    to = config.options.get("to") if config.kind == "smtp" else None
    return tuple(dict.fromkeys(map(str, to))) if isinstance(to, list) and to else (str(to),) if to else ("",)


def _apprise(options: _Options, _: Settings) -> Channel:
    try:
        return AppriseChannel(
            options.config.name, options.secret("url"), options.texts("allow_private"),
            options.choice("on_doubt", ("repeat", "drop")),
        )  # fmt: skip
    except ChannelError as error:
        if str(error).startswith(str(options.rules_file)):
            raise
        raise options.error(str(error)) from error


def _smtp(options: _Options, _: Settings) -> Channel:
    security = options.choice("security", ("starttls", "tls", "none"))
    host = options.text("host")
    to = options.texts("to")
    if not to or not all(ADDRESS.fullmatch(address) for address in to):
        raise options.error('needs to = ["name@example.org", …]')
    sender = options.text("from")
    if not re.fullmatch(rf"(?:[^<>\r\n]*<)?{ADDRESS.pattern}>?", sender):
        raise options.error(f"from = {sender!r} is no address")
    if security == "none" and not _is_loopback(host) and host not in options.texts("allow_private"):
        raise options.error(f'security = "none" sends mail unprotected; allow it with allow_private = [{host!r}]')
    user = options.text("user") if "user" in options.config.options else None
    if user and "password" not in options.config.options:
        raise options.error('has a user but no password; write password = "env:NAME"')
    if user and security == "none" and not _is_loopback(host):
        raise options.error("will not send a password over an unprotected connection; use starttls or tls")
    return Smtp(
        options.config.name, host, int(options.number("port", _PORTS[security], 1, 65535)), sender,
        tuple(dict.fromkeys(to)), security, user, options.secret("password") if user else None,
        options.number("timeout", 20, 0.1, 300),
    )  # fmt: skip


def _webhook(options: _Options, _: Settings) -> Channel:
    given = options.text("url")
    # An address with a token in it is a secret; one without may stand in the rules.
    url = options.secret("url") if re.match(r"(env|file):", given) else _open_url(options, given)
    parts = urlsplit(url.value)
    allowed = options.texts("allow_private")
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.password:
        raise options.error("url must be https://host/path without user and password")
    if parts.scheme == "http" and parts.hostname not in allowed:
        raise options.error(
            f"url is not https; for a receiver inside your network write allow_private = [{parts.hostname!r}]"
        )
    return Webhook(options.config.name, url, options.secret("secret"), allowed, options.number("timeout", 10, 0.1, 120))


def _open_url(options: _Options, given: str) -> Any:
    from lawdiff.alerts.secrets import Secret

    if urlsplit(given).query:
        raise options.error('url has a query, which may hold a token: write url = "env:NAME"')
    return Secret(given)


def _atom(options: _Options, settings: Settings) -> Channel:
    folder = options.rules_file.parent / options.text("folder")
    return AtomFiles(options.config.name, folder, settings, int(options.number("entries", 100, 1, 1000)))


def _stdout(options: _Options, _: Settings) -> Channel:
    return Stdout(options.config.name, options.choice("format", ("text", "json")) == "json")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_OPENERS = {"apprise": _apprise, "smtp": _smtp, "webhook": _webhook, "atom": _atom, "stdout": _stdout}
