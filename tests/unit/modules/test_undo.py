"""The module's glue; what it decides is tested in tests/unit/module_utils/_recovery/test_run_undo.py."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.undo import run_undo
from ansible_collections.groundwork.python_host.plugins.modules import undo

DOCUMENTED = yaml.safe_load(undo.DOCUMENTATION)["options"]


@pytest.mark.parametrize("option", sorted(undo.ARGUMENT_SPEC))
def test_each_option_is_documented_as_it_is(option):
    documented = {key: value for key, value in DOCUMENTED[option].items() if key != "description"}
    specified = {key: value for key, value in undo.ARGUMENT_SPEC[option].items() if key != "no_log"}
    assert documented == specified


def test_each_call_needs_root(monkeypatch):
    calls = []
    monkeypatch.setattr(undo, "run_module", lambda *words, **options: calls.append((words, options)))
    undo.main()
    assert calls == [((undo.ARGUMENT_SPEC, run_undo), {"needs_root": True})]
