"""Packages go again where nothing else would go with them, by an apt, a dnf or a pkg that answers as told."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command, Touches
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import removal, way_back
from tests.unit.module_utils._recovery.program_copies import TOKEN, Copy

SETTINGS = ["--setopt=clean_requirements_on_remove=False", "--setopt=exit_on_lock=True"]
TABLE = """\
Dependencies resolved.
================================================================================
 Package          Architecture    Version          Repository            Size
================================================================================
Removing:
{named}{others}
Transaction Summary
================================================================================
Remove  2 Packages

Freed space: 2.4 M
Operation aborted."""
REMOVE = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=60", "remove"]


class Apt:
    """What is installed, and what depends on it."""

    name = "apt-get"

    def __init__(self, installed, needed_by=None, note=""):
        self.installed, self.needed_by, self.note = set(installed), needed_by or {}, note
        self.ran = []

    def ask(self, argv):
        if argv[0] == "dpkg-query":
            return "installed" if argv[-1] in self.installed else "deinstall"
        assert argv[:3] == ["apt-get", "-s", "remove"]
        going = {*argv[3:], *(name for package in argv[3:] for name in self.needed_by.get(package, ()))}
        return "".join(f"Remv {name} [1.0]\n" for name in sorted(going))

    def run(self, argv, *, seconds=60):
        self.ran.append(argv)
        assert seconds > 60
        if not self.note:
            self.installed -= set(argv)
        return [self.note] if self.note else []


class Dnf(Apt):
    """Its table has the columns of dnf 4.14, with a long name on a line of its own."""

    name = "dnf"

    def ask(self, argv):
        if argv[0] == "rpm":
            return argv[-1] if argv[-1] in self.installed else f"package {argv[-1]} is not installed"
        assert argv[:5] == ["dnf", "--assumeno", *SETTINGS, "remove"]
        named = argv[5:]
        others = [name for package in named for name in self.needed_by.get(package, ())]
        return TABLE.format(
            named="".join(row(name) for name in sorted(named)),
            others="Removing dependent packages:\n" + "".join(row(name) for name in others) if others else "",
        )


def row(name):
    columns = "x86_64  0.9-1.el9  @appstream  1.2 M\n"
    return f" {name}  {columns}" if len(name) < 20 else f" {name}\n                 {columns}"


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A run that has installed these by name."""

    def make(apt, *names):
        monkeypatch.setattr(removal, "ask", apt.ask)
        monkeypatch.setattr(removal.shutil, "which", lambda name, path: name if name == apt.name else None)
        monkeypatch.setattr(way_back, "run", apt.run)
        monkeypatch.setattr(removal, "DNF_LOCKS", ())
        copy = Copy(tmp_path)
        copy.journal.open()
        copy.step(Command(("apt-get", "install"), touches=Touches(packages=names)), lambda: None, danger="")
        copy.journal.close("finished")
        return copy

    return make


def removed(*names):
    return [{"kind": "packages", "target": " ".join(names), "before": "installed by name", "after": "removed"}]


def test_what_was_installed_by_name_goes_again(installed):
    apt = Apt(["ufw", "fail2ban", "nginx"])
    copy = installed(apt, "ufw", "fail2ban")
    assert copy.run("undo")[1] == {"undone": removed("ufw", "fail2ban"), "left": []}
    assert apt.ran == [[*REMOVE, "ufw", "fail2ban"]]


def test_a_check_foretells_it_and_removes_nothing(installed):
    apt = Apt(["ufw"])
    copy = installed(apt, "ufw")
    assert copy.run("undo", "--check")[1]["undone"] == removed("ufw")
    assert apt.ran == []


def test_a_package_that_another_one_needs_by_now_stays_and_is_told(installed):
    apt = Apt(["ufw", "gufw"], needed_by={"ufw": ["gufw"]})
    answer = installed(apt, "ufw").run("undo")[1]
    assert answer == {"undone": [], "left": ["ufw stay installed: gufw would be removed with them"]}
    assert apt.ran == []


def test_packages_stay_as_long_as_something_is_left_that_may_need_them(installed, tmp_path):
    apt = Apt(["ufw"])
    copy = installed(apt, "ufw")
    copy.journal = copy.new_journal("second")
    copy.journal.open()
    copy.make(tmp_path / "rules", "ours\n")
    copy.journal.close("finished")
    (tmp_path / "rules").write_text("theirs\n")
    answer = copy.run("undo")[1]
    assert (answer["undone"], apt.ran) == ([], [])
    assert answer["left"][-1] == "ufw stay installed as long as something is left that may need them"


def test_what_somebody_has_removed_already_is_no_trouble(installed):
    apt = Apt(["fail2ban"])
    copy = installed(apt, "ufw", "fail2ban")
    assert copy.run("undo")[1] == {"undone": removed("fail2ban"), "left": []}


def test_what_apt_refuses_to_remove_is_told_and_not_called_removed(installed):
    answer = installed(Apt(["ufw"], note="apt-get: E: Could not get lock"), "ufw").run("undo")[1]
    assert answer == {"undone": [], "left": ["apt-get: E: Could not get lock"]}


