# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about the SSH server, judged by `sshd -T -C …` for the administrator, root and a stranger."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import (
    Check,
    Context,
    Finding,
    Setting,
    Status,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    listeners,
    match_blocks,
    running_sshd,
    sshd,
    sshd_files,
    sshd_units,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# Older releases print one spelling and newer ones the other for the same value (both are read by all of them).
SYNONYMS = {"without-password": "prohibit-password"}
SSHD = "sshd"
LISTENED_BY = {"*": "ss -ltn", "freebsd": "sockstat -46ls"}
# What starts the daemon.
STARTERS = {"*": "its unit", "freebsd": "sshd_flags in rc.conf"}


@dataclass(frozen=True)
class SshdOption(Check):
    """An sshd keyword has one of the allowed values for everybody that we ask about.

    `forerunner` is a keyword that an older sshd wants beside it, by system: up to OpenSSH 8.6 keyboard-interactive
    logins are on whenever ChallengeResponseAuthentication is, whatever the newer keyword says (sshd.c).
    """

    keyword: str = ""
    allowed: tuple[str, ...] = ()
    is_rehearsed: bool = True
    forerunner: Mapping[str, str] = field(default_factory=lambda: {"*": ""}, hash=False)

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Ask sshd from each viewpoint and name those for whom it is wrong."""
        absence = sshd.absence(host, context)
        if absence:
            return self.found(Status.NOT_APPLICABLE, observed=absence)
        views = [sshd.effective(host, viewpoint) for viewpoint in self._viewpoints(host, context)]
        wrong = [view for view in views if self._value(view) not in self.allowed]
        shown = wrong[0] if wrong else views[0]
        whom = ", ".join(dict.fromkeys(view.seen_by.user for view in wrong)) if wrong else "everybody asked about"
        observed = f"{self.keyword} {self._value(shown) or 'not known to this sshd'} for {whom}"
        unread = _unread(host)
        return self.verdict(
            not (wrong or unread),
            expected=f"{self.keyword} {' or '.join(self.allowed)}",
            observed="; ".join(
                filter(None, (observed + (self._origin(host, context, shown) if wrong else ""), unread))
            ),
            evidence=" ".join(shown.seen_by.argv),
            remedy=f"set {self.keyword} {self.allowed[0]} where sshd reads it first"
            if wrong
            else f"reload sshd ({_reload(context)}), so that what its files say is in force",
        )

    def _origin(self, host: HostReader, context: Context, view: sshd.Effective) -> str:
        """Where the value comes from, as far as the text tells: a command line wins over every file."""
        options = " ".join(view.seen_by.options or ())
        if self.keyword.lower() in options.lower():
            return f" (by sshd's command line, {options}: see {sshd_units.started_by(context.platform)})"
        places = sshd_files.places(host, self.keyword, allowed=self.allowed)
        return f" ({'; '.join(places)})" if places else ""

    def _viewpoints(self, host: HostReader, context: Context) -> tuple[sshd.Viewpoint, ...]:
        """A closed door must be closed for those too whom a Match line treats apart."""
        usual = sshd.viewpoints(context)
        exceptions = match_blocks.exceptions(host) if self.closes_door else ()
        users = tuple(dict.fromkeys(viewpoint.user for viewpoint in usual))
        apart = (
            replace(
                sshd.viewpoint(context, user, whom.address or sshd.ELSEWHERE),
                server=whom.server or usual[0].server,
                port=whom.port or usual[0].port,
            )
            for whom in exceptions
            for user in ((whom.user,) if whom.user else users)
        )
        sets = running_sshd.option_sets(host)
        return tuple(dict.fromkeys(replace(one, options=given) for given in sets for one in (*usual, *apart)))

    def _value(self, view: sshd.Effective) -> str:
        value = view.one(self.keyword.lower())
        return SYNONYMS.get(value, value)

    def settings(self, host: HostReader, context: Context) -> Iterable[Setting]:
        """The keyword with the first allowed value."""
        keywords = filter(None, (self.keyword, lookup(self.forerunner, context.platform)))
        return tuple(Setting(SSHD, keyword, self.allowed[0]) for keyword in keywords)


@dataclass(frozen=True)
class SshdPort(Check):
    """sshd listens on the port that was asked for; without a wish whatever is in force is fine."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Compare what sshd is configured for with what has a listener in the kernel."""
        absence = sshd.absence(host, context)
        if absence:
            return self.found(Status.NOT_APPLICABLE, observed=absence)
        configured = sshd.ports(host, context)
        wanted = context.options.ssh_port
        silent = silent_ports(host, context)
        is_as_wanted = wanted is None or configured == (wanted,)
        observed = (
            "configured: " + _numbers(configured),
            f"nobody listens on {_numbers(silent)}" if silent else "",
            "" if is_as_wanted else _listen_addresses(host),
        )
        return self.verdict(
            not silent and is_as_wanted,
            expected=f"port {wanted}" if wanted else "a listener on every configured port",
            observed="; ".join(filter(None, observed)),
            evidence=f"sshd -T; {lookup(LISTENED_BY, context.platform)}",
            remedy="set python_host_ssh_port, or restart the SSH service so that it listens where it is configured to",
        )

    def settings(self, host: HostReader, context: Context) -> Iterable[Setting]:
        """The port, if one was asked for."""
        wanted = context.options.ssh_port
        return (Setting(SSHD, "Port", str(wanted)),) if wanted else ()


