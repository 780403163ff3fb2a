# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own configuration files: each is written whole from what the checks in force contribute to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Setting
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import services
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Action,
    Command,
    Remove,
    WriteFile,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Check, Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

SSHD = "sshd"
# The port is only ever moved by a wish for another one: the firewall and the inventory know this one.
KEPT = (Setting(SSHD, "Port", ""),)
COMMENT = "Written by groundwork.python_host; a change here is lost at its next run."


@dataclass(frozen=True)
class ConfigurationFile:
    """A file of ours: where it is, how it is written and read, which command judges it, which commands load it."""

    path: str
    render: Callable[[Sequence[Setting]], str]
    read: Callable[[str, str], str]
    validate: tuple[str, ...]
    load: Callable[[HostReader, Sequence[Setting]], tuple[Command, ...]]


def compose(
    host: HostReader, context: Context, checks: Iterable[Check], *, withheld: Collection[str]
) -> dict[str, tuple[Action, ...]]:
    """The action for each of our files, by the file's name.

    A check whose id is withheld (its fix would close a door that is not safe to close, or it could not be judged)
    contributes what our file says already: nothing is closed, and nothing that was closed is opened again.
    """
    contributed: dict[str, list[Setting]] = {name: [] for name in FILES}
    for check in checks:
        if context.platform.family in check.families:
            for setting in check.settings(host, context):
                is_kept = check.check_id in withheld
                contributed[setting.file].extend(_standing(host, setting) if is_kept else [setting])
    for setting in KEPT:
        if setting.key not in {other.key for other in contributed[setting.file]}:
            contributed[setting.file].extend(_standing(host, setting))
    return {
        name: tuple(_file_action(host, FILES[name], sorted(settings, key=lambda setting: setting.key)))
        for name, settings in contributed.items()
    }


def _standing(host: HostReader, setting: Setting) -> tuple[Setting, ...]:
    """The setting with the value that our file gives it already; none when it gives none."""
    file = FILES[setting.file]
    value = file.read(host.read_text(file.path) or "", setting.key)
    return (replace(setting, value=value),) if value else ()


def _file_action(host: HostReader, file: ConfigurationFile, settings: Sequence[Setting]) -> Iterator[Action]:
    if settings:
        load = file.load(host, settings)
        yield WriteFile(file.path, file.render(settings), validate=file.validate, then=load)
    elif host.stat(file.path) is not None:
        yield Remove(file.path)
        # Brought back, the file has to be loaded as well.
        yield from (replace(command, undo=(command.argv,)) for command in file.load(host, ()))


def _render_sshd(settings: Sequence[Setting]) -> str:
    return "\n".join([f"# {COMMENT}", *(f"{setting.key} {setting.value}" for setting in settings), ""])


def _read_sshd(text: str, key: str) -> str:
    return _first(rf"^{re.escape(key)} (.*)$", text)


def _load_sshd(host: HostReader, settings: Sequence[Setting]) -> tuple[Command, ...]:
    """With socket activation the listening port belongs to the socket unit, which a generator writes anew.

    A daemon that runs is started again should it end over it; one that socket activation starts by itself is not.
    """
    verb = "reload-or-restart" if services.unit(host, "ssh.service").is_active else "try-reload-or-restart"
    reload = Command(("systemctl", verb, "ssh.service"))
    has_port = any(setting.key == "Port" for setting in settings)
    if has_port and services.unit(host, "ssh.socket").is_active:
        return (Command(("systemctl", "daemon-reload")), Command(("systemctl", "restart", "ssh.socket")), reload)
    return (reload,)


def _render_ini(settings: Sequence[Setting]) -> str:
    lines, section = [f"# {COMMENT}"], ""
    for setting in settings:
        name, _slash, key = setting.key.partition("/")
        if name != section:
            lines.extend(["", f"[{name}]"])
            section = name
        lines.append(f"{key} = {setting.value}")
    return "\n".join([*lines, ""])


def _read_ini(text: str, key: str) -> str:
    section, _slash, name = key.partition("/")
    lines = _first(rf"^\[{re.escape(section)}\]\n((?:[^\[\n].*\n)*)", text)
    return _first(rf"^{re.escape(name)} = (.*)$", lines)


def _load_fail2ban(_host: HostReader, settings: Sequence[Setting]) -> tuple[Command, ...]:
    """systemd calls it started before its server answers and its jails are loaded."""
    has_jail = any(setting.key == "sshd/enabled" for setting in settings)
    question = ("fail2ban-client", "status", "sshd") if has_jail else ("fail2ban-client", "ping")
    return (Command(("systemctl", "restart", "fail2ban")), Command(question, attempts=40))


def _render_apt(settings: Sequence[Setting]) -> str:
    return "\n".join([f"// {COMMENT}", *(setting.value for setting in settings), ""])


def _read_apt(text: str, key: str) -> str:
    return _first(rf'^({re.escape(key)} (?:".*";|{{\n(?: .*\n)*}};))$', text)


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1) if found else ""


# sshd takes the first value that it reads, so our name comes before 01-permitrootlogin.conf and 50-cloud-init.conf;
# fail2ban and apt take the last, so there it comes after everybody's.
FILES = {
    SSHD: ConfigurationFile(
        "/etc/ssh/sshd_config.d/00-groundwork.conf", _render_sshd, _read_sshd, ("sshd", "-t"), _load_sshd
    ),
    "fail2ban": ConfigurationFile(
        "/etc/fail2ban/jail.d/zz-groundwork.local",
        _render_ini,
        _read_ini,
        ("fail2ban-client", "-t"),
        _load_fail2ban,
    ),
    "apt": ConfigurationFile(
        "/etc/apt/apt.conf.d/zz-groundwork",
        _render_apt,
        _read_apt,
        ("apt-config", "dump"),
        lambda _host, _settings: (),
    ),
}
