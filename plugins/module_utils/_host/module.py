# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The frame that every module's `main()` hangs its one call in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import PythonHostError
from ansible_collections.groundwork.python_host.plugins.module_utils._host.ansible_host import AnsibleHost
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Callable

    Body = Callable[[dict[str, Any], AnsibleHost, Executor], dict[str, Any]]

NEEDS_ROOT = (
    "This module must run as root and runs as user id {uid}. Set `become: true` on the task, the play or the role, "
    "or connect as root. Nothing was changed."
)


def run_module(
    argument_spec: dict[str, Any],
    body: Body,
    *,
    needs_root: bool = False,
    only_reads: bool = False,
    secrets: Callable[[dict[str, Any]], Iterable[str]] | None = None,
    **frame: Any,
) -> None:
    """Parse, call `body(params, host, executor)`, exit with its result, `changed`, `changes` and the diff.

    `changes` is a list of {kind, target, before, after}; `changed` is true when it is not empty. `only_reads` leaves
    those out for a module that has no pen at all. `secrets` finds words in the parameters that Ansible must not show
    (a password inside a URL). A `warnings` list in the result becomes Ansible's own warnings.
    """
    module = AnsibleModule(argument_spec=argument_spec, supports_check_mode=True, **frame)
    module.no_log_values.update(secrets(module.params) if secrets else ())
    _close_standard_input()
    host = AnsibleHost(module)
    executor = Executor(host, None if module.check_mode or only_reads else host)
    if needs_root and host.uid != 0:
        module.fail_json(msg=NEEDS_ROOT.format(uid=host.uid))
    try:
        result = body(module.params, host, executor)
    except PythonHostError as error:
        module.fail_json(msg=str(error), **_record(module, executor))
    for warning in result.pop("warnings", []):
        module.warn(warning)
    module.exit_json(**({"changed": False} if only_reads else _record(module, executor)), **result)


def _close_standard_input() -> None:
    """No program that we start may read what Ansible pipes to this one."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def _record(module: AnsibleModule, executor: Executor) -> dict[str, Any]:
    changes = [change.to_json() for change in executor.changes]
    record: dict[str, Any] = {"changed": bool(changes), "changes": changes}
    if module._diff:
        record["diff"] = executor.diff
    return record
