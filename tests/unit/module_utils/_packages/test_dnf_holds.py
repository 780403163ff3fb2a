from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_holds import (
    held_names,
    parse_held,
    private_configuration,
)
from tests.unit.module_utils._packages.dnf_hosts import dnf_host, text

VERSIONS = {"app": "1:2.0-1.el9", "demo": "1.0-1.el9", "python3.11": "3.11.9-1.el9", "a-b-c": "1-1"}
WITH_PLUGIN = InstalledPackages(VERSIONS, {"dnf-command(versionlock)": "python3-dnf-plugin-versionlock"})
CONFIGURATION = "[main]\nenabled = 1\nlocklist = /etc/dnf/plugins/versionlock.list\n"
LIST = "# a comment\napp-1:2.0-1.el9.*\n\ndemo-0:1.0-1.el9.*  # mine\n!a-b-c-1-1.*\n"


def host(configuration=CONFIGURATION, held=LIST):
    found = dnf_host(
        files={
            "/etc/dnf/plugins/versionlock.conf": configuration,
            "/etc/dnf/plugins/versionlock.list": held,
            "/etc/dnf/plugins/copr.conf": "[main]\n",
        }
    )
    found.directories["/etc/dnf/plugins"] = ("copr.conf", "copr.d", "versionlock.conf", "versionlock.list")
    return found


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        (text("versionlock.list"), "app"),
        ("demo-0:1.0-1.el9.*", "demo"),
        ("demo", "demo"),
        ("demo-1.0*", "demo"),
        ("python3.11-0:3.11.9-1.el9.*", "python3.11"),
        ("a-b-c-0:1-1.*", "a-b-c"),
    ],
)
def test_an_entry_names_its_package(entry, name):
    assert parse_held(entry, VERSIONS) == {name}


@pytest.mark.parametrize("entry", ["", "# app", "!app-1:2.0-1.el9.*", "nothere-0:1.0-1.*"])
def test_what_holds_nothing_that_is_installed_is_no_hold(entry):
    assert parse_held(entry, VERSIONS) == frozenset()


def test_the_host_s_list_is_read_where_the_plugin_heeds_it():
    assert held_names(host(), WITH_PLUGIN) == {"app", "demo"}


@pytest.mark.parametrize("configuration", [None, "", "broken", "[main]\nenabled = 0\nlocklist = /x\n"])
def test_a_plugin_that_is_switched_off_holds_nothing(configuration):
    assert held_names(host(configuration), WITH_PLUGIN) == frozenset()


def test_a_list_without_the_plugin_holds_nothing():
    assert held_names(host(), InstalledPackages(VERSIONS)) == frozenset()


def test_a_list_that_is_not_there_holds_nothing():
    assert held_names(host(held=None), WITH_PLUGIN) == frozenset()


def test_a_simulation_sees_the_list_without_what_is_let_go():
    found = host()
    assert private_configuration(found, ["app"], VERSIONS) == "/scratch/dnf/plugins"
    assert found.files["/scratch/dnf/plugins/versionlock.list"] == "demo-0:1.0-1.el9.*\n"
    assert "locklist = /scratch/dnf/plugins/versionlock.list" in found.files["/scratch/dnf/plugins/versionlock.conf"]
    assert found.files["/scratch/dnf/plugins/copr.conf"] == "[main]\n"
    assert found.performed == []
