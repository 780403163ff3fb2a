"""Undo on a real host over SSH: all that was written down comes back, and whatever else differs has a reason."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from tests.hosts import snapshot
from tests.integration_hosts import access_state, plays
from tests.integration_hosts.killing import LEFT_OUT
from tests.integration_hosts.systems import CENTOS, FREEBSD, ROCKY_8, System
from tests.integration_hosts.what_undo_leaves import unexplained

if TYPE_CHECKING:
    from collections.abc import Mapping

APPLY = plays.SITE.parents[1] / "tests/integration_hosts/security.yml"
UNDO = plays.SITE.parent / "undo.yml"
JAIL = "/etc/fail2ban/jail.d/zz-groundwork.local"
# Run on the host: the first look at each place that any journal has, against what is there now.
COMPARISON = """
import glob, json, sys
sys.path.insert(0, "/var/lib/groundwork/python_host/program")
from journal_file import read_journal
from places import LOOK, fingerprint
first = {}
for path in sorted(glob.glob("/var/lib/groundwork/python_host/journal/*.undone")):
    head, entries, notes = read_journal(path)
    for entry in entries if head["what"] != "undo" else ():
        for kind in LOOK:
            for name, look in entry[kind].items():
                first.setdefault((kind, name), look)
print(json.dumps({
    "places": sorted(f"{kind} {name}" for kind, name in first),
    "differ": sorted(
        name
        for (kind, name), look in first.items()
        if kind != "units" and fingerprint(LOOK[kind](name)) != fingerprint(look)
    ),
}))
"""


@pytest.fixture(scope="module")
def host():
    with plays.hosts("undo") as (started,):
        yield started


@pytest.fixture(scope="module")
def variables(host):
    return {
        "python_host_admin_key_file": str(host.folder / "admin_ed25519"),
        "python_host_confirm_timeout": 8,
    }


@pytest.fixture(scope="module")
def fresh(host):
    return snapshot.take(host.name)


@pytest.fixture(scope="module")
def applied(host, variables, fresh):
    run = plays.play(APPLY, [host.inventory], variables=variables)
    assert run.failures == (), run.output
    return run


@pytest.fixture(scope="module")
def refused(host, variables, applied):
    """Nobody of that name ever logged in."""
    before = plays.shell(host, "cat /etc/ssh/sshd_config.d/*; ufw status")
    run = plays.play(UNDO, [host.inventory], variables={**variables, "python_host_undo_user": "stranger"})
    return run, before, plays.shell(host, "cat /etc/ssh/sshd_config.d/*; ufw status")


@pytest.fixture(scope="module")
def foretold(host, variables, refused):
    return plays.play(UNDO, [host.inventory], variables=variables, options=["--check"])


@pytest.fixture(scope="module")
def partly(host, variables, foretold):
    """Somebody else has worked on two things in the meantime."""
    plays.shell(host, f"cp -p {JAIL} /root/jail; echo '# theirs' >> {JAIL}; echo work > /home/deploy/thesis")
    return plays.play(UNDO, [host.inventory], variables=variables)


@pytest.fixture(scope="module")
def whole(host, variables, partly):
    """They have taken their own work away."""
    plays.shell(host, f"cp -p /root/jail {JAIL}; rm /home/deploy/thesis /root/jail")
    return plays.play(UNDO, [host.inventory], variables=variables)


def compare(host):
    """The places that the journals have, and those that look in another way than before the first run."""
    return json.loads(plays.shell(host, f"set --; {access_state.ANY_PYTHON} <<'END'\n{COMPARISON}\nEND"))


def targets(run):
    return [(change["kind"], change["target"]) for change in run.changes()]


def is_reachable(host, port):
    """Something that listens on the host for a moment, asked from here."""
    plays.shell(host, f"systemd-run --quiet --collect python3 -m http.server {port}")
    for _attempt in range(20):
        with contextlib.suppress(OSError), socket.create_connection((host.address, port), timeout=3):
            return True
        time.sleep(0.5)
    return False


def left(run):
    return [line for result in run.results if result.action.endswith("undo") for line in result.answer.get("left", ())]


def test_doors_that_the_old_login_does_not_come_through_are_closed_again(refused):
    run, before, after = refused
    assert run.code != 0
    assert "A fresh login as stranger" in run.failures[-1]
    assert "python_host_undo_user" in run.failures[-1]
    assert after == before
    assert "PermitRootLogin no" in after


def test_an_account_that_goes_is_nobodys_login_afterwards(host, variables, refused):
    run = plays.play(UNDO, [host.inventory], variables={**variables, "python_host_undo_user": "deploy"})
    assert "would be removed" in run.failures[-1]
    assert "Nothing was changed" in run.failures[-1]


def test_check_mode_changes_nothing(foretold, partly):
    assert foretold.failures == (), foretold.output
    assert left(foretold) == []


def test_what_somebody_else_has_changed_is_told_and_left(partly):
    assert partly.failures == (), partly.output
    sentences = left(partly)
    assert any(JAIL in sentence for sentence in sentences)
    assert any("/home/deploy" in sentence and "thesis" in sentence for sentence in sentences)
    assert any("fail2ban" in sentence and "stay installed" in sentence for sentence in sentences)
    assert "as root on port 22" in partly.output or partly.answer("undo")


def test_both_together_take_back_what_check_mode_foretold(foretold, partly, whole):
    assert whole.failures == (), whole.output
    assert left(whole) == []
    assert set(targets(partly)) | set(targets(whole)) == set(targets(foretold))


def test_every_place_in_the_journal_is_as_it_was(host, whole):
    compared = compare(host)
    assert "accounts deploy" in compared["places"]
    assert "paths /etc/ufw/user.rules" in compared["places"]
    assert "paths /etc/ssh/sshd_config.d/00-groundwork.conf" in compared["places"]
    assert compared["differ"] == []


def test_whatever_else_differs_has_its_reason(host, fresh, whole):
    owned = set(plays.shell(host, "cat /var/lib/dpkg/info/*.list").splitlines())
    assert unexplained(snapshot.differences(fresh, snapshot.take(host.name)), owned) == []


def test_no_rule_is_loaded_and_the_packages_are_gone(host, whole):
    assert is_reachable(host, 8080)
    names = "fail2ban ufw unattended-upgrades"
    answer = plays.shell(host, f"dpkg-query -W -f '${{db:Status-Status}} ' {names}")
    assert "installed" not in answer.replace("not-installed", "").split()


def test_a_second_undo_has_nothing_to_do(host, variables, whole):
    again = plays.play(UNDO, [host.inventory], variables=variables)
    assert (again.failures, again.changed, left(again)) == ((), (), [])


@dataclass(frozen=True)
class Elsewhere:
    """What is undone on another system: by `applied` checks beside those about logins, with a package that comes and
    goes, or none. `listed` prints the package where it is there, and `kept` is what its dependencies leave, which stay.
    Where `owned` prints what packages have brought, the whole host is looked at.
    """

    system: System
    applied: tuple[str, ...] = ()
    comes_and_goes: str = ""
    listed: str = "rpm -qa --qf '%{NAME}\\n'"
    kept: tuple[str, ...] = ()
    owned: str = ""
    variables: Mapping[str, object] = field(default_factory=dict)


# On the second it is our block in sshd's own file that goes, and on the third that and all else that we can do.
ELSEWHERE = (
    Elsewhere(
        CENTOS,
        ("FW-001",),
        "firewalld",
        # Of firewalld-filesystem, and told by iptables, which was not there to ask before.
        kept=("/etc/firewalld: absent -> 0750 0:0 directory", "the firewall's policy:  -> -P INPUT ACCEPT"),
    ),
    Elsewhere(ROCKY_8),
    Elsewhere(
        FREEBSD,
        (*LEFT_OUT, "FW-001"),
        "py311-fail2ban",
        listed="pkg query -a %n",
        owned="pkg query -a %Fp",
        # As the role freebsd_base has it of freebsd_base_brute_force: something that comes as a package.
        variables={"_python_host_brute_force": "fail2ban"},
    ),
)


@pytest.mark.parametrize("elsewhere", ELSEWHERE, ids=lambda elsewhere: elsewhere.system.name)
def test_elsewhere_all_comes_back_and_what_others_have_written_stays(elsewhere):
    system = elsewhere.system
    with plays.hosts(f"undo-{system.name}", image=system.name) as (host,):
        plays.shell(host, system.functions)
        variables = {
            "python_host_admin_key_file": str(host.folder / "admin_ed25519"),
            "python_host_confirm_timeout": 20,
            "python_host_skip": [name for name in (*LEFT_OUT, "FW-001") if name not in elsewhere.applied],
            "ansible_python_interpreter": system.python,
            **elsewhere.variables,
        }
        before, fresh = access_state.state(host), snapshot.take(host.name)
        assert plays.play(APPLY, [host.inventory], variables=variables).failures == ()
        came = elsewhere.comes_and_goes in ("", *plays.shell(host, elsewhere.listed).split())
        plays.shell(host, "echo '# theirs' >> /etc/ssh/sshd_config")
        undone = plays.play(UNDO, [host.inventory], variables=variables)
        assert (undone.failures, left(undone)) == ((), []), undone.output
        assert plays.shell(host, "tail -n 1 /etc/ssh/sshd_config; grep -c groundwork /etc/ssh/sshd_config || true") == (
            "# theirs\n0"
        )
        assert compare(host)["differ"] == []
        plays.shell(host, "sed '$d' /etc/ssh/sshd_config > /tmp/theirs; cat /tmp/theirs > /etc/ssh/sshd_config")
        assert access_state.differences(before, access_state.state(host)) == list(elsewhere.kept)
        assert access_state.root_gets_in(host)
        if elsewhere.owned:
            # What came along as a dependency stays, its folders included.
            files = [PurePosixPath(name) for name in plays.shell(host, elsewhere.owned).splitlines()]
            owned = {str(place) for file in files for place in (file, *file.parents)}
            different = unexplained(snapshot.differences(fresh, snapshot.take(host.name)), owned)
            assert not different, "\n".join(different)
        stayed = elsewhere.comes_and_goes in plays.shell(host, elsewhere.listed).split()
    assert (came, stayed) == (True, False)
