"""The module's glue; what it decides is tested in tests/unit/module_utils/_packages."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import State, Upgrade
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.names import LOGICAL
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.installation import DIRECTORY
from ansible_collections.groundwork.python_host.plugins.modules import packages

DOCUMENTED = yaml.safe_load(packages.DOCUMENTATION)["options"]


@pytest.mark.parametrize("option", sorted(packages.ARGUMENT_SPEC))
def test_each_option_is_documented_as_it_is(option):
    documented = {key: value for key, value in DOCUMENTED[option].items() if key != "description"}
    assert documented == packages.ARGUMENT_SPEC[option]


def test_the_choices_are_those_of_the_code():
    assert packages.ARGUMENT_SPEC["state"]["choices"] == [state.value for state in State]
    assert packages.ARGUMENT_SPEC["upgrade"]["choices"] == [upgrade.value for upgrade in Upgrade]


@pytest.mark.parametrize("name", sorted(LOGICAL))
def test_each_logical_name_is_documented(name):
    assert f"V({name})" in " ".join(DOCUMENTED["name"]["description"])


def test_each_call_needs_root_and_keeps_a_journal(monkeypatch):
    calls, runs = [], []
    monkeypatch.setattr(packages, "run_module", lambda *words, **options: calls.append((words, options)))
    monkeypatch.setattr(packages, "run", lambda *words, **options: runs.append((words, options)))
    packages.main()
    (((specification, body), options),) = calls
    body("params", "host", "executor")
    assert (specification, options) == (packages.ARGUMENT_SPEC, {"needs_root": True})
    assert runs == [(("params", "host", "executor"), {"journal_in": DIRECTORY})]
