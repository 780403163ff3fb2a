# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run's result as values: what the modules returned for one host, whatever part of the role it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The parts of `python_host_result` in the order in which the role makes them.
PARTS = ("packages", "security", "python")


@dataclass(frozen=True)
class Entry:
    """One finding of the checklist as its JSON tells it."""

    check_id: str
    title: str
    severity: str
    status: str
    before: str
    observed: str = ""
    expected: str = ""
    evidence: str = ""
    remedy: str = ""

    @property
    def needs_attention(self) -> bool:
        """True for what is not as it should be, or could not be seen."""
        return self.status in ("fail", "unknown")


@dataclass(frozen=True)
class PackageLine:
    """One package that the run installed, upgraded or removed; a version that is not there is `absent`."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class SshSettings:
    """What sshd says is in force: for each keyword one value per user, in the order of `users`."""

    users: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Report:
    """All that a report tells about one host. What the run did not produce is empty."""

    host: str
    notes: tuple[str, ...] = ()
    host_image: str = ""
    is_check_mode: bool = False
    system: Mapping[str, Any] | None = None
    entries: tuple[Entry, ...] = ()
    summary: Mapping[str, int] | None = None
    score: float | None = None
    ssh: SshSettings = SshSettings()
    runtime: Mapping[str, Any] | None = None
    packages: tuple[PackageLine, ...] = ()
    change_counts: tuple[tuple[str, int], ...] = ()
    next_login: str = ""


def read_report(
    result: Mapping[str, Any],
    *,
    host: str,
    notes: Sequence[str] = (),
    host_image: str = "",
    is_check_mode: bool = False,
) -> Report:
    """The report on a result {os, packages, security, python}, each part as its module returned it, or missing."""
    security = result.get("security") or {}
    return Report(
        host=host,
        notes=tuple(notes),
        host_image=host_image,
        is_check_mode=is_check_mode,
        system=result.get("os") or None,
        entries=tuple(_entry(finding) for finding in security.get("findings") or ()),
        summary=security.get("summary"),
        score=security.get("score"),
        ssh=_ssh_settings(security.get("ssh") or {}),
        runtime=result.get("python") or None,
        packages=tuple(line for part in PARTS for line in _package_lines(result.get(part) or {})),
        change_counts=tuple((part, len(result[part].get("changes") or ())) for part in PARTS if result.get(part)),
        next_login=_next_login(security.get("handover") or {}),
    )


def _entry(finding: Mapping[str, Any]) -> Entry:
    return Entry(
        check_id=str(finding["id"]),
        title=str(finding["title"]),
        severity=str(finding["severity"]),
        status=str(finding["status"]),
        before=str(finding.get("before") or finding["status"]),
        observed=_words(finding.get("observed")),
        expected=_words(finding.get("expected")),
        evidence=_words(finding.get("evidence")),
        remedy=_words(finding.get("remedy")),
    )


def _next_login(handover: Mapping[str, Any]) -> str:
    """Who logs in from now on, and where, when this run has closed the login that it came through."""
    words = {"user": "{}", "port": "port {}"}
    return ", ".join(text.format(handover[key]) for key, text in words.items() if handover.get(key))


def _ssh_settings(by_user: Mapping[str, Mapping[str, Any]]) -> SshSettings:
    keywords = dict.fromkeys(keyword for settings in by_user.values() for keyword in settings)
    rows = ((keyword, tuple(_words(settings.get(keyword)) for settings in by_user.values())) for keyword in keywords)
    return SshSettings(tuple(by_user), tuple(rows))


def _words(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_words(item) for item in value)
    return "" if value is None else str(value)


def _package_lines(part: Mapping[str, Any]) -> tuple[PackageLine, ...]:
    """The lines of a change of kind `packages`: `name version` before and after, in the same order."""
    changes = [change for change in part.get("changes") or () if change["kind"] == "packages"]
    pairs = (zip(change["before"].splitlines(), change["after"].splitlines()) for change in changes)
    return tuple(_package_line(before, after) for both in pairs for before, after in both)


def _package_line(before: str, after: str) -> PackageLine:
    name, _space, new = after.partition(" ")
    return PackageLine(name, before.partition(" ")[2], new)
