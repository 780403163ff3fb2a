"""An Ansible callback: what every task answered, one JSON object a line, in the file that GROUNDWORK_RESULTS names."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record_results
type: notification
short_description: Keep what every task answered
description: Writes a JSON object a line to the file that the environment variable GROUNDWORK_RESULTS names.
"""


class CallbackModule(CallbackBase):
    """Tests read this instead of what Ansible prints for people."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record_results"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any) -> None:
        self._record("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._record("ignored" if ignore_errors else "failed", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._record("skipped", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._record("ignored" if result.task.ignore_unreachable else "unreachable", result)

    def _record(self, outcome: str, result: Any) -> None:
        entry = {
            "host": result.host.get_name(),
            "task": result.task.get_name(),
            "action": result.task.action,
            "outcome": outcome,
            "answer": dict(result.result),
        }
        with open(os.environ["GROUNDWORK_RESULTS"], "a", encoding="utf-8") as stream:
            stream.write(json.dumps(entry, default=str) + "\n")
