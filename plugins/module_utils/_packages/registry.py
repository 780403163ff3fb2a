# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which package tool is spoken to in which way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt import AptBackend
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf import DnfBackend
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.pkg import PkgBackend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
        PackageBackend,
        Surroundings,
    )

BACKENDS: Mapping[str, Callable[[Surroundings], PackageBackend]] = {
    "apt": AptBackend,
    "dnf": DnfBackend,
    "pkg": PkgBackend,
}


def backend_for(surroundings: Surroundings) -> PackageBackend:
    """The backend for the host's package tool. Raises Refused where there is none yet."""
    platform = surroundings.platform
    backend = BACKENDS.get(platform.package_tool)
    if backend is None:
        raise Refused(
            f"Nothing was changed: {platform.title} uses the package tool {platform.package_tool}, which this version "
            f"of groundwork.python_host cannot drive yet (it can: {', '.join(sorted(BACKENDS))})."
        )
    return backend(surroundings)
