# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about the host as a whole: its release, its clock, a pending reboot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action, Change, Command
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.reboot import (
    BOOT_TIME,
    FLAG,
    USERLAND,
    VERSIONS,
    reboot_pending,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.survey import survey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# timedated reads once, at its start, which time services there are, and stays for half a minute after each question:
# one that this very run has installed is none for it until then ("NTP not supported").
AFRESH = ("systemctl", "try-restart", "systemd-timedated.service")
RELEASE_EVIDENCE = {"*": "/etc/os-release", "freebsd": "freebsd-version -u"}
REBOOT_EVIDENCE = {
    "*": FLAG,
    "redhat": "rpm -qa --last; /proc/stat",
    "freebsd": f"{' '.join(VERSIONS)}; {USERLAND}; {' '.join(BOOT_TIME)}",
}


@dataclass(frozen=True)
class ReleaseSupported(Check):
    """The release gets security fixes and may carry production."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Compare the table of releases with today."""
        production = survey(host, today=context.today, warn_days=context.options.warn_days).production
        return self.verdict(
            production.recommended,
            expected="a release for production that gets security fixes",
            observed=production.reason,
            evidence=lookup(RELEASE_EVIDENCE, context.platform),
            remedy="move the application to a supported release",
        )


@dataclass(frozen=True)
class NoRebootPending(Check):
    """No installed update waits for a reboot to be in force. Information: when to reboot is for the operator to say."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Ask what the host knows of its updates."""
        waiting = reboot_pending(host, context.platform)
        return self.verdict(
            not waiting,
            expected="no reboot is pending",
            observed=f"a reboot is pending for {', '.join(waiting)}" if waiting else "none is pending",
            evidence=lookup(REBOOT_EVIDENCE, context.platform),
            remedy="reboot when it suits, or set python_host_update_reboot to when-needed",
        )


@dataclass(frozen=True)
class ClockSynchronised(Check):
    """A time service runs and has set the clock."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Ask systemd; a container has no clock of its own."""
        if context.platform.container:
            return self.found(
                Status.NOT_APPLICABLE, observed=f"a container ({context.platform.container}) uses its host's clock"
            )
        values = self._values(host)
        return self.verdict(
            values.get("NTP") == "yes" and values.get("NTPSynchronized") == "yes",
            expected="NTP=yes, NTPSynchronized=yes",
            observed=", ".join(f"{key}={value}" for key, value in sorted(values.items())) or "no answer",
            evidence="timedatectl show -p NTP -p NTPSynchronized",
            remedy="look at the time service's log; a fresh one needs a minute and a way out to its servers (123/udp)",
        )

    def remedy(self, host: HostReader, context: Context) -> Iterable[Action]:
        """Switch the installed time service on; one that is on needs time and its servers, and nothing of us."""
        if self._values(host).get("NTP") == "yes":
            return ()
        change = Change("clock", "NTP", "off", "on")
        return (
            Command(AFRESH),
            Command(("timedatectl", "set-ntp", "true"), change, undo=(("timedatectl", "set-ntp", "false"),)),
        )

    def _values(self, host: HostReader) -> dict[str, str]:
        text = host.query(("timedatectl", "show", "-p", "NTP", "-p", "NTPSynchronized")).stdout
        return dict(line.partition("=")[::2] for line in text.splitlines())
