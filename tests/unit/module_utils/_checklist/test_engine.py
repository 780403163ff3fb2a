from __future__ import annotations

from datetime import date

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.engine import Engine
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Waiver
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.sshd import Viewpoint
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    Refused,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession
from tests.unit.module_utils._checklist.runs import NEW_PACKAGES, Run, becomes, close_as_told, fresh_with_effects
from tests.unit.module_utils._checks.sshd_double import with_lines
from tests.unit.module_utils._checks.worlds import (
    AUTHORIZED_KEYS,
    FREEBSD,
    KEY_LINE,
    NO_SUDO,
    SSHD_FILE,
    SSHD_OPEN,
    SUDOERS_FILE,
    check,
    context,
    failed,
    prepared,
    put,
    raw,
    sshd_says,
)

DOORS = ("SSH-001", "SSH-002")
OTHERS = ("ACC-001", "ACC-002", "ACC-003", "UPD-001", "UPD-002", "BAN-001", "BAN-002", "FW-001")


def test_check_mode_foretells_the_run_and_writes_nothing():
    foretold = Run(fresh_with_effects(), context(), check_mode=True)
    assert foretold.written == []
    assert foretold.ids(Status.WOULD_FIX) == (*OTHERS, *DOORS)
    assert foretold.ids(Status.FAIL) == ()

    real = Run(fresh_with_effects(), context())
    assert real.ids(Status.FIXED) == foretold.ids(Status.WOULD_FIX)
    assert real.changes == foretold.changes
    assert real.outcome.packages.to_json() == foretold.outcome.packages.to_json()
    assert real.outcome.open_doors == ()


def test_the_second_run_changes_nothing():
    host = fresh_with_effects()
    Run(host, context())
    again = Run(host, context())
    assert (again.written, again.changes) == ([], [])
    assert set(again.status.values()) == {Status.PASS, Status.NOT_APPLICABLE}


# No test host has SELinux, and the audit of packages is FreeBSD's.
ELSEWHERE = ("MAC-", "UPD-003", "UPD-004")


def test_an_audit_changes_nothing_and_predicts_nothing():
    host = fresh_with_effects()
    outcome = Engine(host, context(), CHECKS).audit()
    assert host.performed == []
    found = {finding.status for finding in outcome.findings if not finding.check_id.startswith(ELSEWHERE)}
    assert found == {Status.PASS, Status.FAIL}
    assert outcome.packages.changes == ()


def test_packages_come_first_then_the_ways_in_and_the_doors_last():
    written = Run(fresh_with_effects(), context()).written
    order = [
        next(number for number, line in enumerate(written) if words in line)
        for words in ("apt-get", "useradd", AUTHORIZED_KEYS, SUDOERS_FILE, "ufw allow", "ufw --force enable", SSHD_FILE)
    ]
    assert order == sorted(order)


def test_one_transaction_brings_all_packages():
    run = Run(fresh_with_effects(), context())
    assert len([line for line in run.written if "apt-get" in line]) == 1
    assert {change["name"] for change in run.outcome.packages.to_json()} == set(NEW_PACKAGES)


# --- doors


def open_doors(**part):
    """A host with doors to close and the administrator's way in as the part has it."""
    host = put(put(prepared(), **SSHD_OPEN), **part)
    host.effects = {SSHD_FILE: close_as_told}
    return host


def test_without_a_key_every_door_stays_open_and_the_finding_says_why():
    host = fresh_with_effects()
    run = Run(host, context(admin_keys=()))
    assert {run.status[door] for door in DOORS} == {Status.FAIL}
    for door in DOORS:
        assert "python_host_admin_authorized_keys" in run.findings[door].remedy
    assert run.outcome.open_doors
    assert "PermitRootLogin" not in host.files[SSHD_FILE]
    assert run.status["UPD-001"] is Status.FIXED


def test_check_mode_foretells_open_doors():
    run = Run(fresh_with_effects(), context(admin_keys=()), check_mode=True)
    assert {run.status[door] for door in DOORS} == {Status.FAIL}
    assert run.outcome.open_doors


def refusal_of(host, asked, **words):
    """The message of a run that is refused; the host must be as it was."""
    with pytest.raises(Refused) as caught:
        Run(host, asked, **words)
    assert host.performed == []
    return str(caught.value)


