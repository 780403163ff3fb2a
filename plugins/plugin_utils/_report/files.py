# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Report files on the controller, one for each host and format."""

from __future__ import annotations

import os
from pathlib import Path

EXTENSIONS = {"text": "txt"}


def report_path(directory: str, *, host: str, file_format: str) -> Path:
    """`<directory>/<host>.<extension>`; a name cannot lead out of the directory."""
    name = host.replace("/", "_").replace(os.sep, "_").lstrip(".") or "host"
    return Path(directory) / f"{name}.{EXTENSIONS[file_format]}"


def differs(path: Path, content: str) -> bool:
    """True where the file is absent or says something else. Raises OSError where that cannot be seen."""
    return not path.is_file() or path.read_text(encoding="utf-8", errors="surrogateescape") != content


def write(path: Path, content: str) -> None:
    """Replace the file in one step, so that nobody reads half a report. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_text(content, encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
