"""TLS with verification always on, and room for an intermediate certificate that a server forgets to send.

The portal sends its leaf alone (FORMAT §2). A PEM file named by `--ca-bundle` is added to the system's trusted
certificates, never put in their place; a chain that still does not verify is an error, not a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from twisted.internet._sslverify import IOpenSSLTrustRoot
from twisted.internet.ssl import optionsForClientTLS
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.heads import BoundedHandler

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


@implementer(IOpenSSLTrustRoot)
class SystemAndBundle:
    """The system's trusted certificates and those of a file."""

    def __init__(self, bundle: str | None) -> None:
        self.bundle = bundle

    def _addCACertsToContext(self, context: SSL.Context) -> None:  # the name is Twisted's
        context.set_default_verify_paths()
        if self.bundle:
            context.load_verify_locations(self.bundle)


@implementer(IPolicyForHTTPS)
class VerifyingContexts(_ScrapyClientContextFactory):
    """Connections that fail when the certificate does not verify or is of another host."""

    trust: SystemAndBundle

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # the name is Twisted's
        return optionsForClientTLS(
            hostname=hostname.decode("ascii"),
            trustRoot=self.trust,  # type: ignore[arg-type]
            extraCertificateOptions={
                name: value for name, value in self._get_cert_options_kwargs().items() if name != "trustRoot"
            },
        )


class VerifyingHandler(BoundedHandler):
    """The handler for https with the contexts above."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        contexts = VerifyingContexts.from_crawler(crawler)
        contexts.trust = SystemAndBundle(crawler.settings.get("LAWDIFF_CA_BUNDLE"))
        self._contextFactory = contexts  # type: ignore[assignment]
