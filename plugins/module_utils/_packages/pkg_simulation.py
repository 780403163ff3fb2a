# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking pkg what it would do, with the locks as they will be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import pkg_command, pkg_words
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_errors import refusal
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_locks import query_when_free

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_catalogue import Catalogue
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg_words import Summary


class Simulator:
    """pkg as this run asks it; what has to be otherwise for the answer is made so in a private copy of its database."""

    def __init__(self, surroundings: Surroundings, catalogue: Catalogue) -> None:
        self._surroundings = surroundings
        self._catalogue = catalogue

    def lock(self, names: Iterable[str]) -> None:
        """Foretell from here on as if these were held."""
        self._mark("lock", names)

    def unlock(self, names: Iterable[str]) -> None:
        """Foretell from here on as if these were not held."""
        self._mark("unlock", names)

    def forget(self, names: Iterable[str]) -> None:
        """Foretell from here on as if nobody had asked for these."""
        settings = self._catalogue.keep_private()
        self._surroundings.host.query(pkg_command.set_automatic(settings, names))

    def foretell(self, command: tuple[str, ...]) -> Summary:
        """What the command would do. Raises Refused, in pkg's own words, where it finds no way."""
        result = self._ask(command)
        if _is_refused(result):
            raise refusal(result)
        return pkg_words.parse_summary(result.stdout)

    def foretell_if_possible(self, command: tuple[str, ...]) -> Summary | None:
        """The same; None where pkg finds no way."""
        result = self._ask(command)
        return None if _is_refused(result) else pkg_words.parse_summary(result.stdout)

    def _ask(self, command: tuple[str, ...]) -> CommandResult:
        argv = pkg_command.simulate(self._catalogue.settings, command)
        return query_when_free(
            self._surroundings, argv, ok=pkg_command.ANY_ANSWER, timeout=pkg_command.SIMULATION_SECONDS
        )

    def _mark(self, verb: str, names: Iterable[str]) -> None:
        for name in names:
            self._surroundings.host.query(pkg_command.mark(self._catalogue.keep_private(), verb, name))


def _is_refused(result: CommandResult) -> bool:
    """True where pkg has not printed what it would do, and not ended as it does when there is nothing to do."""
    return result.rc != 0 and not pkg_words.is_summary(result.stdout)
