# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The row about SELinux: whether its policy is enforced, now and after a boot."""

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
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import selinux

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

CONFIGURATION = "/etc/selinux/config"
MODES = {"1": "enforcing", "0": "permissive"}
ENFORCING, DISABLED = "enforcing", "disabled"
MODE_LINE = re.compile(r"^SELINUX=\s*((?i:enforcing|permissive|disabled))", re.MULTILINE)
RELABEL = (
    "look into `ausearch -m AVC` first for what it would refuse; then set SELINUX=enforcing in /etc/selinux/config. "
    "Where it was disabled, files have no labels: go over permissive with `touch /.autorelabel` and a reboot, and keep "
    "a console at hand. Nothing of this is done for you"
)


@dataclass(frozen=True)
class SelinuxEnforces(Check):
    """SELinux refuses what its policy does not allow. Only told: a host without labels would not boot with it."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """The kernel says what is in force, the configuration what the next boot brings."""
        if context.platform.container:
            return self.found(
                Status.NOT_APPLICABLE, observed=f"a container ({context.platform.container}) has its host's SELinux"
            )
        configured = _configured(host)
        if not selinux.is_enabled(host) and not configured:
            return self.found(Status.NOT_APPLICABLE, observed="this kernel has no SELinux, and none is installed")
        now = MODES.get((host.read_text(selinux.ENFORCE) or "").strip(), DISABLED)
        later = configured or now
        return self.verdict(
            now == later == ENFORCING,
            expected="enforcing, now and after a boot",
            observed=now if now == later else f"{now} now, {later} after a boot",
            evidence=f"{selinux.ENFORCE}; {CONFIGURATION}",
            remedy=RELABEL,
        )


def _configured(host: HostReader) -> str:
    """The mode that the next boot brings: by the first line that libselinux understands (selinux_getenforcemode).

    Empty where there is no such line.
    """
    found = MODE_LINE.search(host.read_text(CONFIGURATION) or "")
    return found.group(1).lower() if found else ""
