# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about automatic security updates, judged by what apt's own configuration comes to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Setting,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import services
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

APT_FILE = "apt"
TIMERS = ("apt-daily.timer", "apt-daily-upgrade.timer")
# What the daily run does, and what it does when nobody says.
PERIODIC = {
    "APT::Periodic::Enable": "1",
    "APT::Periodic::Update-Package-Lists": "0",
    "APT::Periodic::Unattended-Upgrade": "0",
}
ALLOWED_ORIGINS = "Unattended-Upgrade::Allowed-Origins"
ORIGINS_PATTERN = "Unattended-Upgrade::Origins-Pattern"


@dataclass(frozen=True)
class Archive:
    """A Release file's own words about itself: o, a, l, n and c in `apt-cache policy`."""

    origin: str
    suite: str
    label: str
    codename: str
    component: str = ""


# Where each distribution publishes security updates, with what its unattended-upgrades understands for it.
SECURITY_ARCHIVE = {
    "ubuntu": Archive("Ubuntu", "{codename}-security", "*", "*"),
    "debian": Archive("Debian", "*", "Debian-Security", "{codename}-security"),
}
SECURITY_ORIGIN = {
    "ubuntu": (ALLOWED_ORIGINS, "${distro_id}:${distro_codename}-security"),
    "debian": (ORIGINS_PATTERN, "origin=Debian,codename=${distro_codename}-security,label=Debian-Security"),
}
DISTRO_ID = {"ubuntu": "Ubuntu", "debian": "Debian"}


@dataclass(frozen=True)
class UpdatesRun(Check):
    """The timers run, and what they run is told to fetch and to install."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Read the merged configuration and the timers."""
        problems = self._problems(host)
        return self.verdict(
            not problems,
            expected="unattended-upgrades is installed, told to run daily, and its timers are on",
            observed="; ".join(problems) or "installed, daily, and the timers are on",
            evidence="apt-config dump APT::Periodic; systemctl is-enabled " + " ".join(TIMERS),
            remedy="look for a later file in /etc/apt/apt.conf.d that turns it off",
        )

    def _problems(self, host: HostReader) -> list[str]:
        problems = []
        if host.which("unattended-upgrade") is None:
            problems.append("unattended-upgrades is not installed")
        values = apt_configuration(host)
        for key, default in PERIODIC.items():
            if values.get(key, (default,))[-1] in ("0", ""):
                problems.append(f"{key} is {values.get(key, ('not set',))[-1]}")
        units = {timer: services.unit(host, timer) for timer in TIMERS}
        problems.extend(
            f"{timer} is masked (`systemctl unmask {timer}`)" if units[timer].is_masked else f"{timer} is off"
            for timer in TIMERS
            if not (units[timer].is_enabled and units[timer].is_active)
        )
        return problems

    def settings(self, host: HostReader, context: Context) -> Iterator[Setting]:
        """Daily runs, and the user's wishes about them."""
        options = context.options
        for key in PERIODIC:
            yield Setting(APT_FILE, key, f'{key} "1";')
        yield _scalar(
            "Unattended-Upgrade::Automatic-Reboot", "true" if options.update_reboot == "when-needed" else "false"
        )
        if options.update_mail:
            yield _scalar("Unattended-Upgrade::Mail", options.update_mail)
        if options.update_exclude:
            yield _list("Unattended-Upgrade::Package-Blacklist", options.update_exclude)

    def remedy(self, host: HostReader, context: Context) -> Iterator[Action]:
        """Turn the timers on; the rest comes from the settings."""
        for timer in TIMERS:
            yield from services.enable_and_start(host, timer)


@dataclass(frozen=True)
class UpdateOrigins(Check):
    """What unattended-upgrades may install from includes this distribution's security archive."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Match the merged origins against the archives that apt knows, as unattended-upgrades does."""
        platform = context.platform
        wanted = _security_archive(platform)
        archives = [archive for archive in known_archives(host) if _is_archive(archive, wanted)]
        name = wanted.suite if wanted.suite != "*" else wanted.codename
        words = {
            "expected": f"updates of {wanted.origin} {name} are allowed",
            "evidence": "apt-config dump Unattended-Upgrade; apt-cache policy",
            "remedy": "add the distribution's security archive to apt's sources",
        }
        if host.which("unattended-upgrade") is None:
            return self.found(Status.FAIL, observed="unattended-upgrades is not installed", **words)
        if not archives:
            return self.found(Status.FAIL, observed="apt knows no such archive (sources or lists are missing)", **words)
        matchers = allowed_origins(apt_configuration(host), platform)
        refused = [archive for archive in archives if not any(_allows(matcher, archive) for matcher in matchers)]
        shown = ", ".join(",".join(f"{key}={value}" for key, value in sorted(matcher.items())) for matcher in matchers)
        return self.verdict(not refused, observed=f"allowed: {shown or 'nothing'}", **words)

    def settings(self, host: HostReader, context: Context) -> Iterator[Setting]:
        """The security archive, beside what other files allow: apt appends the lists of later files."""
        key, value = lookup(SECURITY_ORIGIN, context.platform)
        yield _list(key, _origins(value, context.platform))


