# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's side of commit-confirm: keep what waits on the host, or learn why it was not kept."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.fresh import (
    COMMAND,
    METHOD,
    Identity,
    NotConfirmed,
    confirm,
    fresh_login,
    sudo_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Seconds that the host may need to take everything back, once its time is over.
TAKING_BACK = 5
# Seconds between two attempts to come back after a cut.
PAUSE = 1.0


@dataclass(frozen=True)
class Controller:
    """What the action plugin has at hand to log in with; `take_back` asks for it over the play's own connection."""

    connection: Any
    play_context: Any
    variables: Mapping[str, Any]
    template: Callable[[Any], Any]
    take_back: Callable[[], Mapping[str, Any]]

    def confirm(self, identity: Identity, run: str, seconds: int) -> str:
        """Confirm as this identity; returns why it failed, once the host has taken everything back."""
        try:
            answer = confirm(partial(self._log_in, identity, "confirm", run))
        except NotConfirmed as error:
            known = self.take_back()
            if known.get("confirmed"):
                # It was kept, and only the answer was lost.
                return ""
            if not known:
                time.sleep(seconds + TAKING_BACK)
            return str(error)
        return "" if answer.get("confirmed") else f"the login worked, but {answer.get('why')}"

    def prove(self, identity: Identity, waiting: Mapping[str, Any] | None) -> str:
        """That this identity gets in, and what waits is confirmed, if anything does; returns why not."""
        if waiting:
            return self.confirm(identity, waiting["run"], waiting["seconds"])
        try:
            confirm(partial(self._log_in, identity, "confirm", "nothing"))
        except NotConfirmed as error:
            return str(error)
        return ""

    def fetch(self, identities: tuple[Identity, ...], run: str, seconds: int) -> tuple[dict[str, Any], Identity | None]:
        """After a cut: the program's answer, confirmed where possible, and who got in, if anybody has in time."""
        until = time.monotonic() + seconds + TAKING_BACK
        while time.monotonic() < until:
            for identity in identities:
                try:
                    return confirm(partial(self._log_in, identity, "fetch", run), attempts=1), identity
                except NotConfirmed:
                    continue
            time.sleep(PAUSE)
        return {}, None

    def _known_of(self, identity: Identity) -> dict[str, Any]:
        """The play's variables; how another user than its own becomes root they do not tell, and ours has sudo."""
        is_own = identity.user == self.template(self.variables.get("ansible_user"))
        return {name: value for name, value in self.variables.items() if is_own or name != METHOD}

    def _log_in(self, identity: Identity, mode: str, run: str) -> tuple[int, str, str]:
        password = str(self.play_context.become_pass or "")
        sudo = None if identity.user == "root" else sudo_of(self._known_of(identity), self.template, password=password)
        return fresh_login(self.connection, self.play_context, (*COMMAND, mode, run), identity=identity, sudo=sudo)
