"""Reads the part of pf.conf(5) that a host's filter needs: what is not understood is a syntax error, as with pf itself.

Words of errors: freebsd/freebsd-src:sbin/pfctl/parse.y: `FILE:LINE: …`, then `pfctl: Syntax error in config file: pf
rules not loaded`. Translation rules (nat, rdr, binat), scrub, antispoof and queues are taken without an effect.
"""

from __future__ import annotations

import ipaddress
import itertools
import socket
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..interfaces import NAMES, addresses
from .rules import Address, Port, Rule, Ruleset
from .tokens import SyntaxProblem, Token, statements

_PROTOCOLS = {
    "tcp": "tcp",
    "udp": "udp",
    "icmp": "icmp",
    "icmp6": "ipv6-icmp",
    "ipv6-icmp": "ipv6-icmp",
    "sctp": "sctp",
    "esp": "esp",
    "ah": "ah",
    "gre": "gre",
    "ip6": "ipv6",
    "6": "tcp",
    "17": "udp",
    "1": "icmp",
    "58": "ipv6-icmp",
}
_WITHOUT_EFFECT = frozenset(("scrub", "antispoof", "altq", "queue", "nat-anchor", "rdr-anchor", "binat-anchor"))
_TRANSLATIONS = frozenset(("nat", "rdr", "binat", "no"))
_SETTINGS = frozenset(
    (
        "skip",
        "block-policy",
        "loginterface",
        "limit",
        "timeout",
        "optimization",
        "state-policy",
        "debug",
        "fingerprints",
        "hostid",
        "require-order",
        "ruleset-optimization",
        "state-defaults",
        "fail-policy",
        "reassemble",
        "keepcounters",
        "syncookies",
    )
)
_OPERATORS = frozenset(("=", "!=", "<", "<=", ">", ">="))


@dataclass
class _Reader:
    """The rest of one statement."""

    tokens: list[Token]
    position: int = 0

    @property
    def line(self) -> int:
        return self.tokens[min(self.position, len(self.tokens) - 1)].line

    def peek(self, ahead: int = 0) -> str:
        index = self.position + ahead
        return self.tokens[index].text if index < len(self.tokens) else ""

    def take(self) -> str:
        if self.position >= len(self.tokens):
            raise SyntaxProblem(self.line)
        self.position += 1
        return self.tokens[self.position - 1].text

    def accept(self, *words: str) -> str:
        return self.take() if self.peek() in words and self.peek() else ""

    def expect(self, word: str) -> None:
        if self.take() != word:
            self.position -= 1
            raise SyntaxProblem(self.line)

    def words(self) -> list[str]:
        """One word, or those of a list in brackets."""
        if not self.accept("{"):
            return [self.take()]
        found: list[str] = []
        while not self.accept("}"):
            found.append(self.take())
            self.accept(",")
        return found


@dataclass
class _Draft:
    """A rule before its lists are expanded."""

    base: Rule
    interfaces: list[tuple[str, bool]] = field(default_factory=list)
    protocols: list[str] = field(default_factory=list)
    sources: list[Address] = field(default_factory=list)
    source_ports: list[Port] = field(default_factory=list)
    destinations: list[Address] = field(default_factory=list)
    destination_ports: list[Port] = field(default_factory=list)
    icmp_types: list[str] = field(default_factory=list)


def parse(text: str) -> Ruleset:
    ruleset = Ruleset()
    for tokens in statements(text):
        _statement(_Reader(tokens), ruleset)
    policy = ruleset.options.get("block-policy", "drop")
    if policy != "drop":
        ruleset.rules = [_with_policy(rule, policy) for rule in ruleset.rules]
    return ruleset


def _with_policy(rule: Rule, policy: str) -> Rule:
    inner = tuple(_with_policy(each, policy) for each in rule.inner)
    is_open = rule.action == "block" and not rule.block_return
    return replace(rule, inner=inner, block_return=policy if is_open else rule.block_return)


