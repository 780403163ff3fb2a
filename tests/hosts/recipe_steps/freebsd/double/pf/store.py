"""What the packet filter holds until the next start: rules by anchor, tables, whether it is enabled."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .. import memory
from ..places import RUNNING
from .rules import Address, Port, Rule

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from .rules import Ruleset

PATH = RUNNING / "pf.json"
_EMPTY: dict[str, Any] = {"enabled": False, "since": 0.0, "generation": 1, "skip": [], "rules": {}, "tables": {}}


class State:
    """A view on the remembered values; changes are made in place."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    @property
    def is_enabled(self) -> bool:
        return bool(self.values["enabled"])

    @property
    def generation(self) -> int:
        return int(self.values["generation"])

    @property
    def since(self) -> float:
        return float(self.values["since"])

    def skipped(self) -> list[str]:
        return list(self.values["skip"])

    def anchor_names(self) -> list[str]:
        return sorted({"", *self.values["rules"], *self.values["tables"]})

    def rules(self, anchor: str) -> list[Rule]:
        return [_rule(row) for row in self.values["rules"].get(anchor, [])]

    def tables(self, anchor: str) -> dict[str, list[str]]:
        """Those that were made, and empty ones for names that rules mention."""
        made: dict[str, list[str]] = dict(self.values["tables"].get(anchor, {}))
        for rule in self.rules(anchor):
            for name in _mentioned(rule):
                made.setdefault(name, [])
        return made

    def enable(self, *, is_enabled: bool) -> None:
        self.values.update(enabled=is_enabled, since=time.time())

    def load(self, anchor: str, ruleset: Ruleset) -> None:
        """The rules of an anchor are replaced; persistent tables keep what they hold where the file says nothing."""
        self.values["rules"][anchor] = [asdict(rule) for rule in ruleset.rules]
        old = self.values["tables"].get(anchor, {})
        new = {name: entries or old.get(name, []) for name, entries in ruleset.tables.items()}
        kept = {name: entries for name, entries in old.items() if anchor}
        self.values["tables"][anchor] = {**kept, **new}
        if not anchor:
            self.values["skip"] = ruleset.skipped
            self.values["translations"] = ruleset.translations
        for name, inner in (*ruleset.inline.items(), *ruleset.loaded.items()):
            self.load(f"{anchor}/{name}" if anchor and not name.startswith("/") else name.strip("/"), inner)

    def flush_rules(self, anchor: str, *, is_recursive: bool = False) -> None:
        for name in self.below(anchor) if is_recursive else [anchor]:
            self.values["rules"][name] = []

    def below(self, anchor: str) -> list[str]:
        """The anchor itself and every one in it."""
        return [name for name in self.anchor_names() if not anchor or name == anchor or name.startswith(f"{anchor}/")]

    def flush_tables(self, anchor: str) -> int:
        return len(self.values["tables"].pop(anchor, {}))

    def flush_states(self) -> None:
        self.values["generation"] = self.generation + 1

    def table(self, anchor: str, name: str) -> list[str] | None:
        found = self.tables(anchor).get(name)
        return None if found is None else list(found)

    def set_table(self, anchor: str, name: str, entries: list[str] | None) -> None:
        tables = self.values["tables"].setdefault(anchor, {})
        if entries is None:
            tables.pop(name, None)
        else:
            tables[name] = entries


def load() -> State:
    return State({**_EMPTY, **memory.load(PATH, {})})


def changing() -> AbstractContextManager[Any]:
    return memory.changing(PATH, {**_EMPTY, "rules": {}, "tables": {}})


def _mentioned(rule: Rule) -> set[str]:
    own = {address.table for address in (rule.source, rule.destination) if address.table}
    return own.union(*(_mentioned(each) for each in rule.inner))


def _rule(row: dict[str, Any]) -> Rule:
    values = dict(row)
    for side in ("source", "destination"):
        values[side] = Address(**values[side])
        port = values[f"{side}_port"]
        values[f"{side}_port"] = Port(**port) if port else None
    values["inner"] = tuple(_rule(each) for each in values["inner"])
    return Rule(**values)
