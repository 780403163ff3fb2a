"""Our lines in the file of FreeBSD's sshd, which reads no directory of drop-ins unless somebody has it do so."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.files import FILES, compose
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import WriteBlock, WriteFile
from ansible_collections.groundwork.python_host.plugins.module_utils._host.blocks import BEGIN, rendered, replaced
from tests.unit.module_utils._checks.freebsd_worlds import (
    MAIN,
    RELEASES,
    SSHD_CONFIG,
    fresh,
    on_freebsd,
    prepared,
    services,
)
from tests.unit.module_utils._checks.worlds import SSHD_FILE, put

DROP_INS = "/etc/ssh/sshd_config.d"
SSHD = [row for row in CHECKS if row.check_id.startswith("SSH-")]
CLOSED = """\
KbdInteractiveAuthentication no
PasswordAuthentication no
PermitEmptyPasswords no
PermitRootLogin no
PubkeyAuthentication yes
"""


def actions(host, **options):
    put(host, files=dict.fromkeys(file.path for file in FILES.values()))
    return compose(host, on_freebsd(**options), SSHD, withheld=())["sshd"]


@pytest.mark.parametrize("platform", RELEASES)
def test_both_doors_to_a_password_are_closed_at_the_top_of_the_file(platform):
    """Without the second line PAM would still ask for a password (UsePAM yes, KbdInteractiveAuthentication yes)."""
    host = fresh(platform)
    (block,) = actions(host, platform=platform)
    assert isinstance(block, WriteBlock)
    assert (block.path, block.lines, block.is_last) == (MAIN, CLOSED, False)
    assert replaced(SSHD_CONFIG, rendered(block.lines)).startswith(BEGIN)
    assert block.validate == ("sshd", "-t", "-f", "{candidate}")


@pytest.mark.parametrize(
    ("state", "commands"),
    [
        ("enabled running", ["service sshd reload"]),
        ("disabled running", ["service sshd onereload"]),
        ("enabled stopped", []),
    ],
)
def test_the_daemon_reads_it_again_where_it_runs(state, commands):
    (block,) = actions(put(fresh(), answers=services(sshd=state)))
    assert [" ".join(command.argv) for command in block.then] == commands


@pytest.mark.parametrize(
    ("state", "command"),
    [("enabled running", "service sshd restart"), ("disabled running", "service sshd onerestart")],
)
def test_a_daemon_that_ended_over_it_is_started_again(state, command):
    (block,) = actions(put(fresh(), answers=services(sshd=state)))
    assert [" ".join(one.again) for one in block.then] == [command]


def test_a_port_needs_no_more_than_that():
    (block,) = actions(fresh(), ssh_port=2222)
    assert "Port 2222\n" in block.lines
    assert [" ".join(command.argv) for command in block.then] == ["service sshd reload"]


def test_a_file_of_our_own_is_written_where_an_administrator_has_sshd_read_it():
    host = put(prepared(), files={MAIN: f"Include {DROP_INS}/*.conf\n{SSHD_CONFIG}"})
    put(host, directories={DROP_INS: ()}, stats={SSHD_FILE: None})
    (written,) = actions(host)
    assert isinstance(written, WriteFile)
    assert (written.path, written.content.partition("\n")[2]) == (SSHD_FILE, CLOSED)
