"""Merkle tree hashes as in RFC 6962 §2.1: a run root over journal hashes, and the path from one of them to it.

Leaf: SHA-256(0x00 ‖ hash); node: SHA-256(0x01 ‖ left ‖ right), both over raw bytes; the left subtree is the
largest full one. A path is short (20 steps for a million entries) and needs none of the other entries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def _leaf(digest: str) -> bytes:
    return hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class RunningRoot:
    """The root over hashes that come one by one, in memory that grows with the logarithm of their number."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []  # (size, hash) of full subtrees, largest first

    def add(self, digest: str) -> None:
        size, peak = 1, _leaf(digest)
        while self._peaks and self._peaks[-1][0] == size:
            left_size, left = self._peaks.pop()
            size, peak = left_size + size, _node(left, peak)
        self._peaks.append((size, peak))

    def root(self) -> str:
        """The root so far; SHA-256 of nothing for no hashes."""
        if not self._peaks:
            return hashlib.sha256(b"").hexdigest()
        peak = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            peak = _node(left, peak)
        return peak.hex()


def root(digests: Sequence[str]) -> str:
    """The root over all of `digests` (hex, in order)."""
    running = RunningRoot()
    for digest in digests:
        running.add(digest)
    return running.root()


def _split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def _subtree(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    middle = _split(len(leaves))
    return _node(_subtree(leaves[:middle]), _subtree(leaves[middle:]))


def path(digests: Sequence[str], index: int) -> tuple[tuple[str, str], ...]:
    """The steps from `digests[index]` up to the root: (`left`|`right`: on which side the sibling stands, its hash)."""
    leaves = [_leaf(digest) for digest in digests]
    steps: list[tuple[str, str]] = []
    while len(leaves) > 1:
        middle = _split(len(leaves))
        if index < middle:
            steps.append(("right", _subtree(leaves[middle:]).hex()))
            leaves = leaves[:middle]
        else:
            steps.append(("left", _subtree(leaves[:middle]).hex()))
            leaves, index = leaves[middle:], index - middle
    return tuple(reversed(steps))


def climb(digest: str, steps: Sequence[tuple[str, str]]) -> str:
    """The root that `digest` leads to by `steps`."""
    current = _leaf(digest)
    for side, sibling in steps:
        other = bytes.fromhex(sibling)
        current = _node(other, current) if side == "left" else _node(current, other)
    return current.hex()
