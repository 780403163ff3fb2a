# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.groundwork.python_host.plugins.plugin_utils._report.files import differs, report_path, write
from ansible_collections.groundwork.python_host.plugins.plugin_utils._report.model import read_report
from ansible_collections.groundwork.python_host.plugins.plugin_utils._report.text import render, summary_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.groundwork.python_host.plugins.plugin_utils._report.model import Report

ARGUMENT_SPEC = {
    "result": {"type": "dict"},
    "dest": {"type": "path"},
    "formats": {"type": "list", "elements": "str", "choices": ["text"], "default": ["text"]},
    "note": {"type": "list", "elements": "str", "default": []},
    "host_image": {"type": "str", "default": ""},
    "show": {"type": "bool", "default": True},
}

NO_RESULT = (
    "There is nothing to report on {host}: neither the option `result` nor the variable `python_host_result` is set. "
    "Run a role or a module of this collection on the host first, in the same run of ansible-playbook."
)


class ActionModule(ActionBase):
    """Writes the report on the controller; the host is not contacted."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        _validation, options = self.validate_argument_spec(argument_spec=ARGUMENT_SPEC)
        report = self._read(options, task_vars or {})
        text = render(report)
        if options["show"]:
            self._display.display(text)
        files = [self._save(options["dest"], report.host, text)] if options["dest"] else []
        return {
            "changed": any(is_new for _path, is_new in files),
            "files": [path for path, _is_new in files],
            "summary": {"line": summary_line(report), "counts": dict(report.summary or {}), "score": report.score},
            "text": text,
        }

    def _read(self, options: Mapping[str, Any], task_vars: Mapping[str, Any]) -> Report:
        host = str(task_vars.get("inventory_hostname", "localhost"))
        result = options["result"] or self._templar.template(task_vars.get("python_host_result"))
        if not result:
            raise AnsibleActionFail(NO_RESULT.format(host=host))
        return read_report(
            result,
            host=host,
            notes=options["note"],
            host_image=options["host_image"],
            is_check_mode=self._task.check_mode,
        )

    def _save(self, directory: str, host: str, text: str) -> tuple[str, bool]:
        """The file's path, and whether it is new or says something new."""
        path = report_path(self._loader.path_dwim(directory), host=host, file_format="text")
        try:
            is_new = differs(path, text)
            if is_new and not self._task.check_mode:
                write(path, text)
        except OSError as error:
            raise AnsibleActionFail(f"The report cannot be written to {path} on the controller: {error}") from error
        return str(path), is_new
