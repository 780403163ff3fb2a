"""The container's network under FreeBSD's names: eth0 is vtnet0, lo is lo0."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from .places import HIDDEN

NAMES = {"lo": "lo0", "eth0": "vtnet0", "eth1": "vtnet1"}
LINUX_NAMES = {name: linux for linux, name in NAMES.items()}


def addresses() -> list[dict[str, Any]]:
    return _asked("addr", "show")


def routes(*, is_inet6: bool = False) -> list[dict[str, Any]]:
    return _asked(*(("-6",) if is_inet6 else ()), "route", "show")


def _asked(*words: str) -> list[dict[str, Any]]:
    done = subprocess.run([HIDDEN / "ip", "-json", *words], capture_output=True, check=False, text=True)
    listed: list[dict[str, Any]] = json.loads(done.stdout or "[]")
    return [entry for entry in listed if entry]
