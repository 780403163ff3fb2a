"""`pfctl -s`: nat, states, info, Running, Anchors, Tables, Interfaces, memory, timeouts, all. Forms: pfctl.c.

How rules are shown stands in `listing`."""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING

from ..interfaces import NAMES, addresses
from . import enforcement, listing, store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .listing import Style
    from .store import State

_MODIFIERS = (
    *("nat", "queue", "rules", "Anchors", "Sources", "states", "info", "Interfaces", "labels", "timeouts", "memory"),
    *("Tables", "osfp", "Running", "all", "creatorids", "ether"),
)
_LIMITS = (
    "states        hard limit   100000",
    "src-nodes     hard limit    10000",
    "frags         hard limit     5000",
    "table-entries hard limit   200000",
)
_TIMEOUTS = (
    "tcp.first                   120s",
    "tcp.established           86400s",
    "interval                     10s",
)
_CONNECTION = re.compile(r"(\w+)\s+\d+ \d+ (?:(\w+) )?src=(\S+) dst=(\S+)(?: sport=(\d+) dport=(\d+))?")


def show(modifier: str, anchor: str, style: Style) -> int:
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
        _everything(state, anchor, style)
    else:
        _one(name, state, anchor, style)
    return 0


def _one(name: str, state: State, anchor: str, style: Style) -> None:
    shown: dict[str, Callable[[], None]] = {
        "rules": lambda: listing.show(state, anchor, style),
        "nat": lambda: _lines(state.values.get("translations", [])),
        "states": lambda: _states(state),
        "info": lambda: _info(state),
        "Anchors": lambda: _anchors(state, anchor, is_verbose=style.verbosity > 0),
        "Tables": lambda: _lines(sorted(state.tables(anchor))),
        "Interfaces": lambda: _interfaces(state, is_verbose=style.verbosity > 0),
        "memory": lambda: _lines(_LIMITS),
        "timeouts": lambda: _lines(_TIMEOUTS),
    }
    if name in shown:
        shown[name]()


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _interfaces(state: State, *, is_verbose: bool) -> None:
    for entry in addresses():
        name = NAMES.get(entry["ifname"], entry["ifname"])
        print(f"{name} (skip)" if is_verbose and name in state.skipped() else name)


def _everything(state: State, anchor: str, style: Style) -> None:
    for title, name in (
        ("TRANSLATION RULES", "nat"),
        ("FILTER RULES", "rules"),
        ("STATES", "states"),
        ("INFO", "info"),
    ):
        print(f"{title}:")
        _one(name, state, anchor, style)
        print()
    for title, name in (("TIMEOUTS", "timeouts"), ("LIMITS", "memory"), ("TABLES", "Tables")):
        print(f"{title}:")
        _one(name, state, anchor, style)
        print()


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
