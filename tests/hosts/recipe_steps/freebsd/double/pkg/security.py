"""`pkg audit`. Words and exit codes: os_facts 2.3 [R], freebsd/pkg:src/audit.c; JSON: its keys as there.

A vulnerable package: exit code 1. The list is a file, vuln.xml in PKG_DBDIR; without it: 1 and a message.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..options import Usage, parse
from . import remote
from .package import Package
from .versions import compare

if TYPE_CHECKING:
    from .context import Context

_LONG = {"fetch": "F", "file=": "f", "quiet": "q", "recursive": "r", "raw=": "R", "raw": "raw"}


@dataclass(frozen=True)
class Issue:
    """An entry of the list: versions of a package below `below` are concerned."""

    name: str
    below: str
    topic: str
    cve: str
    identifier: str


_KNOWN = (
    Issue("groundwork-demo", "1.1", "groundwork-demo -- made-up hole", "CVE-2026-0001", "6b1c0d7e-0001-11f1-8f1e"),
    Issue("groundwork-tool", "9", "groundwork-tool -- hole without a remedy", "CVE-2026-0002", "6b1c0d7e-0002-11f1"),
)


def main(arguments: list[str], context: Context) -> int:
    words = [f"--raw={word[2:]}" if re.match(r"-R\w", word) else word for word in arguments]
    try:
        options = parse(_with_raw_value(words), "Ff:qrR:", program="pkg", long=_LONG)
    except Usage:
        print(
            "Usage: pkg audit [-Fqr] [-f file] <pattern>\n\nFor more information see 'pkg help audit'.", file=sys.stderr
        )
        return 1
    path = Path(options.values.get("f", str(_list(context))))
    if "F" in options and not _fetch(context, path, is_quiet="q" in options or "R" in options):
        return 1
    if not path.exists():
        print(f"pkg: vulnxml file {path} does not exist. Try running 'pkg audit -F' first", file=sys.stderr)
        return 1
    packages = [_named(word) for word in options.operands] if options.operands else context.database.packages()
    found = {package: issues for package in packages if (issues := _issues(package, path))}
    if "R" in options:
        _print_json(found, context, is_compact="compact" in options.values["R"])
    else:
        _print(found, is_quiet="q" in options)
    return 1 if found else 0


def _with_raw_value(words: list[str]) -> list[str]:
    """-R takes its value only when it follows: `-R json-compact`, or nothing for the pretty form."""
    result = []
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        if word in {"-R", "--raw"} and following not in {"json", "json-compact", "ucl", "yaml"}:
            result += ["-R", "json"]
        elif word.startswith("--raw="):
            result += ["-R", word.removeprefix("--raw=")]
        else:
            result.append(word)
    return result


def vulnerable_names(context: Context, *, is_fetching: bool) -> list[str]:
    path = _list(context)
    if is_fetching:
        _fetch(context, path, is_quiet=True)
    return [package.name for package in context.database.packages() if path.exists() and _issues(package, path)]


def _list(context: Context) -> Path:
    return context.settings.database_folder / "vuln.xml"


def _fetch(context: Context, path: Path, *, is_quiet: bool) -> bool:
    if remote.UNREACHABLE.exists() or "freebsd.org" not in context.settings.text("VULNXML_SITE").lower():
        print(f"pkg: {context.settings.text('VULNXML_SITE')}: No address record", file=sys.stderr)
        print("pkg: cannot fetch vulnxml file", file=sys.stderr)
        return False
    if not is_quiet:
        print("Fetching vuln.xml.xz: 100%    1 MiB")
    entries = "".join(
        f'<vuln vid="{issue.identifier}"><topic>{issue.topic}</topic><affects><package><name>{issue.name}</name>'
        f"<range><lt>{issue.below}</lt></range></package></affects><references><cvename>{issue.cve}</cvename></references>"
        "</vuln>\n"
        for issue in _KNOWN
    )
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<vuxml>\n{entries}</vuxml>\n')
    return True


def _issues(package: Package, path: Path) -> list[Issue]:
    text = path.read_text()
    return [
        issue
        for issue in _KNOWN
        if issue.name == package.name
        and issue.identifier in text
        and (not package.version or compare(package.version, issue.below) < 0)
    ]


def _named(word: str) -> Package:
    name, dash, version = word.rpartition("-")
    return Package(name if dash else word, version if dash else "", "")


def _print(found: dict[Package, list[Issue]], *, is_quiet: bool) -> None:
    for package, issues in found.items():
        name = package.full_name if package.version else package.name
        if is_quiet:
            print(name)
            continue
        print(f"{name} is vulnerable:")
        for issue in issues:
            print(f"  {issue.topic}\n  CVE: {issue.cve}")
            print(f"  WWW: https://vuxml.FreeBSD.org/freebsd/{issue.identifier}.html\n")
    if not is_quiet:
        print(f"{sum(map(len, found.values()))} problem(s) in {len(found)} package(s) found.")


def _print_json(found: dict[Package, list[Issue]], context: Context, *, is_compact: bool) -> None:
    packages: dict[str, Any] = {
        package.name: {
            "version": package.version,
            "issue_count": len(issues),
            "issues": [
                {
                    "Affected versions": [f"< {issue.below}"],
                    "description": issue.topic,
                    "cve": [issue.cve],
                    "url": f"https://vuxml.FreeBSD.org/freebsd/{issue.identifier}.html",
                }
                for issue in issues
            ],
            "reverse dependencies": [each.name for each in context.database.requirers(package.name)],
        }
        for package, issues in found.items()
    }
    value = {"pkg_count": len(found), "packages": packages}
    print(json.dumps(value, separators=(",", ":")) if is_compact else json.dumps(value, indent=4))
