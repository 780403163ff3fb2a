# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""systemd's units: are they in force now and at the next boot, and what makes them so."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command, Touches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

# The units that checks ask about. One question answers for a group, and the second is asked on Enterprise Linux only.
UNITS = (
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "fail2ban.service",
    "firewalld.service",
    "netfilter-persistent.service",
    "nftables.service",
    "ssh.service",
    "ssh.socket",
    "sshd.service",
    "ufw.service",
)
REDHAT_UNITS = (
    "dnf-automatic.service",
    "dnf-automatic.timer",
    "dnf-automatic-download.service",
    "dnf-automatic-download.timer",
    "dnf-automatic-install.service",
    "dnf-automatic-install.timer",
    "dnf-automatic-notifyonly.service",
    "dnf-automatic-notifyonly.timer",
    "ip6tables.service",
    "iptables.service",
    "sshd.socket",
)
PROPERTIES = "UnitFileState,ActiveState,ExecStart,Environment,EnvironmentFiles"
ASKED = ("systemctl", "show", "-p", PROPERTIES, *UNITS)
REDHAT_ASKED = ("systemctl", "show", "-p", f"{PROPERTIES},Triggers", *REDHAT_UNITS)
_ENVIRONMENT_FILE = re.compile(r"(\S+) \(ignore_errors=\w+\)")
STARTS_AT_BOOT = ("enabled", "enabled-runtime", "static", "alias", "generated", "indirect")


@dataclass(frozen=True)
class Unit:
    """Whether a unit starts at boot, and whether it runs now; an unknown unit does neither.

    `command` is what a service starts, variables and all; `environment` are its own NAME=value words, and
    `environment_files` hold more of them. `triggers` is the unit that a timer starts.
    """

    is_enabled: bool
    is_active: bool
    is_masked: bool = False
    command: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    environment_files: tuple[str, ...] = ()
    triggers: str = ""


def unit(host: HostReader, name: str) -> Unit:
    """One of the units above as systemd has it in force. Raises HostError where there is no systemd to ask."""
    names, asked = (REDHAT_UNITS, REDHAT_ASKED) if name in REDHAT_UNITS else (UNITS, ASKED)
    found = parse(host.query(asked).stdout, names)
    if name not in found:
        # In a chroot systemctl answers with nothing and calls it good ("Running in chroot, ignoring command").
        raise Unreadable(name, "systemctl tells nothing of it, as in a chroot")
    return found[name]


def parse(text: str, names: Sequence[str] = UNITS) -> Mapping[str, Unit]:
    """`systemctl show` answers with a block of Key=Value lines for each unit, in the order asked for."""
    blocks = [_properties(block) for block in text.split("\n\n")]
    return {
        name: Unit(
            is_enabled=block.get("UnitFileState") in STARTS_AT_BOOT,
            is_active=block.get("ActiveState") == "active",
            is_masked=block.get("UnitFileState", "").startswith("masked"),
            command=tuple("".join(re.findall(r"argv\[\]=(.*?) ;", block.get("ExecStart", ""))).split()),
            environment=tuple(_split(block.get("Environment", ""))),
            environment_files=tuple(_ENVIRONMENT_FILE.findall(block.get("EnvironmentFiles", ""))),
            triggers=block.get("Triggers", ""),
        )
        for name, block in zip(names, blocks)
    }


def _properties(block: str) -> Mapping[str, str]:
    """One that has several values comes once for each: EnvironmentFiles does."""
    values: dict[str, str] = {}
    for name, _sign, value in (line.partition("=") for line in block.splitlines()):
        values[name] = f"{values[name]}\n{value}" if name in values else value
    return values


def started_words(host: HostReader, name: str) -> tuple[str, ...]:
    """The command line that the service starts with, its variables replaced. A word with a blank in it falls apart."""
    found = unit(host, name)
    texts = [host.read_text(path) or "" for path in found.environment_files]
    values = dict(word.partition("=")[::2] for word in (*found.environment, *_assignments("\n".join(texts))))
    return tuple(part for word in found.command for part in _replaced(word, values))


def _assignments(text: str) -> Iterator[str]:
    """The NAME=value lines of an EnvironmentFile; the value may be quoted, as a whole or in parts (systemd.exec(5))."""
    for name, value in re.findall(r"^\s*(\w+)=(.*)$", text, re.MULTILINE):
        yield f"{name}={' '.join(_split(value))}"


def _replaced(word: str, values: Mapping[str, str]) -> Sequence[str]:
    variable = re.fullmatch(r"\$(?:(\w+)|\{(\w+)\})", word)
    return _split(values.get(variable.group(1) or variable.group(2), "")) if variable else (word,)


def _split(text: str) -> Sequence[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def first_active(host: HostReader, platform: Platform, names: Sequence[str]) -> str:
    """The first of these units that runs; empty where none does, and where systemd is not what starts services."""
    if platform.service_manager != "systemd":
        return ""
    return next((name for name in names if unit(host, name).is_active), "")


def enable_and_start(host: HostReader, name: str) -> Iterator[Command]:
    """The one command that mends both, if either is wrong; what somebody has masked stays so."""
    found = unit(host, name)
    if found.is_masked or (found.is_enabled and found.is_active):
        return
    before = f"{'enabled' if found.is_enabled else 'disabled'}, {'active' if found.is_active else 'inactive'}"
    change = Change("unit", name, before, "enabled, active")
    yield Command(("systemctl", "enable", "--now", name), change, touches=Touches(unit=name))
