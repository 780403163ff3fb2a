"""What the verdict of each check has been proven on, by family of systems; test_mixed_fleet.py compares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_HOSTS_CLOCK = "a container has its host's clock"
_NO_SELINUX = "the disposable hosts' kernel has no SELinux"


@dataclass(frozen=True)
class Proof:
    """Where a family was tried: `image` of tests/hosts, and in a word what that is where no registry is reached.

    `unit_only` are the checks that have nothing to judge on such a host, with the reason.
    """

    label: str
    system: str
    image: str
    kind: str
    unit_only: Mapping[str, str] = field(default_factory=dict)


PROOFS = {
    "debian": Proof(
        "Ubuntu, Debian",
        "ubuntu",
        "ubuntu_lts",
        "stand-in",
        unit_only={"TIME-001": _HOSTS_CLOCK, "MAC-002": _NO_SELINUX},
    ),
    "redhat": Proof(
        "Enterprise Linux",
        "centos",
        "centos",
        "stand-in",
        unit_only={"TIME-001": _HOSTS_CLOCK, "MAC-001": _NO_SELINUX, "MAC-002": _NO_SELINUX},
    ),
    "freebsd": Proof("FreeBSD", "freebsd", "freebsd", "double"),
}
