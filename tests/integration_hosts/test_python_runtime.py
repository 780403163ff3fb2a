"""python_runtime over SSH on a real host: the tests run in order, each on what the one before has left."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.hosts import control, snapshot
from tests.integration_hosts.remote_runtime import Remote, kinds

NAME = f"test-runtime-{os.getpid()}"
# Small, without dependencies, and wheels for every Python.
FIRST, SECOND = ["six==1.16.0"], ["six==1.17.0", "idna==3.10"]
SILENT_SERVER = "import socket,time; s=socket.create_server(('127.0.0.1',8999)); c=s.accept(); time.sleep(600)"


@pytest.fixture(scope="module")
def remote(tmp_path_factory):
    control.down(NAME)
    host = control.up(NAME, image="ubuntu_lts", key_file=None)
    yield Remote(host, tmp_path_factory.mktemp("results"))
    control.down(NAME)


def differences(before):
    """What has changed on the host; systemd's mention of a unit that does not exist is no change."""
    found = snapshot.differences(before, snapshot.take(NAME))
    return [line for line in found if not line.endswith("not-found inactive dead")]


def test_check_mode_foretells_the_first_run_and_leaves_the_host_alone(remote):
    before = snapshot.take(NAME)
    foretold = remote.run("--check", requirements=FIRST, verify_imports=["six"])
    assert differences(before) == []
    made = remote.run(requirements=FIRST, verify_imports=["six"])
    assert foretold["changes"] == made["changes"]
    assert foretold["plan"] == made["plan"]
    assert foretold["release"] == made["release"] == remote.current()
    assert ("user", "app") in kinds(made)
    assert {"name": "six", "version": "1.16.0"} in made["distributions"]


def test_everything_belongs_to_a_user_who_cannot_log_in(remote):
    assert remote.shell("find /srv/app ! -user app") == ""
    assert remote.shell("find /srv/app -perm -002 ! -type l") == ""
    assert remote.shell("getent passwd app").endswith(":/srv/app:/usr/sbin/nologin")
    assert remote.shell("ls -A /srv/app/current/.private 2>&1 || true").endswith("No such file or directory")


def test_a_second_run_changes_nothing_and_needs_no_pip(remote):
    before = snapshot.take(NAME)
    remote.shell("mv /srv/app/current/bin/pip /tmp/pip; chmod 0 /usr/bin/apt-get")
    answer = remote.run(requirements=["# the same wish", *FIRST, "  "], verify_imports=["six"])
    remote.shell("mv /tmp/pip /srv/app/current/bin/pip; chmod 755 /usr/bin/apt-get")
    assert "requirements entry 3 is empty" in answer["msg"]
    answer = remote.run(requirements=["# the same wish", *FIRST], verify_imports=["six"])
    assert (answer["changed"], answer["changes"]) == (False, [])
    assert differences(before) == []


def test_other_requirements_are_a_new_release_and_the_old_one_stays(remote):
    old = remote.current()
    foretold = remote.run("--check", requirements=SECOND)
    answer = remote.run(requirements=SECOND)
    assert foretold["changes"] == answer["changes"]
    assert [kind for kind, _target in kinds(answer)] == ["release", "link"]
    assert answer["previous"] == old
    assert remote.imports("idna") == "3.10"
    assert old in remote.releases()


def test_going_back_only_switches_the_link(remote):
    answer = remote.run(requirements=FIRST)
    assert kinds(answer) == [("link", "/srv/app/current")]
    assert remote.imports("six") == "1.16.0"


def test_a_package_that_does_not_exist_fails_in_pips_words_and_changes_nothing(remote):
    old, before = remote.current(), remote.releases()
    answer = remote.run(requirements=["groundwork-no-such-package==1.0"])
    assert "No matching distribution found for groundwork-no-such-package==1.0" in answer["msg"]
    assert (remote.current(), remote.releases()) == (old, before)


def test_an_index_that_cannot_be_reached_is_named_and_its_password_is_not(remote):
    lines = ["--index-url http://bob:hunter22secret@127.0.0.1:9/simple", "idna==3.9"]
    remote.shell(
        "cp /etc/pip.conf /etc/pip.conf.saved; printf '[global]\\nretries = 1\\ntimeout = 2\\n' > /etc/pip.conf"
    )
    answer = remote.run("-vvv", requirements=lines)
    remote.shell("mv /etc/pip.conf.saved /etc/pip.conf")
    assert "The package index could not be reached" in answer["msg"]
    assert "Connection refused" in answer["msg"]
    assert "hunter22secret" not in remote.output + json.dumps(answer)
    assert "hunter22secret" not in remote.shell(
        "cat /var/log/syslog /var/log/auth.log 2>/dev/null; journalctl --no-pager"
    )


