"""Addresses that a channel may call: public ones, and private ones that the rules allow by name.

A webhook address is resolved once, every answer is checked, and the connection goes to the checked address, so that a
name that resolves differently a moment later gains nothing (SSRF, DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable

from lawdiff.alerts.channels.base import SendFailed

_SHARED = ipaddress.ip_network("100.64.0.0/10")  # carrier NAT, RFC 6598: neither public nor `is_private`
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is out on the internet; IPv4 inside IPv6 is judged as IPv4."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = (
            ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        )
        if inner is not None:
            ip = inner
    if isinstance(ip, ipaddress.IPv4Address) and ip in _SHARED:
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def checked_address(host: str, port: int, allowed: Iterable[str]) -> str:
    """An address of `host` to connect to. Raises SendFailed: permanent for a private address that is not allowed by
    name, to be tried again where the name does not resolve now."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SendFailed(f"cannot resolve {host}: {error}") from error
    addresses = [str(answer[4][0]) for answer in answers]
    if host.lower().rstrip(".") not in {name.lower().rstrip(".") for name in allowed}:
        for address in addresses:
            if not is_public(address):
                raise SendFailed(
                    f"{host} is a private or loopback address ({address}); allow it with allow_private = [{host!r}]",
                    permanent=True,
                )
    return addresses[0]
