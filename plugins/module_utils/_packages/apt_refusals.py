# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a transaction is not made: what apt says about it, and what nobody asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import (
    apt_command,
    apt_simulation,
    apt_words,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.holds import refuse_change_of_held
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import near_matches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ansible_collections.groundwork.python_host.plugins.module_utils._errors import PythonHostError
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_simulation import Planned
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages


def refusal(
    host: HostReader, simulation: CommandResult, *, configuration: str, installed: InstalledPackages
) -> PythonHostError:
    """The error that explains a simulation that failed: BadInput for what is not to be had, otherwise Refused."""
    stdout, stderr = simulation.stdout, simulation.stderr
    unknown = _unknown_names(host, simulation, configuration) + _unknown_versions(host, simulation, configuration)
    if unknown:
        return BadInput(unknown)
    refuse_change_of_held(apt_simulation.parse_list(stdout, apt_simulation.HELD), installed)
    essential = apt_simulation.parse_list(stdout, apt_simulation.ESSENTIAL)
    if essential:
        return Refused(
            f"Nothing was changed: {', '.join(essential)}: no Debian works without it, so it is never removed."
        )
    without_archive = apt_simulation.NO_ARCHIVE.findall(stderr)
    if without_archive:
        return Refused(_without_archive(without_archive, installed))
    downgraded = apt_simulation.parse_list(stdout, apt_simulation.DOWNGRADED)
    if downgraded:
        return Refused(_downgrade(downgraded, installed))
    words = f"{apt_words.own_words(stderr)} {apt_simulation.explanation(stdout)}".strip()
    return Refused(f"Nothing was changed: apt finds no way to do what was asked. It says: {words}")


def refuse_other_removals(planned: Iterable[Planned], named: Collection[str]) -> None:
    """Raise Refused where the simulation removes a package that nobody named."""
    others = other_removals(planned, named)
    if others:
        raise Refused(
            f"Nothing was changed: apt would also remove {', '.join(others)}, which nobody named. If they are to go, "
            "name them in a call with `state: absent`; if they are to stay, leave out what drives them away."
        )


def refuse_mending_by_removal(planned: Iterable[Planned], named: Collection[str], *, words: str) -> None:
    """Raise Refused where apt can put broken dependencies in order only by a removal that nobody asked for."""
    others = other_removals(planned, named)
    if others:
        raise Refused(
            f"Nothing was changed: packages of this host lack what they depend on, and all that apt can do about it is "
            f"to remove {', '.join(others)}. Either make what they need available (a package source, a package file "
            f"under `name`), or let them go by a call with `state: absent` that names them. apt says: {words}"
        )


def refuse_mending_by_unwanted(planned: Iterable[Planned], unwanted: Collection[str], *, words: str) -> None:
    """Raise Refused where broken dependencies can be put in order only by what the request wants absent."""
    clash = sorted(package.change.name for package in planned if package.change.name in unwanted)
    if clash:
        raise Refused(
            f"Nothing was changed: {', '.join(clash)} shall be absent, but is just what installed packages lack: name "
            f"them as well, or leave it out. apt says: {words}"
        )


def other_removals(planned: Iterable[Planned], named: Collection[str]) -> list[str]:
    """The packages that a simulation removes and that nobody named."""
    removed = [package.change.name for package in planned if package.change.action == "remove"]
    return sorted(set(removed) - {name.partition(":")[0] for name in named} - set(named))


def _unknown_names(host: HostReader, simulation: CommandResult, configuration: str) -> list[str]:
    unknown = apt_simulation.parse_unknown(simulation.stderr)
    if not unknown:
        return []
    virtual = apt_simulation.parse_virtual(simulation.stdout)
    known = host.query(apt_command.cache(configuration, "pkgnames")).stdout.split()
    return [_unknown_problem(name, known, providers=virtual.get(name, ())) for name in unknown]


def _unknown_problem(name: str, known: Collection[str], *, providers: tuple[str, ...]) -> str:
    if providers:
        return f"name: {name!r} is a virtual package: name one of those that provide it ({', '.join(providers)})"
    near = near_matches(name, known)
    hint = f"did you mean {' or '.join(near)}?" if near else "check its spelling and the host's package sources"
    return f"name: {name!r} is not in the package repositories of this host: {hint}"


def _unknown_versions(host: HostReader, simulation: CommandResult, configuration: str) -> list[str]:
    unknown = apt_simulation.parse_unknown_versions(simulation.stderr)
    if not unknown:
        return []
    offered = apt_words.parse_offered(host.query(apt_command.cache(configuration, "policy", *unknown)).stdout)
    return [_unknown_version(name, version, offered.get(name, ())) for name, version in unknown.items()]


def _unknown_version(name: str, version: str, offered: tuple[str, ...]) -> str:
    there_are = f"there are {', '.join(offered)}" if offered else "there is none of it at all"
    return f"name: '{name}={version}' is a version that no package repository of this host has: {there_are}"


def _downgrade(names: Iterable[str], installed: InstalledPackages) -> str:
    shown = ", ".join(f"{name} {installed.versions.get(name, '')}".rstrip() for name in names)
    return (
        f"Nothing was changed: what was asked is older than what is installed ({shown}). If that is meant, "
        "set `allow_downgrade: true`."
    )


def _without_archive(names: Iterable[str], installed: InstalledPackages) -> str:
    several = tuple(dict.fromkeys(names))
    shown = ", ".join(f"{name} {installed.incomplete.get(name, '')}".rstrip() for name in several)
    return (
        f"Nothing was changed: an earlier run of dpkg was ended in the middle of unpacking {shown}, and no package "
        "source of this host has a version of it to unpack again. Either bring back the source or give a package file "
        f"under `name`, or take the rest of it away by hand: dpkg --remove --force-remove-reinstreq {' '.join(several)}"
    )
