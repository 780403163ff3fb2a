"""sysexits(3) as pw(8) uses them: os_facts 5 [S], freebsd/freebsd-src:usr.sbin/pw/pw_user.c and pw_group.c.

An unknown user is 67, as is an unknown group that a user is to belong to; a group command on an unknown group is 65.
"""

from __future__ import annotations

USAGE = 64
DATA = 65
NO_USER = 67
OS_FILE = 72
NO_PERMISSION = 77


class Refused(Exception):
    """What pw says on standard error, and its exit code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def check_name(name: str, *, is_gecos: bool = False) -> str:
    bad = ":!@" if is_gecos else " ,\t:+&#%$^()!@~*?<>=|\\/\"'`"
    what = "gecos field" if is_gecos else "userid/group name"
    for position, letter in enumerate(name):
        if letter in bad or (not is_gecos and position == 0 and letter == "-"):
            if letter == "$" and position == len(name) - 1 and position:
                break
            raise Refused(DATA, f"invalid character `{letter}' at position {position} in {what}")
    if not is_gecos and len(name) > 32:
        raise Refused(DATA, f"name too long `{name}' (max is 32)")
    return name
