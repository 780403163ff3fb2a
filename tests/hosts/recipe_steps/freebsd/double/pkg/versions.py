"""Which of two versions is newer: freebsd/pkg:libpkg/pkg_version.c (pkg_version_cmp, get_component).

A component is a number, a letter and a patch level; a missing number sorts as -1, so `1.0.r1` is older than `1.0`, and
`1.0a` newer. Of a word only the first letter counts; before pl, alpha, beta, pre and rc behind a number stands a dot.
"""

from __future__ import annotations

import functools
import itertools
import re

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[A-Za-z]+")
_ANYTHING = re.compile(r"\*[^+]*")
_SEPARATORS = re.compile(r"[^0-9A-Za-z+*]*")
_STAGES = {"pl": 0, "alpha": 1, "beta": 2, "pre": 16, "rc": 18}
_Component = tuple[int, int, int]
_NOTHING: _Component = (0, 0, 0)


def compare(left: str, right: str) -> int:
    """-1, 0 or 1: by the epoch after `,`, then the components, then the revision after `_`."""
    one, other = _parts(left), _parts(right)
    if one.epoch != other.epoch:
        return _order(one.epoch, other.epoch)
    for mine, its in itertools.zip_longest(one.groups, other.groups, fillvalue=()):
        for pair in itertools.zip_longest(mine, its, fillvalue=_NOTHING):
            if pair[0] != pair[1]:
                return -1 if pair[0] < pair[1] else 1
    return _order(one.revision, other.revision)


def _order(left: int, right: int) -> int:
    return (left > right) - (left < right)


class _Version:
    """A version alone, or behind a package's name; `+` parts the components into groups."""

    def __init__(self, text: str) -> None:
        text, _comma, epoch = text.rpartition("-")[2].partition(",")
        text, _line, revision = text.rpartition("_") if "_" in text else (text, "", "0")
        self.epoch = _leading(epoch)
        self.revision = _leading(revision)
        self.groups = tuple(tuple(_components(group)) for group in text.split("+"))


@functools.cache
def _parts(text: str) -> _Version:
    return _Version(text)


def _leading(text: str) -> int:
    match = _NUMBER.match(text)
    return int(match[0]) if match else 0


def _components(text: str) -> list[_Component]:
    found = []
    while text:
        component, text = _first(text)
        found.append(component)
        text = text[_SEPARATORS.match(text).end() :]  # type: ignore[union-attr]  # it matches nothing, too
    return found


def _first(text: str) -> tuple[_Component, str]:
    number, text, has_number = _leading_number(text)
    word = _WORD.match(text)
    if word is None:
        return (number, 0, 0), text
    stage = _STAGES.get(word[0].lower()) if len(word[0]) > 1 else None
    if stage is not None and has_number:
        return (number, 0, 0), text
    letter = stage if stage is not None else ord(word[0][0].lower()) - ord("a") + 1
    text = text[word.end() :]
    level = _NUMBER.match(text)
    return (number, letter, int(level[0]) if level else -1), text[level.end() if level else 0 :]


def _leading_number(text: str) -> tuple[int, str, bool]:
    match = _NUMBER.match(text)
    if match:
        return int(match[0]), text[match.end() :], True
    anything = _ANYTHING.match(text)
    if anything:
        return -2, text[anything.end() :], True
    return -1, text, False
