"""UCL, the language of pkg's files: enough of it to read pkg.conf(5), and to print values as `pkg -vv` does.

Sources: libucl's README (comments, separators, unquoted strings, variables, suffixes of numbers); the form of what is
printed: `pkg -vv` in FreeBSDFoundation/pkgbasify#31, which is ucl_object_emit() with UCL_EMIT_CONFIG.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from collections.abc import Mapping

# A string, a number, a truth value, a list or an object.
Value = Union[str, int, bool, "list[Value]", "dict[str, Value]"]

_TRUTHS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
_FACTORS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "kb": 1024, "mb": 1024**2, "gb": 1024**3}
_SPACE = re.compile(r"(?:\s|#[^\n]*|/\*.*?\*/)*", re.DOTALL)
_SEPARATORS = re.compile(r"(?:[\s,;]|#[^\n]*|/\*.*?\*/)*", re.DOTALL)
_KEY = re.compile(r'"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|([\w.+/-]+)')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL)
_BARE = re.compile(r"(?:\{[^{}\n]*\}|\[[^\[\]\n]*\]|[^,;\n#{}\[\]])+")
_NUMBER = re.compile(r"(-?\d+)(k|m|g|kb|mb|gb)?", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)")


class Malformed(Exception):
    """A text that is no UCL."""


def boolean(text: str) -> bool | None:
    """Nothing where the word is none of UCL's: 1 and 0 are numbers."""
    return _TRUTHS.get(text.strip().lower())


def read(text: str, variables: Mapping[str, str] | None = None) -> dict[str, Value]:
    return _Reader(text, variables or {}).document()


class _Reader:
    """Goes through a text once, from left to right."""

    def __init__(self, text: str, variables: Mapping[str, str]) -> None:
        self._text = text
        self._variables = variables
        self._at = 0

    def document(self) -> dict[str, Value]:
        self._skip(_SPACE)
        has_braces = self._takes("{")
        found = self._members("}" if has_braces else "")
        self._skip(_SEPARATORS)
        if self._at < len(self._text):
            raise self._error("unexpected character")
        return found

    def _members(self, end: str) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while True:
            self._skip(_SEPARATORS)
            if self._at == len(self._text):
                if end:
                    raise self._error("an object is not closed")
                return found
            if end and self._takes(end):
                return found
            key = self._key()
            value, before = self._value(), found.get(key)
            found[key] = {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value

    def _key(self) -> str:
        match = _KEY.match(self._text, self._at)
        if match is None:
            raise self._error("a key is expected")
        self._at = match.end()
        self._skip(_SPACE)
        if self._text[self._at : self._at + 1] in ("=", ":"):
            self._at += 1
            self._skip(_SPACE)
        return next(group for group in match.groups() if group is not None)

    def _value(self) -> Value:
        if self._takes("{"):
            return self._members("}")
        if self._takes("["):
            return self._elements()
        for pattern, is_expanded in ((_QUOTED, True), (_LITERAL, False)):
            match = pattern.match(self._text, self._at)
            if match:
                self._at = match.end()
                return self._expanded(_unescaped(match[1])) if is_expanded else match[1].replace("\\'", "'")
        match = _BARE.match(self._text, self._at)
        if match is None:
            raise self._error("a value is expected")
        self._at = match.end()
        return _typed(self._expanded(match[0].strip()))

    def _elements(self) -> list[Value]:
        found: list[Value] = []
        while True:
            self._skip(_SEPARATORS)
            if self._takes("]"):
                return found
            if self._at == len(self._text):
                raise self._error("a list is not closed")
            found.append(self._value())

    def _expanded(self, text: str) -> str:
        """A name that is not known stays as it is."""
        return _VARIABLE.sub(lambda match: self._variables.get(match[1] or match[2], match[0]), text)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _takes(self, character: str) -> bool:
        if not self._text.startswith(character, self._at):
            return False
        self._at += 1
        return True

    def _error(self, what: str) -> Malformed:
        return Malformed(f"error while parsing <unknown>: line: {self._text.count(chr(10), 0, self._at) + 1}: {what}")


def _unescaped(text: str) -> str:
    names = {"n": "\n", "t": "\t", "r": "\r"}
    return re.sub(r"\\(.)", lambda match: names.get(match[1], match[1]), text, flags=re.DOTALL)


def _typed(text: str) -> Value:
    truth = boolean(text)
    if truth is not None:
        return truth
    match = _NUMBER.fullmatch(text)
    return int(match[1]) * _FACTORS[(match[2] or "").lower()] if match else text


def printed(found: Mapping[str, Value], indent: str = "") -> str:
    """Every key on a line of its own; the members of objects and lists four columns further in."""
    return "".join(f"{indent}{key}{_assigned(value, indent)}\n" for key, value in found.items())


def _assigned(value: Value, indent: str) -> str:
    if isinstance(value, dict):
        return f" {{\n{printed(value, indent + '    ')}{indent}}}"
    if isinstance(value, list):
        elements = "".join(f"{indent}    {_scalar(element)},\n" for element in value)
        return f" [\n{elements}{indent}]"
    return f" = {_scalar(value)};"


def _scalar(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)
