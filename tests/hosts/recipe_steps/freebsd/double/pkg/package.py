"""A package as the catalogue or the local database knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Package:
    """Fields by the names of pkg-query(8)'s meaning.

    `before`, `after` and `before_removal` are its scripts; `repository_file` is where it lies in a repository that is a
    folder of the host.
    """

    name: str
    version: str
    origin: str
    comment: str = ""
    depends: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    size: int = 4096
    repository: str = ""
    payload: str = ""
    before: str = ""
    after: str = ""
    before_removal: str = ""
    is_vital: bool = False
    is_automatic: bool = False
    is_locked: bool = False
    installed_at: int = 0
    files: tuple[str, ...] = ()
    prefix: str = "/usr/local"
    arch: str = ""
    local_file: str = ""
    repository_file: str = ""

    @property
    def download(self) -> int:
        """What has to be fetched: nothing of a folder of the host (libpkg/repo/binary/fetch.c, get_cached_name)."""
        return 0 if self.local_file or self.repository_file else self.size // 4

    @property
    def full_name(self) -> str:
        return f"{self.name}-{self.version}"

    @classmethod
    def from_row(cls, row: dict[str, Any], **more: Any) -> Package:
        """Of a JSON object or a table's row: lists become tuples."""
        values: dict[str, Any] = {key: tuple(each) if isinstance(each, list) else each for key, each in row.items()}
        return cls(**values, **more)
