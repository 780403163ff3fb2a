"""What else differs after an undo on a fresh host, and why: a difference without a reason here is a fault."""

from __future__ import annotations

import re

REASONS = (
    (r"/etc/systemd/system/(sysinit\.target\.wants/)?groundwork-revert\.service", "the way back itself stays"),
    (r"(units: )?groundwork-revert\.service.*", "the way back itself stays"),
    (r"/usr/local/etc/rc\.d(/groundwork_revert)?", "the way back itself stays"),
    (r"/var/lib/(apt|dpkg)/.*|/var/db/pkg(/.*)?", "the package tool's own records"),
    (r"/etc/s?pwd\.db", "pwd_mkdb makes them anew from master.passwd"),
    (
        r"/usr/local/lib/python3\.\d+/site-packages/fail2ban(/\w+)*",
        "folders of a removed package that are kept by byte code, which is its interpreter's",
    ),
    (r"/etc/(passwd|shadow|group|gshadow|subuid|subgid)-", "the account tools' own copy of the file before"),
    (
        r"/etc/rc[0-6S]\.d/.*|/etc/systemd/system/\S+\.wants/(fail2ban|ufw|unattended-upgrades)\.service",
        "a removed package's own: only a purge takes it",
    ),
    (
        r"/etc/ufw/.*|/etc/default/ufw|/etc/apt/apt\.conf\.d/(20auto-upgrades|50unattended-upgrades.*)",
        "a removed package's own: only a purge takes it",
    ),
    (
        r"/etc/alternatives/.*|/usr/(bin|share/man/man1)/(lz|unlz).*|/etc/ld\.so\.cache|.*/__pycache__(/.*)?",
        "made by packages that came along as dependencies",
    ),
    (
        r"units: (fail2ban|ufw|unattended-upgrades|apt-\S+)\.(service|timer).*",
        "a unit that a removed package has left until the next boot",
    ),
    (
        r"units: (ssh\.socket|\S+\.(mount|scope|slice|swap)|user\S*|session\S*|systemd-\S+|\S*tmpfiles\S*).*",
        "systemd's own, by logins and time",
    ),
)


def unexplained(lines, owned_by_packages):
    """The differences that have no reason."""
    found = []
    for line in lines:
        topic, name = line.split(": ")[:2]
        place = name if topic == "paths" else f"{topic}: {name}"
        is_a_packages = topic == "paths" and place in owned_by_packages
        if not is_a_packages and not any(re.fullmatch(pattern, place) for pattern, _reason in REASONS):
            found.append(line)
    return found
