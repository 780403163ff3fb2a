# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account as FreeBSD's master.passwd(5) has it, told by pw(8), which shows a password's hash to root alone.

Sources: usr.sbin/pw/pw_user.c (`pw_user_show`, `print_user`) and pw.8 of freebsd/freebsd-src. `pw usershow` prints the
ten fields of a line, also of an account that comes from a directory service, and ends with 67 (EX_NOUSER of
sysexits(3)) where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import NeedsRoot

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

NO_SUCH_USER = 67
FIELDS = 10
# What `pw lock` puts before the hash. pam_unix refuses such an account whatever it logs in with, and so do cron and su.
LOCKED = "*LOCKED*"


@dataclass(frozen=True)
class Entry:
    """What getent(1) does not tell: the password field, the login class, and when password and account end.

    Both times are seconds since 1970; 0 is never.
    """

    password: str = field(repr=False)
    login_class: str
    change: int
    expire: int

    @property
    def is_locked(self) -> bool:
        """`pw lock` was here."""
        return self.password.startswith(LOCKED)


def entry(host: HostReader, name: str) -> Entry | None:
    """The account's own, or None when there is none."""
    if host.uid != 0:
        raise NeedsRoot("master.passwd")
    result = host.query(("pw", "usershow", name), ok=(0, NO_SUCH_USER))
    fields = result.stdout.strip().split(":")
    if result.rc or len(fields) < FIELDS:
        return None
    return Entry(fields[1], fields[4], int(fields[5] or 0), int(fields[6] or 0))
