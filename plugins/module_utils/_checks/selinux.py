# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SELinux: is it on, and do files and ports have the labels that its policy has for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# There where the kernel enforces a policy or watches over one, and nowhere else.
ENFORCE = "/sys/fs/selinux/enforce"


def is_enabled(host: HostReader) -> bool:
    """The kernel labels files and ports, whether it enforces its policy or only watches."""
    return host.stat(ENFORCE) is not None


def relabel(host: HostReader, *paths: str) -> tuple[Command, ...]:
    """Give what was written the labels of the policy; what cannot have any stays as it is (a network's file system).

    A new file gets its directory's label, which is not always the one that the daemon may read. A way back runs this
    as well, when the path may be gone again.
    """
    if not is_enabled(host):
        return ()
    return (Command(("restorecon", "-iRF", *paths), ok=(0, 1, 255)),)
