# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a user wants to what dnf must be told, and what must not come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import dnf_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import State, Upgrade
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_holds import PLUGIN, has_plugin
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_version import matches
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_words import change_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        InstalledPackages,
        Native,
        PackageChange,
        PackageRequest,
    )
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_words import Row

Command = tuple[str, ...]
# What dnf removes because nothing needs it: what nothing has needed so far, and what nothing needs any more. What goes
# because it needs something that goes has a heading of its own.
OF_AUTOREMOVE = ("Removing", "Removing unused dependencies")


def names_to_tell(request: PackageRequest, wanted: Iterable[Native], installed: InstalledPackages) -> tuple[str, ...]:
    """The names that dnf has to be told, each perhaps with its version."""
    if request.state is State.ABSENT:
        return tuple(native.name for native in wanted if native.name in installed.present)
    plugin = (PLUGIN,) if needs_plugin(request, installed) else ()
    if request.state is State.LATEST:
        return (*(installed.that_satisfies(native) or native.name for native in wanted), *plugin)
    return (*(native.spelled for native in wanted if not is_there(native, installed)), *plugin)


def is_there(native: Native, installed: InstalledPackages) -> bool:
    """True where the package is installed, in the version asked for if there is one."""
    if native.version:
        return matches(native.version, installed.versions.get(native.name, "-"))
    return installed.satisfies(native)


def needs_plugin(request: PackageRequest, installed: InstalledPackages) -> bool:
    """True where a package is to be held and dnf has no versionlock yet."""
    return bool(request.hold) and not has_plugin(installed)


def command(request: PackageRequest, names: tuple[str, ...]) -> Command:
    """What dnf must be told; empty for nothing. Several commands are one transaction."""
    if request.state is State.ABSENT or request.autoremove:
        return _removing(request, names)
    commands: list[Command] = [("install", *names)] if names else []
    if request.upgrade is Upgrade.ALL:
        commands.append(("upgrade",))
    if request.upgrade is Upgrade.SECURITY:
        # `upgrade --security` would go beyond the advisories' versions, to the newest one that contains the fix.
        commands.append(("upgrade-minimal", "--security"))
    return dnf_command.joined(commands)


def options(request: PackageRequest) -> tuple[str, ...]:
    """The settings that go with it.

    The newest version, or an error: for a package that shall be the latest. All that can be had, and a word about the
    rest: for an upgrade of whatever there is.
    """
    if request.upgrade is not Upgrade.NONE:
        return ("--setopt=best=False",)
    return ("--setopt=best=True",) if request.state is State.LATEST else ()


def refuse_other_removals(changes: Iterable[PackageChange], *, allowed: Collection[str]) -> None:
    """Raise Refused where a package would go that nobody named."""
    others = sorted({change.name for change in changes if change.action == "remove"} - set(allowed))
    if others:
        raise Refused(
            f"Nothing was changed: dnf would also remove {', '.join(others)}, which nobody named. If they are to go, "
            "name them in a call with `state: absent`; if they are to stay, leave out what drives them away."
        )


def refuse_downgrade(changes: Iterable[PackageChange], request: PackageRequest) -> None:
    """Raise Refused where an older version would come, unless that is allowed."""
    older = [f"{change.name} {change.before} to {change.after}" for change in changes if change.action == "downgrade"]
    if older and not request.allow_downgrade:
        raise Refused(
            f"Nothing was changed: what was asked would bring an older version ({', '.join(older)}). If that is meant, "
            "set `allow_downgrade: true`; if not, ask for the installed version or a newer one."
        )


def excluding(names: Iterable[str]) -> Command:
    """The options under which these stay at the version that they have, although dnf has no lock for them."""
    return tuple(f"--exclude={name}" for name in names)


def may_go(row: Row, request: PackageRequest, installed: InstalledPackages, *, named: frozenset[str]) -> frozenset[str]:
    """The names under which the row's package may go.

    What obsoletes another one takes its place. Of packages that are kept in several versions, dnf takes the oldest away
    when it brings a new one.
    """
    replaced = {change_name(*old.rpartition(".")[::2], installed) for old in row.replaces}
    single = f"{row.name}-{row.version}.{row.architecture}"
    is_unused = request.autoremove and row.heading in OF_AUTOREMOVE
    if single in installed.versions and (request.state is not State.ABSENT or row.name in named):
        replaced.add(single)
    if is_unused:
        replaced.add(change_name(row.name, row.architecture, installed))
    return frozenset(replaced)


def _removing(request: PackageRequest, names: tuple[str, ...]) -> Command:
    if not request.autoremove:
        return ("remove", *names) if names else ()
    alone: Command = ("autoremove",)
    return dnf_command.joined([("autoremove", *names), alone]) if names else alone
