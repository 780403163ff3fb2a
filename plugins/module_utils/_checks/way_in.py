# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is the administrator's own way in open? Asked before a door is closed, by the programs that will decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    account_state,
    accounts,
    firewall,
    key_files,
    port_label,
    ssh_port,
    sshd_access,
    sudo,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandFailed, HostError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Callable

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader


def no_key(host: HostReader, context: Context) -> tuple[str, ...]:
    """No key is given and none is there: the doors stay open, and whatever else the run does is done."""
    try:
        if context.options.admin_keys or key_files.usable_keys(host, context):
            return ()
    except HostError as error:
        return (f"it cannot be proven: {error}",)
    return (
        f"{context.options.admin_name} has no public key: give one in python_host_admin_authorized_keys, or let one be "
        "made with python_host_admin_key_file",
    )


def obstacles(host: HostReader, context: Context, *, account_planned: bool) -> tuple[str, ...]:
    """Why the administrator could not log in with a key and become root, the key itself aside; all reasons at once.

    `account_planned`: what is missing of the account, its keys and its sudo rule is about to be made by this run, so
    only what this run cannot mend is judged. After they were made, the caller asks again without it. `host` is the
    host as sshd would see it after the run (`rehearsed`).

    What is not seen: PAM modules other than those of pam.py and account_state.py, TCP wrappers, what a directory
    service or a file system on the network makes of the account. A fresh login after the change proves those.
    """
    parts: list[Callable[[], Iterator[str]]] = [
        lambda: sshd_access.obstacles(host, context),
        lambda: ssh_port.obstacles(host, context),
        lambda: port_label.obstacles(host, context),
        lambda: firewall.obstacles(host, context),
        lambda: _of_account(host, context, account_planned),
        lambda: iter(key_files.obstacles(host, context)),
        lambda: _of_sudo(host, context, account_planned),
    ]
    return tuple(dict.fromkeys(obstacle for part in parts for obstacle in _proven(part)))


def _proven(part: Callable[[], Iterator[str]]) -> tuple[str, ...]:
    """A question that the host does not answer is an obstacle of its own, and keeps no other from being named."""
    try:
        return tuple(part())
    except CommandFailed as error:
        if error.argv[0] != "sshd":
            return (f"it cannot be proven: {error}",)
        words = (error.stderr.strip() or error.stdout.strip()).replace("\n", "; ")
        return (f"sshd refuses its own configuration ({words}): mend it until `sshd -t` is silent",)
    except HostError as error:
        return (f"it cannot be proven: {error}",)


def _of_account(host: HostReader, context: Context, account_planned: bool) -> Iterator[str]:
    found = accounts.account(host, context.options.admin_name)
    if found is None:
        if not account_planned:
            yield f"the account {context.options.admin_name} does not exist"
        return
    yield from account_state.closed_obstacles(host, context, found)
    if account_planned:
        return
    yield from account_state.shell_obstacles(host, found)
    if not key_files.usable_keys(host, context):
        reasons = key_files.problems(host, found) or ("no key there lets this login in",)
        yield f"no key in {found.authorized_keys} that sshd would accept: {'; '.join(reasons)}"


def _of_sudo(host: HostReader, context: Context, account_planned: bool) -> Iterator[str]:
    name = context.options.admin_name
    if account_planned:
        yield from sudo.obstacles_ahead(host, context)
    elif accounts.account(host, name) and (words := sudo.refusal(host, context)):
        yield f"sudo does not let {name} become root: {words}"
