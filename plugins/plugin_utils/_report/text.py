# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as plain text for a terminal or a mail, at most 100 columns wide and without colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.plugin_utils._report.layout import clean, table, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.groundwork.python_host.plugins.plugin_utils._report.model import Entry, Report

# The order in which a reader wants to hear of them; what a summary has besides comes after.
STATUSES = ("fail", "unknown", "would_fix", "fixed", "pass", "waived", "not_applicable")
NAME_SIZE = 14


def render(report: Report) -> str:
    """The whole report, ending in a line break."""
    sections = (
        _heading(report),
        _facts(report),
        _findings(report),
        _attention(report),
        _packages(report),
        _ssh(report),
    )
    return "\n".join(line for section in sections if section for line in (*section, ""))


def summary_line(report: Report) -> str:
    """`1 fail, 2 fixed, 14 pass, score 92.3`; empty where no checklist ran."""
    counts = dict(report.summary or {})
    ordered = [*STATUSES, *sorted(counts.keys() - set(STATUSES))]
    words = [f"{counts[status]} {_readable(status)}" for status in ordered if counts.get(status)]
    if report.score is not None:
        words.append(f"score {report.score:g} of 100")
    return ", ".join(words)


def _heading(report: Report) -> list[str]:
    title = clean(f"Posture of {report.host}")
    image = [f"Host image: {report.host_image}"] if report.host_image else []
    check = ["Check mode: nothing was changed; this is what a run would do."] if report.is_check_mode else []
    lines = (line for note in (*report.notes, *image, *check) for line in wrap(note))
    return [title, "=" * len(title), *lines]


def _facts(report: Report) -> list[str]:
    facts = (
        ("Result", summary_line(report)),
        ("System", _system(report)),
        *_runtime(report),
        ("Changes", _changes(report)),
        ("Login now", report.next_login),
    )
    return [line for name, value in facts if value for line in wrap(value, label=f"{name:<{NAME_SIZE}}")]


def _changes(report: Report) -> str:
    """How many changes each part of the run made; `none` where it ran and found nothing to do."""
    made = ", ".join(f"{part} {count}" for part, count in report.change_counts if count)
    return made or ("none" if report.change_counts else "")


def _system(report: Report) -> str:
    system = report.system
    if system is None:
        return ""
    name = system.get("pretty_name") or f"{system.get('name')} {system.get('version')}"
    support = system.get("support") or {}
    until = support.get("extended_until") if support.get("status") == "extended" else support.get("until")
    status = _readable(str(support.get("status") or "unknown"))
    return f"{name}, support: {status}" + (f", until {until}" if until else "")


def _runtime(report: Report) -> list[tuple[str, str]]:
    runtime = report.runtime or {}
    interpreter = " ".join(str(runtime[key]) for key in ("version", "interpreter") if runtime.get(key))
    return [
        ("Python", interpreter),
        ("Environment", str(runtime.get("venv") or "")),
        ("Release", str(runtime.get("release") or "")),
        ("Before it", str(runtime.get("previous") or "")),
    ]


def _findings(report: Report) -> list[str]:
    if not report.entries:
        return []
    rows = [(entry.check_id, entry.severity, _course(entry), entry.title) for entry in report.entries]
    return table(("Check", "Severity", "Before -> after", "Title"), rows)


def _course(entry: Entry) -> str:
    before, after = _readable(entry.before), _readable(entry.status)
    return after if before == after else f"{before} -> {after}"


def _attention(report: Report) -> list[str]:
    lines = [line for entry in report.entries if entry.needs_attention for line in _explained(entry)]
    return ["Needs attention", "---------------", *lines] if lines else []


def _explained(entry: Entry) -> Iterable[str]:
    yield from wrap(f"{entry.title}: {_readable(entry.status)}", label=f"{clean(entry.check_id)}  ")
    for name in ("observed", "expected", "evidence", "remedy"):
        value = getattr(entry, name)
        if value:
            yield from wrap(value, label=f"    {name + ':':<11}")


def _packages(report: Report) -> list[str]:
    if not report.packages:
        return []
    rows = [(line.name, line.before, line.after) for line in report.packages]
    return table(("Package", "Before", "After"), rows)


def _ssh(report: Report) -> list[str]:
    rows = [(keyword, *values) for keyword, values in report.ssh.rows]
    return table(("SSH setting", *(f"for {user}" for user in report.ssh.users)), rows) if rows else []


def _readable(status: str) -> str:
    return status.replace("_", " ")
