"""Reads the part of pf.conf(5) that a host's filter needs: what is not understood is a syntax error, as with pf itself.

Words of errors: freebsd/freebsd-src:sbin/pfctl/parse.y: `FILE:LINE: …`, then `pfctl: Syntax error in config file: pf
rules not loaded`. Translation rules (nat, rdr, binat), scrub, antispoof and queues are taken without an effect.
"""

from __future__ import annotations

import grp
import ipaddress
import itertools
import pwd
import socket
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..interfaces import NAMES, addresses
from . import icmp, protocols, state_options
from .rules import Address, Port, Rule, Ruleset
from .tokens import MACRO, SyntaxProblem, Token, statements

_WITHOUT_EFFECT = frozenset(("scrub", "antispoof", "altq", "queue", "nat-anchor", "rdr-anchor", "binat-anchor"))
_TRANSLATIONS = frozenset(("nat", "rdr", "binat", "no"))
_SETTINGS = frozenset(
    (
        *("skip", "block-policy", "loginterface", "limit", "timeout", "optimization", "state-policy", "debug"),
        *("fingerprints", "hostid", "require-order", "ruleset-optimization", "state-defaults", "fail-policy"),
        *("reassemble", "keepcounters", "syncookies"),
    )
)
# Printed behind the state, in this order.
_FURTHER = ("probability", "fragment", "allow-opts", "label", "ridentifier", "queue", "tag", "tagged", "rtable")
_FLAGS = "FSRPAUEW"
_FURTHER_ALONE = frozenset(("fragment", "allow-opts"))
_UNPRINTED = frozenset(("tos", "prio", "max-pkt-rate", "once"))
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
    icmp_types: list[tuple[int, int | None]] = field(default_factory=list)


def parse(text: str) -> Ruleset:
    ruleset = Ruleset()
    for tokens in statements(text):
        _statement(_Reader(tokens), ruleset)
    policy = ruleset.options.get("block-policy", "drop")
    if policy != "drop":
        ruleset.rules = [_with_policy(rule, policy) for rule in ruleset.rules]
    if ruleset.options.get("state-policy") == "if-bound":
        ruleset.rules = [_bound(rule) for rule in ruleset.rules]
    return ruleset


def _bound(rule: Rule) -> Rule:
    has_state = rule.action == "pass" and rule.state != "no state"
    return replace(rule, state_options={**rule.state_options, "if-bound": ""}) if has_state else rule


def _with_policy(rule: Rule, policy: str) -> Rule:
    inner = tuple(_with_policy(each, policy) for each in rule.inner)
    is_open = rule.action == "block" and not rule.block_return
    return replace(rule, inner=inner, block_return=policy if is_open else rule.block_return)


def _statement(reader: _Reader, ruleset: Ruleset) -> None:
    word = reader.peek()
    if word == MACRO:
        ruleset.announced.append(reader.peek(1))
    elif word == "set":
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
        names = reader.words()
        ruleset.skipped += names
        ruleset.announced.append(f"set skip on {{ {' '.join(names)} }}")
        return
    values = []
    while reader.peek():
        values.append(reader.take())
    if not values:
        raise SyntaxProblem(reader.line)
    if name == "block-policy" and values[0] not in {"drop", "return"}:
        raise SyntaxProblem(reader.line)
    ruleset.options[name] = " ".join(values)
    if name not in {"ruleset-optimization", "state-defaults", "keepcounters"}:
        value = f'"{values[0]}"' if name == "fingerprints" else " ".join(values)
        ruleset.announced.append(f"set {name} {value}{' ' if name == 'reassemble' and len(values) == 1 else ''}")


def _table(reader: _Reader, ruleset: Ruleset) -> None:
    reader.take()
    name = reader.take()
    if not name.startswith("<"):
        raise SyntaxProblem(reader.line)
    entries: list[str] = []
    flags: set[str] = set()
    shown = ""
    while reader.peek():
        word = reader.take()
        if word in {"persist", "const", "counters"}:
            ruleset.persistent.add(name[1:-1])
            flags.add(word)
        elif word == "file":
            path = Path(reader.take())
            if not path.exists():
                raise SyntaxProblem(reader.line, f"cannot open {path} for reading")
            entries += [line.split("#")[0].strip() for line in path.read_text().splitlines()]
            shown += f' file "{path}"'
        elif word == "{":
            reader.position -= 1
            own = _joined_negations(reader.words())
            entries += own
            shown += f" {{{''.join(f' {each}' for entry in own for each in _hosts(entry, reader.line))} }}"
        else:
            reader.position -= 1
            raise SyntaxProblem(reader.line)
    kept = "".join(f" {flag}" for flag in ("const", "persist", "counters") if flag in flags)
    ruleset.announced.append(f"table {name}{kept}{shown}")
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
    ruleset.loaded[name] = parse(Path(reader.take()).read_text())


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
        inline = Ruleset()
        inline.rules = _inner(reader, inline)
        if draft.base.anchor:
            ruleset.inline[draft.base.anchor] = inline
        else:
            draft.base = replace(draft.base, inner=tuple(inline.rules))
            ruleset.inline |= inline.inline
    return _expanded(draft, line)


