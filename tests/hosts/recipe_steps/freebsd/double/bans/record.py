"""Addresses that failed, with their counts: the daemon's database, which outlives a restart."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from .. import memory
from ..places import release


@dataclass
class Entry:
    """One address and port; `identifier` is what the helper answered, `OK` once it is banned."""

    address: str
    port: int
    failures: int
    duration: int
    count: int = 0
    last: float = 0.0
    identifier: str = ""

    @property
    def is_banned(self) -> bool:
        return self.failures != -1 and self.count >= self.failures


def path() -> Path:
    return Path(f"/var/db/{release().blocker}.db")


def load(place: Path | None = None) -> list[Entry]:
    return [Entry(**row) for row in memory.load(place or path(), [])]


def save(entries: list[Entry]) -> None:
    memory.save(path(), [asdict(entry) for entry in entries])
