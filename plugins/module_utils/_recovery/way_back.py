# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Going back through the steps of a journal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.files import (
    remove_tree,
    run,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.journal_file import (
    Entry,
    files_below,
    record_after,
    record_before,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.places import (
    LOOK,
    RESTORE,
    Look,
    digest,
    fingerprint,
    is_ours,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.removal import remover

if TYPE_CHECKING:
    from collections.abc import Callable

# What logging in and Ansible leave in a home: nobody's own work.
TRACES = (".ansible", ".cache", ".sudo_as_admin_successful")
REMOVAL_SECONDS = 900
# Programs that talk to what a boot has not started or loaded yet.
NOT_AT_BOOT = ("systemctl", "service", "pfctl", "kldunload")
# Programs that talk to something that may not run, and where it is looked up whether it does.
SPEAKS_TO = {"firewall-cmd": ("units", "firewalld.service"), "pfctl": ("rc_services", "pf")}


class WayBack:
    """One way back; with `is_check` it is only foretold.

    At a boot no daemon is told: they start afterwards and read the old files by themselves. `is_pending`: daemons are
    told in any case, because a way back that was killed may have restored their files already. `mirror` is a journal
    that this way back is written down in, so that it can be taken back itself.
    """

    def __init__(
        self, *, is_check: bool = False, is_pending: bool = False, at_boot: bool = False, mirror: str = ""
    ) -> None:
        self._is_check, self._is_pending, self._at_boot, self._mirror = is_check, is_pending, at_boot, mirror
        self._has_failed = False
        self._undone: list[dict[str, str]] = []
        self._left: list[str] = []
        self._commands: list[tuple[str, ...]] = []
        # How each place looks after what was undone or foretold so far.
        self._known: dict[tuple[str, str], Look] = {}

    def go(self, entries: list[Entry]) -> dict[str, Any]:
        """Take the steps back, the last one first. Shape: {undone: [change], left: [sentence]}."""
        for number, entry in reversed(list(enumerate(entries))):
            if self._mirror:
                record_before(self._mirror, -number, {**entry, "new": _contents(entry)})
            self._undo(entry, entries[:number])
            if self._mirror:
                record_after(self._mirror, -number, entry)
        for argv in dict.fromkeys(self._commands):
            if not (self._is_check or self._is_for_later(argv) or _is_moot(argv)):
                self._left.extend(_put_in_force(argv))
        for entry in reversed(entries):
            self._remove_packages(entry)
        return {"undone": self._undone, "left": list(dict.fromkeys(self._left))}

    @property
    def has_failed(self) -> bool:
        """Some place could not be brought back, so that it is worth another try."""
        return self._has_failed

    def _is_for_later(self, argv: tuple[str, ...]) -> bool:
        """At a boot daemons start afterwards; but systemd's generators have read the files as they were."""
        return self._at_boot and argv[0] in NOT_AT_BOOT and argv[1:] != ("daemon-reload",)

    def _undo(self, entry: Entry, older: list[Entry]) -> None:
        """A home that somebody works in keeps its account; a place that somebody else has changed stays as it is."""
        foreign = self._foreign_files(entry)
        if foreign:
            self._left.append(f"{entry['home']} holds files of its user ({foreign[0]}): it and its account were left")
            return
        places = [(kind, name) for kind in LOOK for name in reversed(list(entry[kind]))]
        strange = [name for kind, name in places if not self._is_known(entry, kind, name, older=older)]
        told = len(self._left)
        self._left.extend(f"{name} was changed by somebody else since, and was left as it is" for name in strange)
        has_changed = [self._restore(entry, kind, name) for kind, name in places if name not in strange]
        if entry["home"] and os.path.isdir(entry["home"]) and not (strange or self._is_check):
            self._left.extend(self._attempt(entry["home"], lambda: remove_tree(entry["home"])))
        if not (self._is_pending or any(has_changed) or not places):
            return
        self._commands.extend(tuple(argv) for argv in entry["commands"])
        change = entry["change"]
        if change and not entry["packages"] and len(self._left) == told:
            self._undone.append({**change, "before": change["after"], "after": change["before"]})

    def _foreign_files(self, entry: Entry) -> list[str]:
        """What is in a home that was neither made with it nor by a step that is undone, nor is a login's own trace."""
        found, made = files_below(entry["home"]) or {}, entry["after"].get("home") or {}
        if not entry["after"]:
            # The step was killed: nobody else has had this home yet.
            return []
        return sorted(
            name
            for name, content in found.items()
            if made.get(name) != content
            and name.split("/")[0] not in TRACES
            and ("paths", os.path.join(entry["home"], name)) not in self._known
        )

    def _is_known(self, entry: Entry, kind: str, name: str, *, older: list[Entry]) -> bool:
        """The place looks as this step or an older one has found or left it; an older one then goes on from there."""
        now = self._now(kind, name)
        return (
            _is_gone(kind, now)
            or _is_ours(entry, kind, name, now)
            or any(
                _is_old(other, kind, name, now) or _is_ours(other, kind, name, now)
                for other in (entry, *older)
                if name in other[kind]
            )
        )

    def _restore(self, entry: Entry, kind: str, name: str) -> bool:
        """Whether it was restored: only from how this very step has left it."""
        if self._at_boot and kind == "rc_services":
            # rc starts what is enabled, and nothing else, a little later.
            return False
        now, old = self._now(kind, name), entry[kind][name]
        if _is_gone(kind, now) or _is_old(entry, kind, name, now) or not _is_ours(entry, kind, name, now):
            return False
        self._known[kind, name] = old
        notes = [] if self._is_check else self._attempt(name, lambda: RESTORE[kind](name, old))
        self._left.extend(notes)
        return not notes

    def _attempt(self, place: str, deed: Callable[[], list[str] | None]) -> list[str]:
        """What could not be done; a place that cannot be restored must not keep the others from it."""
        try:
            return deed() or []
        except OSError as error:
            self._has_failed = True
            return [f"{place} could not be brought back: {error.strerror or error}"]

    def _now(self, kind: str, name: str) -> Look:
        return self._known[kind, name] if (kind, name) in self._known and self._is_check else LOOK[kind](name)

    def _remove_packages(self, entry: Entry) -> None:
        """Remove what a run has installed by name, unless others would go with it."""
        tool = remover() if entry["packages"] else None
        there = [name for name in entry["packages"] if tool and tool.is_installed(name)]
        if not tool or not there:
            return
        if self._left:
            self._left.append(f"{', '.join(there)} stay installed as long as something is left that may need them")
            return
        trouble = tool.is_kept_busy()
        if trouble:
            self._left.append(f"{', '.join(there)} stay installed: {trouble}")
            return
        gone = tool.going_with(there)
        if not gone >= set(there):
            self._left.append(f"{', '.join(there)} stay installed: {tool.name} does not say what would go with them")
            return
        others = sorted(gone - set(there))
        if others:
            self._left.append(f"{', '.join(there)} stay installed: {', '.join(others)} would be removed with them")
            return
        notes = [] if self._is_check else run([*tool.remove, *there], seconds=REMOVAL_SECONDS)
        self._left.extend(notes)
        if not notes:
            words = {"before": "installed by name", "after": "removed"}
            self._undone.append({"kind": "packages", "target": " ".join(there), **words})


def _is_moot(argv: tuple[str, ...]) -> bool:
    """What was loaded into a firewall that does not run any more, or not yet, is gone with it."""
    kind, name = SPEAKS_TO.get(argv[0], ("", ""))
    return bool(kind) and LOOK[kind](name)["active"] != "active"


def _put_in_force(argv: tuple[str, ...]) -> list[str]:
    """Where a daemon has ended, and systemd lets some time pass before it starts it again (RestartSec, 42 seconds for
    sshd on Enterprise Linux), a reload would wait for that; a restart does not. On FreeBSD nobody starts it again, and
    `service NAME restart` starts what is enabled.
    """
    if argv[:2] == ("systemctl", "reload-or-restart") and LOOK["units"](argv[2])["active"] != "active":
        return run(["systemctl", "restart", argv[2]])
    is_reload = argv[0] == "service" and argv[-1].endswith("reload")
    if is_reload and LOOK["rc_services"](argv[1])["active"] != "active":
        return run(["service", argv[1], "restart"])
    return run(argv)


def _is_gone(kind: str, now: Look) -> bool:
    """A unit whose package is gone."""
    return kind == "units" and not now["enabled"]


def _is_old(entry: Entry, kind: str, name: str, now: Look) -> bool:
    return fingerprint(now) == fingerprint(entry[kind][name])


def _is_ours(entry: Entry, kind: str, name: str, now: Look) -> bool:
    return is_ours(now, entry["after"].get(kind, {}).get(name), entry["new"].get(name))


def _contents(entry: Entry) -> dict[str, str]:
    looks = {**entry["paths"], **entry["blocks"]}
    return {path: digest(look["content"]) for path, look in looks.items() if "content" in look}
