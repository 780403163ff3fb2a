from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import dnf_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageRequest,
    Upgrade,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_files import CONTENT_FORMAT
from tests.unit.module_utils._packages.dnf_hosts import (
    ANYTHING,
    QUERY,
    answered,
    dnf_host,
    plan,
    simulation,
    text,
)

CACHE = "/var/cache/dnf"


def request(*names: str, **options: object) -> PackageRequest:
    return PackageRequest(names, **options)


def test_what_comes_with_a_stream_is_noted():
    host = dnf_host(**{simulation("install", "modular"): answered("stream")})
    assert "modular:1" in " ".join(plan(host, request("modular")).notes)


def advisories(index: str):
    host = dnf_host(
        files={f"{CACHE}/baseos-0123456789abcdef/repodata/repomd.xml": index},
        **{simulation(ANYTHING, "upgrade-minimal", "--security"): answered("nothing", 0)},
    )
    host.directories[CACHE] = ("baseos-0123456789abcdef", "baseos.solv", "crb-0123456789abcdef")
    return host


def test_where_no_repository_has_advisories_security_does_not_pretend():
    (note,) = plan(advisories("<repomd/>"), request(upgrade=Upgrade.SECURITY)).notes
    assert "baseos publish no advisories" in note
    assert "nothing was upgraded by it; use upgrade: all" in note


def test_where_there_are_advisories_there_is_nothing_to_say():
    host = advisories('<repomd><data type="updateinfo"/></repomd>')
    assert plan(host, request(upgrade=Upgrade.SECURITY)).notes == ()


@pytest.mark.parametrize(
    ("wanted", "command", "noted"),
    [
        (request(upgrade=Upgrade.ALL, allow_downgrade=True), ("upgrade",), True),
        (
            request("demo=1.1", upgrade=Upgrade.ALL, allow_downgrade=True),
            dnf_command.joined([("install", "demo=1.1"), ("upgrade",)]),
            False,
        ),
    ],
)
def test_an_upgrade_that_makes_something_older_tells_so_unless_that_was_asked_for(wanted, command, noted):
    installed = text("rpm-qa.txt").replace("demo\t0:1.0", "demo\t0:1.2")
    host = dnf_host(installed=installed, **{simulation(ANYTHING, *command): answered("downgrade")})
    notes = " ".join(plan(host, wanted).notes)
    assert ("makes packages older" in notes and "demo 1.2-1.el9 to 1.1-1.el9" in notes) is noted


def test_a_repository_whose_packages_are_not_checked_is_noted():
    host = dnf_host(
        files={"/etc/yum.repos.d/centos.repo": "[baseos]\ngpgcheck=0\n"},
        **{simulation("install", "weak"): answered("install-weak")},
    )
    assert "the packages of baseos are not checked by signature" in " ".join(plan(host, request("weak")).notes)


FILE = "/root/agent.rpm"


def test_a_package_file_that_is_installed_needs_no_dnf():
    read = f"rpm -qp --qf {CONTENT_FORMAT} {FILE}"
    host = dnf_host(files={FILE: "x"}, **{read: "demo\t0:1.0-1.el9\tnoarch\tsigned\n"})
    assert plan(host, request(FILE)).is_empty
    assert set(host.asked) == {QUERY, read}


@pytest.mark.parametrize(("signature", "noted"), [("unsigned", True), ("signed", False)])
def test_a_package_file_that_nothing_vouches_for_is_noted(signature, noted):
    read = f"rpm -qp --qf {CONTENT_FORMAT} {FILE}"
    host = dnf_host(
        files={FILE: "x"},
        **{read: f"weak\t0:1.0-1.el9\tnoarch\t{signature}\n", simulation("install", FILE): answered("install-weak")},
    )
    assert any("localpkg_gpgcheck" in note for note in plan(host, request(FILE)).notes) is noted
