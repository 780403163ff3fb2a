# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pf's filter rules as pfctl prints them, taken apart.

The form is that of `print_rule` and `print_fromto` (sbin/pfctl/pfctl_parser.c), `print_addr` (pf_print_state.c) and,
for anchors with their rules in braces, `pfctl_show_rules` (pfctl.c) of freebsd/freebsd-src. Macros and lists are
spelled out by then; a rule has one protocol, one source and one target.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PASS, BLOCK, ANCHOR = "pass", "block", "anchor"
ACTIONS = (PASS, BLOCK, ANCHOR)
# A redirection that passes does so before any filter rule, and the first that fits decides (pf.conf(5)).
REDIRECTING = (("rdr pass ", "pass in quick "), ("rdr-anchor ", "anchor "))
WORD = re.compile(r'"[^"]*"|<[^>]*>|\([^)]*\)|[^\s"<(]+\([^)]*\)|\S+')
# `table <name> persist { 192.0.2.1 !192.0.2.2 }`, as pfctl -v prints a definition (print_tabledef).
TABLE = re.compile(r"^table <([^>]+)>([^{\n]*)(?:\{(.*)\})?", re.MULTILINE)
OPERATORS = ("=", "!=", "<", "<=", ">", ">=")
BETWEEN = ("><", "<>")
# What a packet must have that we do not know of one.
UNKNOWN = ("user", "group", "icmp-type", "icmp6-type", "tos", "prio", "probability", "tagged", "!tagged", "received-on")
# pfctl writes a name for a single port alone (print_port), with -P none.
PORT_NAME = re.compile(r"(?<= port )(!?= )([A-Za-z][\w-]*)")
# Behind these stands a name, which may be any word.
NAMED = ("label", "tag", "queue", "ridentifier", "rtable", "divert-to", "dnpipe", "dnqueue")


@dataclass(frozen=True)
class End:
    """Where a packet comes from, or goes to: `address` as pfctl prints it, `ports` as (operator, low, high)."""

    address: str = "any"
    is_negated: bool = False
    ports: tuple[str, int, int] | None = None


@dataclass(frozen=True)
class Rule:
    """One rule. An anchor has a name, which may be empty, and rules of its own.

    `is_doubtful`: it also asks for what we do not know of a packet. `is_for_fragments`: no first packet fits it.
    """

    action: str
    direction: str = ""
    is_quick: bool = False
    interface: str = ""
    is_interface_negated: bool = False
    family: str = ""
    protocol: str = ""
    source: End = End()
    target: End = End()
    flags: str = "any"
    name: str = ""
    rules: tuple[Rule, ...] = ()
    is_doubtful: bool = False
    is_for_fragments: bool = False


def parse(text: str) -> tuple[Rule, ...]:
    """The rules of `pfctl -a '*' -s nat` and `-s rules` in this order, or of `pfctl -v -n -f`, which prints both.

    Scrub, macros and all else are left out, and so is a redirection that still leaves it to the filter's rules.
    """
    return tuple(_rules(iter(text.splitlines())))


def with_numbers(text: str, services: str) -> str:
    """The rules with numbers for the names of ports, which /etc/services has (services(5))."""
    numbers = dict(re.findall(r"^([\w-]+)\s+(\d+)/", services, re.MULTILINE))
    return PORT_NAME.sub(lambda found: found.group(1) + numbers.get(found.group(2), "0"), text)


def tables(text: str) -> Mapping[str, tuple[str, ...] | None]:
    """The tables that a file defines, by name; None for one whose addresses stand in another file."""
    found = {}
    for name, words, addresses in TABLE.findall(text):
        found[name] = None if " file " in words else tuple(addresses.replace("! ", "!").split())
    return found


def _rules(lines: Iterator[str]) -> Iterator[Rule]:
    """Up to the brace that closes."""
    for line in lines:
        text = _as_filter(line.strip())
        if text == "}":
            return
        inner = tuple(_rules(lines)) if text.endswith("{") else ()
        if text.partition(" ")[0] in ACTIONS:
            yield _rule(WORD.findall(text.rstrip("{")), inner)


def _as_filter(text: str) -> str:
    for redirection, rule in REDIRECTING:
        if text.startswith(redirection):
            return rule + text[len(redirection) :]
    return text


def _rule(words: list[str], rules: tuple[Rule, ...]) -> Rule:
    found: dict[str, object] = {"action": words.pop(0), "rules": rules}
    if found["action"] == ANCHOR and words and words[0].startswith('"'):
        found["name"] = words.pop(0).strip('"')
    while words:
        _take(words, found)
    return Rule(**found)  # type: ignore[arg-type]  # each value has its field's type


def _take(words: list[str], found: dict[str, object]) -> None:
    """The next thing that a rule says; what changes nothing about which packets it fits is passed over."""
    word = words.pop(0)
    if word in ("in", "out"):
        found["direction"] = word
    elif word == "quick":
        found["is_quick"] = True
    elif word == "on":
        found["is_interface_negated"] = _is_negated(words)
        found["interface"] = words.pop(0)
    elif word in ("inet", "inet6"):
        found["family"] = word
    elif word in ("proto", "flags"):
        found[{"proto": "protocol"}.get(word, word)] = words.pop(0)
    elif word in ("from", "to"):
        found[{"from": "source", "to": "target"}[word]] = _end(words)
    elif word == "fragment":
        found["is_for_fragments"] = True
    elif word in UNKNOWN or word == "os":
        found["is_doubtful"] = True
        del words[:1]
    elif word in NAMED:
        del words[:1]


def _end(words: list[str]) -> End:
    is_negated = _is_negated(words)
    address = words.pop(0)
    if words[:1] == ["-"]:
        address = f"{address} - {words[1]}"
        del words[:2]
    return End(address, is_negated, _ports(words))


def _is_negated(words: list[str]) -> bool:
    return bool(words[:1] == ["!"] and words.pop(0))


def _ports(words: list[str]) -> tuple[str, int, int] | None:
    """`port = 22`, `port 1:1023`, `port 1 >< 1023` (between), `port 1 <> 1023` (outside); numbers, for pfctl's -P."""
    if words[:1] != ["port"]:
        return None
    words.pop(0)
    first = words.pop(0)
    if first in OPERATORS:
        number = int(words.pop(0))
        return first, number, number
    if words[:1] and words[0] in BETWEEN:
        operator, high = words.pop(0), words.pop(0)
        return operator, int(first), int(high)
    low, _colon, high = first.partition(":")
    return ":", int(low), int(high)
