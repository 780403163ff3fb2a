# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pf, the firewall of FreeBSD.

Sources: rc.d/pf, pfctl(8), pf.conf(5), ipfw(8), ipf(8), kldload(8) and kldstat(8) of freebsd/freebsd-src. `service pf
start` flushes every rule and state first, and with them this run's own connection, so that rules are loaded (`pfctl
-f`, which keeps all states) and pf is then switched on (`pfctl -e`) by pfctl itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import pf_conf, pf_filter, rc
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.ban_anchor import (
    BAN_ANCHORS,
    BANS_CHECK,
    ban_anchor,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.firewall_tool import missing
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pf_filter import PF, PfFilter
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pf_rules import PASS
from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    CANDIDATE,
    Change,
    Command,
    WriteBlock,
    WriteFile,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._checks.packet_filter import PacketFilter
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# The other firewalls of the base system, by the names of their kernel modules and of their services.
OTHERS = ("ipfw", "ipfilter")
JUDGE = ("pfctl", "-n", "-f")
# Routing (inet(4), inet6(4)), for virtual machines and for jails with a network of their own, too, whose sockets no
# list of ours has.
FORWARDING = ("sysctl", "-n", "-i", "net.inet.ip.forwarding", "net.inet6.ip6.forwarding")
# What answers ntpd gets comes in by the states of its questions; syslogd with -s takes nothing from others.
TIME, LOG = Opening(123, "udp"), Opening(514, "udp")


@dataclass(frozen=True)
class Pf:
    """See FirewallTool."""

    name: str = PF
    unit: str = PF
    look: str = (
        "look at `pfctl -a '*' -s rules`: the last rule that fits decides, but one with `quick` at once, and ours "
        "stand at the end"
    )

    def rival(self, host: HostReader, context: Context) -> str:
        """See FirewallTool."""
        return next((name for name in OTHERS if rc.is_enabled(host, name) or _is_in_kernel(host, name)), "")

    def is_on(self, host: HostReader) -> bool:
        """See FirewallTool."""
        return rc.is_enabled(host, PF)

    def why_no_help(self, host: HostReader, context: Context, loaded: PacketFilter) -> str:
        """See FirewallTool."""
        if words := _why_left(host, loaded):
            return words
        conf = pf_conf.path(host)
        if pf_conf.says_nothing(pf_conf.others(host.read_text(conf) or "")):
            return f"this host passes packets on for others, for whom {conf} has no rules yet" if _routes(host) else ""
        if not pf_filter.has_module(host):
            return f"{conf} cannot be judged before pf is in the kernel (`kldload pf`)"
        ahead = _ahead(host, context, _openings(context, ()))
        if ahead is None:
            return f"{conf} has a fault (`pfctl -nf {conf}`)"
        return "" if ahead.denies else f"a rule of {conf} lets everything in before ours (`quick`)"

    def problems(
        self, host: HostReader, context: Context, loaded: PacketFilter, openings: Sequence[Opening]
    ) -> Iterator[str]:
        """See FirewallTool. The file is judged by what pfctl makes of it, as the rules in force are."""
        conf = pf_conf.path(host)
        if not self.is_on(host):
            yield "pf is not switched on at the next boot (pf_enable)"
        stored = pf_filter.in_file(host, context.login, conf)
        if stored is None:
            yield f"{conf} is absent or has a fault: at the next boot nothing is loaded from it"
        elif not stored.denies:
            yield f"after a boot {conf} lets everything in"
        else:
            shut_now = missing(loaded, context, openings)
            later = [opening for opening in missing(stored, context, openings) if opening not in shut_now]
            yield from (f"{opening.words} is let in now, and after a boot not" for opening in later)
        yield from _ban_problems(context, (loaded, stored), openings)

    def remedy(
        self, host: HostReader, context: Context, loaded: PacketFilter, openings: Sequence[Opening]
    ) -> Iterator[Action]:
        """See FirewallTool. Nothing is done where rules of somebody else would still be in the way."""
        if _why_left(host, loaded):
            return
        conf, has_module = pf_conf.path(host), pf_filter.has_module(host)
        text = host.read_text(conf)
        if has_module and text is not None and not _is_good(_ahead(host, context, openings), context, openings):
            return
        if not has_module:
            change = Change("module", PF, "not loaded", "loaded")
            yield Command(("kldload", "-n", PF), change, undo=(("kldunload", PF),))
        wanted = _wanted(host, context, openings)
        if text is None:
            yield WriteFile(conf, blocks.rendered(wanted, is_last=True), 0o600, validate=(*JUDGE, conf))
        else:
            yield WriteBlock(conf, wanted, validate=(*JUDGE, CANDIDATE), is_last=True)
        if not self.is_on(host):
            yield from rc.set_variable(host, "pf_enable", "YES")
        is_written = text is not None and blocks.block_in(text) == blocks.rendered(wanted, is_last=True)
        if not (is_written and _serves(loaded, _ahead(host, context, openings), context, openings)):
            yield from _loading(conf, is_on=isinstance(loaded, PfFilter), is_new=text is None)

    def stays_open(self, host: HostReader, context: Context, opening: Opening) -> bool:
        """See FirewallTool. Nor does anybody lose what two daemons of the base system only seem to wait for."""
        return opening == TIME or (opening == LOG and "-s" in rc.value(host, "syslogd_flags").split())

    def obstacles(self, host: HostReader, context: Context, ports: Sequence[int]) -> Iterator[str]:
        """See FirewallTool. Where nobody else has written rules there is none, unless those in force have to stay."""
        conf = pf_conf.path(host)
        loaded = pf_filter.loaded(host, context.login)
        if words := _why_left(host, loaded):
            shut = [port for port in ports if not loaded.lets_in_from(Opening(port, "tcp"), context.login.address)]
            yield from (f"pf refuses {port}/tcp from {context.login.address}, and {words}: mend it" for port in shut)
            return
        if pf_conf.says_nothing(pf_conf.others(host.read_text(conf) or "")) or not pf_filter.has_module(host):
            return
        address, ahead = context.login.address.partition("%")[0], _ahead(host, context, _openings(context, ports))
        for port in ports if ahead else ():
            if ahead and ahead.decide(address, "tcp", port, in_doubt=PASS).is_refused:
                yield f"{conf} holds a rule against {port}/tcp from {address} that comes before ours (`quick`): mend it"


def _ban_problems(
    context: Context, filters: Sequence[PacketFilter | None], openings: Sequence[Opening]
) -> Iterator[str]:
    """Bans stand in an anchor, and without a rule that leads there they refuse nobody."""
    anchor = ban_anchor(context)
    known = [one for one in filters if isinstance(one, PfFilter)]
    if BANS_CHECK not in context.options.skip and not all(one.leads_to(anchor, openings[0].port) for one in known):
        yield f"no rule leads to the anchor {anchor}, where bans stand"


def _openings(context: Context, ports: Sequence[int]) -> tuple[Opening, ...]:
    ssh = tuple(Opening(port, "tcp") for port in (*ports, context.login.port) if port)
    return tuple(dict.fromkeys((*ssh, *context.options.firewall_allow)))


def _wanted(host: HostReader, context: Context, openings: Sequence[Opening]) -> str:
    """Where somebody's rules deny by themselves, ours only let in what they do not."""
    rest = pf_conf.others(host.read_text(pf_conf.path(host)) or "")
    anchor, is_alone = ban_anchor(context), pf_conf.says_nothing(rest)
    theirs = None if is_alone else pf_filter.in_file(host, context.login, host.scratch_file("pf.theirs", rest))
    if theirs and theirs.denies:
        shut = missing(theirs, context, openings)
        return pf_conf.lines(shut, ban_anchor=anchor, is_alone=False, denies=False)
    return pf_conf.lines(openings, ban_anchor=anchor, is_alone=is_alone, denies=True)


def _ahead(host: HostReader, context: Context, openings: Sequence[Opening]) -> PfFilter | None:
    """What will be in force with our block in the file; None where pfctl refuses the file."""
    text = host.read_text(pf_conf.path(host)) or ""
    block = blocks.rendered(_wanted(host, context, openings), is_last=True)
    return pf_filter.in_file(host, context.login, host.scratch_file("pf.ahead", blocks.replaced(text, block)))


def _is_good(ahead: PfFilter | None, context: Context, openings: Sequence[Opening]) -> bool:
    return ahead is not None and ahead.denies and not missing(ahead, context, openings)


def _serves(loaded: PacketFilter, ahead: PfFilter | None, context: Context, openings: Sequence[Opening]) -> bool:
    """What is in force needs no other rules, or would lack what the file lacks as well."""
    is_good = isinstance(loaded, PfFilter) and _is_good(loaded, context, openings)
    would_help = not any(_ban_problems(context, (ahead,), openings))
    return is_good and not (would_help and any(_ban_problems(context, (loaded,), openings)))


def _loading(conf: str, *, is_on: bool, is_new: bool) -> Iterator[Command]:
    """The rules first: what is switched on denies at once, and lets in what runs already."""
    if is_on:
        back = ("pfctl", "-F", "rules") if is_new else ("pfctl", "-f", conf)
        yield Command(
            ("pfctl", "-f", conf), Change("firewall", PF, "other rules", f"the rules of {conf}"), undo=(back,)
        )
        return
    yield Command(("pfctl", "-f", conf))
    off = (("pfctl", "-F", "rules"), ("pfctl", "-d"))
    yield Command(("pfctl", "-e"), Change("firewall", PF, "off", "on"), undo=off)


def _why_left(host: HostReader, loaded: PacketFilter) -> str:
    """Why the rules in force, whatever they are, are left as they are; empty where ours may take their place."""
    if words := pf_filter.why_out_of_reach(host):
        return words
    conf = pf_conf.path(host)
    is_by_hand = _has_rules(loaded) and pf_conf.says_nothing(pf_conf.others(host.read_text(conf) or ""))
    return f"pf has loaded rules that are not from {conf}" if is_by_hand else ""


def _has_rules(loaded: PacketFilter) -> bool:
    """Rules besides ours, whoever is to ban: loaded by hand, they would be gone for good."""
    own = (pf_conf.ANCHOR, *BAN_ANCHORS)
    return isinstance(loaded, PfFilter) and any(rule.name not in own for rule in loaded.ruleset.rules)


def _routes(host: HostReader) -> bool:
    return "1" in host.query(FORWARDING, ok=(0, 1)).stdout.split()


def _is_in_kernel(host: HostReader, module: str) -> bool:
    return host.query(("kldstat", "-q", "-m", module), ok=(0, 1)).rc == 0
