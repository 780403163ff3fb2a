"""What pkg prints: the summary of a transaction and its errors, as src/utils.c and libpkg of freebsd/pkg 2 do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOTHING = "The most recent versions of packages are already installed\n"
UP_TO_DATE = "Checking integrity... done (0 conflicting)\nYour packages are up to date.\n"
AFFECTED = (
    "Checking integrity... done (0 conflicting)\nThe following {} package(s) will be affected (of 0 checked):\n\n"
)
GOING = (
    "Checking integrity... done (0 conflicting)\nDeinstallation has been requested for the following {} packages (of 0 "
    "packages in the universe):\n\n"
)
LOCKED = "The following package(s) are locked or vital and may not be removed:\n\n\t{} (locked)\n\n"


def summary(there: Mapping[str, str], target: Mapping[str, str], *, order: Sequence[str], head: str = AFFECTED) -> str:
    """The sections of what changes; empty where nothing does."""
    new = [f"\t{name}: {version}" for name, version in sorted(target.items()) if name not in there]
    changed = [name for name in sorted(there) if there[name] != target.get(name, there[name])]
    newer = [name for name in changed if order.index(target[name]) > order.index(there[name])]
    gone = [f"\t{name}: {version}" for name, version in sorted(there.items()) if name not in target]
    sections = [
        ("New packages to be INSTALLED", new),
        ("Installed packages to be UPGRADED", [_row(there, target, name) for name in newer]),
        ("Installed packages to be DOWNGRADED", [_row(there, target, name) for name in changed if name not in newer]),
        ("Installed packages to be REMOVED", gone),
    ]
    body = "\n".join(f"{heading}:\n" + "".join(f"{row}\n" for row in rows) for heading, rows in sections if rows)
    count = len(new) + len(changed) + len(gone)
    sizes = f"\nNumber of packages: {count}\n\nThe process will require 2 MiB more space.\n3 KiB to be downloaded.\n"
    return f"{head.format(count)}{body}{sizes}" if body else ""


def unknown(names: Sequence[str], verb: str) -> CommandResult:
    """Names that no repository has."""
    text = "".join(
        f"pkg: No packages available to {verb} matching '{name}' have been found in the repositories\n"
        for name in names
    )
    return CommandResult((), 1, "", text)


def no_way() -> CommandResult:
    """Dependencies that cannot be met."""
    return CommandResult((), 1, "", "pkg: cannot solve job using SAT solver\n")


def _row(there: Mapping[str, str], target: Mapping[str, str], name: str) -> str:
    return f"\t{name}: {there[name]} -> {target[name]}"
