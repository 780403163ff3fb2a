from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Native, State
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.names import (
    LOGICAL,
    first_natives,
    resolve,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.releases import RELEASES
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.systems import family_of

SUPPORTED = [Platform(row.name, row.version, family=family_of(row.name)) for row in RELEASES]


def names(name: str, platform: Platform, state: State = State.PRESENT) -> list[str]:
    return [native.name for native in resolve([name], platform, state)[name]]


@pytest.mark.parametrize(
    ("name", "release", "expected"),
    [
        ("python", ("ubuntu", "24.04", "debian"), ["python3"]),
        ("python", ("rhel", "8.10", "redhat"), ["python3.12"]),
        ("python-headers", ("ubuntu", "22.04", "debian"), ["python3-dev"]),
        ("python-headers", ("freebsd", "15.1", "freebsd"), []),
        ("python-venv", ("debian", "12", "debian"), ["python3-venv"]),
        ("python-venv", ("rocky", "9.7", "redhat"), []),
        ("fail2ban", ("ubuntu", "22.04", "debian"), ["fail2ban", "python3-systemd", "iptables"]),
        ("fail2ban", ("debian", "12", "debian"), ["fail2ban", "python3-systemd", "iptables"]),
        ("fail2ban", ("ubuntu", "24.04", "debian"), ["fail2ban", "python3-systemd", "nftables"]),
        ("fail2ban", ("debian", "13", "debian"), ["fail2ban", "python3-systemd", "nftables"]),
        ("automatic-updates", ("ubuntu", "26.04", "debian"), ["unattended-upgrades"]),
        ("automatic-updates", ("centos", "9", "redhat"), ["dnf-automatic"]),
        ("firewall", ("ubuntu", "24.04", "debian"), ["ufw"]),
        ("firewall", ("freebsd", "14.5", "freebsd"), []),
        ("time-sync", ("ubuntu", "24.04", "debian"), ["systemd-timesyncd"]),
        ("time-sync", ("ubuntu", "26.04", "debian"), ["chrony"]),
        ("time-sync", ("almalinux", "10.0", "redhat"), ["chrony"]),
        ("nginx", ("ubuntu", "24.04", "debian"), ["nginx"]),
    ],
)
def test_a_name_stands_for_the_packages_of_its_system(name, release, expected):
    distribution, version, family = release
    assert names(name, Platform(distribution, version, family=family)) == expected


def test_on_the_debian_family_any_clock_daemon_will_do():
    (native,) = resolve(["time-sync"], Platform("ubuntu", "24.04", family="debian"))["time-sync"]
    assert native == Native("systemd-timesyncd", instead=("time-daemon",))


def test_what_a_package_needs_besides_stays_when_the_package_goes():
    assert names("fail2ban", Platform("debian", "12", family="debian"), State.ABSENT) == ["fail2ban"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nginx=1.2-3", ["nginx=1.2-3"]),
        ("libssl3:i386=3.0", ["libssl3:i386=3.0"]),
        ("fail2ban=1.0.2-2", ["fail2ban=1.0.2-2", "python3-systemd", "iptables"]),
        ("/srv/x=1.deb", ["/srv/x=1.deb"]),
    ],
)
def test_a_version_is_that_of_the_thing_itself(name, expected):
    natives = resolve([name], Platform("debian", "12", family="debian"))[name]
    assert [native.spelled for native in natives] == expected


def test_only_the_thing_itself_is_held():
    debian, bsd = Platform("debian", "12", family="debian"), Platform("freebsd", "15.1", family="freebsd")
    assert first_natives(["fail2ban", "nginx", "fail2ban"], debian) == ("fail2ban", "nginx")
    assert first_natives(["sudo", "firewall"], bsd) == ("sudo",)


@pytest.mark.parametrize("name", sorted(LOGICAL))
@pytest.mark.parametrize("platform", SUPPORTED, ids=lambda platform: f"{platform.name}-{platform.version}")
def test_each_name_has_an_entry_for_each_release(name, platform):
    assert all(native.name for native in resolve([name], platform)[name])
