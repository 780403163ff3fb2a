"""pkg(8) 2.8: the switches before the command's name, and which module answers for which command."""

from __future__ import annotations

import os
import shlex
import sys
from typing import TYPE_CHECKING

from ..options import Usage, parse
from . import change, configuration, hold, inspect, query, registry, security, update
from .context import Context
from .defaults import VERSION
from .local_database import Busy
from .repositories import Unusable
from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

_COMMANDS: dict[str, Callable[[list[str], Context], int]] = {
    "update": update.main,
    "install": change.install,
    "add": change.add,
    "upgrade": change.upgrade,
    "delete": change.delete,
    "remove": change.delete,
    "autoremove": change.autoremove,
    "fetch": change.fetch,
    "query": query.query,
    "rquery": query.rquery,
    "info": inspect.info,
    "search": inspect.search,
    "which": inspect.which,
    "version": inspect.version,
    "stats": inspect.stats,
    "check": registry.check,
    "lock": hold.lock,
    "unlock": hold.unlock,
    "set": registry.set_fields,
    "annotate": registry.annotate,
    "audit": security.main,
    "clean": registry.clean,
    "config": registry.config,
    "create": registry.create,
    "bootstrap": registry.bootstrap,
    "help": registry.usage,
    "repo": registry.repo,
    "repositories": registry.repositories,
    "shell": registry.shell,
}


def main(arguments: list[str]) -> int:
    os.umask(0o022)
    try:
        options = parse(arguments, "dj:c:r:C:R:lNvo:46", program="pkg", long={"version": "v"})
    except Usage:
        return _usage()
    verbosity = len(options.lists.get("v", ()))
    if verbosity == 1:
        print(VERSION)
        return 0
    places = {key: options.values[letter] for letter, key in (("C", "file"), ("R", "repos_dir")) if letter in options}
    settings = Settings(dict(_pair(text) for text in options.lists.get("o", [])), **places)
    try:
        settings.check()
    except Unusable as error:
        print(f"pkg: {error}\npkg: Cannot parse configuration file!", file=sys.stderr)
        return 1
    if verbosity:
        print(configuration.text(settings), end="")
        return 0
    context = Context(settings)
    if "N" in options:
        print(f"pkg: {len(context.database.packages())} packages installed", file=sys.stderr)
        return 0
    if not options.operands:
        return _usage()
    name, *words = options.operands
    return _run(*_expanded(name, words, settings), context)


def _expanded(name: str, words: list[str], settings: Settings) -> tuple[str, list[str]]:
    """pkg.conf's ALIAS stands for a command and its first words (src/main.c, expand_aliases)."""
    first, *others = shlex.split(settings.alias(name)) or [name]
    return first, [*others, *words]


def _run(name: str, words: list[str], context: Context) -> int:
    command = _COMMANDS.get(name)
    if command is None:
        prefixed = [each for each in _COMMANDS if each.startswith(name)]
        command = _COMMANDS[prefixed[0]] if len(prefixed) == 1 else None
    if command is None:
        print(f"pkg: unknown command: {name}", file=sys.stderr)
        return _usage()
    try:
        return command(words, context)
    except Busy:
        print(
            "pkg: Cannot get an advisory lock on a database, it is locked by another process",
            file=sys.stderr,
        )
        return 1


def _pair(text: str) -> tuple[str, str]:
    key, _equals, value = text.partition("=")
    return key.strip(), value.strip()


def _usage() -> int:
    print("Usage: pkg [-v] [-d] [-l] [-N] [-j <jail name or id>|-c <chroot path>|-r <rootdir>]", file=sys.stderr)
    print("           [-C <configuration file>] [-R <repo config dir>] [-o var=value] [-4|-6]", file=sys.stderr)
    print("           <command> [<args>]\n\nFor more information on available commands see: pkg help", file=sys.stderr)
    return 1
