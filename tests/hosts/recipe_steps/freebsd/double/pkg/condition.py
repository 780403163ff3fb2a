"""The conditions of `pkg query -e` and `pkg rquery -e`: `%a = 0 && %n ~ 'py3*'`.

Operators: pkg-query(8): =, ==, !=, <, >, <=, >= for both kinds, ~ and !~ as globs for texts; && and ||, brackets.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Values = Callable[[str], str]
    Test = Callable[[Values], bool]

_TOKEN = re.compile(r"\s*(\(|\)|&&|\|\||!=|!~|<=|>=|==|=|~|<|>|%[#?]?\w|'[^']*'|\"[^\"]*\"|[^\s()&|=<>~!]+)")


class Malformed(Exception):
    """What pkg says on standard error."""


def compiled(text: str) -> Test:
    """A function of what gives the value of a variable such as `%a`."""
    tokens, position = [], 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise Malformed(f"unexpected character: {text[position:].strip()[:1]}")
        tokens.append(match[1])
        position = match.end()
    parser = _Parser(tokens)
    test = parser.either()
    if parser.tokens:
        raise Malformed("malformed evaluation string")
    return test


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def either(self) -> Test:
        left = self.both()
        while self.tokens[:1] == ["||"]:
            self.tokens.pop(0)
            left = _or(left, self.both())
        return left

    def both(self) -> Test:
        left = self.one()
        while self.tokens[:1] == ["&&"]:
            self.tokens.pop(0)
            left = _and(left, self.one())
        return left

    def one(self) -> Test:
        if self.tokens[:1] == ["("]:
            self.tokens.pop(0)
            inner = self.either()
            if self.tokens[:1] != [")"]:
                raise Malformed("unbalanced brackets")
            self.tokens.pop(0)
            return inner
        if len(self.tokens) < 3 or not self.tokens[0].startswith("%"):
            raise Malformed("malformed evaluation string")
        variable, operator, value = self.tokens[:3]
        del self.tokens[:3]
        return lambda values: _holds(values(variable), operator, value.strip("'\""))


def _or(left: Test, right: Test) -> Test:
    return lambda values: left(values) or right(values)


def _and(left: Test, right: Test) -> Test:
    return lambda values: left(values) and right(values)


def _holds(left: str, operator: str, right: str) -> bool:
    if operator in {"~", "!~"}:
        return fnmatchcase(left, right) == (operator == "~")
    one: int | str = left
    other: int | str = right
    if left.lstrip("-").isdigit() and right.lstrip("-").isdigit():
        one, other = int(left), int(right)
    if operator in {"=", "=="}:
        return one == other
    if operator == "!=":
        return one != other
    order = (one > other) - (one < other)  # type: ignore[operator]
    return {"<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0}[operator]
