from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import sshd_units
from tests.unit.module_utils._checks.worlds import CENTOS, DEBIAN, FREEBSD, ROCKY_8, UBUNTU


@pytest.mark.parametrize(
    ("platform", "name"), [(UBUNTU, "ssh"), (DEBIAN, "ssh"), (CENTOS, "sshd"), (ROCKY_8, "sshd")], ids=str
)
def test_each_family_has_names_of_its_own(platform, name):
    assert (sshd_units.service(platform), sshd_units.socket(platform)) == (f"{name}.service", f"{name}.socket")


def test_freebsd_has_a_service_and_no_socket():
    assert (sshd_units.service(FREEBSD), sshd_units.socket(FREEBSD)) == ("sshd", "")


@pytest.mark.parametrize(
    ("platform", "command", "place"),
    [
        (UBUNTU, "systemctl reload ssh.service", "/etc/default/ssh"),
        (CENTOS, "systemctl reload sshd.service", "/etc/sysconfig/sshd"),
        (FREEBSD, "service sshd reload", "sysrc sshd_flags"),
    ],
    ids=str,
)
def test_each_service_manager_is_told_in_its_own_words(platform, command, place):
    assert " ".join(sshd_units.command(platform, "reload")) == command
    assert place in sshd_units.started_by(platform)
