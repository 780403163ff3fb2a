"""How the places that a step touches look, and how they are brought back."""

from __future__ import annotations

import base64
import os
import socket
import stat

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import places
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.places import (
    digest,
    fingerprint,
    is_ours,
    look_at_account,
    look_at_path,
    look_at_unit,
    restore_account,
    restore_path,
    restore_unit,
)

ABSENT = {"kind": "absent"}
PASSWD = ["root:x:0:0::/root:/bin/sh", "deploy:x:1000:1000::/home/deploy:/bin/sh", "late:x:1001:1001::/:/bin/sh"]
# Also one whose name begins with ours, which is somebody else's.
SHADOW = ["root:*:1:0:::::", "deploy2:*:1:0:::::", "deploy:$6$salt$hash:1:0:::::"]


def mode(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


# --- paths


def file(path):
    path.write_bytes(b"old \xff\n")
    path.chmod(0o2640)


def folder(path):
    path.mkdir()
    path.chmod(0o1750)


MAKE = {
    "file": file,
    "link": lambda path: path.symlink_to("/the/target"),
    "directory": folder,
    "absent": lambda path: None,
}


def empty(path):
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        path.rmdir()


# No step of ours makes a directory of something else, or the other way round.
PAIRS = [(before, after) for before in MAKE for after in MAKE if "absent" in (before, after)]
PAIRS += [("file", "file"), ("file", "link"), ("link", "file"), ("link", "link"), ("directory", "directory")]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_path_comes_back_as_it_was(tmp_path, before, after):
    path = tmp_path / "place"
    MAKE[before](path)
    old = look_at_path(str(path))
    assert old["kind"] == before
    empty(path)
    MAKE[after](path)
    if after == "file":
        path.write_text("new\n")
        path.chmod(0o600)
    elif after == "directory":
        path.chmod(0o700)
    assert restore_path(str(path), old) == []
    assert look_at_path(str(path)) == old
    assert [entry.name for entry in tmp_path.iterdir()] == ([] if before == "absent" else ["place"])


def test_a_directory_that_has_something_in_it_stays(tmp_path):
    (tmp_path / "made").mkdir()
    (tmp_path / "made/theirs").touch()
    (note,) = restore_path(str(tmp_path / "made"), ABSENT)
    assert "not empty" in note
    assert (tmp_path / "made/theirs").exists()


def test_what_is_below_a_file_is_absent(tmp_path):
    (tmp_path / "file").touch()
    assert look_at_path(str(tmp_path / "file/below")) == ABSENT


def test_what_is_no_file_is_not_read(tmp_path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "socket"))
        assert look_at_path(str(tmp_path / "socket"))["kind"] == "other"


# --- what a journal keeps of it


def test_a_fingerprint_shows_rights_and_hides_content_and_hashes(tmp_path):
    path = tmp_path / "place"
    file(path)
    look = look_at_path(str(path))
    found = fingerprint(look)
    assert {name: found[name] for name in ("kind", "mode", "uid", "gid")} == {
        name: look[name] for name in ("kind", "mode", "uid", "gid")
    }
    assert found["content"] == digest(base64.b64encode(b"old \xff\n").decode())
    lines = {"/etc/shadow": ["deploy:$6$salt$hash:1:0:::::"]}
    assert "$6$" not in str(fingerprint(lines))
    assert fingerprint({"/etc/shadow": ["deploy:*:1:0:::::"]}) != fingerprint(lines)


NEW = base64.b64encode(b"new\n").decode()
LOOK = {"kind": "file", "content": NEW, "mode": 0o644, "uid": 0, "gid": 0}


