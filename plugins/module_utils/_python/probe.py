# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks whether a release is sound: by its record, by what stands in site-packages, and by running it as its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandFailed, HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._python import releases, scripts
from ansible_collections.groundwork.python_host.plugins.module_utils._python.account import as_owner
from ansible_collections.groundwork.python_host.plugins.module_utils._python.build import environment

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
    from ansible_collections.groundwork.python_host.plugins.module_utils._python.releases import Marker, Release
    from ansible_collections.groundwork.python_host.plugins.module_utils._python.request import Request

TIMEOUT = 60.0


def fault(
    host: HostReader, platform: Platform, request: Request, *, release: Release, marker: Marker | None, python: str
) -> str:
    """Why the release cannot be used as it is, in words; empty when it can.

    `python` is root's. What the marker names is not, since the owner wrote it, and is only run as the owner.
    """
    if marker is None:
        return "was never finished"
    if release.owner != request.owner:
        return f"belongs to {release.owner}"
    different = releases.difference(host, marker)
    if different:
        return f"is {different}"
    if host.stat(marker.interpreter) is None:
        return f"lost its interpreter {marker.interpreter}"
    return _failure(host, platform, request, release=release, marker=marker, python=python)


def _failure(
    host: HostReader, platform: Platform, request: Request, *, release: Release, marker: Marker, python: str
) -> str:
    argv = (f"{release.path}/bin/python", "-I", "-B", "-c", scripts.PROBE, *request.verify_imports)
    command = as_owner(platform, request.owner, argv, python=python)
    try:
        answer = host.query(command, env=environment(request.path), timeout=TIMEOUT)
    except CommandFailed as error:
        lines = error.stderr.strip().splitlines() or [f"it ended with {error.rc}"]
        return f"does not run ({lines[-1].strip()})"
    except HostError as error:
        return f"does not run ({error})"
    # What a module prints while it is imported comes first.
    version = answer.lines()[-1]
    return "" if version == marker.version else f"was built with Python {marker.version}, and it is {version} now"