@pytest.mark.parametrize("whom", ["[p]ip install", "[p]ip install|[r]unuser|[p]ython3"])
def test_a_build_that_is_killed_leaves_the_release_in_use_and_the_next_run_succeeds(remote, whom):
    old = remote.current()
    server = subprocess.Popen(["docker", "exec", remote.host.container, "python3", "-c", SILENT_SERVER])
    started = remote.start(requirements=["--index-url http://127.0.0.1:8999/simple", "idna==3.8"])
    remote.kill_when_pip_runs(whom)
    started.wait(timeout=60)
    remote.shell("pkill -KILL -f '[c]reate_server' || true")
    server.wait(timeout=20)
    assert remote.current() == old
    assert remote.imports("six") == "1.16.0"
    answer = remote.run(requirements=FIRST)
    assert {kind for kind, _target in kinds(answer)} <= {"directory"}


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("runuser -u app -- /srv/app/current/bin/python -m pip -q uninstall -y six", "is without six-1.16.0"),
        ("ln -sfn /usr/bin/python3.99 /srv/app/current/bin/python3.11", "does not run"),
        ("sed -i s/3.11.2/3.11.1/ /srv/app/current/release.json", "was built with Python 3.11.1, and it is 3.11.2 now"),
        ("rm /srv/app/current/release.json; mkfifo /srv/app/current/release.json", "was never finished"),
        ("chown root: /srv/app/current/", "belongs to root"),
        ("rm /srv/app/current/lib/python3.11/site-packages/six.py", "does not run"),
    ],
)
def test_a_release_that_was_damaged_is_built_anew_beside_itself(remote, damage, reason):
    remote.shell(damage)
    foretold = remote.run("--check", requirements=FIRST, verify_imports=["six"])
    answer = remote.run(requirements=FIRST, verify_imports=["six"])
    assert foretold["changes"] == answer["changes"]
    release = next(change for change in answer["changes"] if change["kind"] == "release")
    assert reason in release["before"]
    assert remote.imports("six") == "1.16.0"


def test_after_all_that_nothing_is_left_to_do(remote):
    assert remote.run(requirements=FIRST, verify_imports=["six"])["changes"] == []


def test_only_as_many_releases_are_kept_as_were_asked_for(remote):
    for line in ("idna==3.7", "idna==3.6"):
        remote.run(requirements=[line])
    answer = remote.run(requirements=["idna==3.6"], keep_releases=1)
    assert {kind for kind, _target in kinds(answer)} <= {"directory"}
    assert sorted(remote.releases()) == sorted([answer["release"], answer["previous"]])


def test_a_version_that_no_repository_has_is_refused_with_those_that_exist(remote):
    answer = remote.run(version="3.7", requirements=FIRST)
    assert "older than 3.8" in answer["msg"]
    answer = remote.run(version="3.30", requirements=FIRST)
    assert "no repository of this host has Python 3.30; they have 3.11" in answer["msg"]
    assert answer["changes"] == []


def test_headers_make_compiling_possible(remote):
    answer = remote.run(requirements=["--no-binary cffi", "cffi==1.17.1"], native_libraries=["cffi"])
    assert {"name": "cffi", "version": "1.17.1"} in answer["distributions"]
    assert any(change["name"] == "libffi-dev" for change in answer["plan"])


def test_a_requirements_file_comes_from_the_controller_or_the_host(remote, tmp_path):
    (tmp_path / "locked.txt").write_text("six==1.16.0\n")
    answer = remote.run(requirements_file=str(tmp_path / "locked.txt"))
    assert {"name": "six", "version": "1.16.0"} in answer["distributions"]
    remote.shell("printf 'six==1.16.0\\n' > /srv/requirements.txt")
    same = remote.run(requirements_file="/srv/requirements.txt", remote_src=True)
    assert (same["changes"], same["release"]) == ([], answer["release"])


def test_bad_input_is_refused_in_one_message_without_a_traceback(remote):
    before = snapshot.take(NAME)
    answer = remote.run(version=3.1, path="app", owner="root", requirements=["a b"], native_libraries=["postgres"])
    for words in (
        "version: 3.1 is a number",
        "path: 'app'",
        "owner: root",
        "requirements entry 1",
        "did you mean postg",
    ):
        assert words in answer["msg"]
    assert "Traceback" not in remote.output
    assert differences(before) == []
