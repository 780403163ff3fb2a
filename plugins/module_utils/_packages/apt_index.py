# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The package index: how old it is, and fetching it, in check mode into private directories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    CommandFailed,
    HostError,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_locks import (
    run_when_free,
    standard_error,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_words import own_words

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings

LISTS = "/var/lib/apt/lists"
SOURCES = "/etc/apt/sources.list"
SOURCE_PARTS = "/etc/apt/sources.list.d"
# What lies in the directory of an index that was never fetched.
BOOKKEEPING = frozenset({"lock", "partial", "auxfiles"})


class Index:
    """The index that this run works with; fetched at most once."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._is_settled = False
        self._configuration = ""
        self._is_private = False

    @property
    def configuration(self) -> str:
        """The file that keeps apt's writes off the host in check mode; empty in a real run."""
        host, executor = self._surroundings.host, self._surroundings.executor
        if executor.is_check_mode and not self._configuration:
            self._configuration = _keep_private(host, own_lists=False)
        return self._configuration

    def settle(self) -> None:
        """See to an index that is young enough. Raises HostError in apt's own words when it cannot be fetched."""
        if self._is_settled:
            return
        surroundings = self._surroundings
        if not is_fresh(surroundings.host, valid_time=surroundings.cache_valid_time, now=surroundings.clock.now()):
            if surroundings.executor.is_check_mode:
                self._fetch_privately()
            else:
                self._fetch()
        self._is_settled = True

    def has_suite(self, suite: str) -> bool:
        """True where the index holds this suite (`jammy-security`) of an archive of the usual layout."""
        lists = f"{self._surroundings.host.scratch}/apt/lists" if self._is_private else LISTS
        return any(f"_dists_{suite}_" in name for name in self._surroundings.host.listdir(lists) or ())

    def _fetch_privately(self) -> None:
        host = self._surroundings.host
        self._configuration = _keep_private(host, own_lists=True)
        self._is_private = True
        argv = apt_command.refresh(lock_timeout=0, configuration=self._configuration)
        try:
            host.query(argv, timeout=apt_command.REFRESH_SECONDS, env=apt_command.ENVIRONMENT)
        except CommandFailed as error:
            raise HostError(_message(error.stderr)) from error

    def _fetch(self) -> None:
        argv = apt_command.refresh(lock_timeout=self._surroundings.lock_timeout, configuration="")
        command = Command(argv, timeout=apt_command.REFRESH_SECONDS, env=apt_command.ENVIRONMENT)
        try:
            run_when_free(self._surroundings, command)
        except ActionFailed as error:
            raise HostError(_message(standard_error(error))) from error


def is_fresh(host: HostReader, *, valid_time: float, now: float) -> bool:
    """True where an index was fetched, is younger than `valid_time` seconds, and younger than the list of sources."""
    if not set(host.listdir(LISTS) or ()) - BOOKKEEPING:
        return False
    fetched = max(_modified(host, apt_command.UPDATE_STAMP), _modified(host, LISTS))
    parts = [f"{SOURCE_PARTS}/{name}" for name in host.listdir(SOURCE_PARTS) or ()]
    changed = max(_modified(host, path) for path in (SOURCES, SOURCE_PARTS, *parts))
    return changed <= fetched and 0 <= now - fetched < valid_time


def _modified(host: HostReader, path: str) -> float:
    stat = host.stat(path)
    return stat.modified if stat else 0.0


def _keep_private(host: HostReader, *, own_lists: bool) -> str:
    directory = f"{host.scratch}/apt"
    host.query(["mkdir", "-p", f"{directory}/lists/partial", f"{directory}/cache/archives/partial"])
    return host.scratch_file("apt/apt.conf", apt_command.private_configuration(directory, own_lists=own_lists))


def _message(stderr: str) -> str:
    return (
        f"Nothing was changed: the package index of this host cannot be fetched. apt says: {own_words(stderr)} "
        f"(Check the sources in {SOURCES} and {SOURCE_PARTS}, their keys, and how the host reaches them.)"
    )
