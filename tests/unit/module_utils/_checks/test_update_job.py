"""The program that installs FreeBSD's updates, run by a shell with doubles of FreeBSD's tools."""

from __future__ import annotations

import subprocess

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import update_job

# What each tool writes down of its call, and how a test lets it answer: a file beside it, run after that.
TOOL = """\
#!/bin/sh
echo "$(basename "$0") $*" >> "$(dirname "$0")/../calls"
[ ! -e "$0.answer" ] || . "$0.answer"
"""
TOOLS = ("freebsd-update", "freebsd-version", "jot", "logger", "pkg", "shutdown", "sleep", "sysctl")
VERSIONS = """\
case $1 in
-k) echo {installed} ;;
-r) echo {running} ;;
-u) cat "$(dirname "$0")/../userland" ;;
-ku) echo {installed}; cat "$(dirname "$0")/../userland" ;;
esac
"""
PKG = """\
case "$1 $2" in
"which -q") exit {packaged} ;;
"audit -F") {audit} ;;
"query -a") cat "$(dirname "$0")/../installed" ;;
"query %k %n") shift 2; for each; do echo "0 ${{each%-*}}"; done; echo "1 locked" ;;
"query -g") [ "$4" != "py3*" ] || printf '0 py312-x\\n1 py312-y\\n0 py312-z\\n' ;;
"upgrade -n") {plan} ;;
esac
"""


class Host:
    """A directory with doubles of the tools."""

    def __init__(self, root):
        self.root = root
        self.tools = root / "bin"
        self.tools.mkdir()
        for name in TOOLS:
            (self.tools / name).write_text(TOOL)
            (self.tools / name).chmod(0o755)
        (root / "userland").write_text("14.5-RELEASE-p1\n")
        (root / "installed").write_text("nginx-1.28.0\n")
        (root / "work").mkdir()
        self.answers("sysctl", "echo 0")
        self.updates(":")
        self.versions()
        self.pkg()

    def answers(self, name, script):
        (self.tools / f"{name}.answer").write_text(script)

    def updates(self, script):
        """What freebsd-update does besides showing its configuration."""
        self.answers("freebsd-update", f"[ $1 != showconfig ] && {{ {script}; }} || echo WORKDIR={self.root}/work")

    def versions(self, installed="14.5-RELEASE-p1", running="14.5-RELEASE-p1"):
        self.answers("freebsd-version", VERSIONS.format(installed=installed, running=running))

    def pkg(self, *, packaged=1, audit=":", plan=":"):
        self.answers("pkg", PKG.format(packaged=packaged, audit=audit, plan=plan))

    def run(self, *arguments):
        program = self.root / "program"
        text = update_job.SCRIPT.replace("PATH=/sbin", f"PATH={self.tools}:/sbin", 1)
        program.write_text(text.replace("record=/var/db", f"record={self.root}", 1))
        done = subprocess.run(
            ["sh", str(program), *arguments], capture_output=True, text=True, check=False, timeout=60, cwd=self.root
        )
        calls = (self.root / "calls").read_text().splitlines()
        (self.root / "calls").unlink()
        asking = ("sysctl", "logger", "freebsd-version", "jot", "pkg which", "pkg query", "freebsd-update showconfig")
        return done, [call for call in calls if not call.startswith(asking)]


@pytest.fixture
def host(tmp_path):
    return Host(tmp_path)


def test_a_night_without_updates_is_quiet(host):
    done, calls = host.run()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert calls == ["freebsd-update cron install", "pkg audit -F -q"]


@pytest.mark.parametrize(("code", "told"), [(2, 0), (1, 1)])
def test_nothing_to_install_is_no_fault_and_anything_else_is(host, code, told):
    host.updates(f"exit {code}")
    done, _calls = host.run()
    assert done.returncode == told


def test_a_packaged_base_system_is_pkgs_after_a_while(host):
    host.pkg(packaged=0)
    _done, calls = host.run()
    base = ["pkg upgrade -n -r FreeBSD-base", "pkg upgrade -y -r FreeBSD-base"]
    assert calls == ["sleep ", *base, "pkg audit -F -q"]


def test_a_packaged_base_system_that_would_lose_packages_waits_for_somebody_and_the_others_do_not(host):
    plan = "[ $3 != -r ] || echo 'Installed packages to be REMOVED:'"
    host.pkg(packaged=0, audit="echo nginx-1.28.0; exit 1", plan=plan)
    done, calls = host.run()
    base, nginx = ["pkg upgrade -n -r FreeBSD-base"], ["pkg upgrade -n nginx", "pkg upgrade -y nginx"]
    assert (done.returncode, calls) == (1, ["sleep ", *base, "pkg audit -F -q", *nginx])
    assert "pkg upgrade -r FreeBSD-base would remove packages, and waits for somebody to do it." in done.stdout


