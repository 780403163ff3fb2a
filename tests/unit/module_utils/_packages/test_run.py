from __future__ import annotations

import time

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.run import run
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.reboot import FLAG
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import journal_file
from tests.unit.module_utils._packages.hosts import PRIVATE, QUERY, apt_host, simulation, transaction
from tests.unit.module_utils._platform.hosts import host_of

PARAMS = {
    "name": ["sudo", "python"],
    "state": "present",
    "upgrade": "none",
    "cache_valid_time": 3600,
    "lock_timeout": 300,
    "install_recommends": False,
    "hold": [],
    "unhold": [],
    "autoremove": False,
    "allow_downgrade": False,
    "epel": True,
}
NO_PROCESSES = {"/proc": ()}


@pytest.mark.parametrize(
    ("flag", "packages", "reasons"),
    [
        (None, None, []),
        ("", None, ["unknown packages"]),
        ("", "linux-base\nlibc6\nlinux-base\n", ["libc6", "linux-base"]),
    ],
)
def test_a_call_answers_in_the_documented_shape(flag, packages, reasons):
    debian = host_of("debian-12")
    host = apt_host()
    host.files = {**debian.files, FLAG: flag, f"{FLAG}.pkgs": packages}
    host.directories.update({**debian.directories, **NO_PROCESSES})
    answer = run(PARAMS, host, Executor(host, host))
    assert answer == {
        "backend": "apt",
        "plan": [],
        "resolved": {"sudo": ["sudo"], "python": ["python3"]},
        "repositories": [],
        "notes": [],
        "warnings": [],
        "reboot_required": bool(reasons),
        "reboot_reasons": reasons,
        "services_on_old_code": [],
    }
    assert host.asked == [QUERY]


def with_tree(is_broken=False):
    """A host on which `apt-get install tree` does what it foretold, or fails."""
    debian = host_of("debian-12")
    host = apt_host(fetched=time.time())
    host.files = {**debian.files, FLAG: None}
    host.directories.update({**debian.directories, **NO_PROCESSES})
    simulated = "Inst tree (2.1.0-1 Debian:12/stable [amd64])\n"
    for configuration in ("", PRIVATE):
        host.answers[simulation("install", "tree", configuration=configuration)] = simulated
    if is_broken:
        host.answers[transaction("install", "tree")] = CommandResult((), 100, "", "E: no space left on device")

    def installed(changed):
        changed.answers[QUERY] += "install ok installed\ttree\tamd64\t2.1.0-1\t\n"

    host.effects = {f"run {transaction('install', 'tree')}": installed}
    return host


def entries_in(directory):
    (path,) = journal_file.journal_paths(str(directory))
    return journal_file.read_journal(path)


def test_what_is_installed_because_somebody_named_it_is_written_down(tmp_path):
    host = with_tree()
    run({**PARAMS, "name": ["sudo", "tree"]}, host, Executor(host, host), journal_in=str(tmp_path))
    head, (entry,), notes = entries_in(tmp_path)
    assert (head["what"], notes) == ("packages", {"end": "finished"})
    assert (entry["packages"], entry["danger"]) == (["tree"], "")
    assert entry["after"]


def test_a_transaction_that_failed_has_no_record_of_its_end_and_its_journal_is_closed(tmp_path):
    host = with_tree(is_broken=True)
    with pytest.raises(ActionFailed, match="no space left"):
        run({**PARAMS, "name": ["tree"]}, host, Executor(host, host), journal_in=str(tmp_path))
    _head, (entry,), notes = entries_in(tmp_path)
    assert (entry["packages"], entry["after"], notes) == (["tree"], {}, {"end": "finished"})


@pytest.mark.parametrize(("names", "check_mode"), [(["sudo"], False), (["tree"], True)])
def test_where_nothing_is_changed_nothing_is_written_down(tmp_path, names, check_mode):
    host = with_tree()
    run({**PARAMS, "name": names}, host, Executor(host, None if check_mode else host), journal_in=str(tmp_path))
    assert list(tmp_path.iterdir()) == []
