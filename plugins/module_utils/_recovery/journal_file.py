# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal: a file for each run, with a line for each step before it is made and another one after it.

A step is {step, danger, change, home, new, packages, commands} and, for each kind of place (see places.py), how the
places of that kind looked before. `new` is the digest of what will be written to a path or block, `home` a directory
that is made with an account, `commands` what puts restored files in force. `danger` is `door` for what could cut
somebody off, `way_in` for an administrator's own login, else empty.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.files import (
    flush,
    read,
    sync,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.places import (
    LOOK,
    digest,
    fingerprint,
    look_at_path,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.rc_places import flush_rc_variables

Entry = dict[str, Any]


def journal_paths(directory: str) -> list[str]:
    """The journals that were not undone as a whole, oldest first."""
    folder = os.path.join(directory, "journal")
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return [os.path.join(folder, name) for name in sorted(names) if name.endswith(".jsonl")]


def new_journal(directory: str, run: str, what: str) -> str:
    """Begin a journal; returns its path. Its name stands behind all others, whatever the clock does."""
    folder = os.path.join(directory, "journal")
    numbers = [int(name.partition("-")[0]) for name in os.listdir(folder) if name.partition("-")[0].isdecimal()]
    path = os.path.join(folder, f"{max(numbers, default=0) + 1:06}-{run}.jsonl")
    append(path, {"run": run, "what": what, "started": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())})
    sync(path)
    return path


def append(path: str, record: dict[str, Any]) -> None:
    """Add a line that is on the disk when this returns."""
    # A line that a kill has cut off must not swallow this one.
    rest = f"\n{json.dumps(record)}\n".encode()
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def record_before(path: str, number: int, entry: Entry) -> None:
    """Write down how the places that a step names look now."""
    looks = {kind: {name: look(name) for name in entry[kind]} for kind, look in LOOK.items()}
    known = {name: value for name, value in entry.items() if name != "after"}
    append(path, {**known, **looks, "step": number})


def record_after(path: str, number: int, entry: Entry) -> None:
    """Write down how they look afterwards, as digests: what is there then is our doing.

    Not every program makes durable what it has written: what a power cut takes away would look like somebody else's.
    """
    home = files_below(entry["home"])
    for name in (*entry["paths"], *entry["blocks"], *(os.path.join(entry["home"], name) for name in home or ())):
        flush(name)
    if entry["rc_variables"]:
        flush_rc_variables()
    looks = {kind: {name: fingerprint(look(name)) for name in entry[kind]} for kind, look in LOOK.items()}
    append(path, {"after": number, "home": home, **looks})


def read_journal(path: str) -> tuple[dict[str, Any], list[Entry], dict[str, Any]]:
    """(head, entries, notes): each entry has what was found `after` it, and notes tell of the run as a whole.

    A last line that was cut off belongs to a step that was never begun.
    """
    head: dict[str, Any] = {}
    entries: dict[int, Entry] = {}
    notes: dict[str, Any] = {}
    for line in (read(path) or b"").decode("utf-8", "replace").split("\n"):
        record = _parsed(line)
        if "step" in record:
            # A journal of an older version knows less kinds of places.
            entries[record["step"]] = {"after": {}, **{kind: {} for kind in LOOK}, **record}
        elif "after" in record:
            entries.get(record["after"], {})["after"] = record
        elif "run" in record:
            head = record
        else:
            notes.update(record)
    return head, list(entries.values()), notes


def _parsed(line: str) -> dict[str, Any]:
    try:
        return dict(json.loads(line))
    except ValueError:
        return {}


def files_below(directory: str) -> dict[str, str] | None:
    """Digests of all files and links below a directory, by relative path; None when there is none."""
    if not directory or not os.path.isdir(directory):
        return None
    found = {}
    for parent, directories, names in os.walk(directory):
        for name in (*names, *directories):
            path = os.path.join(parent, name)
            look = look_at_path(path)
            if look["kind"] != "directory":
                found[os.path.relpath(path, directory)] = digest(look.get("content") or look.get("target") or "")
    return found
