"""What a benchmark has measured, and the table that says so."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# (shown as, the role's seconds divided by the contender's may be at most, what this limit is)
LIMITS = {
    "pings": ("as many pings", 1.6, "target"),
    "builtin": ("ansible.builtin tasks", 0.25, "target"),
    "pyinfra": ("pyinfra", 1.2, "goal"),
}
OWN_SECONDS_LIMIT = 1.0
OWN_PEAK_LIMIT = 64.0
MODULE_CALLS_LIMIT = 4


@dataclass(frozen=True)
class Series:
    """The runs of one contender; `work` counts what it did, in its own words."""

    seconds: tuple[float, ...]
    processor_seconds: tuple[float, ...]
    work: str

    @property
    def middle(self) -> float:
        return median(self.seconds)

    @property
    def processor_middle(self) -> float:
        return median(self.processor_seconds)

    def line(self, name: str) -> str:
        spread = f"({min(self.seconds):.2f} to {max(self.seconds):.2f})"
        return f"  {name:24s}{self.middle:7.2f} s {spread:18s}{self.processor_middle:7.2f} s  {self.work}"


@dataclass(frozen=True)
class FirstRun:
    """Seconds of a first run, by what they went into."""

    total: float
    packages: float
    pip: float
    ours: float


@dataclass(frozen=True)
class Checklist:
    """The checklist's process on the host: medians, without its children."""

    own_seconds: float
    own_peak_mib: float
    children_seconds: float
    commands: int


def verdict(value: float, limit: float, *, word: str = "target") -> str:
    return f"{word} at most {limit:g}: {'met' if value <= limit else 'MISSED'}"


def comparison(role: Series, others: dict[str, Series]) -> list[str]:
    """The contenders' medians, then the role's divided by each; the limits are about the time of day."""
    heading = f"  {'':24s}{'time':9s} {'':18s}{'processors':9s}"
    lines = [heading, role.line("the role"), *(series.line(LIMITS[name][0]) for name, series in others.items()), ""]
    for name, series in others.items():
        shown, limit, word = LIMITS[name]
        ratio = role.middle / series.middle
        by_processor = f"(by processor time {role.processor_middle / series.processor_middle:.2f})"
        lines.append(f"  role ÷ {shown:24s}{ratio:6.2f}  {verdict(ratio, limit, word=word):24s}  {by_processor}")
    return lines


def first_run_lines(first: FirstRun) -> list[str]:
    parts = (("packages", first.packages), ("pip", first.pip), ("ours", first.ours))
    return [
        f"  {first.total:.1f} s in all",
        *(f"  {name:10s}{seconds:7.1f} s  {100 * seconds / first.total:3.0f} %" for name, seconds in parts),
    ]


def checklist_lines(checklist: Checklist, module_calls: int) -> list[str]:
    judged = (
        ("module calls of the role", f"{module_calls:7d}    ", verdict(module_calls, MODULE_CALLS_LIMIT)),
        (
            "its own processor time",
            f"{checklist.own_seconds:7.2f} s  ",
            verdict(checklist.own_seconds, OWN_SECONDS_LIMIT),
        ),
        ("its own peak memory", f"{checklist.own_peak_mib:7.1f} MiB", verdict(checklist.own_peak_mib, OWN_PEAK_LIMIT)),
        ("its children's time", f"{checklist.children_seconds:7.2f} s  ", f"in {checklist.commands} commands"),
    )
    return [f"  {name:26s}{value}  {words}" for name, value, words in judged]


def table(sections: Sequence[tuple[str, Sequence[str]]]) -> str:
    return "\n\n".join("\n".join([title, *lines]) for title, lines in sections)
