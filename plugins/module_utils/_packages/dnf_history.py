# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What dnf's own record says of a transaction that was cut off.

The lock file alone does not tell: dnf's tmpfiles.d/dnf.conf has it removed at the next boot.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    REINSTALL,
    PackageChange,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_locks import (
    is_in_transaction,
    is_left_locked,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_version import parse_evr
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_words import change_name

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_simulation import Simulator

HISTORY = "/var/lib/dnf/history.sqlite"
# Table and states as in libdnf (libdnf/transaction/sql/create_tables.sql, Types.hpp): the row is written before rpm
# begins, in the state UNKNOWN, and gets another one with its end, be that good or bad. Whatever somebody has done by
# dnf after that is a later row.
STATE_OF_LAST = "SELECT state FROM trans ORDER BY id DESC LIMIT 1"
UNKNOWN = 0
LAST_TRANSACTION = ("history", "info", "last")
# dnf marks what it has not recorded as done; where a transaction ends in order there is no such mark.
UNFINISHED = re.compile(r"^ \*\* (?P<action>\w+) +(?P<package>\S+)", re.M)
PACKAGE = re.compile(r"^(?P<name>.+)-(?P<evr>(?:\d+:)?[^-]+-[^-]+)\.(?P<architecture>[^.]+)$")
# The words of libdnf/transaction/TransactionItem.cpp.
REMOVED = "Removed"
# It goes with what obsoletes it, which stands in a row of its own.
OBSOLETED = "Obsoleted"


def was_killed(simulator: Simulator) -> bool:
    """True where a dnf was ended in the middle of a transaction, and none has been made since."""
    host = simulator.host
    if is_in_transaction(host):
        return False
    # One that has begun since then looks the same while it is at work.
    return is_left_locked(host) or (_has_no_end(simulator) and not is_in_transaction(host))


def unfinished(simulator: Simulator, installed: InstalledPackages) -> tuple[PackageChange, ...]:
    """What dnf was working on in its last transaction, and has not recorded as done."""
    return parse_unfinished(_last_transaction(simulator), installed)


def parse_unfinished(text: str, installed: InstalledPackages) -> tuple[PackageChange, ...]:
    """The packages of `dnf history info last` that dnf was working on and that are there now, in that very version.

    What was to be removed is to go, all others are to be installed again.
    """
    rows = ((row["action"], PACKAGE.match(row["package"])) for row in UNFINISHED.finditer(text))
    changes = []
    for action, package in rows:
        if package is None or action == OBSOLETED:
            continue
        name, version = change_name(package["name"], package["architecture"], installed), str(parse_evr(package["evr"]))
        if installed.versions.get(name) == version:
            is_to_go = action == REMOVED
            changes.append(
                PackageChange(name, "remove" if is_to_go else REINSTALL, version, None if is_to_go else version)
            )
    return tuple(dict.fromkeys(changes))


def _has_no_end(simulator: Simulator) -> bool:
    """By the record itself, which takes milliseconds; where this Python cannot read it, dnf is asked."""
    try:
        rows = simulator.host.read_rows(HISTORY, STATE_OF_LAST)
    except Unreadable:
        return bool(UNFINISHED.search(_last_transaction(simulator)))
    return rows == ((UNKNOWN,),)


def _last_transaction(simulator: Simulator) -> str:
    return simulator.ask(*LAST_TRANSACTION, ok=(0, 1)).stdout
