"""What dnf prints: the table of a transaction and the errors, as dnf 4.14 printed them on a terminal of 80 columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

AGE = "Last metadata expiration check: 0:00:01 ago on Mon Nov 23 04:31:55 2026.\n"
RESOLVED = "Dependencies resolved.\n"
WIDTHS = (18, 18, 20, 16)
LINE = "=" * 80
ABORTED = "Operation aborted.\n"
NOTHING = f"{AGE}{RESOLVED}Nothing to do.\nComplete!\n"
HINT = (
    "(try to add '--skip-broken' to skip uninstallable packages or '--nobest' to use not only best candidate "
    "packages)\n"
)


@dataclass(frozen=True)
class Row:
    """One package below a heading; `replaced` is the older version that a cut-off upgrade has left."""

    name: str
    version: str
    repository: str = "planner"
    replaced: str = ""

    @property
    def text(self) -> str:
        """A name that is too long for its column has a line of its own."""
        first, *others = (self.name, "noarch", self.version, self.repository)
        columns = [word.ljust(width) for word, width in zip(others, WIDTHS[1:])]
        start = f" {first}\n{' ' * WIDTHS[0]}" if len(first) > 9 else f" {first}".ljust(WIDTHS[0])
        replacing = f"     replacing  {self.name}.noarch {self.replaced}\n" if self.replaced else ""
        return f"{start}{''.join(columns)}5.4 k\n{replacing}"


def table(sections: Iterable[tuple[str, Sequence[Row]]]) -> str:
    """The table of a transaction; empty where no section has a row."""
    body = "".join(f"{heading}:\n{''.join(row.text for row in rows)}" for heading, rows in sections if rows)
    if not body:
        return ""
    columns = " Package           Architecture      Version             Repository      Size"
    sizes = "Total download size: 16 k\nInstalled size: 0  \n"
    return f"{RESOLVED}{LINE}\n{columns}\n{LINE}\n{body}\nTransaction Summary\n{LINE}\nInstall  3 Packages\n\n{sizes}"


def unmatched(names: Sequence[str], filtered: Sequence[str]) -> CommandResult:
    """Names for which there is nothing, and those of which there is something that must not be taken."""
    lines = [f"No match for argument: {name}\n" for name in names if name not in filtered]
    lines += [f"All matches were filtered out by exclude filtering for argument: {name}\n" for name in filtered]
    return CommandResult((), 1, AGE + "".join(lines), f"Error: Unable to find a match: {' '.join(names)}\n")


def no_way(names: Iterable[str]) -> CommandResult:
    """Dependencies that cannot be met."""
    lines = "".join(f"  - cannot install the best candidate for {name}\n" for name in names)
    return CommandResult((), 1, AGE + HINT, f"Error: \n Problem: conflicting requests\n{lines}")
