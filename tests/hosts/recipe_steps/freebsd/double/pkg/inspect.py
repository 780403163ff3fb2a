"""`pkg info`, `search`, `which`, `version`, `stats`. Words: freebsd/pkg:src/info.c, search.c, which.c, version.c."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..options import Options, Usage, parse
from . import archive, summary
from .matching import matches, select
from .query import newest
from .update import refresh
from .versions import compare

if TYPE_CHECKING:
    from .context import Context
    from .package import Package

_SIGNS = {-1: "<", 0: "=", 1: ">"}


def info(arguments: list[str], context: Context) -> int:
    """Not installed: message on standard error and 1; -e says it with the exit code alone."""
    try:
        options = parse(arguments, "aAbBCdDeEfF:giIklLoOpqrRsxV", program="pkg", long={"all": "a", "exists": "e"})
    except Usage:
        print("Usage: pkg info <pkg-name>\n\nFor more information see 'pkg help info'.", file=sys.stderr)
        return 1
    if "F" in options:
        packages = [archive.read(Path(options.values["F"]))]
    else:
        packages = select(context.database.packages(), options)
    if "e" in options:
        return 0 if packages and options.operands else 1
    if not packages and options.operands:
        if "q" not in options:
            print(f"pkg: No package(s) matching {options.operands[0]}", file=sys.stderr)
        return 1
    is_full = "f" in options or ("F" in options) or (bool(options.operands) and not _fields(options))
    for package in packages:
        _show(package, options, context, is_full=is_full)
    return 0


def _fields(options: Options) -> set[str]:
    return options.given & set("bBdDEIklopqrRsV")


def _show(package: Package, options: Options, context: Context, *, is_full: bool) -> None:
    if is_full and "E" not in options:
        _full(package)
        return
    lists = {"d": package.depends, "r": _requirers(package, context), "l": package.files}
    letter = next((each for each in "drl" if each in options), "")
    if letter:
        if "q" not in options:
            print(f"{package.full_name}:")
        for each in lists[letter]:
            print(each if "q" in options else f"\t{each}")
        return
    value = {"o": package.origin, "p": package.prefix, "s": summary.human(package.size), "k": _yes(package.is_locked)}
    letter = next((each for each in "opsk" if each in options), "")
    if letter:
        print(value[letter] if "q" in options else f"{package.full_name:<31}{value[letter]}")
    elif "q" in options or "E" in options:
        print(package.full_name)
    else:
        print(f"{package.full_name:<30} {package.comment}")


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _requirers(package: Package, context: Context) -> tuple[str, ...]:
    return tuple(each.full_name for each in context.database.requirers(package.name))


def _full(package: Package) -> None:
    when = time.strftime("%a %b %e %H:%M:%S %Y %Z", time.localtime(package.installed_at))
    print(package.full_name)
    for title, value in (
        *(("Name", package.name), ("Version", package.version), ("Installed on", when), ("Origin", package.origin)),
        *(("Architecture", package.arch), ("Prefix", package.prefix), ("Maintainer", "ports@FreeBSD.org")),
        *(("WWW", "https://www.FreeBSD.org/"), ("Comment", package.comment), ("Annotations", "")),
    ):
        print(f"{title:<15}: {value}")
    print(f"\trepository     : {package.repository}\nFlat size      : {summary.human(package.size)}")
    print(f"Description    :\n{package.comment}")


def search(arguments: list[str], context: Context) -> int:
    try:
        options = parse(arguments, "CeDfgiL:opqQ:r:RS:sUx", program="pkg", long={"exact": "e", "quiet": "q"})
    except Usage:
        options = Options()
    if not options.operands:
        print("Usage: pkg search [-eU] [-r repo] [-S search] [-L label] <pkg-name>", file=sys.stderr)
        return 1
    if "U" not in options and context.is_root:
        refresh(context, options.values.get("r"), is_quiet=True)
    word = options.operands[0]
    if not options.given & {"e", "g"}:
        options.given.add("x")
    found = [package for package in context.known(options.values.get("r")) if matches(package, word, options)]
    for package in found:
        if "o" in options:
            print(f"{package.origin:<30} {package.comment}")
        else:
            print(package.full_name if "q" in options else f"{package.full_name:<30} {package.comment}")
    return 0 if found else 1


def which(arguments: list[str], context: Context) -> int:
    """Files of the base system belong to packages on packaged base: os_facts 1.4."""
    try:
        options = parse(arguments, "gopqm", program="pkg", long={"quiet": "q", "origin": "o", "glob": "g"})
    except Usage:
        options = Options()
    if not options.operands:
        print("Usage: pkg which [-mqgop] <file>\n\nFor more information see 'pkg help which'.", file=sys.stderr)
        return 1
    code = 0
    for word in options.operands:
        path = str(Path(word).absolute())
        owner = next((each for each in context.database.packages() if path in each.files), None)
        if owner is None:
            code = 1
            if "q" not in options:
                print(f"{path} was not found in the database")
            continue
        name = owner.origin if "o" in options else owner.full_name
        print(name if "q" in options else f"{path} was installed by package {name}")
    return code


def version(arguments: list[str], context: Context) -> int:
    """`-t A B` compares; else a line for each installed package, `-v` with words (os_facts 2.3 [R])."""
    try:
        options = parse(arguments, "CegiIl:L:n:O:or:PqRtTUvx", program="pkg", long={"verbose": "v", "remote": "R"})
    except Usage:
        return 1
    if "t" in options:
        print(_SIGNS[compare(*options.operands[:2])])
        return 0
    if "T" in options:
        return 0 if select([], options) else 1
    if "R" in options and "U" not in options and context.is_root:
        failure = refresh(context, options.values.get("r"), is_quiet=True)
        if failure:
            return failure
    known = context.known(options.values.get("r"))
    for package in select(context.database.packages(), options):
        offered = newest(known, package.name)
        sign = "?" if offered is None else _SIGNS[compare(package.version, offered.version)]
        if sign in options.values.get("L", "") or ("l" in options and sign not in options.values["l"]):
            continue
        _line(package, sign, offered.version if offered else "", options)
    return 0


def _line(package: Package, sign: str, offered: str, options: Options) -> None:
    name = package.origin if "o" in options else package.full_name
    if "q" in options:
        print(name)
        return
    words = {
        "<": f"needs updating (remote has {offered})",
        "=": "up-to-date with remote",
        ">": f"succeeds remote (remote has {offered})",
        "?": "orphaned: " + package.origin,
    }
    print(f"{name:<34} {sign}   {words[sign]}" if "v" in options else f"{name:<34} {sign}")


def stats(_arguments: list[str], context: Context) -> int:
    packages = context.database.packages()
    print(f"Local package database:\n\tInstalled packages: {len(packages)}")
    print(f"\tDisk space occupied: {summary.human(sum(package.size for package in packages))}\n")
    known = context.known()
    print(f"Remote package database(s):\n\tNumber of repositories: {len(context.repositories())}")
    print(f"\tPackages available: {len(known)}\n\tUnique packages: {len(known)}")
    return 0
