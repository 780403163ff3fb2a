"""A port that sshd cannot move to; the rows about the socket are systemd's words on a host with socket activation."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import ssh_port
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from tests.unit.module_utils._checks.sshd_double import on_port
from tests.unit.module_utils._checks.worlds import (
    CENTOS,
    NO_FIREWALL,
    OTHER_FIREWALL,
    context,
    directory,
    file,
    prepared,
    put,
    raw,
    redhat_units,
    sshd_says,
    units,
)

NGINX = 'tcp LISTEN 0 511 127.0.0.1:2222 0.0.0.0:* users:(("nginx",pid=7,fd=6))\n'
NEIGHBOUR = 'tcp LISTEN 0 511 0.0.0.0:12222 0.0.0.0:* users:(("nginx",pid=7,fd=6))\n'
SSHD = 'tcp LISTEN 0 128 0.0.0.0:2222 0.0.0.0:* users:(("sshd",pid=7,fd=6))\n'
SYSTEMD = 'tcp LISTEN 0 4096 *:2222 *:* users:(("systemd",pid=1,fd=6))\n'
OVERRIDES = "/etc/systemd/system/ssh.socket.d"
GENERATOR = "/usr/lib/systemd/system-generators/sshd-socket-generator"
AT_22 = "Listen=[::]:22 (Stream)\n"


def moved(**more):
    """The host with sshd's file as this run would write it."""
    host = put(prepared(), answers=sshd_says(on_port(raw("prepared/sshd-T.txt"), 2222)))
    return put(host, **more)


def sockets(line):
    return {"answers": {"ss -Hltunp": raw("fresh/ss-Hltunp.txt") + line}}


def socket_activation(listen=AT_22, *, has_generator=False, override=None):
    return {
        "answers": {**units(ssh_socket="enabled active"), "systemctl show -p Listen ssh.socket": listen},
        "stats": {
            **dict.fromkeys(ssh_port.GENERATORS),
            **({GENERATOR: file(0o755)} if has_generator else {}),
            OVERRIDES: directory() if override else None,
        },
        "directories": {OVERRIDES: ("port.conf", "README")} if override else {},
        "files": {f"{OVERRIDES}/port.conf": override} if override else {},
    }


ROWS = [
    ("ufw is opened by this run", {}, {}, []),
    ("the firewall is another's", OTHER_FIREWALL, {}, ["firewall", "2222"]),
    ("the firewall's check is skipped", {}, {"skip": ("FW-001",)}, ["firewall", "2222"]),
    ("no firewall at all", NO_FIREWALL, {"skip": ("FW-001",)}, []),
    ("another program is there", sockets(NGINX), {}, ["another program (nginx)", "2222/tcp"]),
    ("a port that only looks alike", sockets(NEIGHBOUR), {}, []),
    ("sshd is there already", sockets(SSHD), {}, []),
    ("systemd is there for something else", sockets(SYSTEMD), {}, ["another program (systemd)"]),
    (
        "a port inside ListenAddress",
        {"answers": sshd_says("port 2222\nlistenaddress 0.0.0.0:22\n")},
        {},
        ["keep it on port 22", "python_host_ssh_port"],
    ),
    ("a socket with a port of its own", socket_activation(), {}, ["ssh.socket listens on 22", "disable --now"]),
    ("a socket at that port", socket_activation("Listen=0.0.0.0:2222 (Stream)\n"), {}, []),
    (
        "a socket at that port of the loopback",
        socket_activation(AT_22 + "Listen=127.0.0.1:2222 (Stream)\nListen=[::1]:2222 (Stream)\n"),
        {},
        ["ssh.socket listens on 22 whatever"],
    ),
    ("a socket that follows sshd", socket_activation(has_generator=True), {}, []),
    (
        "a socket that somebody has set",
        socket_activation(has_generator=True, override="[Socket]\nListenStream=\nListenStream=22\n"),
        {},
        ["ssh.socket listens on 22"],
    ),
    (
        "a socket with other settings",
        socket_activation(has_generator=True, override="[Socket]\nBacklog=5\n"),
        {},
        [],
    ),
]


@pytest.mark.parametrize(("_case", "part", "options", "words"), ROWS, ids=lambda value: str(value)[:40])
def test_a_port_that_sshd_cannot_have_is_named(_case, part, options, words):
    found = tuple(ssh_port.obstacles(moved(**part), context(ssh_port=2222, **options)))
    assert len(found) == bool(words)
    assert [word for word in words if word not in found[0]] == []


def test_a_firewall_that_lets_in_this_address_alone_is_enough():
    rule = "-A ufw-user-input -s 172.17.0.1/32 -p tcp -m tcp --dport 2222 -j ACCEPT\n"
    host = moved(answers={"iptables -S": raw("prepared/iptables-S.txt") + rule})
    assert tuple(ssh_port.obstacles(host, context(ssh_port=2222, skip=("FW-001",)))) == ()
    other = context(ssh_port=2222, skip=("FW-001",), login=Login("203.0.113.5", 22))
    assert len(tuple(ssh_port.obstacles(host, other))) == 1


def test_without_a_wish_sshd_stays_where_it_is():
    host = prepared()
    assert tuple(ssh_port.obstacles(host, context())) == ()
    assert "ss -Hltn" not in host.asked


@pytest.mark.parametrize(
    ("configured", "login", "is_named"),
    [((2222,), 22, True), ((22, 2222), 22, False), ((2222,), None, False), ((80,), 22, False)],
)
def test_a_port_that_was_changed_and_never_loaded_is_named(configured, login, is_named):
    """On port 80 somebody listens: it may be sshd's, and the login that of another sshd."""
    sockets_now = raw("prepared/ss-Hltn.txt") + "LISTEN 0 511 0.0.0.0:80 0.0.0.0:*\n"
    text = on_port(raw("prepared/sshd-T.txt"), *configured)
    host = put(prepared(), answers={**sshd_says(text), "ss -Hltn": sockets_now})
    found = tuple(ssh_port.obstacles(host, context(login=Login("172.17.0.1", login, "172.17.0.5"))))
    assert len(found) == is_named
    assert not is_named or "python_host_ssh_port to 2222" in found[0]


def test_on_enterprise_linux_the_units_have_other_names():
    answers = {**redhat_units(sshd_socket="enabled active"), "systemctl show -p Listen sshd.socket": AT_22}
    stats = {**dict.fromkeys(ssh_port.GENERATORS), "/etc/systemd/system/sshd.socket.d": None}
    host = put(moved(**NO_FIREWALL), answers=answers, stats=stats)
    (found,) = ssh_port.obstacles(host, context(platform=CENTOS, ssh_port=2222, skip=("FW-001",)))
    assert "sshd.socket listens on 22" in found
    assert "disable --now sshd.socket && systemctl enable --now sshd.service" in found
