from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import services
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.services import UNITS
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable
from tests.unit.module_utils._checks.worlds import SHOW_REDHAT_UNITS, SHOW_UNITS, prepared, put, raw, units
from tests.unit.module_utils._platform.hosts import fixture


def test_systemd_answers_for_all_units_in_the_order_asked_for():
    states = services.parse(raw("prepared/systemctl-show.txt"))
    assert set(states) == set(services.UNITS)
    assert (states["fail2ban.service"].is_enabled, states["fail2ban.service"].is_active) == (True, True)
    assert states["ssh.socket"] == services.Unit(is_enabled=False, is_active=False)


def test_a_unit_that_systemd_does_not_know_is_neither():
    states = services.parse(raw("fresh/systemctl-show.txt"))
    assert states["fail2ban.service"] == services.Unit(is_enabled=False, is_active=False)
    assert states["apt-daily.timer"] == services.Unit(is_enabled=True, is_active=True)


@pytest.mark.parametrize(("asked", "name"), [(SHOW_UNITS, "ssh.service"), (SHOW_REDHAT_UNITS, "dnf-automatic.timer")])
def test_in_a_chroot_systemd_tells_nothing(asked, name):
    with pytest.raises(Unreadable, match="chroot"):
        services.unit(put(prepared(), answers={asked: ""}), name)


def test_a_command_gets_the_variables_of_all_its_files():
    """As Enterprise Linux 8 has it: the crypto policy in one file, and what an administrator wants in another."""
    policy, own = "/etc/crypto-policies/back-ends/opensshserver.config", "/etc/sysconfig/sshd"
    text = fixture("rocky-8-standin/systemctl-show-sshd.txt")
    host = put(
        prepared(),
        answers={SHOW_UNITS: "\n".join(text if name == "sshd.service" else "ActiveState=inactive\n" for name in UNITS)},
    )
    put(host, files={policy: fixture("rocky-8-standin/opensshserver.config"), own: "OPTIONS=-4\n"})
    words = services.started_words(host, "sshd.service")
    assert words[:3] == ("/usr/sbin/sshd", "-D", "-4")
    assert [word.partition("=")[0] for word in words[3:]] == ["-oCiphers", "-oMACs", "-oKexAlgorithms"]


@pytest.mark.parametrize(
    ("state", "before"),
    [
        ("enabled active", None),
        ("static active", None),
        ("enabled inactive", "enabled, inactive"),
        ("disabled active", "disabled, active"),
        ("disabled failed", "disabled, inactive"),
        ("masked failed", None),
        ("masked-runtime inactive", None),
        (" inactive", "disabled, inactive"),
    ],
)
def test_one_command_mends_both(state, before):
    host = put(prepared(), answers=units(fail2ban_service=state))
    found = [command.change.before for command in services.enable_and_start(host, "fail2ban.service")]
    assert found == ([before] if before else [])
    assert host.asked == [SHOW_UNITS]


def starting(command, *, files=(), environment=""):
    """systemd's answer with what ssh.service starts."""
    lines = [f"ExecStart={{ path=/x ; argv[]={command} ; ignore_errors=no ; pid=0 }}", f"Environment={environment}"]
    lines += [f"EnvironmentFiles={path} (ignore_errors=yes)" for path in files]
    blocks = ["\n".join(lines if name == "ssh.service" else ["ActiveState=inactive"]) for name in services.UNITS]
    return {SHOW_UNITS: "\n\n".join(blocks)}


@pytest.mark.parametrize(
    ("command", "text", "environment", "words"),
    [
        ("/usr/sbin/sshd -D $SSHD_OPTS", "SSHD_OPTS=\n", "", "/usr/sbin/sshd -D"),
        ("/usr/sbin/sshd -D $SSHD_OPTS", 'A=1\nSSHD_OPTS="-p 22 -4"\n', "", "/usr/sbin/sshd -D -p 22 -4"),
        ("/usr/sbin/sshd -D ${SSHD_OPTS}", "SSHD_OPTS=-p 22\n", "", "/usr/sbin/sshd -D -p 22"),
        ("/usr/sbin/sshd -D $SSHD_OPTS", "# SSHD_OPTS=-4\n", "SSHD_OPTS=-6", "/usr/sbin/sshd -D -6"),
        ("/usr/sbin/sshd -D $SSHD_OPTS", "SSHD_OPTS=-4\n", "SSHD_OPTS=-6", "/usr/sbin/sshd -D -4"),
        ("/usr/sbin/sshd -D $SSHD_OPTS", 'SSHD_OPTS="-o unfinished\n', "", '/usr/sbin/sshd -D "-o unfinished'),
        ("/usr/sbin/sshd -D $NOTHING", None, "", "/usr/sbin/sshd -D"),
    ],
)
def test_a_service_starts_with_the_variables_of_its_unit(command, text, environment, words):
    answers = starting(command, files=["/etc/default/ssh"], environment=environment)
    host = put(prepared(), answers=answers, files={"/etc/default/ssh": text})
    assert " ".join(services.started_words(host, "ssh.service")) == words


def test_a_unit_that_is_unknown_starts_nothing():
    assert services.started_words(prepared(), "firewalld.service") == ()
