"""`pkg update`, and the refresh that other commands begin with. Words: freebsd/pkg:src/update.c, libpkg/repo/binary."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from ..options import Usage, parse
from . import remote

if TYPE_CHECKING:
    from .context import Context

_SWITCHES = "fqr:"


def main(arguments: list[str], context: Context) -> int:
    """Up to date or renewed: 0; a repository that cannot be reached: 1 (os_facts 2.3 [R])."""
    try:
        options = parse(arguments, _SWITCHES, program="pkg", long={"force": "f", "quiet": "q", "repository=": "r"})
    except Usage:
        print("Usage: pkg update [-fq] [-r reponame]\n\nFor more information see 'pkg help update'.", file=sys.stderr)
        return 1
    if not context.is_root:
        print("pkg: Insufficient privileges to update the repository catalogue.", file=sys.stderr)
        return 1
    return 1 if refresh(context, options.values.get("r"), is_forced="f" in options, is_quiet="q" in options) else 0


def refresh(context: Context, name: str | None = None, *, is_forced: bool = False, is_quiet: bool = False) -> int:
    """0, or 3 when a repository could not be reached: the others are up to date then."""
    failed = 0
    repositories = context.repositories(name)
    if not repositories:
        print("pkg: No repositories are enabled.", file=sys.stderr)
        return 1
    for repository in repositories:
        if not is_quiet:
            print(f"Updating {repository.name} repository catalogue...", flush=True)
        if not remote.is_reachable(repository):
            time.sleep(0.2)
            address = repository.url.removeprefix("pkg+")
            print(f"pkg: {address}/meta.conf: No address record", file=sys.stderr)
            print(f"Unable to update repository {repository.name}", file=sys.stderr)
            failed = 3
        elif remote.is_current(repository, context.copies) and not is_forced:
            if not is_quiet:
                print(f"{repository.name} repository is up to date.")
        else:
            number = remote.refresh(repository, context.copies)
            if not is_quiet:
                print("Fetching meta.conf: 100%    179 B\nFetching data.pkg: 100%   10 KiB\nProcessing entries: 100%")
                print(f"{repository.name} repository update completed. {number} packages processed.")
    if failed:
        print("Error updating repositories!", file=sys.stderr)
    elif not is_quiet:
        which = "All repositories are" if name is None else f"{name} is"
        print(f"{which} up to date.")
    return failed
