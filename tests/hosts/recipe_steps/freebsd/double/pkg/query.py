"""`pkg query` and `pkg rquery`. Formats: pkg-query(8), freebsd/pkg:src/query.c; nothing found: no output, code 1."""

from __future__ import annotations

import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..options import Options, Usage, parse
from . import archive, summary
from .condition import Malformed, compiled
from .matching import select
from .update import refresh
from .versions import compare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .context import Context
    from .package import Package

_LONG = {
    "all": "a",
    "case-sensitive": "C",
    "evaluate=": "e",
    "file=": "F",
    "glob": "g",
    "case-insensitive": "i",
    "regex": "x",
    "repository=": "r",
    "no-repo-update": "U",
    "index-line": "I",
}
_VARIABLE = re.compile(r"%(d[nov]|r[nov]|F[psh]|O[kvdD]|A[tv]|s[hb]|[?#]\w|\w|%)")
_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\\\": "\\"}


def query(arguments: list[str], context: Context) -> int:
    options = _parsed(arguments, "aCe:F:gix", "query")
    if options is None:
        return 1
    file = options.values.get("F")
    packages = [archive.read(Path(file))] if file else context.database.packages()
    return _print(packages, options, context, is_remote=False)


def rquery(arguments: list[str], context: Context) -> int:
    options = _parsed(arguments, "aCe:gIir:Ux", "rquery")
    if options is None:
        return 1
    if "U" not in options and context.settings.is_on("REPO_AUTOUPDATE") and context.is_root:
        failure = refresh(context, options.values.get("r"), is_quiet=True)
        if failure:
            return failure
    return _print(context.known(options.values.get("r")), options, context, is_remote=True)


def _parsed(arguments: list[str], switches: str, name: str) -> Options | None:
    try:
        options = parse(arguments, switches, program="pkg", long=_LONG)
    except Usage:
        options = None
    has_words = options is not None and (len(options.operands) > 1 or options.given & {"a", "e", "F"})
    if options is None or not options.operands:
        print(
            f"Usage: pkg {name} <query-format> <pkg-name>\n\nFor more information see 'pkg help {name}'.",
            file=sys.stderr,
        )
        return None
    if not has_words:
        options.given.add("a")
    return options


def _print(packages: list[Package], options: Options, context: Context, *, is_remote: bool) -> int:
    form = options.operands.pop(0)
    if "e" in options:
        try:
            test = compiled(options.values["e"])
        except Malformed as error:
            print(error, file=sys.stderr)
            return 1
        packages = [each for each in packages if test(partial(_value, each, context))]
    found = packages if "F" in options else select(packages, options)
    for package in found:
        for line in _lines(package, form, context, is_remote=is_remote):
            print(line)
    return 0 if found else 1


def _lines(  # noqa: C901  # a branch for each kind of list
    package: Package, form: str, context: Context, *, is_remote: bool
) -> Iterator[str]:
    """One line, or one for each member of the list that the format names."""
    names = set(_VARIABLE.findall(form))
    others = context.known() if is_remote else context.database.packages()
    if names & {"dn", "do", "dv"}:
        for name in package.depends:
            needed = next((each for each in others if each.name == name), None)
            values = {"dn": name, "do": needed.origin if needed else "", "dv": needed.version if needed else ""}
            yield _filled(form, package, context, values)
    elif names & {"rn", "ro", "rv"}:
        for other in others:
            if package.name in other.depends:
                values = {"rn": other.name, "ro": other.origin, "rv": other.version}
                yield _filled(form, package, context, values)
    elif names & {"Fp", "Fs", "Fh"}:
        for path in package.files:
            yield _filled(form, package, context, {"Fp": path, "Fs": "-", "Fh": "-"})
    elif names & {"At", "Av"}:
        yield _filled(form, package, context, {"At": "repository", "Av": package.repository})
    elif names & {"C", "L", "B", "b", "U", "G", "D"}:
        for value in _members(package, min(names & {"C", "L", "B", "b", "U", "G", "D"})):
            yield _filled(form, package, context, dict.fromkeys("CLBbUGD", value))
    else:
        yield _filled(form, package, context, {})


def _members(package: Package, letter: str) -> list[str]:
    return {"C": [package.origin.partition("/")[0]], "L": ["BSD2CLAUSE"]}.get(letter, [])


def _filled(form: str, package: Package, context: Context, values: dict[str, str]) -> str:
    for escape, sign in _ESCAPES.items():
        form = form.replace(escape, sign)

    def value(match: re.Match[str]) -> str:
        return values.get(match[1], "%" if match[1] == "%" else _value(package, context, match[0]))

    return _VARIABLE.sub(value, form)


def _value(package: Package, context: Context, variable: str) -> str:
    number: dict[str, Callable[[], int]] = {
        "d": lambda: len(package.depends),
        "r": lambda: len(context.database.requirers(package.name)),
        "F": lambda: len(package.files),
        "C": lambda: 1,
    }
    if variable[1:2] in {"#", "?"}:
        count = number.get(variable[2:], lambda: 0)()
        return str(count if variable[1] == "#" else int(count > 0))
    return {
        "%n": package.name,
        "%v": package.version,
        "%o": package.origin,
        "%c": package.comment,
        "%p": package.prefix,
        "%R": package.repository or "unknown-repository",
        "%q": package.arch,
        "%a": str(int(package.is_automatic)),
        "%k": str(int(package.is_locked)),
        "%V": str(int(package.is_vital)),
        "%s": str(package.size),
        "%sb": str(package.size),
        "%sh": summary.human(package.size),
        "%t": str(package.installed_at),
        "%m": "ports@FreeBSD.org",
        "%w": "https://www.FreeBSD.org/",
        "%e": package.comment,
        "%M": "",
        "%l": "single",
        "%X": "",
        "%x": "",
    }.get(variable, "")


def newest(packages: list[Package], name: str) -> Package | None:
    found: Package | None = None
    for package in packages:
        if package.name == name and (found is None or compare(package.version, found.version) > 0):
            found = package
    return found
