"""Reads command lines as getopt(3) of FreeBSD does: the first operand ends the options."""

from __future__ import annotations

import getopt
import sys
from dataclasses import dataclass, field


class Usage(Exception):
    """A command line that the program refuses."""


@dataclass
class Options:
    """Switches that were given, the values of those that take one (the last wins), and the operands."""

    given: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    operands: list[str] = field(default_factory=list)

    def __contains__(self, name: str) -> bool:
        return name in self.given


def parse(arguments: list[str], short: str, *, program: str, long: dict[str, str] | None = None) -> Options:
    """`long` maps a long name, with `=` when it takes a value, to the letter it stands for."""
    names = {name.rstrip("="): letter for name, letter in (long or {}).items()}
    try:
        found, operands = getopt.getopt(arguments, short, list(long or {}))
    except getopt.GetoptError as error:
        wrong = error.opt or "?"
        if "requires argument" in error.msg:
            print(f"{program}: option requires an argument -- {wrong}", file=sys.stderr)
        else:
            print(f"{program}: illegal option -- {wrong}", file=sys.stderr)
        raise Usage(wrong) from error
    options = Options(operands=operands)
    for name, value in found:
        letter = names.get(name[2:], name[2:]) if name.startswith("--") else name[1:]
        options.given.add(letter)
        options.values[letter] = value
        options.lists.setdefault(letter, []).append(value)
    return options
