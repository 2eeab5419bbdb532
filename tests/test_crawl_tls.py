"""Certificates: verified always; a missing intermediate is added by a setting; expired or foreign ones end the run."""

from __future__ import annotations

import hashlib
import json
import os
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from faultserver import QUICK, FaultServer, Run, digests, good, miniature, run_spider

from lawdiff.archive import Archive


class LocalCa:
    """A root that the spider's system trusts (SSL_CERT_FILE), an intermediate that it does not know, and leaves."""

    def __init__(self, folder: Path) -> None:
        self.root = trustme.CA()
        self.middle = self.root.create_child_ca()
        self.root_file = folder / "root.pem"
        self.root_file.write_bytes(self.root.cert_pem.bytes())
        self.middle_file = folder / "intermediate.pem"
        self.middle_file.write_bytes(self.middle.cert_pem.bytes())

    def context(self, leaf: trustme.LeafCert, *, with_intermediate: bool) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        chain = leaf.cert_chain_pems if with_intermediate else leaf.cert_chain_pems[:1]
        with (
            leaf.private_key_pem.tempfile() as key,
            trustme.Blob(b"".join(p.bytes() for p in chain)).tempfile() as certs,
        ):
            context.load_cert_chain(certs, key)
        return context

    @property
    def env(self) -> dict[str, str]:
        """What stands in for the system's store."""
        return {"SSL_CERT_FILE": str(self.root_file), "SSL_CERT_DIR": str(self.root_file.parent / "none")}


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> LocalCa:
    return LocalCa(tmp_path_factory.mktemp("ca"))


def test_a_whole_chain_is_accepted_and_its_fingerprint_is_kept(ca: LocalCa, tmp_path: Path) -> None:
    leaf = ca.middle.issue_cert("localhost")
    with FaultServer(miniature(), context=ca.context(leaf, with_intermediate=True)) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--current-only", **ca.env)
    assert run.code == 0, run.summary
    der = ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode())
    prints = {entry.certificate_sha256 for entry in good(tmp_path / "archive").values()}
    assert prints == {hashlib.sha256(der).hexdigest()}


def test_a_missing_intermediate_is_refused_until_it_is_added(ca: LocalCa, tmp_path: Path) -> None:
    leaf = ca.middle.issue_cert("localhost")
    with FaultServer(miniature(), context=ca.context(leaf, with_intermediate=False)) as server:
        refused = run_spider(tmp_path / "archive", "--base-url", server.url, **ca.env)
        assert refused.code == 1
        assert "--ca-bundle" in refused.summary["stopped"]
        assert server.hits == [], "nothing was asked over a connection that does not verify"
        accepted = run_spider(
            tmp_path / "archive", "--base-url", server.url, "--ca-bundle", str(ca.middle_file), **ca.env
        )
    assert accepted.code == 0, accepted.summary
    assert len(digests(tmp_path / "archive")) == 6


