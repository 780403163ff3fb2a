# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about automatic updates on Enterprise Linux, judged by what dnf-automatic's timer will run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Setting,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    dnf_automatic,
    dnf_configuration,
    services,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.dnf_automatic import (
    CONFIGURATION,
    EVERYTHING,
    SECURITY,
    TIMERS,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.patterns import as_glob
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command, Touches
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.reboot import CORE_PACKAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

FILE, REBOOT_FILE = "dnf-automatic", "dnf-automatic-reboot"
# What to ask of dnf-automatic where no metadata is cached: CentOS Stream's repositories carry no advisories.
USUAL_TYPE = {"*": SECURITY, "centos": EVERYTHING}
# The ids of every distribution's own repositories hold these words (`rhel-9-for-x86_64-baseos-rpms`).
OWN_REPOSITORIES = ("baseos", "appstream")
# Those beside them that hold sources and symbols have neither programs to update nor advisories.
BESIDE = ("source", "debug")
NOTHING_CACHED = (
    "nothing is cached that says whether the distribution's own repositories publish advisories, which alone tell a "
    "security update from another"
)
# dnf-automatic restarts the host by itself since dnf 4.15; before, its service has to.
KNOWS_REBOOT = {"*": False, "redhat-10": True}
RESTART = (
    # The boot as _platform/reboot.py reckons it, so that a container's is its own.
    '/bin/sh -c \'started=$$(cut -d" " -f22 /proc/1/stat); '
    'boot=$$(( $$(sed -n "s/^btime //p" /proc/stat) + started / 100 )); '
    f'for time in $$(rpm -qa --qf "%%{{INSTALLTIME}} " {" ".join(CORE_PACKAGES)}); do '
    'if [ "$$time" -gt "$$boot" ]; then exec shutdown -r +5 "Updates need a restart"; fi; done\''
)


@dataclass(frozen=True)
class AutomaticRuns(Check):
    """One timer is on, and what it starts is told to install what it finds."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Ask systemd about the timers and what they start, then read the file that this is told to read."""
        problems = tuple(_problems(host))
        shown = " ".join(dnf_automatic.on(host) or TIMERS[:1])
        return self.verdict(
            not problems,
            expected="dnf-automatic is installed, one of its timers is on, and what that starts installs updates",
            observed="; ".join(problems) or f"{shown} is on, and what it starts installs updates",
            evidence=f"systemctl cat {shown.replace('.timer', '.service')}; {CONFIGURATION}",
            remedy="look which file and which options the timer's service gives dnf-automatic (`systemctl cat`)",
        )

    def settings(self, host: HostReader, context: Context) -> Iterator[Setting]:
        """Daily installation, and the user's wishes about it, added to what others wish in the same file."""
        options, theirs = context.options, _theirs(host)
        for name in ("apply_updates", "download_updates"):
            yield Setting(FILE, f"commands/{name}", "yes")
        if options.update_mail:
            ways = dnf_configuration.words(theirs.get("emitters", {}).get("emit_via", "stdio"))
            yield Setting(FILE, "emitters/emit_via", ", ".join(dict.fromkeys((*ways, "email"))))
            yield Setting(FILE, "email/email_to", options.update_mail)
        if options.update_exclude:
            excluded = dnf_configuration.words(theirs.get("base", {}).get("excludepkgs", ""))
            wished = (*excluded, *map(as_glob, options.update_exclude))
            yield Setting(FILE, "base/excludepkgs", " ".join(dict.fromkeys(wished)))
        if options.update_reboot == "when-needed":
            is_known = lookup(KNOWS_REBOOT, context.platform)
            yield (
                Setting(FILE, "commands/reboot", "when-needed")
                if is_known
                else Setting(REBOOT_FILE, "Service/ExecStartPost", RESTART)
            )

    def remedy(self, host: HostReader, context: Context) -> Iterator[Action]:
        """The timer that does as its file says is turned on, and those beside it off; a masked one stays so."""
        timers = dnf_automatic.on(host)
        is_alone = len(timers) == 1 and (
            timers[0] == TIMERS[0] or dnf_automatic.timed_run(host, timers[0]).is_installing
        )
        if services.unit(host, TIMERS[0]).is_masked:
            return
        for timer in timers if is_alone else (TIMERS[0],):
            yield from services.enable_and_start(host, timer)
        for timer in timers if not is_alone else ():
            if timer != TIMERS[0]:
                change = Change("unit", timer, "enabled, active", "disabled, inactive")
                yield Command(("systemctl", "disable", "--now", timer), change, touches=Touches(unit=timer))


@dataclass(frozen=True)
class SecurityUpdatesFound(Check):
    """What the timer starts can tell the security updates of this distribution, or takes all updates."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Compare what it is told to look for with what the repositories publish."""
        words = {
            "expected": "security updates of this distribution's own repositories are among those that are looked for",
            "evidence": f"{CONFIGURATION}; repomd.xml of the repositories in {dnf_configuration.CACHE}",
            "remedy": "switch the distribution's own repositories on, and take patterns that leave out everything away",
        }
        if not dnf_automatic.is_installed(host):
            return self.found(Status.FAIL, observed="dnf-automatic is not installed", **words)
        timer = next(iter(dnf_automatic.on(host)), TIMERS[0])
        run = dnf_automatic.timed_run(host, timer)
        problems = tuple(_blind_spots(host, context, run))
        if not problems and _is_untold(host, run):
            words["remedy"] = "run `dnf makecache`, so that it can be told, and look again"
            return self.found(Status.UNKNOWN, observed=f"upgrade_type is {SECURITY}, and {NOTHING_CACHED}", **words)
        return self.verdict(not problems, observed="; ".join(problems) or _looked_for(host, run), **words)

    def settings(self, host: HostReader, context: Context) -> Iterator[Setting]:
        """Security updates where they can be told from others, and otherwise all."""
        yield Setting(FILE, "commands/upgrade_type", _wished_type(host, context))


def _problems(host: HostReader) -> Iterator[str]:
    if not dnf_automatic.is_installed(host):
        yield "dnf-automatic is not installed"
        return
    timers = dnf_automatic.on(host)
    if not timers:
        is_masked = services.unit(host, TIMERS[0]).is_masked
        unmask = f" ({TIMERS[0]} is masked: `systemctl unmask {TIMERS[0]}`)" if is_masked else ""
        yield f"none of its timers is on{unmask}"
    elif len(timers) > 1:
        yield f"{len(timers)} of its timers are on ({', '.join(timers)}), and each does something else"
    for timer in timers:
        yield from _problems_of(host, timer)


def _problems_of(host: HostReader, timer: str) -> Iterator[str]:
    unit, run = services.unit(host, timer), dnf_automatic.timed_run(host, timer)
    if not unit.is_active:
        yield f"{timer} does not run"
    if not unit.is_enabled:
        yield f"{timer} does not start at boot"
    if run.trouble:
        yield run.trouble
    elif not run.is_installing:
        said = run.overriding or f"apply_updates = {run.value('commands', 'apply_updates') or 'no'} in {run.path}"
        yield f"what {timer} starts installs nothing ({said})"


def _blind_spots(host: HostReader, context: Context, run: dnf_automatic.TimedRun) -> Iterator[str]:
    if run.trouble:
        yield run.trouble
    enabled = dnf_configuration.enabled_repositories(host)
    for part in OWN_REPOSITORIES:
        if not any(part in name.lower() for name in enabled if _is_own(name)):
            yield f"no repository with {part} in its name is switched on"
    everything = [word for word in (*run.excluded, *_excluded_by_dnf(host)) if not word.strip("*")]
    if everything:
        yield f"every package is left out (excludepkgs = {everything[0]})"
    silent = _silent(host)
    if run.upgrade_type == SECURITY and silent:
        yield (
            f"upgrade_type is security, and {', '.join(silent)} publish no advisories, which alone tell a security "
            "update from another: nothing of theirs is ever installed"
        )
    if _is_untold(host, run) and _wished_type(host, context) == EVERYTHING:
        yield (
            f"upgrade_type is {SECURITY}, and {NOTHING_CACHED}; those of {context.platform.title} usually publish "
            "none, and then nothing is ever installed"
        )


def _is_untold(host: HostReader, run: dnf_automatic.TimedRun) -> bool:
    """Security updates alone are looked for, and nothing says whether they can be told from others."""
    return run.upgrade_type == SECURITY and not _published(host)


def _looked_for(host: HostReader, run: dnf_automatic.TimedRun) -> str:
    silent = _silent(host)
    reason = f": {', '.join(silent)} publish no advisories that would tell the security updates apart" if silent else ""
    kind = "those that advisories call security updates" if run.upgrade_type == SECURITY else f"all updates{reason}"
    excluded = dict.fromkeys((*run.excluded, *_excluded_by_dnf(host)))
    return f"looked for: {kind}" + (f"; left out: {', '.join(excluded)}" if excluded else "")


def _excluded_by_dnf(host: HostReader) -> tuple[str, ...]:
    main = dnf_configuration.sections(host, dnf_configuration.MAIN_FILE).get("main", {})
    return tuple(word for name in dnf_automatic.EXCLUDING for word in dnf_configuration.words(main.get(name, "")))


def _silent(host: HostReader) -> tuple[str, ...]:
    """The distribution's own repositories that publish no advisories, as far as their metadata is cached."""
    return tuple(name for name, is_there in _published(host).items() if not is_there)


def _published(host: HostReader) -> dict[str, bool]:
    """Whether each of the distribution's own repositories publishes advisories, as far as its metadata is cached."""
    return {name: is_there for name, is_there in dnf_configuration.publishing(host).items() if _is_own(name)}


def _is_own(name: str) -> bool:
    return any(part in name.lower() for part in OWN_REPOSITORIES) and not any(part in name.lower() for part in BESIDE)


def _wished_type(host: HostReader, context: Context) -> str:
    """By what the repositories have published; without their metadata as before, or as usual on this system."""
    try:
        published = _published(host)
    except Unreadable:
        # The row itself says so; what else a run mends must not wait for that.
        published = {}
    if published:
        return SECURITY if all(published.values()) else EVERYTHING
    ours = _sections(blocks.block_in(host.read_text(CONFIGURATION) or ""))
    return ours.get("commands", {}).get("upgrade_type", "") or lookup(USUAL_TYPE, context.platform)


def _theirs(host: HostReader) -> Mapping[str, Mapping[str, str]]:
    """What the file says without our block."""
    return _sections(blocks.replaced(host.read_text(CONFIGURATION) or "", ""))


def _sections(text: str) -> Mapping[str, Mapping[str, str]]:
    """Empty for a text that dnf cannot read either: the row itself says so."""
    try:
        return dnf_configuration.parse(text)
    except ValueError:
        return {}
