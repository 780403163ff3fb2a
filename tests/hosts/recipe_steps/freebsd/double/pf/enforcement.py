"""Makes the kernel underneath do what pf would: the rules become a table of nftables.

The last rule that matches wins, unless one is quick: every rule that matches writes its verdict into the packet's
mark; a quick one goes to the end at once. A state of pf is a mark of the connection: with it, packets pass without a
look at the rules. The mark is a number that `pfctl -F states` raises, so that no connection from before has it. A
connection that pf did not see beginning has none, and its segments match no rule with `flags S/SA`.
"""

from __future__ import annotations

import hashlib
import ipaddress
import subprocess
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ..interfaces import LINUX_NAMES
from ..places import HIDDEN
from . import protocols

if TYPE_CHECKING:
    from .rules import Address, Port, Rule
    from .store import State

_PASS, _PASS_STATELESS, _DROP, _RETURN = 1, 2, 3, 4
_HEAD = "table inet pf\ndelete table inet pf\n"


def apply(state: State) -> str:
    """What nft says when it refuses, which would be a fault of the double; empty when all is well."""
    text = _HEAD + (_table(state) if state.is_enabled else "")
    done = subprocess.run([HIDDEN / "nft", "-f", "-"], input=text, capture_output=True, check=False, text=True)
    return done.stderr if done.returncode else ""


def forget_states_of(address: str) -> None:
    for side in ("-s", "-d"):
        subprocess.run([HIDDEN / "conntrack", "-D", side, address], capture_output=True, check=False)


def connections(mark: int) -> list[str]:
    done = subprocess.run([HIDDEN / "conntrack", "-L", "-m", str(mark)], capture_output=True, check=False, text=True)
    return done.stdout.splitlines()


def _table(state: State) -> str:
    chains: dict[str, list[str]] = {}
    compiler = _Compiler(state, chains)
    for direction in ("in", "out"):
        compiler.chain(f"rules_{direction}", state.rules(""), anchor="", direction=direction)
    sets = "".join(
        _set(anchor, name, entries) for anchor in state.anchor_names() for name, entries in state.tables(anchor).items()
    )
    bodies = "".join(
        f"  chain {name} {{\n" + "".join(f"    {line}\n" for line in lines) + "  }\n" for name, lines in chains.items()
    )
    return f"table inet pf {{\n{sets}{_ends(state)}{bodies}{_hooks(state)}}}\n"


def _hooks(state: State) -> str:
    text = ""
    for direction, hook, keyword in (("in", "input", "iifname"), ("out", "output", "oifname")):
        skipped = "".join(f'    {keyword} "{_linux_name(name)}" accept\n' for name in state.skipped())
        text += (
            f"  chain {hook} {{\n    type filter hook {hook} priority 0; policy accept;\n{skipped}"
            f"    ct mark {state.generation} accept\n    meta mark set 0\n"
            f"    jump rules_{direction}\n    goto verdict\n  }}\n"
        )
    return text


def _ends(state: State) -> str:
    return (
        "  chain verdict {\n"
        f"    meta mark {_PASS} ct mark set {state.generation} accept\n"
        f"    meta mark {_DROP} drop\n"
        f"    meta mark {_RETURN} meta l4proto tcp reject with tcp reset\n"
        f"    meta mark {_RETURN} reject\n"
        "    accept\n  }\n"
    )


class _Compiler:
    def __init__(self, state: State, chains: dict[str, list[str]]) -> None:
        self.state = state
        self.chains = chains

    def chain(self, name: str, rules: list[Rule], *, anchor: str, direction: str) -> None:
        lines: list[str] = []
        self.chains[name] = lines
        for index, rule in enumerate(rules):
            if rule.direction not in {"", direction}:
                continue
            for match in _matches(rule, anchor=anchor, direction=direction):
                lines += self._lines(rule, match, name=f"{name}_{index}", anchor=anchor, direction=direction)

    def _lines(self, rule: Rule, match: str, *, name: str, anchor: str, direction: str) -> list[str]:
        if rule.action == "match":
            return []
        if rule.action != "anchor":
            lines = [f"{match} meta mark set {_verdict(rule)}"]
            return [f"{lines[0]} goto verdict"] if rule.is_quick else lines
        found = []
        if rule.inner and name not in self.chains:
            self.chain(name, list(rule.inner), anchor=anchor, direction=direction)
        if rule.inner:
            found.append(f"{match} jump {name}")
        for each in self._called(rule.anchor, anchor):
            target = f"anchor_{_digest(each)}_{direction}"
            if target not in self.chains:
                self.chain(target, self.state.rules(each), anchor=each, direction=direction)
            found.append(f"{match} jump {target}")
        return found

    def _called(self, pattern: str, parent: str) -> list[str]:
        """`blacklistd/*` calls every anchor below, in the order of their names."""
        if not pattern:
            return []
        whole = f"{parent}/{pattern}" if parent and not pattern.startswith("/") else pattern.lstrip("/")
        names = sorted(name for name in self.state.anchor_names() if name)
        if not whole.endswith("*"):
            return [name for name in names if name == whole]
        return [name for name in names if fnmatchcase(name, whole) and name.count("/") == whole.count("/")]