@pytest.mark.parametrize("fault", ["expired", "other host", "unknown root"])
def test_a_certificate_that_does_not_verify_ends_the_run_without_a_retry(
    fault: str, ca: LocalCa, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    if fault == "expired":
        leaf = ca.root.issue_cert("localhost", not_before=now - timedelta(days=90), not_after=now - timedelta(days=1))
    elif fault == "other host":
        leaf = ca.root.issue_cert("adilet.example")
    else:
        leaf = trustme.CA().issue_cert("localhost")
    with FaultServer(miniature(), context=ca.context(leaf, with_intermediate=True)) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--ca-bundle", str(ca.middle_file), **ca.env)
    assert run.code == 1
    assert "does not verify" in run.summary["stopped"]
    assert server.hits == []
    entries = list(Archive(tmp_path / "archive").entries())
    assert len(entries) == 1, "one attempt, kept with its error"
    assert entries[0].http_status is None
    assert entries[0].error


# What Scrapy and Twisted do not promise to keep, and how it would be gone. Each is taken away before the spider starts.
HIDE = """
import importlib, sys, types
def hide(module, name):
    real = importlib.import_module(module)
    class Without(types.ModuleType):
        def __getattr__(self, asked):
            if asked == name:
                raise AttributeError(asked)
            return getattr(real, asked)
    sys.modules[module] = Without(module)
"""
GONE = {
    "Twisted's trust root": "import twisted.internet.ssl; hide('twisted.internet._sslverify', 'IOpenSSLTrustRoot')",
    "Scrapy's place for contexts": """
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler as H
made = H.__init__
def another(self, crawler):
    made(self, crawler)
    self._policy = vars(self).pop("_contextFactory")
def found(self, name):
    if name == "_contextFactory":
        return vars(self)["_policy"]
    raise AttributeError(name)
H.__init__, H.__getattr__ = another, found
""",
    "Scrapy's connections": "hide('scrapy.core.downloader.handlers.http11', '_LenientHTTP11ClientProtocol')",
    "Twisted's states of a parser": "import twisted.web.client; hide('twisted.web._newclient', 'BODY')",
    "Twisted's way to give up": "import twisted.web._newclient as m; del m.HTTP11ClientProtocol._giveUp",
    "the certificate of an answer": """
from scrapy.http import Response
Response.certificate = property(lambda self: None, lambda self, value: None)
""",
}  # fmt: skip
FOR_CERTIFICATES = ("Twisted's trust root", "Scrapy's place for contexts")


def without(gone: str, archive: Path, *arguments: str, **env: str) -> Run:
    """The spider where something of Scrapy or Twisted is gone."""
    code = f"{HIDE}\n{GONE[gone]}\nimport sys\nfrom crawler.__main__ import main\nsys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "K1400000226", *QUICK, "--archive", str(archive), "--json", *arguments],
        capture_output=True, text=True, timeout=60, check=False, env=os.environ | env,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return Run(done.returncode, json.loads(done.stdout), done.stderr)


@pytest.mark.parametrize("gone", GONE)
def test_another_release_of_scrapy_or_twisted_costs_what_it_no_longer_gives_and_this_is_told(
    gone: str, ca: LocalCa, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    leaf = ca.middle.issue_cert("localhost")
    with FaultServer(miniature(), context=ca.context(leaf, with_intermediate=True)) as server:
        run = without(gone, archive, "--base-url", server.url, "--current-only", **ca.env)
    assert run.code == 0, run.summary
    words = "fingerprint" if gone == "the certificate of an answer" else "this release of Scrapy or Twisted"
    assert [words in remark for remark in run.summary["remarks"]] == [True]
    assert words in run.errors
    assert len(digests(archive)) == 2
    prints = {entry.certificate_sha256 is None for entry in good(archive).values()}
    assert prints == {gone == "the certificate of an answer"}


@pytest.mark.parametrize("gone", FOR_CERTIFICATES)
def test_certificates_are_verified_with_any_release(gone: str, ca: LocalCa, tmp_path: Path) -> None:
    for number, leaf in enumerate((trustme.CA().issue_cert("localhost"), ca.middle.issue_cert("adilet.example"))):
        with FaultServer(miniature(), context=ca.context(leaf, with_intermediate=True)) as server:
            run = without(gone, tmp_path / f"archive{number}", "--base-url", server.url, **ca.env)
        assert run.code == 1
        assert "does not verify" in run.summary["stopped"]
        assert server.hits == []


@pytest.mark.parametrize("gone", FOR_CERTIFICATES)
def test_a_file_of_certificates_that_cannot_be_used_ends_the_run_before_any_question(
    gone: str, ca: LocalCa, tmp_path: Path
) -> None:
    leaf = ca.middle.issue_cert("localhost")
    with FaultServer(miniature(), context=ca.context(leaf, with_intermediate=True)) as server:
        run = without(
            gone, tmp_path / "archive", "--base-url", server.url, "--ca-bundle", str(ca.middle_file), **ca.env
        )
    assert run.code == 1
    assert "--ca-bundle cannot be used" in run.summary["stopped"]
    assert server.hits == []
    assert run.summary["requests"] == 1


def test_a_release_that_does_not_know_the_setting_asks_nothing(
    ca: LocalCa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaf = ca.middle.issue_cert("localhost")
    monkeypatch.setitem(
        GONE,
        "both",
        GONE["Twisted's trust root"]
        + "\nimport scrapy.settings.default_settings as d; del d.DOWNLOAD_VERIFY_CERTIFICATES",
    )
    with FaultServer(miniature(), context=ca.context(leaf, with_intermediate=True)) as server:
        run = without("both", tmp_path / "archive", "--base-url", server.url, **ca.env)
    assert run.code == 1
    assert "certificates cannot be verified" in run.summary["stopped"]
    assert server.hits == []


def test_a_plain_connection_needs_no_certificate_and_gives_no_remark(tmp_path: Path) -> None:
    with FaultServer(miniature()) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--current-only")
    assert (run.code, run.summary["remarks"]) == (0, [])
