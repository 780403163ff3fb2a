# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads which operating system a host runs, with no command at all on Linux.

Sources for FreeBSD, all in freebsd/freebsd-src: libexec/rc/rc.d/os-release, freebsd-version(1), and for
`security.jail.jailed` sys/kern/kern_jail.c.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.os_release import (
    codename,
    is_lts,
    parse_os_release,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.releases import find
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.systems import (
    KERNELS,
    PACKAGE_TOOLS,
    SYSTEMS,
    family_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

_OS_RELEASE_PATHS = ("/etc/os-release", "/usr/lib/os-release")
_CONTAINER_MARKS = {"/.dockerenv": "docker", "/run/.containerenv": "podman"}
USERLAND = ("freebsd-version", "-u")
_SERVICE_MANAGERS = {"freebsd": "rc", "macos": "launchd"}


def detect(host: HostReader) -> Platform:
    """The host's platform; a host that tells nothing of itself is the platform `unknown`."""
    release = _up_to_date(host, _os_release(host))
    name = release.get("ID", "unknown")
    family = family_of(name, like=tuple(release.get("ID_LIKE", "").split()))
    return Platform(
        name=name,
        version=release.get("VERSION_ID", ""),
        codename=codename(release),
        family=family,
        package_tool=PACKAGE_TOOLS.get(family, "unknown"),
        lts=_is_lts(release, name),
        service_manager=_service_manager(host, name),
        container=_container(host, name),
        pretty_name=_pretty_name(release),
    )


def _os_release(host: HostReader) -> Mapping[str, str]:
    for path in _OS_RELEASE_PATHS:
        text = _text(host, path)
        if text:
            return parse_os_release(text)
    return _from_kernel(host)


def _from_kernel(host: HostReader) -> Mapping[str, str]:
    """What os-release would say, on a system that has none."""
    kernel, _space, kernel_version = _answer(host, ("uname", "-sr")).partition(" ")
    name = KERNELS.get(kernel)
    if name == "freebsd":
        return _release(name, _answer(host, USERLAND) or kernel_version)
    if name == "macos":
        return _release(name, _answer(host, ("sw_vers", "-productVersion")))
    return {"PRETTY_NAME": f"{kernel} {kernel_version}".strip()}


def _up_to_date(host: HostReader, release: Mapping[str, str]) -> Mapping[str, str]:
    """FreeBSD writes os-release at each boot (rc.d/os-release), and freebsd-version knows of an update since."""
    if release.get("ID") != "freebsd":
        return release
    version = _answer(host, USERLAND)
    return {**release, **_release("freebsd", version)} if version else release


def _release(name: str, version: str) -> Mapping[str, str]:
    label = f"{SYSTEMS[name].label} {version}".rstrip()
    # FreeBSD's own os-release cuts the version the same way: 14.4-RELEASE-p3 has the VERSION_ID 14.4.
    return {"ID": name, "VERSION": version, "VERSION_ID": version.partition("-")[0], "PRETTY_NAME": label}


def _is_lts(release: Mapping[str, str], name: str) -> bool:
    """Our table's word, or for a release that it does not have, the release's own."""
    known = find(name, release.get("VERSION_ID", ""))
    return known.lts if known else is_lts(release)


def _pretty_name(release: Mapping[str, str]) -> str:
    return release.get("PRETTY_NAME") or f"{release.get('NAME', '')} {release.get('VERSION', '')}".strip()


def _service_manager(host: HostReader, name: str) -> str:
    if name in _SERVICE_MANAGERS:
        return _SERVICE_MANAGERS[name]
    if _exists(host, "/run/systemd/system"):
        return "systemd"
    return "openrc" if _exists(host, "/run/openrc") else "none"


def _container(host: HostReader, name: str) -> str:
    if name == "freebsd":
        return "jail" if _answer(host, ("sysctl", "-n", "security.jail.jailed")) == "1" else ""
    if name == "macos":
        return ""
    return _text(host, "/run/systemd/container").strip() or _marked_container(host) or _first_process(host)


def _marked_container(host: HostReader) -> str:
    return next((kind for path, kind in _CONTAINER_MARKS.items() if _exists(host, path)), "")


def _first_process(host: HostReader) -> str:
    """The `container` variable that LXC and others give to the first process; only root may read it."""
    if host.uid != 0:
        return ""
    variables = (variable.partition("=") for variable in _text(host, "/proc/1/environ").split("\0"))
    return next((value for name, _equals, value in variables if name == "container"), "")


def _text(host: HostReader, path: str) -> str:
    try:
        return host.read_text(path) or ""
    except HostError:
        return ""


def _exists(host: HostReader, path: str) -> bool:
    try:
        return host.stat(path) is not None
    except HostError:
        return False


def _answer(host: HostReader, argv: Sequence[str]) -> str:
    """A program's answer, empty where it has none to give: naming the system is then left to the next source."""
    try:
        return host.query(argv).stdout.strip()
    except HostError:
        return ""
