from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandMissing, Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.detect import detect
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.releases import RELEASES
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._platform.hosts import fixture, host_of

NO_OS_RELEASE = {"/etc/os-release": None, "/usr/lib/os-release": None}
NO_CONTAINER = {"/run/systemd/container": None, "/.dockerenv": None, "/run/.containerenv": None, "/proc/1/environ": ""}
NO_INIT = {"/run/systemd/system": None, "/run/openrc": None}


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        (
            "ubuntu-24.04",
            Platform("ubuntu", "24.04", "noble", "debian", "apt", True, "systemd", "", "Ubuntu 24.04.5 LTS"),
        ),
        (
            "debian-12",
            Platform(
                "debian", "12", "bookworm", "debian", "apt", False, "systemd", "", "Debian GNU/Linux 12 (bookworm)"
            ),
        ),
        ("centos-9", Platform("centos", "9", "", "redhat", "dnf", False, "systemd", "", "CentOS Stream 9")),
        (
            "rhel-10",
            Platform(
                "rhel",
                "10.0",
                "Coughlan",
                "redhat",
                "dnf",
                False,
                "systemd",
                "",
                "Red Hat Enterprise Linux 10.0 (Coughlan)",
            ),
        ),
        (
            "freebsd-14.4",
            Platform("freebsd", "14.4", "", "freebsd", "pkg", False, "rc", "", "FreeBSD 14.4-RELEASE-p3"),
        ),
        ("freebsd-14.5", Platform("freebsd", "14.5", "", "freebsd", "pkg", False, "rc", "", "FreeBSD 14.5-RELEASE")),
        ("freebsd-15.1", Platform("freebsd", "15.1", "", "freebsd", "pkg", False, "rc", "", "FreeBSD 15.1-RELEASE-p2")),
    ],
)
def test_a_release_is_read_from_its_own_os_release(release, expected):
    assert detect(host_of(release)) == expected


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: f"{release.name}-{release.version}")
def test_every_release_of_the_table_is_recognised_by_its_fixture(release):
    platform = detect(host_of(f"{release.name}-{release.version}"))
    assert (platform.name, platform.lts) == (release.name, release.lts)
    assert platform.version == release.version or platform.major == release.version
    assert release.codename in ("", platform.codename)
    assert platform.family != "unknown"
    assert platform.package_tool != "unknown"


def test_linux_is_recognised_without_a_command():
    host = host_of("ubuntu-22.04")
    detect(host)
    assert host.asked == []


def test_freebsd_that_was_updated_since_its_boot_is_what_its_userland_is():
    host = host_of("freebsd-14.4")
    host.answers["freebsd-version -u"] = "14.5-RELEASE-p1\n"
    found = detect(host)
    assert (found.version, found.pretty_name) == ("14.5", "FreeBSD 14.5-RELEASE-p1")


def test_freebsd_whose_userland_does_not_answer_is_what_its_os_release_says():
    host = host_of("freebsd-15.1")
    host.answers["freebsd-version -u"] = CommandMissing("freebsd-version")
    assert (detect(host).version, detect(host).pretty_name) == ("15.1", "FreeBSD 15.1-RELEASE-p2")


def test_the_second_place_of_os_release_serves_when_the_first_is_absent():
    host = FakeHost(
        files={"/etc/os-release": None, "/usr/lib/os-release": fixture("rocky-9/os-release"), **NO_CONTAINER},
        directories={"/run/systemd/system": ()},
    )
    assert detect(host).name == "rocky"


def test_a_derivative_belongs_to_the_family_that_it_names_first():
    text = 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"\n'
    host = FakeHost(files={"/etc/os-release": text, **NO_CONTAINER}, stats=NO_INIT)
    platform = detect(host)
    assert (platform.name, platform.family, platform.package_tool) == ("linuxmint", "debian", "apt")


def test_an_lts_that_the_table_does_not_know_is_taken_at_its_word():
    text = 'ID=ubuntu\nVERSION_ID="28.04"\nVERSION="28.04 LTS (Untold Unicorn)"\nNAME="Ubuntu"\n'
    host = FakeHost(files={"/etc/os-release": text, **NO_CONTAINER}, stats=NO_INIT)
    platform = detect(host)
    assert platform.lts
    assert platform.pretty_name == "Ubuntu 28.04 LTS (Untold Unicorn)"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            {
                "uname -sr": "FreeBSD 14.4-RELEASE-p1\n",
                "freebsd-version -u": "14.4-RELEASE-p3\n",
                "sysctl -n security.jail.jailed": "1\n",
            },
            Platform("freebsd", "14.4", "", "freebsd", "pkg", False, "rc", "jail", "FreeBSD 14.4-RELEASE-p3"),
        ),
        (
            {
                "uname -sr": "FreeBSD 13.5-RELEASE\n",
                "freebsd-version -u": CommandMissing("freebsd-version"),
                "sysctl -n security.jail.jailed": CommandMissing("sysctl"),
            },
            Platform("freebsd", "13.5", "", "freebsd", "pkg", False, "rc", "", "FreeBSD 13.5-RELEASE"),
        ),
        (
            {"uname -sr": "Darwin 24.1.0\n", "sw_vers -productVersion": "15.1\n"},
            Platform("macos", "15.1", service_manager="launchd", pretty_name="macOS 15.1"),
        ),
        ({"uname -sr": "Linux 6.1.0\n"}, Platform("unknown", pretty_name="Linux 6.1.0")),
        ({"uname -sr": CommandMissing("uname")}, Platform("unknown")),
    ],
)
def test_without_os_release_the_kernel_names_the_system(answers, expected):
    assert detect(FakeHost(answers=answers, files={**NO_OS_RELEASE, **NO_CONTAINER}, stats=NO_INIT)) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"/run/systemd/container": "lxc\n"}, "lxc"),
        ({"/.dockerenv": ""}, "docker"),
        ({"/run/.containerenv": ""}, "podman"),
        ({"/proc/1/environ": "HOME=/\0container=lxc\0"}, "lxc"),
        ({"/proc/1/environ": "mycontainer=lxc\0"}, ""),
        ({}, ""),
    ],
)
def test_a_container_is_known_by_its_marks(found, expected):
    files = {"/etc/os-release": fixture("debian-12/os-release"), **NO_CONTAINER, **found}
    assert detect(FakeHost(files=files, stats=NO_INIT)).container == expected


def test_an_ordinary_user_does_not_ask_what_only_root_may_read():
    files = {"/etc/os-release": fixture("debian-12/os-release"), **NO_CONTAINER}
    del files["/proc/1/environ"]
    assert detect(FakeHost(files=files, stats=NO_INIT, uid=1000)).container == ""


@pytest.mark.parametrize(
    ("found", "expected"),
    [(["/run/systemd/system", "/run/openrc"], "systemd"), (["/run/openrc"], "openrc"), ([], "none")],
)
def test_the_service_manager_is_the_one_that_runs(found, expected):
    host = FakeHost(
        files={"/etc/os-release": fixture("debian-12/os-release"), **NO_CONTAINER},
        stats={path: stat for path, stat in NO_INIT.items() if path not in found},
        directories=dict.fromkeys(found, ()),
    )
    assert detect(host).service_manager == expected


class UnreadableHost(FakeHost):
    def read_text(self, path):
        raise Unreadable(path, "Permission denied")

    def stat(self, path):
        raise Unreadable(path, "Permission denied")


def test_a_host_that_may_not_be_read_at_all_is_unknown_and_no_error():
    assert detect(UnreadableHost(answers={"uname -sr": CommandMissing("uname")})) == Platform("unknown")
