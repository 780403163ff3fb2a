# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run would mend, before anybody is asked whether it may: remedies, our files, and sshd as it would be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.files import SSHD, compose
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import accounts
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.rehearsal import rehearsed
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.way_in import no_key
from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Remove, WriteBlock, WriteFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Check, Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# The checks that together are the administrator's way in.
KEYS = "ACC-002"
WAY_IN = ("ACC-001", KEYS, "ACC-003")
# Without its package sshd would move to a port that SELinux does not let it have.
PORT_LABEL = "MAC-002"
# Only these contribute to our files; where the verdict is another, what stands in a file of ours stays.
JUDGED = (Status.PASS, Status.FAIL)


@dataclass(frozen=True)
class Draft:
    """The remedies of what fails, the actions for each of our files, and what comes of them.

    `mended` are the checks of which something is done. `sshd` are the files that sshd will read (None: absent), `ahead`
    is the host as sshd would judge it with them, and `open_doors` says why doors are left open.
    """

    remedies: Mapping[Check, tuple[Action, ...]]
    files: Mapping[str, tuple[Action, ...]]
    mended: tuple[Check, ...]
    sshd: Mapping[str, str | None]
    ahead: HostReader
    open_doors: tuple[str, ...]

    @property
    def shuts(self) -> bool:
        """A door is closed, so that the way in must be proven before."""
        return any(check.closes_door for check in self.remedies)


@dataclass(frozen=True)
class Drafter:
    """What it takes to draft."""

    host: HostReader
    context: Context
    checks: tuple[Check, ...]

    def draft(self, status: Mapping[str, Status], lacking: Mapping[str, str]) -> Draft:
        """Mend what fails, but for the checks that are lacking their packages (by id, with the reason)."""
        open_doors = self._open_doors(lacking)
        withheld = {check.check_id for check in self.checks if check.closes_door} if open_doors else set()
        withheld.update(check_id for check_id, verdict in status.items() if verdict not in JUDGED)
        withheld.update(lacking)
        remedies = {
            check: tuple(check.remedy(self.host, self.context))
            for check in self.checks
            if status[check.check_id] is Status.FAIL and check.check_id not in withheld
        }
        in_force = [check for check in self.checks if status[check.check_id] is not Status.WAIVED]
        left_out = self._files_of(lacking)
        composed = compose(self.host, self.context, in_force, withheld=withheld)
        files = {name: actions for name, actions in composed.items() if name not in left_out}
        sshd = _contents(self.host, files.get(SSHD, ()))
        mended = tuple(self._mended(remedies))
        ahead = rehearsed(self.host, sshd, accounts.newcomer(self.host, self.context))
        return Draft(remedies, files, mended, sshd, ahead, open_doors)

    def _files_of(self, check_ids: Collection[str]) -> set[str]:
        """The files of ours that these checks contribute to: whoever would read them is not there."""
        checks = (check for check in self.checks if check.check_id in check_ids)
        return {setting.file for check in checks for setting in check.settings(self.host, self.context)}

    def _open_doors(self, lacking: Mapping[str, str]) -> tuple[str, ...]:
        """Why no door is closed: no key of the administrator, or no package for the way in; empty where they may be."""
        packages = (lacking[check_id] for check_id in (*WAY_IN, PORT_LABEL) if check_id in lacking)
        return (*no_key(self.host, self.context), *packages)

    def _mended(self, remedies: Mapping[Check, tuple[Action, ...]]) -> Iterator[Check]:
        for check, actions in remedies.items():
            if actions or any(check.settings(self.host, self.context)):
                yield check


def _contents(host: HostReader, actions: Iterable[Action]) -> dict[str, str | None]:
    """What sshd would read, by path; None for a file that goes."""
    contents: dict[str, str | None] = {}
    for action in actions:
        if isinstance(action, WriteBlock):
            old = host.read_text(action.path) or ""
            contents[action.path] = blocks.replaced(old, blocks.rendered(action.lines))
        elif isinstance(action, (WriteFile, Remove)):
            contents[action.path] = action.content if isinstance(action, WriteFile) else None
    return contents