def _origins(value: str, platform: Platform) -> tuple[str, ...]:
    if platform.name != "ubuntu":
        return (value,)
    # A security update may need a new package from the release itself, which never changes; Ubuntu Pro's two archives
    # hold security updates only, and are there only where Pro is attached.
    return (
        value,
        "${distro_id}:${distro_codename}",
        "${distro_id}ESMApps:${distro_codename}-apps-security",
        "${distro_id}ESM:${distro_codename}-infra-security",
    )


def _scalar(key: str, value: str) -> Setting:
    return Setting(APT_FILE, key, f'{key} "{value}";')


def _list(key: str, values: Iterable[str]) -> Setting:
    return Setting(APT_FILE, key, "\n".join([f"{key} {{", *(f'    "{value}";' for value in values), "};"]))


def _security_archive(platform: Platform) -> Archive:
    row = lookup(SECURITY_ARCHIVE, platform)
    return Archive(
        row.origin,
        row.suite.format(codename=platform.codename),
        row.label,
        row.codename.format(codename=platform.codename),
    )


def apt_configuration(host: HostReader) -> dict[str, tuple[str, ...]]:
    """apt's merged configuration; the values of a list are under its name, in order."""
    return parse_apt_configuration(host.query(("apt-config", "dump")).stdout)


def parse_apt_configuration(text: str) -> dict[str, tuple[str, ...]]:
    """Each line is `Name "value";`; an element of a list is `Name:: "value";`."""
    values: dict[str, tuple[str, ...]] = {}
    for name, value in re.findall(r'^(\S+) "(.*)";$', text, re.MULTILINE):
        key = name[:-2] if name.endswith("::") else name
        if value or not name.endswith("::"):
            values[key] = (*values.get(key, ()), value)
    return values


def known_archives(host: HostReader) -> tuple[Archive, ...]:
    """The archives whose lists apt holds."""
    return parse_policy(host.query(("apt-cache", "policy")).stdout)


def parse_policy(text: str) -> tuple[Archive, ...]:
    """The lines `release v=…,o=Ubuntu,a=jammy-security,n=jammy,l=Ubuntu,c=main,b=amd64`; values may hold spaces."""
    archives = []
    for line in re.findall(r"^\s+release (.+)$", text, re.MULTILINE):
        fields = dict(part.split("=", 1) for part in line.split(",") if "=" in part)
        archives.append(Archive(*(fields.get(key, "") for key in ("o", "a", "l", "n", "c"))))
    return tuple(dict.fromkeys(archives))


def _is_archive(archive: Archive, wanted: Archive) -> bool:
    pairs = (
        (archive.origin, wanted.origin),
        (archive.suite, wanted.suite),
        (archive.label, wanted.label),
        (archive.codename, wanted.codename),
    )
    return all(fnmatchcase(value, pattern) for value, pattern in pairs)


def allowed_origins(values: Mapping[str, tuple[str, ...]], platform: Platform) -> tuple[dict[str, str], ...]:
    """Both lists of unattended-upgrades as matchers, its variables replaced; what it could not read is left out."""
    matchers = []
    for entry in _listed(values, ALLOWED_ORIGINS):
        origin, separator, suite = _expanded(entry, platform).rpartition(":")
        if separator:
            matchers.append({"origin": origin.replace(r"\:", ":"), "suite": suite})
    for entry in _listed(values, ORIGINS_PATTERN):
        parts = [part.partition("=") for part in _expanded(entry, platform).split(",")]
        if all(separator for _key, separator, _value in parts):
            matchers.append({_LONG.get(key.strip(), key.strip()): value.strip() for key, _separator, value in parts})
    return tuple(matchers)


def _listed(values: Mapping[str, tuple[str, ...]], name: str) -> tuple[str, ...]:
    """All values below a name, as apt gives them to unattended-upgrades.

    Two entries without a semicolon between them are one: the first is its name and only the second its value.
    """
    keys = (key for key in values if key == name or key.startswith(f"{name}::"))
    return tuple(value for key in keys for value in values[key] if value)


# unattended-upgrades takes apt's short field names as well as long ones.
_LONG = {"o": "origin", "a": "suite", "archive": "suite", "l": "label", "n": "codename", "c": "component"}


def _expanded(entry: str, platform: Platform) -> str:
    return entry.replace("${distro_id}", lookup(DISTRO_ID, platform)).replace("${distro_codename}", platform.codename)


def _allows(matcher: Mapping[str, str], archive: Archive) -> bool:
    fields = {
        "origin": archive.origin,
        "suite": archive.suite,
        "label": archive.label,
        "codename": archive.codename,
        "component": archive.component,
    }
    return all(key in fields and fnmatchcase(fields[key], pattern) for key, pattern in matcher.items())
