# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's half of `security_checklist`: the key pair, the confirmation, and how the play goes on."""

from __future__ import annotations

import getpass
import secrets
import shlex
from functools import partial
from typing import Any

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.vars import load_extra_vars

from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.confirmation import Controller
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.fresh import (
    COMMAND,
    Identity,
    answer_in,
)
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.handover import (
    Session,
    handover,
    identities,
    objections,
)
from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.key_pair import KeyPairError, public_half

MODULE = "groundwork.python_host.security_checklist"


class ActionModule(ActionBase):
    """Adds the key pair's public half, refuses what would cut the play off, confirms, and tells how to go on."""

    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The module's own result with `handover`, `confirmed` and, when a key pair was made, that change."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        args = {**self._task.args, "run": secrets.token_hex(8)}
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
        result.update(self._executed(args, session, variables))
        if result.get("failed"):
            return result
        if made:
            result["changed"] = True
            change = {"kind": "key pair", "target": str(made), "before": "absent", "after": "made on the controller"}
            result["changes"] = [change, *result.get("changes", [])]
        return result

    def _executed(self, args: dict[str, Any], session: Session, variables: dict[str, Any]) -> dict[str, Any]:
        """What the module answered, confirmed; the answer of a run whose connection was cut is fetched."""
        controller = Controller(
            self._connection,
            self._play_context,
            variables,
            self._templar.template,
            partial(self._taken_back, args["run"]),
        )
        try:
            result = self._execute_module(module_name=MODULE, module_args=args, task_vars=variables)
        except AnsibleConnectionFailure as error:
            # Only a run that changes something leaves its result on the host.
            if not session.is_ssh or self._task.check_mode or args.get("mode", "apply") != "apply":
                raise
            result = self._fetched(controller, args, session, error)
        if result.get("failed"):
            # One that was killed has no such list, and may have left something that waits.
            return (
                result
                if "changes" in result
                else {**result, "reverted": self._taken_back(args["run"]).get("reverted", False)}
            )
        new = {} if self._task.check_mode else handover(session, self._task.args, result)
        return self._confirmed({**result, "handover": new}, controller, session)

    def _confirmed(self, result: dict[str, Any], controller: Controller, session: Session) -> dict[str, Any]:
        """Log in afresh, as whoever goes on from here, and tell the host to keep what it has waiting."""
        waiting = result.pop("confirm", None)
        result.setdefault("confirmed", "")
        if result.get("changed") and not (session.is_ssh or self._task.check_mode):
            result["confirmed"] = f"skipped: over a {session.transport} connection there is no login to prove"
        if not waiting or result["confirmed"]:
            return result
        new = result["handover"]
        who = Identity(new.get("user", session.user), new.get("port", session.port), new.get("key_file", ""))
        why = controller.confirm(who, waiting["run"], waiting["seconds"])
        if not why:
            return {**result, "confirmed": who.words}
        return {
            **result,
            "failed": True,
            "handover": {},
            "msg": f"A fresh login {who.words} did not confirm the change: {why.rstrip('.')}. So the host has taken "
            "the changes of SSH, firewall, accounts and sudo back (at the latest after "
            f"{waiting['seconds']} s), and the old login works. "
            "Mend the new one (is its private key on this machine?), then run again.",
        }

    def _fetched(
        self, controller: Controller, args: dict[str, Any], session: Session, cut: AnsibleConnectionFailure
    ) -> dict[str, Any]:
        """The result that the host has kept, or what has become of the run."""
        seconds = int(args.get("confirm_timeout", 60))
        answer, who = controller.fetch(identities(session, self._task.args), args["run"], seconds)
        result: dict[str, Any] = answer.get("result", {})
        if who and result and not answer.get("reverted"):
            return {**result, "confirmed": who.words if answer.get("confirmed") else ""}
        if who is None:
            raise AnsibleConnectionFailure(
                f"{cut} No login has worked for {seconds} s since. What is dangerous and was not confirmed the host "
                "takes back by itself."
            )
        return {
            "failed": True,
            "changes": [],
            "msg": f"The connection was cut ({cut}), and {answer.get('why')}. What is dangerous and was not confirmed "
            "the host takes back by itself: run again.",
        }

    def _taken_back(self, run: str) -> dict[str, Any]:
        """What has become of this run, over the play's own connection, which may outlive the login that it came by.

        Shape: {reverted} or {confirmed}, where it was kept after all; empty when that connection is gone.
        """
        answer = self._asked("now", run)
        return self._asked("confirm", run) if answer.get("reverted") is False else answer

    def _asked(self, mode: str, run: str) -> dict[str, Any]:
        command = shlex.join((*COMMAND, mode, run))
        try:
            return answer_in(self._low_level_execute_command(command, sudoable=True).get("stdout", ""))
        except AnsibleError:
            return {}

    def _session(self) -> Session:
        user = self._get_remote_user_name()
        port = self._option("port")
        asked = bool(self._play_context.become_pass)
        by_su = getattr(self._connection.become, "name", "") == "su"
        return Session(
            self._connection.transport, user, int(port) if port else 22, has_become_password=asked, by_su=by_su
        )

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
