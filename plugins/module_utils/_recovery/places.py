# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a step can touch: how it looks, whether it still looks as our step left it, and how it is brought back."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import io
import json
import os
import re
import stat
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._host.blocks import block_in, replaced
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.bsd_accounts import (
    MADE_OF_IT,
    held,
    install_master,
    is_master,
    locked_by_file,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.files import (
    ask,
    read,
    remove,
    run,
    sync,
    write,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.rc_places import (
    look_at_rc_service,
    look_at_rc_variable,
    restore_rc_service,
    restore_rc_variable,
)

if TYPE_CHECKING:
    from collections.abc import Collection

# The databases that hold lines of an account, found by their first field.
ACCOUNT_FILES = (
    *("/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/subuid", "/etc/subgid"),
    "/etc/master.passwd",
)
# Those of them whose lines end with the names of members: group(5), gshadow(5).
GROUP_FILES = ("group", "gshadow")
MEMBER_OF = "member_of"
# What lckpwdf(3) of Linux locks, and with it every tool that changes those databases.
ACCOUNT_LOCK = "/etc/.pwd.lock"
# Of these a journal may keep the value itself; the rest is content or a password's hash.
SHOWN = ("kind", "mode", "uid", "gid", "target", "enabled", "active", "label", "value")

Look = dict[str, Any]


def look_at_path(path: str) -> Look:
    """{kind, content or target, mode, uid, gid} of a file, a link or a directory."""
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return {"kind": "absent"}
    if stat.S_ISLNK(found.st_mode):
        return {"kind": "link", "target": os.readlink(path)}
    rights = {"mode": stat.S_IMODE(found.st_mode), "uid": found.st_uid, "gid": found.st_gid}
    if stat.S_ISREG(found.st_mode):
        return {"kind": "file", "content": base64.b64encode(read(path) or b"").decode(), **rights}
    return {"kind": "directory" if stat.S_ISDIR(found.st_mode) else "other", **rights}


def look_at_account(name: str) -> Look:
    """The account's lines in each database that there is, by the database's path, and the groups that name it."""
    paths = [path for path in ACCOUNT_FILES if os.path.exists(path)]
    lines: Look = {path: [line for _place, line in _own_lines(path, name)] for path in paths}
    groups = {row[0] for path in paths if _has_members(path) for row in _rows(path) if name in _members(row)}
    return {**lines, MEMBER_OF: sorted(groups)} if groups else lines


def look_at_unit(name: str) -> Look:
    """{enabled, active} in systemd's own words."""
    answer = ask(["systemctl", "show", "-p", "UnitFileState", "-p", "ActiveState", name])
    values = dict(line.partition("=")[::2] for line in answer.splitlines())
    return {"enabled": values.get("UnitFileState", ""), "active": values.get("ActiveState", "")}


def look_at_block(path: str) -> Look:
    """{kind, content} of our block in somebody's file; the rest of that file is none of our business."""
    block = block_in((read(path) or b"").decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    return {"kind": "block", "content": base64.b64encode(block).decode()} if block else {"kind": "absent"}


def look_at_port(port: str) -> Look:
    """{label} that was given to a TCP port on this host; empty while SELinux's policy alone decides."""
    listed = ask(["semanage", "port", "-l", "-C", "-n"])
    found = re.search(rf"^(\S+)\s+tcp\s+(?:.*\s)?{re.escape(port)}(?:,|$)", listed, re.MULTILINE)
    return {"label": found.group(1) if found else ""}


def fingerprint(look: Look) -> Look:
    """The same with digests in the place of content and of password hashes. Who put an account that is there into which
    other groups is nobody's change of the account.
    """
    return {name: value if name in SHOWN else digest(value) for name, value in look.items() if name != MEMBER_OF}


def digest(value: Any) -> str:
    """The SHA-256 of a text, or of a list of lines."""
    text = value if isinstance(value, str) else json.dumps(value)
    return hashlib.sha256(text.encode()).hexdigest()


def is_ours(now: Look, after: Look | None, content: str | None) -> bool:
    """It looks as our step left it.

    A step that was killed has no `after`: then the digest of the content that it was about to write counts, and where
    that is not known either (a command), whatever is there.
    """
    if after is not None:
        return fingerprint(now) == after
    return content is None or "content" not in now or digest(now["content"]) == content


def restore_path(path: str, old: Look) -> list[str]:
    """Bring a path back as it was; returns what could not be done."""
    is_directory = look_at_path(path)["kind"] == "directory"
    if old["kind"] == "absent" and is_directory:
        return _remove_directory(path)
    if old["kind"] == "file":
        write(path, base64.b64decode(old["content"]), mode=old["mode"], uid=old["uid"], gid=old["gid"])
    elif old["kind"] == "directory":
        if not is_directory:
            os.mkdir(path, 0o700)
        os.chown(path, old["uid"], old["gid"])
        os.chmod(path, old["mode"])
    else:
        remove(path)
        if old["kind"] == "link":
            os.symlink(old["target"], path)
            sync(path)
    return []


def restore_block(path: str, old: Look) -> list[str]:
    """Put our block back as it was, or take it out; what others have written around it since stays."""
    if not os.path.isfile(path):
        return [f"{path} is gone, and was left so"]
    block = base64.b64decode(old.get("content", "")).decode("utf-8", "surrogateescape")
    text = (read(path) or b"").decode("utf-8", "surrogateescape")
    found = os.stat(path)
    rights = {"mode": stat.S_IMODE(found.st_mode), "uid": found.st_uid, "gid": found.st_gid}
    write(path, replaced(text, block).encode("utf-8", "surrogateescape"), **rights)
    return []


def restore_port(port: str, old: Look) -> list[str]:
    """Give a port its old label again, or leave it to the policy."""
    if not old["label"]:
        return run(["semanage", "port", "-d", "-p", "tcp", port])
    verb = "-m" if look_at_port(port)["label"] else "-a"
    return run(["semanage", "port", verb, "-t", old["label"], "-p", "tcp", port])


def _remove_directory(path: str) -> list[str]:
    if os.listdir(path):
        return [f"{path} is not empty, and was left"]
    os.rmdir(path)
    sync(path)
    return []


def restore_account(name: str, old: Look) -> list[str]:
    """Put the account's lines back into each database; all other lines stay as they are, but that an account which goes
    leaves the groups that it has joined.
    """
    every = {path: lines for path, lines in old.items() if path != MEMBER_OF}
    goes = not any(lines for path, lines in every.items() if not _has_members(path))
    # Before its own lines, so that who is killed here comes back to it.
    joined = [path for path in every if goes and _has_members(path)]
    if locked_by_file(every):
        for path in joined:
            with held(path):
                _leave_groups(path, name, old.get(MEMBER_OF, ()))
        return _restore_one_by_one(name, every)
    with open(ACCOUNT_LOCK, "w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        for path in joined:
            _leave_groups(path, name, old.get(MEMBER_OF, ()))
        return [note for path, lines in every.items() for note in _restore_lines(path, name, lines)]


def _has_members(path: str) -> bool:
    return os.path.basename(path) in GROUP_FILES


def _leave_groups(path: str, name: str, stays_in: Collection[str]) -> None:
    every = _rows(path)
    rows = [_without(row, name) if row[0] not in stays_in and name in _members(row) else row for row in every]
    if rows == every:
        return
    found = os.stat(path)
    content = "".join(":".join(row) for row in rows).encode("utf-8", "surrogateescape")
    write(path, content, mode=stat.S_IMODE(found.st_mode), uid=found.st_uid, gid=found.st_gid)


def _rows(path: str) -> list[list[str]]:
    """The fields of each line, the last one with the line's end."""
    return [line.split(":") for line in _lines(path)]


def _members(row: list[str]) -> list[str]:
    return row[3].strip().split(",") if len(row) > 3 else []


def _without(row: list[str], name: str) -> list[str]:
    members = ",".join(member for member in _members(row) if member != name)
    return [*row[:3], members + ("\n" if row[3].endswith("\n") else "")]


def _restore_one_by_one(name: str, every: Look) -> list[str]:
    notes = []
    for path, lines in every.items():
        if os.path.basename(path) != MADE_OF_IT:
            with held(path):
                notes.extend(_restore_lines(path, name, lines))
    return notes


def _restore_lines(path: str, name: str, lines: list[str]) -> list[str]:
    own = dict(_own_lines(path, name))
    if list(own.values()) == lines:
        return []
    content = _with_lines(path, own, lines).encode("utf-8", "surrogateescape")
    if is_master(path):
        return install_master(path, content)
    found = os.stat(path)
    write(path, content, mode=stat.S_IMODE(found.st_mode), uid=found.st_uid, gid=found.st_gid)
    return []


def _with_lines(path: str, own: dict[int, str], lines: list[str]) -> str:
    """The whole file with these lines in the place of an account's own ones."""
    every = _lines(path)
    place = min(own, default=len(every))
    before, behind = every[:place], [line for number, line in enumerate(every) if number >= place and number not in own]
    if lines and before and not before[-1].endswith("\n"):
        before[-1] += "\n"
    return "".join([*before, *(line + "\n" for line in lines), *behind])


def _own_lines(path: str, name: str) -> list[tuple[int, str]]:
    lines = [line.rstrip("\n") for line in _lines(path)]
    return [(place, line) for place, line in enumerate(lines) if line.split(":")[0] == name]


def _lines(path: str) -> list[str]:
    """With their ends; a name may hold what `splitlines` takes for one."""
    return [line.decode("utf-8", "surrogateescape") for line in io.BytesIO(read(path) or b"")]


def restore_unit(name: str, old: Look) -> list[str]:
    """Whether it starts at boot, and whether it runs, as before.

    This unit alone: systemd would stop others along with it (fail2ban with firewalld).
    """
    now, notes = look_at_unit(name), []
    if now["enabled"] != old["enabled"]:
        notes.extend(run(["systemctl", "enable" if old["enabled"] == "enabled" else "disable", name]))
    if now["active"] != old["active"]:
        verb = ["start"] if old["active"] == "active" else ["stop", "--job-mode=ignore-dependencies"]
        notes.extend(run(["systemctl", *verb, name]))
    return notes


# By the names that a journal gives them, in the order in which they are brought back.
LOOK = {
    "accounts": look_at_account,
    "paths": look_at_path,
    "blocks": look_at_block,
    "units": look_at_unit,
    "ports": look_at_port,
    "rc_variables": look_at_rc_variable,
    "rc_services": look_at_rc_service,
}
RESTORE = {
    "accounts": restore_account,
    "paths": restore_path,
    "blocks": restore_block,
    "units": restore_unit,
    "ports": restore_port,
    "rc_variables": restore_rc_variable,
    "rc_services": restore_rc_service,
}
