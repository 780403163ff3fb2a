# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages that dnf keeps at their version: the list of its plugin versionlock."""

from __future__ import annotations

import configparser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages

PLUGIN = "python3-dnf-plugin-versionlock"
# What the plugin's package provides, whatever it is called.
COMMAND = "dnf-command(versionlock)"
PLUGIN_CONFIGURATIONS = "/etc/dnf/plugins"
CONFIGURATION = f"{PLUGIN_CONFIGURATIONS}/versionlock.conf"
EXCLUDE = "!"


def held_names(host: HostReader, installed: InstalledPackages) -> frozenset[str]:
    """The installed packages that the list names, where the plugin is there and heeds it."""
    path = _list_path(host) if has_plugin(installed) else ""
    return parse_held(host.read_text(path) or "", installed.versions) if path else frozenset()


def has_plugin(installed: InstalledPackages) -> bool:
    """True where dnf has the command that holds packages, whatever package brings it."""
    return PLUGIN in installed.versions or COMMAND in installed.provided


def parse_held(text: str, versions: Mapping[str, str]) -> frozenset[str]:
    """The installed names among the entries. `demo-0:1.0-1.el9.*` is how dnf writes one; a person may write less."""
    found = (_installed_name(entry, versions) for entry in _entries(text))
    return frozenset(name for name in found if name)


def private_configuration(host: HostReader, let_go: Iterable[str], versions: Mapping[str, str]) -> str:
    """A directory of plugin configurations that is the host's own, but for the packages to let go in the list."""
    released = set(let_go)
    entries = _entries(host.read_text(_list_path(host)) or "")
    kept = [entry for entry in entries if _installed_name(entry, versions) not in released]
    for name in host.listdir(PLUGIN_CONFIGURATIONS) or ():
        if name.endswith(".conf"):
            host.scratch_file(f"dnf/plugins/{name}", host.read_text(f"{PLUGIN_CONFIGURATIONS}/{name}") or "")
    own_list = host.scratch_file("dnf/plugins/versionlock.list", "\n".join([*kept, ""]))
    own = host.scratch_file("dnf/plugins/versionlock.conf", f"[main]\nenabled = 1\nlocklist = {own_list}\n")
    return own.rpartition("/")[0]


def _list_path(host: HostReader) -> str:
    """Where the list is; empty where the plugin is switched off or was never there."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(host.read_text(CONFIGURATION) or "")
    except configparser.Error:
        return ""
    if parser.get("main", "enabled", fallback="0").strip().lower() in ("0", "no", "false", "off"):
        return ""
    return parser.get("main", "locklist", fallback="")


def _entries(text: str) -> list[str]:
    """The entries without comments; those that merely exclude a version hold nothing."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith(EXCLUDE)]


def _installed_name(entry: str, versions: Mapping[str, str]) -> str:
    shorter = (entry, entry.rpartition("-")[0], entry.rpartition("-")[0].rpartition("-")[0])
    return next((name for name in shorter if name in versions), "")
