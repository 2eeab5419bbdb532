"""Connections that are dropped when the head of an answer goes on and on.

Leans on names that Scrapy and Twisted do not promise to keep (those with an underscore): crawler.heads goes on without
this module where one of them is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory, _LenientHTTP11ClientProtocol
from twisted.python.failure import Failure
from twisted.web._newclient import BODY, HTTP11ClientProtocol

if TYPE_CHECKING:
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


# Asked for here, so that a name that is gone is noticed before the first answer comes.
PROMISED_BY_NOBODY = (HTTP11ClientProtocol._giveUp, HTTP11ClientProtocol._parser)
