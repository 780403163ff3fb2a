from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import port_label, selinux
from tests.unit.module_utils._checks.sshd_double import on_port
from tests.unit.module_utils._checks.worlds import (
    CENTOS,
    check,
    context,
    file,
    look,
    prepared,
    put,
    raw,
    sshd_says,
)
from tests.unit.module_utils._platform.hosts import fixture

LIST = "semanage port -l -n"
BEFORE, AFTER = (fixture(f"selinux/semanage-port-l{name}.txt") for name in ("", "-labelled"))


def host(*ports, listed=BEFORE, has_semanage=True, is_on=True):
    """A kernel with SELinux, and sshd configured for these ports."""
    found = put(prepared(), stats={selinux.ENFORCE: file() if is_on else None}, answers={LIST: listed})
    if has_semanage:
        put(found, programs={"semanage": "/usr/sbin/semanage"})
    return put(found, answers=sshd_says(on_port(raw("prepared/sshd-T.txt"), *ports)))


def test_the_list_is_read_by_label_and_entry():
    listed = dict(port_label.parse(AFTER))
    assert listed["ssh_port_t"] == ("2222", "22")
    assert listed["http_cache_port_t"] == ("3128", "8080", "8118", "10001-10010")
    assert listed["unreserved_port_t"] == ("1024-65535",)


@pytest.mark.parametrize(
    ("found", "wish", "status", "labels"),
    [
        (host(22), None, Status.PASS, []),
        (host(22), 2222, Status.FAIL, ["2222"]),
        (host(2222), 22, Status.PASS, []),
        (host(2200, 2201), None, Status.FAIL, ["2200", "2201"]),
        (host(2222, listed=AFTER), None, Status.PASS, []),
        (host(22, listed=AFTER), 2222, Status.PASS, []),
        (host(8025, listed="ssh_port_t  tcp  8022-8030, 22\n"), None, Status.PASS, []),
        (host(2222, listed="ssh_port_t  udp  2222\nssh_port_t  tcp  22\n"), None, Status.FAIL, ["2222"]),
        # semanage comes with the row's package.
        (host(2222, has_semanage=False), None, Status.FAIL, ["2222"]),
        (host(22, has_semanage=False), None, Status.PASS, []),
        (host(2222, is_on=False), None, Status.NOT_APPLICABLE, []),
    ],
)
def test_each_port_of_sshd_needs_its_label(found, wish, status, labels):
    asked = context(platform=CENTOS, ssh_port=wish)
    finding = look("MAC-002", found, asked)
    assert finding.status is status
    assert all(label in finding.observed for label in labels)
    actions = list(check("MAC-002").remedy(found, asked)) if status is Status.FAIL else []
    assert [" ".join(action.argv) for action in actions] == [
        f"semanage port -a -t ssh_port_t -p tcp {label}" for label in labels
    ]
    assert [action.touches.labelled_port for action in actions] == labels


def test_a_port_of_another_service_is_left_to_it():
    found, asked = host(443, 2200), context(platform=CENTOS)
    finding = look("MAC-002", found, asked)
    assert finding.status is Status.FAIL
    assert "443/tcp for another service (http_port_t)" in finding.remedy
    assert [action.touches.labelled_port for action in check("MAC-002").remedy(found, asked)] == ["2200"]


def test_the_usual_port_costs_no_question():
    found = host(22)
    look("MAC-002", found, context(platform=CENTOS))
    assert LIST not in found.asked


def test_without_sshd_there_is_nothing_to_label():
    found = host(2222)
    found.programs.pop("sshd")
    assert look("MAC-002", found, context(platform=CENTOS)).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("found", "wish", "words"),
    [
        (host(22), None, []),
        (host(22), 22, []),
        (host(22), 2222, []),
        (host(22), 8080, ["8080/tcp for another service (http_cache_port_t)", "semanage port -m -t ssh_port_t"]),
        (host(22, listed=BEFORE + "ssh_port_t  tcp  8080\n"), 8080, []),
        # Inside a range of another's a label of one's own may be added.
        (host(22), 10005, []),
        (host(22, has_semanage=False), 8080, []),
        (host(22, is_on=False), 8080, []),
    ],
)
def test_a_port_of_another_service_is_named_before_sshd_moves_there(found, wish, words):
    obstacles = tuple(port_label.obstacles(found, context(platform=CENTOS, ssh_port=wish)))
    assert len(obstacles) == bool(words)
    assert [word for word in words if word not in obstacles[0]] == []


def test_it_is_labelled_before_sshd_moves_and_waits_for_the_confirmation():
    assert check("MAC-002").may_cut_off
