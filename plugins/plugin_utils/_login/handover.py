# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a play goes on when its own login is closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.fresh import Identity

if TYPE_CHECKING:
    from collections.abc import Mapping

# The connections that come in through the host's SSH server.
SSH_TRANSPORTS = ("ssh", "paramiko_ssh", "paramiko", "libssh")
# What Ansible takes the login from; an extra variable of these names wins over anything that a play can set.
USER_VARIABLES = ("ansible_user", "ansible_ssh_user")
PORT_VARIABLES = ("ansible_port", "ansible_ssh_port")
PASSWORD_VARIABLES = ("ansible_become_password", "ansible_become_pass", "ansible_sudo_pass")
# The administrator becomes root by sudo, however the play's own login does.
METHOD, SUDO = "ansible_become_method", ("sudo", "ansible.builtin.sudo")


@dataclass(frozen=True)
class Session:
    """The login that this play uses: how, as whom, and where to; `has_become_password` when one was asked for (-K).
    With `by_su` it becomes root with root's own password.
    """

    transport: str
    user: str
    port: int
    has_become_password: bool = False
    by_su: bool = False

    @property
    def is_ssh(self) -> bool:
        """False where closing SSH logins cannot cut the play off."""
        return self.transport.rpartition(".")[2] in SSH_TRANSPORTS


def objections(
    session: Session, args: Mapping[str, Any], *, extra_vars: Mapping[str, Any], variables: Mapping[str, Any]
) -> list[str]:
    """Why the play could not go on after its login was closed; asked before anything is changed."""
    found = []
    if _changes_user(session, args):
        pinned = [name for name in USER_VARIABLES if name in extra_vars]
        if pinned:
            found.append(
                f"the extra variable {pinned[0]}={extra_vars[pinned[0]]} would keep this play on a login that the run "
                f"closes: leave it out (-e {pinned[0]}), and set it in the inventory instead"
            )
        method = str(extra_vars.get(METHOD) or SUDO[0])
        if method not in SUDO:
            found.append(
                f"the extra variable {METHOD}={method} would keep this play from the administrator's sudo: leave it "
                f"out (-e {METHOD}), and set it in the inventory instead"
            )
        needs_password = args.get("admin_sudo") == "password" and not session.has_become_password
        if needs_password and not any(variables.get(name) for name in PASSWORD_VARIABLES):
            found.append(
                "admin_sudo is 'password', and the play goes on as the administrator: give ansible_become_password or "
                "-K"
            )
    pinned_ports = [name for name in PORT_VARIABLES if name in extra_vars]
    wanted = args.get("ssh_port")
    if session.is_ssh and wanted and pinned_ports and int(extra_vars[pinned_ports[0]]) != int(wanted):
        found.append(
            f"the extra variable {pinned_ports[0]}={extra_vars[pinned_ports[0]]} would keep this play on a port that "
            f"sshd leaves for {wanted}: leave it out, and set it in the inventory instead"
        )
    return found


def handover(session: Session, args: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """What the next task must connect with: {user, port, key_file}, only what differs; empty when nothing does."""
    if not session.is_ssh or args.get("mode", "apply") != "apply":
        return {}
    new: dict[str, Any] = {}
    if _changes_user(session, args) and _is_good(result, "SSH-001" if session.user == "root" else "ACC-004"):
        new["user"] = args.get("admin_name", "deploy")
        if args.get("admin_key_file"):
            new["key_file"] = args["admin_key_file"]
    wanted = args.get("ssh_port")
    if wanted and int(wanted) != session.port and _is_good(result, "SSH-006"):
        new["port"] = int(wanted)
    return new


def identities(session: Session, args: Mapping[str, Any]) -> tuple[Identity, ...]:
    """Who may get in when nothing is known of how far a run has come: the new login first, then the old one."""
    ports = tuple(dict.fromkeys((int(args.get("ssh_port") or session.port), session.port)))
    admin = args.get("admin_name", "deploy")
    key_file = args.get("admin_key_file") or ""
    new = [Identity(admin, port, key_file) for port in ports] if _changes_user(session, args) else []
    return (*new, *(Identity(session.user, port) for port in ports))


def _changes_user(session: Session, args: Mapping[str, Any]) -> bool:
    is_admin = session.user == args.get("admin_name", "deploy")
    loses_root = session.user == "root" or (session.by_su and not is_admin)
    return session.is_ssh and loses_root and args.get("mode", "apply") == "apply"


def _is_good(result: Mapping[str, Any], check_id: str) -> bool:
    """Root cannot log in any more (SSH-001), nobody becomes root with its password (ACC-004), or sshd listens where it
    was told to (SSH-006).
    """
    findings = result.get("findings", [])
    return any(finding["id"] == check_id and finding["status"] in ("pass", "fixed") for finding in findings)
