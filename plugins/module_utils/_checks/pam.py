# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom PAM's account rules for sshd keep out by a list, which a login by key meets too: pam_access and pam_listfile on
Linux, pam_login_access and pam_group on FreeBSD.

Only what is certain is told: where a rule depends on something that no file of this host says (a netgroup, a host's
name), or where an earlier module may end the questions, nothing is. The fresh login after a change proves the rest.
"""

from __future__ import annotations

import os.path
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    access_rules,
    accounts,
    login_access,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# The first one that has a file for the service counts (contrib/openpam/lib/libpam/openpam_configure.c of
# freebsd/freebsd-src).
DIRECTORIES = {"*": ("/etc/pam.d",), "freebsd": ("/etc/pam.d", "/usr/local/etc/pam.d")}
SERVICE = "sshd"
DEEPEST = 8
INCLUDE = re.compile(r"^@include\s+(\S+)")
RULE = re.compile(r"^-?account\s+(\[[^\]]*\]|\S+)\s+(\S+)\s*(.*)$")
MUST = ("required", "requisite")


@dataclass(frozen=True)
class Module:
    """A line of the account rules: how its answer counts, the module's name, its arguments."""

    control: str
    name: str
    arguments: tuple[str, ...]

    def value(self, key: str) -> str:
        """What stands behind `key=`; empty without it."""
        return next((word.partition("=")[2] for word in self.arguments if word.startswith(f"{key}=")), "")


def obstacles(host: HostReader, context: Context, *, has_names: bool = False) -> Iterator[str]:
    """One sentence for each list that keeps the administrator out. `has_names`: sshd tells PAM names of hosts."""
    for module in _modules(host, lookup(DIRECTORIES, context.platform), SERVICE, depth=0):
        if module.control not in MUST:
            # It may let somebody in before the next one is asked.
            return
        if module.name == "pam_access":
            yield from _about_access(host, context, module)
        elif module.name == "pam_listfile":
            yield from _about_list(host, context, module)
        elif module.name == "pam_login_access":
            yield from _about_login_access(host, context, module, has_names=has_names)
        elif module.name == "pam_group":
            yield from _about_group(host, context, module)


def _modules(host: HostReader, directories: Sequence[str], service: str, *, depth: int) -> Iterator[Module]:
    """The account rules with those of included files in their place (pam.conf(5))."""
    texts = (host.read_text(os.path.join(directory, service)) for directory in directories if depth < DEEPEST)
    text = next((found for found in texts if found is not None), "")
    for line in text.replace("\\\n", " ").splitlines():
        included = INCLUDE.match(line)
        rule = RULE.match(line.partition("#")[0].strip())
        if included:
            yield from _modules(host, directories, included.group(1), depth=depth + 1)
        elif rule and rule.group(1) in ("include", "substack"):
            yield from _modules(host, directories, rule.group(2), depth=depth + 1)
        elif rule:
            name = os.path.basename(rule.group(2)).partition(".so")[0]
            yield Module(rule.group(1), name, tuple(rule.group(3).split()))


def _about_access(host: HostReader, context: Context, module: Module) -> Iterator[str]:
    name, path = context.options.admin_name, module.value("accessfile") or access_rules.FILE
    groups = accounts.group_names(host, context)
    line = access_rules.refusal(host.read_text(path) or "", name, groups, address=context.login.address)
    if line:
        yield f"PAM's {path} keeps {name} out (`{line}`): put `+ : {name} : ALL` before that line"


def _about_list(host: HostReader, context: Context, module: Module) -> Iterator[str]:
    name, path = context.options.admin_name, module.value("file")
    subjects = {"user": (name,), "group": accounts.group_names(host, context)}.get(module.value("item"), ())
    text = host.read_text(path) if path and subjects else None
    if text is None and module.value("onerr") == "succeed":
        # A list that is not there lets everybody in then.
        return
    entries = {line.strip() for line in (text or "").splitlines()}
    is_listed = any(subject in entries for subject in subjects)
    if subjects and module.value("sense") == "allow" and not is_listed:
        yield f"PAM lets in nobody but those in {path} (pam_listfile): add {name} there first"
    elif module.value("sense") == "deny" and is_listed:
        yield f"PAM keeps out those in {path} (pam_listfile): remove {name} there first"


def _about_login_access(host: HostReader, context: Context, module: Module, *, has_names: bool) -> Iterator[str]:
    """Arguments other than the file change how its lines are read."""
    if any(not word.startswith("accessfile=") for word in module.arguments):
        return
    name, path = context.options.admin_name, module.value("accessfile") or login_access.FILE
    text, address = host.read_text(path) or "", context.login.address
    line = login_access.refusal(host, text, name, address=address, has_names=has_names)
    if line:
        yield f"PAM's {path} keeps {name} out (`{line}`): put `+:{name}:ALL` before that line"


def _about_group(host: HostReader, context: Context, module: Module) -> Iterator[str]:
    """Without `luser` it asks about somebody whom sshd does not name; an empty group counts as none (pam_group(8))."""
    if "luser" not in module.arguments:
        return
    name, group = context.options.admin_name, module.value("group") or "wheel"
    fields = host.query(("getent", "group", group), ok=(0, 2)).stdout.strip().split(":")
    is_there = len(fields) > 3 and bool(fields[3])
    is_member = group in accounts.group_names(host, context) if is_there else "fail_safe" in module.arguments
    if is_member == ("deny" in module.arguments):
        what = "none of" if "deny" in module.arguments else "nobody but"
        yield f"PAM lets in {what} the group {group} (pam_group), which shuts {name} out: change that group first"
