"""UPD-001 and UPD-002 on FreeBSD."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import crontabs, update_job
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.freebsd_updates import (
    IS_BASE_PACKAGED,
    JOB,
    JOB_CRONTAB,
    PKG,
    READY,
    SHOWCONFIG,
    crontab_of,
    host_with,
    prepared_with,
    said,
)
from tests.unit.module_utils._checks.freebsd_worlds import FREEBSD_14, FREEBSD_15, on_freebsd, services
from tests.unit.module_utils._checks.worlds import check, look, put

JAIL = replace(FREEBSD_14, container="jail")
OURS = crontab_of()


def prepared(platform=FREEBSD_14):
    return prepared_with(FakeHost(), platform)


def found(check_id, host, platform=FREEBSD_14):
    return look(check_id, host, on_freebsd(platform=platform))


def stat(mode=0o755, uid=0):
    return {JOB: FileStat("file", mode, "root" if uid == 0 else "bob", "wheel", uid)}


@pytest.mark.parametrize(
    ("_case", "part", "status", "words"),
    [
        ("as made by us", {}, Status.PASS, ["every day; the base system's part: freebsd-update"]),
        (
            "updates wait",
            {"answers": {READY: "There are updates available to install.\n"}},
            Status.PASS,
            ["freebsd-update, with updates that are fetched and wait"],
        ),
        ("cron stopped", {"answers": services(cron="enabled stopped")}, Status.FAIL, ["cron does not run"]),
        ("cron not at boot", {"answers": services(cron="disabled running")}, Status.FAIL, ["not start at boot"]),
        ("no crontab", {"files": {JOB_CRONTAB: ""}}, Status.FAIL, [f"no crontab that cron reads starts {JOB} as root"]),
        ("a comment", {"files": {JOB_CRONTAB: OURS.replace("41 4", "# 41 4")}}, Status.FAIL, ["no crontab"]),
        ("another user", {"files": {JOB_CRONTAB: OURS.replace(" root ", " bob ")}}, Status.FAIL, ["as root"]),
        (
            "on Mondays",
            {"files": {JOB_CRONTAB: OURS.replace("41 4 * * *", "41 4 * * 1")}},
            Status.FAIL,
            [f"{JOB_CRONTAB} starts it only at 41 4 * * 1"],
        ),
        (
            "by root's own crontab",
            {"files": {JOB_CRONTAB: "", crontabs.ROOTS_OWN: f"@daily {JOB}\n"}},
            Status.PASS,
            [],
        ),
        ("another program", {"files": {JOB: "#!/bin/sh\n"}}, Status.FAIL, ["not the program of this version"]),
        ("not executable", {"stats": stat(0o644)}, Status.FAIL, ["root's with mode 0644, expected root's with 0755"]),
        ("others may write it", {"stats": stat(0o775)}, Status.FAIL, ["mode 0775"]),
        ("another's", {"stats": stat(uid=1001)}, Status.FAIL, ["bob's"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_updates_install_themselves_if_cron_starts_our_job_every_day(_case, part, status, words):
    seen = found("UPD-001", put(prepared(), **part))
    assert seen.status is status, seen.observed
    assert [word for word in words if word not in seen.observed] == []


def test_a_fresh_host_only_fetches_at_most():
    seen = found("UPD-001", put(host_with(FakeHost()), files={crontabs.SYSTEM: "0 3 * * * root freebsd-update cron\n"}))
    assert (seen.status, "is not there" in seen.observed) == (Status.FAIL, True)


def test_where_the_base_system_is_packaged_freebsd_update_is_never_asked():
    host = prepared(FREEBSD_15)
    assert found("UPD-001", host, FREEBSD_15).observed.endswith("the base system's part: pkg")
    assert found("UPD-002", host, FREEBSD_15).status is Status.PASS
    assert [command for command in host.asked if command.startswith("freebsd-update")] == []


def test_a_jails_base_system_is_its_hosts():
    host = prepared()
    assert found("UPD-001", host, JAIL).observed.endswith("done from its host")
    assert found("UPD-002", host, JAIL).status is Status.PASS
    assert [command for command in host.asked if command.startswith("freebsd-update")] == []


def repository(name, old, new, version="14.5"):
    before, block = said("pkg-vv.txt", version).split(f"  {name}: {{", 1)
    return {PKG: before + f"  {name}: {{" + block.replace(old, new, 1)}


SITE = '  site: { \n    url             : "{}",\n    enabled         : yes,\n    mirror_type     : "NONE"\n  }\n'


def beside(url):
    return {PKG: said("pkg-vv.txt") + SITE.replace("{}", url)}


def configured(old, new):
    return {SHOWCONFIG: said("showconfig.txt").replace(old, new)}


@pytest.mark.parametrize(
    ("_case", "answers", "status", "words"),
    [
        ("as installed", {}, Status.PASS, ["FreeBSD (pkg+https://pkg.FreeBSD.org/FreeBSD:14:amd64/quarterly)"]),
        (
            "by a mirror",
            repository("FreeBSD", "pkg.FreeBSD.org", "mirror.example.org"),
            Status.PASS,
            ["mirror.example"],
        ),
        (
            "switched off",
            {PKG: said("pkg-vv.txt").replace("enabled         : yes", "enabled         : no")},
            Status.FAIL,
            ["no repository with FreeBSD's own packages is switched on"],
        ),
        ("none", {PKG: "Version : 2.7.0\n"}, Status.FAIL, ["no repository with FreeBSD's own"]),
        (
            "other keys",
            {PKG: said("pkg-vv.txt").replace("/usr/share/keys/pkg", "/usr/local/etc/keys")},
            Status.FAIL,
            ["no repository with FreeBSD's own"],
        ),
        (
            "another unchecked",
            beside("https://pkg.example.org/x"),
            Status.FAIL,
            ["the repository site are installed un"],
        ),
        ("one on this host", beside("file:///usr/local/packages"), Status.PASS, []),
        ("another key", configured("800651ef", "deadbeef"), Status.FAIL, ["trusts another key", "deadbeef"]),
        ("without the kernel", configured("world kernel", "world"), Status.FAIL, ["leaves out kernel"]),
        ("parts of it", configured("world kernel", "world/base kernel/generic"), Status.PASS, []),
        ("no release", {"uname -r": "15.0-STABLE\n"}, Status.FAIL, ["15.0-STABLE is no release"]),
        ("one that is about to be", {"uname -r": "14.5-RC1\n"}, Status.PASS, []),
        ("nothing at all", configured("IGNOREPATHS=", "IGNOREPATHS=/"), Status.FAIL, ["leaves out every path"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_updates_come_from_freebsd_and_are_checked(_case, answers, status, words):
    seen = found("UPD-002", put(prepared(), answers=answers))
    assert seen.status is status, seen.observed
    assert [word for word in words if word not in seen.observed] == []


def test_a_packaged_base_system_needs_its_repository():
    for old, new in (("pkgbase-15", "somebody"), ("FreeBSD-base: {", "else: {")):
        host = put(prepared(FREEBSD_15), answers={PKG: said("pkg-vv.txt", "15.1").replace(old, new)})
        seen = found("UPD-002", host, FREEBSD_15)
        assert (seen.status, "no repository FreeBSD-base" in seen.observed) == (Status.FAIL, True)


def test_the_base_systems_own_repository_has_no_packages():
    off = said("pkg-vv.txt", "15.1").replace("enabled         : yes", "enabled         : no", 2)
    seen = found("UPD-002", put(prepared(FREEBSD_15), answers={PKG: off}), FREEBSD_15)
    assert (seen.status, "no repository with FreeBSD's own packages" in seen.observed) == (Status.FAIL, True)


def test_the_wishes_stand_in_the_crontab():
    line = crontab_of(update_mail="ops@example.org", update_exclude=("^nginx.*$", "py3*"), update_reboot="when-needed")
    assert line.splitlines()[1:] == [
        "SHELL=/bin/sh",
        "MAILTO=ops@example.org",
        f"41 4 * * * root /usr/bin/lockf -s -t 0 /var/run/groundwork-updates.lock {JOB} -m ops@example.org -r "
        "-x 'nginx*' -x 'py3*'",
    ]
    (entry,) = crontabs.parse(line, JOB_CRONTAB)
    assert entry.is_roots
    assert entry.is_daily
    assert update_job.PATH in entry.command.split()


def test_without_wishes_root_gets_the_mail_and_nothing_is_left_out_or_restarted():
    assert OURS.splitlines()[-1].endswith(f".lock {JOB}")
    assert "MAILTO" not in OURS


def test_cron_is_switched_on():
    off = put(prepared(), answers={**services(cron="disabled stopped"), "sysrc -i -n cron_enable": "NO\n"})
    assert [" ".join(action.argv) for action in check("UPD-001").remedy(off, on_freebsd())] == [
        "sysrc cron_enable=YES",
        "service cron onestart",
    ]
    assert list(check("UPD-001").remedy(prepared(), on_freebsd())) == []
    assert IS_BASE_PACKAGED not in off.asked
