# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the programs of apt and dpkg are called: never a question, never a regular expression, files of ours kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# needrestart and apt-listchanges hook into each transaction and would ask or restart services on their own; ucf and
# dpkg would ask about changed configuration files.
ENVIRONMENT: Mapping[str, str] = {
    "DEBIAN_FRONTEND": "noninteractive",
    "DEBIAN_PRIORITY": "critical",
    "NEEDRESTART_MODE": "l",
    "NEEDRESTART_SUSPEND": "1",
    "UCF_FORCE_CONFFOLD": "1",
    "APT_LISTCHANGES_FRONTEND": "none",
    "APT_LISTBUGS_FRONTEND": "none",
    "LC_ALL": "C.UTF-8",
}
KEEP_OLD_FILES = ("--force-confdef", "--force-confold")
# Long enough for a slow mirror and a slow disk: to end dpkg half-way is worse than to wait.
TRANSACTION_SECONDS = 3600.0
REFRESH_SECONDS = 900.0
SIMULATION_SECONDS = 300.0
# Brings what installed packages depend on and lack.
MEND = ("install", "--fix-broken")
REMOVING = ("remove", "autoremove")
UPDATE_STAMP = "/var/lib/apt/periodic/update-success-stamp"


def options(*, lock_timeout: float, install_recommends: bool, configuration: str) -> tuple[str, ...]:
    """What a simulation and its transaction have in common.

    Without Pattern-Only apt takes an unknown name that holds a dot for a regular expression and installs every match.
    """
    settings = (
        "APT::Cmd::Pattern-Only=true",
        f"APT::Install-Recommends={str(install_recommends).lower()}",
        f"DPkg::Lock::Timeout={lock_timeout:g}",
        "Dpkg::Use-Pty=0",
        *(f"Dpkg::Options::={option}" for option in KEEP_OLD_FILES),
    )
    return ("-q", "-y", *_configured(configuration), *_each(settings))


def simulate(
    shared: tuple[str, ...], command: tuple[str, ...], *, status: str = "", came_along: str = ""
) -> tuple[str, ...]:
    """The call that foretells a transaction; it needs no lock, and would log even what is only simulated.

    `status` is a list of packages to judge by instead of dpkg's own; apt's cache must not be made from it. `came_along`
    is a list of those that came along with others, instead of apt's own.
    """
    settings = ["Dir::Log::Planner=/dev/null"]
    if status:
        settings += [f"Dir::State::status={status}", "Dir::Cache::pkgcache=", "Dir::Cache::srcpkgcache="]
    if came_along:
        settings.append(f"Dir::State::extended_states={came_along}")
    return ("apt-get", "-s", *_each(settings), *shared, *command)


def transact(shared: tuple[str, ...], command: tuple[str, ...]) -> tuple[str, ...]:
    """The call that carries a foretold transaction out; only a removal that was asked for may remove."""
    guard = () if command[0] in REMOVING else ("--no-remove",)
    return ("apt-get", *shared, *guard, *command)


def mark(action: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The call that holds packages, lets them go, or says that they came along with others."""
    return ("apt-mark", "-q", action, *names)


def refresh(*, lock_timeout: float, configuration: str) -> tuple[str, ...]:
    """The call that fetches the index.

    `any` makes an error of each source that cannot be had (apt 2.1 and later). The stamp is what update-notifier
    touches where it is installed: an update that finds nothing new leaves no other trace of its time.
    """
    settings = ["APT::Update::Error-Mode=any", f"DPkg::Lock::Timeout={lock_timeout:g}"]
    if not configuration:
        settings.append(f"APT::Update::Post-Invoke-Success::=touch {UPDATE_STAMP}")
    return ("apt-get", "-q", *_configured(configuration), *_each(settings), "update")


def cache(configuration: str, *command: str) -> tuple[str, ...]:
    """A question to apt-cache."""
    return ("apt-cache", *_configured(configuration), *_each(["APT::Cmd::Pattern-Only=true"]), *command)


def repair() -> tuple[str, ...]:
    """The call that finishes what an interrupted dpkg has left."""
    return ("dpkg", *KEEP_OLD_FILES, "--configure", "-a")


def private_configuration(directory: str, *, own_lists: bool) -> str:
    """An apt.conf under which apt writes nothing outside `directory`.

    The host's own update hooks must go: they write to /var/cache and /var/lib (docker-clean, update-notifier,
    command-not-found), and no option on the command line can take a list away.
    """
    lists = f'Dir::State::lists "{directory}/lists";\n' if own_lists else ""
    hooks = "".join(f"#clear APT::Update::{hook};\n" for hook in ("Pre-Invoke", "Post-Invoke", "Post-Invoke-Success"))
    caches = 'Dir::Cache::pkgcache "pkgcache.bin";\nDir::Cache::srcpkgcache "srcpkgcache.bin";\n'
    return f'Dir::Cache "{directory}/cache";\n{caches}{lists}{hooks}'


def _configured(configuration: str) -> tuple[str, ...]:
    return ("-c", configuration) if configuration else ()


def _each(settings: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for setting in settings for word in ("-o", setting))