def _statement(reader: _Reader, ruleset: Ruleset) -> None:
    word = reader.peek()
    if word == "set":
        _setting(reader, ruleset)
    elif word == "table":
        _table(reader, ruleset)
    elif word == "load":
        _load(reader, ruleset)
    elif word == "include":
        reader.take()
        included = parse(Path(reader.take()).read_text())
        ruleset.rules += included.rules
        ruleset.tables |= included.tables
    elif word in _WITHOUT_EFFECT:
        return
    elif word in _TRANSLATIONS:
        ruleset.translations.append(" ".join(token.text for token in reader.tokens))
    elif word in {"pass", "block", "match", "anchor"}:
        ruleset.rules += _rule(reader, ruleset)
        if reader.peek():
            raise SyntaxProblem(reader.line)
    else:
        raise SyntaxProblem(reader.line)


def _setting(reader: _Reader, ruleset: Ruleset) -> None:
    reader.take()
    name = reader.take()
    if name not in _SETTINGS:
        reader.position -= 1
        raise SyntaxProblem(reader.line)
    if name == "skip":
        reader.expect("on")
        ruleset.skipped += reader.words()
        return
    values = []
    while reader.peek():
        values.append(reader.take())
    if not values:
        raise SyntaxProblem(reader.line)
    if name == "block-policy" and values[0] not in {"drop", "return"}:
        raise SyntaxProblem(reader.line)
    ruleset.options[name] = " ".join(values)


def _table(reader: _Reader, ruleset: Ruleset) -> None:
    reader.take()
    name = reader.take()
    if not name.startswith("<"):
        raise SyntaxProblem(reader.line)
    entries: list[str] = []
    while reader.peek():
        word = reader.take()
        if word in {"persist", "const", "counters"}:
            ruleset.persistent.add(name[1:-1])
        elif word == "file":
            path = Path(reader.take())
            if not path.exists():
                raise SyntaxProblem(reader.line, f"cannot open {path} for reading")
            entries += [line.split("#")[0].strip() for line in path.read_text().splitlines()]
        elif word == "{":
            reader.position -= 1
            entries += _joined_negations(reader.words())
        else:
            reader.position -= 1
            raise SyntaxProblem(reader.line)
    ruleset.tables[name[1:-1]] = [each for entry in entries if entry for each in _hosts(entry, reader.line)]


def _joined_negations(words: list[str]) -> list[str]:
    result: list[str] = []
    for word in words:
        if result and result[-1] == "!":
            result[-1] = f"!{word}"
        else:
            result.append(word)
    return result


def _load(reader: _Reader, ruleset: Ruleset) -> None:
    reader.take()
    reader.expect("anchor")
    name = reader.take()
    reader.expect("from")
    ruleset.anchors[name] = parse(Path(reader.take()).read_text())


def _rule(reader: _Reader, ruleset: Ruleset) -> list[Rule]:
    line = reader.line
    draft = _Draft(Rule(reader.take(), line=line))
    if draft.base.action == "anchor":
        names = {"in", "out", "on", "all", "{", "quick", "inet", "inet6", "proto", "from", "to", ""}
        name = "" if reader.peek() in names else reader.take()
        draft.base = replace(draft.base, anchor=name)
    if draft.base.action == "block":
        kind = reader.accept("drop", "return", "return-rst", "return-icmp", "return-icmp6")
        if kind.startswith("return-") and reader.accept("("):
            while not reader.accept(")"):
                reader.take()
        draft.base = replace(draft.base, block_return=kind)
    _head(reader, draft)
    _ends(reader, draft)
    _options(reader, draft)
    if draft.base.action == "anchor" and reader.accept("{"):
        draft.base = replace(draft.base, inner=tuple(_inner(reader, ruleset)))
    return _expanded(draft, line)


def _inner(reader: _Reader, ruleset: Ruleset) -> list[Rule]:
    found: list[Rule] = []
    while not reader.accept("}"):
        found += _rule(reader, ruleset)
    return found


