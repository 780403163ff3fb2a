"""On a real directory with real processes; only Ansible's module object is stood in for."""

from __future__ import annotations

import fcntl
import grp
import os
import pwd
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    CommandFailed,
    CommandMissing,
    CommandTimedOut,
    HostError,
    Unreadable,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import EnsureDirectory, WriteFile
from ansible_collections.groundwork.python_host.plugins.module_utils._host.ansible_host import AnsibleHost
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat, LockHolder

ME = pwd.getpwuid(os.geteuid()).pw_name
MY_GROUP = grp.getgrgid(os.getegid()).gr_name
MINE = {"owner": ME, "group": MY_GROUP}

HOLD_A_LOCK = """
import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.lockf(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


class ModuleWithProcesses:
    """What AnsibleHost uses of AnsibleModule."""

    def run_command(self, argv, *, data, binary_data, cwd, umask, environ_update, expand_user_and_vars, errors):
        assert binary_data
        assert not expand_user_and_vars
        done = subprocess.run(
            argv,
            input=None if data is None else data.encode(),
            capture_output=True,
            check=False,
            cwd=cwd,
            env={**os.environ, **environ_update},
            preexec_fn=lambda: os.umask(umask),
        )
        return done.returncode, done.stdout.decode("utf-8", errors), done.stderr.decode("utf-8", errors)


@pytest.fixture
def host() -> AnsibleHost:
    return AnsibleHost(ModuleWithProcesses())


def mode(path) -> int:
    return stat.S_IMODE(os.lstat(path).st_mode)


# --- programs


def test_a_program_runs_in_the_root_directory_in_plain_english_with_an_open_umask(host):
    answer = host.query(["sh", "-c", 'pwd; echo "$LC_ALL/$LANGUAGE"; umask'])
    assert answer.lines() == ("/", "C/C", "0022")


def test_a_program_is_found_in_the_administrators_directories_and_so_are_those_that_it_calls(host, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    fresh = AnsibleHost(ModuleWithProcesses())
    words = fresh.query(["sh", "-c", "echo $PATH"]).stdout.strip().split(":")
    assert {"/usr/sbin", "/sbin", "/usr/local/bin", "/nowhere"} <= set(words)
    assert fresh.which("sh") is not None
    assert fresh.which("no-such-program") is None


def test_what_a_program_is_told_is_added_to_the_environment(host):
    answer = host.query(["sh", "-c", 'echo "$HOME/$WISH"'], env={"WISH": "yes"})
    assert answer.stdout.strip() == f"{os.environ['HOME']}/yes"


def test_arguments_reach_a_program_as_they_are(host):
    words = ["$HOME", "~", "a b", "`id`", "*"]
    assert host.query(["printf", "%s\n", *words]).lines() == tuple(words)


def test_a_program_can_be_given_an_input(host):
    assert host.run(["cat"], stdin="a secret\n").stdout == "a secret\n"


def test_an_exit_code_is_an_error_unless_it_is_declared(host):
    command = ["sh", "-c", "echo out; echo trouble >&2; exit 3"]
    with pytest.raises(CommandFailed, match="ended with 3: trouble") as caught:
        host.query(command)
    assert (caught.value.rc, caught.value.stdout, caught.value.stderr) == (3, "out\n", "trouble\n")
    assert host.query(command, ok=(0, 3)).rc == 3


def test_a_program_that_is_not_there_is_named(host):
    with pytest.raises(CommandMissing, match="no-such-program is not on this host"):
        host.query(["no-such-program", "-x"])


def test_a_program_that_takes_too_long_is_ended_with_what_it_started(host, tmp_path):
    mark = tmp_path / "mark"
    with pytest.raises(CommandTimedOut, match=r"no answer within 0\.2 s"):
        host.query(["sh", "-c", f"(sleep 1; touch {mark}) & wait"], timeout=0.2)
    assert not mark.exists()


def test_bytes_that_are_no_text_survive(host, tmp_path):
    path = str(tmp_path / "latin")
    Path(path).write_bytes(b"caf\xe9\r\n")
    host.write(path, host.read_text(path), mode=0o644, **MINE)
    assert Path(path).read_bytes() == b"caf\xe9\r\n"
    assert host.query(["cat", path]).stdout.encode("utf-8", "surrogateescape") == b"caf\xe9\r\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes it")
def test_a_copy_of_somebodys_file_has_its_very_bytes(host, tmp_path):
    """A configuration with a remark in Latin 1 and the line ends of another system."""
    path = tmp_path / "sshd_config"
    path.write_bytes(b"# Schl\xfcssel\r\nPort 22\n")
    copy = host.scratch_file("candidate", host.read_text(str(path)))
    with open(copy, "rb") as file:
        assert file.read() == path.read_bytes()


def test_the_directory_that_a_service_makes_is_made_where_it_is_absent(host, tmp_path):
    directory = tmp_path / "sshd"
    for _look in range(2):
        host.query(["true"], runtime_directory=str(directory))
        assert mode(directory) == 0o755


# --- reading


@pytest.mark.parametrize("read", ["read_text", "stat", "listdir", "readlink", "lock_holder"])
@pytest.mark.parametrize("path", ["absent", "file/below"])
def test_what_is_absent_is_none(host, tmp_path, read, path):
    (tmp_path / "file").touch()
    assert getattr(host, read)(str(tmp_path / path)) is None


@pytest.mark.parametrize(("read", "path"), [("read_text", "."), ("listdir", "loop"), ("read_text", "loop")])
def test_any_other_trouble_names_the_path(host, tmp_path, read, path):
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(Unreadable, match=f"{tmp_path}.* cannot be read"):
        getattr(host, read)(str(tmp_path / path))


def test_a_path_is_described_without_following_links(host, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "file").chmod(0o4750)
    (tmp_path / "link").symlink_to("file")
    os.mkfifo(tmp_path / "pipe")
    described = host.stat(str(tmp_path / "file"))
    assert described == FileStat(
        *("file", 0o4750, ME, MY_GROUP, os.geteuid(), os.getegid()),
        modified=os.stat(tmp_path / "file").st_mtime,
        changed=os.stat(tmp_path / "file").st_ctime,
    )
    assert host.stat(str(tmp_path)).kind == "directory"
    assert host.stat(str(tmp_path / "link")).kind == "link"
    assert host.stat(str(tmp_path / "pipe")).kind == "other"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_an_owner_without_a_name_is_shown_by_number(host, tmp_path):
    path = tmp_path / "file"
    path.touch()
    os.chown(path, 54321, 54322)
    assert (host.stat(str(path)).owner, host.stat(str(path)).group) == ("54321", "54322")
    host.set_attributes(str(path), mode=0o600, owner="54323", group="54324")
    assert (host.stat(str(path)).uid, host.stat(str(path)).gid) == (54323, 54324)


def test_a_directory_is_listed_in_order(host, tmp_path):
    for name in ("b", "a", "c"):
        (tmp_path / name).touch()
    assert host.listdir(str(tmp_path)) == ("a", "b", "c")


def test_a_link_tells_its_text_and_nothing_else_is_a_link(host, tmp_path):
    (tmp_path / "link").symlink_to("nowhere/else")
    assert host.readlink(str(tmp_path / "link")) == "nowhere/else"
    assert host.readlink(str(tmp_path)) is None


def test_the_holder_of_a_lock_is_named_while_it_holds_it(host, tmp_path):
    path = str(tmp_path / "lock")
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD_A_LOCK, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert child.stdout.readline() == "held\n"
    held = host.lock_holder(path)
    child.communicate("")
    name = held.name
    assert held == LockHolder(child.pid, name)
    assert name.startswith("python")
    assert host.lock_holder(path) is None


def test_asking_for_a_lock_takes_none(host, tmp_path):
    path = tmp_path / "lock"
    path.touch()
    assert host.lock_holder(str(path)) is None
    with path.open("w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


# --- a place of our own


def test_the_scratch_directory_is_one_that_others_may_enter_and_not_list(host):
    assert host.scratch == host.scratch
    assert mode(host.scratch) == 0o711
    path = host.scratch_file("apt/apt.conf", "Dir::Cache;\n")
    assert path == f"{host.scratch}/apt/apt.conf"
    assert (host.read_text(path), mode(path)) == ("Dir::Cache;\n", 0o600)


def test_the_scratch_directory_is_gone_when_the_run_is_over():
    program = (
        "import sys\n"
        "from tests.tools.paths import make_importable\n"
        "make_importable()\n"
        "from ansible_collections.groundwork.python_host.plugins.module_utils._host.ansible_host import AnsibleHost\n"
        "host = AnsibleHost(None)\n"
        "host.scratch_file('x', '')\n"
        "print(host.scratch)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, encoding="utf-8")
    assert "groundwork-" in done.stdout
    assert not Path(done.stdout.strip()).exists()


def test_the_user_id_is_the_effective_one(host):
    assert host.uid == os.geteuid()


# --- writing


def test_a_file_is_replaced_as_a_whole_with_its_rights(host, tmp_path):
    path = tmp_path / "file"
    path.write_text("old", encoding="utf-8")
    with path.open(encoding="utf-8") as opened_before:
        host.write(str(path), "new\n", mode=0o640, **MINE)
        assert opened_before.read() == "old"
    assert (path.read_text(encoding="utf-8"), mode(path)) == ("new\n", 0o640)
    assert os.listdir(tmp_path) == ["file"]


def test_the_umask_has_no_say_in_rights(host, tmp_path):
    before = os.umask(0o077)
    try:
        host.write(str(tmp_path / "file"), "", mode=0o644, **MINE)
        host.make_directory(str(tmp_path / "directory"), mode=0o755, **MINE)
    finally:
        os.umask(before)
    assert (mode(tmp_path / "file"), mode(tmp_path / "directory")) == (0o644, 0o755)


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_else(host, tmp_path):
    path = tmp_path / "file"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(HostError, match=r"file cannot be changed: .*no-such-user"):
        host.write(str(path), "new", mode=0o644, owner="no-such-user", group=MY_GROUP)
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["file"]


def test_attributes_are_set_on_the_path_itself_and_never_through_a_link(host, tmp_path):
    target = tmp_path / "target"
    target.touch(0o600)
    (tmp_path / "link").symlink_to("target")
    with pytest.raises(HostError, match="link cannot be changed"):
        host.set_attributes(str(tmp_path / "link"), mode=0o777, **MINE)
    assert mode(target) == 0o600
    host.set_attributes(str(target), mode=0o640, **MINE)
    assert mode(target) == 0o640


def test_a_link_is_switched_in_one_step_even_after_an_interrupted_attempt(host, tmp_path):
    path = tmp_path / "current"
    (tmp_path / f"current.groundwork-{os.getpid()}").symlink_to("left over")
    for target in ("releases/a", "releases/b"):
        host.link(str(path), target)
        assert os.readlink(path) == target
    assert os.listdir(tmp_path) == ["current"]


def test_a_directory_in_the_place_of_a_link_stays(host, tmp_path):
    (tmp_path / "current").mkdir()
    with pytest.raises(HostError, match="current cannot be changed: Is a directory"):
        host.link(str(tmp_path / "current"), "releases/a")
    assert os.listdir(tmp_path) == ["current"]


def test_a_file_a_link_a_tree_and_nothing_can_be_removed(host, tmp_path):
    tree = tmp_path / "tree"
    (tree / "below").mkdir(parents=True)
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("tree")
    host.remove(str(tmp_path / "link"))
    assert tree.is_dir()
    for name in ("tree", "file", "absent", "absent/below"):
        host.remove(str(tmp_path / name))
    assert os.listdir(tmp_path) == []


CANNOT = [
    ("write", {"content": "", "mode": 0o644, **MINE}),
    ("make_directory", {"mode": 0o755, **MINE}),
    ("set_attributes", {"mode": 0o755, **MINE}),
    ("link", {"target": "x"}),
]


@pytest.mark.parametrize(("verb", "words"), CANNOT)
def test_a_change_that_cannot_be_made_names_the_path_and_the_reason(host, tmp_path, verb, words):
    path = str(tmp_path / "absent/below")
    with pytest.raises(HostError, match=f"{path} cannot be changed: No such file or directory"):
        getattr(host, verb)(path, **words)


def test_the_executor_turns_it_into_an_error_for_people(host, tmp_path):
    for action in (
        WriteFile(f"{tmp_path}/absent/f", "x", owner=ME, group=MY_GROUP),
        EnsureDirectory(f"{tmp_path}/a/b"),
    ):
        with pytest.raises(ActionFailed, match="cannot be changed"):
            Executor(host, host).run([action])


def test_roots_own_group_is_that_of_id_0(host):
    assert host.root_group == grp.getgrgid(0).gr_name
