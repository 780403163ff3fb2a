"""pfctl(8). Words, streams, exit codes: freebsd/freebsd-src:sbin/pfctl/pfctl.c, pfctl_table.c; os_facts 8.

It does not work without the module, that is without /dev/pf. -n alone does not mind, before 15 (commit bc5ed32b); since
then the device is opened for the netlink socket all the same (00406234; lib/libpfctl/libpfctl.c, pfctl_open). Which of
the two holds for the last releases of 14 could not be seen. What it changes is enforced at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..options import Options, Usage, parse
from ..places import release
from . import display, enforcement, listing, store, tables
from .listing import Style
from .parser import parse as parse_rules
from .tokens import SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from .rules import Ruleset

_SWITCHES = "AdD:eF:f:ghi:k:K:mnNOo:p:Pqrs:t:T:vx:za:RSMc"
_FLUSHES = ("all", "rules", "nat", "states", "Sources", "info", "Tables", "osfp", "Reset", "ethernet", "queue")


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, _SWITCHES, program="pfctl")
    except Usage:
        return _usage()
    if not options.given:
        return _usage()
    is_dry = "n" in options
    if not Path("/dev/pf").exists() and not (is_dry and int(release().version.partition(".")[0]) < 15):
        what = "Failed to open netlink" if is_dry else "/dev/pf"
        print(f"pfctl: {what}: No such file or directory", file=sys.stderr)
        return 1
    if os.geteuid() != 0:
        print("pfctl: /dev/pf: Permission denied", file=sys.stderr)
        return 1
    name = options.values.get("a", "")
    if "a" in options and not name:
        print("pfctl: anchor name must not be empty", file=sys.stderr)
        return 1
    style = Style(len(options.lists.get("v", ())), "P" in options, name.endswith("*"))
    anchor = name.removesuffix("*").strip("/")
    return _run(options, anchor, style, is_dry=is_dry)


def _usage() -> int:
    print(
        "usage: pfctl [-AdeghMmNnOPqRrvz] [-a anchor] [-D macro=value] [-F modifier]\n"
        "\t[-f file] [-i interface] [-K host | network]\n"
        "\t[-k host | network | gateway | label | id] [-o level] [-p device]\n"
        "\t[-s modifier] [-t table -T command [address ...]] [-x level]",
        file=sys.stderr,
    )
    return 1


def _run(options: Options, anchor: str, style: Style, *, is_dry: bool) -> int:
    """In the order of pfctl.c, main: what is shown is what was there before."""
    is_quiet = "q" in options
    steps: tuple[tuple[str, bool, Callable[[], int]], ...] = (
        ("d", True, lambda: _enable(is_enabled=False, is_quiet=is_quiet)),
        ("s", True, lambda: display.show(options.values["s"], anchor, style)),
        ("F", True, lambda: _flush(options.values["F"], anchor, style, is_quiet=is_quiet)),
        ("k", True, lambda: _kill(options)),
        ("T", False, lambda: tables.run(options, anchor)),
        ("f", False, lambda: _load(options, anchor, style, is_dry=is_dry)),
        ("e", True, lambda: _enable(is_enabled=True, is_quiet=is_quiet)),
    )
    for letter, is_omitted_when_dry, step in steps:
        if letter in options and not (is_dry and is_omitted_when_dry) and not (letter == "f" and "T" in options):
            code = step()
            if code:
                return code
    return 0


def _enable(*, is_enabled: bool, is_quiet: bool) -> int:
    with store.changing() as values:
        state = store.State(values)
        if state.is_enabled == is_enabled:
            print(f"pfctl: pf {'already' if is_enabled else 'not'} enabled", file=sys.stderr)
            return 1
        state.enable(is_enabled=is_enabled)
        _enforce(state)
    if not is_quiet:
        print(f"pf {'enabled' if is_enabled else 'disabled'}", file=sys.stderr)
    return 0


def _flush(modifier: str, anchor: str, style: Style, *, is_quiet: bool) -> int:
    matching = [name for name in _FLUSHES if name.lower().startswith(modifier.lower())]
    if not matching:
        print(f"pfctl: Unknown flush modifier '{modifier}'", file=sys.stderr)
        return _usage()
    what = matching[0]
    said = []
    with store.changing() as values:
        state = store.State(values)
        if what in {"all", "rules"}:
            state.flush_rules(anchor, is_recursive=style.is_recursive)
            said.append("rules cleared")
        if what in {"all", "nat"}:
            said.append("nat cleared")
        if what in {"all", "Tables"}:
            said.append(f"{state.flush_tables(anchor)} tables deleted.")
        if what in {"all", "states"} and not anchor:
            count = len(enforcement.connections(state.generation)) if state.is_enabled else 0
            state.flush_states()
            said.append(f"{count} states cleared")
        if what == "all" and not anchor:
            said += ["source tracking entries cleared", "pf: statistics cleared", "pf: interface flags reset"]
            values["skip"] = []
        _enforce(state)
    if not is_quiet:
        print("\n".join(said), file=sys.stderr)
    return 0


def _kill(options: Options) -> int:
    for host in options.lists["k"]:
        enforcement.forget_states_of(host)
    if "q" not in options:
        print(
            f"killed {len(options.lists['k'])} states from {len(options.lists['k'])} sources and 0 destinations",
            file=sys.stderr,
        )
    return 0


def _load(options: Options, anchor: str, style: Style, *, is_dry: bool) -> int:
    name = options.values["f"]
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text()
    except OSError as error:
        print(f"pfctl: {name}: {error.strerror}", file=sys.stderr)
        print("pfctl: cannot open the main config file!: No such file or directory", file=sys.stderr)
        return 1
    ruleset = read(text, "stdin" if name == "-" else name, is_dry=is_dry)
    if ruleset is None:
        return 1
    if style.verbosity:
        listing.show_file(ruleset, style)
    if is_dry:
        return 0
    with store.changing() as values:
        state = store.State(values)
        state.load(anchor, ruleset)
        _enforce(state)
    return 0


def read(text: str, name: str, *, is_dry: bool) -> Ruleset | None:
    """The last line of a refusal is missing with -n (pfctl_rules)."""
    try:
        return parse_rules(text)
    except SyntaxProblem as problem:
        messages = str(problem).splitlines()
        if messages[-1] != "syntax error" and messages[0].startswith("macro"):
            messages.append("syntax error")
        for message in messages:
            print(f"{name}:{problem.line}: {message}", file=sys.stderr)
        if not is_dry:
            print("pfctl: Syntax error in config file: pf rules not loaded", file=sys.stderr)
        return None


def _enforce(state: store.State) -> None:
    problem = enforcement.apply(state)
    if problem:
        raise RuntimeError(f"the double could not enforce its rules: {problem}")
