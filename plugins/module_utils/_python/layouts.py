# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where each family of systems keeps its Python interpreters, and what their packages are called."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform


@dataclass(frozen=True)
class Layout:
    """One family's names. In `interpreter`, `{version}` is `3` or `3.11`, and `{digits}` the same without its dot.

    In the names of its other packages `{python}` is the interpreter's. `renamed` gives the interpreter's package where
    a series has another name. `system` is the package that the system's own interpreter is in, where that one is not
    named after its series. Where the system's own is too old for applications and stays the system's alone, the
    series in `stand_ins` take its place, the best first. `splits` are parts of the standard library that have packages
    of their own, `{digits}` being those of the series. Where the package for `3` tells nothing by its version,
    `default` asks which interpreter's package it depends on. `compiler` is the base system's, which no package brings.
    """

    directory: str
    interpreter: str
    system: str = ""
    venv: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    build_tools: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    stand_ins: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    default: tuple[str, ...] = ()
    compiler: str = ""

    def path(self, series: str) -> str:
        """Where the interpreter of a series is."""
        return f"{self.directory}/python{series}"

    def package(self, version: str) -> str:
        """The interpreter's package: for `3` the one that the system's own is got by."""
        usual = self.interpreter.format(version=version, digits=version.replace(".", ""))
        return self.renamed.get(version, usual)

    def series_of(self, package: str) -> str:
        """The series that an interpreter's package is for; empty for any other package."""
        pattern = re.escape(self.interpreter).replace(r"\{version\}", r"3\.(\d+)").replace(r"\{digits\}", r"3(\d+)")
        found = re.fullmatch(pattern, package)
        return f"3.{found[1]}" if found else ""


_REDHAT = Layout(
    directory="/usr/bin",
    interpreter="python{version}",
    system="python3",
    headers=("{python}-devel",),
    build_tools=("gcc", "gcc-c++", "make", "pkgconf-pkg-config"),
)
LAYOUTS = {
    # `python3` only depends on the interpreter, and its own third number may lag behind.
    "debian": Layout(
        directory="/usr/bin",
        interpreter="python{version}",
        venv=("{python}-venv",),
        headers=("{python}-dev",),
        build_tools=("build-essential", "pkg-config"),
    ),
    "redhat": _REDHAT,
    # Its own Python is 3.6, of which `python3` is only another name.
    "redhat-8": replace(_REDHAT, system="", renamed={"3.8": "python38", "3.9": "python39"}, stand_ins=("3.12", "3.11")),
    # From freebsd/freebsd-ports: the headers are in the interpreter's package; lang/python3 has the version 3 and the
    # link `python3`, and depends on the interpreter that is the default of the day; the interpreters leave _sqlite3,
    # _tkinter and _gdbm out (lang/python312 to 314, DISABLED_EXTENSIONS), and databases/py-sqlite3 is built for each of
    # them (allflavors). The other two are no part of a web application.
    "freebsd": Layout(
        directory="/usr/local/bin",
        interpreter="python{digits}",
        build_tools=("gmake", "pkgconf"),
        splits=("py{digits}-sqlite3",),
        default=("pkg", "rquery", "-U", "-e", "%o = lang/python3", "%dn"),
        compiler="/usr/bin/cc",
    ),
}


def layout_of(platform: Platform) -> Layout:
    """The platform's row; raises BadInput where there is none."""
    try:
        return lookup(LAYOUTS, platform)
    except KeyError:
        families = ", ".join(key for key in LAYOUTS if "-" not in key)
        raise BadInput(
            [f"{platform.title} is of no family that Python can be installed on here ({families})"]
        ) from None
