# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages that a run has installed by name: are they there, what would go with them, and how they go again."""

from __future__ import annotations

import re
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.files import SEARCH_PATH, ask, read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


LOCK_SECONDS = 60
PAUSE = 1.0


def _nobody() -> str:
    return ""


@dataclass(frozen=True)
class Remover:
    """A package tool, as far as taking packages away goes. `foretell` and `remove` take names behind their words;
    `read` finds the names of all that would go in what the tool foretells. `holder` says who holds a lock of a tool
    that does not wait for a limited time by itself.
    """

    name: str
    is_installed: Callable[[str], bool]
    foretell: Sequence[str]
    remove: Sequence[str]
    read: Callable[[str], set[str]]
    holder: Callable[[], str] = _nobody

    def is_kept_busy(self) -> str:
        """A sentence where somebody else works with the tool and does not end in time."""
        end = time.monotonic() + LOCK_SECONDS
        while True:
            holder = self.holder()
            if not holder:
                return ""
            if time.monotonic() >= end:
                return f"another package tool is at work: {holder} and was not free within {LOCK_SECONDS} s"
            time.sleep(PAUSE)

    def going_with(self, names: Sequence[str]) -> set[str]:
        """All that would go if these went; empty where the tool does not say."""
        return self.read(ask([*self.foretell, *names]))


def remover() -> Remover:
    """The tool that this host's packages come by; a Debian may have rpm as a program, but not the other way round."""
    return next((tool for tool in (APT, DNF) if shutil.which(tool.name, path=SEARCH_PATH)), PKG)


def _dpkg_has(name: str) -> bool:
    return ask(["dpkg-query", "-W", "-f", "${db:Status-Status}", name]) == "installed"


def _rpm_has(name: str) -> bool:
    return ask(["rpm", "-q", "--qf", "%{NAME}\n", name]).split("\n")[0] == name


def _pkg_has(name: str) -> bool:
    return ask(["pkg", "query", "-C", "%n", name]) == name


def _dnf_holder() -> str:
    """dnf writes its process id into its lock files (dnf/lock.py); one that has ended holds nothing."""
    for path in DNF_LOCKS:
        pid = (read(path) or b"").decode(errors="replace").strip()
        name = read(f"/proc/{pid}/comm") if pid.isdigit() else None
        if name is not None:
            return f"{path} is held by {name.decode(errors='replace').strip()} (process {pid})"
    return ""


def _by_apt(text: str) -> set[str]:
    return {name.partition(":")[0] for name in re.findall(r"^Remv (\S+)", text, re.MULTILINE)}


def _by_dnf(text: str) -> set[str]:
    """Rows of dnf's table begin with one blank; a long name has its line for itself, and the rest of its row follows
    with more of them.
    """
    table = text.partition("\nRemoving:\n")[2].partition("\nTransaction Summary")[0]
    return set(re.findall(r"^ (\S+)", table, re.MULTILINE))


def _by_pkg(text: str) -> set[str]:
    """The rows below its heading: print_jobs_summary in src/utils.c of freebsd/pkg."""
    section = text.partition("Installed packages to be REMOVED:\n")[2].partition("\n\n")[0]
    return set(re.findall(r"^\s+(\S+): ", section, re.MULTILINE))


APT = Remover(
    "apt-get",
    _dpkg_has,
    ("apt-get", "-s", "remove"),
    ("apt-get", "-q", "-y", "-o", f"DPkg::Lock::Timeout={LOCK_SECONDS}", "remove"),
    _by_apt,
)
DNF_LOCKS = ("/var/lib/dnf/rpmdb_lock.pid", "/var/cache/dnf/metadata_lock.pid", "/var/cache/dnf/download_lock.pid")
# What came along as a dependency stays, as with apt-get. dnf would wait for another one without limit.
_SETTINGS = ("--setopt=clean_requirements_on_remove=False", "--setopt=exit_on_lock=True")
DNF = Remover(
    "dnf",
    _rpm_has,
    ("dnf", "--assumeno", *_SETTINGS, "remove"),
    ("dnf", "-q", "-y", *_SETTINGS, "remove"),
    _by_dnf,
    _dnf_holder,
)
# -C: of two names that differ in their letters' case alone, this one (pkg-delete(8)).
PKG = Remover(
    "pkg",
    _pkg_has,
    ("pkg", "delete", "-n", "-C"),
    ("pkg", "-o", "LOCK_WAIT=1", "-o", f"LOCK_RETRIES={LOCK_SECONDS}", "delete", "-q", "-y", "-C"),
    _by_pkg,
)
