# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sudo's configuration as one text, and what all its rules come to for one account, read before a rule is written.

The rules are taken apart by sudo's own cvtsudoers. What no text shows stays unseen: rules from LDAP or another plugin,
netgroups, members that only a directory service knows, host aliases by network, and what PAM says of the account. All
that is tried for real as soon as the account and its rule are there.
"""

from __future__ import annotations

import json
import os.path
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

MAIN_FILE = "/etc/sudoers"
# FreeBSD has sudo among its packages (security/sudo of freebsd/freebsd-ports: --sysconfdir=${PREFIX}/etc).
MAIN_FILES = {"*": MAIN_FILE, "freebsd": "/usr/local/etc/sudoers"}
# sudo itself stops following includes at this depth (sudoers(5)).
DEEPEST = 128
INCLUDE = re.compile(r"^\s*[@#](include|includedir)\s+(.+?)\s*$")
SHELLS = ("sh", "bash", "dash")


@dataclass(frozen=True)
class Subject:
    """The account that the rules are read for, and this host's name as rules have it."""

    name: str
    uid: int
    groups: tuple[str, ...]
    host: str


@dataclass(frozen=True)
class Verdict:
    """What the rules come to: becoming root with any command, without a password, and the switches that matter."""

    is_granted: bool = False
    asks_password: bool = True
    switches: frozenset[str] = frozenset()


def main_file(platform: Platform) -> str:
    """The file that sudo itself reads."""
    return lookup(MAIN_FILES, platform)


def flattened(host: HostReader, files: Mapping[str, str], path: str = MAIN_FILE, depth: int = 0) -> str:
    """The text of all files in the order in which sudo reads them, with `files` in place of what they are now."""
    lines: list[str] = []
    for line in (_text(host, files, path) or "").splitlines():
        include = INCLUDE.match(line)
        if include is None or depth >= DEEPEST:
            lines.append(line)
            continue
        target = os.path.join(os.path.dirname(path), include.group(2).strip('"'))
        names = _in_directory(host, files, target) if include.group(1) == "includedir" else [target]
        lines.extend(flattened(host, files, name, depth + 1) for name in names)
    return "\n".join(lines)


def _text(host: HostReader, files: Mapping[str, str], path: str) -> str | None:
    return files[path] if path in files else host.read_text(path)


def _in_directory(host: HostReader, files: Mapping[str, str], directory: str) -> list[str]:
    """Names with a dot or with a ~ at their end are passed over (sudoers(5))."""
    ours = {os.path.basename(path) for path in files if os.path.dirname(path) == directory}
    names = sorted({*(host.listdir(directory) or ()), *ours})
    return [os.path.join(directory, name) for name in names if "." not in name and not name.endswith("~")]


def sets(text: str, switch: str) -> bool:
    """Some Defaults line switches it on."""
    return re.search(rf"^\s*Defaults[^\n]*?[\s,]{switch}\b", text, re.MULTILINE) is not None


def verdict(document: str, subject: Subject) -> Verdict:
    """From the JSON of `cvtsudoers -e -f json`. Of the rules and of the switches that fit, the last one decides."""
    rules = json.loads(document)
    switches = frozenset(_switches(rules.get("Defaults", []), subject))
    found = Verdict(asks_password="!authenticate" not in switches, switches=switches)
    for spec in rules.get("User_Specs", []):
        if _names(spec["User_List"], subject) and _fits_host(spec["Host_List"], subject):
            for commands in spec["Cmnd_Specs"]:
                found = _after(found, commands)
    return found


def _after(found: Verdict, spec: Mapping[str, Any]) -> Verdict:
    """One rule's effect, if it is about becoming root. Taking anything away may take away what a run needs."""
    users = spec.get("runasusers", [{"username": "root"}])
    if not any(user.get("username") in ("ALL", "root") or user.get("userid") == 0 for user in users):
        return found
    options = {name: value for option in spec.get("Options", []) for name, value in option.items()}
    asks = options.get("authenticate", "!authenticate" not in found.switches)
    for entry in spec["Commands"]:
        command = entry.get("command", "")
        if entry.get("negated"):
            found = replace(found, is_granted=False)
        elif command == "ALL":
            found = replace(found, is_granted=True, asks_password=asks)
        elif os.path.basename(command.split(" ")[0]) in SHELLS:
            found = replace(found, asks_password=asks)
    return found


def _switches(defaults: Iterable[Mapping[str, Any]], subject: Subject) -> Iterator[str]:
    """The switches that are on at the end; `!authenticate` for one that is off where on is usual."""
    state: dict[str, bool] = {"authenticate": True}
    for line in defaults:
        if _is_bound(line.get("Binding", []), subject):
            for option in line["Options"]:
                state.update({name: value for name, value in option.items() if isinstance(value, bool)})
    for name, is_on in state.items():
        if is_on:
            yield name
    if not state["authenticate"]:
        yield "!authenticate"


def _is_bound(binding: list[Mapping[str, Any]], subject: Subject) -> bool:
    """Without a binding it holds for all; one for commands holds for none that we know."""
    if not binding:
        return True
    kinds = {kind for entry in binding for kind in entry if kind != "negated"}
    if "hostname" in kinds:
        return _fits_host(binding, subject)
    return not kinds & {"command"} and _names(binding, subject)


def _names(members: Iterable[Mapping[str, Any]], subject: Subject) -> bool:
    """The last member of the list that fits decides."""
    fits = False
    for member in members:
        known = {
            "username": member.get("username") in ("ALL", subject.name),
            "userid": member.get("userid") == subject.uid,
            "usergroup": member.get("usergroup") in subject.groups,
        }
        if any(known[kind] for kind in known if kind in member):
            fits = not member.get("negated")
    return fits


def _fits_host(members: Iterable[Mapping[str, Any]], subject: Subject) -> bool:
    fits = False
    for member in members:
        if member.get("hostname") in ("ALL", subject.host, subject.host.partition(".")[0]):
            fits = not member.get("negated")
    return fits
