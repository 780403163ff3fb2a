# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's half of `security_checklist`: the key pair, the confirmation, and how the play goes on."""

from __future__ import annotations

import getpass
import time
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.vars import load_extra_vars

from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.fresh import (
    NotConfirmed,
    confirm,
    fresh_login,
    sudo_of,
)
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.handover import (
    Session,
    handover,
    objections,
)
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.key_pair import KeyPairError, public_half

MODULE = "groundwork.python_host.security_checklist"
# Seconds that the host may need to take everything back, once its time is over.
TAKING_BACK = 5


class ActionModule(ActionBase):
    """Adds the key pair's public half, refuses what would cut the play off, confirms, and tells how to go on."""

    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The module's own result with `handover`, `confirmed` and, when a key pair was made, that change."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        args = dict(self._task.args)
        session = self._session()
        problems = objections(session, args, extra_vars=load_extra_vars(self._loader), variables=variables)
        if problems:
            return {**result, "failed": True, "msg": f"Nothing was changed. {'; '.join(problems)}"}
        if not session.is_ssh:
            args["confirm_timeout"] = 0
        try:
            made = self._add_public_half(args)
        except KeyPairError as error:
            return {**result, "failed": True, "msg": f"Nothing was changed. {error}"}
        result.update(self._execute_module(module_name=MODULE, module_args=args, task_vars=variables))
        if result.get("failed"):
            return result
        result["handover"] = {} if self._task.check_mode else handover(session, self._task.args, result)
        if made:
            result["changed"] = True
            change = {"kind": "key pair", "target": str(made), "before": "absent", "after": "made on the controller"}
            result["changes"] = [change, *result.get("changes", [])]
        return self._confirmed(result, session, variables)

    def _confirmed(self, result: dict[str, Any], session: Session, variables: dict[str, Any]) -> dict[str, Any]:
        """Log in afresh, as whoever goes on from here, and tell the host to keep what it has waiting."""
        waiting = result.pop("confirm", None)
        result["confirmed"] = ""
        if not waiting:
            return result
        new = result["handover"]
        user, port = new.get("user", session.user), new.get("port", session.port)
        identity = {"remote_user": user, "port": port}
        if "key_file" in new:
            identity["private_key_file"] = new["key_file"]
        sudo = None if user == "root" else sudo_of(variables, self._templar.template)
        try:
            confirm(
                lambda: fresh_login(self._connection, self._play_context, waiting["argv"], identity=identity, sudo=sudo)
            )
        except NotConfirmed as error:
            time.sleep(waiting["seconds"] + TAKING_BACK)
            return {
                **result,
                "failed": True,
                "handover": {},
                "msg": f"A fresh login as {user} on port {port} did not work: {error}. So after {waiting['seconds']} s "
                "the host has taken the changes of SSH, firewall and root's password back, and the old login works. "
                "Mend the new one (is its private key on this machine?), then run again.",
            }
        result["confirmed"] = f"as {user} on port {port}"
        return result

    def _session(self) -> Session:
        user = self._get_remote_user_name()
        port = self._option("port")
        asked = bool(self._play_context.become_pass)
        return Session(self._connection.transport, user, int(port) if port else 22, has_become_password=asked)

    def _get_remote_user_name(self) -> str:
        return str(self._option("remote_user") or self._play_context.remote_user or getpass.getuser())

    def _option(self, name: str) -> Any:
        try:
            return self._connection.get_option(name)
        except KeyError:
            return None

    def _add_public_half(self, args: dict[str, Any]) -> str:
        """Exchange `admin_key_file` for the public key in it; returns the path when the pair is new."""
        path = args.pop("admin_key_file", None)
        if not path:
            return ""
        line, is_new = public_half(str(path), may_create=not self._task.check_mode)
        args["admin_authorized_keys"] = [*(args.get("admin_authorized_keys") or []), line]
        return str(path) if is_new else ""