def _head(reader: _Reader, draft: _Draft) -> None:
    draft.base = replace(draft.base, direction=reader.accept("in", "out"))
    if reader.accept("log"):
        draft.base = replace(draft.base, is_logged=True)
        if reader.accept("("):
            while not reader.accept(")"):
                reader.take()
    if reader.accept("quick"):
        draft.base = replace(draft.base, is_quick=True)
    if reader.accept("on"):
        draft.interfaces = _interfaces(reader)
    draft.base = replace(draft.base, family=reader.accept("inet", "inet6"))
    if reader.accept("proto"):
        for name in reader.words():
            if name not in _PROTOCOLS:
                raise SyntaxProblem(reader.line, f"unknown protocol {name}")
            draft.protocols.append(_PROTOCOLS[name])


def _interfaces(reader: _Reader) -> list[tuple[str, bool]]:
    words = reader.words() if reader.peek() != "!" else [reader.take(), reader.take()]
    return [(word.lstrip("!"), word.startswith("!")) for word in _joined_negations(words)]


def _ends(reader: _Reader, draft: _Draft) -> None:
    if reader.accept("all"):
        return
    if reader.accept("from"):
        draft.sources, draft.source_ports = _end(reader)
    if reader.accept("to"):
        draft.destinations, draft.destination_ports = _end(reader)


def _end(reader: _Reader) -> tuple[list[Address], list[Port]]:
    found: list[Address] = []
    if reader.peek() != "port":
        is_list = bool(reader.accept("{"))
        while True:
            found += _address(reader)
            if not is_list:
                break
            reader.accept(",")
            if reader.accept("}"):
                break
    ports: list[Port] = []
    if reader.accept("port"):
        is_list = bool(reader.accept("{"))
        while True:
            ports.append(_port(reader))
            if not is_list:
                break
            reader.accept(",")
            if reader.accept("}"):
                break
    return found, ports


def _address(reader: _Reader) -> list[Address]:
    is_negated = bool(reader.accept("!"))
    word = reader.take()
    if word == "(":
        word = reader.take()
        reader.expect(")")
    if word in {"any", "all"} or word.startswith("<"):
        return [Address("any" if word == "all" else word, is_negated)]
    return [Address(each, is_negated) for each in _hosts(word, reader.line)]


def _hosts(word: str, line: int) -> list[str]:
    sign = "!" if word.startswith("!") else ""
    name = word.lstrip("!")
    try:
        network = ipaddress.ip_network(name, strict=False)
    except ValueError:
        return [f"{sign}{each}" for each in _names(name, line)]
    is_single = network.prefixlen == network.max_prefixlen
    return [f"{sign}{network.network_address if is_single else network}"]


def _names(name: str, line: int) -> list[str]:
    interface, _colon, part = name.partition(":")
    own = {NAMES.get(entry["ifname"], entry["ifname"]): entry.get("addr_info", []) for entry in addresses()}
    if name == "self":
        return [address["local"] for entries in own.values() for address in entries]
    if interface in own:
        if part == "network":
            pairs = [f"{address['local']}/{address['prefixlen']}" for address in own[interface]]
            return [str(ipaddress.ip_network(pair, strict=False)) for pair in pairs]
        return [address["local"] for address in own[interface]]
    try:
        return sorted({str(info[4][0]) for info in socket.getaddrinfo(name, None)})
    except OSError:
        raise SyntaxProblem(line, f"no IP address found for {name}\ncould not parse host specification") from None


def _port(reader: _Reader) -> Port:
    operator = reader.accept(*_OPERATORS) or "="
    word = reader.take()
    first, colon, last = word.partition(":")
    if colon and last:
        return Port(":", _number(first, reader.line), _number(last, reader.line))
    between = reader.accept("><", "<>")
    if between:
        return Port(between, _number(word, reader.line), _number(reader.take(), reader.line))
    return Port(operator, _number(word, reader.line))


