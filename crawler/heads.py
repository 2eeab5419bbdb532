"""Heads of answers that end: Scrapy bounds the body of an answer, nobody bounds what comes before it.

A server that sends header lines without end filled 600 MB in four seconds on loopback (measured); the time limit alone
does not help. Such an answer is given up at 256 kB and kept as the error that it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.python.failure import Failure
from twisted.web._newclient import BODY, HTTP11ClientProtocol

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.interfaces import IAddress

MOST_BYTES = 256 * 1024


class EndlessHead(Exception):
    """More header lines came than any answer needs."""


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """A connection that is dropped when the head of an answer goes on and on."""

    _head = 0

    def request(self, request: Any) -> Any:
        """A question begins: so does the count of its answer's head."""
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # the name is Twisted's
        if self._parser is not None and self._parser.state != BODY:
            self._head += len(data)
            if self._head > MOST_BYTES:
                error = EndlessHead(f"the head of the answer is longer than {MOST_BYTES} bytes")
                transport: Any = self.transport
                self._giveUp(Failure(error))  # type: ignore[no-untyped-call]
                transport.abortConnection()
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Makes the connections above."""

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # the name is Twisted's
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedHandler(HTTP11DownloadHandler):
    """Scrapy's handler with bounded heads."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedFactory
