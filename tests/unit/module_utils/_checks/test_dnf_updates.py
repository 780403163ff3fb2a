"""UPD-001 and UPD-002 on Enterprise Linux."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import services
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.dnf_updates import as_glob
from tests.unit.module_utils._checks.centos_worlds import (
    AUTOMATIC,
    on_centos,
    prepared_centos,
    repositories,
    said,
    seen,
)
from tests.unit.module_utils._checks.worlds import CENTOS, SHOW_REDHAT_UNITS, check, context, look, put

SHIPPED = said("prepared/automatic.conf").partition("# BEGIN")[0]
MAIN, INSTALL = "dnf-automatic.timer", "dnf-automatic-install.timer"
NOTIFY, DOWNLOAD = "dnf-automatic-notifyonly.timer", "dnf-automatic-download.timer"
OFF, ON = ("inactive", "disabled"), ("active", "enabled")
ADVISORIES = repositories(advisories=("baseos", "appstream"))


def timers(command="", **states):
    """systemd's answer with the timers in other states; `command` is what dnf-automatic.service starts."""
    blocks = said("prepared/systemctl-show-redhat.txt").split("\n\n")
    for number, name in enumerate(services.REDHAT_UNITS):
        key = name.partition(".")[0].replace("dnf-automatic", "").lstrip("-") or "main"
        if name.endswith(".timer") and key in states:
            active, enabled = states[key]
            lines = [line for line in blocks[number].splitlines() if line.startswith("Triggers")]
            blocks[number] = "\n".join([*lines, f"ActiveState={active}", f"UnitFileState={enabled}"])
        if command and name == "dnf-automatic.service":
            blocks[number] = blocks[number].replace("/usr/bin/dnf-automatic /etc/dnf/automatic.conf --timer", command)
    return {SHOW_REDHAT_UNITS: "\n\n".join(blocks)}


def says(text):
    return {AUTOMATIC: text}