def _number(word: str, line: int) -> int:
    if word.isdigit():
        if int(word) > 65535:
            raise SyntaxProblem(line, f"illegal port value {word}")
        return int(word)
    for protocol in ("tcp", "udp"):
        try:
            return socket.getservbyname(word, protocol)
        except OSError:
            continue
    raise SyntaxProblem(line, f"unknown port {word}")


def _options(reader: _Reader, draft: _Draft) -> None:
    while reader.peek() and reader.peek() not in {"{", "}", "pass", "block", "match", "anchor"}:
        word = reader.take()
        if word == "flags":
            draft.base = replace(draft.base, flags=_flags(reader))
        elif word in {"keep", "modulate", "synproxy", "no"}:
            reader.expect("state")
            draft.base = replace(draft.base, state=f"{word} state")
            if reader.peek() == "(":
                while reader.take() != ")":
                    pass
        elif word in {"icmp-type", "icmp6-type"}:
            draft.icmp_types = reader.words()
            if reader.accept("code"):
                reader.words()
        elif word in {
            "label",
            "tag",
            "queue",
            "rtable",
            "tos",
            "user",
            "group",
            "probability",
            "tagged",
            "max-pkt-rate",
        }:
            reader.words()
        elif word in {"allow-opts", "once"}:
            continue
        else:
            reader.position -= 1
            raise SyntaxProblem(reader.line)


def _flags(reader: _Reader) -> str:
    if reader.accept("any"):
        return "any"
    word = reader.take()
    parts = word.partition("/")
    if not parts[1] or set(word) - set("FSRPAUEW/"):
        reader.position -= 1
        raise SyntaxProblem(reader.line)
    return word


def _expanded(draft: _Draft, line: int) -> list[Rule]:
    """One rule for each combination that can be, in pf's order: interfaces, protocols, sources, destinations."""
    source_ports: list[Port | None] = [*draft.source_ports] or [None]
    destination_ports: list[Port | None] = [*draft.destination_ports] or [None]
    lists = (
        draft.interfaces or [("", False)],
        draft.protocols or [""],
        draft.sources or [Address()],
        source_ports,
        draft.destinations or [Address()],
        destination_ports,
        draft.icmp_types or [""],
    )
    found = []
    for interface, protocol, source, source_port, destination, destination_port, icmp_type in itertools.product(*lists):
        if (source_port or destination_port) and protocol not in {"tcp", "udp", "sctp"}:
            raise SyntaxProblem(line, "port only applies to tcp/udp/sctp\nskipping rule due to errors")
        rule = replace(
            draft.base,
            interface=interface[0],
            is_interface_negated=interface[1],
            protocol=protocol,
            source=source,
            source_port=source_port,
            destination=destination,
            destination_port=destination_port,
            icmp_type=icmp_type,
        )
        family = _family(rule)
        if family != "impossible":
            found.append(_with_defaults(replace(rule, family=family)))
    if not found:
        raise SyntaxProblem(line, "rule expands to no valid combination")
    return found


def _family(rule: Rule) -> str:
    by_protocol = {"icmp": "inet", "ipv6-icmp": "inet6"}.get(rule.protocol, "")
    wanted = {each for each in (rule.family, by_protocol, rule.source.family, rule.destination.family) if each}
    if len(wanted) > 1:
        return "impossible"
    return wanted.pop() if wanted else ""


def _with_defaults(rule: Rule) -> Rule:
    """A rule that lets pass keeps state, and does so from a connection's first segment on (pf.conf(5))."""
    if rule.action != "pass":
        return replace(rule, flags="", state="") if rule.action == "block" else rule
    state = rule.state or "keep state"
    flags = rule.flags or ("S/SA" if rule.protocol in {"", "tcp"} and state != "no state" else "")
    return replace(rule, state="" if state == "no state" and not rule.state else state, flags=flags)