def test_a_jails_base_system_is_left_to_its_host(host):
    host.answers("sysctl", "echo 1")
    done, calls = host.run("-r")
    assert (done.returncode, calls) == (0, ["pkg audit -F -q"])


def test_an_upgrade_to_another_release_is_never_finished_by_night(host):
    (host.root / "work" / "install.Ab12").mkdir()
    (host.root / "work" / "install.Ab12" / "kernelfirst").touch()
    done, calls = host.run()
    assert (done.returncode, calls) == (1, ["pkg audit -F -q"])
    assert "An upgrade to another release is not finished" in done.stdout


def test_only_what_is_vulnerable_is_upgraded_by_its_name(host):
    host.pkg(audit="echo nginx-1.28.0; echo py312-x-1.0; exit 1")
    done, calls = host.run()
    assert done.returncode == 0
    assert calls[-4:] == [
        *("pkg upgrade -n nginx", "pkg upgrade -y nginx"),
        *("pkg upgrade -n py312-x", "pkg upgrade -y py312-x"),
    ]


def test_an_upgrade_that_removes_packages_waits_for_somebody(host):
    plan = "[ $3 != nginx ] || echo 'Installed packages to be REMOVED:'"
    host.pkg(audit="echo nginx-1.28.0; echo zlib-1.3; exit 1", plan=plan)
    done, calls = host.run()
    assert (done.returncode, calls[-3:]) == (1, ["pkg upgrade -n nginx", "pkg upgrade -n zlib", "pkg upgrade -y zlib"])
    assert "pkg upgrade nginx would remove packages, and waits for somebody to do it." in done.stdout


def test_an_audit_that_fails_is_told(host):
    host.pkg(audit="echo 'pkg: cannot fetch vulnxml file' >&2; exit 1")
    done, _calls = host.run()
    assert (done.returncode, "cannot fetch" in done.stdout) == (1, True)


def test_a_change_is_told_and_mail_goes_where_it_was_wished(host):
    host.updates(f'echo Installed; echo 14.5-RELEASE-p2 > "{host.root}/userland"')
    done, calls = host.run("-m", "ops@example.org")
    assert calls[0] == "freebsd-update -t ops@example.org cron install"
    assert (done.returncode, done.stdout) == (0, "Installed\n")


def test_what_is_left_out_is_locked_meanwhile_and_what_was_locked_stays_so(host):
    _done, calls = host.run("-x", "py3*", "-x", "absent*")
    assert calls[:2] == ["pkg lock -q -y py312-x", "pkg lock -q -y py312-z"]
    assert calls[-2:] == ["pkg unlock -q -y py312-x", "pkg unlock -q -y py312-z"]
    assert not (host.root / "groundwork-updates.held").exists()


def test_what_a_killed_run_has_left_locked_is_let_go_by_the_next_one(host):
    (host.root / "groundwork-updates.held").write_text("nginx\n")
    _done, calls = host.run()
    assert calls[:2] == ["pkg unlock -q -y nginx", "freebsd-update cron install"]


def test_without_the_lock_nothing_is_upgraded(host):
    host.answers("pkg", PKG.format(packaged=1, audit=":", plan=":") + '[ "$1" != lock ] || exit 1\n')
    done, calls = host.run("-x", "py3*")
    assert (done.returncode, calls[0]) == (1, "pkg lock -q -y py312-x")
    assert {call.split()[1] for call in calls} == {"lock", "unlock"}


@pytest.mark.parametrize(("installed", "restarts"), [("14.5-RELEASE-p1", False), ("14.5-RELEASE-p2", True)])
def test_the_host_is_restarted_where_another_kernel_is_installed_than_runs(host, installed, restarts):
    host.versions(installed=installed)
    _done, calls = host.run("-r")
    assert (calls[-1] == "shutdown -r +5 Updates need a restart") is restarts
    _done, calls = host.run()
    assert not any(call.startswith("shutdown") for call in calls)


def test_the_host_is_restarted_where_the_userland_was_updated(host):
    host.updates(f'echo 14.5-RELEASE-p2 > "{host.root}/userland"')
    _done, calls = host.run("-r")
    assert calls[-1].startswith("shutdown -r +5")


def test_an_option_that_it_does_not_know_ends_it(host):
    (host.root / "calls").touch()
    done, calls = host.run("-z")
    assert (done.returncode, calls) == (64, [])