def _inner(reader: _Reader, ruleset: Ruleset) -> list[Rule]:
    found: list[Rule] = []
    while not reader.accept("}"):
        found += _rule(reader, ruleset)
    return found


def _head(reader: _Reader, draft: _Draft) -> None:
    draft.base = replace(draft.base, direction=reader.accept("in", "out"))
    if reader.accept("log"):
        draft.base = replace(draft.base, is_logged=True, log_options=_log_options(reader))
    if reader.accept("quick"):
        draft.base = replace(draft.base, is_quick=True)
    if reader.accept("on"):
        draft.interfaces = _interfaces(reader)
    draft.base = replace(draft.base, family=reader.accept("inet", "inet6"))
    if reader.accept("proto"):
        for name in reader.words():
            number = protocols.number(name)
            if number is None:
                raise SyntaxProblem(reader.line, f"unknown protocol {name}")
            draft.protocols.append(protocols.name(number))


def _log_options(reader: _Reader) -> str:
    if not reader.accept("("):
        return ""
    words = []
    while not reader.accept(")"):
        words.append(reader.take())
    return f"({' '.join(words).replace(' ,', ',')})"


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
    further: dict[str, str] = {}
    while reader.peek() and reader.peek() not in {"{", "}", "pass", "block", "match", "anchor"}:
        word = reader.take()
        if word == "flags":
            draft.base = replace(draft.base, flags=_flags(reader))
        elif word in {"keep", "modulate", "synproxy", "no"}:
            _state(reader, draft, word)
        elif word in {"icmp-type", "icmp6-type"}:
            _icmp(reader, draft, "inet6" if word == "icmp6-type" else "inet")
        elif word in {"user", "group"}:
            draft.base = replace(draft.base, owners=f"{draft.base.owners} {_owner(reader, word)}".strip())
        elif word in _FURTHER:
            value = "" if word in _FURTHER_ALONE else " ".join(reader.words())
            further[word] = f'{word} "{value}"' if word == "label" else f"{word} {value}".strip()
        elif word not in _UNPRINTED:
            reader.position -= 1
            raise SyntaxProblem(reader.line)
        elif word != "once":
            reader.words()
    draft.base = replace(draft.base, further=" ".join(further[word] for word in _FURTHER if word in further))


def _state(reader: _Reader, draft: _Draft, word: str) -> None:
    reader.expect("state")
    draft.base = replace(draft.base, state=f"{word} state")
    if reader.accept("("):
        try:
            draft.base = replace(draft.base, state_options=state_options.read(reader.take))
        except (state_options.Unknown, ValueError):
            reader.position -= 1
            raise SyntaxProblem(reader.line) from None


def _icmp(reader: _Reader, draft: _Draft, family: str) -> None:
    is_list = bool(reader.accept("{"))
    while True:
        word, code = reader.take(), None
        number = icmp.type_number(word, family)
        if number is None:
            raise SyntaxProblem(reader.line, f"unknown {'icmp6' if family == 'inet6' else 'icmp'}-type {word}")
        if reader.accept("code"):
            name = reader.take()
            code = icmp.code_number(name, number, family)
            if code is None:
                raise SyntaxProblem(reader.line, f"unknown {'icmp6' if family == 'inet6' else 'icmp'}-code {name}")
        draft.icmp_types.append((number, code))
        reader.accept(",")
        if not is_list or reader.accept("}"):
            return


def _owner(reader: _Reader, kind: str) -> str:
    """One account, which is printed as its number; of a list only the first counts here."""
    operator = reader.accept(*_OPERATORS) or "="
    name = reader.words()[0]
    if name == "unknown" or name.isdigit():
        return f"{kind} {operator} {name}"
    try:
        number = pwd.getpwnam(name).pw_uid if kind == "user" else grp.getgrnam(name).gr_gid
    except KeyError:
        raise SyntaxProblem(reader.line, f"unknown {kind} {name}") from None
    return f"{kind} {operator} {number}"


def _flags(reader: _Reader) -> str:
    if reader.accept("any"):
        return "any"
    word = reader.take()
    parts = word.partition("/")
    if not parts[1] or set(word) - set(f"{_FLAGS}/"):
        reader.position -= 1
        raise SyntaxProblem(reader.line)
    return "/".join("".join(flag for flag in _FLAGS if flag in part) for part in (parts[0], parts[2]))


def _expanded(draft: _Draft, line: int) -> list[Rule]:
    """One rule for each combination that can be, in pf's order: interfaces, protocols, sources, destinations."""
    no_port: list[Port | None] = [None]
    no_type: list[tuple[int | None, int | None]] = [(None, None)]
    lists = (
        draft.interfaces or [("", False)],
        draft.protocols or [""],
        draft.sources or [Address()],
        draft.source_ports or no_port,
        draft.destinations or [Address()],
        draft.destination_ports or no_port,
        draft.icmp_types or no_type,
    )
    found = []
    for interface, protocol, source, source_port, destination, destination_port, icmp_pair in itertools.product(*lists):
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
            icmp_type=icmp_pair[0],
            icmp_code=icmp_pair[1],
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
