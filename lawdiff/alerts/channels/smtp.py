"""Mail by SMTP: plain text and HTML in one message, one message per address, a Message-ID that stays the same at
every attempt.

TLS is asked for by default (`security = "starttls"`, or `"tls"` from the first byte) with the certificate checked;
`"none"` is for a relay on this machine, or one that the rules allow by name. 4xx answers and lost connections are
tried again, 5xx answers are final for that address.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any

from lawdiff.alerts.channels.base import Channel, Message, Patience, SendFailed
from lawdiff.alerts.messages import Limits
from lawdiff.alerts.secrets import Secret, scrub

ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+")
GMAIL_CLIPS_AT = 102_400  # bytes of HTML beyond which Gmail hides the rest behind «view entire message»


class _SubjectKept(EmailPolicy):
    """The usual policy, but for subjects outside ASCII: EmailPolicy loses a space where it folds between two encoded
    words («введение,изменение»; CPython 3.11 to 3.13)."""

    def fold(self, name: str, value: Any) -> str:
        text = str(value)
        if name.lower() != "subject" or text.isascii():
            return str(super().fold(name, value))
        words = Header(text, "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {words}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("utf-8" if self.utf8 else "ascii", "surrogateescape")


_POLICY = _SubjectKept(linesep=SMTP.linesep)


@dataclass
class Smtp(Channel):
    name: str
    host: str
    port: int
    sender: str
    to: tuple[str, ...]
    security: str = "starttls"
    user: str | None = None
    password: Secret | None = None
    timeout: float = 20.0
    context: ssl.SSLContext | None = None
    patience: Patience = field(default_factory=Patience)
    limits: Limits = field(default_factory=lambda: Limits(size=GMAIL_CLIPS_AT - 8_000, most_parts=5))

    def targets(self) -> tuple[str, ...]:
        return self.to

    def message(self, message: Message) -> EmailMessage:
        """The mail as it goes out."""
        mail = EmailMessage(policy=_POLICY)
        domain = self.sender.rpartition("@")[2].strip("> ") or "lawdiff.local"
        mail["From"] = self.sender
        mail["To"] = Address(addr_spec=message.target)
        mail["Subject"] = " ".join(message.part.subject.split())[:300]
        mail["Date"] = format_datetime(message.created_at)
        mail["Message-ID"] = f"<{message.id}@{domain}>"
        mail["List-Id"] = f"{message.rule.name} <{message.rule.name}.lawdiff.{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail["Content-Language"] = message.rule.reader
        if message.part.of > 1:
            digest = message.id.rpartition(".")[0]
            mail["References"] = f"<{digest}@{domain}>"
        mail.set_content(message.part.text, cte="base64")
        if message.part.html:
            mail.add_alternative(message.part.html, subtype="html", cte="base64")
        return mail

    def send(self, message: Message) -> None:
        mail = self.message(message)
        secrets = [self.password] if self.password else []
        try:
            with self._connect() as server:
                server.send_message(mail, from_addr=self._envelope(), to_addrs=[message.target])
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            raise SendFailed(scrub(f"{code} {_text(answer)}", secrets), permanent=code >= 500) from error
        except smtplib.SMTPAuthenticationError as error:
            # A wrong password is a matter for a person, but a server that is down answers so too: try again, then bury.
            raise SendFailed(f"{error.smtp_code} authentication refused", permanent=False) from error
        except smtplib.SMTPResponseException as error:
            said = scrub(f"{error.smtp_code} {_text(error.smtp_error)}", secrets)
            raise SendFailed(said, permanent=error.smtp_code >= 500) from error
        except smtplib.SMTPNotSupportedError as error:
            raise SendFailed(scrub(str(error), secrets), permanent=True) from error
        except (OSError, smtplib.SMTPException, ssl.SSLError) as error:
            raise SendFailed(scrub(f"{type(error).__name__}: {error}", secrets)) from error

    def _envelope(self) -> str:
        match = re.search(r"<([^>]+)>", self.sender)
        return match[1] if match else self.sender

    def _connect(self) -> smtplib.SMTP:
        context = self.context or ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user and self.password:
                server.login(self.user, self.password.value)
        except BaseException:
            server.close()
            raise
        return server


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