@pytest.mark.parametrize(
    ("now", "after", "content", "is_left_so"),
    [
        (LOOK, fingerprint(LOOK), None, True),
        ({**LOOK, "mode": 0o600}, fingerprint(LOOK), None, False),
        ({**LOOK, "content": "dGhlaXJz"}, fingerprint(LOOK), digest(NEW), False),
        (ABSENT, fingerprint(LOOK), None, False),
        # Of a step that was killed nothing but the content that it was about to write is known.
        ({**LOOK, "mode": 0o600}, None, digest(NEW), True),
        ({**LOOK, "content": "dGhlaXJz"}, None, digest(NEW), False),
        (ABSENT, None, digest(NEW), True),
        (LOOK, None, None, True),
    ],
)
def test_it_is_ours_while_it_looks_as_our_step_left_it(now, after, content, is_left_so):
    assert is_ours(now, after, content) is is_left_so


# --- accounts


@pytest.fixture
def databases(tmp_path):
    """passwd and shadow; the other databases are not on every host."""
    (tmp_path / "etc").mkdir()
    for name, lines in (("passwd", PASSWD), ("shadow", SHADOW)):
        (tmp_path / "etc" / name).write_text("".join(f"{line}\n" for line in lines))
    (tmp_path / "etc/shadow").chmod(0o640)
    return tmp_path / "etc"


def test_an_account_is_its_own_lines_in_each_database_that_there_is(databases):
    assert look_at_account("deploy") == {
        str(databases / "passwd"): [PASSWD[1]],
        str(databases / "shadow"): [SHADOW[2]],
    }
    assert look_at_account("nobody") == {str(databases / "passwd"): [], str(databases / "shadow"): []}


@pytest.mark.parametrize(
    ("now", "restored"),
    [
        ([PASSWD[0], "deploy:x:1000:1000::/home/deploy:/bin/zsh", PASSWD[2]], PASSWD),
        ([PASSWD[0], PASSWD[2]], [PASSWD[0], PASSWD[2], PASSWD[1]]),
        ([PASSWD[2], PASSWD[1], PASSWD[0]], [PASSWD[2], PASSWD[1], PASSWD[0]]),
        (["deploy:x:0:0::/:/bin/sh", *PASSWD], [PASSWD[1], PASSWD[0], PASSWD[2]]),
        ([*PASSWD, "# a comment", ""], [*PASSWD, "# a comment", ""]),
    ],
)
def test_an_account_comes_back_and_every_other_line_stays_in_its_place(databases, now, restored):
    old = look_at_account("deploy")
    (databases / "passwd").write_text("".join(f"{line}\n" for line in now))
    assert restore_account("deploy", old) == []
    assert (databases / "passwd").read_text().splitlines() == restored


def test_an_account_that_was_made_goes_and_leaves_the_rights_of_the_databases(databases):
    absent = {path: [] for path in look_at_account("deploy")}
    restore_account("deploy", absent)
    assert (databases / "passwd").read_text().splitlines() == [PASSWD[0], PASSWD[2]]
    assert (databases / "shadow").read_text().splitlines() == SHADOW[:2]
    assert (mode(databases / "shadow"), mode(databases / "passwd")) == (0o640, 0o644)


GROUPS = ["root:x:0:", "sudo:x:27:ann,deploy", "adm:x:4:deploy", "users:x:100:deployer", "deploy:x:1000:", "odd"]


@pytest.mark.parametrize(
    ("before", "left"),
    [
        ((), ["root:x:0:", "sudo:x:27:ann", "adm:x:4:", "users:x:100:deployer", "odd"]),
        (("adm",), ["root:x:0:", "sudo:x:27:ann", "adm:x:4:deploy", "users:x:100:deployer", "odd"]),
    ],
)
def test_an_account_that_goes_leaves_the_groups_that_it_has_joined(databases, before, left):
    (databases / "group").write_text("\n".join(GROUPS))
    assert look_at_account("deploy")["member_of"] == ["adm", "sudo"]
    absent = {str(databases / name): [] for name in ("passwd", "shadow", "group")}
    assert restore_account("deploy", {**absent, "member_of": list(before)}) == []
    assert (databases / "group").read_text().splitlines() == left


