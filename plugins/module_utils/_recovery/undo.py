# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of the module `undo`: the program on the host does it, and is told what for."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import current_login
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.installation import COMMAND, RESULT
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.recovery import Recovery, new_token
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.scheduler import service_manager

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# Whoever logs in may be a directory service's: user@example.org, EXAMPLE\\user.
USER_NAME = re.compile(r"[^\s:/-][^\s:/]{0,255}")
# It names a file on the host.
RUN_NAME = re.compile(r"[A-Za-z0-9]{0,64}")


def run_undo(params: Mapping[str, Any], host: HostReader, executor: Executor) -> dict[str, Any]:
    """Shape: {left: [sentence], confirm: {run, seconds} while something waits}.

    Raises BadInput or Refused before any change.
    """
    problems = tuple(_problems(params))
    if problems:
        raise BadInput(problems)
    if host.stat(COMMAND) is None:
        return {"left": ["Nothing is known here of a run of this collection."], "is_known": False}
    _refuse_to_saw_off_the_branch(params["login_user"], host)
    manager = service_manager(host.which)
    recovery = Recovery(
        params["confirm_timeout"] if current_login(host).address and manager else 0,
        run=params["run"] or new_token(),
        service_manager=manager,
    )
    answer = (
        _foretold(host, params["part"]) if executor.is_check_mode else _done(params["part"], recovery, host, executor)
    )
    executor.tell(Change(**change) for change in answer["undone"])
    waits = params["part"] == "doors" and recovery.is_wanted and answer["undone"] and not executor.is_check_mode
    return {"left": answer["left"], **({"confirm": recovery.to_json()} if waits else {})}


def _problems(params: Mapping[str, Any]) -> Iterator[str]:
    if not USER_NAME.fullmatch(params["login_user"]):
        yield f"login_user is {params['login_user']!r}: expected the name of an account, such as 'root'"
    if not 1 <= params["login_port"] <= 65535:
        yield f"login_port is {params['login_port']}: expected a port from 1 to 65535"
    if params["confirm_timeout"] and not 5 <= params["confirm_timeout"] <= 3600:
        yield f"confirm_timeout is {params['confirm_timeout']}: expected 5 to 3600 seconds, or 0 to do without"
    if not RUN_NAME.fullmatch(params["run"] or ""):
        yield f"run is {params['run']!r}: expected at most 64 letters and digits"


def _refuse_to_saw_off_the_branch(user: str, host: HostReader) -> None:
    """The account that a run has made goes; whoever logs in with it would never come back."""
    gone = [change for change in _foretold(host, "rest")["undone"] if change["after"] == "absent"]
    if user in [change["target"] for change in gone if change["kind"] == "account"]:
        raise Refused(
            f"The account {user} was made by this collection and would be removed, and you would log in as {user} "
            "afterwards. Say in python_host_undo_user who logged in before the first run (root, ubuntu …). Nothing was "
            "changed."
        )


def _foretold(host: HostReader, part: str) -> dict[str, Any]:
    return _parsed(host.query(("sh", COMMAND, "undo", "--check", part), timeout=120).stdout)


def _done(part: str, recovery: Recovery, host: HostReader, executor: Executor) -> dict[str, Any]:
    """The timer runs before the first door is opened; without one there is nobody to wait for."""
    executor.prepare((Command(("sh", COMMAND, "now")),))
    if part == "doors":
        recovery.start_timer(executor)
    executor.prepare((Command(("sh", COMMAND, "undo", part, recovery.run), timeout=1800),))
    if part == "doors" and not recovery.is_wanted:
        executor.prepare((Command(("sh", COMMAND, "confirm", recovery.run)),))
    elif part == "doors":
        recovery.start_again(executor)
    answer = _parsed(host.read_text(RESULT) or "{}")
    return dict(answer["result"])


def _parsed(text: str) -> dict[str, Any]:
    return dict(json.loads(text))
