# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A login of its own, as the identity that is used from now on, to confirm what was changed."""

from __future__ import annotations

import json
import shlex
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleError
from ansible.plugins.loader import become_loader, connection_loader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# Neither join a shared connection, which would prove nothing, nor leave one behind, nor wait for ever on a network that
# has gone. ssh takes the first value that it is given for an option, so this stands before the play's own arguments,
# which may hold a key or a jump host.
OPTIONS = ("ControlMaster=no", "ControlPath=none", "ServerAliveInterval=5", "ServerAliveCountMax=3")
# The program that stays on the host (module_utils/_recovery/installation.py).
COMMAND = ("sh", "/var/lib/groundwork/python_host/revert")
METHOD = "ansible_become_method"
ATTEMPTS = 3
PAUSE = 2.0
# A daemon that is just starting again refuses connections; one that refuses a login says so, and counts it for a ban.
FINAL = "Permission denied"


class NotConfirmed(Exception):
    """No fresh login confirmed the change; the message is the last login's own words."""


@dataclass(frozen=True)
class Identity:
    """Who logs in: a user, a port, and the private key where it is another than the play's own."""

    user: str
    port: int
    key_file: str = ""

    @property
    def words(self) -> str:
        """For people."""
        return f"as {self.user} on port {self.port}"

    def options(self) -> dict[str, Any]:
        """What differs from the play's own connection."""
        key = {"private_key_file": self.key_file} if self.key_file else {}
        return {"remote_user": self.user, "port": self.port, **key}


def confirm(login: Callable[[], tuple[int, str, str]], *, attempts: int = ATTEMPTS) -> dict[str, Any]:
    """The answer of the program on the host. It is tried a few times, because a daemon may just be starting again.

    Raises NotConfirmed.
    """
    words = ""
    for attempts_left in reversed(range(attempts)):
        try:
            rc, stdout, stderr = login()
        except AnsibleError as error:
            words = str(error)
        else:
            answer = answer_in(stdout)
            if answer.get("confirmed") or (rc == 3 and answer):
                return answer
            words = stderr.strip() or stdout.strip() or f"it ended with {rc}"
        if FINAL in words:
            break
        if attempts_left:
            time.sleep(PAUSE)
    raise NotConfirmed(words)


def answer_in(stdout: str) -> dict[str, Any]:
    """The last line is JSON; what a login prints may stand before it."""
    try:
        found = json.loads(stdout.strip().splitlines()[-1]) if stdout.strip() else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def fresh_login(
    connection: Any, play_context: Any, argv: Sequence[str], *, identity: Identity, sudo: Any = None
) -> tuple[int, str, str]:
    """Run a command over a new connection; returns its exit code and output. Raises AnsibleError.

    `sudo` is a plugin as `sudo_of` makes it, or None for a login as root.
    """
    new = connection_loader.get(connection.transport, play_context.copy())
    options = connection.get_options()
    words = [word for option in OPTIONS for word in ("-o", option)]
    arguments = f"{shlex.join(words)} {options.get('ssh_args') or ''}".rstrip()
    new.set_options(direct={**options, **identity.options(), "ssh_args": arguments})
    command = shlex.join(argv)
    if sudo:
        new.set_become_plugin(sudo)
        command = sudo.build_become_command(command, new._shell)
    try:
        rc, stdout, stderr = new.exec_command(command, sudoable=bool(sudo))
    finally:
        new.close()
    return rc, stdout.decode(errors="replace"), stderr.decode(errors="replace")


def sudo_of(variables: Mapping[str, Any], template: Callable[[Any], Any], *, password: str = "") -> Any:
    """sudo to root, with what the play's own variables say of it (password, executable, flags), or what they name in
    its place (ansible_become_method: su, where there is no sudo yet).

    `password` is one that was asked for (-K).
    """
    method = variables.get(METHOD)
    sudo = become_loader.get(str(template(method)) if method else "sudo")
    options: dict[str, Any] = {"become_pass": password} if password else {}
    for name, definition in sudo.option_definitions.items():
        for variable in definition.get("vars", []):
            if variables.get(variable["name"]) is not None:
                options[name] = template(variables[variable["name"]])
    sudo.set_options(direct={**options, "become_user": "root"})
    return sudo
