"""What each kind of host is made of: data, one row per kind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_UBUNTU_KEY = str(Path(__file__).parent / "keys/ubuntu-archive-2018.asc")
_DEBIAN_KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"

# What every host has from its first minute. What a role is to install is not here on purpose.
PACKAGES = (
    *("systemd-sysv", "dbus", "libpam-systemd", "systemd-timesyncd", "openssh-server", "sudo", "rsyslog", "cron"),
    *("kmod", "iproute2", "iputils-ping", "netbase", "procps", "tzdata", "lsb-release", "ca-certificates"),
    *("python3", "gnupg", "apt-utils"),
)


@dataclass(frozen=True)
class Archive:
    """A distribution's package archive. The mirror that this machine uses itself is preferred to the public one."""

    suite: str
    components: str
    mirror: str
    security_mirror: str
    keyring: str


@dataclass(frozen=True)
class Standin:
    """Another distribution's packages in the clothes of the wanted one, for machines that reach neither."""

    title: str
    archive: Archive
    first_steps: tuple[str, ...]


@dataclass(frozen=True)
class Recipe:
    """The real distribution by its registry image or by its archive, and what else may take its place."""

    title: str
    registry_image: str
    archive: Archive
    standin: Standin | None
    steps: tuple[str, ...]


def _ubuntu(suite: str) -> Archive:
    address = "http://archive.ubuntu.com/ubuntu"
    return Archive(suite, "main universe", address, "http://security.ubuntu.com/ubuntu", _UBUNTU_KEY)


_BOOKWORM = Archive(
    suite="bookworm",
    components="main",
    mirror="http://deb.debian.org/debian",
    security_mirror="http://deb.debian.org/debian-security",
    keyring=_DEBIAN_KEYS,
)
_UBUNTU_STANDIN = Standin(
    title="stand-in for Ubuntu 22.04 LTS, made from Debian 12 packages",
    archive=_BOOKWORM,
    first_steps=("ubuntu_lts/disguise",),
)
_FIRST_STEPS = ("common/without_container_habits", "common/packages")
_UBUNTU_STEPS = (*_FIRST_STEPS, "ubuntu_lts/cloud_image", "ubuntu_lts/security_archive", "common/fresh")

RECIPE_BY_NAME = {
    "ubuntu_lts": Recipe("Ubuntu 24.04 LTS", "ubuntu:24.04", _ubuntu("noble"), _UBUNTU_STANDIN, _UBUNTU_STEPS),
    "ubuntu_22_04": Recipe("Ubuntu 22.04 LTS", "ubuntu:22.04", _ubuntu("jammy"), _UBUNTU_STANDIN, _UBUNTU_STEPS),
    "debian12": Recipe("Debian 12", "debian:12", _BOOKWORM, None, (*_FIRST_STEPS, "common/fresh")),
}