def test_an_account_that_stays_is_in_the_groups_that_it_is_in(databases):
    old = {**look_at_account("deploy"), str(databases / "group"): []}
    (databases / "group").write_text("docker:x:99:deploy\n")
    restore_account("deploy", old)
    assert (databases / "group").read_text() == "docker:x:99:deploy\n"
    assert fingerprint(look_at_account("deploy")) == fingerprint({**old, str(databases / "group"): []})


def test_a_database_with_the_right_lines_is_not_written_again(databases):
    before = os.stat(databases / "passwd").st_ino
    restore_account("deploy", look_at_account("deploy"))
    assert os.stat(databases / "passwd").st_ino == before


def test_bytes_that_are_no_text_and_a_last_line_without_an_end_stay(databases):
    (databases / "passwd").write_bytes(b"deploy:x:9:9::/:/bin/sh\nj\xf6rg:x:1002:1002::/:/bin/sh")
    restore_account("deploy", {str(databases / "passwd"): [PASSWD[1]]})
    assert (databases / "passwd").read_bytes() == PASSWD[1].encode() + b"\nj\xf6rg:x:1002:1002::/:/bin/sh"


def test_a_line_is_not_glued_to_one_without_an_end(databases):
    (databases / "passwd").write_text(PASSWD[0])
    restore_account("deploy", {str(databases / "passwd"): [PASSWD[1]]})
    assert (databases / "passwd").read_text().splitlines() == PASSWD[:2]


# --- units


class Systemd:
    """Answers and remembers."""

    def __init__(self, enabled, active, failing=()):
        self.text = f"UnitFileState={enabled}\nActiveState={active}\n"
        self.failing, self.told = failing, []

    def ask(self, argv):
        assert argv[:2] == ["systemctl", "show"]
        return self.text

    def run(self, argv):
        self.told.append(argv[1:])
        return [f"{argv[1]} failed"] if argv[1] in self.failing else []


@pytest.fixture
def systemd(monkeypatch):
    def put(*words, **options):
        made = Systemd(*words, **options)
        monkeypatch.setattr(places, "ask", made.ask)
        monkeypatch.setattr(places, "run", made.run)
        return made

    return put


def test_a_unit_is_described_in_systemds_own_words(systemd):
    systemd("enabled", "active")
    assert look_at_unit("ufw.service") == {"enabled": "enabled", "active": "active"}


def test_without_systemd_a_unit_is_nothing(monkeypatch):
    monkeypatch.setattr(places, "ask", lambda _argv: "")
    assert look_at_unit("ufw.service") == {"enabled": "", "active": ""}


# Without what systemd would stop along with it.
STOP = ["stop", "--job-mode=ignore-dependencies", "ufw"]


@pytest.mark.parametrize(
    ("old", "told"),
    [
        ({"enabled": "enabled", "active": "active"}, []),
        ({"enabled": "disabled", "active": "inactive"}, [["disable", "ufw"], STOP]),
        ({"enabled": "enabled", "active": "inactive"}, [STOP]),
        ({"enabled": "", "active": "active"}, [["disable", "ufw"]]),
    ],
)
def test_a_unit_starts_and_runs_as_before(systemd, old, told):
    made = systemd("enabled", "active")
    assert restore_unit("ufw", old) == []
    assert made.told == told


def test_a_unit_that_was_stopped_and_disabled_is_started_and_enabled(systemd):
    made = systemd("disabled", "inactive", failing=("start",))
    assert restore_unit("ufw", {"enabled": "enabled", "active": "active"}) == ["start failed"]
    assert made.told == [["enable", "ufw"], ["start", "ufw"]]


def test_a_full_name_may_hold_what_looks_like_the_end_of_a_line(databases):
    strange = "strange:x:1001:1001:two\u2028lines:/home/strange:/bin/sh\n"
    (databases / "passwd").write_text(strange)
    restore_account("deploy", {str(databases / "passwd"): [PASSWD[1]]})
    assert (databases / "passwd").read_text() == strange + PASSWD[1] + "\n"
