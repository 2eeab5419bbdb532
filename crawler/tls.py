"""TLS with verification always on, and room for an intermediate certificate that a server forgets to send.

The portal sends its leaf alone (FORMAT §2). A PEM file named by `--ca-bundle` is added to the system's trusted
certificates, never put in their place; a chain that still does not verify is an error, not a warning.

The two places where this hooks in are names that Scrapy and Twisted do not promise to keep. With a release that lacks
one of them, certificates are verified by Scrapy's own setting against the system's certificates, and the run says so;
where a file of further certificates was named, or Scrapy does not know that setting, no connection is made at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import NotConfigured
from scrapy.settings import default_settings
from twisted.internet.ssl import AcceptableCiphers, optionsForClientTLS
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.heads import OTHER_RELEASE, BoundedHandler, remark

if TYPE_CHECKING:
    from OpenSSL import SSL
    from scrapy.crawler import Crawler

# What OpenSSL takes by default, as Scrapy does: Twisted's own list leaves out what older servers speak.
_CIPHERS = "DEFAULT"


def trust_root(bundle: str | None) -> Any:
    """The system's trusted certificates and those of a file. Raises ImportError where Twisted has no place for it."""
    from twisted.internet._sslverify import IOpenSSLTrustRoot

    @implementer(IOpenSSLTrustRoot)
    class SystemAndBundle:
        def _addCACertsToContext(self, context: SSL.Context) -> None:  # the name is Twisted's
            context.set_default_verify_paths()
            if bundle:
                context.load_verify_locations(bundle)

    return SystemAndBundle()


@implementer(IPolicyForHTTPS)
class VerifyingContexts:
    """Connections that fail when the certificate does not verify or is of another host."""

    def __init__(self, trust: Any) -> None:
        self.trust = trust
        self.ciphers = AcceptableCiphers.fromOpenSSLCipherString(_CIPHERS)  # type: ignore[no-untyped-call]

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # the name is Twisted's
        return optionsForClientTLS(
            hostname=hostname.decode("ascii"),
            trustRoot=self.trust,
            extraCertificateOptions={"acceptableCiphers": self.ciphers, "fixBrokenPeers": True},
        )


class VerifyingHandler(BoundedHandler):
    """The handler for https with the contexts above."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        bundle = crawler.settings.get("LAWDIFF_CA_BUNDLE")
        try:
            trust = trust_root(bundle)
        except ImportError:
            trust = None
        if trust is not None and "_contextFactory" in vars(self):
            self._contextFactory = VerifyingContexts(trust)  # type: ignore[assignment]
            return
        if bundle:
            raise NotConfigured(f"--ca-bundle cannot be used: {OTHER_RELEASE}; nothing is asked without it")
        if not hasattr(default_settings, "DOWNLOAD_VERIFY_CERTIFICATES"):
            raise NotConfigured(f"certificates cannot be verified: {OTHER_RELEASE}; nothing is asked without that")
        remark(crawler, f"certificates are verified by Scrapy's own setting: {OTHER_RELEASE}")
