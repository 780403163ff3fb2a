# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where each family of systems keeps its Python interpreters, what their packages are called, which one is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup
from ansible_collections.groundwork.python_host.plugins.module_utils._python.request import OLDEST_SERIES, SYSTEM
from ansible_collections.groundwork.python_host.plugins.module_utils._python.scripts import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

    class Repositories(Protocol):
        """What is asked of the package backend here: the candidate version of each name that a repository has."""

        def available(self, names: Sequence[str]) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Layout:
    """One family's names. In a package name `{version}` is `3` or `3.11`, and `{digits}` the same without its dot.

    `system` is the package that the system's own interpreter is in, where that one is not named after its series.
    """

    directory: str
    interpreter: str
    system: str = ""
    venv: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    build_tools: tuple[str, ...] = ()


LAYOUTS = {
    # `python3` only depends on the interpreter, and its own third number may lag behind.
    "debian": Layout(
        directory="/usr/bin",
        interpreter="python{version}",
        venv=("python{version}-venv",),
        headers=("python{version}-dev",),
        build_tools=("build-essential", "pkg-config"),
    ),
    "redhat": Layout(
        directory="/usr/bin",
        interpreter="python{version}",
        system="python3",
        headers=("python{version}-devel",),
        build_tools=("gcc", "gcc-c++", "make", "pkgconf-pkg-config"),
    ),
    # The compiler is in the base system and the headers are in the interpreter's package.
    "freebsd": Layout(directory="/usr/local/bin", interpreter="python{digits}", build_tools=("gmake", "pkgconf")),
}
# The series that a search through the repositories asks for; names that do not exist cost nothing.
SEARCHED_SERIES = tuple(f"3.{minor}" for minor in range(OLDEST_SERIES[1], 31))


@dataclass(frozen=True)
class Interpreter:
    """The interpreter that a release is built on.

    `carriers` are the packages that it may itself be in, and `candidate` is their version while it is not installed.
    """

    path: str
    series: str
    is_system: bool
    carriers: tuple[str, ...]
    candidate: str = ""


def layout_of(platform: Platform) -> Layout:
    """The platform's row; raises BadInput where there is none."""
    try:
        return lookup(LAYOUTS, platform)
    except KeyError:
        families = ", ".join(LAYOUTS)
        raise BadInput(
            [f"{platform.title} is of no family that Python can be installed on here ({families})"]
        ) from None


def locate(host: HostReader, layout: Layout, *, version: str, repositories: Repositories) -> Interpreter:
    """The interpreter for `system` or a series; raises BadInput where the host can have none."""
    system = _system_series(host, layout, repositories)
    series = system if version == SYSTEM else version
    if not series:
        package = _fill(layout.interpreter, "3")
        raise BadInput([f"version: no repository of this host has the package {package}: look at its package sources"])
    if tuple(map(int, series.split("."))) < OLDEST_SERIES:
        raise BadInput(
            [f'version: this system\'s own Python is {series}, older than 3.8: ask for another, as in "3.11"']
        )
    is_system = series == system
    carriers = (_fill(layout.interpreter, series), *([layout.system] if is_system and layout.system else []))
    found = Interpreter(f"{layout.directory}/python{series}", series, is_system, carriers)
    if host.stat(found.path) is not None:
        return found
    versions = repositories.available(list(carriers))
    candidate = next((versions[name] for name in carriers if versions.get(name)), "")
    if not candidate:
        raise BadInput([_not_available(series, layout, repositories)])
    return replace(found, candidate=candidate)


def packages(layout: Layout, interpreter: Interpreter, *, headers: bool) -> tuple[str, ...]:
    """The packages to have for this interpreter, with headers and build tools where they are wanted."""
    version = "3" if interpreter.is_system else interpreter.series
    templates = (layout.interpreter, *layout.venv, *(layout.headers if headers else ()))
    return tuple(_fill(template, version) for template in templates) + (layout.build_tools if headers else ())


def full_version(host: HostReader, interpreter: Interpreter) -> str:
    """X.Y.Z: as the interpreter says, or where it is still to be installed, as its package is numbered."""
    if interpreter.candidate:
        return upstream_version(interpreter.candidate)
    return host.query([interpreter.path, "-I", "-c", VERSION]).stdout.strip()


def upstream_version(package_version: str) -> str:
    """X.Y.Z of a package's version: `3.11.2` of `3.11.2-6+deb12u6`, `1:3.11.2~rc1-1` and `3.11.2_1`."""
    found = re.search(r"(?:^|:)(\d+\.\d+(?:\.\d+)?)", package_version)
    return found[1] if found else package_version


def _system_series(host: HostReader, layout: Layout, repositories: Repositories) -> str:
    """The series of the system's own Python, installed or not; empty where no repository has one."""
    link = f"{layout.directory}/python3"
    named = re.search(r"python(3\.\d+)$", host.readlink(link) or "")
    if named:
        return named[1]
    if host.stat(link) is not None:
        # Enterprise Linux 8 goes through its alternatives, whose links do not tell.
        return _series(host.query([link, "-I", "-c", VERSION]).stdout.strip())
    package = _fill(layout.interpreter, "3")
    return _series(upstream_version(repositories.available([package]).get(package, "")))


def _series(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _not_available(series: str, layout: Layout, repositories: Repositories) -> str:
    names = {_fill(layout.interpreter, known): known for known in SEARCHED_SERIES}
    candidates = repositories.available(list(names))
    existing = [names[name] for name in names if candidates.get(name)]
    choice = f"they have {', '.join(existing)}" if existing else "they have no other either"
    return (
        f"version: no repository of this host has Python {series}; {choice}. Ask for one of these or for "
        f'"{SYSTEM}", or add a repository that has it'
    )


def _fill(template: str, version: str) -> str:
    return template.format(version=version, digits=version.replace(".", ""))
