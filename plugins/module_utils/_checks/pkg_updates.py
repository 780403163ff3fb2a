# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about automatic updates on FreeBSD, judged by what its cron will run and where that takes updates from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Setting,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    crontabs,
    pkg_repositories,
    update_job,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# `updatesready` ends with 2 where nothing that was fetched waits (freebsd-update(8)).
READY, NOTHING_READY = 0, 2
# FreeBSD's key for updates of the base system, and what has to be kept up to date: freebsd/freebsd-src,
# usr.sbin/freebsd-update/freebsd-update.conf, where a comment calls another key a bad idea.
KEY = "800651ef4b4c71c27e60786d7b487188970f4b4169cc055784e21eb71d410cc5"
COMPONENTS = ("world", "kernel")
# freebsd-update.sh, fetchupgrade_check_params.
PATCHED = re.compile(r"-(?:RELEASE|SECURITY|ALPHA|BETA|RC)")


@dataclass(frozen=True)
class UpdateJobRuns(Check):
    """cron starts a job of ours every day, and that installs security updates of the base system and of packages."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Read the crontabs as cron does, look at the program that they name, and ask the tool that it will call."""
        problems = (*crontabs.problems(host), *_job_problems(host))
        tool = _base_tool(host, context)
        return self.verdict(
            not problems,
            expected=f"cron runs, and starts {update_job.PATH} as root every day",
            observed="; ".join(problems) or f"cron starts {update_job.PATH} every day; the base system's part: {tool}",
            evidence=f"service cron status; {crontabs.SYSTEM}; {'; '.join(crontabs.DIRECTORIES)}",
            remedy="look which crontab names the job, and on which days",
        )

    def settings(self, host: HostReader, context: Context) -> Iterator[Setting]:
        """The program, and the line that starts it with the user's wishes; without a cron nothing would read it."""
        if crontabs.is_there(host):
            yield from update_job.settings(context.options)

    def remedy(self, host: HostReader, context: Context) -> Iterator[Action]:
        """Turn cron on; the rest comes from the settings."""
        return crontabs.started(host)


@dataclass(frozen=True)
class UpdateSources(Check):
    """What the job may take updates from is FreeBSD's own and checked, for the base system and for packages."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Ask pkg for its repositories as merged, and freebsd-update for its configuration as read."""
        repositories = pkg_repositories.repositories(host)
        problems = [*_repository_problems(repositories), *_base_problems(host, context, repositories)]
        shown = ", ".join(f"{each.name} ({each.url})" for each in repositories if each.is_enabled)
        return self.verdict(
            not problems,
            expected="FreeBSD's own repositories are switched on, and nothing is installed unchecked",
            observed="; ".join(problems) or f"taken from: {shown}",
            evidence="pkg -vv; uname -r; freebsd-update showconfig",
            remedy="switch the repository on by a file in /usr/local/etc/pkg/repos (`NAME: { enabled: yes }`), "
            "or mend /etc/freebsd-update.conf",
        )


def _job_problems(host: HostReader) -> Iterator[str]:
    entries = [entry for entry in crontabs.in_force(host) if update_job.PATH in entry.command.split()]
    roots = [entry for entry in entries if entry.is_roots]
    if not roots:
        yield f"no crontab that cron reads starts {update_job.PATH} as root"
    elif not any(entry.is_daily for entry in roots):
        yield f"{roots[0].path} starts it only at {' '.join(roots[0].schedule)}"
    stat = host.stat(update_job.PATH)
    if stat is None or host.read_text(update_job.PATH) != update_job.SCRIPT:
        yield f"{update_job.PATH} is {'not there' if stat is None else 'not the program of this version'}"
    elif stat.uid != 0 or stat.mode & 0o022 or not stat.mode & 0o100:
        yield f"{update_job.PATH} is {stat.owner}'s with mode {stat.mode:04o}, expected root's with 0755"


def _base_tool(host: HostReader, context: Context) -> str:
    if context.platform.container:
        return "done from its host"
    if pkg_repositories.is_base_packaged(host):
        return "pkg"
    ready = host.query(("freebsd-update", "updatesready"), ok=(READY, NOTHING_READY)).rc == READY
    return "freebsd-update" + (", with updates that are fetched and wait" if ready else "")


def _repository_problems(repositories: tuple[pkg_repositories.Repository, ...]) -> Iterator[str]:
    enabled = [each for each in repositories if each.is_enabled]
    if not any(each.is_own for each in enabled if each.name != pkg_repositories.BASE):
        yield "no repository with FreeBSD's own packages is switched on"
    for each in enabled:
        if each.is_unchecked:
            yield f"packages of the repository {each.name} are installed unchecked (signature_type: none)"


def _base_problems(
    host: HostReader, context: Context, repositories: tuple[pkg_repositories.Repository, ...]
) -> Iterator[str]:
    """A jail's base system belongs to its host."""
    if context.platform.container:
        return
    if pkg_repositories.is_base_packaged(host):
        own = [each for each in repositories if each.name == pkg_repositories.BASE and each.is_own]
        if not own:
            yield f"pkg knows no repository {pkg_repositories.BASE} that FreeBSD signs, and the base system is packaged"
        return
    running = host.query(("uname", "-r")).stdout.strip()
    if not PATCHED.search(running):
        yield f"{running} is no release, and freebsd-update has updates for releases alone"
    yield from _configuration_problems(_shown(host.query(("freebsd-update", "showconfig")).stdout))


def _configuration_problems(values: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    if values.get("KEYPRINT") != (KEY,):
        yield f"freebsd-update trusts another key than FreeBSD's (KeyPrint {' '.join(values.get('KEYPRINT', ()))})"
    kept = {component.partition("/")[0] for component in values.get("COMPONENTS", ())}
    for component in COMPONENTS:
        if component not in kept:
            yield f"freebsd-update leaves out {component} (Components in /etc/freebsd-update.conf)"
    if "/" in values.get("IGNOREPATHS", ()):
        yield "freebsd-update leaves out every path (IgnorePaths /)"


def _shown(text: str) -> dict[str, tuple[str, ...]]:
    """Each line is `NAME=word word …`; a word about a component that is not installed may come before."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name: tuple(value.split()) for name, _equals, value in pairs}
