"""`pkg config`, `set`, `annotate`, `check`, `clean`, `create`, `repo`, `bootstrap`, `repositories`, `help`, `shell`."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..options import Options, Usage, parse
from . import archive, remote, summary
from .matching import select
from .repositories import printed

if TYPE_CHECKING:
    from .context import Context


def config(arguments: list[str], context: Context) -> int:
    if len(arguments) != 1:
        print("Usage: pkg config <configname>", file=sys.stderr)
        return 1
    key = arguments[0].upper()
    if key not in context.settings:
        print(f"pkg: No such configuration options: {key}", file=sys.stderr)
        return 1
    print(context.settings.text(key))
    return 0


def set_fields(arguments: list[str], context: Context) -> int:
    """-A 0|1 changes the automatic flag, -v 0|1 the vital one (pkg-set(8))."""
    try:
        options = parse(arguments, "A:aCgio:n:v:xy", program="pkg", long={"automatic=": "A", "vital=": "v"})
    except Usage:
        options = Options()
    if not options.given & {"A", "v"} or (not options.operands and "a" not in options):
        print("Usage: pkg set [-a] [-A [01]] [-v [01]] [-y] [-Cgix] <pkg-name>", file=sys.stderr)
        return 1
    found = select(context.database.packages(), options)
    question = f"Mark {', '.join(package.full_name for package in found)}?"
    if found and not summary.agrees(question, context.settings, is_yes="y" in options):
        return 1
    with context.database.lock(context.settings):
        for package in found:
            if "A" in options:
                context.database.change(package.name, is_automatic=options.values["A"] == "1")
            if "v" in options:
                context.database.change(package.name, is_vital=options.values["v"] == "1")
    return 0 if found else 1


def annotate(_arguments: list[str], _context: Context) -> int:
    print("pkg: annotations cannot be changed on this host, which is a double", file=sys.stderr)
    return 1


def check(arguments: list[str], context: Context) -> int:
    """-d: missing dependencies; -s: missing files. Nothing wrong: 0."""
    try:
        options = parse(arguments, "aBCdginqrsvxy", program="pkg", long={"all": "a", "quiet": "q"})
    except Usage:
        return 1
    packages = context.database.packages()
    names = {package.name for package in packages}
    code = 0
    for package in select(packages, options):
        for name in package.depends if "d" in options else ():
            if name not in names:
                print(f"{package.name} has a missing dependency: {name}")
                code = 1
        for path in package.files if "s" in options else ():
            if not Path(path).is_symlink() and not Path(path).exists():
                print(f"{package.full_name}: missing file {path}", file=sys.stderr)
                code = 1
    if "q" not in options:
        print("Checking all packages: 100%")
    return code


def clean(arguments: list[str], context: Context) -> int:
    options = parse(arguments, "anqy", program="pkg", long={"all": "a", "dry-run": "n", "quiet": "q", "yes": "y"})
    installed = {package.full_name for package in context.database.packages()}
    cache = Path(context.settings.text("PKG_CACHEDIR"))
    found = sorted(cache.glob("*.pkg")) if cache.exists() else []
    gone = [path for path in found if "a" in options or path.stem not in installed]
    if not gone:
        if "q" not in options:
            print("Nothing to do.")
        return 0
    if "q" not in options:
        print("The following package files will be deleted:")
        print("".join(f"\t{path}\n" for path in gone), end="")
    if "n" in options:
        return 0
    if not summary.agrees("Proceed with cleaning the cache?", context.settings, is_yes="y" in options):
        return 1
    for path in gone:
        path.unlink()
    return 0


def create(arguments: list[str], _context: Context) -> int:
    """-M MANIFEST (as JSON, which UCL includes), -r ROOT, -o FOLDER."""
    try:
        options = parse(arguments, "anqvf:gxM:m:o:p:r:t:T:", program="pkg")
    except Usage:
        return 1
    manifest = options.values.get("M") or f"{options.values.get('m', '.')}/+MANIFEST"
    root = Path(options.values["r"]) if "r" in options else None
    path = archive.write(json.loads(Path(manifest).read_text()), Path(options.values.get("o", ".")), root)
    if "q" not in options:
        print(f"Creating package {path.stem}")
    return 0


def repo(arguments: list[str], _context: Context) -> int:
    """Signing is left out: nobody on this host checks a signature (pkg-repo(8))."""
    try:
        options = parse(arguments, "hlqm:o:", program="pkg", long={"quiet": "q"})
    except Usage:
        options = Options()
    if not options.operands or not Path(options.operands[0]).is_dir():
        print("Usage: pkg repo [-hlq] [-m metafile] [-o output-dir] <repo-path>", file=sys.stderr)
        return 1
    number = remote.publish(Path(options.operands[0]))
    if "q" not in options:
        print(f"Creating repository in {options.operands[0]}: 100%\nPacking files for repository: 100%")
    return 0 if number else 1


def bootstrap(_arguments: list[str], _context: Context) -> int:
    print("pkg already bootstrapped at /usr/local/sbin/pkg")
    return 0


def repositories(arguments: list[str], context: Context) -> int:
    """-l: names only; -e, -d: only those enabled, or disabled (src/repositories.c)."""
    try:
        options = parse(arguments, "led", program="pkg", long={"list": "l", "enabled": "e", "disabled": "d"})
    except Usage:
        print("Usage: pkg repositories [-edl] [repository]\n", file=sys.stderr)
        return 1
    is_every = ("e" in options) == ("d" in options)
    for repository in context.settings.repositories():
        is_wanted = is_every or repository.is_enabled == ("e" in options)
        if is_wanted and repository.name in (options.operands or [repository.name]):
            print(f"{repository.name}\n" if "l" in options else printed(repository, indent=""), end="")
    return 0


def shell(arguments: list[str], context: Context) -> int:
    """Runs one statement on the local database."""
    connection = sqlite3.connect(context.database.path)
    for row in connection.execute(" ".join(arguments)):
        print("|".join(str(value) for value in row))
    connection.commit()
    return 0


def usage(_arguments: list[str], _context: Context) -> int:
    print("Usage: pkg [-v] [-d] [-l] [-N] <command> [<args>]")
    return 0
