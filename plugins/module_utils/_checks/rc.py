# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""FreeBSD's services: are they in force now and at the next boot, and what makes them so.

Sources: rc.subr(8), service(8) and sysrc(8) of freebsd/freebsd-src. `service NAME enabled` and `service NAME onestatus`
end with 0 for yes and 1 for no, for a service that is not there, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host import rc_conf
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command, Touches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

YES_OR_NO = (0, 1)
# Rows ask here about variables and services alike.
value = rc_conf.value


def is_in_base(host: HostReader, service: str) -> bool:
    """The base system brings it; where that consists of packages, it may be in one that is not installed."""
    return host.stat(f"/etc/rc.d/{service}") is not None


def is_enabled(host: HostReader, service: str) -> bool:
    """It starts at the next boot, as rc itself reads its variable."""
    return host.query(("service", service, "enabled"), ok=YES_OR_NO).rc == 0


def is_running(host: HostReader, service: str) -> bool:
    """It runs now, enabled or not."""
    return host.query(("service", service, "onestatus"), ok=YES_OR_NO).rc == 0


def set_variable(host: HostReader, variable: str, wanted: str) -> Iterator[Command]:
    """rc.conf is only ever written by sysrc."""
    found = value(host, variable)
    if found != wanted:
        change = Change("rc.conf", variable, found or "unset", wanted)
        touches = Touches(rc_variables=(variable,))
        yield Command(("sysrc", f"{variable}={wanted}"), change, env=rc_conf.BESIDE, touches=touches)


def enable_and_start(host: HostReader, service: str, *, variable: str = "") -> Iterator[Command]:
    """`variable` is the one that switches the service on where it is not called `<service>_enable`."""
    if not is_enabled(host, service):
        yield from set_variable(host, variable or f"{service}_enable", "YES")
    if not is_running(host, service):
        change = Change("service", service, "stopped", "running")
        yield Command(("service", service, "onestart"), change, touches=Touches(rc_service=service))
