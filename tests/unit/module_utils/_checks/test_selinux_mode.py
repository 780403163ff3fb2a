from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import selinux, selinux_mode
from tests.unit.module_utils._checks.centos_worlds import on_centos, prepared_centos, seen
from tests.unit.module_utils._checks.worlds import CENTOS, FREEBSD, check, context, look, prepared, put

# Shaped as selinux-policy ships it.
TEXT = (
    "# This file controls the state of SELinux on the system.\n# SELINUX= can take one of:\nSELINUX={}\nSELINUXTYPE=x\n"
)


def having(enforce, mode):
    return {selinux.ENFORCE: enforce, selinux_mode.CONFIGURATION: TEXT.format(mode) if mode else None}


@pytest.mark.parametrize(
    ("files", "status", "observed"),
    [
        (having("1", "enforcing"), Status.PASS, "enforcing"),
        (having("0", "enforcing"), Status.FAIL, "permissive now, enforcing after a boot"),
        (having("1", "permissive"), Status.FAIL, "enforcing now, permissive after a boot"),
        (having("0", "permissive"), Status.FAIL, "permissive"),
        (having("1", "permissive\nSELINUX=enforcing"), Status.FAIL, "enforcing now, permissive after a boot"),
        (having("1", "perhaps\nSELINUX= Enforcing"), Status.PASS, "enforcing"),
        (having(None, "disabled"), Status.FAIL, "disabled"),
        (having(None, "enforcing"), Status.FAIL, "disabled now, enforcing after a boot"),
        (having("1", ""), Status.PASS, "enforcing"),
        (having(None, ""), Status.NOT_APPLICABLE, "this kernel has no SELinux, and none is installed"),
    ],
)
def test_the_kernel_and_the_next_boot_are_judged(files, status, observed):
    host = put(prepared_centos(), files=files)
    del host.stats[selinux.ENFORCE]
    found = seen("MAC-001", host)
    assert (found.status, found.observed) == (status, observed)


def test_it_is_told_how_and_never_done():
    host = put(prepared_centos(), files=having(None, "disabled"))
    assert "/.autorelabel" in seen("MAC-001", host).remedy
    assert tuple(check("MAC-001").remedy(host, on_centos())) == ()


def test_a_container_has_its_hosts():
    found = look("MAC-001", prepared_centos(), context(platform=replace(CENTOS, container="docker")))
    assert (found.status, "docker" in found.observed) == (Status.NOT_APPLICABLE, True)


@pytest.mark.parametrize("asked", [context(), context(platform=FREEBSD)])
def test_other_families_confine_in_another_way(asked):
    assert look("MAC-001", prepared(), asked).status is Status.NOT_APPLICABLE
