# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogues of a host's repositories: young enough, in check mode as a private copy, and what they have.

A catalogue lies in /var/db/pkg/repos/NAME/db. pkg gives that file the repository's own time (utimes in
pkg_repo_binary_update, libpkg/repo/binary/update.c of freebsd/pkg), so how long ago it came is told by when its inode
was changed. Where the repository has nothing new, `pkg update` is one small request and leaves the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    CommandFailed,
    HostError,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import pkg_command, pkg_words
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_errors import (
    own_words,
    repository_message,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_locks import (
    query_when_free,
    run_when_free,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_words import Offer

CATALOGUES = f"{pkg_command.DATABASE}/repos"
# pkg reads them in this order (REPOS_DIR in pkg.conf(5)).
REPOSITORIES = ("/etc/pkg", "/usr/local/etc/pkg/repos")
EARLIER, SAME, LATER = "<", "=", ">"


class Catalogue:
    """What this run asks pkg about; fetched at most once, and copied at most once."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._host: HostReader = surroundings.host
        self._is_settled = False
        self._private: tuple[str, ...] = ()

    @property
    def settings(self) -> tuple[str, ...]:
        """The options under which pkg reads the private copy, where there is one."""
        return self._private

    def settle(self) -> None:
        """See to catalogues that are young enough. Raises HostError where one cannot be fetched."""
        if self._is_settled:
            return
        surroundings = self._surroundings
        if not is_fresh(self._host, valid_time=surroundings.cache_valid_time, now=surroundings.clock.now()):
            try:
                self._fetch()
            except CommandFailed as error:
                raise HostError(repository_message(error)) from error
        self._is_settled = True

    def keep_private(self) -> tuple[str, ...]:
        """Work on a copy of pkg's database from here on, which may be changed for a simulation."""
        if not self._private:
            directory = f"{self._host.scratch}/pkg"
            database, cache = f"{directory}/db", f"{directory}/cache"
            self._host.query(("mkdir", "-p", database, cache))
            # With `/.` it is what lies in the directory that is copied, hidden or not.
            self._host.query(("cp", "-Rp", f"{pkg_command.DATABASE}/.", database), timeout=300.0)
            self._private = pkg_command.options(PKG_DBDIR=database, PKG_CACHEDIR=cache)
        return self._private

    def offers(self, names: Iterable[str]) -> tuple[Offer, ...]:
        """All versions that the repositories have of these packages, given by name or by origin."""
        asked = tuple(dict.fromkeys(names))
        if not asked:
            return ()
        return pkg_words.parse_offers(self.ask("rquery", "-U", "-C", pkg_words.OFFER_FORMAT, *asked).stdout)

    def names(self) -> tuple[str, ...]:
        """The names of all packages that the repositories have."""
        return tuple(dict.fromkeys(self.ask("rquery", "-U", "-a", "%n").stdout.split()))

    def python_prefix(self) -> str:
        """How the packages for the default Python begin: `py312-`, for `python3` needs `python312`.

        Empty where the repositories have no default.
        """
        needed = self.ask("rquery", "-U", "-C", "%dn", "python3").stdout.split()
        default = next((name for name in needed if name[:6] == "python" and name[6:].isdigit()), "")
        return f"py{default[6:]}-" if default else ""

    def order(self, one: str, other: str) -> str:
        """EARLIER, SAME or LATER, as pkg orders two versions."""
        return SAME if one == other else self.ask("version", "-t", one, other).stdout.strip()[:1]

    def newest(self, versions: Iterable[str]) -> str:
        """The newest of them; there is one at least."""
        first, *others = dict.fromkeys(versions)
        for other in others:
            first = other if self.order(first, other) == EARLIER else first
        return first

    def outdated(self, versions: Mapping[str, str]) -> tuple[str, ...]:
        """The names, sorted, of which the repositories have a newer version than this one."""
        offered: dict[str, list[str]] = {}
        for offer in self.offers(versions):
            if versions.get(offer.name, offer.version) != offer.version:
                offered.setdefault(offer.name, []).append(offer.version)
        newest = {name: self.newest(several) for name, several in offered.items()}
        return tuple(name for name in sorted(newest) if self.order(versions[name], newest[name]) == EARLIER)

    def ask(self, *words: str) -> CommandResult:
        """A question. Raises HostError where pkg has no answer, which is more than an empty one."""
        argv = ("pkg", *self._private, *words)
        result = query_when_free(
            self._surroundings, argv, ok=pkg_command.ANY_ANSWER, timeout=pkg_command.QUESTION_SECONDS
        )
        if result.rc not in pkg_command.FOUND_OR_NOT or (result.rc and result.stderr.strip()):
            raise HostError(
                f"Nothing was changed: pkg cannot be asked about its catalogues. `{' '.join(words[:2])}` says: "
                f"{own_words(result.stderr or result.stdout)}"
            )
        return result

    def _fetch(self) -> None:
        surroundings = self._surroundings
        if surroundings.executor.is_check_mode:
            self._host.query(("pkg", *self.keep_private(), "update"), timeout=pkg_command.REFRESH_SECONDS)
            return
        argv = ("pkg", *pkg_command.patience(surroundings.lock_timeout), "update")
        try:
            run_when_free(surroundings, Command(argv, timeout=pkg_command.REFRESH_SECONDS))
        except ActionFailed as error:
            cause = error.__cause__
            if not isinstance(cause, CommandFailed):
                raise
            raise CommandFailed(cause.argv, rc=cause.rc, stdout=cause.stdout, stderr=cause.stderr) from error


def is_fresh(host: HostReader, *, valid_time: float, now: float) -> bool:
    """True where catalogues were fetched, younger than `valid_time` seconds and than the list of repositories."""
    fetched = list(_changed(host))
    if not fetched:
        return False
    return _configured(host) <= min(fetched) and 0 <= now - min(fetched) < valid_time


def _changed(host: HostReader) -> Iterator[float]:
    for name in host.listdir(CATALOGUES) or ():
        stat = host.stat(f"{CATALOGUES}/{name}/db")
        if stat is not None:
            yield stat.changed


def _configured(host: HostReader) -> float:
    """When the list of repositories was changed last."""
    directories = [path for path in REPOSITORIES if host.listdir(path) is not None]
    files = [f"{path}/{name}" for path in directories for name in host.listdir(path) or ()]
    stats = (host.stat(path) for path in (*directories, *files))
    return max((stat.modified for stat in stats if stat), default=0.0)
