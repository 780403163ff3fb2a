"""What every command of pkg is given: settings, the database, and switches before the command's name."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .local_database import LocalDatabase
from .remote import known

if TYPE_CHECKING:
    from .package import Package
    from .settings import Repository, Settings


@dataclass
class Context:
    """One run of pkg."""

    settings: Settings
    database: LocalDatabase = field(default_factory=LocalDatabase)

    @property
    def is_root(self) -> bool:
        return os.geteuid() == 0

    def repositories(self, name: str | None = None) -> list[Repository]:
        enabled = self.settings.enabled_repositories()
        return enabled if name is None else [each for each in self.settings.repositories() if each.name == name]

    def known(self, repository: str | None = None) -> list[Package]:
        return known(self.repositories(repository))
