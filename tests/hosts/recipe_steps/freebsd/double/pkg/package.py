"""A package as the catalogue or the local database knows it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any

_PART = re.compile(r"\d+|[a-zA-Z]+")


@dataclass(frozen=True)
class Package:
    """Fields by the names of pkg-query(8)'s meaning."""

    name: str
    version: str
    origin: str
    comment: str = ""
    depends: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    size: int = 4096
    repository: str = ""
    payload: str = ""
    after: str = ""
    is_vital: bool = False
    is_automatic: bool = False
    is_locked: bool = False
    installed_at: int = 0
    files: tuple[str, ...] = ()
    prefix: str = "/usr/local"
    arch: str = ""
    local_file: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.name}-{self.version}"

    @classmethod
    def from_row(cls, row: dict[str, Any], **more: Any) -> Package:
        """Of a JSON object or a table's row: lists become tuples."""
        values: dict[str, Any] = {key: tuple(each) if isinstance(each, list) else each for key, each in row.items()}
        return cls(**values, **more)


def compare(left: str, right: str) -> int:
    """-1, 0 or 1: epoch after `,`, then the parts, then the revision after `_` (pkg-version(8))."""
    one, other = _key(left), _key(right)
    return (one > other) - (one < other)


@functools.cache
def _key(version: str) -> tuple[int, tuple[tuple[int, int, str], ...], int]:
    rest, _comma, epoch = version.partition(",")
    rest, _line, revision = rest.partition("_")
    parts = tuple(
        (1, int(part), "") if part.isdigit() else (0 if part in {"alpha", "beta", "rc", "pre"} else 2, 0, part)
        for part in _PART.findall(rest)
    )
    return int(epoch or 0), (*parts, (1, -1, "")), int(revision or 0)
