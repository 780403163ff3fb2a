# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a request as a whole, on whatever system: one sentence for each problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import State, Upgrade
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.names import split_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        PackageRequest,
        Surroundings,
    )


def request_problems(request: PackageRequest) -> tuple[str, ...]:
    """What excludes one another in it, or asks for nothing."""
    return (*_empty(request), *_together(request), *_versions(request), *_holds(request))


def waiting_problems(surroundings: Surroundings) -> tuple[str, ...]:
    """What is wrong with the times."""
    seconds = {"lock_timeout": surroundings.lock_timeout, "cache_valid_time": surroundings.cache_valid_time}
    return tuple(f"{name} is {value:g}, expected 0 or more seconds" for name, value in seconds.items() if value < 0)


def _empty(request: PackageRequest) -> Iterator[str]:
    marks = (*request.hold, *request.unhold)
    if not request.names and not marks and request.upgrade is Upgrade.NONE and not request.autoremove:
        yield (
            "name is empty and upgrade is none, so there is nothing to do: name a package, or set upgrade, hold, "
            "unhold or autoremove"
        )


def _together(request: PackageRequest) -> Iterator[str]:
    if request.state is State.ABSENT and request.upgrade is not Upgrade.NONE:
        yield "state absent and upgrade exclude one another: make two calls of them"
    adds = bool(request.names) and request.state is not State.ABSENT
    if request.autoremove and (adds or request.upgrade is not Upgrade.NONE):
        yield "autoremove goes alone or with state absent: make two calls of them"


def _versions(request: PackageRequest) -> Iterator[str]:
    versions: dict[str, set[str]] = {}
    for name in request.names:
        bare, version = split_version(name)
        if "=" in name and not name.startswith("/"):
            yield from _version_problem(name, version, request.state)
            versions.setdefault(bare, set()).add(version)
    for name, several in versions.items():
        if len(several) > 1:
            yield f"name: {name!r} is asked for in several versions ({', '.join(sorted(several))}): keep one"


def _version_problem(name: str, version: str, state: State) -> Iterator[str]:
    if not version:
        yield f"name: {name!r} has an empty version: write NAME=VERSION, or the name alone"
    elif state is not State.PRESENT:
        yield f"name: {name!r} asks for a version, which goes with state present only, not with {state.value}"


def _holds(request: PackageRequest) -> Iterator[str]:
    for name in dict.fromkeys(request.hold):
        if name in request.unhold:
            yield f"hold and unhold both name {name!r}: keep it in one of them"
        if request.state is State.ABSENT and name in request.names:
            yield f"hold: {name!r} is to be removed by the same call: leave it out of `hold`"
