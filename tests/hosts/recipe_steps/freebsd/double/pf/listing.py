"""How pfctl lists rules: those of an anchor, of every anchor below it (`-a 'NAME/*'`), those of a file (-v -f).

freebsd/freebsd-src:sbin/pfctl/pfctl.c (pfctl_show_rules, pfctl_print_rule_counters, pfctl_load_ruleset): an anchor's
rules stand in brackets behind the rule that calls it, and are indented unless -v is given. Anchors that no rule calls
are not shown. Packets are not counted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..places import release

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .rules import Rule, Ruleset
    from .store import State


@dataclass(frozen=True)
class Style:
    """-v as often as it was given, -P, and whether the anchor's name ended in `*`."""

    verbosity: int = 0
    is_numeric: bool = False
    is_recursive: bool = False

    def line(self, rule: Rule, number: int) -> str:
        prefix = f"@{number} " if self.verbosity > 1 else ""
        return f"{prefix}{rule.printed(is_numeric=self.is_numeric)}"


def show(state: State, anchor: str, style: Style) -> None:
    _Listing(state, style).rules(state.rules(anchor), anchor, depth=0)


def show_file(ruleset: Ruleset, style: Style) -> None:
    """What -v prints while a file is read: macros, options and tables as they come, then the rules."""
    for line in ruleset.announced:
        print(line)
    _show_parsed(ruleset.rules, ruleset.inline, style, depth=0)


def _show_parsed(rules: Sequence[Rule], inline: dict[str, Ruleset], style: Style, *, depth: int) -> None:
    indent = "" if style.verbosity > 1 else "  " * depth
    for number, rule in enumerate(rules):
        inner: Sequence[Rule] = inline[rule.anchor].rules if rule.anchor in inline else rule.inner
        print(f"{indent}{style.line(rule, number)}{' {' if inner else ''}")
        if inner:
            further = inline[rule.anchor].inline if rule.anchor in inline else inline
            _show_parsed(inner, further, style, depth=depth + 1)
            print(f"{'  ' * depth}}}")


class _Listing:
    def __init__(self, state: State, style: Style) -> None:
        self.state = state
        self.style = style

    def rules(self, rules: Sequence[Rule], path: str, *, depth: int) -> None:
        for number, rule in enumerate(rules):
            is_open = rule.action == "anchor" and (not rule.anchor or self.style.is_recursive)
            self._print(f"{self.style.line(rule, number)}{' {' if is_open else ''}", depth)
            self._counters()
            if is_open:
                self._inside(rule, path, depth=depth + 1)
                self._print("}", depth)

    def _inside(self, rule: Rule, path: str, *, depth: int) -> None:
        if not rule.anchor:
            self.rules(rule.inner, path, depth=depth)
            return
        name = rule.anchor.removesuffix("/*")
        whole = name.lstrip("/") if name.startswith("/") or not path else f"{path}/{name}"
        if name == rule.anchor:
            self.rules(self.state.rules(whole), whole, depth=depth)
            return
        for child in self._children(whole):
            self._print(f'anchor "{child}" all {{', depth)
            self.rules(self.state.rules(f"{whole}/{child}"), f"{whole}/{child}", depth=depth + 1)
            self._print("}", depth)

    def _children(self, path: str) -> list[str]:
        prefix = f"{path}/"
        below = (name.removeprefix(prefix) for name in self.state.anchor_names() if name.startswith(prefix))
        return sorted({name.partition("/")[0] for name in below})

    def _print(self, text: str, depth: int) -> None:
        print(f"{'' if self.style.verbosity else '  ' * depth}{text}")

    def _counters(self) -> None:
        if self.style.verbosity:
            print("  [ Evaluations: 0         Packets: 0         Bytes: 0           States: 0     ]")
            if int(release().version.partition(".")[0]) >= 15:
                print("  [ Source Nodes: 0      Limit: 0      NAT/RDR: 0      Route: 0      ]")
            print("  [ Inserted: uid 0 pid 1 State Creations: 0     ]")
        if self.style.verbosity > 1:
            print("  [ Last Active Time: N/A ]")
