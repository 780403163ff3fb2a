# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of FreeBSD's login.access(5), which pam_login_access asks: like access.conf(5), and read in another way.

Source: lib/libpam/modules/pam_login_access/login_access.c of freebsd/freebsd-src. A line must end, has exactly three
fields, so that none with an IPv6 address counts, and a group is told by the members that stand in group(5) alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.access_rules import EXCEPT, fits

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

FILE = "/etc/login.access"


def refusal(host: HostReader, text: str, name: str, *, address: str, has_names: bool) -> str:
    """The line that keeps this login out; empty where it is let in, and where no file can tell.

    `has_names`: sshd may put a host's name in the place of its address (UseDNS).
    """
    for line in (line.rstrip() for line in text.splitlines(keepends=True) if line.endswith("\n")):
        fields = [field for field in line.split(":") if field]
        if line.startswith("#") or len(fields) != 3 or line[0] not in "+-":
            continue
        origin = fits(_spelled(fields[2]), lambda token: _is_origin(token, address, has_names))
        whom = fits(_spelled(fields[1]), lambda token: _is_user(host, token, name))
        if whom is False or origin is False:
            continue
        return line if line[0] == "-" and whom and origin else ""
    return ""


def _spelled(words: str) -> str:
    """EXCEPT may be written in small letters here."""
    return " ".join(EXCEPT if word.upper() == EXCEPT else word for word in words.replace(",", " ").split())


def _is_user(host: HostReader, token: str, name: str) -> bool | None:
    if token.startswith("@"):
        return None
    if token.upper() == "ALL" or token.lower() == name.lower():
        return True
    fields = host.query(("getent", "group", token.strip("()")), ok=(0, 2)).stdout.strip().split(":")
    return len(fields) > 3 and name in fields[3].split(",")


def _is_origin(token: str, address: str, has_names: bool) -> bool | None:
    if token.upper() == "ALL":
        return True
    if not address or token.startswith("@"):
        return None
    if token.upper() == "LOCAL":
        return None if has_names else "." not in address
    if token == address or (token.endswith(".") and address.startswith(token)):
        return None if has_names else True
    # A name of a host, of a domain or of a terminal; a number that does not fit is none.
    return None if has_names and any(sign.isalpha() for sign in token) else False