def _verdict(rule: Rule) -> int:
    if rule.action == "pass":
        return _PASS_STATELESS if rule.state == "no state" else _PASS
    return _RETURN if rule.block_return.startswith("return") else _DROP


def _matches(rule: Rule, *, anchor: str, direction: str) -> list[str]:
    """Every combination of what nftables says separately: families of tables, and segments that open a connection."""
    families = [rule.family] if rule.family else ["inet", "inet6"]
    if not rule.family and not rule.source.table and not rule.destination.table:
        families = [""]
    found = []
    for family in families:
        words = _interface(rule, direction)
        if family:
            words.append(f"meta nfproto {'ipv4' if family == 'inet' else 'ipv6'}")
        words += _address(rule.source, "saddr", family, anchor) + _address(rule.destination, "daddr", family, anchor)
        words += _protocol(rule)
        found += _with_flags(rule, " ".join(words))
    return found


def _interface(rule: Rule, direction: str) -> list[str]:
    if not rule.interface:
        return []
    keyword = "iifname" if direction == "in" else "oifname"
    return [f'{keyword} {"!= " if rule.is_interface_negated else ""}"{_linux_name(rule.interface)}"']


def _linux_name(name: str) -> str:
    return LINUX_NAMES.get(name, {"lo": "lo", "vtnet": "eth0", "egress": "eth0"}.get(name, name))


def _address(address: Address, side: str, family: str, anchor: str) -> list[str]:
    if address.is_any:
        return []
    keyword = "ip" if family == "inet" else "ip6"
    sign = "!= " if address.is_negated else ""
    if address.table:
        return [f"{keyword} {side} {sign}@{_set_name(anchor, address.table, family)}"]
    return [f"{keyword} {side} {sign}{address.text}"]


def _protocol(rule: Rule) -> list[str]:
    if not rule.protocol:
        return []
    words = [f"meta l4proto {protocols.number(rule.protocol)}"]
    for side, port in (("sport", rule.source_port), ("dport", rule.destination_port)):
        if port is not None:
            words.append(f"{rule.protocol} {side} {_port(port)}")
    keyword = "icmp" if rule.protocol == "icmp" else "icmpv6"
    if rule.icmp_type is not None:
        words.append(f"{keyword} type {rule.icmp_type}")
    if rule.icmp_code is not None:
        words.append(f"{keyword} code {rule.icmp_code}")
    return words


def _port(port: Port) -> str:
    if port.operator == ":":
        return f"{port.first}-{port.last}"
    if port.operator == "><":
        return f"{port.first + 1}-{port.last - 1}"
    if port.operator == "<>":
        return f"!= {port.first}-{port.last}"
    return f"{'' if port.operator == '=' else port.operator + ' '}{port.first}"


def _with_flags(rule: Rule, match: str) -> list[str]:
    if rule.action != "pass" or rule.flags in {"", "any"}:
        return [match]
    opening = "tcp flags & (syn | ack) == syn"
    if rule.protocol == "tcp":
        return [f"{match} {opening}"]
    return [f"{match} meta l4proto != tcp", f"{match} meta l4proto tcp {opening}"]


def _set(anchor: str, name: str, entries: list[str]) -> str:
    text = ""
    for family, kind, version in (("inet", "ipv4_addr", 4), ("inet6", "ipv6_addr", 6)):
        own = [each for each in entries if not each.startswith("!") and _version(each) == version]
        elements = f" elements = {{ {', '.join(own)} }};" if own else ""
        text += f"  set {_set_name(anchor, name, family)} {{ type {kind}; flags interval; auto-merge;{elements} }}\n"
    return text


def _version(entry: str) -> int:
    return ipaddress.ip_network(entry, strict=False).version


def _set_name(anchor: str, name: str, family: str) -> str:
    return f"t_{_digest(f'{anchor}|{name}')}_{family}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
