# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own configuration files: each is written whole from what the checks in force contribute to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import services
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Action,
    Command,
    Remove,
    WriteFile,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Check, Context, Setting
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

SSHD = "sshd"
COMMENT = "Written by groundwork.python_host; a change here is lost at its next run."


@dataclass(frozen=True)
class ConfigurationFile:
    """A file of ours: where it is, how it is written, which command judges it, which commands load it."""

    path: str
    render: Callable[[Sequence[Setting]], str]
    line: Callable[[Setting], str]
    validate: tuple[str, ...]
    load: Callable[[HostReader, Sequence[Setting]], tuple[Command, ...]]


def compose(
    host: HostReader, context: Context, checks: Iterable[Check], *, withheld: Collection[str]
) -> dict[str, tuple[Action, ...]]:
    """The action for each of our files, by the file's name.

    A check whose id is withheld (its fix would close a door that is not safe to close, or it could not be judged)
    contributes only what our file says already: nothing is closed, and nothing that was closed is opened again.
    """
    contributed: dict[str, list[Setting]] = {name: [] for name in FILES}
    for check in checks:
        if context.platform.family in check.families:
            for setting in check.settings(host, context):
                if check.check_id not in withheld or _stands(host, setting):
                    contributed[setting.file].append(setting)
    return {
        name: tuple(_file_action(host, FILES[name], sorted(settings, key=lambda setting: setting.key)))
        for name, settings in contributed.items()
    }


def _stands(host: HostReader, setting: Setting) -> bool:
    file = FILES[setting.file]
    return file.line(setting) in (host.read_text(file.path) or "")


def _file_action(host: HostReader, file: ConfigurationFile, settings: Sequence[Setting]) -> Iterator[Action]:
    if settings:
        load = file.load(host, settings)
        yield WriteFile(file.path, file.render(settings), validate=file.validate, then=load)
    elif host.stat(file.path) is not None:
        yield Remove(file.path)


def _sshd_line(setting: Setting) -> str:
    return f"{setting.key} {setting.value}"


def _render_sshd(settings: Sequence[Setting]) -> str:
    return "\n".join([f"# {COMMENT}", *map(_sshd_line, settings), ""])


def _load_sshd(host: HostReader, settings: Sequence[Setting]) -> tuple[Command, ...]:
    """With socket activation the listening port belongs to the socket unit, which a generator writes anew."""
    has_port = any(setting.key == "Port" for setting in settings)
    if has_port and services.unit(host, "ssh.socket").is_active:
        return (
            Command(("systemctl", "daemon-reload")),
            Command(("systemctl", "restart", "ssh.socket")),
            Command(("systemctl", "try-reload-or-restart", "ssh.service")),
        )
    return (Command(("systemctl", "try-reload-or-restart", "ssh.service")),)


def _ini_line(setting: Setting) -> str:
    return f"{setting.key.partition('/')[2]} = {setting.value}"


def _render_ini(settings: Sequence[Setting]) -> str:
    lines, section = [f"# {COMMENT}"], ""
    for setting in settings:
        name = setting.key.partition("/")[0]
        if name != section:
            lines.extend(["", f"[{name}]"])
            section = name
        lines.append(_ini_line(setting))
    return "\n".join([*lines, ""])


def _render_apt(settings: Sequence[Setting]) -> str:
    return "\n".join([f"// {COMMENT}", *(setting.value for setting in settings), ""])


# sshd takes the first value that it reads, so our name comes before 01-permitrootlogin.conf and 50-cloud-init.conf;
# fail2ban and apt take the last, so there it comes after everybody's.
FILES = {
    SSHD: ConfigurationFile(
        "/etc/ssh/sshd_config.d/00-groundwork.conf", _render_sshd, _sshd_line, ("sshd", "-t"), _load_sshd
    ),
    "fail2ban": ConfigurationFile(
        "/etc/fail2ban/jail.d/zz-groundwork.local",
        _render_ini,
        _ini_line,
        ("fail2ban-client", "-t"),
        lambda _host, _settings: (
            Command(("systemctl", "restart", "fail2ban")),
            # systemd calls it started before its server answers.
            Command(("fail2ban-client", "status", "sshd"), attempts=40),
        ),
    ),
    "apt": ConfigurationFile(
        "/etc/apt/apt.conf.d/zz-groundwork",
        _render_apt,
        lambda setting: setting.value,
        ("apt-config", "dump"),
        lambda _host, _settings: (),
    ),
}
