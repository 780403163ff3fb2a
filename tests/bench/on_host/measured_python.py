"""Stands in for the host's Python: runs the module that arrives on standard input, and notes what it cost.

Each run appends one line of JSON to /var/tmp/measured_runs.jsonl. A process's own use and that of its children are told
apart by getrusage(2); a command takes from its start until its end was first seen.
"""

from __future__ import annotations

import atexit
import json
import re
import resource
import subprocess
import sys
import time
from typing import Any

STARTED = time.monotonic()
COMMANDS: list[dict[str, Any]] = []
payload = sys.stdin.read() if len(sys.argv) == 1 else ""


def text(part: str | bytes) -> str:
    return part.decode() if isinstance(part, bytes) else str(part)


class TimedProcess(subprocess.Popen):  # type: ignore[type-arg]
    """A process that notes how long it ran."""

    def __init__(self, args: Any, *more: Any, **options: Any) -> None:
        words = [args] if isinstance(args, (str, bytes)) else args
        self.entry = {"argv": [text(word) for word in words], "seconds": 0.0}
        self.started = time.monotonic()
        self.has_ended = False
        COMMANDS.append(self.entry)
        super().__init__(args, *more, **options)

    def _note_end(self, returncode: int | None) -> None:
        if returncode is not None and not self.has_ended:
            self.has_ended = True
            self.entry["seconds"] = round(time.monotonic() - self.started, 4)

    def poll(self) -> int | None:
        self._note_end(super().poll())
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        returncode = super().wait(timeout)
        self._note_end(returncode)
        return returncode


def write_down() -> None:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    names = re.findall(r"^module_fqn='.*\.modules\.(\w+)'", payload, re.MULTILINE)
    run = {
        "module": names[0] if names else "",
        "seconds": round(time.monotonic() - STARTED, 4),
        "own_seconds": round(own.ru_utime + own.ru_stime, 4),
        "children_seconds": round(children.ru_utime + children.ru_stime, 4),
        "own_peak_mib": round(own.ru_maxrss / 1024, 1),
        "commands": COMMANDS,
    }
    with open("/var/tmp/measured_runs.jsonl", "a") as stream:
        stream.write(json.dumps(run) + "\n")


if payload:
    atexit.register(write_down)
    subprocess.Popen = TimedProcess  # type: ignore[misc]
    exec(compile(payload, "<module>", "exec"), {"__name__": "__main__", "__file__": "<module>"})
else:
    raise SystemExit("measured_python runs what arrives on standard input: switch pipelining on")
