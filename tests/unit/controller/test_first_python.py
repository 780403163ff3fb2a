"""The script that finds or installs a first Python, with package tools that answer as told."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
import yaml

from tests.tools import paths

SCRIPT = paths.ROOT / "playbooks/files/python.sh"
# No Python is that new, so there is always one to install.
TOO_NEW = "99"


@pytest.fixture
def answer(tmp_path):
    """What the script answers where these programs do what these lines say; each writes down how it was called."""

    def run(task, wanted="", *, path="/usr/bin:/bin", **programs):
        for name, lines in {"id": "echo 0", "timeout": 'shift 2; exec "$@"', **programs}.items():
            program = tmp_path / name
            program.write_text(f'#!/bin/sh\necho "{name} $*" >>{tmp_path}/calls\n{lines}\n')
            program.chmod(0o755)
        variables = {**os.environ, "PATH": f"{tmp_path}:{path}"}
        command = ["/bin/sh", str(SCRIPT), task, TOO_NEW, wanted]
        return subprocess.run(command, env=variables, capture_output=True, text=True, check=True).stdout

    return run


def calls(tmp_path, name):
    written = tmp_path / "calls"
    return (
        [line for line in written.read_text().splitlines() if line.startswith(f"{name} ")] if written.exists() else []
    )


def test_a_look_asks_no_package_tool(answer, tmp_path):
    assert answer("look", dnf="exit 1").startswith("groundwork_packages=python3 ")
    assert calls(tmp_path, "dnf") == []


def test_names_that_there_are_not_are_tried_one_after_the_other(answer, tmp_path):
    said = answer("install", dnf="echo Error: Unable to find a match: python3 >&2; exit 1")
    assert "is in the repositories of dnf" in said
    assert len(calls(tmp_path, "dnf")) > 1


def test_a_package_tool_that_does_not_end_is_waited_for_once(answer, tmp_path):
    said = answer("install", dnf="exit 1", timeout="echo Waiting for process with pid 12 to finish.; exit 124")
    assert said.startswith("groundwork_problem=dnf was stopped after 15 minutes.")
    assert "Waiting for process with pid 12" in said
    assert len(calls(tmp_path, "timeout")) == 1


# --- the login

LOGIN = "\ngroundwork_uid=0\ngroundwork_sudo="


def test_it_tells_who_logged_in_and_whether_there_is_a_sudo(answer, tmp_path):
    assert LOGIN in answer("look", dnf="exit 1")
    assert f"{LOGIN}{tmp_path}/sudo\n" in answer("look", dnf="exit 1", sudo="exit 0")


@pytest.mark.parametrize("name", ["way_in", "install_python"])
def test_what_goes_through_the_shell_of_a_login_is_taken_by_csh_as_well(name):
    """csh ends a quoted text at a line break, and takes an exclamation mark for history even inside of quotes."""
    tasks = yaml.safe_load((paths.ROOT / f"playbooks/tasks/{name}.yml").read_text())
    texts = [task["ansible.builtin.raw"] for task in tasks if "ansible.builtin.raw" in task]
    texts += [task["vars"]["way_in_look"] for task in tasks if "way_in_look" in task.get("vars", {})]
    assert texts
    assert not any("\n" in text.strip() or "!" in text for text in texts)


# --- FreeBSD: what pkg prints is derived from freebsd/pkg (src/install.c, src/rquery.c) and os_facts of pkg 2.8

PKG = """
case "$*" in
-N) [ -e {place}/bootstrapped ] ;;
bootstrap) [ "$ASSUME_ALWAYS_YES" = yes ] && touch {place}/bootstrapped ;;
"rquery -U -e %o = lang/python3 %dn") echo indexinfo; echo python312 ;;
"install -y python312") [ "$LOCK_RETRIES" = 300 ] && touch {place}/installed ;;
"install -y "*) echo "pkg: No packages available to install matching '$3' have been found"; exit 1 ;;
esac
"""


@pytest.fixture
def freebsd(answer, tmp_path):
    """A host without a Python until pkg installs its default one, and without any other package tool."""
    python, base = tmp_path / "python3.77", tmp_path / "base"
    python.write_text(f"#!/bin/sh\n[ -e {tmp_path}/installed ]\n")
    python.chmod(0o755)
    base.mkdir()
    for name in ("sh", "env", "grep", "head", "sed", "tail", "touch", "tr"):
        (base / name).symlink_to(shutil.which(name))

    def run(task, pkg=PKG):
        return answer(task, str(python), path=str(base), pkg=pkg.format(place=tmp_path))

    return run


def test_freebsds_pkg_is_asked_for_nothing_by_a_look(freebsd, tmp_path):
    assert freebsd("look").startswith("groundwork_packages=python377 lang/python3\n")
    assert calls(tmp_path, "pkg") == []


def test_freebsd_gets_the_python_that_its_packages_are_built_for_and_pkg_first(freebsd, tmp_path):
    assert freebsd("install").startswith(f"groundwork_python={tmp_path}/python3.77\n")
    assert calls(tmp_path, "pkg") == [
        "pkg -N",
        "pkg bootstrap",
        "pkg update",
        "pkg install -y python377",
        "pkg rquery -U -e %o = lang/python3 %dn",
        "pkg install -y python312",
    ]


def test_a_pkg_that_is_there_is_not_installed_again(freebsd, tmp_path):
    (tmp_path / "bootstrapped").touch()
    freebsd("install")
    assert "pkg bootstrap" not in calls(tmp_path, "pkg")


def test_a_mirror_that_cannot_be_reached_is_told_in_pkgs_words(freebsd):
    said = freebsd("install", pkg="echo 'pkg: Error fetching https://pkg.FreeBSD.org/: No address record' >&2; exit 1")
    assert said.startswith("groundwork_problem=pkg cannot reach its repositories.")
    assert "No address record" in said


def test_repositories_without_any_python_are_told(freebsd):
    nothing = PKG.replace("echo indexinfo; echo python312", ":")
    assert "none of the packages python377 lang/python3 is in the repositories of pkg" in freebsd("install", nothing)
