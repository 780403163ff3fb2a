"""Describes what a host is at one moment, so that two moments can be compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts.control import execute

if TYPE_CHECKING:
    from collections.abc import Mapping

    Snapshot = Mapping[str, Mapping[str, str]]

# Enterprise Linux 8 has no python3 on the PATH, only the platform's own; a fresh FreeBSD has none, and its double one
# that is hidden.
_ELSEWHERE = "/usr/libexec/platform-python /usr/libexec/freebsd-double/bin/python3"
_ANY_PYTHON = f'exec "$(command -v python3 || ls {_ELSEWHERE} 2>/dev/null | head -n 1)" -B -'
_PROBE = Path(__file__).with_name("snapshot_probe.py")


def take(name: str) -> Snapshot:
    """`{"paths": {path: "mode owner:group digest"}, "accounts": {…}, "units": {…}}`, read on the host itself."""
    answer = execute(name, ("sh", "-c", _ANY_PYTHON), stdin=_PROBE.read_bytes())
    loaded: Snapshot = json.loads(answer)
    return loaded


def differences(before: Snapshot, after: Snapshot) -> list[str]:
    """One line per path, account or unit that appeared, went or changed."""
    lines = []
    for topic in sorted({*before, *after}):
        old, new = before.get(topic, {}), after.get(topic, {})
        for key in sorted({*old, *new}):
            if old.get(key) != new.get(key):
                lines.append(f"{topic}: {key}: {old.get(key, 'absent')} -> {new.get(key, 'absent')}")
    return lines
