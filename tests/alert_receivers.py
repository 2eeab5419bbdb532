"""Receivers on loopback for alert tests: an SMTP server and an HTTP server that verify, record and misbehave on
order."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

SECRET = "whsec_" + base64.b64encode(b"a shared secret of 32 bytes ....").decode()


class Mailbox:
    """Takes mail; `answers` are replies for the next messages, e.g. "451 later"; None or an empty list: taken."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str | None] = []
        self.refused: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address: str, options) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            return answer
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients.extend(envelope.rcpt_tos)
        return "250 OK"

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]


@contextmanager
def mail_server(**options: Any) -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:  # aiosmtpd calls itself, so it must know its port
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


class Hook:
    """What a webhook receiver saw. `answers`: (status, headers) or "hang", "drip", "drop" for the next calls; then 204.

    `taken` holds the bodies of calls with a valid signature that were answered 2xx, by their id.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.taken: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[Any] = []
        self.paths: list[str] = []
        self.bad_signatures = 0

    def verify(self, headers: dict[str, str], body: bytes) -> bool:
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return hmac.compare_digest(wanted, headers["webhook-signature"])

    def delivered(self) -> list[str]:
        """Keys of the items that a deduplicating receiver ends up with, in order of arrival."""
        seen: set[str] = set()
        keys = []
        for call_id, body in self.taken:
            if call_id not in seen:
                seen.add(call_id)
                keys.extend(key for item in body["items"] for key in item["keys"])
        return keys


@contextmanager
def hook_server(context: Any = None) -> Iterator[tuple[Hook, int]]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            hook.calls.append((headers, body))
            hook.paths.append(self.path)
            answer = hook.answers.pop(0) if hook.answers else (204, {})
            if answer == "hang":
                time.sleep(3)
                return
            if answer == "drop":
                self.connection.close()
                return
            if answer == "drip":
                for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 200:
                    time.sleep(0.05)
                    try:
                        self.wfile.write(bytes([byte]))
                    except OSError:
                        return
                return
            status, extra = answer
            if not hook.verify(headers, body):
                hook.bad_signatures += 1
                status = 401
            if 200 <= status < 300:
                hook.taken.append((headers.get("webhook-id", ""), json.loads(body)))
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hook, server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
