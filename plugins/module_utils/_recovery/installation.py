# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands on a host for the way back: a program, its command, and a unit for the next boot."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Action,
    Change,
    Command,
    WriteFile,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import (
    files,
    journal_file,
    places,
    program,
    removal,
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
TIMERS = program.TIMERS
UNIT = "groundwork-revert.service"
UNIT_PATH = f"/etc/systemd/system/{UNIT}"
MODULES = {
    "__main__": program,
    "blocks": blocks,
    "files": files,
    "journal_file": journal_file,
    "places": places,
    "removal": removal,
    "way_back": way_back,
}
# On the host they lie side by side.
PACKAGES = re.compile(r"from ansible_collections\.groundwork\.python_host\.plugins\.module_utils\.(_recovery|_host)\.")
# Where the interpreter of the run is gone one day, any that is new enough will do; EL 8's own python3 is not.
OTHERS = ("python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python3.9", "python3")

COMMAND_TEXT = """#!/bin/sh
# Written by groundwork.python_host. Without a word it says what it can do.
for interpreter in {interpreters}; do
    command -v "$interpreter" > /dev/null && break
done
exec "$interpreter" -I -B {program} "$@"
"""

# Before everything that reads what it may restore. Enabled, so that it also runs after a power cut.
UNIT_TEXT = """# Written by groundwork.python_host.
[Unit]
Description=Take back a change of groundwork.python_host that nobody has confirmed
ConditionPathExists={pending}
DefaultDependencies=no
After=local-fs.target
Before=ufw.service nftables.service firewalld.service iptables.service ip6tables.service
Before=ssh.service ssh.socket sshd.service sshd.socket basic.target

[Service]
Type=oneshot
ExecStart=/bin/sh {command} boot

[Install]
WantedBy=sysinit.target
"""


def installation(host: HostReader, python: str, *, at_boot: bool) -> Iterator[Action]:
    """The files of the program; the unit where a boot may find something to take back."""
    for name, module in MODULES.items():
        source = PACKAGES.sub("from ", inspect.getsource(module))
        yield WriteFile(f"{PROGRAM}/{name}.py", source, mode=0o600)
    yield WriteFile(COMMAND, COMMAND_TEXT.format(interpreters=" ".join((python, *OTHERS)), program=PROGRAM), mode=0o700)
    if not at_boot:
        return
    unit = UNIT_TEXT.format(command=COMMAND, pending=PENDING)
    yield WriteFile(UNIT_PATH, unit, then=(Command(("systemctl", "daemon-reload")),))
    if host.query(("systemctl", "is-enabled", UNIT), ok=(0, 1, 4)).stdout.strip() != "enabled":
        yield Command(("systemctl", "enable", UNIT), Change("unit", UNIT, "disabled", "enabled"))
