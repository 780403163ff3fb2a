# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that stays on the host and takes changes back. Written by groundwork.python_host.

confirm TOKEN   keep the changes of that run
fetch TOKEN     the same, and show the run's result
now [TOKEN]     take a change that waits for its confirmation back; with a token, if it is the change of that run
timeout TOKEN [SECONDS]
                the same, by the timer; with SECONDS it waits so long first
boot            the same, before the daemons start
undo [--check] [doors | rest] [TOKEN]
                take back what all runs have changed, where it is still as they left it; `doors` are what could cut
                somebody off, and wait for a confirmation when a token is given

It prints what it did as JSON. Killed half-way it starts again from the beginning, which does no harm. Whoever changes
the host holds the lock meanwhile, so that nothing is taken back that is then made after all.

It must work when the controller is gone, when the module was killed, and at a boot: so it and the files that it imports
are copied to the host, for Python 3.9 and newer, with nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from typing import Any

from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.files import (
    load,
    locked,
    remove,
    run,
    store,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.journal_file import (
    append,
    journal_paths,
    new_journal,
    read_journal,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.scheduler import (
    SCHEDULERS,
    TIMERS,
    service_manager,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.way_back import WayBack

PENDING = "pending.json"
RESULT = "result.json"
REVERTED = "reverted.json"


def main(directory: str, words: list[str]) -> int:
    """Run one of the commands above; returns the exit code."""
    mode, rest = (words or [""])[0], words[1:]
    is_known = mode in ("now", "boot", "undo") or (mode in ("confirm", "fetch", "timeout") and rest)
    if not is_known or not all(word == "--check" or word.isalnum() for word in rest):
        sys.stdout.write(__doc__)
        return 2
    if mode == "timeout":
        rest = _waited_for(rest)
    with locked(directory):
        if mode in ("confirm", "fetch"):
            answer = confirm(directory, rest[0], shows_result=mode == "fetch")
        elif mode == "undo":
            answer = undo(directory, rest)
        else:
            answer = take_back(directory, mode, *rest)
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0 if answer.get("confirmed", True) else 3


def _waited_for(words: list[str]) -> list[str]:
    """The words without the seconds, once those are over; nobody is kept waiting for the lock meanwhile."""
    token, seconds = words[0], "".join(words[1:])
    time.sleep(int(seconds) if seconds.isdecimal() else 0)
    return [token]


def confirm(directory: str, token: str, *, shows_result: bool) -> dict[str, Any]:
    """Keep what waits, if the run came to its end; what a run that was killed has begun is taken back at once."""
    pending, stored = (load(os.path.join(directory, name)) for name in (PENDING, RESULT))
    is_stored = stored.get("run") == token
    shown = {"result": stored["result"]} if shows_result and is_stored else {}
    if pending.get("run") != token:
        return {**_settled(directory, token), **shown}
    has_begun = "taking_back" in read_journal(pending["journal"])[2]
    if has_begun or not is_stored:
        return {**take_back(directory, "killed"), "confirmed": False, "why": "the run was killed before its end"}
    append(pending["journal"], {"confirmed": time.time()})
    remove(os.path.join(directory, PENDING))
    _disarm()
    return {"confirmed": True, **shown}


def _disarm() -> None:
    """There is nothing more to wait for; a timer that is not there is none, and a note about it would be noise."""
    scheduler = SCHEDULERS.get(service_manager())
    for argv in scheduler.disarm(TIMERS) if scheduler else ():
        run(argv)


def _settled(directory: str, token: str) -> dict[str, Any]:
    """What has become of a run that does not wait; a confirmation whose answer was lost on its way is given again."""
    own = [read_journal(path)[2] for path in journal_paths(directory) if path.endswith(f"-{token}.jsonl")]
    was_reverted = any("reverted" in notes for notes in own)
    if any("confirmed" in notes for notes in own) and not was_reverted:
        return {"confirmed": True}
    why = "it was taken back already" if was_reverted else "no change of this run waits for it"
    return {"confirmed": False, "reverted": was_reverted, "why": why}


def take_back(directory: str, mode: str, token: str = "") -> dict[str, Any]:
    """Undo the dangerous steps of the run that waits; with a token, only if it is that run."""
    pending = load(os.path.join(directory, PENDING))
    if not pending or (token and pending["run"] != token):
        return {"reverted": False}
    _head, entries, _notes = read_journal(pending["journal"])
    with contextlib.suppress(OSError):
        append(pending["journal"], {"taking_back": mode})
    way_back = WayBack(is_pending=True, at_boot=mode == "boot")
    done = way_back.go([entry for entry in entries if entry["danger"]])
    answer = {"reverted": True, "mode": mode, **done}
    # Notes for people: a full disk must not keep what was taken back from being settled.
    with contextlib.suppress(OSError):
        store(os.path.join(directory, REVERTED), {"run": pending["run"], **answer})
        append(pending["journal"], {"reverted": mode})
    if not way_back.has_failed:
        remove(os.path.join(directory, PENDING))
    if mode != "timeout":
        _disarm()
    return answer


def undo(directory: str, words: list[str]) -> dict[str, Any]:
    """Take back what all runs have changed, the newest first."""
    is_check = "--check" in words
    part, token = ([word for word in words if word != "--check"] + ["", ""])[:2]
    if not is_check:
        take_back(directory, "now")
    journals = [read_journal(path) for path in journal_paths(directory)]
    entries = [entry for head, own, _notes in journals if head.get("what") != "undo" for entry in own]
    chosen = [entry for entry in entries if not part or (entry["danger"] == "door") == (part == "doors")]
    mirror = new_journal(directory, token, "undo") if part == "doors" and token and not is_check else ""
    if mirror:
        store(os.path.join(directory, PENDING), {"run": token, "journal": mirror})
    answer = WayBack(is_check=is_check, mirror=mirror).go(chosen)
    if token and not is_check:
        store(os.path.join(directory, RESULT), {"run": token, "result": answer})
    if part != "doors" and not is_check and not answer["left"]:
        for path in journal_paths(directory):
            os.rename(path, f"{path}.undone")
    return answer


if __name__ == "__main__":
    raise SystemExit(main(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), sys.argv[1:]))
