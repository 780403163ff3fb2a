# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where bans stand in pf's rules on FreeBSD, by who bans.

Sources: blacklistd-helper and blocklistd-helper (contrib/blocklist/libexec of freebsd/freebsd-src), which fill an
anchor for each port, and action.d/pf.conf of fail2ban, which fills one for each jail. blacklistd was renamed with 15.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

BANS_CHECK = "BAN-001"
BASE, FAIL2BAN = "base", "fail2ban"
DAEMONS = {"freebsd": "blocklistd", "freebsd-13": "blacklistd", "freebsd-14": "blacklistd"}
# All that `ban_anchor` may be.
BAN_ANCHORS = tuple(f"{name}/*" for name in ("f2b", *dict.fromkeys(DAEMONS.values())))


def daemon(platform: Platform) -> str:
    """The base system's daemon that bans: also the name of its service and of its anchor."""
    return lookup(DAEMONS, platform)


def ban_anchor(context: Context) -> str:
    """The anchor with the anchors of bans."""
    return "f2b/*" if context.options.brute_force == FAIL2BAN else f"{daemon(context.platform)}/*"
