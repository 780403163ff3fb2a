# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's half of python_runtime: it reads the requirements file, which the host cannot see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleError, AnsibleFileNotFound
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._python.request import problems_of
from ansible_collections.groundwork.python_host.plugins.modules.python_runtime import ARGUMENT_SPEC

if TYPE_CHECKING:
    from collections.abc import Mapping


class ActionModule(ActionBase):
    """Hands the file's lines to the module as `requirements`, and everything else as it is."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        variables = task_vars or {}
        arguments = dict(self._task.args)
        # With both given the module refuses the call, and needs neither file nor text for that.
        if arguments.get("requirements_file") and not arguments.get("requirements") and not _is_remote(arguments):
            name = arguments.pop("requirements_file")
            try:
                arguments["requirements"] = self._entries(str(name), variables)
            except AnsibleError as error:
                return {"failed": True, "changed": False, "msg": _message(str(name), error, arguments)}
        result: dict[str, Any] = self._execute_module(module_args=arguments, task_vars=variables)
        return result

    def _entries(self, name: str, variables: Mapping[str, Any]) -> list[str]:
        beside_inventory = [directory for directory in [variables.get("inventory_dir")] if directory]
        places = [*self._task.get_search_path(), *beside_inventory]
        text = self._loader.get_text_file_contents(self._loader.path_dwim_relative_stack(places, "files", name))
        return [str(text)] if text.strip() else []


def _is_remote(arguments: Mapping[str, Any]) -> bool:
    return bool(boolean(arguments.get("remote_src", False), strict=False))


def _message(name: str, error: AnsibleError, arguments: Mapping[str, Any]) -> str:
    """The file's problem together with all others that can be told without the host."""
    if isinstance(error, AnsibleFileNotFound):
        places = ", ".join(error.paths or [name])
        problem = f"requirements_file: {name} is not on the controller, looked for at {places}"
    else:
        problem = f"requirements_file: {name} cannot be read on the controller: {error}"
    checked = ArgumentSpecValidator(ARGUMENT_SPEC).validate(dict(arguments))
    others = checked.error_messages or problems_of(checked.validated_parameters)
    return str(BadInput([problem, *others]))
