"""Certificates: verified always; a missing intermediate is added by a setting; expired or foreign ones end the run."""

from __future__ import annotations

import hashlib
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from faultserver import FaultServer, digests, good, miniature, run_spider

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
