# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pip's output says about why it failed, in pip's own words, with what to do where that is known."""

from __future__ import annotations

import re

from ansible_collections.groundwork.python_host.plugins.module_utils._python.requirements import mask

MOST_LINES = 12
# pip's own errors, and those of compilers and setup scripts whose output it passes on.
ERROR = re.compile(r"(?i)^\W*(?:fatal )?error: |: (?:fatal )?error: |^\W*\w+Error: ")
TRACEBACK = "ERROR: Exception:"
UNREACHABLE = re.compile(r"WARNING: Retrying .* after connection broken by '(.*)': (/\S*)")

HINTS = (
    (re.compile(r"Python\.h"), "The interpreter's headers are missing: set headers: true."),
    (re.compile(r"pg_config|libpq-fe\.h"), "Set native_libraries: [postgresql]."),
    (re.compile(r"mysql_config|mysqlclient.*pkg-config|mysql\.h"), "Set native_libraries: [mysql]."),
    (re.compile(r"libxml2|libxslt|xmlversion\.h"), "Set native_libraries: [lxml]."),
    (
        re.compile(r"(?i)jpeglib\.h|headers or library files could not be found for (jpeg|zlib)"),
        "Set native_libraries: [pillow].",
    ),
    (re.compile(r"ffi\.h"), "Set native_libraries: [cffi]."),
    (re.compile(r"openssl/\w+\.h|find OpenSSL"), "Set native_libraries: [cryptography]."),
    (re.compile(r"(?i)rust compiler|\bcargo\b"), "Set native_libraries: [rust]."),
    (
        re.compile(r"command '?\S*(gcc|cc|g\+\+|c\+\+)'? failed: No such|unable to execute '?\S*gcc"),
        "Set headers: true, which brings the build tools.",
    ),
    (re.compile(r"No space left on device"), "Make room on that disk."),
)


def explain(output: str) -> str:
    """The errors in pip's output on one line each, credentials masked, then what to do."""
    lines = output.splitlines()
    words = [*_unreachable(output), *(_traceback(lines) or _errors(lines) or [_last(lines)])]
    hint = next((hint for pattern, hint in HINTS if pattern.search(output)), "")
    return mask("\n".join([*words[:MOST_LINES], *([hint] if hint else [])]))


def _errors(lines: list[str]) -> list[str]:
    """Each error line, with the indented lines that belong to it."""
    found: list[str] = []
    is_part = False
    for line in lines:
        is_error = bool(ERROR.search(line)) and line != TRACEBACK
        is_part = is_error or (is_part and line.startswith("    "))
        if is_part:
            found.append(line.strip())
    return list(dict.fromkeys(found))


def _traceback(lines: list[str]) -> list[str]:
    """A bug or a bad line that made pip itself break: only the last line tells which."""
    return [f"ERROR: {_last(lines)}"] if TRACEBACK in lines else []


def _unreachable(output: str) -> list[str]:
    """Said first, because pip only says afterwards that it found no version."""
    found = UNREACHABLE.findall(output)
    if not found:
        return []
    reason = re.sub(r"<[^>]*>: ?", "", found[-1][0]).strip("'\"")
    return [f"The package index could not be reached ({reason}, for {found[-1][1]})."]


def _last(lines: list[str]) -> str:
    return next((line.strip() for line in reversed(lines) if line.strip()), "pip said nothing")
