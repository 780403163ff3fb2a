"""Which packages a command's words mean: names, names with versions, origins, globs (-g), regular expressions (-x)."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..options import Options
    from .package import Package


def matches(package: Package, word: str, options: Options) -> bool:
    """-i ignores the case; without -g or -x a word with glob signs is a glob, as pkg does it for queries."""
    names = (package.name, package.full_name, package.origin)
    if "i" in options:
        word, names = word.lower(), (names[0].lower(), names[1].lower(), names[2].lower())
    if "x" in options:
        return any(re.search(word, name) for name in names)
    if "g" in options or re.search(r"[*?\[]", word):
        return any(fnmatchcase(name, word) for name in names)
    return word in names


def select(packages: list[Package], options: Options) -> list[Package]:
    """All with -a or without words."""
    if "a" in options or not options.operands:
        return packages
    return [package for package in packages if any(matches(package, word, options) for word in options.operands)]
