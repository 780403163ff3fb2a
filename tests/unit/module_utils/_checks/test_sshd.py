from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import sshd
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandMissing
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from tests.unit.module_utils._checks.worlds import (
    CENTOS,
    UBUNTU,
    context,
    failed,
    fresh,
    prepared,
    put,
    raw,
    sshd_says,
)


def test_the_answer_of_sshd_is_read_by_keyword():
    values = sshd.parse(raw("fresh/sshd-T.txt"))
    assert values["port"] == ("22",)
    assert values["passwordauthentication"] == ("yes",)
    assert values["listenaddress"] == ("[::]:22", "0.0.0.0:22")
    assert values["authorizedkeysfile"] == (".ssh/authorized_keys .ssh/authorized_keys2",)


def test_the_words_of_a_list_are_taken_from_all_its_lines():
    view = sshd.Effective(sshd.Viewpoint("deploy"), sshd.parse(raw("match/allowed-with-host.txt")))
    assert view.all("allowusers") == ("deploy@10.0.0.0/8", "root")
    assert (view.all("denyusers"), view.one("denyusers")) == ((), "")


def test_sshd_is_asked_with_the_directory_that_it_insists_on():
    asked = []

    class Host:
        def query(self, argv, **words):
            asked.append(words["runtime_directory"])
            return prepared().query(argv)

        def read_text(self, path):
            return prepared().read_text(path)

        def which(self, name):
            return prepared().which(name)

    for platform in (UBUNTU, CENTOS):
        sshd.effective(Host(), sshd.viewpoint(context(platform=platform), "root"))
    assert asked == ["/run/sshd", None]


def test_the_administrator_root_and_a_stranger_are_asked_about_from_here_and_elsewhere():
    views = sshd.viewpoints(context(login=Login("203.0.113.5", 2222, "198.51.100.2")))
    assert {(view.server, view.port) for view in views} == {("198.51.100.2", 2222)}
    assert tuple((view.user, view.address) for view in views) == (
        ("deploy", "203.0.113.5"),
        ("deploy", "192.0.2.1"),
        ("root", "203.0.113.5"),
        ("root", "192.0.2.1"),
        ("no-such-user", "203.0.113.5"),
        ("no-such-user", "192.0.2.1"),
    )


@pytest.mark.parametrize(
    ("answers", "wanted", "ports"),
    [
        ({}, None, (22,)),
        ({}, 2222, (2222,)),
        (sshd_says("port 22\nport 443\n"), None, (22, 443)),
        (sshd_says("port 22\nlistenaddress [::]:2200\nlistenaddress 0.0.0.0:2200\n"), None, (2200,)),
        (sshd_says(CommandMissing("sshd")), None, (22,)),
        (sshd_says(failed(255)), None, (22,)),
        (sshd_says("usepam yes\n"), None, (22,)),
    ],
)
def test_the_ports_that_last_are_the_wanted_or_the_configured_ones(answers, wanted, ports):
    assert sshd.lasting_ports(put(fresh(), answers=answers), context(ssh_port=wanted)) == ports
