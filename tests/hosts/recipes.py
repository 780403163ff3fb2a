"""What each kind of host is made of: data, one row per kind."""

from __future__ import annotations

from dataclasses import dataclass

from tests.hosts.boot import FREEBSD_RC, SYSTEMD, Boot
from tests.hosts.surroundings import DEBIAN_PLACES, ENTERPRISE_LINUX_PLACES, FREEBSD_PLACES, Places

# What every host has from its first minute. What a role is to install is not here on purpose.
PACKAGES = (
    *("systemd-sysv", "dbus", "libpam-systemd", "systemd-timesyncd", "openssh-server", "sudo", "rsyslog", "cron"),
    *("kmod", "iproute2", "iputils-ping", "netbase", "procps", "tzdata", "lsb-release", "ca-certificates"),
    *("python3", "gnupg", "apt-utils"),
)

_FIRST_STEPS = ("common/without_container_habits", "common/packages")
_UBUNTU_STEPS = (*_FIRST_STEPS, "ubuntu_lts/cloud_image", "ubuntu_lts/security_archive", "common/fresh")
_ENTERPRISE_STEPS = ("enterprise_linux/basics", "enterprise_linux/cloud_image", "enterprise_linux/fresh")
_ENTERPRISE_PREPARED_STEPS = ("enterprise_linux/prepared", "enterprise_linux/fresh")
_RPM_WORKSHOP = ("rpm_workshop/tools",)
_FREEBSD_WORKSHOP = ("freebsd_workshop/tools",)
_PREPARED_STEPS = (*_UBUNTU_STEPS[:-1], "ubuntu_lts/prepared", "common/fresh")


@dataclass(frozen=True)
class FromPackages:
    """What takes the place of a registry's image: Debian 12 from its packages, perhaps in another's clothes."""

    title: str
    family: str
    first_steps: tuple[str, ...] = ()
    shared_steps: tuple[str, ...] = ()  # before the first ones; their result is kept for every recipe that begins so


@dataclass(frozen=True)
class Recipe:
    """A distribution's image in the registry, what takes its place, and the steps that make a host of either."""

    title: str
    registry_image: str  # empty where no image can run on a Linux kernel
    from_packages: FromPackages
    steps: tuple[str, ...]
    places: Places = DEBIAN_PLACES
    built_on: str = ""  # another recipe, whose image these steps go on from
    boot: Boot = SYSTEMD


def _freebsd(release: str, *, version: str) -> Recipe:
    """Debian 12 with programs that answer as FreeBSD's do. Nothing of FreeBSD itself is in it."""
    first = (release, "programs", "interpreter", "accounts", "files", "native")
    names = (*first, "tools", "payloads", "without_debian", "fresh")
    made = FromPackages(
        title=f"double of FreeBSD {version}, made from Debian 12 packages: no FreeBSD code runs in it",
        family=f"{release}-double",
        first_steps=tuple(f"freebsd/{name}" for name in names),
        shared_steps=_FREEBSD_WORKSHOP,
    )
    return Recipe(f"double of FreeBSD {version}", "", made, (), FREEBSD_PLACES, boot=FREEBSD_RC)


def _enterprise_linux(release: str, *, title: str, registry_image: str, stands_for: str) -> Recipe:
    """Debian 12 with Enterprise Linux's files, its RPM database and repositories of its own."""
    names = ("disguise", "interpreter", "repositories", "without_debian")
    first_steps = (f"enterprise_linux/{release}", *(f"enterprise_linux/{name}" for name in names))
    made = FromPackages(
        title=f"stand-in for {stands_for}, made from Debian 12 packages as RPMs",
        family=f"{release}-standin",
        first_steps=first_steps,
        shared_steps=_RPM_WORKSHOP,
    )
    return Recipe(title, registry_image, made, _ENTERPRISE_STEPS, ENTERPRISE_LINUX_PLACES)


RECIPE_BY_NAME = {
    "ubuntu_lts": Recipe(
        title="Ubuntu 24.04 LTS",
        registry_image="ubuntu:24.04",
        from_packages=FromPackages(
            title="stand-in for Ubuntu 22.04 LTS, made from Debian 12 packages",
            family="ubuntu-lts-standin",
            first_steps=("ubuntu_lts/disguise",),
        ),
        steps=_UBUNTU_STEPS,
    ),
    "ubuntu_lts_prepared": Recipe(
        title="Ubuntu 24.04 LTS with the checklist's packages",
        registry_image="ubuntu:24.04",
        from_packages=FromPackages(
            title="stand-in for Ubuntu 22.04 LTS with the checklist's packages, made from Debian 12 packages",
            family="ubuntu-lts-prepared-standin",
            first_steps=("ubuntu_lts/disguise",),
        ),
        steps=_PREPARED_STEPS,
    ),
    "debian12": Recipe(
        title="Debian 12",
        registry_image="debian:12",
        from_packages=FromPackages(title="Debian 12, made from its own packages", family="debian-12-packages"),
        steps=(*_FIRST_STEPS, "common/fresh"),
    ),
    "centos": _enterprise_linux(
        "centos9",
        title="CentOS Stream 9",
        registry_image="quay.io/centos/centos:stream9",
        stands_for="CentOS Stream 9",
    ),
    "centos10": _enterprise_linux(
        "centos10",
        title="CentOS Stream 10",
        registry_image="quay.io/centos/centos:stream10",
        stands_for="CentOS Stream 10",
    ),
    "rocky8": _enterprise_linux(
        "rocky8",
        title="Rocky Linux 8",
        registry_image="rockylinux/rockylinux:8",
        stands_for="Rocky Linux 8.10",
    ),
    "freebsd": _freebsd("freebsd14", version="14.5"),
    "freebsd15": _freebsd("freebsd15", version="15.1"),
    "centos_prepared": Recipe(
        title="CentOS Stream 9 with the checklist's packages",
        registry_image="quay.io/centos/centos:stream9",
        from_packages=FromPackages(
            title="stand-in for CentOS Stream 9 with the checklist's packages, made from Debian 12 packages as RPMs",
            family="centos9-prepared-standin",
        ),
        steps=_ENTERPRISE_PREPARED_STEPS,
        places=ENTERPRISE_LINUX_PLACES,
        built_on="centos",
    ),
}
