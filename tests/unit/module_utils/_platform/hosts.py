"""Fake hosts that run one of the releases under tests/unit/fixtures."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.os_release import parse_os_release
from tests.unit.fakes import FakeHost

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PRO_STATUS = "/var/lib/ubuntu-advantage/status.json"


def fixture(name: str) -> str:
    return (FIXTURES / name).read_text(encoding="utf-8")


def host_of(release: str, *, pro_status: str | None = None) -> FakeHost:
    """A machine, no container, with systemd or FreeBSD's rc, whose os-release was written after its last update."""
    return FakeHost(
        files={
            "/etc/os-release": fixture(f"{release}/os-release"),
            "/run/systemd/container": None,
            "/.dockerenv": None,
            "/run/.containerenv": None,
            "/proc/1/environ": "HOME=/\0TERM=linux\0",
            PRO_STATUS: pro_status,
        },
        directories={"/run/systemd/system": ()},
        answers={"sysctl -n security.jail.jailed": "0\n", **_userland(release)},
    )


def _userland(release: str) -> dict[str, str]:
    """What rc.d/os-release of freebsd-src writes as VERSION is what freebsd-version says."""
    version = parse_os_release(fixture(f"{release}/os-release")).get("VERSION", "")
    return {"freebsd-version -u": f"{version}\n"} if release.startswith("freebsd-") else {}
