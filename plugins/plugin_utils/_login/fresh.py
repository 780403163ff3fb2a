# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A login of its own, as the identity that is used from now on, to confirm what was changed."""

from __future__ import annotations

import json
import shlex
import time
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleError
from ansible.plugins.loader import become_loader, connection_loader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# Neither join a shared connection, which would prove nothing, nor leave one behind. ssh takes the first value that it
# is given for an option, so this stands before the play's own arguments, which may hold a key or a jump host.
NOT_SHARED = "-o ControlMaster=no -o ControlPath=none"
ATTEMPTS = 3
PAUSE = 2.0


class NotConfirmed(Exception):
    """No fresh login confirmed the change; the message is the last login's own."""


def confirm(login: Callable[[], tuple[int, str, str]]) -> None:
    """Try a few times, because a daemon may just be starting again. Raises NotConfirmed."""
    words = ""
    for attempts_left in reversed(range(ATTEMPTS)):
        try:
            words = _refusal(*login())
        except AnsibleError as error:
            words = str(error)
        if not words:
            return
        if attempts_left:
            time.sleep(PAUSE)
    raise NotConfirmed(words)


def _refusal(rc: int, stdout: str, stderr: str) -> str:
    """Why the answer of the program on the host is no confirmation; empty when it is one."""
    try:
        answer = json.loads(stdout.strip().splitlines()[-1]) if stdout.strip() else {}
    except ValueError:
        answer = {}
    return (
        ""
        if rc == 0 and answer.get("confirmed") is True
        else (stderr.strip() or stdout.strip() or f"it ended with {rc}")
    )


def fresh_login(
    connection: Any, play_context: Any, argv: Sequence[str], *, identity: Mapping[str, Any], sudo: Any = None
) -> tuple[int, str, str]:
    """Run a command over a new connection; returns its exit code and output. Raises AnsibleError.

    `identity` holds the options that differ from the play's own connection, `sudo` is a plugin as `sudo_of` makes it,
    or None for a login as root.
    """
    new = connection_loader.get(connection.transport, play_context.copy())
    options = connection.get_options()
    arguments = f"{NOT_SHARED} {options.get('ssh_args') or ''}".rstrip()
    new.set_options(direct={**options, **identity, "ssh_args": arguments})
    command = shlex.join(argv)
    if sudo:
        new.set_become_plugin(sudo)
        command = sudo.build_become_command(command, new._shell)
    try:
        rc, stdout, stderr = new.exec_command(command, sudoable=bool(sudo))
    finally:
        new.close()
    return rc, stdout.decode(errors="replace"), stderr.decode(errors="replace")


def sudo_of(variables: Mapping[str, Any], template: Callable[[Any], Any]) -> Any:
    """sudo to root, with what the play's own variables say of it (password, executable, flags)."""
    sudo = become_loader.get("sudo")
    options: dict[str, Any] = {}
    for name, definition in sudo.option_definitions.items():
        for variable in definition.get("vars", []):
            if variables.get(variable["name"]) is not None:
                options[name] = template(variables[variable["name"]])
    sudo.set_options(direct={**options, "become_user": "root"})
    return sudo
