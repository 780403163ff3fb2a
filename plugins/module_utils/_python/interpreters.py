# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which interpreter of the host is meant, whether it is there or has to come from a repository."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._python.request import OLDEST_SERIES, SYSTEM
from ansible_collections.groundwork.python_host.plugins.module_utils._python.scripts import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._python.layouts import Layout

    class Repositories(Protocol):
        """What is asked of the package backend here: the candidate version of each name that a repository has."""

        def available(self, names: Sequence[str]) -> Mapping[str, str]: ...


# The series that a search through the repositories asks for; names that do not exist cost nothing.
SEARCHED_SERIES = tuple(f"3.{minor}" for minor in range(OLDEST_SERIES[1], 31))
# /usr/bin/python3 -> /etc/alternatives/python3 -> /usr/bin/python3.12 is the longest that distributions make.
LINKS_FOLLOWED = 3


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


@dataclass(frozen=True)
class _Own:
    """The system's own Python; where it is not on the host yet, `path` is where it will be."""

    series: str
    path: str


def locate(host: HostReader, layout: Layout, *, version: str, repositories: Repositories) -> Interpreter:
    """The interpreter for `system` or a series; raises BadInput where the host can have none."""
    own = None if layout.stand_ins else _own(host, layout, repositories, is_wanted=version == SYSTEM)
    if version != SYSTEM:
        found = _parallel(layout, version, own=own)
    elif own:
        found = _system(layout, own)
    else:
        found = _parallel(layout, _stand_in(host, layout, repositories), own=None)
    if host.stat(found.path) is not None:
        return found
    versions = repositories.available(list(found.carriers))
    candidate = next((versions[name] for name in found.carriers if versions.get(name)), "")
    if not candidate:
        raise BadInput([_not_available(found.series, layout, repositories)])
    return replace(found, candidate=candidate)


def packages(layout: Layout, interpreter: Interpreter, *, headers: bool) -> tuple[str, ...]:
    """The packages to have for this interpreter, with headers and build tools where they are wanted."""
    python = layout.package("3" if interpreter.is_system else interpreter.series)
    others = (*layout.venv, *layout.splits, *(layout.headers if headers else ()))
    build_tools = layout.build_tools if headers else ()
    digits = interpreter.series.replace(".", "")
    return (python, *(template.format(python=python, digits=digits) for template in others), *build_tools)


def compiler_problems(host: HostReader, layout: Layout) -> list[str]:
    """Nothing can be compiled where the base system was installed without its compiler."""
    if not layout.compiler or host.stat(layout.compiler) is not None:
        return []
    return [
        f"headers: there is no compiler {layout.compiler} on this host, which the base system brings: install it "
        "(FreeBSD-set-devel where the base system is packaged), or set headers to false and native_libraries to []"
    ]


def full_version(host: HostReader, interpreter: Interpreter) -> str:
    """X.Y.Z: as the interpreter says, or where it is still to be installed, as its package is numbered."""
    if interpreter.candidate:
        return upstream_version(interpreter.candidate)
    return host.query([interpreter.path, "-I", "-c", VERSION]).stdout.strip()


def upstream_version(package_version: str) -> str:
    """X.Y.Z of a package's version: `3.11.2` of `3.11.2-6+deb12u6`, `1:3.11.2~rc1-1` and `3.11.2_1`."""
    found = re.search(r"(?:^|:)(\d+\.\d+(?:\.\d+)?)", package_version)
    return found[1] if found else package_version


def _system(layout: Layout, own: _Own) -> Interpreter:
    if tuple(map(int, own.series.split("."))) < OLDEST_SERIES:
        raise BadInput(
            [f'version: this system\'s own Python is {own.series}, older than 3.8: ask for another, as in "3.11"']
        )
    carriers = (layout.package(own.series), *([layout.system] if layout.system else []))
    return Interpreter(own.path, own.series, is_system=True, carriers=carriers)


def _parallel(layout: Layout, series: str, *, own: _Own | None) -> Interpreter:
    """The interpreter of a series, which may be the system's own by its other name."""
    path = layout.path(series)
    if own and own.path == path:
        return _system(layout, own)
    return Interpreter(path, series, is_system=False, carriers=(layout.package(series),))


def _stand_in(host: HostReader, layout: Layout, repositories: Repositories) -> str:
    """The best of those that are installed, so that no repository is asked; else the best that can be had."""
    installed = (series for series in layout.stand_ins if host.stat(layout.path(series)) is not None)
    chosen = next(installed, "")
    if chosen:
        return chosen
    names = {layout.package(series): series for series in layout.stand_ins}
    candidates = repositories.available(list(names))
    offered = next((names[name] for name in names if candidates.get(name)), "")
    if not offered:
        raise BadInput(
            [
                "version: this system's own Python is too old for applications, and no repository of this host has "
                f"one of {', '.join(names)}: look at its package sources"
            ]
        )
    return offered


def _own(host: HostReader, layout: Layout, repositories: Repositories, *, is_wanted: bool) -> _Own | None:
    """The system's own Python, installed or not; raises BadInput where no repository has one.

    One that is not installed is of interest only if it is wanted, or tells by its version which series it is.
    """
    link = f"{layout.directory}/python3"
    path = _named_after_series(host, link)
    if path:
        return _Own(path.rpartition("/python")[2], path)
    if host.stat(link) is not None:
        return _Own(_series(host.query([link, "-I", "-c", VERSION]).stdout.strip()), link)
    if layout.default and not is_wanted:
        return None
    series = _offered_series(host, layout, repositories)
    if not series:
        raise BadInput(
            [f"version: no repository of this host has the package {layout.package('3')}: look at its package sources"]
        )
    return _Own(series, layout.path(series))


def _offered_series(host: HostReader, layout: Layout, repositories: Repositories) -> str:
    package = layout.package("3")
    offered = repositories.available([package]).get(package, "")
    if not layout.default or not offered:
        return _series(upstream_version(offered))
    depended = host.query(layout.default, ok=(0, 1)).lines()
    return next((series for series in map(layout.series_of, depended) if series), "")


def _named_after_series(host: HostReader, link: str) -> str:
    """Where the links lead to that begin here, if that is `python3.X` in the same directory; else empty."""
    directory = posixpath.dirname(link)
    path = link
    for _step in range(LINKS_FOLLOWED):
        target = host.readlink(path)
        if target is None:
            return ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if re.fullmatch(rf"{re.escape(directory)}/python3\.\d+", path):
            return path
    return ""


def _series(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _not_available(series: str, layout: Layout, repositories: Repositories) -> str:
    names = {layout.package(known): known for known in SEARCHED_SERIES}
    candidates = repositories.available(list(names))
    existing = [names[name] for name in names if candidates.get(name)]
    choice = f"they have {', '.join(existing)}" if existing else "they have no other either"
    return (
        f"version: no repository of this host has Python {series}; {choice}. Ask for one of these or for "
        f'"{SYSTEM}", or add a repository that has it'
    )
