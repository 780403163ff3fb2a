# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EPEL, and the repository that its packages build on: enabled only for a wanted package that needs them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Change,
    Command,
    Touches,
    WriteFile,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import dnf_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_locks import query_when_free
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_repositories import (
    DIRECTORY,
    configured,
    enabled,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_command import Settings
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_repositories import Repository
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

EPEL = "epel"
RELEASE_PACKAGE = "epel-release"
# CodeReady Builder and what the rebuilds call it; of Red Hat's own there is one for each architecture and cloud.
CRB: Mapping[str, str] = {
    "*": "crb",
    "redhat-8": "powertools",
    "rhel": r"(rhui-)?codeready-builder-for-rhel-\d+-(?!.*(debug|source)).*rpms",
}
ADDRESS = "https://dl.fedoraproject.org/pub/epel/epel-release-latest-{major}.noarch.rpm"


@dataclass(frozen=True)
class Addition:
    """Repositories that may be enabled, the package that brings one, and the options to look into them before that."""

    repositories: tuple[str, ...]
    packages: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


class ExtraRepositories:
    """What this host could enable in addition; nothing of it is enabled by looking into it."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._host = surroundings.host
        self._is_looked_into = False
        self._root: str | None = None
        self._is_fetched = False

    def additions(self, settings: Settings) -> tuple[Addition, ...]:
        """The ways to enable more, the smaller ones first."""
        repositories = configured(self._host)
        epel = self._epel(repositories, settings)
        crb = _crb(repositories, self._surroundings.platform)
        self._is_looked_into = epel is not None
        both = (
            (Addition((*epel.repositories, *crb.repositories), epel.packages, (*epel.options, *crb.options)),)
            if epel and crb
            else ()
        )
        return (*filter(None, (epel, crb)), *both)

    def hints(self) -> tuple[str, ...]:
        """What a person may do where a name is in no enabled repository, and EPEL could not be looked into."""
        if self._is_looked_into or any(one.name == EPEL and one.is_enabled for one in configured(self._host)):
            return ()
        by_hand = f"run `dnf install {ADDRESS.format(major=self._surroundings.platform.major)}` on the host first"
        if not self._surroundings.may_enable_repositories:
            return (
                "EPEL was not looked into, because it is not enabled and `epel` (in the role: centos_epel) is false: "
                f"if a name is in EPEL, set that to true, or {by_hand}",
            )
        return (
            "EPEL could not be looked into: it is not enabled, and no enabled repository has the package "
            f"{RELEASE_PACKAGE} that brings it: if a name is in EPEL, {by_hand}",
        )

    def _epel(self, repositories: tuple[Repository, ...], settings: Settings) -> Addition | None:
        known = [repository for repository in repositories if repository.name == EPEL]
        if any(repository.is_enabled for repository in known):
            return None
        if known:
            return Addition((EPEL,), options=(f"--enablerepo={EPEL}",))
        if not self._is_fetched:
            self._root, self._is_fetched = self._unpacked(settings), True
        if self._root is None:
            return None
        look = f"--setopt=reposdir={DIRECTORY},{self._root}{DIRECTORY}"
        return Addition((EPEL,), (RELEASE_PACKAGE,), (look,))

    def _unpacked(self, settings: Settings) -> str | None:
        """A private root that holds the files of the package which brings EPEL; None where no repository has it.

        The answer to dnf's question is given as a person would, because under -y dnf would import the key that the
        package is signed by into rpm's database. Without it dnf fetches the package and refuses to go on (1).
        """
        fetched, root = f"{self._host.scratch}/dnf/fetched", f"{self._host.scratch}/dnf/root"
        command = ("install", "--downloadonly", f"--downloaddir={fetched}", RELEASE_PACKAGE)
        argv = tuple(word for word in ("dnf", *dnf_command.options(settings), *command) if word != "-y")
        query_when_free(self._surroundings, argv, ok=(0, 1), timeout=dnf_command.SIMULATION_SECONDS, stdin="y\n")
        files = [name for name in self._host.listdir(fetched) or () if name.startswith(RELEASE_PACKAGE)]
        if not files:
            return None
        self._host.query(["mkdir", "-p", root])
        unpack = ("--nodeps", "--noscripts", "--notriggers", "--excludedocs", "--ignorearch")
        self._host.query(["rpm", "--install", f"--root={root}", "--dbpath=/rpm", *unpack, f"{fetched}/{files[0]}"])
        return root


def enabling(host: HostReader, names: tuple[str, ...], settings: Settings) -> tuple[Action, ...]:
    """The actions that enable these repositories for good: EPEL by its package, others where they are described."""
    known = {repository.name: repository for repository in configured(host)}
    actions: list[Action] = []
    for name in names:
        if name not in known:
            actions.append(_installing(settings))
        elif known[name].is_of_subscription:
            actions.append(_subscribing(name))
        else:
            actions.append(_editing(host, known[name]))
    return tuple(actions)


def _crb(repositories: tuple[Repository, ...], platform: Platform) -> Addition | None:
    wanted = re.compile(lookup(CRB, platform))
    known = [repository for repository in repositories if wanted.fullmatch(repository.name)]
    if not known or any(repository.is_enabled for repository in known):
        return None
    # Of Red Hat's own the plain one has the shortest name: the others are those of extended support and the like.
    chosen = min((repository.name for repository in known), key=len)
    return Addition((chosen,), options=(f"--enablerepo={chosen}",))


def _installing(settings: Settings) -> Command:
    return Command(
        dnf_command.transact(settings, ("install", RELEASE_PACKAGE)),
        Change("repository", EPEL, "absent", f"enabled by the package {RELEASE_PACKAGE}"),
        timeout=dnf_command.TRANSACTION_SECONDS,
        touches=Touches(packages=(RELEASE_PACKAGE,)),
    )


def _subscribing(name: str) -> Command:
    return Command(
        ("subscription-manager", "repos", f"--enable={name}"),
        Change("repository", name, "disabled", "enabled"),
        timeout=dnf_command.TRANSACTION_SECONDS,
        undo=(("subscription-manager", "repos", f"--disable={name}"),),
    )


def _editing(host: HostReader, repository: Repository) -> WriteFile:
    stat = host.stat(repository.path)
    mode, owner, group = (stat.mode, stat.owner, stat.group) if stat else (0o644, "root", "root")
    text = enabled(host.read_text(repository.path) or "", repository.name)
    return WriteFile(repository.path, text, mode=mode, owner=owner, group=group)
