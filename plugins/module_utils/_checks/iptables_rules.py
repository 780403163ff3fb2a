# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules that `iptables -S` shows do with new inbound connections."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REFUSING_TARGETS = ("DROP", "REJECT")
# ufw's `limit` rules accept through this chain.
ACCEPTING_TARGETS = ("ACCEPT", "ufw-user-limit-accept")
# Rules about what passes through or leaves (`ufw route allow`) let nobody in.
RULE = re.compile(
    r"-A (?!(?i:\S*(?:forward|output)))\S+(?: -s (\S+))?"
    r" -p (tcp|udp) -m (?:tcp|udp|multiport) --dports? (\S+) -j (\S+)"
)

# A rule with its chain, its condition and where it leads.
JUMP = re.compile(r"^-A (\S+)((?: .*)?) -j (\S+)(?: --reject-with \S+)?$", re.MULTILINE)

# ufw writes the name of an application profile (`ufw allow OpenSSH`) in its rules.
COMMENT = re.compile(r' -m comment --comment (?:"(?:[^"\\]|\\.)*"|\S+)')


def denies(rules: str) -> bool:
    """What decides about a connection that no condition fits: a rule, or else the INPUT chain's policy."""
    policy = re.search(r"^-P INPUT (\w+)$", rules, re.MULTILINE)
    _chain, target = _decision(_jumps(rules), "INPUT", ())
    return (target or (policy.group(1) if policy else "")) in REFUSING_TARGETS


def open_chain(rules: str) -> str:
    """The chain with a rule that accepts whatever comes; empty when there is none."""
    chain, target = _decision(_jumps(rules), "INPUT", ())
    return chain if target == "ACCEPT" else ""


def _jumps(rules: str) -> Sequence[tuple[str, str, str]]:
    return JUMP.findall(COMMENT.sub("", rules))


def _decision(jumps: Sequence[tuple[str, str, str]], chain: str, above: tuple[str, ...]) -> tuple[str, str]:
    """The chain and the target that everything ends in; both empty where only conditions decide.

    A chain of its own decides for the one that calls it: ufw's user rules may accept all (`ufw allow from any`).
    """
    for condition, target in ((condition, target) for name, condition, target in jumps if name == chain):
        if target == "RETURN":
            # Behind a condition as well: what comes after it is not for everything any more.
            break
        if condition:
            continue
        if target in ("ACCEPT", *REFUSING_TARGETS):
            return chain, target
        inner = ("", "") if target in above else _decision(jumps, target, (*above, chain))
        if inner[1]:
            return inner
    return "", ""


def openings(rules: str) -> tuple[Opening, ...]:
    """The rules that accept a destination port, from everywhere or from one source, on every interface."""
    return tuple(opening for line in rules.splitlines() for opening in _rule_openings(line))


def _rule_openings(line: str) -> Iterator[Opening]:
    # A rule with more conditions than these lets in less than we could claim, so it is passed over.
    match = RULE.fullmatch(COMMENT.sub("", line.replace(" -m conntrack --ctstate NEW", "")))
    if match and match.group(4) in ACCEPTING_TARGETS:
        for port in match.group(3).split(","):
            if port.isdigit():
                yield Opening(int(port), match.group(2), match.group(1) or "")
