# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What FreeBSD's cron will run: the lines of all the crontabs that it reads.

Sources: crontab(5) and cron(8) of freebsd/freebsd-src; database.c (`load_database`) for which files it reads: the
system's own, every regular file that does not begin with a dot in two directories, and the users' own; entry.c
(`load_entry`) for what a line means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import rc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat, HostReader

SERVICE = "cron"
SYSTEM = "/etc/crontab"
DIRECTORIES = ("/etc/cron.d", "/usr/local/etc/cron.d")
ROOTS_OWN = "/var/cron/tabs/root"
# Words in the place of the five columns that come at least once a day; `@` with a number is a pause in seconds.
OFTEN = ("@daily", "@midnight", "@hourly", "@every_minute", "@every_second")
DAY = 86400
ASSIGNMENT = re.compile(r"""\s*(["']?)[A-Za-z_]\w*\1\s*=""")


@dataclass(frozen=True)
class Entry:
    """One command of a crontab, with the file that it stands in; `user` may have a group or a login class behind it."""

    path: str
    schedule: tuple[str, ...]
    user: str
    command: str

    @property
    def is_roots(self) -> bool:
        """Root runs it."""
        return re.split("[:/]", self.user, maxsplit=1)[0] == "root"

    @property
    def is_daily(self) -> bool:
        """It comes on every day, whatever its hour."""
        if len(self.schedule) > 1:
            return all(column in ("*", "*/1") for column in self.schedule[2:])
        word = self.schedule[0]
        return word in OFTEN or (word[1:].isdigit() and int(word[1:]) <= DAY)


def in_force(host: HostReader) -> tuple[Entry, ...]:
    """All commands of the crontabs that cron reads, those of users other than root left out."""
    system = (entry for path in _system_files(host) for entry in parse(host.read_text(path) or "", path))
    own = parse(host.read_text(ROOTS_OWN) or "", ROOTS_OWN, owner="root")
    return (*system, *own)


def parse(text: str, path: str, *, owner: str = "") -> tuple[Entry, ...]:
    """The commands of one crontab; without an owner its lines name the user themselves."""
    lines = (line.strip() for line in text.splitlines())
    found = (_entry(line, path, owner) for line in lines if line and not line.startswith("#"))
    return tuple(entry for entry in found if entry)


def is_there(host: HostReader) -> bool:
    """A packaged base system may have been installed without cron."""
    return rc.is_in_base(host, SERVICE)


def problems(host: HostReader) -> Iterator[str]:
    """Why cron runs nothing at all."""
    if not is_there(host):
        yield "there is no cron on this host (package FreeBSD-cron)"
        return
    if not rc.is_running(host, SERVICE):
        yield "cron does not run"
    if not rc.is_enabled(host, SERVICE):
        yield "cron does not start at boot (cron_enable in rc.conf)"


def started(host: HostReader) -> Iterator[Command]:
    """Turns cron on, now and at the next boot; nothing where there is none."""
    if is_there(host):
        yield from rc.enable_and_start(host, SERVICE)


def _system_files(host: HostReader) -> Iterator[str]:
    yield SYSTEM
    for directory in DIRECTORIES:
        paths = (f"{directory}/{name}" for name in host.listdir(directory) or () if not name.startswith("."))
        yield from (path for path in paths if _may_be_file(host.stat(path)))


def _may_be_file(stat: FileStat | None) -> bool:
    """cron follows links, and passes over what is no file behind them."""
    return stat is not None and stat.kind in ("file", "link")


def _entry(line: str, path: str, owner: str) -> Entry | None:
    """None for a setting of the environment, and for a line that cron cannot take either."""
    if ASSIGNMENT.match(line):
        return None
    columns = 1 if line.startswith("@") else 5
    users = 0 if owner else 1
    words = line.split(None, columns + users)
    if len(words) <= columns + users:
        return None
    command = re.sub(r"^(?:-[nq]+\s+)+", "", words[-1])
    return Entry(path, tuple(words[:columns]), owner or words[columns], command)
