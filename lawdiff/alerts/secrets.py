"""Secrets: named in the rules as `env:NAME` or `file:/path`, read when a channel is opened, kept in memory only.

A file that others than its owner may read is refused, and so is a secret written into the rules themselves. `Secret`
shows neither in `repr` nor in messages; `scrub` removes secrets from what others' code says in an error.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lawdiff.errors import LawdiffError

REFERENCE = re.compile(r"(env|file):(.+)", re.DOTALL)


class ChannelError(LawdiffError):
    """A channel cannot be used as it is configured; the text names the channel, the line of the rules and the
    reason."""


@dataclass(frozen=True, slots=True)
class Secret:
    value: str

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__


def read_secret(reference: str, environ: Mapping[str, str]) -> Secret:
    """The secret that `env:NAME` or `file:/path` names. Raises ChannelError with the reason and what to do."""
    match = REFERENCE.fullmatch(reference)
    if not match:
        raise ChannelError("a secret may not stand in the rules: write env:NAME or file:/path to a file of mode 600")
    kind, name = match[1], match[2].strip()
    if kind == "env":
        value = environ.get(name)
        if not value:
            raise ChannelError(f"the environment variable {name} is not set; set it for the timer's service")
        return Secret(value)
    return Secret(_read_file(Path(name)))


def _read_file(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise ChannelError(f"cannot read the secret file {path}: {error.strerror}") from error
    with os.fdopen(descriptor, encoding="utf-8") as file:
        mode = os.fstat(file.fileno()).st_mode  # of the opened file, not of a path that may change meanwhile
        if not stat.S_ISREG(mode):
            raise ChannelError(f"the secret file {path} is not a regular file")
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ChannelError(
                f"the secret file {path} can be read by others (mode {mode & 0o777:o}); chmod 600 {path}"
            )
        value = file.read().strip()
    if not value:
        raise ChannelError(f"the secret file {path} is empty")
    return value


def scrub(text: str, secrets: Iterable[Secret]) -> str:
    """`text` on one line, without the secrets and without anything that looks like credentials in an address."""
    for secret in secrets:
        for piece in {secret.value, *re.split(r"[/:@?&=]+", secret.value)}:
            if len(piece) >= 6:
                text = text.replace(piece, "…")
    text = re.sub(r"\b([a-z][a-z0-9+.-]*://)[^\s/@]+@", r"\1…@", text)
    return " ".join(text.split())[:300]