@pytest.mark.parametrize("check_mode", [True, False])
def test_every_obstacle_is_named_in_one_refusal_before_anything_is_written(check_mode):
    text = raw("fresh/sshd-T.txt") + "allowusers alice bob\n"
    host = open_doors(answers={**sshd_says(text), "getent shadow deploy": "deploy:*:0:0:99999:7:::\n"})
    message = refusal_of(host, context(), check_mode=check_mode)
    assert message.startswith("Refused: ")
    assert message.count("\n  - ") == 2
    for words in (
        "AllowUsers (alice bob)",
        "deploy must set a new password",
        "python_host_skip",
        "Nothing was changed",
    ):
        assert words in message


def test_an_obstacle_that_is_there_when_no_door_is_to_be_closed_refuses_nothing():
    run = Run(put(prepared(), answers=sshd_says(raw("prepared/sshd-T.txt") + "allowusers alice\n")), context())
    assert {run.status[door] for door in DOORS} == {Status.PASS}


def test_what_makes_the_way_in_is_rehearsed_with_it():
    """sshd takes no key today and will take them once our file is read, so nothing stands against closing the rest."""
    text = with_lines(raw("fresh/sshd-T.txt"), ["PubkeyAuthentication no"])
    host = open_doors(answers={**sshd_says(text), "sshd -T": text})
    run = Run(host, context())
    assert {run.status[check_id] for check_id in (*DOORS, "SSH-004")} == {Status.FIXED}


def test_a_move_to_another_port_is_proven_with_the_doors():
    host = open_doors(answers={"iptables -S": raw("ufw-rules/iptables-S.txt")})
    put(host, answers={"ip6tables -S": raw("ufw-rules/ip6tables-S.txt")})
    run = Run(host, context(ssh_port=2222))
    assert {run.status[check_id] for check_id in (*DOORS, "SSH-006")} == {Status.FIXED}


def test_a_way_in_that_turns_out_not_to_work_keeps_the_doors_open():
    """The account is made, and sudo still refuses: found out after the opening, before the closing."""
    host = fresh_with_effects()
    host.effects[SUDOERS_FILE] = lambda _host: None
    with pytest.raises(ActionFailed, match=r"No door was closed.*sudo does not let deploy become root"):
        Run(host, context())
    assert any("useradd" in line for line in host.performed)
    assert not any(SSHD_FILE in line or line.startswith("run ufw") for line in host.performed)


def test_what_is_closed_stays_closed_when_the_way_in_is_lost():
    host = put(put(prepared(), **NO_SUDO), files={SSHD_FILE: "PermitRootLogin no\nPasswordAuthentication no\n"})
    host.effects[SUDOERS_FILE] = lambda _host: None
    run = Run(host, context())
    assert "PermitRootLogin no\n" in host.files[SSHD_FILE]
    assert "PasswordAuthentication no\n" in host.files[SSHD_FILE]
    assert (run.status["ACC-003"], {run.status[door] for door in DOORS}) == (Status.FAIL, {Status.PASS})


def test_a_door_that_stands_open_is_not_closed_when_the_way_in_is_lost():
    host = put(put(prepared(), **NO_SUDO), files={SSHD_FILE: "PermitRootLogin no\n"})
    text = with_lines(raw("prepared/sshd-T.txt"), ["PasswordAuthentication yes"])
    put(host, answers={**sshd_says(text), "sshd -T": text})
    with pytest.raises(ActionFailed, match="No door was closed"):
        Run(host, context())
    assert host.files[SSHD_FILE] == "PermitRootLogin no\n"


@pytest.mark.parametrize("check_mode", [True, False])
def test_where_sshd_reads_another_value_first_check_mode_does_not_promise_a_fix(check_mode):
    line = "PasswordAuthentication yes\n"
    host = open_doors(files={"/etc/ssh/sshd_config": f"{line}Include /etc/ssh/sshd_config.d/*.conf\n"})
    host.effects = {}
    run = Run(host, context(), check_mode=check_mode)
    assert run.status["SSH-002"] is Status.FAIL
    assert ("file", SSHD_FILE) in run.changes


def test_configuration_that_sshd_refuses_comes_back_as_it_was():
    host = open_doors(answers={"sshd -t": failed(255, stderr="line 1: Bad configuration option")})
    host.files[SSHD_FILE] = "# old\n"
    with pytest.raises(ActionFailed, match="put back as it was"):
        Run(host, context(), checks=(check("SSH-001"),))
    assert host.files[SSHD_FILE] == "# old\n"


