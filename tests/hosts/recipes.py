"""What each kind of host is made of: data, one row per kind."""

from __future__ import annotations

from dataclasses import dataclass

# What every host has from its first minute. What a role is to install is not here on purpose.
PACKAGES = (
    *("systemd-sysv", "dbus", "libpam-systemd", "systemd-timesyncd", "openssh-server", "sudo", "rsyslog", "cron"),
    *("kmod", "iproute2", "iputils-ping", "netbase", "procps", "tzdata", "lsb-release", "ca-certificates"),
    *("python3", "gnupg", "apt-utils"),
)

_FIRST_STEPS = ("common/without_container_habits", "common/packages")
_UBUNTU_STEPS = (*_FIRST_STEPS, "ubuntu_lts/cloud_image", "ubuntu_lts/security_archive", "common/fresh")
_PREPARED_STEPS = (*_UBUNTU_STEPS[:-1], "ubuntu_lts/prepared", "common/fresh")


@dataclass(frozen=True)
class FromPackages:
    """What takes the place of a registry's image: Debian 12 from its packages, perhaps in another's clothes."""

    title: str
    family: str
    first_steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """A distribution's image in the registry, what takes its place, and the steps that make a host of either."""

    title: str
    registry_image: str
    from_packages: FromPackages
    steps: tuple[str, ...]


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
}
