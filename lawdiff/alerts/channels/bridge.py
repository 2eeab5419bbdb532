"""Apprise: Telegram, Slack, Teams, Matrix and others, through an allow-list of services.

The list holds services that carry a message to people over the network. Kinds that run programs, write files, reach
the desktop or post to any address (json://, xml://, form://, syslog, dbus, …) are not on it, and options that read
files (`template=`, keys) are refused. Self-hosted services on private addresses must be allowed by name. Apprise
gives no receipt beyond yes or no: see `on_doubt`.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from lawdiff.alerts.channels.base import Channel, Message, Patience, SendFailed
from lawdiff.alerts.channels.network import checked_address
from lawdiff.alerts.messages import Limits
from lawdiff.alerts.secrets import ChannelError, Secret, scrub

HOSTED = frozenset({  # the service's own public hosts; the address holds tokens, not a host
    "tgram", "slack", "discord", "workflow", "workflows", "wxteams", "webex", "gchat", "zulip", "pover", "pbul",
    "mailgun", "sendgrid", "postmark", "ses", "twilio", "vonage", "line", "lark", "feishu", "dingtalk", "wecombot",
    "opsgenie", "pagerduty", "o365",
})  # fmt: skip
SELF_HOSTED = frozenset({  # the address names a host, which is checked
    "mailto", "mailtos", "ntfy", "ntfys", "gotify", "gotifys", "mmost", "mmosts", "rocket", "rockets", "matrix",
    "matrixs", "nctalk", "nctalks", "signal", "signals",
})  # fmt: skip
_FILES = re.compile(r"template|tmpl|tpl|pgp|smime|gpg|key|keyfile|cert|attach|include|config|path|file", re.IGNORECASE)
_CHAT_SIZE = 4096


@dataclass
class AppriseChannel(Channel):
    name: str
    url: Secret
    allow_private: tuple[str, ...] = ()
    on_doubt: str = "repeat"
    patience: Patience = field(default_factory=Patience)
    limits: Limits = field(default_factory=lambda: Limits(size=_CHAT_SIZE, html=False, chat=True, most_parts=3))

    def __post_init__(self) -> None:
        self._scheme = check_address(self.url)
        plugin = self._plugin()
        if self._scheme.startswith("mailto"):
            self.limits = Limits(size=94_000, most_parts=5)
            return
        size = int(getattr(plugin, "body_maxlen", _CHAT_SIZE) or _CHAT_SIZE)
        title = 0 if not getattr(plugin, "title_maxlen", 0) else 250
        # Apprise counts characters, we bytes: Cyrillic has two per character, so this limit errs on the short side
        # never by more than half; below 500 only the subject and links fit.
        self.limits = Limits(
            size=max(500, min(size, 20_000) - title - 96), html=False, chat=True, most_parts=3, redline=1200
        )

    def _plugin(self) -> object:
        import apprise

        plugin = apprise.Apprise.instantiate(self.url.value, suppress_exceptions=True)
        if plugin is None:
            raise ChannelError(
                f"Apprise does not understand the address of a {self._scheme}:// channel; compare its documentation"
            )
        return plugin

    def send(self, message: Message) -> None:
        import apprise

        parts = urlsplit(self.url.value)
        if self._scheme in SELF_HOSTED and parts.hostname:
            host = dict(parse_qsl(parts.query)).get("smtp", parts.hostname)
            checked_address(host, parts.port or 443, self.allow_private)
        mail = self._scheme.startswith("mailto")
        courier = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False, app_id="lawdiff", app_desc="lawdiff"))
        courier.add(self.url.value)
        log = _Listener()
        logger = logging.getLogger("apprise")
        propagate, level = logger.propagate, logger.level
        logger.addHandler(log)
        logger.propagate = False  # Apprise logs addresses with tokens
        logger.setLevel(logging.WARNING)
        try:
            taken = courier.notify(
                title=message.part.subject,
                body=message.part.html if mail and message.part.html else _without_subject(message.part.text),
                body_format=apprise.NotifyFormat.HTML if mail and message.part.html else apprise.NotifyFormat.TEXT,
            )
        except Exception as error:
            raise SendFailed(scrub(f"{type(error).__name__}: {error}", [self.url])) from error
        finally:
            logger.removeHandler(log)
            logger.propagate = propagate
            logger.setLevel(level)
        if not taken:
            raise SendFailed(scrub(" ".join(log.lines[-2:]) or "Apprise did not say why", [self.url]))


def check_address(url: Secret) -> str:
    """The scheme of an allowed Apprise address; ChannelError names what is refused, never the address."""
    match = re.match(r"([A-Za-z0-9]+)://", url.value)
    scheme = match[1].lower() if match else ""
    if scheme not in HOSTED | SELF_HOSTED:
        raise ChannelError(
            f"Apprise service {scheme or 'without a scheme'!r} is not allowed; "
            f"allowed are {', '.join(sorted(HOSTED | SELF_HOSTED))}"
        )
    for name, given in parse_qsl(urlsplit(url.value).query, keep_blank_values=True):
        plain = name.lstrip("+-:")
        if _FILES.search(plain) or given.lower().startswith("file:"):
            raise ChannelError(f"the option {plain!r} of a {scheme}:// address is refused: it may read files")
        if plain.lower() == "verify" and given.lower() in ("no", "false", "0", "off"):
            raise ChannelError(f"verify={given} of a {scheme}:// address is refused: certificates are always checked")
    return scheme


def _without_subject(text: str) -> str:
    """The body without its first line, which Apprise sends as the title."""
    return text.partition("\n")[2].strip() or text


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
