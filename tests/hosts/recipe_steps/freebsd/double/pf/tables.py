"""`pfctl -t TABLE -T COMMAND`. Words and exit codes: freebsd/freebsd-src:sbin/pfctl/pfctl_table.c.

`test` ends with 2 when an address is not in the table; a table that is not there: message and 1.
"""

from __future__ import annotations

import ipaddress
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from . import enforcement, store

if TYPE_CHECKING:
    from ..options import Options

_COMMANDS = ("show", "add", "delete", "flush", "replace", "test", "kill", "expire", "zero", "load", "reset")


def run(options: Options, anchor: str) -> int:
    command = next((name for name in _COMMANDS if name.startswith(options.values["T"])), "")
    if command in {"load", "zero", "reset"}:
        return 0
    name = options.values.get("t", "")
    if not command or not name:
        print("pfctl: -T needs a command that is known, and -t a table", file=sys.stderr)
        return 1
    given = _addresses(options)
    if given is None:
        return 1
    with store.changing() as values:
        state = store.State(values)
        entries = state.table(anchor, name)
        if entries is None and command not in {"add", "replace"}:
            print("pfctl: Table does not exist.", file=sys.stderr)
            return 1
        code, said, new = _changed(command, entries, given)
        if new != entries:
            state.set_table(anchor, name, new)
            problem = enforcement.apply(state)
            if problem:
                raise RuntimeError(f"the double could not enforce its tables: {problem}")
    if command == "show":
        print("".join(f"   {entry}\n" for entry in _sorted(entries or [])), end="")
    elif "q" not in options:
        print(said, file=sys.stderr)
    return code


def _addresses(options: Options) -> list[str] | None:
    words = list(options.operands)
    if "f" in options:
        text = sys.stdin.read() if options.values["f"] == "-" else Path(options.values["f"]).read_text()
        words += [word for line in text.splitlines() for word in line.partition("#")[0].split()]
    found = []
    for word in words:
        try:
            network = ipaddress.ip_network(word, strict=False)
        except ValueError:
            print(f"no IP address found for {word}\npfctl: cannot load {word}: Undefined error: 0", file=sys.stderr)
            return None
        found.append(str(network.network_address if network.prefixlen == network.max_prefixlen else network))
    return found


def _changed(command: str, old: list[str] | None, given: list[str]) -> tuple[int, str, list[str] | None]:
    """(exit code, message, the new content)."""
    entries = old or []
    created = "1 table created.\n" if old is None else ""
    new = [each for each in dict.fromkeys(given) if each not in entries]
    there = [each for each in given if each in entries]
    if command == "add":
        return 0, f"{created}{len(new)}/{len(given)} addresses added.", [*entries, *new]
    if command == "delete":
        left = [each for each in entries if each not in given]
        return 0, f"{len(there)}/{len(given)} addresses deleted.", left
    if command == "flush":
        return 0, f"{len(entries)} addresses deleted.", []
    if command == "replace":
        gone = len([each for each in entries if each not in given])
        parts = [f"{len(new)} addresses added." if new else "", f"{gone} addresses deleted." if gone else ""]
        return 0, created + ("\n".join(part for part in parts if part) or "no changes."), list(dict.fromkeys(given))
    if command == "kill":
        return 0, "1 table deleted.", None
    if command == "test":
        inside = [each for each in given if _is_in(each, entries)]
        return (0 if len(inside) == len(given) else 2), f"{len(inside)}/{len(given)} addresses match.", old
    return 0, f"0/{len(entries)} addresses expired.", old


def _is_in(address: str, entries: list[str]) -> bool:
    network = ipaddress.ip_network(address)
    return any(
        network.version == each.version and network.subnet_of(each)  # type: ignore[arg-type]
        for each in (ipaddress.ip_network(entry) for entry in entries if not entry.startswith("!"))
    )


def _sorted(entries: list[str]) -> list[str]:
    return sorted(entries, key=lambda entry: (":" in entry, ipaddress.ip_network(entry.lstrip("!")).network_address))
