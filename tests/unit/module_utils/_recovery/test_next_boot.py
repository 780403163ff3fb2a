"""What takes changes back at FreeBSD's boot; the unit of systemd is tested with the installation."""

from __future__ import annotations

import subprocess

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import installation, next_boot
from tests.unit.fakes import FakeHost

ASK = "sysrc -i -n groundwork_revert_enable"
STARTUP = "sysrc -i -n local_startup"
# What rc.subr (freebsd-src, libexec/rc/rc.subr) does for such a script, without its many other cases.
RC_SUBR = """
: ${RC_PID:=$$}; export RC_PID
load_rc_config() { . ./rc.conf; }
run_rc_command() {
    eval "value=\\$$rcvar"
    case $value in [Yy][Ee][Ss]) ;; *) return 0 ;; esac
    eval "\\$${1#fast}_cmd"
}
"""
# /etc/rc sources each script in a subshell with its own variables, and reads rc.conf again on SIGALRM.
RC = """
trap 'echo rc.conf is read again' ALRM
autoboot=$1
. ./rc.subr
( set faststart; . ./script )
echo pf starts
"""


def bare(*, answer="", folders=()):
    host = FakeHost(
        answers={ASK: f"{answer}\n", STARTUP: "/usr/local/etc/rc.d /opt/rc.d\n"},
        files={next_boot.SCRIPT_PATH: None},
        stats=dict.fromkeys(next_boot.SCRIPT_FOLDERS),
        root_group="wheel",
    )
    for folder in folders:
        host.stats.pop(folder)
        host.directories[folder] = ()
    return host


def planned(host):
    return next_boot.by_script(host, installation.COMMAND, installation.PENDING)


def test_a_script_is_written_once_with_the_folders_that_are_missing():
    host = bare()
    Executor(host, host).run(planned(host))
    assert host.performed == [
        "make_directory /usr/local/etc 0755 root:wheel",
        "make_directory /usr/local/etc/rc.d 0755 root:wheel",
        "write /usr/local/etc/rc.d/groundwork_revert 0555 root:wheel",
    ]
    assert Executor(host).plan(planned(host)) == ()


@pytest.mark.parametrize("searched", ["", "NO", "/opt/etc/rc.d"])
def test_where_rc_would_not_find_it_nothing_is_begun(searched):
    host = bare()
    host.answers[STARTUP] = f"{searched}\n"
    with pytest.raises(ActionFailed, match="local_startup"):
        Executor(host, host).run(planned(host))
    assert host.performed == []


@pytest.mark.parametrize(
    ("answer", "done"),
    [("", []), ("YES", []), ("yes", []), ("on", []), ("NO", ["run sysrc groundwork_revert_enable=YES"])],
)
def test_it_is_on_by_itself_and_switched_on_where_somebody_has_switched_it_off(answer, done):
    host = bare(answer=answer, folders=next_boot.SCRIPT_FOLDERS)
    Executor(host, host).run(planned(host))
    assert host.performed[1:] == done


def test_it_is_among_what_is_installed():
    host = bare(folders=next_boot.SCRIPT_FOLDERS)
    host.files.update(dict.fromkeys(f"{installation.PROGRAM}/{name}.py" for name in installation.MODULES))
    host.files[installation.COMMAND] = None
    executor = Executor(host, host)
    executor.run(installation.installation(host, "/usr/local/bin/python3.12", at_boot=True, service_manager="rc"))
    assert [change.target for change in executor.changes][-2:] == [installation.COMMAND, next_boot.SCRIPT_PATH]


@pytest.fixture
def rc(tmp_path):
    """The script as a file, with an rc.subr and a program of the test's own."""
    command, pending = tmp_path / "revert", tmp_path / "pending.json"
    script = next_boot.SCRIPT_TEXT.format(command=command, pending=pending).replace("/etc/rc.subr", "./rc.subr")
    files = {"rc.subr": RC_SUBR, "rc": RC, "script": script, "revert": 'echo "taken back: $1"\n', "rc.conf": ""}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    pending.touch()

    def run(*argv, conf=""):
        (tmp_path / "rc.conf").write_text(conf)
        done = subprocess.run(["sh", *argv], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout.splitlines()

    return run


@pytest.mark.parametrize("autoboot", ["yes", "no"])
def test_at_a_boot_it_takes_back_and_lets_rc_read_what_it_has_restored(rc, autoboot):
    assert rc("./rc", autoboot) == ["taken back: boot", "rc.conf is read again", "pf starts"]


def test_by_hand_the_daemons_are_told_and_no_signal_is_sent(rc):
    assert rc("./script", "start") == ["taken back: now"]


def test_with_nothing_to_take_back_it_does_nothing(rc, tmp_path):
    (tmp_path / "pending.json").unlink()
    assert rc("./rc", "yes") == ["pf starts"]
    assert rc("./script", "start") == []


def test_rc_conf_may_switch_it_off(rc):
    assert rc("./rc", "yes", conf="groundwork_revert_enable=NO\n") == ["pf starts"]


def test_it_comes_after_the_file_systems_and_libraries_and_before_what_reads_what_it_restores():
    words = {line.split()[1]: line.split()[2:] for line in next_boot.SCRIPT_TEXT.splitlines() if line.startswith("# ")}
    assert words["PROVIDE:"] == [next_boot.SCRIPT]
    assert {"FILESYSTEMS", "ldconfig"} <= set(words["REQUIRE:"])
    assert {"pf", "ipfw", "sshd"} <= set(words["BEFORE:"])
