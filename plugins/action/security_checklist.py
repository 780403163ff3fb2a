# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's half of `security_checklist`: the key pair, and how the play goes on."""

from __future__ import annotations

import getpass
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.vars import load_extra_vars

from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.handover import (
    Session,
    handover,
    objections,
)
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.key_pair import KeyPairError, public_half

MODULE = "groundwork.python_host.security_checklist"


class ActionModule(ActionBase):
    """Adds the key pair's public half, refuses what would cut the play off, and tells how to go on."""

    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The module's own result with `handover` and, when a key pair was made, that change."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        args = dict(self._task.args)
        session = self._session()
        problems = objections(session, args, extra_vars=load_extra_vars(self._loader), variables=variables)
        if problems:
            return {**result, "failed": True, "msg": f"Nothing was changed. {'; '.join(problems)}"}
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
