# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TIME-001 on FreeBSD: the base system's ntpd, judged by what it says of itself.

Sources: ntpd(8), ntpq(8) and ntp's decode page ("System Status Word") of freebsd/freebsd-src, contrib/ntp;
libexec/rc/rc.d/ntpd, by which `ntpd_sync_on_start` lets the first correction be a big one, and a jail has no ntpd.
Where the base system is packaged, ntpd is in FreeBSD-ntp.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import rc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

SERVICE = "ntpd"
# Scripts of packages (net/chrony and net/openntpd of freebsd/freebsd-ports, the latter's program being another ntpd).
# Two daemons would fight for the clock.
OTHERS = ("chronyd", "openntpd")
SCRIPTS = "/usr/local/etc/rc.d"
VARIABLES = ("ntpq", "-n", "-c", "rv")
# A clock that was never set, and a daemon that follows nobody.
NEVER_SET = {"leap_alarm", "sync_unspec"}


@dataclass(frozen=True)
class NtpdSynchronised(Check):
    """ntpd runs, now and at the next boot, and has selected a source."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Ask rc and ntpd; a jail has no clock of its own."""
        if context.platform.container:
            return self.found(
                Status.NOT_APPLICABLE, observed=f"a container ({context.platform.container}) uses its host's clock"
            )
        other = _other(host)
        if other:
            return self.found(Status.UNKNOWN, observed=f"{other} keeps the clock here: ask it whether it has set it")
        problems = tuple(_problems(host))
        return self.verdict(
            not problems,
            expected="ntpd is enabled, runs and has selected a source",
            observed="; ".join(problems) or "ntpd is enabled, runs and has selected a source",
            evidence=f"service {SERVICE} enabled; service {SERVICE} onestatus; {' '.join(VARIABLES)}",
            remedy="look at `ntpq -pn`; a fresh ntpd needs a minute and a way out to its servers (123/udp)",
        )

    def remedy(self, host: HostReader, context: Context) -> Iterator[Action]:
        """Switch ntpd on; one that runs needs time and its servers, and nothing of us."""
        if not rc.is_in_base(host, SERVICE):
            return
        if not (rc.is_enabled(host, SERVICE) and rc.is_running(host, SERVICE)):
            yield from rc.set_variable(host, f"{SERVICE}_sync_on_start", "YES")
            yield from rc.enable_and_start(host, SERVICE)


def is_synchronised(variables: str) -> bool:
    """By the words of ntpd's status: `associd=0 status=0615 leap_none, sync_ntp, 1 event, clock_sync,`."""
    words = re.findall(r"\b(?:leap|sync)_\w+", variables.partition("\n")[0])
    return len(words) == 2 and not NEVER_SET & set(words)


def _other(host: HostReader) -> str:
    """What keeps the clock in ntpd's place, now or from the next boot on."""
    installed = (name for name in OTHERS if host.stat(f"{SCRIPTS}/{name}") is not None)
    return next((name for name in installed if rc.is_running(host, name) or rc.is_enabled(host, name)), "")


def _problems(host: HostReader) -> Iterator[str]:
    if not rc.is_in_base(host, SERVICE):
        yield "there is no ntpd on this host (package FreeBSD-ntp)"
        return
    if not rc.is_enabled(host, SERVICE):
        yield "ntpd does not start at boot (ntpd_enable in rc.conf)"
    if not rc.is_running(host, SERVICE):
        yield "ntpd does not run"
    elif not is_synchronised(host.query(VARIABLES, ok=(0, 1)).stdout):
        yield "ntpd has selected no source yet"