def test_a_way_back_at_a_boot_or_after_a_time_removes_no_package(installed):
    apt = Apt(["ufw"])
    copy = installed(apt, "ufw")
    copy.journal = copy.new_journal(TOKEN)
    copy.journal.open()
    copy.arm()
    copy.finish()
    assert copy.run("boot")[1]["undone"] == []
    assert apt.ran == []


LONG = "a-package-with-a-name-of-many-words"


def test_on_enterprise_linux_dnf_says_what_would_go_and_removes_it(installed):
    dnf = Dnf(["firewalld", LONG])
    assert installed(dnf, "firewalld", LONG).run("undo")[1] == {"undone": removed("firewalld", LONG), "left": []}
    assert dnf.ran == [["dnf", "-q", "-y", *SETTINGS, "remove", "firewalld", LONG]]


def test_what_dnf_would_remove_besides_is_told_and_stays(installed):
    dnf = Dnf(["firewalld", LONG], needed_by={"firewalld": [LONG]})
    answer = installed(dnf, "firewalld").run("undo")[1]
    assert answer == {"undone": [], "left": [f"firewalld stay installed: {LONG} would be removed with them"]}
    assert dnf.ran == []


def test_a_dnf_that_does_not_say_what_would_go_removes_nothing(installed):
    dnf = Dnf(["firewalld"])
    dnf.ask = lambda argv: "firewalld" if argv[0] == "rpm" else ""
    answer = installed(dnf, "firewalld").run("undo")[1]
    assert answer["left"] == ["firewalld stay installed: dnf does not say what would go with them"]
    assert dnf.ran == []


@pytest.fixture
def lock(installed, tmp_path, monkeypatch):
    """A lock file of dnf in which a process can be named, and what is done in a pause."""
    path, during = tmp_path / "lock.pid", []
    processes = {b"812": b"dnf-automatic\n"}

    def read(asked):
        return processes.get(asked.split("/")[2].encode()) if asked.startswith("/proc") else path.read_bytes()

    def make(dnf, *names):
        copy = installed(dnf, *names)
        now = iter(range(10_000))
        monkeypatch.setattr(removal, "DNF_LOCKS", (str(path),))
        monkeypatch.setattr(removal, "read", read)
        monkeypatch.setattr(removal.time, "monotonic", lambda: next(now))
        monkeypatch.setattr(removal.time, "sleep", lambda _seconds: [deed() for deed in during])
        return copy

    return path, during, make


def test_another_dnf_at_work_is_named_when_it_does_not_end_in_time(lock):
    path, _during, make = lock
    path.write_text("812\n")
    dnf = Dnf(["firewalld"])
    answer = make(dnf, "firewalld").run("undo")[1]
    assert answer["left"] == [
        f"firewalld stay installed: another package tool is at work: {path} is held by dnf-automatic (process 812) "
        "and was not free within 60 s"
    ]
    assert dnf.ran == []


def test_another_dnf_that_ends_in_time_is_waited_for(lock):
    path, during, make = lock
    path.write_text("812")
    during.append(lambda: path.write_text(""))
    assert make(Dnf(["firewalld"]), "firewalld").run("undo")[1]["undone"] == removed("firewalld")


def test_the_lock_of_a_dnf_that_was_killed_is_not_waited_for(lock):
    path, during, make = lock
    path.write_text("4")
    during.append(pytest.fail)
    assert make(Dnf(["firewalld"]), "firewalld").run("undo")[1]["undone"] == removed("firewalld")


class Pkg(Apt):
    """Its summary is that of src/utils.c and src/delete.c of freebsd/pkg."""

    name = "pkg"

    def ask(self, argv):
        if argv[:4] == ["pkg", "query", "-C", "%n"]:
            return argv[-1] if argv[-1] in self.installed else ""
        assert argv[:4] == ["pkg", "delete", "-n", "-C"]
        named = argv[4:]
        others = [(other, name) for name in named for other in self.needed_by.get(name, ())]
        rows = [f"\t{name}: 1.2_3,1" for name in named] + [f"\t{one}: 2.0 (depends on {of}-1.2)" for one, of in others]
        return (
            "Checking integrity... done (0 conflicting)\nDeinstallation has been requested for the following 2 "
            "packages (of 0 packages in the universe):\n\nInstalled packages to be REMOVED:\n"
            + "\n".join(rows)
            + "\n\n"
            "Number of packages to be removed: 2\n\nThe operation will free 3 MiB."
        )


def test_on_freebsd_pkg_says_what_would_go_and_removes_it(installed):
    pkg = Pkg(["sudo", "py312-fail2ban"])
    assert installed(pkg, "sudo", "py312-fail2ban").run("undo")[1] == {
        "undone": removed("sudo", "py312-fail2ban"),
        "left": [],
    }
    patient = ["-o", "LOCK_WAIT=1", "-o", "LOCK_RETRIES=60"]
    assert pkg.ran == [["pkg", *patient, "delete", "-q", "-y", "-C", "sudo", "py312-fail2ban"]]


def test_what_pkg_would_remove_besides_is_told_and_stays(installed):
    pkg = Pkg(["sudo", "sudo-logs"], needed_by={"sudo": ["sudo-logs"]})
    answer = installed(pkg, "sudo").run("undo")[1]
    assert answer == {"undone": [], "left": ["sudo stay installed: sudo-logs would be removed with them"]}
    assert pkg.ran == []
