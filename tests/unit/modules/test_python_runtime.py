"""The module's glue with the real package session; what it decides is tested in tests/unit/module_utils/_python."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_words import INSTALLED_FORMAT
from ansible_collections.groundwork.python_host.plugins.module_utils._python.runtime import run
from ansible_collections.groundwork.python_host.plugins.modules import python_runtime
from tests.unit.module_utils._python import worlds

INSTALLED = "".join(
    f"install ok installed\t{name}\tamd64\t{version}\t\n"
    for name, version in (("dpkg", "1.21"), ("python3", "3.11.2-1+b1"), ("python3-venv", "3.11.2-1+b1"))
)
OS_RELEASE = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'


def prepared():
    """A host on which everything is there already."""
    host = worlds.host()
    host.files["/etc/os-release"] = OS_RELEASE
    host.directories["/run/systemd/system"] = ()
    for path in ("/run/systemd/container", "/.dockerenv", "/run/.containerenv"):
        host.files[path] = None
    host.files["/proc/1/environ"] = ""
    host.answers[f"dpkg-query -W -f {INSTALLED_FORMAT}"] = INSTALLED
    worlds.add_release(host, worlds.digest("flask==3.0.3"), is_current=True)
    return host


def test_the_answer_has_the_documented_keys():
    host = prepared()
    executor = Executor(host, host)
    answer = run(worlds.params(requirements=["flask==3.0.3"]), host, executor)
    shown = {"interpreter", "version", "venv", "release", "previous", "distributions", "compiled", "plan"}
    assert set(answer) == {*shown, "warnings"}
    assert executor.changes == ()
    assert host.performed == []


def test_bad_parameters_are_refused_before_the_host_is_asked():
    host = worlds.host()
    with pytest.raises(BadInput):
        run(worlds.params(version=3.1), host, Executor(host, host))
    assert host.asked == []


def test_the_tests_use_the_modules_own_defaults():
    assert {name: spec.get("default") for name, spec in python_runtime.ARGUMENT_SPEC.items()} == worlds.params()
