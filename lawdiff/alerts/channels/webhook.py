"""A JSON webhook, signed as the Standard Webhooks specification says.

Headers: `webhook-id` (the same at every attempt: the idempotency key), `webhook-timestamp` (seconds),
`webhook-signature` (`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`), and `Idempotency-Key`. Redirects
are not followed: a signed body goes only where the rules say. 2xx is taken; 408, 425, 429 and 5xx are tried again,
429 and 503 no sooner than Retry-After; anything else is final.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from lawdiff import __version__
from lawdiff.alerts.channels.base import Channel, Message, Patience, SendFailed
from lawdiff.alerts.channels.network import checked_address
from lawdiff.alerts.messages import Limits
from lawdiff.alerts.secrets import Secret, scrub

_AGAIN = {408, 425, 429, 500, 502, 503, 504}


def signature(secret: Secret, message_id: str, timestamp: str, body: bytes) -> str:
    """`v1,…` as in the header. A secret `whsec_…` is base64, any other is taken as it is."""
    value = secret.value
    try:
        key = (
            base64.b64decode(value.removeprefix("whsec_"), validate=True)
            if value.startswith("whsec_")
            else value.encode()
        )
    except binascii.Error:
        key = value.encode()
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def retry_after(header: str | None, now: float) -> float | None:
    """Seconds of a Retry-After header, in either of its forms; None where it is absent or unreadable. At most a
    week."""
    if not header:
        return None
    if header.strip().isdigit():
        return min(float(header.strip()), 7 * 86400.0)
    try:
        return min(max(0.0, parsedate_to_datetime(header).timestamp() - now), 7 * 86400.0)
    except (ValueError, TypeError):
        return None


@dataclass
class Webhook(Channel):
    name: str
    url: Secret
    secret: Secret
    allow_private: tuple[str, ...] = ()
    timeout: float = 10.0
    context: ssl.SSLContext | None = None
    patience: Patience = field(default_factory=Patience)
    limits: Limits = field(default_factory=lambda: Limits(size=400_000, html=False, most_parts=20))
    clock: Callable[[], float] = time.time

    def send(self, message: Message) -> None:
        body = json.dumps(
            {
                "type": "lawdiff.digest",
                "id": message.id,
                "rule": message.rule.name,
                "created_at": message.created_at.isoformat(),
                "subject": message.part.subject,
                "part": message.part.number,
                "parts": message.part.of,
                "items": list(message.part.items),
            },
            ensure_ascii=False,
            sort_keys=True,
        ).encode()
        now = self.clock()
        timestamp = str(int(now))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"lawdiff/{__version__}",
            "webhook-id": message.id,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature(self.secret, message.id, timestamp, body),
            "Idempotency-Key": message.id,
        }
        try:
            status, after = self._post(body, headers)
        except SendFailed:
            raise
        except (OSError, http.client.HTTPException, ssl.SSLError) as error:
            raise SendFailed(scrub(f"{type(error).__name__}: {error}", [self.url, self.secret])) from error
        if 200 <= status < 300:
            return
        if status in _AGAIN or status >= 500:
            raise SendFailed(f"the receiver answered {status}", retry_after=retry_after(after, now))
        if 300 <= status < 400:
            raise SendFailed(
                f"the receiver answered {status}, a redirect: write the final address in the rules", permanent=True
            )
        raise SendFailed(f"the receiver answered {status}", permanent=True)

    def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str | None]:
        parts = urlsplit(self.url.value)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        address = checked_address(host, port, self.allow_private)
        connection = _Pinned(host, port, address, self.timeout, self._context() if secure else None)
        # A receiver that sends a byte now and then would outlast every single time-out: the whole call has one too.
        watchdog = threading.Timer(3 * self.timeout, connection.cut)
        watchdog.daemon = True
        watchdog.start()
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, body=body, headers=headers)
            response = connection.getresponse()  # the status is the receipt; the body is not waited for
            if connection.was_cut:  # a status line whose headers never ended is no receipt
                raise SendFailed(f"no whole answer within {3 * self.timeout:g} seconds")
            return response.status, response.getheader("Retry-After")
        finally:
            watchdog.cancel()
            connection.close()

    def _context(self) -> ssl.SSLContext:
        return self.context or ssl.create_default_context()


class _Pinned(http.client.HTTPConnection):
    """A connection to a checked address under the host's name: certificate and Host header are those of the name."""

    def __init__(self, host: str, port: int, address: str, timeout: float, context: ssl.SSLContext | None) -> None:
        self.default_port = 443 if context else 80
        super().__init__(host, port, timeout=timeout)
        self._address = address
        self._tls = context
        self.was_cut = False

    def cut(self) -> None:
        """End a call that takes too long, from another thread."""
        self.was_cut = True
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._tls is not None:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)
