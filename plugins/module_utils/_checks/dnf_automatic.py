# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What dnf-automatic's timers will really run: which of them are on, what they start, and what that is told to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import dnf_configuration, services
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

PROGRAM, CONFIGURATION = "dnf-automatic", "/etc/dnf/automatic.conf"
# The first one does what its configuration says; the others have options that override it.
TIMERS = (
    "dnf-automatic.timer",
    "dnf-automatic-install.timer",
    "dnf-automatic-download.timer",
    "dnf-automatic-notifyonly.timer",
)
# What dnf-automatic's options make of apply_updates, whatever its file says; the last one counts.
OPTIONS = {"--installupdates": True, "--no-installupdates": False}
SECURITY, EVERYTHING = "security", "default"


@dataclass(frozen=True)
class TimedRun:
    """What a timer starts: dnf-automatic with this file, which installs what it finds or does not.

    `overriding` is the option that decides that in place of the file; `trouble` is why the file cannot be read.
    """

    timer: str
    path: str
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    overriding: str = ""
    trouble: str = ""

    def value(self, section: str, name: str) -> str:
        """A value of its file; empty when it gives none."""
        return self.values.get(section, {}).get(name, "")

    @property
    def is_installing(self) -> bool:
        """It installs what it finds."""
        if self.overriding:
            return OPTIONS[self.overriding]
        return dnf_configuration.is_yes(self.value("commands", "apply_updates"), default=False)

    @property
    def upgrade_type(self) -> str:
        """What it looks for; a word that dnf does not know leaves its default in force."""
        return SECURITY if self.value("commands", "upgrade_type") == SECURITY else EVERYTHING

    @property
    def excluded(self) -> tuple[str, ...]:
        """The patterns of packages that its file leaves out."""
        return tuple(word for name in EXCLUDING for word in dnf_configuration.words(self.value("base", name)))


EXCLUDING = ("excludepkgs", "exclude")


def is_installed(host: HostReader) -> bool:
    """The program is there."""
    return host.which(PROGRAM) is not None


def on(host: HostReader) -> tuple[str, ...]:
    """The timers that will run, now or from the next boot on."""
    units = {timer: services.unit(host, timer) for timer in TIMERS}
    return tuple(timer for timer, unit in units.items() if unit.is_enabled or unit.is_active)


def timed_run(host: HostReader, timer: str) -> TimedRun:
    """What this timer starts, by systemd's word."""
    started = services.unit(host, timer).triggers or timer.replace(".timer", ".service")
    known = started in services.REDHAT_UNITS
    words = services.started_words(host, started) if known else ()
    files = [word for word in words[1:] if not word.startswith("-")]
    overriding = [word for word in words if word in OPTIONS]
    path = files[0] if files else CONFIGURATION
    try:
        values, trouble = dnf_configuration.sections(host, path), ""
    except Unreadable as error:
        values, trouble = {}, str(error)
    if not any(PROGRAM in word for word in words[:1]):
        trouble = f"{timer} starts {' '.join(words) or started}, and not {PROGRAM}"
    return TimedRun(timer, path, values, overriding[-1] if overriding else "", trouble)
