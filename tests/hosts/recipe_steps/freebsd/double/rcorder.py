"""rcorder(8): scripts in the order of their PROVIDE, REQUIRE and BEFORE lines."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from .options import Usage, parse

_LINE = re.compile(r"#\s*(PROVIDE|REQUIRE|BEFORE|KEYWORD)S?:\s*(.*)")


@dataclass(frozen=True)
class Script:
    """What the head of a script says of its place."""

    path: str
    provides: tuple[str, ...]
    requires: tuple[str, ...]
    before: tuple[str, ...]
    keywords: tuple[str, ...]


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "gk:ps:", program="rcorder")
    except Usage:
        return 1
    skipped = set(options.lists.get("s", []))
    for script in ordered([read(path) for path in options.operands]):
        if not skipped.intersection(script.keywords):
            print(script.path)
    return 0


def read(path: str) -> Script:
    found: dict[str, list[str]] = {"PROVIDE": [], "REQUIRE": [], "BEFORE": [], "KEYWORD": []}
    for line in Path(path).read_text(errors="replace").splitlines():
        match = _LINE.match(line)
        if match:
            found[match[1]] += match[2].split()
    parts = [tuple(found[name]) for name in ("PROVIDE", "REQUIRE", "BEFORE", "KEYWORD")]
    return Script(path, *parts)


def ordered(scripts: list[Script]) -> list[Script]:
    """A circle is broken where it is met first, with a word on standard error."""
    providers = {
        name: [each for each in scripts if name in each.provides] for script in scripts for name in script.provides
    }
    extra: dict[Script, list[Script]] = {}
    for script in scripts:
        for later in [each for name in script.before for each in providers.get(name, [])]:
            extra.setdefault(later, []).append(script)
    done: dict[Script, bool] = {}

    def visit(script: Script) -> None:
        if script in done:
            if not done[script]:
                print(f"rcorder: Circular dependency on provision in file `{script.path}'.", file=sys.stderr)
            return
        done[script] = False
        for earlier in [each for name in script.requires for each in providers.get(name, [])] + extra.get(script, []):
            if earlier != script:
                visit(earlier)
        done[script] = True
        result.append(script)

    result: list[Script] = []
    for script in scripts:
        visit(script)
    return result