# --- the rest


def test_a_daemon_gets_a_moment_before_it_is_called_failing():
    host = open_doors()
    slow = []

    def after_the_next_look(self_host):
        slow.append(self_host)

    host.effects = {SSHD_FILE: after_the_next_look}
    answers = iter([raw("fresh/sshd-T.txt")])
    closed = raw("prepared/sshd-T.txt")

    def sshd_answers():
        return next(answers, closed) if slow else raw("fresh/sshd-T.txt")

    command = " ".join(Viewpoint("root", server="172.17.0.5").argv)
    for name in [name for name in host.answers if name.startswith("sshd -T -C")]:
        host.answers[name] = closed
    host.answers[command] = sshd_answers
    run = Run(host, context(), checks=(check("SSH-001"),))
    assert run.status == {"SSH-001": Status.FIXED}
    assert len(run.naps) == 1


def test_what_was_fine_before_may_need_a_moment_too():
    host = open_doors()
    sockets = host.answers["ss -Hltn"]

    def restarting(changed):
        close_as_told(changed)
        answers = iter([""])
        changed.answers["ss -Hltn"] = lambda: next(answers, sockets)

    host.effects = {SSHD_FILE: restarting}
    run = Run(host, context(), checks=(check("SSH-001"), check("SSH-006")))
    assert run.status == {"SSH-001": Status.FIXED, "SSH-006": Status.PASS}
    assert len(run.naps) == 1


@pytest.mark.parametrize(
    ("until", "status"),
    [(date(2026, 11, 22), Status.WAIVED), (date(2027, 1, 1), Status.WAIVED), (date(2026, 11, 21), Status.FIXED)],
)
def test_a_waiver_holds_to_its_last_day_and_what_it_covers_is_left_alone(until, status):
    host = open_doors()
    run = Run(host, context(waivers=(Waiver("SSH-001", "migration", until),)), checks=(check("SSH-001"),))
    assert run.status == {"SSH-001": status}
    if status is Status.WAIVED:
        assert run.written == []
        assert "migration" in run.findings["SSH-001"].remedy


def test_a_waiver_for_what_is_fine_changes_nothing():
    run = Run(prepared(), context(waivers=(Waiver("SSH-001", "migration", date(2027, 1, 1)),)))
    assert run.status["SSH-001"] is Status.PASS


def test_what_is_skipped_is_neither_inspected_nor_mended():
    run = Run(open_doors(), context(skip=("SSH-001",)))
    assert "SSH-001" not in run.status
    assert run.status["SSH-002"] is Status.FIXED


def test_what_cannot_be_judged_is_not_mended_and_never_called_fixed():
    judged = becomes({"answers": {"apt-config dump": raw("prepared/apt-config-dump.txt")}})
    host = put(prepared(), answers={"apt-config dump": failed(100)})
    put(host, answers={"timedatectl show -p NTP -p NTPSynchronized": "NTP=no\n"})
    host.effects = {"run timedatectl set-ntp true": judged}
    run = Run(host, context(), checks=(check("TIME-001"), check("UPD-001")))
    finding = run.findings["UPD-001"]
    assert (finding.before, finding.status) == (Status.UNKNOWN, Status.PASS)
    assert run.changes == [("clock", "NTP")]


def test_a_row_that_has_nothing_to_judge_on_a_system_is_not_asked_and_says_why():
    host = prepared()
    (finding,) = Engine(host, context(platform=FREEBSD), (check("MAC-001"),)).audit().findings
    assert (finding.status, finding.observed) == (Status.NOT_APPLICABLE, check("MAC-001").not_here["freebsd"])
    assert host.asked == []


def test_each_question_is_asked_once_in_a_look():
    host = prepared()
    Engine(host, context(), CHECKS).audit()
    assert len(host.asked) == len(set(host.asked))


def test_keys_are_nowhere_in_what_a_run_tells():
    host = fresh_with_effects()
    executor = Executor(host, host)
    outcome = Engine(host, context(), CHECKS).apply(executor, PackageSession(context().platform, host, executor))
    told = str([finding.to_json() for finding in outcome.findings]) + str(executor.diff) + str(executor.changes)
    assert KEY_LINE.split()[1] not in told
