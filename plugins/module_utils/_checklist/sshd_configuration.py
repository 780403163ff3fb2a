# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where our lines for sshd stand: in a file of our own, or in a block at the top of sshd's own file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.configuration import (
    COMMENT,
    ConfigurationFile,
    first,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    rc,
    selinux,
    services,
    sshd_files,
    sshd_units,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import CANDIDATE, Command
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Setting
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

# OpenSSH 8.2 was the first with Include.
KNOWS_INCLUDE = {"*": True, "redhat-8": False}


def places(host: HostReader, platform: Platform) -> tuple[ConfigurationFile, ConfigurationFile]:
    """The place for our lines, and the other one, which is to be empty.

    Where the system's sshd knows no Include, or an administrator has taken out the line that reads our own file, a
    block at the top of the main file is what sshd reads first.
    """
    is_read = lookup(KNOWS_INCLUDE, platform) and sshd_files.includes(host, DROP_IN.path)
    return (DROP_IN, BLOCK) if is_read else (BLOCK, DROP_IN)


def _lines(settings: Sequence[Setting]) -> str:
    return "".join(f"{setting.key} {setting.value}\n" for setting in settings)


def _whole(settings: Sequence[Setting]) -> str:
    return f"# {COMMENT}\n{_lines(settings)}"


def _read(text: str, key: str) -> str:
    return first(rf"^{re.escape(key)} (.*)$", text)


def _read_block(text: str, key: str) -> str:
    return _read(blocks.block_in(text), key)


def _load(host: HostReader, platform: Platform, settings: Sequence[Setting]) -> tuple[Command, ...]:
    return lookup(LOADERS, platform)(host, platform, settings)


def _load_by_rc(host: HostReader, platform: Platform, _settings: Sequence[Setting]) -> tuple[Command, ...]:
    """A daemon that does not run reads its files when it starts."""
    if not rc.is_running(host, sshd_units.service(platform)):
        return ()
    reload, restart = (
        sshd_units.command(platform, sshd_units.verb_of(host, platform, verb)) for verb in ("reload", "restart")
    )
    return (Command(reload, again=restart),)


def _load_by_systemd(host: HostReader, platform: Platform, settings: Sequence[Setting]) -> tuple[Command, ...]:
    """With socket activation the listening port belongs to the socket unit, which a generator writes anew.

    A daemon that runs is started again should it end over it; one that socket activation starts by itself is not. Where
    systemd lets some time pass before it starts a daemon again (RestartSec: 42 seconds for sshd on Enterprise Linux),
    a reload waits for that, and a restart does not.
    """
    service, socket = sshd_units.service(platform), sshd_units.socket(platform)
    if services.unit(host, service).is_active:
        reload = Command(("systemctl", "reload-or-restart", service), again=sshd_units.command(platform, "restart"))
    else:
        reload = Command(("systemctl", "try-reload-or-restart", service))
    has_port = any(setting.key == "Port" for setting in settings)
    if has_port and services.unit(host, socket).is_active:
        return (Command(("systemctl", "daemon-reload")), Command(("systemctl", "restart", socket)), reload)
    return (reload,)


LOADERS = {"*": _load_by_systemd, "freebsd": _load_by_rc}


def _load_whole(host: HostReader, platform: Platform, settings: Sequence[Setting]) -> tuple[Command, ...]:
    return (*selinux.relabel(host, sshd_files.OWN_FILE), *_load(host, platform, settings))


def _load_block(host: HostReader, platform: Platform, settings: Sequence[Setting]) -> tuple[Command, ...]:
    return (*selinux.relabel(host, sshd_files.MAIN_FILE), *_load(host, platform, settings))


# sshd takes the first value that it reads, so our name comes before 01-permitrootlogin.conf and 50-cloud-init.conf.
DROP_IN = ConfigurationFile(sshd_files.OWN_FILE, _whole, _read, ("sshd", "-t"), _load_whole, has_own_directory=True)
BLOCK = ConfigurationFile(
    sshd_files.MAIN_FILE, _lines, _read_block, ("sshd", "-t", "-f", CANDIDATE), _load_block, is_block=True
)
