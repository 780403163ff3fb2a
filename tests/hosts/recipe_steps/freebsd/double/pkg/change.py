"""`pkg install`, `add`, `upgrade`, `delete`, `autoremove`, `fetch`. Flow and exit codes: os_facts 2.3 [R] and
freebsd/pkg: src/install.c, upgrade.c, delete.c, autoremove.c. The dry run of an installation exits with 1 when
something would change.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..options import Options, Usage, parse
from . import archive, execution, summary
from .jobs import Job, NotFound, Planner
from .security import vulnerable_names
from .update import refresh

if TYPE_CHECKING:
    from .context import Context

_LONG = {
    "automatic": "A",
    "case-sensitive": "C",
    "force": "f",
    "fetch-only": "F",
    "glob": "g",
    "case-insensitive": "i",
    "no-scripts": "I",
    "local-only": "l",
    "ignore-missing": "M",
    "dry-run": "n",
    "quiet": "q",
    "repository=": "r",
    "recursive": "R",
    "no-repo-update": "U",
    "regex": "x",
    "yes": "y",
    "vulnerable": "v",
    "all": "a",
    "no-install-scripts": "I",
    "no-deinstall-script": "D",
    "dependencies": "d",
}
_LOCKED = 7


def install(arguments: list[str], context: Context) -> int:
    options = _parsed(arguments, "ACfFgiIlMnqr:RUxy", "install [-AfInFMqRUy] [-r reponame] [-Cgix] <pkg-name> ...")
    if options is None or not options.operands:
        return 1
    if not context.is_root and "n" not in options:
        print("pkg: Insufficient privileges to install packages", file=sys.stderr)
        return 1
    failure = _refreshed(options, context, is_local="l" in options)
    if failure:
        return failure
    with _locking(options, context):
        planner = _planner(options, context)
        files = [word for word in options.operands if word.endswith(".pkg") and Path(word).is_file()]
        words = [word for word in options.operands if word not in files]
        try:
            planner.install(words, options)
            planner.install_files([archive.read(Path(path)) for path in files], is_forced="f" in options)
        except NotFound as error:
            print(
                f"pkg: No packages available to install matching '{error}' have been found in the repositories",
                file=sys.stderr,
            )
            return 1
        code = _carry_out(planner, options, context)
        if "n" not in options and "A" not in options and code == 0:
            _mark_wanted(words, planner, context)
        return code


def add(arguments: list[str], context: Context) -> int:
    options = _parsed(arguments, "IAfqM", "add [-IAfqM] <pkg-name> ...")
    if options is None or not options.operands:
        return 1
    code = 0
    with context.database.lock(context.settings):
        for word in options.operands:
            path = Path(word)
            if not path.is_file():
                print(f"pkg: {word}: No such file or directory", file=sys.stderr)
                print(f"\nFailed to install the following 1 package(s): {word}", file=sys.stderr)
                code = 1
                continue
            package = archive.read(path)
            old = context.database.find(package.name)
            if old is not None and "f" not in options and old.version == package.version:
                if "q" not in options:
                    print(f"the most recent version of {package.full_name} is already installed")
                continue
            planner = Planner(context.database.packages(), context.known())
            planner.install_files([package], is_forced=True)
            code = max(code, execution.execute(list(planner.jobs.values()), context.database, is_quiet="q" in options))
    return code


def upgrade(arguments: list[str], context: Context) -> int:
    options = _parsed(arguments, "CfFgiInqr:Uxyv", "upgrade [-fInFqUyv] [-r reponame] [-Cgix] <pkg-name> ...")
    if options is None:
        return 1
    if not context.is_root and "n" not in options:
        print("pkg: Insufficient privileges to upgrade packages", file=sys.stderr)
        return 1
    failure = _refreshed(options, context, is_local=False)
    if failure:
        return failure
    with _locking(options, context):
        planner = _planner(options, context)
        names = options.operands or None
        if "v" in options:
            names = vulnerable_names(context, is_fetching=True)
        for name in options.operands:
            if name not in planner.installed:
                print(f"pkg: {name} is not installed, therefore upgrade is impossible", file=sys.stderr)
                return 1
        planner.upgrade(names, options, options.values.get("r", ""))
        jobs = list(planner.jobs.values())
        if "n" in options:
            if jobs:
                _show(jobs, context)
            else:
                _up_to_date(options)
            return 0
        if not jobs:
            _up_to_date(options)
            return 0
        return _carry_out(planner, options, context)


def delete(arguments: list[str], context: Context) -> int:
    options = _parsed(arguments, "aCDfginqRxy", "delete [-DfnqRy] [-Cgix] <pkg-name> ...")
    if options is None or (not options.operands and "a" not in options):
        return 1
    if not context.is_root and "n" not in options:
        print("pkg: Insufficient privileges to delete packages", file=sys.stderr)
        return 1
    with _locking(options, context):
        planner = Planner(context.database.packages(), [])
        words = list(planner.installed) if "a" in options else options.operands
        missing, locked, kept = planner.remove(words, options)
        if kept:
            print("The following package(s) are locked or vital and may not be removed:\n")
            print("".join(f"\t{package.name}\n" for package in kept))
        jobs = list(planner.jobs.values())
        if not jobs:
            print(f"{len(words)} packages requested for removal: {locked} locked, {missing} missing")
            return _LOCKED if locked else 1
        return _carry_out_removal(jobs, options, context)


def autoremove(arguments: list[str], context: Context) -> int:
    options = _parsed(arguments, "nqy", "autoremove [-ynq]")
    if options is None:
        return 1
    with _locking(options, context):
        planner = Planner(context.database.packages(), [])
        planner.orphans()
        jobs = list(planner.jobs.values())
        if not jobs:
            if "q" not in options:
                print("Nothing to do.")
            return 0
        return _carry_out_removal(jobs, options, context)


def fetch(arguments: list[str], context: Context) -> int:
    options = _parsed(arguments, "aCdgino:qr:Usuxy", "fetch [-r reponame] [-dqUuy] <pkg-name> <...>")
    if options is None:
        return 1
    failure = _refreshed(options, context, is_local=False)
    if failure:
        return failure
    planner = _planner(options, context)
    planner.installed = {}
    try:
        planner.install(options.operands, options)
    except NotFound:
        print(f"pkg: No packages matching '{options.operands[0]}' have been found in the repositories", file=sys.stderr)
        return 1
    return execution.fetch(list(planner.jobs.values()), context.settings, is_quiet="q" in options)


def _parsed(arguments: list[str], switches: str, usage: str) -> Options | None:
    try:
        options = parse(arguments, switches, program="pkg", long=_LONG)
    except Usage:
        options = None
    if options is None or (not options.operands and "..." in usage and "upgrade" not in usage):
        print(f"Usage: pkg {usage}\n\nFor more information see 'pkg help {usage.split()[0]}'.", file=sys.stderr)
    return options


def _refreshed(options: Options, context: Context, *, is_local: bool) -> int:
    """The catalogue is renewed first, unless -U: a repository that is not reached ends the command with 3."""
    if "U" in options or is_local or not context.settings.is_on("REPO_AUTOUPDATE") or not context.is_root:
        return 0
    return refresh(context, options.values.get("r"), is_quiet="q" in options)


def _locking(options: Options, context: Context):  # type: ignore[no-untyped-def]
    from contextlib import nullcontext

    return nullcontext() if "n" in options else context.database.lock(context.settings)


def _planner(options: Options, context: Context) -> Planner:
    return Planner(context.database.packages(), context.known(options.values.get("r")))


def _show(jobs: list[Job], context: Context) -> None:
    head = f"The following {len(jobs)} package(s) will be affected (of 0 checked):"
    summary.show(jobs, head=head, repositories=len(context.repositories()))


def _carry_out(planner: Planner, options: Options, context: Context) -> int:
    jobs = list(planner.jobs.values())
    for name in planner.locked:
        print(f"\n{name} is locked and may not be modified")
    is_dry, is_quiet = "n" in options, "q" in options
    is_yes = "y" in options or context.settings.is_on("ASSUME_ALWAYS_YES")
    if not jobs:
        print("The most recent versions of packages are already installed")
        return 0
    if not is_quiet or is_dry:
        _show(jobs, context)
    if is_dry:
        if is_yes:
            print("The most recent versions of packages are already installed")
        return 0 if is_yes else 1
    if not (is_yes if is_quiet else summary.agrees("Proceed with this action?", context.settings, is_yes=is_yes)):
        return 1
    failure = execution.fetch(jobs, context.settings, is_quiet=is_quiet)
    if failure or "F" in options:
        return failure
    return execution.execute(jobs, context.database, is_quiet=is_quiet, has_scripts="I" not in options)


def _carry_out_removal(jobs: list[Job], options: Options, context: Context) -> int:
    if "q" not in options:
        print("Checking integrity... done (0 conflicting)")
        head = (
            f"Deinstallation has been requested for the following {len(jobs)} packages (of 0 packages in the universe):"
        )
        summary.show(jobs, head=head, repositories=1)
    if "n" in options:
        return 0
    if not summary.agrees("Proceed with deinstalling packages?", context.settings, is_yes="y" in options):
        return 1
    for number, job in enumerate(jobs, 1):
        if "q" not in options:
            print(f"[{number}/{len(jobs)}] Deinstalling {job.new.full_name}...")
        execution.remove(job.new, context.database)
        if "q" not in options:
            print(f"[{number}/{len(jobs)}] Deleting files for {job.new.full_name}: 100%")
    return 0


def _mark_wanted(words: list[str], planner: Planner, context: Context) -> None:
    for word in words:
        for package in context.database.packages():
            is_meant = word in (package.name, package.full_name, package.origin)
            if is_meant and package.is_automatic and package.name not in planner.jobs:
                context.database.change(package.name, is_automatic=False)


def _up_to_date(options: Options) -> None:
    if "q" not in options:
        print("Your packages are up to date.")
