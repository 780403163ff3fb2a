"""`pkg lock` and `pkg unlock`. Words: freebsd/pkg:src/lock.c; a repetition succeeds since 2.8.0 (os_facts 2.3 [S])."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..options import Usage, parse
from . import summary
from .matching import select

if TYPE_CHECKING:
    from ..options import Options
    from .context import Context
    from .package import Package

_LONG = {
    "all": "a",
    "case-sensitive": "C",
    "glob": "g",
    "show-locked": "l",
    "quiet": "q",
    "regex": "x",
    "yes": "y",
    "has-locked-packages": "has",
}


def lock(arguments: list[str], context: Context) -> int:
    return _change(arguments, context, is_locking=True)


def unlock(arguments: list[str], context: Context) -> int:
    return _change(arguments, context, is_locking=False)


def _change(arguments: list[str], context: Context, *, is_locking: bool) -> int:
    try:
        options = parse(arguments, "aCgilqxy", program="pkg", long=_LONG)
    except Usage:
        return _usage()
    if not options.operands and not options.given & {"a", "l", "has"}:
        return _usage()
    locked = [package for package in context.database.packages() if package.is_locked]
    if "has" in options:
        return 0 if locked else 1
    if options.operands or "a" in options:
        if not context.is_root:
            print("pkg: Insufficient privileges to modify the package database", file=sys.stderr)
            return 1
        with context.database.lock(context.settings, is_exclusive=True):
            for package in select(context.database.packages(), options):
                _set(package, context, options, is_locking=is_locking)
    if "l" in options:
        _list(context, is_quiet="q" in options)
    return 0


def _list(context: Context, *, is_quiet: bool) -> None:
    if not is_quiet:
        print("Currently locked packages:")
    for package in context.database.packages():
        if package.is_locked:
            print(package.full_name)


def _set(package: Package, context: Context, options: Options, *, is_locking: bool) -> None:
    full_name = package.full_name
    word = "lock" if is_locking else "unlock"
    if package.is_locked == is_locking:
        if "q" not in options:
            print(f"{full_name}: already {word}ed")
        return
    if not summary.agrees(f"{full_name}: {word} this package?", context.settings, is_yes="y" in options):
        return
    if "q" not in options:
        print(f"{'Locking' if is_locking else 'Unlocking'} {full_name}")
    context.database.change(package.name, is_locked=is_locking)


def _usage() -> int:
    print("Usage: pkg lock [-lqy] [-a|[-Cgix] <pkg-name>]", file=sys.stderr)
    print("       pkg lock --has-locked-packages", file=sys.stderr)
    print("       pkg unlock [-lqy] [-a|[-Cgix] <pkg-name>]", file=sys.stderr)
    print("For more information see 'pkg help lock'.", file=sys.stderr)
    return 1
