# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes a host take back at its next boot what nobody has confirmed: a unit of systemd, or a script of rc(8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Action,
    Change,
    Command,
    EnsureDirectory,
    WriteFile,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.rc_conf import BESIDE, value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

UNIT = "groundwork-revert.service"
UNIT_PATH = f"/etc/systemd/system/{UNIT}"
SCRIPT = "groundwork_revert"
# The base system's own place is /etc/rc.d; what others bring is found in here, in $local_startup.
SCRIPT_FOLDERS = ("/usr/local/etc", "/usr/local/etc/rc.d")
SCRIPT_PATH = f"{SCRIPT_FOLDERS[-1]}/{SCRIPT}"
# What rc.subr's checkyesno takes for yes.
YES = ("YES", "TRUE", "ON", "1")

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

# rc(8) orders the scripts twice (freebsd-src, libexec/rc/rc). The first time it looks at /etc/rc.d alone and runs what
# comes up to FILESYSTEMS; then, with all local file systems there, it orders these scripts among the rest. pf, ipfw,
# SERVERS and LOGIN (sshd, cron) all come after FILESYSTEMS, so that BEFORE holds for each of them. Python finds its
# libraries below /usr/local only after ldconfig, because cleanvar has emptied /var/run, where rtld's hints are.
#
# It is on unless rc.conf says otherwise. Only rc sets autoboot, to yes, or to no after single-user mode. It has read
# rc.conf once for all, and reads it again when its shell gets SIGALRM; `service` gives a script a shell of its own, in
# which that would be the end of it.
SCRIPT_TEXT = """#!/bin/sh
# Written by groundwork.python_host.
#
# PROVIDE: groundwork_revert
# REQUIRE: FILESYSTEMS ldconfig
# BEFORE: pf ipfw SERVERS LOGIN sshd

. /etc/rc.subr

name="groundwork_revert"
desc="Take back a change of groundwork.python_host that nobody has confirmed"
rcvar="groundwork_revert_enable"
start_cmd="groundwork_revert_start"
stop_cmd=":"

groundwork_revert_start()
{{
    [ -f {pending} ] || return 0
    if [ -z "$autoboot" ]; then
        /bin/sh {command} now
        return
    fi
    /bin/sh {command} boot
    kill -ALRM "$RC_PID"
}}

load_rc_config $name
: ${{groundwork_revert_enable:="YES"}}
run_rc_command "$1"
"""


def by_unit(host: HostReader, command: str, pending: str) -> Iterator[Action]:
    """An enabled unit."""
    text = UNIT_TEXT.format(command=command, pending=pending)
    yield WriteFile(UNIT_PATH, text, then=(Command(("systemctl", "daemon-reload")),))
    if host.query(("systemctl", "is-enabled", UNIT), ok=(0, 1, 4)).stdout.strip() != "enabled":
        yield Command(("systemctl", "enable", UNIT), Change("unit", UNIT, "disabled", "enabled"))


def by_script(host: HostReader, command: str, pending: str) -> Iterator[Action]:
    """A script, in folders that only a package has made so far; one that somebody has switched off is switched on.

    Raises ActionFailed where rc would not find it: the way back at the next boot is a promise.
    """
    searched = value(host, "local_startup").split()
    if SCRIPT_FOLDERS[-1] not in searched:
        raise ActionFailed(
            f"After a power cut nothing would be taken back: rc.conf keeps rc from looking into {SCRIPT_FOLDERS[-1]}. "
            "Add it to local_startup there, then run again. Nothing was changed."
        )
    for folder in SCRIPT_FOLDERS:
        if host.stat(folder) is None:
            yield EnsureDirectory(folder)
    yield WriteFile(SCRIPT_PATH, SCRIPT_TEXT.format(command=command, pending=pending), mode=0o555)
    variable = f"{SCRIPT}_enable"
    answer = value(host, variable)
    if answer and answer.upper() not in YES:
        yield Command(("sysrc", f"{variable}=YES"), Change("rc.conf", variable, answer, "YES"), env=BESIDE)


BY_SERVICE_MANAGER: dict[str, Callable[[HostReader, str, str], Iterator[Action]]] = {
    "systemd": by_unit,
    "rc": by_script,
}
