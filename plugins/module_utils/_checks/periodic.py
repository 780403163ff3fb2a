# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What FreeBSD's periodic(8) does every day, and the row about its audit of packages.

Sources: periodic.conf(5), usr.sbin/periodic/periodic.sh, periodic.conf (`source_periodic_confs`, `check_yesno_period`)
and etc/daily/450.status-security of freebsd/freebsd-src; scripts/periodic/410.pkg-audit.in of freebsd/pkg, whose two
variables are YES and daily where no file sets them, and overruled by an older name (`security_daily_compat_var`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import crontabs, rc
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command, Touches
from ansible_collections.groundwork.python_host.plugins.module_utils._platform import vulnerabilities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

OURS = "/etc/periodic.conf"
# In the order in which they are read: the last one that sets a variable wins.
LATER = ("/etc/periodic.conf.local", "/usr/local/etc/periodic.conf")
FILES = ("/etc/defaults/periodic.conf", OURS, *LATER)
AUDIT = "/usr/local/etc/periodic/security/410.pkg-audit"
SECURITY = "/etc/periodic/daily/450.status-security"
ENABLE, PERIOD = "security_status_pkgaudit_enable", "security_status_pkgaudit_period"
OLD_NAME = "daily_status_security_pkgaudit_enable"
# What has to be set for the audit to run daily, and what counts where nothing sets it.
WANTED = {
    "daily_status_security_enable": ("YES", "NO"),
    ENABLE: ("YES", "YES"),
    PERIOD: ("daily", "daily"),
}


@dataclass(frozen=True)
class PackagesAudited(Check):
    """cron starts periodic every day, and that runs pkg's audit among its security checks, by a list of now."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Read the crontabs as cron does, and the variables as periodic's shell does."""
        problems = [*crontabs.problems(host), *_schedule_problems(host), *_script_problems(host)]
        values = effective(host)
        problems.extend(f"{name} is {values[name]}, expected {WANTED[name][0]}" for name in _wrong(values))
        problems.extend(filter(None, [vulnerabilities.list_problem(host, context.today)]))
        return self.verdict(
            not problems,
            expected="periodic daily runs, and 410.pkg-audit with it",
            observed="; ".join(problems) or "periodic daily runs, and 410.pkg-audit with it",
            evidence=f"{crontabs.SYSTEM}; sysrc -f {' -f '.join(FILES)}; {vulnerabilities.LIST}",
            remedy=f"look for a file that is read after {OURS} and sets the variable again ({', '.join(LATER)}), and "
            "whether the host can fetch the list (`pkg audit -F`)",
        )

    def remedy(self, host: HostReader, context: Context) -> Iterator[Action]:
        """Turn cron on, and the variables; what else is missing, or set in a file that is read later, stays so. The
        first list is fetched at once, so that what is vulnerable today is known today.
        """
        if not crontabs.is_there(host) or any(_schedule_problems(host)) or any(_script_problems(host)):
            return
        values = effective(host)
        wrong = _wrong(values)
        overruling = {**_asked(host, LATER), **({ENABLE: ""} if OLD_NAME in _asked(host, FILES) else {})}
        if any(name in overruling for name in wrong):
            return
        yield from crontabs.started(host)
        for name in wrong:
            wanted, _default = WANTED[name]
            change = Change("periodic.conf", name, values[name], wanted)
            yield Command(("sysrc", "-f", OURS, f"{name}={wanted}"), change, touches=Touches(paths=(OURS,)))
        if vulnerabilities.newest_list(host) is None:
            change = Change("vulnerabilities", "pkg audit -F", "no list", "fetched")
            lists = Touches(paths=(vulnerabilities.LIST, vulnerabilities.OSV_LIST))
            yield Command(vulnerabilities.FETCH, change, ok=vulnerabilities.AUDITED, timeout=300.0, touches=lists)


def effective(host: HostReader) -> Mapping[str, str]:
    """The variables of the audit as periodic's files come to, the shell reading them one after the other."""
    found = _asked(host, FILES)
    values = {name: found.get(name) or default for name, (_wanted, default) in WANTED.items()}
    if found.get(OLD_NAME):
        values[ENABLE] = found[OLD_NAME]
        if found[OLD_NAME].lower() == "yes":
            values[PERIOD] = "daily"
    return values


def _asked(host: HostReader, files: Sequence[str]) -> Mapping[str, str]:
    """The variables that these files set; sysrc(8) prints a line `NAME: VALUE` for each."""
    words = tuple(word for path in files for word in ("-f", path))
    answer = host.query(("sysrc", *words, "-i", *WANTED, OLD_NAME), ok=rc.YES_OR_NO).stdout
    return {name: value.strip() for name, _colon, value in (line.partition(":") for line in answer.splitlines())}


def _wrong(values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name, (wanted, _default) in WANTED.items() if values[name].lower() != wanted.lower())


def _schedule_problems(host: HostReader) -> Iterator[str]:
    entries = [entry for entry in crontabs.in_force(host) if entry.is_roots and _is_periodic_daily(entry.command)]
    if not entries:
        yield "no crontab that cron reads starts `periodic daily` as root"
    elif not any(entry.is_daily for entry in entries):
        yield f"{entries[0].path} starts `periodic daily` only at {' '.join(entries[0].schedule)}"


def _is_periodic_daily(command: str) -> bool:
    program, _space, argument = command.partition(" ")
    return program.rpartition("/")[2] == "periodic" and "daily" in argument.split()


def _script_problems(host: HostReader) -> Iterator[str]:
    """periodic runs what is executable, and takes the rest for switched off (periodic.sh)."""
    for path in (SECURITY, AUDIT):
        stat = host.stat(path)
        if stat is None or not stat.mode & 0o100:
            yield f"{path} is {'not there' if stat is None else 'not executable, so periodic passes it over'}"
