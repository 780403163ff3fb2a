"""The nightly job on FreeBSD, whole and as cron starts it, with either form of the base system."""

from __future__ import annotations

import json
import re

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.update_job import CRONTAB_PATH
from tests.integration_hosts.plays import hosts, paths, play, shell
from tests.integration_hosts.systems import FREEBSD

CHECKLIST = paths.ROOT / "tests/integration_hosts/checklist.yml"
VARIABLES = {
    "ansible_python_interpreter": FREEBSD.python,
    "python_host_skip": [check.check_id for check in CHECKS if check.check_id != "UPD-001"],
}
# Both the job and freebsd-update find their programs in /sbin before /bin, where FreeBSD's sleep is.
NO_WAITING = "printf '#!/bin/sh\\necho \"$1\" >> /tmp/slept\\n' > /sbin/sleep; chmod 0755 /sbin/sleep"
# The command of the crontab's line, in the environment that cron(8) makes.
NIGHT = f"""\
rm -f /tmp/slept /var/mail/root
command=$(sed -n 's/^[0-9].* root //p' {CRONTAB_PATH})
env -i HOME=/root LOGNAME=root PATH=/usr/bin:/bin SHELL=/bin/sh /bin/sh -c "$command" || echo "ended with $?"
"""
VERSIONS = "freebsd-version -kru"
INSTALLED = "pkg query '%n-%v'"
# A repository whose next runtime needs a package that does without another one.
BASE, BASE_CONF, LOSING = "FreeBSD-base", "/usr/local/etc/pkg/repos/FreeBSD.conf", "/var/tmp/losing"
WOULD_LOSE = [
    {"name": "FreeBSD-runtime", "version": "15.1p9", "origin": "base/FreeBSD-runtime", "depends": ["FreeBSD-new"]},
    {"name": "FreeBSD-new", "version": "15.1p9", "origin": "base/FreeBSD-new", "conflicts": ["FreeBSD-blocklist"]},
]


@pytest.fixture(scope="module")
def sets():
    """Its base system came as distribution sets."""
    with hosts("update-job-sets", image="freebsd") as (host,):
        yield with_job(host)


@pytest.fixture(scope="module")
def packaged():
    """Its base system is packages."""
    with hosts("update-job-packaged", image="freebsd15") as (host,):
        yield with_job(host)


def with_job(host):
    shell(host, FREEBSD.functions)
    run = play(CHECKLIST, [host.inventory], variables=VARIABLES)
    assert run.statuses() == {"UPD-001": "fixed"}, run.output
    shell(host, NO_WAITING)
    return host


def seconds_waited(host):
    (seconds,) = shell(host, "cat /tmp/slept").split()
    return int(seconds)


def is_quiet(host):
    """A night with nothing to do: nothing is printed, for cron to mail, and nothing changes."""
    before = shell(host, f"{VERSIONS}; {INSTALLED}")
    printed = shell(host, NIGHT)
    return (printed, shell(host, f"{VERSIONS}; {INSTALLED}")) == ("", before)


def test_distribution_sets_are_fetched_and_installed_by_freebsd_update(sets):
    assert shell(sets, VERSIONS).split() == ["14.5-RELEASE-p1"] * 3
    printed = shell(sets, NIGHT)
    assert 0 <= seconds_waited(sets) <= 3600
    assert shell(sets, VERSIONS).split() == ["14.5-RELEASE-p2", "14.5-RELEASE-p1", "14.5-RELEASE-p2"]
    assert "Installing updates... done." in printed
    assert "ended with" not in printed
    letter = shell(sets, "cat /var/mail/root")
    assert re.search(r"^Subject: .* security updates$", letter, re.MULTILINE)
    assert "will be updated as part of updating to\n14.5-RELEASE-p2:" in letter


def test_the_night_after_is_quiet(sets):
    assert is_quiet(sets)
    assert shell(sets, "cat /var/mail/root 2>/dev/null || true") == ""


def test_a_packaged_base_system_that_would_lose_a_package_is_left_as_it_is(packaged):
    before = shell(packaged, f"{INSTALLED} | grep ^FreeBSD-")
    shell(packaged, f"mkdir {LOSING}; echo '{json.dumps(WOULD_LOSE)}' > {LOSING}/packages.json")
    shell(
        packaged, f"cp {BASE_CONF} {LOSING}; echo '{BASE}: {{ enabled: yes, url: \"file://{LOSING}\" }}' > {BASE_CONF}"
    )
    printed = shell(packaged, NIGHT)
    shell(packaged, f"mv {LOSING}/FreeBSD.conf {BASE_CONF}")
    assert "pkg upgrade -r FreeBSD-base would remove packages, and waits for somebody to do it." in printed
    assert "ended with 1" in printed
    assert shell(packaged, f"{INSTALLED} | grep ^FreeBSD-") == before


def test_a_packaged_base_system_is_upgraded_by_pkg(packaged):
    printed = shell(packaged, NIGHT)
    assert 1 <= seconds_waited(packaged) <= 3600
    assert "ended with" not in printed
    assert shell(packaged, VERSIONS).split() == ["15.1-RELEASE-p1", "15.1-RELEASE", "15.1-RELEASE-p1"]
    installed = set(shell(packaged, INSTALLED).split())
    assert {"FreeBSD-runtime-15.1p1", "FreeBSD-kernel-generic-15.1p1", "FreeBSD-ssh-15.1p1"} <= installed
    assert "FreeBSD-blocklist-15.1" in installed
    assert "FreeBSD-runtime: 15.1 -> 15.1p1" in printed


def test_the_night_after_is_quiet_there_too(packaged):
    assert is_quiet(packaged)