@pytest.mark.parametrize(
    ("_case", "answers", "files", "status", "words"),
    [
        ("as made by us", {}, {}, Status.PASS, ["dnf-automatic.timer is on"]),
        ("as the package makes it", {}, says(SHIPPED), Status.FAIL, ["installs nothing (apply_updates = no in /etc"]),
        ("told nothing", {}, says("[commands]\n"), Status.FAIL, ["apply_updates = no"]),
        ("no file", {}, says(None), Status.FAIL, ["apply_updates = no"]),
        ("no timer", timers(main=OFF), {}, Status.FAIL, ["none of its timers is on"]),
        ("masked", timers(main=("inactive", "masked")), {}, Status.FAIL, ["systemctl unmask dnf-automatic.timer"]),
        ("not running", timers(main=("inactive", "enabled")), {}, Status.FAIL, ["does not run"]),
        ("not at boot", timers(main=("active", "disabled")), {}, Status.FAIL, ["does not start at boot"]),
        (
            "only told of",
            timers(main=OFF, notifyonly=ON),
            {},
            Status.FAIL,
            ["what dnf-automatic-notifyonly.timer starts installs nothing (--no-installupdates)"],
        ),
        ("only downloaded", timers(main=OFF, download=ON), {}, Status.FAIL, ["(--no-installupdates)"]),
        ("two timers", timers(notifyonly=ON), {}, Status.FAIL, ["2 of its timers are on", NOTIFY]),
        ("installed whatever the file says", timers(main=OFF, install=ON), says(SHIPPED), Status.PASS, []),
        (
            "an option of somebody's",
            timers("/usr/bin/dnf-automatic --no-installupdates"),
            {},
            Status.FAIL,
            ["(--no-installupdates)"],
        ),
        (
            "another file",
            timers("/usr/bin/dnf-automatic /etc/site.conf --timer"),
            {"/etc/site.conf": "[commands]\napply_updates = no\n"},
            Status.FAIL,
            ["in /etc/site.conf"],
        ),
        ("another program", timers("/usr/bin/true"), {}, Status.FAIL, ["starts /usr/bin/true"]),
        (
            "a file that dnf cannot read",
            {},
            says("[commands]\napply_updates: yes\n"),
            Status.FAIL,
            [AUTOMATIC, "line 2"],
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_updates_run_if_what_the_timer_starts_installs_them(_case, answers, files, status, words):
    found = seen("UPD-001", put(prepared_centos(), answers=answers, files=files))
    assert found.status is status, found.observed
    assert [word for word in words if word not in found.observed] == []


@pytest.mark.parametrize("check_id", ["UPD-001", "UPD-002"])
def test_a_host_without_dnf_automatic_has_no_automatic_updates(check_id):
    host = prepared_centos()
    del host.programs["dnf-automatic"]
    found = seen(check_id, host)
    assert (found.status, found.observed) == (Status.FAIL, "dnf-automatic is not installed")


SECURITY = says(SHIPPED.replace("upgrade_type = default", "upgrade_type = security"))


@pytest.mark.parametrize(
    ("_case", "part", "files", "status", "words"),
    [
        ("all, where nothing tells them apart", {}, {}, Status.PASS, ["all updates: baseos, appstream publish no"]),
        ("security, where nothing tells", {}, SECURITY, Status.FAIL, ["upgrade_type is security", "ever installed"]),
        ("security, where advisories tell", ADVISORIES, SECURITY, Status.PASS, ["advisories call security updates"]),
        ("security, where one is silent", repositories(advisories=("baseos",)), SECURITY, Status.FAIL, ["appstream"]),
        ("security of another's alone", repositories(advisories=("epel",)), SECURITY, Status.FAIL, ["baseos"]),
        (
            "security, and nothing cached",
            repositories(cached=()),
            SECURITY,
            Status.FAIL,
            ["usually publish none"],
        ),
        ("all, where advisories tell", ADVISORIES, {}, Status.PASS, ["looked for: all updates"]),
        ("a word that dnf does not know", {}, says("[commands]\nupgrade_type = Security\n"), Status.PASS, ["all"]),
        ("some are left out", {}, says("[base]\nexcludepkgs=kernel*, x\n"), Status.PASS, ["left out: kernel*, x"]),
        ("all are left out", {}, says("[base]\nexclude=*\n"), Status.FAIL, ["every package is left out"]),
        (
            "all are left out by dnf itself",
            {},
            {"/etc/dnf/dnf.conf": "[main]\nexcludepkgs=*\n"},
            Status.FAIL,
            ["every package is left out"],
        ),
        (
            "the distribution's repositories are off",
            {},
            {"/etc/yum.repos.d/centos.repo": "[baseos]\nenabled=0\n[appstream]\nenabled=1\n"},
            Status.FAIL,
            ["no repository with baseos"],
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_security_updates_are_found_where_they_can_be_told_or_all_are_taken(_case, part, files, status, words):
    found = seen("UPD-002", put(put(prepared_centos(), **part), files=files))
    assert found.status is status, found.observed
    assert [word for word in words if word not in found.observed] == []


ROCKY = replace(CENTOS, name="rocky", version="9.7")
OURS = says(
    f"{SHIPPED}# BEGIN groundwork.python_host\n[commands]\nupgrade_type = security\n# END groundwork.python_host\n"
)


@pytest.mark.parametrize(
    ("_case", "platform", "part", "status"),
    [
        ("Rocky Linux", ROCKY, SECURITY, Status.UNKNOWN),
        ("CentOS Stream, where advisories told once", CENTOS, OURS, Status.UNKNOWN),
        ("CentOS Stream", CENTOS, SECURITY, Status.FAIL),
        ("all updates", ROCKY, {}, Status.PASS),
        ("another problem", ROCKY, {**SECURITY, "/etc/dnf/dnf.conf": "[main]\nexcludepkgs=*\n"}, Status.FAIL),
    ],
    ids=lambda value: str(value)[:40],
)
def test_with_nothing_cached_security_updates_alone_are_not_known_to_be_found(_case, platform, part, status):
    host = put(put(prepared_centos(), **repositories(cached=())), files=part)
    found = look("UPD-002", host, context(platform=platform))
    assert found.status is status, found.observed
    if status is Status.UNKNOWN:
        assert "dnf makecache" in found.remedy


# Beside the distribution's own repositories, as Rocky Linux names those of symbols; they publish no advisories.
SYMBOLS = repositories(
    advisories=("baseos", "appstream"), cached=("baseos", "appstream", "baseos-debug", "appstream-debug")
)
SYMBOLS["files"]["/etc/yum.repos.d/centos.repo"] += "\n[baseos-debug]\nenabled=1\n[appstream-debug]\nenabled=1\n"


@pytest.mark.parametrize(
    ("_case", "platform", "part", "files", "wished"),
    [
        ("CentOS Stream", CENTOS, {}, {}, "default"),
        ("Rocky Linux", ROCKY, ADVISORIES, {}, "security"),
        ("symbols beside them", ROCKY, SYMBOLS, {}, "security"),
        ("a mirror without advisories", ROCKY, repositories(), {}, "default"),
        ("a mirror with some", ROCKY, repositories(advisories=("baseos",)), {}, "default"),
        ("nothing cached, CentOS Stream", CENTOS, repositories(cached=()), says(SHIPPED), "default"),
        ("nothing cached, Rocky Linux", ROCKY, repositories(cached=()), says(SHIPPED), "security"),
        ("nothing cached any more, Rocky Linux", ROCKY, repositories(cached=()), {}, "default"),
        ("dnf's own file has a fault", ROCKY, {}, {**says(SHIPPED), "/etc/dnf/dnf.conf": "best=True\n"}, "security"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_security_updates_alone_are_asked_for_where_they_can_be_told(_case, platform, part, files, wished):
    host = put(put(prepared_centos(), **part), files=files)
    (setting,) = check("UPD-002").settings(host, context(platform=platform))
    assert (setting.key, setting.value) == ("commands/upgrade_type", wished)


def settings(text=SHIPPED, platform=CENTOS, **options):
    host = put(prepared_centos(), files=says(text))
    found = check("UPD-001").settings(host, context(platform=platform, **options))
    return {setting.key: setting.value for setting in found}


def test_without_wishes_nothing_is_excluded_mailed_or_rebooted():
    assert settings() == {"commands/apply_updates": "yes", "commands/download_updates": "yes"}


def test_the_users_wishes_are_added_to_those_of_others_in_the_same_file():
    theirs = "[emitters]\nemit_via = motd\n[base]\nexcludepkgs = java*,\n  site\n"
    for text in (theirs, said("prepared/automatic.conf") + theirs):
        found = settings(text, update_mail="ops@example.org", update_exclude=("linux-.*", "java*", "^glibc$"))
        assert found["emitters/emit_via"] == "motd, email"
        assert found["email/email_to"] == "ops@example.org"
        assert found["base/excludepkgs"] == "java* site linux-* glibc"


def test_a_file_that_dnf_cannot_read_adds_nothing():
    assert settings("[base]\nexcludepkgs: x\n", update_exclude=("y",))["base/excludepkgs"] == "y"


@pytest.mark.parametrize(("pattern", "glob"), [("kernel*", "kernel*"), ("linux-.*", "linux-*"), ("^a.*$", "a*")])
def test_one_pattern_serves_both_families(pattern, glob):
    assert as_glob(pattern) == glob


def test_release_10_restarts_by_itself_and_older_ones_by_their_service():
    found = settings(platform=replace(CENTOS, version="10"), update_reboot="when-needed")
    assert found["commands/reboot"] == "when-needed"
    found = settings(update_reboot="when-needed")
    assert "commands/reboot" not in found
    assert "exec shutdown -r" in found["Service/ExecStartPost"]


def turned(answers, files=None):
    host = put(prepared_centos(), answers=answers, files=files or {})
    return [" ".join(action.argv[1:]) for action in check("UPD-001").remedy(host, on_centos())]


@pytest.mark.parametrize(
    ("_case", "answers", "expected"),
    [
        ("on", {}, []),
        ("off", timers(main=OFF), [f"enable --now {MAIN}"]),
        ("not at boot", timers(main=("active", "disabled")), [f"enable --now {MAIN}"]),
        (
            "another one in its place",
            timers(main=OFF, notifyonly=ON),
            [f"enable --now {MAIN}", f"disable --now {NOTIFY}"],
        ),
        ("another one beside it", timers(download=ON), [f"disable --now {DOWNLOAD}"]),
        ("one that installs in its place", timers(main=OFF, install=ON), []),
        (
            "one that installs, not at boot",
            timers(main=OFF, install=("active", "disabled")),
            [f"enable --now {INSTALL}"],
        ),
        ("one that installs beside it", timers(install=ON), [f"disable --now {INSTALL}"]),
        ("masked", timers(main=("inactive", "masked"), notifyonly=ON), []),
    ],
    ids=lambda value: str(value)[:40],
)
def test_one_timer_is_on_afterwards(_case, answers, expected):
    assert turned(answers) == expected
