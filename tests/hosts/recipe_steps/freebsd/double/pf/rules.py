"""The values that pf.conf(5) is read into, and how pfctl prints a rule.

Printing: freebsd/freebsd-src:sbin/pfctl/pfctl_parser.c (print_rule): defaults are written out, names stand for ports.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

from . import icmp, state_options


@dataclass(frozen=True)
class Address:
    """`any`, a table's name in angle brackets, or an address with its prefix."""

    text: str = "any"
    is_negated: bool = False

    @property
    def is_any(self) -> bool:
        return self.text == "any"

    @property
    def table(self) -> str:
        return self.text[1:-1] if self.text.startswith("<") else ""

    @property
    def family(self) -> str:
        if self.is_any or self.table:
            return ""
        return "inet6" if ":" in self.text else "inet"

    def printed(self) -> str:
        return f"{'! ' if self.is_negated else ''}{self.text}"


@dataclass(frozen=True)
class Port:
    """`operator` is =, !=, <, <=, >, >=, `:` (both ends belong to it), `><` or `<>`."""

    operator: str
    first: int
    last: int = 0

    def printed(self, protocol: str, *, is_numeric: bool) -> str:
        if self.operator == ":":
            return f"port {self.first}:{self.last}"
        if self.operator in {"><", "<>"}:
            return f"port {self.first} {self.operator} {self.last}"
        is_named = self.operator in {"=", "!="} and not is_numeric
        return f"port {self.operator} {_service(self.first, protocol) if is_named else self.first}"


def _service(number: int, protocol: str) -> str:
    try:
        return socket.getservbyport(number, "tcp" if protocol == "tcp" else "udp")
    except OSError:
        return str(number)


@dataclass(frozen=True)
class Rule:
    """One rule after lists have been expanded; `anchor` has a name or rules of its own, or both."""

    action: str  # pass, block, match, anchor
    line: int = 0
    block_return: str = ""
    direction: str = ""
    is_logged: bool = False
    log_options: str = ""
    is_quick: bool = False
    interface: str = ""
    is_interface_negated: bool = False
    family: str = ""
    protocol: str = ""
    source: Address = Address()
    destination: Address = Address()
    source_port: Port | None = None
    destination_port: Port | None = None
    flags: str = ""  # "", "S/SA", "any"
    state: str = ""  # "keep state", "no state", …
    state_options: dict[str, str] = field(default_factory=dict)
    owners: str = ""  # user and group, as they are printed
    icmp_type: int | None = None
    icmp_code: int | None = None
    further: str = ""  # what is printed at the end
    anchor: str = ""
    inner: tuple[Rule, ...] = ()

    def printed(self, *, is_numeric: bool = False) -> str:
        """Without the rules in brackets, and without a bracket."""
        words = [self._head()]
        words += [self.direction] if self.direction else []
        words += [f"log {self.log_options}".strip()] if self.is_logged else []
        words += ["quick"] if self.is_quick else []
        if self.interface:
            words.append(f"on {'! ' if self.is_interface_negated else ''}{self.interface}")
        words += [self.family] if self.family else []
        words += [f"proto {self.protocol}"] if self.protocol else []
        words += [self._ends(is_numeric=is_numeric), *self._tail()]
        return " ".join(word for word in words if word)

    def _head(self) -> str:
        if self.action == "anchor":
            return f'anchor "{self.anchor}"' if self.anchor else "anchor"
        return f"block {self.block_return or 'drop'}" if self.action == "block" else self.action

    def _ends(self, *, is_numeric: bool) -> str:
        ports = self.source_port or self.destination_port
        if self.source.is_any and self.destination.is_any and not ports:
            return "all"
        words = ["from", self.source.printed()]
        words += [self.source_port.printed(self.protocol, is_numeric=is_numeric)] if self.source_port else []
        words += ["to", self.destination.printed()]
        words += [self.destination_port.printed(self.protocol, is_numeric=is_numeric)] if self.destination_port else []
        return " ".join(words)

    def _tail(self) -> list[str]:
        flags = f"flags {self.flags}" if self.flags and self.protocol in {"", "tcp"} else ""
        options = state_options.printed(self.state_options)
        return [self.owners, flags, self._icmp(), self.state, options, self.further]

    def _icmp(self) -> str:
        if self.icmp_type is None:
            return ""
        family = "inet6" if self.protocol == "ipv6-icmp" else "inet"
        text = f"{'icmp6-type' if family == 'inet6' else 'icmp-type'} {icmp.type_name(self.icmp_type, family)}"
        if self.icmp_code is None:
            return text
        return f"{text} code {icmp.code_name(self.icmp_code, self.icmp_type, family)}"


@dataclass
class Ruleset:
    """What one file, or one anchor, holds; `announced` are the lines that -v prints before the rules."""

    rules: list[Rule] = field(default_factory=list)
    translations: list[str] = field(default_factory=list)
    tables: dict[str, list[str]] = field(default_factory=dict)
    persistent: set[str] = field(default_factory=set)
    skipped: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    inline: dict[str, Ruleset] = field(default_factory=dict)  # anchors whose rules stand in this file
    loaded: dict[str, Ruleset] = field(default_factory=dict)  # those from files of their own
    announced: list[str] = field(default_factory=list)
