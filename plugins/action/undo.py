# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's half of `undo`: the login from before the first run, proven before the play goes on with it."""

from __future__ import annotations

import secrets
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.confirmation import Controller
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.fresh import Identity
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.handover import SSH_TRANSPORTS

MODULE = "groundwork.python_host.undo"


class ActionModule(ActionBase):
    """Confirms opened doors over a fresh login."""

    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The module's own result with `confirmed`."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        # The private key stays here.
        asked = {name: value for name, value in self._task.args.items() if name != "login_key_file"}
        args = {**asked, "run": secrets.token_hex(8)}
        is_ssh = self._connection.transport.rpartition(".")[2] in SSH_TRANSPORTS
        if not is_ssh:
            args["confirm_timeout"] = 0
        result.update(self._execute_module(module_name=MODULE, module_args=args, task_vars=task_vars))
        waiting = result.pop("confirm", None)
        result["confirmed"] = ""
        if (
            result.get("failed")
            or not result.pop("is_known", True)
            or not is_ssh
            or self._task.check_mode
            or args["part"] != "doors"
        ):
            return result
        who = Identity(
            args["login_user"], int(args.get("login_port") or 22), self._task.args.get("login_key_file") or ""
        )
        controller = Controller(
            self._connection, self._play_context, task_vars or {}, self._templar.template, take_back=dict
        )
        why = controller.prove(who, waiting)
        if why:
            closed = " So the host has closed again what was opened." if waiting else ""
            advice = "Say in python_host_undo_user who logged in before the first run."
            return {**result, "failed": True, "msg": f"A fresh login {who.words} did not work: {why}.{closed} {advice}"}
        return {**result, "confirmed": who.words}
