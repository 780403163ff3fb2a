# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pip's output says about why it failed, in pip's own words, with what to do where that is known."""

from __future__ import annotations

import re

from ansible_collections.groundwork.python_host.plugins.module_utils._python.requirements import mask

MOST_LINES = 12
LONGEST_LINE = 300
# pip's own errors, and those of compilers and setup scripts whose output it passes on.
ERROR = re.compile(r"(?i)^\W*(?:fatal )?error: |: (?:fatal )?error: |^\W*\w+Error: ")
# What pip says after each of them, and what tells nothing more.
EMPTY = re.compile(r"error: (subprocess-exited-with-error|metadata-generation-failed|legacy-install-failure)")
TRACEBACK = "ERROR: Exception:"
UNREACHABLE = re.compile(r"WARNING: Retrying .* after connection broken by '(.*)': (/\S*)")

# gcc's words and clang's.
_ABSENT = r"(?:: No such|' file not found)"
_COMPILER = "Set headers: true, which brings the compiler and the interpreter's headers."
HINTS = (
    (
        re.compile(r"(?:No such file or directory: |command |execute )'[^' ]*(?:gcc|g\+\+|cc|c\+\+)'(?! failed with)"),
        _COMPILER,
    ),
    (re.compile(rf"Python\.h{_ABSENT}"), _COMPILER),
    (re.compile(rf"pg_config executable not found|libpq-fe\.h{_ABSENT}"), "Set native_libraries: [postgresql]."),
    (
        re.compile(rf"mysql_config.* not found|Can not find valid pkg-config name|mysql\.h{_ABSENT}"),
        "Set native_libraries: [mysql].",
    ),
    (re.compile(rf"xmlversion\.h{_ABSENT}|libxml2 and libxslt"), "Set native_libraries: [lxml]."),
    (
        re.compile(rf"jpeglib\.h{_ABSENT}|headers or library files could not be found for (?:jpeg|zlib)"),
        "Set native_libraries: [pillow].",
    ),
    (re.compile(rf"\bffi\.h{_ABSENT}"), "Set native_libraries: [cffi]."),
    (re.compile(rf"openssl/\w+\.h{_ABSENT}|(?i:could not find openssl)"), "Set native_libraries: [cryptography]."),
    (re.compile(r"(?i)rust compiler|rustc.*not found|cargo.*not (?:found|installed)"), "Set native_libraries: [rust]."),
    (re.compile(r"No space left on device"), "Make room on that disk."),
)


def explain(output: str) -> str:
    """The errors in pip's output on one line each, credentials masked, then what to do."""
    lines = output.splitlines()
    words = [*_unreachable(output), *(_traceback(lines) or _errors(lines) or [_last(lines)])]
    hint = next((hint for pattern, hint in HINTS if pattern.search(output)), "")
    return mask("\n".join([*words[:MOST_LINES], *([hint] if hint else [])]))


def _errors(lines: list[str]) -> list[str]:
    """Each error line; to pip's own belong the indented lines below (the hashes that do not match)."""
    found: list[str] = []
    is_pips_own = False
    for line in lines:
        is_error = bool(ERROR.search(line)) and not EMPTY.search(line)
        if is_error or (is_pips_own and line.startswith("    ")):
            found.append(line.strip()[:LONGEST_LINE])
        is_pips_own = line.startswith("ERROR: ") or (is_pips_own and line.startswith("    "))
    return list(dict.fromkeys(found))


def _traceback(lines: list[str]) -> list[str]:
    """A bug or a bad line that made pip itself break: only the last line tells which."""
    return [f"ERROR: {_last(lines)}"] if TRACEBACK in lines else []


def _unreachable(output: str) -> list[str]:
    """Said first, because pip only says afterwards that it found no version."""
    found = UNREACHABLE.findall(output)
    if not found:
        return []
    # urllib3 names its own objects around the words: NewConnectionError('<HTTPSConnection …>: Failed to …').
    reason = re.sub(r"^\w+\(|<[^>]*>: ?|['\"]|\)$", "", found[-1][0])
    return [f"The package index could not be reached ({reason}, for {found[-1][1]})."]


def _last(lines: list[str]) -> str:
    return next((line.strip() for line in reversed(lines) if line.strip()), "pip said nothing")
