"""The values that pf.conf(5) is read into, and how pfctl prints a rule.

Printing: freebsd/freebsd-src:sbin/pfctl/pfctl_parser.c (print_rule): defaults are written out, names stand for ports.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field


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

    def printed(self, protocol: str) -> str:
        if self.operator == ":":
            return f"port {self.first}:{self.last}"
        if self.operator in {"><", "<>"}:
            return f"port {self.first} {self.operator} {self.last}"
        return f"port {self.operator} {_service(self.first, protocol)}"


def _service(number: int, protocol: str) -> str:
    try:
        return socket.getservbyport(number, protocol or "tcp")
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
    icmp_type: str = ""
    anchor: str = ""
    inner: tuple[Rule, ...] = ()

    def printed(self) -> str:
        words = [self._head()]
        words += [self.direction] if self.direction else []
        words += ["log"] if self.is_logged else []
        words += ["quick"] if self.is_quick else []
        if self.interface:
            words.append(f"on {'! ' if self.is_interface_negated else ''}{self.interface}")
        words += [self.family] if self.family else []
        words += [f"proto {self.protocol}"] if self.protocol else []
        words += [self._ends(), *self._tail()]
        text = " ".join(word for word in words if word)
        if self.inner:
            body = "".join(f"  {line}\n" for rule in self.inner for line in rule.printed().splitlines())
            return f"{text} {{\n{body}}}"
        return text

    def _head(self) -> str:
        if self.action == "anchor":
            return f'anchor "{self.anchor}"' if self.anchor else "anchor"
        return f"block {self.block_return or 'drop'}" if self.action == "block" else self.action

    def _ends(self) -> str:
        ports = self.source_port or self.destination_port
        if self.source.is_any and self.destination.is_any and not ports:
            return "all"
        words = ["from", self.source.printed()]
        words += [self.source_port.printed(self.protocol)] if self.source_port else []
        words += ["to", self.destination.printed()]
        words += [self.destination_port.printed(self.protocol)] if self.destination_port else []
        return " ".join(words)

    def _tail(self) -> list[str]:
        flags = f"flags {self.flags}" if self.flags and self.protocol in {"", "tcp"} else ""
        icmp = ""
        if self.icmp_type:
            icmp = f"{'icmp6-type' if self.protocol == 'ipv6-icmp' else 'icmp-type'} {self.icmp_type}"
        return [flags, icmp, self.state]


@dataclass
class Ruleset:
    """What one file, or one anchor, holds."""

    rules: list[Rule] = field(default_factory=list)
    translations: list[str] = field(default_factory=list)
    tables: dict[str, list[str]] = field(default_factory=dict)
    persistent: set[str] = field(default_factory=set)
    skipped: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    anchors: dict[str, Ruleset] = field(default_factory=dict)
