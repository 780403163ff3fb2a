"""FreeBSD's account files, and what the programs of Debian underneath read of them.

/etc/master.passwd (passwd(5): ten fields) and /etc/group are the truth. /etc/passwd is made from them as pwd_mkdb(8)
makes it; /etc/shadow, which FreeBSD has not, is made for Linux-PAM. An account whose password begins with `*LOCKED*`
may not log in at all on FreeBSD, with a key either (os_facts 0.6 [S]): shadow says that it has expired.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCKED = "*LOCKED*"
ETC = Path("/etc")
_DAY = 86400


@dataclass(frozen=True)
class User:
    """A line of master.passwd."""

    name: str
    password: str
    uid: int
    gid: int
    login_class: str = ""
    change: int = 0
    expire: int = 0
    gecos: str = "User &"
    home: str = "/nonexistent"
    shell: str = "/bin/sh"

    @property
    def is_locked(self) -> bool:
        return self.password.startswith(LOCKED)

    def line(self) -> str:
        fields = (self.name, self.password, self.uid, self.gid, self.login_class, self.change, self.expire)
        return ":".join(str(field) for field in (*fields, self.gecos, self.home, self.shell))

    def v7_line(self, *, password: str = "*") -> str:
        return ":".join((self.name, password, str(self.uid), str(self.gid), self.gecos, self.home, self.shell))

    def shadow_line(self) -> str:
        expired = "1" if self.is_locked else str(self.expire // _DAY) if self.expire else ""
        return f"{self.name}:{self.password}:19000:0:99999:7::{expired}:"


@dataclass(frozen=True)
class Group:
    """A line of group(5)."""

    name: str
    password: str
    gid: int
    members: tuple[str, ...] = ()

    def line(self) -> str:
        return f"{self.name}:{self.password}:{self.gid}:{','.join(self.members)}"


def _lines(path: Path) -> list[list[str]]:
    if not path.exists():
        return []
    return [line.split(":") for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]


def load_users(etc: Path = ETC) -> list[User]:
    """Who may not read master.passwd sees what pwd.db holds for everyone: no password, class or times (getpwent(3))."""
    path = etc / "master.passwd"
    if path.exists() and not os.access(path, os.R_OK):
        rows = _lines(etc / "passwd")
        return [User(row[0], "*", int(row[2]), int(row[3]), "", 0, 0, *row[4:]) for row in rows]
    users = []
    for fields in _lines(path):
        name, password, uid, gid, login_class, change, expire, gecos, home, shell = fields
        numbers = (int(change or 0), int(expire or 0))
        users.append(User(name, password, int(uid), int(gid), login_class, *numbers, gecos, home, shell))
    return users


def load_groups(etc: Path = ETC) -> list[Group]:
    return [
        Group(name, password, int(gid), tuple(name for name in members.split(",") if name))
        for name, password, gid, members in _lines(etc / "group")
    ]


def save_users(users: list[User], etc: Path = ETC) -> None:
    head = "# $FreeBSD$\n#\n"
    _write(etc / "master.passwd", head + "".join(f"{user.line()}\n" for user in users), 0o600)
    make_databases(etc)


def save_groups(groups: list[Group], etc: Path = ETC) -> None:
    _write(etc / "group", "# $FreeBSD$\n#\n" + "".join(f"{group.line()}\n" for group in groups), 0o644)


def make_databases(etc: Path = ETC) -> None:
    """What pwd_mkdb(8) does; comes after every change of master.passwd."""
    users = load_users(etc)
    text = "".join(f"{user.v7_line()}\n" for user in users)
    _write(etc / "passwd", f"# $FreeBSD$\n#\n{text}", 0o644)
    _write(etc / "pwd.db", text, 0o644)
    _write(etc / "spwd.db", "".join(f"{user.line()}\n" for user in users), 0o600)
    if etc == ETC:
        # Linux asks shadow only where passwd says `x`, as `*` would be taken for the password itself.
        _write(etc / "passwd", "".join(f"{user.v7_line(password='x')}\n" for user in users), 0o644)
        _write(etc / "shadow", "".join(f"{user.shadow_line()}\n" for user in users), 0o600)


def with_members(groups: list[Group], name: str, members: tuple[str, ...]) -> list[Group]:
    return [replace(group, members=members) if group.name == name else group for group in groups]


def _write(path: Path, text: str, mode: int) -> None:
    new = path.with_name(f"{path.name}.new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as stream:
        stream.write(text)
    new.chmod(mode)
    new.rename(path)


@contextmanager
def locked(etc: Path = ETC) -> Iterator[None]:
    path = etc / "master.passwd"
    with path.open("r") if os.access(path, os.R_OK) else nullcontext() as stream:
        if stream is not None:
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield
