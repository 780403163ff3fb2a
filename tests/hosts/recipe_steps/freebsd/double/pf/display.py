"""`pfctl -s`: rules, nat, states, info, Running, Anchors, Tables, Interfaces, memory, timeouts, all. Forms: pfctl.c."""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING

from ..interfaces import NAMES, addresses
from . import enforcement, store

if TYPE_CHECKING:
    from .rules import Ruleset
    from .store import State

_MODIFIERS = (
    *("nat", "queue", "rules", "Anchors", "Sources", "states", "info", "Interfaces", "labels", "timeouts", "memory"),
    *("Tables", "osfp", "Running", "all", "creatorids", "ether"),
)
_FIXED = {
    "memory": "states        hard limit   100000\nsrc-nodes     hard limit    10000\n"
    "frags         hard limit     5000\ntable-entries hard limit   200000",
    "timeouts": "tcp.first                   120s\ntcp.established           86400s\ninterval                     10s",
}
_CONNECTION = re.compile(r"(\w+)\s+\d+ \d+ (?:(\w+) )?src=(\S+) dst=(\S+)(?: sport=(\d+) dport=(\d+))?")


def show(modifier: str, anchor: str, *, is_verbose: bool) -> int:
    """The first letters of a modifier are enough; upper and lower case differ where both are modifiers."""
    name = next((each for each in _MODIFIERS if each.startswith(modifier)), "")
    if not name:
        print(f"pfctl: Unknown show modifier '{modifier}'", file=sys.stderr)
        return 1
    state = store.load()
    if name == "Running":
        print("Enabled" if state.is_enabled else "Disabled")
        return 0 if state.is_enabled else 1
    if name == "all":
        _everything(state)
    else:
        _one(name, state, anchor, is_verbose=is_verbose)
    return 0


def print_ruleset(ruleset: Ruleset) -> None:
    for name in ruleset.skipped:
        print(f"set skip on {{ {name} }}")
    for rule in ruleset.rules:
        print(rule.printed())


def _one(name: str, state: State, anchor: str, *, is_verbose: bool = False) -> None:
    simple = {"states": _states, "info": _info}
    if name in simple:
        simple[name](state)
    elif name == "rules":
        _rules(state, anchor, is_verbose=is_verbose)
    elif name == "Anchors":
        _anchors(state, anchor, is_verbose=is_verbose)
    elif name == "Interfaces":
        _interfaces(state, is_verbose=is_verbose)
    elif name in _FIXED:
        print(_FIXED[name])
    elif name == "nat":
        for line in state.values.get("translations", []):
            print(line)
    elif name == "Tables":
        for table in sorted(state.tables(anchor)):
            print(table)


def _interfaces(state: State, *, is_verbose: bool) -> None:
    for entry in addresses():
        name = NAMES.get(entry["ifname"], entry["ifname"])
        print(f"{name} (skip)" if is_verbose and name in state.skipped() else name)


def _everything(state: State) -> None:
    for title, name in (
        ("TRANSLATION RULES", "nat"),
        ("FILTER RULES", "rules"),
        ("STATES", "states"),
        ("INFO", "info"),
    ):
        print(f"{title}:")
        _one(name, state, "")
        print()
    for title, name in (("TIMEOUTS", "timeouts"), ("LIMITS", "memory"), ("TABLES", "Tables")):
        print(f"{title}:")
        _one(name, state, "")
        print()


def _rules(state: State, anchor: str, *, is_verbose: bool) -> None:
    """`-a '*'` shows those of every anchor."""
    names = [name for name in state.anchor_names() if name] if anchor == "*" else [anchor.removesuffix("/*")]
    for name in names:
        for rule in state.rules(name):
            print(rule.printed())
            if is_verbose:
                print("  [ Evaluations: 0         Packets: 0         Bytes: 0           States: 0     ]")


def _anchors(state: State, anchor: str, *, is_verbose: bool) -> None:
    prefix = f"{anchor}/" if anchor else ""
    below = {name for name in state.anchor_names() if name.startswith(prefix) and name != anchor and name}
    for rule in state.rules(anchor):
        if rule.action == "anchor" and rule.anchor:
            below.add(prefix + rule.anchor.removesuffix("/*"))
    shown = below if is_verbose else {prefix + name.removeprefix(prefix).partition("/")[0] for name in below}
    for name in sorted(shown):
        print(f"  {name}")


def _states(state: State) -> None:
    if not state.is_enabled:
        return
    for line in enforcement.connections(state.generation):
        match = _CONNECTION.match(line)
        if match:
            left = f"{match[3]}:{match[5]}" if match[5] else match[3]
            right = f"{match[4]}:{match[6]}" if match[6] else match[4]
            print(f"all {match[1]} {right} <- {left}       {match[2] or 'SINGLE'}:{match[2] or 'SINGLE'}")


def _info(state: State) -> None:
    word = "Enabled" if state.is_enabled else "Disabled"
    seconds = int(time.time() - state.since) if state.since else 0
    days, rest = divmod(seconds, 86400)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    print(f"Status: {word} for {days} days {clock}           Debug: Urgent\n")
    count = len(enforcement.connections(state.generation)) if state.is_enabled else 0
    print("State Table                          Total             Rate")
    print(f"  current entries               {count:>14}               ")
    for name in ("searches", "inserts", "removals"):
        print(f"  {name:<26}   {0:>14}            0.0/s")
    print("Counters\n  match                                  0            0.0/s")
