"""Where the double keeps what no host of FreeBSD has, and what it was told to be."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import tomllib

DOUBLE = Path("/usr/libexec/freebsd-double")
HIDDEN = DOUBLE / "bin"  # Debian's programs that FreeBSD's base system has not
PAYLOAD = DOUBLE / "payload"  # the files of packages, by the package's name
MEMORY = DOUBLE / "memory"  # survives a reboot
RUNNING = Path("/var/run/double")  # does not


@dataclass(frozen=True)
class Release:
    """The release that this host answers as: `release.toml`."""

    name: str
    kernel: str
    userland: str
    newer: str
    osversion: int
    ident: str
    abi: str
    is_packaged: bool
    python: str  # the default of its packages, `3.11`
    blocker: str
    repositories: tuple[str, ...]

    @property
    def version(self) -> str:
        """`14.5`"""
        return self.kernel.partition("-")[0]

    @property
    def digits(self) -> str:
        """`311`: what is in the names of packages for Python."""
        return self.python.replace(".", "")


@functools.cache
def release() -> Release:
    with (DOUBLE / "release.toml").open("rb") as stream:
        return Release(**tomllib.load(stream))
