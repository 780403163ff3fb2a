# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom PAM's account rules for sshd keep out by a list: pam_access and pam_listfile, which a login by key meets too.

Only what is certain is told: where a rule depends on something that no file of this host says (a netgroup, a host's
name), or where an earlier module may end the questions, nothing is. The fresh login after a change proves the rest.
"""

from __future__ import annotations

import os.path
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import access_rules, accounts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

DIRECTORY = "/etc/pam.d"
SERVICE = f"{DIRECTORY}/sshd"
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


def obstacles(host: HostReader, context: Context) -> Iterator[str]:
    """One sentence for each list that keeps the administrator out."""
    for module in _modules(host, SERVICE, 0):
        if module.control not in MUST:
            # It may let somebody in before the next one is asked.
            return
        if module.name == "pam_access.so":
            yield from _about_access(host, context, module)
        elif module.name == "pam_listfile.so":
            yield from _about_list(host, context, module)


def _modules(host: HostReader, path: str, depth: int) -> Iterator[Module]:
    """The account rules with those of included files in their place (pam.conf(5))."""
    text = (host.read_text(path) or "") if depth < DEEPEST else ""
    for line in text.replace("\\\n", " ").splitlines():
        included = INCLUDE.match(line)
        rule = RULE.match(line.partition("#")[0].strip())
        if included:
            yield from _modules(host, os.path.join(DIRECTORY, included.group(1)), depth + 1)
        elif rule and rule.group(1) in ("include", "substack"):
            yield from _modules(host, os.path.join(DIRECTORY, rule.group(2)), depth + 1)
        elif rule:
            yield Module(rule.group(1), os.path.basename(rule.group(2)), tuple(rule.group(3).split()))


def _about_access(host: HostReader, context: Context, module: Module) -> Iterator[str]:
    name, path = context.options.admin_name, module.value("accessfile") or access_rules.FILE
    groups = accounts.group_names(host, name)
    line = access_rules.refusal(host.read_text(path) or "", name, groups, address=context.login.address)
    if line:
        yield f"PAM's {path} keeps {name} out (`{line}`): put `+ : {name} : ALL` before that line"


def _about_list(host: HostReader, context: Context, module: Module) -> Iterator[str]:
    name, path = context.options.admin_name, module.value("file")
    subjects = {"user": (name,), "group": accounts.group_names(host, name)}.get(module.value("item"), ())
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