@dataclass(frozen=True)
class SshdUpToDate(Check):
    """The running sshd has read its configuration as it stands, and was started as its unit would start it."""

    def inspect(self, host: HostReader, context: Context) -> Finding:
        """Compare the time at which it has read its files with theirs, and its command line with its unit's."""
        absence = sshd.absence(host, context)
        if absence:
            return self.found(Status.NOT_APPLICABLE, observed=absence)
        problems = [_unread(host)] if running_sshd.unread(host) else []
        if not running_sshd.is_running_as_started(host):
            starter = lookup(STARTERS, context.platform)
            problems.append(f"it runs with {_words(running_sshd.options(host))}, and {starter} says otherwise")
        problems.extend(lookup(OUT_OF_REACH, context.platform)(host, context))
        return self.verdict(
            not problems,
            expected=f"what its files and {lookup(STARTERS, context.platform)} say is in force",
            observed="; ".join(problems) or "nothing was changed since sshd has read it",
            evidence=f"{running_sshd.PID_FILE}, and the times of sshd's files",
            remedy=self._advice(host, context) if problems else "",
        )

    def _advice(self, host: HostReader, context: Context) -> str:
        if any(lookup(OUT_OF_REACH, context.platform)(host, context)):
            return "take PidFile out of sshd's configuration, end that sshd by hand, and `service sshd onestart`"
        silent = silent_ports(host, context)
        if silent and not context.options.ssh_port:
            return f"a reload moves sshd to port {_numbers(silent)}: set python_host_ssh_port to where it shall listen"
        return _reload(context)

    def remedy(self, host: HostReader, context: Context) -> Iterable[Action]:
        """Reload, or restart for another command line; not where that would move the port and nobody asked for it."""
        if silent_ports(host, context) and not context.options.ssh_port:
            return ()
        if any(lookup(OUT_OF_REACH, context.platform)(host, context)):
            return ()
        verb = "reload" if running_sshd.is_running_as_started(host) else "restart"
        service = sshd_units.service(context.platform)
        change = Change("unit", service, "with an older configuration", "with its configuration as it stands")
        verb = sshd_units.verb_of(host, context.platform, verb)
        return (Command(sshd_units.command(context.platform, verb), change),)


def _beyond_rc(host: HostReader, context: Context) -> Iterator[str]:
    """rc finds the daemon by this file alone (rc.d/sshd), and tells one without it nothing."""
    ports = sshd.ports(host, context) if host.stat(running_sshd.PID_FILE) is None else ()
    if any(SSHD in listeners.holders(host, context.platform, port) for port in ports):
        yield f"it runs without {running_sshd.PID_FILE}, so that rc cannot make it read its files"


# Why the service manager does not reach the daemon that listens.
OUT_OF_REACH: Mapping[str, Callable[[HostReader, Context], Iterator[str]]] = {
    "*": lambda _host, _context: iter(()),
    "freebsd": _beyond_rc,
}


def _reload(context: Context) -> str:
    return f"`{' '.join(sshd_units.command(context.platform, 'reload'))}`"


def _unread(host: HostReader) -> str:
    """The words for files that the running daemon does not know; empty when there are none."""
    unread = running_sshd.unread(host)
    return f"the running sshd has not read {', '.join(unread)} since it was changed" if unread else ""


def silent_ports(host: HostReader, context: Context) -> tuple[int, ...]:
    """The ports that sshd is configured for and that nobody listens on."""
    listening = listeners.tcp_ports(host, context.platform)
    return tuple(port for port in sshd.ports(host, context) if port not in listening)


def _listen_addresses(host: HostReader) -> str:
    """A port inside ListenAddress stands, whatever a Port line says."""
    lines = [line for line in sshd_files.lines(host) if line.keyword == "listenaddress"]
    places = [line.place for line in lines if re.search(r"(^[^:]+|\]):\d+$", " ".join(line.words[1:]))]
    return f"ListenAddress names a port ({'; '.join(places)})" if places else ""


def _words(options: tuple[str, ...]) -> str:
    return " ".join(options) or "no option"


def _numbers(ports: Iterable[int]) -> str:
    return ", ".join(str(port) for port in ports)
