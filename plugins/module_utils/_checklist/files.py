# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own configuration files: each is written whole from what the checks in force contribute to it."""

from __future__ import annotations

import os.path
from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist import sshd_configuration
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.configuration import (
    ConfigurationFile,
    read_apt,
    read_crontab,
    read_ini,
    read_rules,
    read_sections,
    render_apt,
    render_crontab,
    render_ini,
    render_rules,
    render_sections,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Setting
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import rc, update_job
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.ban_anchor import daemon
from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Action,
    Command,
    EnsureDirectory,
    Remove,
    WriteBlock,
    WriteFile,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Check, Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

SSHD = "sshd"
# The port is only ever moved by a wish for another one: the firewall and the inventory know this one.
KEPT = (Setting(SSHD, "Port", ""),)


def compose(
    host: HostReader, context: Context, checks: Iterable[Check], *, withheld: Collection[str]
) -> dict[str, tuple[Action, ...]]:
    """The actions for each of our files, by the file's name.

    A check whose id is withheld (its fix would close a door that is not safe to close, or it could not be judged)
    contributes what our file says already: nothing is closed, and nothing that was closed is opened again.
    """
    names = (name for name, file in FILES.items() if file.family in ("", context.platform.family))
    contributed: dict[str, list[Setting]] = {name: [] for name in (SSHD, *names)}
    for check in checks:
        if not check.reason_against(context.platform):
            for setting in check.settings(host, context):
                is_kept = check.check_id in withheld
                contributed[setting.file].extend(_standing(host, context, setting) if is_kept else [setting])
    for setting in KEPT:
        if setting.key not in {other.key for other in contributed[setting.file]}:
            contributed[setting.file].extend(_standing(host, context, setting))
    return {
        name: tuple(_actions(host, context, name, sorted(settings, key=lambda setting: setting.key)))
        for name, settings in contributed.items()
    }


def _places(host: HostReader, context: Context, name: str) -> tuple[ConfigurationFile, ...]:
    """Where the settings go, and behind it where they may stand and are to be no more."""
    return sshd_configuration.places(host, context.platform) if name == SSHD else (FILES[name],)


def _standing(host: HostReader, context: Context, setting: Setting) -> tuple[Setting, ...]:
    """The setting with the value that our file gives it already; none when it gives none."""
    for file in _places(host, context, setting.file):
        value = file.read(host.read_text(file.path) or "", setting.key)
        if value:
            return (replace(setting, value=value),)
    return ()


def _actions(host: HostReader, context: Context, name: str, settings: Sequence[Setting]) -> Iterator[Action]:
    """The new place is filled before the other one is emptied, so that at no moment neither is in force."""
    place, *others = _places(host, context, name)
    yield from _filled(host, context.platform, place, settings) if settings else _emptied(host, context.platform, place)
    for other in others:
        yield from _emptied(host, context.platform, other)


def _filled(
    host: HostReader, platform: Platform, file: ConfigurationFile, settings: Sequence[Setting]
) -> Iterator[Action]:
    load = file.load(host, platform, settings)
    if file.is_block:
        lines = file.render(settings)
        yield WriteBlock(file.path, lines, validate=file.validate, then=load, is_last=file.is_last)
        return
    if file.has_own_directory and host.stat(os.path.dirname(file.path)) is None:
        yield EnsureDirectory(os.path.dirname(file.path))
    yield WriteFile(file.path, file.render(settings), file.mode, validate=file.validate, then=load)


def _emptied(host: HostReader, platform: Platform, file: ConfigurationFile) -> Iterator[Action]:
    if file.is_block:
        if blocks.block_in(host.read_text(file.path) or ""):
            yield WriteBlock(file.path, "", validate=file.validate, then=file.load(host, platform, ()))
    elif host.stat(file.path) is not None:
        yield Remove(file.path)
        # Brought back, the file has to be loaded as well.
        yield from (replace(command, undo=(command.argv,)) for command in file.load(host, platform, ()))


def _load_fail2ban(_host: HostReader, _platform: Platform, settings: Sequence[Setting]) -> tuple[Command, ...]:
    """systemd calls it started before its server answers and its jails are loaded."""
    return (Command(("systemctl", "restart", "fail2ban")), _answer_of_fail2ban(settings))


def _answer_of_fail2ban(settings: Sequence[Setting]) -> Command:
    has_jail = any(setting.key == "sshd/enabled" for setting in settings)
    return Command(("fail2ban-client", "status", "sshd") if has_jail else ("fail2ban-client", "ping"), attempts=40)


def _restart_fail2ban(host: HostReader, _platform: Platform, settings: Sequence[Setting]) -> tuple[Command, ...]:
    """The same by rc."""
    if not rc.is_running(host, "fail2ban"):
        return ()
    return (Command(("service", "fail2ban", "onerestart")), _answer_of_fail2ban(settings))


def _restart_banner(host: HostReader, platform: Platform, _settings: Sequence[Setting]) -> tuple[Command, ...]:
    """The daemon reads its file when it starts, and keeps its bans over that. What does not run is started by its row:
    rc ends with an error where it is told to start what runs already.
    """
    name = daemon(platform)
    return (Command(("service", name, "onerestart")),) if rc.is_running(host, name) else ()


def _of_banner(name: str) -> ConfigurationFile:
    """A block of our own, with both headlines; the daemon sorts the lines, wherever they stand."""
    return ConfigurationFile(
        f"/etc/{name}.conf",
        render_rules,
        read_rules,
        (),
        _restart_banner,
        is_block=True,
        is_last=True,
        family="freebsd",
    )


# fail2ban and apt take the last value that they read, so our names come after everybody's; sshd's are in
# sshd_configuration.py.
FILES = {
    "fail2ban": ConfigurationFile(
        "/etc/fail2ban/jail.d/zz-groundwork.local",
        render_ini,
        read_ini,
        ("fail2ban-client", "-t"),
        _load_fail2ban,
    ),
    "fail2ban-freebsd": ConfigurationFile(
        "/usr/local/etc/fail2ban/jail.d/zz-groundwork.local",
        render_ini,
        read_ini,
        ("fail2ban-client", "-t"),
        _restart_fail2ban,
        family="freebsd",
    ),
    "blacklistd": _of_banner("blacklistd"),
    "blocklistd": _of_banner("blocklistd"),
    "apt": ConfigurationFile(
        "/etc/apt/apt.conf.d/zz-groundwork",
        render_apt,
        read_apt,
        ("apt-config", "dump"),
        lambda _host, _platform, _settings: (),
    ),
    # One complete file that dnf's packages leave as it is, and no directory beside it: of a name that comes twice the
    # last value counts.
    "dnf-automatic": ConfigurationFile(
        "/etc/dnf/automatic.conf",
        render_sections,
        read_sections,
        (),
        lambda _host, _platform, _settings: (),
        is_block=True,
        is_last=True,
    ),
    "dnf-automatic-reboot": ConfigurationFile(
        "/etc/systemd/system/dnf-automatic.service.d/zz-groundwork.conf",
        render_ini,
        read_ini,
        (),
        lambda _host, _platform, _settings: (Command(("systemctl", "daemon-reload")),),
        has_own_directory=True,
    ),
    update_job.PROGRAM: ConfigurationFile(
        update_job.PATH,
        lambda settings: settings[0].value,
        lambda text, _key: text,
        ("sh", "-n", update_job.PATH),
        lambda _host, _platform, _settings: (),
        has_own_directory=True,
        mode=0o755,
        family="freebsd",
    ),
    # cron looks every minute whether one of its files has changed.
    update_job.CRONTAB: ConfigurationFile(
        update_job.CRONTAB_PATH,
        render_crontab,
        read_crontab,
        (),
        lambda _host, _platform, _settings: (),
        has_own_directory=True,
        family="freebsd",
    ),
}
