# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of rc.conf and services of FreeBSD: how they look, and how they are brought back (see places.py)."""

from __future__ import annotations

from typing import Any

from ansible_collections.groundwork.python_host.plugins.module_utils._host.rc_conf import BESIDE
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.files import ask, flush, run, sync

DEFAULTS = "/etc/defaults/rc.conf"
Look = dict[str, Any]


def look_at_rc_variable(name: str) -> Look:
    """{value} that the administrator's files give; None where the defaults decide.

    sysrc(8) tells a default like any other value, with -f as well (f_sysrc_get), so it is asked for the file, too.
    """
    if ask(["sysrc", "-i", "-n", "-F", name]) in ("", DEFAULTS):
        return {"value": None}
    return {"value": ask(["sysrc", "-i", "-n", name])}


def look_at_rc_service(name: str) -> Look:
    """{active}, whether it is enabled or not (rc.subr(8): `onestatus` ends with 0 where it runs)."""
    return {"active": "inactive" if run(["service", name, "onestatus"]) else "active"}


def restore_rc_variable(name: str, old: Look) -> list[str]:
    """Give it its old value, in the file where it stands, or take it out of all, so that the defaults decide again."""
    words = ["-i", "-x", name] if old["value"] is None else [f"{name}={old['value']}"]
    notes = run(["env", *(f"{key}={value}" for key, value in BESIDE.items()), "sysrc", *words])
    flush_rc_variables()
    return notes


def flush_rc_variables() -> None:
    """sysrc leaves it to the kernel when what it has written gets to the disk."""
    for path in ask(["sysrc", "-i", "-n", "rc_conf_files"]).split():
        flush(path)
        sync(path)


def restore_rc_service(name: str, old: Look) -> list[str]:
    """Start or stop it, whatever rc.conf says by then."""
    return run(["service", name, "onestart" if old["active"] == "active" else "onestop"])
