# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands on a host for the way back: a program, its command, and what runs it at the next boot."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks, rc_conf
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action, WriteFile
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import (
    bsd_accounts,
    files,
    journal_file,
    next_boot,
    places,
    program,
    rc_places,
    removal,
    scheduler,
    way_back,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

DIRECTORY = "/var/lib/groundwork/python_host"
PROGRAM = f"{DIRECTORY}/program"
# Read by sh and not executed itself, because /var may be mounted without the right to execute.
COMMAND = f"{DIRECTORY}/revert"
PENDING = f"{DIRECTORY}/{program.PENDING}"
RESULT = f"{DIRECTORY}/{program.RESULT}"
REVERTED = f"{DIRECTORY}/{program.REVERTED}"
TIMERS = scheduler.TIMERS
UNIT, UNIT_PATH = next_boot.UNIT, next_boot.UNIT_PATH
MODULES = {
    "__main__": program,
    "blocks": blocks,
    "bsd_accounts": bsd_accounts,
    "files": files,
    "journal_file": journal_file,
    "places": places,
    "rc_conf": rc_conf,
    "rc_places": rc_places,
    "removal": removal,
    "scheduler": scheduler,
    "way_back": way_back,
}
# On the host they lie side by side.
PACKAGES = re.compile(r"from ansible_collections\.groundwork\.python_host\.plugins\.module_utils\.(_recovery|_host)\.")
# Where the interpreter of the run is gone one day, any that is new enough will do; EL 8's own python3 is not.
OTHERS = ("python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python3.9", "python3")

# At a boot and by its timer FreeBSD's search path has nothing below /usr/local, where every Python is.
COMMAND_TEXT = """#!/bin/sh
# Written by groundwork.python_host. Without a word it says what it can do.
PATH=$PATH:/usr/local/bin
for interpreter in {interpreters}; do
    command -v "$interpreter" > /dev/null && break
done
exec "$interpreter" -I -B {program} "$@"
"""


def installation(host: HostReader, python: str, *, at_boot: bool, service_manager: str = "systemd") -> Iterator[Action]:
    """The files of the program; and what runs it at a boot that may find something to take back."""
    for name, module in MODULES.items():
        source = PACKAGES.sub("from ", inspect.getsource(module))
        yield WriteFile(f"{PROGRAM}/{name}.py", source, mode=0o600)
    yield WriteFile(COMMAND, COMMAND_TEXT.format(interpreters=" ".join((python, *OTHERS)), program=PROGRAM), mode=0o700)
    if at_boot:
        yield from next_boot.BY_SERVICE_MANAGER[service_manager](host, COMMAND, PENDING)
