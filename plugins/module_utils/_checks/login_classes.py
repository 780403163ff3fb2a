# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a FreeBSD login class makes of a login over SSH, by login.conf(5).

Sources in freebsd/freebsd-src: lib/libutil/login_cap.c (which class an account has), lib/libutil/login_ok.c (hosts
and times, asked by sshd and by pam_unix), lib/libpam/modules/pam_nologin/pam_nologin.c, and crypto/openssh/session.c
(the shell). The text is read, as nothing prints a class: where `cap_mkdb /etc/login.conf` was forgotten, an older one
counts.
"""

from __future__ import annotations

import os.path
import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.account_state import NO_LOGIN_SHELLS
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.patterns import is_like

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

FILE = "/etc/login.conf"
DEFAULT = "default"
NO_LOGIN_FILE = "/var/run/nologin"
DEEPEST = 16
LETTER = re.compile(r"[g-zG-Z]")


def obstacles(host: HostReader, context: Context, login_class: str) -> Iterator[str]:
    """One sentence for each rule of the class that keeps the administrator out, or would at another hour."""
    name, found = context.options.admin_name, capabilities(host.read_text(FILE) or "", login_class)
    said = f"the login class {login_class or DEFAULT} in {FILE}"
    closing = found.get("nologin") or NO_LOGIN_FILE
    if "ignorenologin" not in found and host.stat(closing) is not None:
        yield f"nobody but root may log in while {closing} exists: remove it"
    shell = found.get("shell", "")
    if os.path.basename(shell) in NO_LOGIN_SHELLS:
        yield f"{said} gives {name} the shell {shell}, which ends a login at once: `pw usermod {name} -L default`"
    for rule in ("times.allow", "times.deny"):
        if rule in found:
            yield f"{said} lets {name} in at some hours only ({rule}={found[rule]}): take that out for {name}"
    yield from _about_hosts(found, said, name, address=context.login.address)


def _about_hosts(found: Mapping[str, str], said: str, name: str, *, address: str) -> Iterator[str]:
    """Names of hosts are not known here, so a list with one that is no address may let anybody in."""
    allowed, denied = (found.get(rule, "").replace(",", " ").split() for rule in ("host.allow", "host.deny"))
    has_names = any(LETTER.search(entry) for entry in allowed)
    if address and allowed and not has_names and not _names(allowed, address):
        yield f"{said} lets {name} in from {' '.join(allowed)} only (host.allow): add {address} there first"
    elif address and _names(denied, address):
        yield f"{said} keeps {name} out from {address} (host.deny): take it out there first"


def _names(entries: list[str], address: str) -> bool:
    return any(is_like(address, entry) for entry in entries)


def capabilities(text: str, login_class: str) -> dict[str, str]:
    """The class's capabilities with those that it takes over by `tc`; of one that comes twice the first counts.

    A class that is not there, and none, is the default one. A capability without a value has an empty one.
    """
    records = _records(text)
    name = login_class if login_class in records else DEFAULT
    return {key: value for key, value in _collected(records, name, 0).items() if not key.endswith("@")}


def _collected(records: Mapping[str, list[str]], name: str, depth: int) -> dict[str, str]:
    """`key@` takes a capability away from what is taken over behind it (cgetent(3))."""
    found: dict[str, str] = {}
    for word in records.get(name, ()) if depth < DEEPEST else ():
        key, _sign, value = word.partition("=")
        more = _collected(records, value, depth + 1) if key == "tc" else {key: value}
        for one, its_value in more.items():
            if one not in found and f"{one}@" not in found:
                found[one] = its_value
    return found


def _records(text: str) -> dict[str, list[str]]:
    """By each of a record's names (`default|the usual class:…`), its fields; a line may end in a backslash."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    records: dict[str, list[str]] = {}
    for line in "\n".join(lines).replace("\\\n", "").splitlines():
        names, *fields = (field.strip() for field in line.split(":"))
        for name in filter(None, names.split("|")):
            records.setdefault(name, [field for field in fields if field])
    return records
