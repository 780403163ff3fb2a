# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that a run has to know about the host, read before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackagePlan,
    PackageRequest,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._python import (
    account,
    interpreters,
    layouts,
    native_libraries,
    releases,
    requirements,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
    from ansible_collections.groundwork.python_host.plugins.module_utils._python.account import Account
    from ansible_collections.groundwork.python_host.plugins.module_utils._python.interpreters import Interpreter
    from ansible_collections.groundwork.python_host.plugins.module_utils._python.releases import Shelf
    from ansible_collections.groundwork.python_host.plugins.module_utils._python.request import Request


class Packages(Protocol):
    """What a runtime needs of the packages of the host; PackageSession is the real one."""

    def missing(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those that are not installed."""

    def available(self, names: Iterable[str]) -> Mapping[str, str]:
        """The version that would be installed, for those that a repository has."""

    def plan(self, request: PackageRequest) -> PackagePlan:
        """What a transaction would change."""

    def perform(self, plan: PackagePlan) -> None:
        """Carries the transaction out."""


@dataclass(frozen=True)
class Situation:
    """What was found. `requirements` is the text for pip, wherever it came from."""

    platform: Platform
    account: Account | None
    shelf: Shelf
    interpreter: Interpreter
    requirements: str
    packages: PackagePlan


def survey(host: HostReader, platform: Platform, request: Request, *, packages: Packages) -> Situation:
    """Look at the host; raises BadInput with everything on it that the request does not go together with."""
    owner = account.read(host, request.owner)
    text, problems = _requirements(host, request)
    problems = [*_owner_problems(owner), *_path_problems(host, request.path), *problems]
    try:
        layout = layouts.layout_of(platform)
        interpreter = interpreters.locate(host, layout, version=request.version, repositories=packages)
    except BadInput as error:
        raise BadInput([*problems, *error.problems]) from error
    problems.extend(interpreters.compiler_problems(host, layout) if request.headers else ())
    if problems:
        raise BadInput(problems)
    libraries = native_libraries.packages(request.native_libraries, platform)
    names = (
        *interpreters.packages(layout, interpreter, headers=request.headers),
        *(name for name in libraries if not _has_another(packages, name)),
    )
    return Situation(
        platform=platform,
        account=owner,
        shelf=releases.read(host, request.path),
        interpreter=interpreter,
        requirements=text,
        packages=_package_plan(packages, names),
    )


def _package_plan(packages: Packages, names: tuple[str, ...]) -> PackagePlan:
    missing = packages.missing(names)
    return packages.plan(PackageRequest(names=missing)) if missing else PackagePlan()


def _has_another(packages: Packages, name: str) -> bool:
    """A package that does as well is installed, and this one would drive it out."""
    others = native_libraries.INSTEAD.get(name, ())
    return bool(others) and len(packages.missing(others)) < len(others)


def _owner_problems(owner: Account | None) -> list[str]:
    if owner is None or owner.uid != 0:
        return []
    return [f"owner: {owner.name} has the user id 0 on this host, so it is root by another name: use another user"]


def _path_problems(host: HostReader, path: str) -> list[str]:
    expected = ((path, "directory"), (f"{path}/{releases.DIRECTORY}", "directory"), (f"{path}/{releases.LINK}", "link"))
    problems = []
    for place, kind in expected:
        stat = host.stat(place)
        if stat is None:
            continue
        if stat.kind != kind:
            problems.append(f"path: {place} is a {stat.kind} on this host, expected a {kind}: move it away")
            break
    return problems


def _requirements(host: HostReader, request: Request) -> tuple[str, list[str]]:
    if not request.requirements_file:
        return request.requirements, []
    text = host.read_text(request.requirements_file)
    if text is None:
        return "", [f"requirements_file: there is no {request.requirements_file} on the host (remote_src is true)"]
    return text, requirements.problems(text, where=request.requirements_file)
