"""Whom Match lines treat apart, so that sshd can be asked about them."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.match_blocks import Whom, exceptions
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.sshd import Viewpoint
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.worlds import LOGIN, look, prepared, put

GROUP = "getent group staff"


def host(main, **more):
    return FakeHost(
        answers={GROUP: "staff:x:50:ann,bob\n", "getent group gone": CommandResult((), 2, "")},
        files={"/etc/ssh/sshd_config": main, **more.pop("files", {})},
        **more,
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Match User ann", (Whom("ann"),)),
        ("match user ann,!bob,c*", (Whom("ann"), Whom("cx"))),
        ("Match Group staff", (Whom("ann"), Whom("bob"))),
        ("Match Group gone", ()),
        ("Match Address 10.0.0.0/8,203.0.113.5", (Whom("", "10.0.0.0"), Whom("", "203.0.113.5"))),
        ("Match User ann Address 2001:db8::/32", (Whom("ann", "2001:db8::"),)),
        ('Match User "ann"', (Whom("ann"),)),
        ("Match=User ann", (Whom("ann"),)),
        ("Match all", ()),
        ("Match LocalPort 2222", (Whom(port=2222),)),
        ("Match LocalAddress 10.0.0.0/8", (Whom(server="10.0.0.0"),)),
        ("Match User ann LocalPort 22,x", (Whom("ann", port=22),)),
        ("# Match User ann", ()),
        ('Match User "unfinished', ()),
        ("PasswordAuthentication yes", ()),
    ],
)
def test_a_match_line_names_whom_to_ask_about(line, expected):
    assert exceptions(host(f"UsePAM yes\n{line}\n    X11Forwarding no\n")) == expected


def test_included_files_are_read_in_their_place():
    files = {"/etc/ssh/sshd_config.d/50-a.conf": "Match User ann\n", "/etc/ssh/more": "Match User bob\n"}
    directories = {"/etc/ssh/sshd_config.d": ("50-a.conf", "README")}
    main = "Include /etc/ssh/sshd_config.d/*.conf\nInclude more\nMatch User cid\n"
    assert exceptions(host(main, files=files, directories=directories)) == (Whom("ann"), Whom("bob"), Whom("cid"))


def test_a_file_that_includes_itself_ends():
    assert exceptions(host("Include /etc/ssh/sshd_config\nMatch User ann\n")) == (Whom("ann"),)


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("Match Address 10.0.0.0/8", {"user": "root", "address": "10.0.0.0"}),
        ("Match User backup", {"user": "backup", "address": "192.0.2.1"}),
    ],
)
def test_a_door_that_is_open_for_some_is_no_closed_door(line, who):
    world = put(prepared(), files={"/etc/ssh/sshd_config": f"{line}\n    PasswordAuthentication yes\n"})
    everybody = [(user, "10.0.0.0") for user in ("deploy", "root", "no-such-user")] + [("backup", "192.0.2.1")]
    closed = next(answer for name, answer in world.answers.items() if name.startswith("sshd -T -C user=root"))
    for user, address in everybody:
        world.answers[" ".join(Viewpoint(user, address, LOGIN.server).argv)] = closed
    name = " ".join(Viewpoint(server=LOGIN.server, **who).argv)
    world.answers[name] = closed.replace("passwordauthentication no", "passwordauthentication yes")
    found = look("SSH-002", world)
    assert found.status is Status.FAIL
    assert who["user"] in found.observed
    assert who["address"] in found.evidence
