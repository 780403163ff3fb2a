# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a transaction is not made: what apt says about it, and what nobody asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command, apt_words
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_names import near_matches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ansible_collections.groundwork.python_host.plugins.module_utils._errors import PythonHostError
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_words import Planned


def refusal(host: HostReader, simulation: CommandResult, *, configuration: str) -> PythonHostError:
    """The error that explains a simulation that failed: BadInput for unknown names, otherwise Refused."""
    unknown = apt_words.parse_unknown(simulation.stderr)
    if not unknown:
        words = f"{apt_words.own_words(simulation.stderr)} {apt_words.explanation(simulation.stdout)}".strip()
        return Refused(f"Nothing was changed: apt finds no way to do what was asked. It says: {words}")
    virtual = apt_words.parse_virtual(simulation.stdout)
    known = host.query(apt_command.cache(configuration, "pkgnames")).stdout.split()
    return BadInput([_unknown_problem(name, known, providers=virtual.get(name, ())) for name in unknown])


def refuse_other_removals(planned: Iterable[Planned], named: Collection[str]) -> None:
    """Raise Refused where the simulation removes a package that nobody named."""
    removed = [package.change.name for package in planned if package.change.action == "remove"]
    others = sorted(set(removed) - {name.partition(":")[0] for name in named} - set(named))
    if others:
        raise Refused(
            f"Nothing was changed: apt would also remove {', '.join(others)}, which nobody named. If they are to go, "
            "name them in a call with `state: absent`; if they are to stay, leave out what drives them away."
        )


def _unknown_problem(name: str, known: Collection[str], *, providers: tuple[str, ...]) -> str:
    if providers:
        return f"name: {name!r} is a virtual package: name one of those that provide it ({', '.join(providers)})"
    near = near_matches(name, known)
    hint = f"did you mean {' or '.join(near)}?" if near else "check its spelling and the host's package sources"
    return f"name: {name!r} is not in the package repositories of this host: {hint}"
