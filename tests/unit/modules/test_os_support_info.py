"""The module's glue; what it decides is tested in tests/unit/module_utils/_platform."""

from __future__ import annotations

import sys

from ansible_collections.groundwork.python_host.plugins.modules.os_support_info import ARGUMENT_SPEC, report
from tests.unit.module_utils._platform.hosts import host_of


def test_the_answer_has_the_documented_keys_and_names_this_interpreter():
    answer = report({name: option["default"] for name, option in ARGUMENT_SPEC.items()}, host_of("debian-13"), None)
    assert set(answer) == {"os", "python", "service_manager", "container", "warnings"}
    assert answer["python"]["executable"] == sys.executable


def test_what_there_is_to_know_becomes_a_warning():
    answer = report(
        {"warn_days": 180, "require_production": False, "require_family": []}, host_of("freebsd-13.5"), None
    )
    assert answer["warnings"] == ["FreeBSD 13.5-RELEASE-p5 has had no security fixes since 2026-04-30."]
