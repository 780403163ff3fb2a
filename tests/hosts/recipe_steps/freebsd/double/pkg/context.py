"""What every command of pkg is given: settings, the database, and switches before the command's name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from . import remote
from .local_database import LocalDatabase

if TYPE_CHECKING:
    from pathlib import Path

    from .package import Package
    from .settings import Repository, Settings


@dataclass
class Context:
    """One run of pkg."""

    settings: Settings

    @cached_property
    def database(self) -> LocalDatabase:
        return LocalDatabase(self.settings.database_folder)

    @property
    def copies(self) -> Path:
        """Where the repositories' copies lie."""
        return self.settings.database_folder / "repos"

    @property
    def is_root(self) -> bool:
        return os.geteuid() == 0

    def repositories(self, name: str | None = None) -> list[Repository]:
        enabled = self.settings.enabled_repositories()
        return enabled if name is None else [each for each in self.settings.repositories() if each.name == name]

    def known(self, repository: str | None = None) -> list[Package]:
        return remote.known(self.repositories(repository), self.copies)
