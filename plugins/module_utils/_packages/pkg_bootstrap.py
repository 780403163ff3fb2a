# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host on which nobody has ever used pkg: /usr/sbin/pkg of the base system has yet to fetch the real one.

Whatever else it is told, it asks first whether it may (usr.sbin/pkg/pkg.c of freebsd/freebsd-src, pkg(7)).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    CommandMissing,
    PythonHostError,
    Refused,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import pkg_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    InstalledPackages,
    PackageChange,
    PackagePlan,
    Step,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.holds import hold_changes
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_errors import own_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        Native,
        PackageRequest,
        Surroundings,
    )

NEWEST = "newest"
NOTE = (
    "pkg was never used on this host, so check mode cannot tell which versions and dependencies would come: a run gets "
    "pkg itself first (`pkg bootstrap`)"
)


def is_there(host: HostReader) -> bool:
    """True where pkg itself is installed."""
    return host.stat(pkg_command.PROGRAM) is not None


def foretold(request: PackageRequest, natives: Iterable[Native]) -> PackagePlan:
    """What a run would do, as far as that can be told without pkg. What is held and not named may come along."""
    names = tuple(dict.fromkeys(native.name for native in natives))
    changes = tuple(PackageChange(name, "install", None, NEWEST) for name in names)
    command = ("install", *names)
    steps = (Step(command, changes),) if changes else ()
    known = replace(request, hold=tuple(name for name in request.hold if name in names))
    marks = hold_changes(known, InstalledPackages(), transaction=changes)
    return PackagePlan((*changes, *marks), command if steps else (), notes=(NOTE,), steps=steps)


def after_bootstrap(plan: PackagePlan, version: str) -> PackagePlan:
    """The plan with pkg itself, which has come before."""
    return replace(plan, changes=(PackageChange("pkg", "install", None, version), *plan.changes))


def refusal(error: PythonHostError) -> Refused:
    """The same error of a request that could only be judged with pkg."""
    return Refused(str(error).replace("Nothing was changed", "Nothing but pkg itself was installed", 1))


def bootstrap(surroundings: Surroundings) -> None:
    """Get pkg; in check mode, say so. Raises Refused in its own words where that fails."""
    if surroundings.host.which("pkg") is None:
        raise CommandMissing("pkg")
    command = Command(
        pkg_command.BOOTSTRAP,
        Change("packages", "pkg bootstrap", "pkg absent", f"pkg {NEWEST}"),
        timeout=pkg_command.REFRESH_SECONDS,
        env=pkg_command.BOOTSTRAP_ENVIRONMENT,
    )
    try:
        surroundings.executor.run([command])
    except ActionFailed as error:
        raise Refused(
            f"Nothing was changed: pkg was never used on this host and cannot be got. It says: {own_words(str(error))} "
            "(Check how the host reaches its package repository.)"
        ) from error
