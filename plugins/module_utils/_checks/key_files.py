# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Would sshd read the administrator's key file: the rights of all that leads to it, and the account's own eyes."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import accounts
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.key_lines import (
    key_lines,
    keys_that_let_in,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.public_keys import PublicKey
    from ansible_collections.groundwork.python_host.plugins.module_utils._checks.accounts import Account
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat, HostReader

GROUP_OR_OTHER_MAY_WRITE = 0o022


def problems(host: HostReader, found: Account) -> tuple[str, ...]:
    """Why sshd would not read the account's key file: StrictModes first, then what the account itself may read."""
    for path in (found.home, found.ssh_directory, found.authorized_keys):
        if host.stat(path) is None:
            return (f"{path} does not exist",)
    strict = tuple(problem for path in judged_paths(host, found) for problem in _strictness(host, path, found))
    if (
        strict
        or host.uid != 0
        or _is_plainly_readable(host, found)
        or _may(host, found, "-r", found.authorized_keys, untried=True)
    ):
        return strict
    return (f"{found.name} may not read {found.authorized_keys}: sshd opens it as {found.name}",)


def judged_paths(host: HostReader, found: Account) -> tuple[str, ...]:
    """What StrictModes judges: the file where links lead, and each directory above it up to the home, or to the root
    for a file that is outside of the home (misc.c, safe_path).
    """
    directory = accounts.followed(host, found.ssh_directory)
    path = accounts.followed(host, f"{directory}/authorized_keys")
    paths = [path]
    while path not in (found.home, "/"):
        path = os.path.dirname(path)
        paths.append(path)
    return tuple(reversed(paths))


def _strictness(host: HostReader, path: str, found: Account) -> Iterator[str]:
    stat = host.stat(path)
    if stat is None:
        yield f"{path} does not exist"
    elif stat.uid not in (0, found.uid):
        yield f"{path} belongs to {stat.owner}, expected {found.name} or root"
    if stat and stat.mode & GROUP_OR_OTHER_MAY_WRITE:
        yield f"{path} has mode {stat.mode:04o}, expected no writing by group or others"


def _is_plainly_readable(host: HostReader, found: Account) -> bool:
    """Told by owner and mode alone, so that nothing has to be started for an ordinary home."""
    stat = host.stat(found.authorized_keys)
    if stat is None or stat.kind != "file" or not _allows(stat, found, 0o4):
        return False
    return not shut_directories(host, found, found.ssh_directory)


def shut_directories(host: HostReader, found: Account, lowest: str) -> tuple[str, ...]:
    """The directories down to this one that the account cannot pass, by owner and mode; groups are not looked at."""
    paths = [lowest]
    while paths[-1] != "/":
        paths.append(os.path.dirname(paths[-1]))
    stats = [(path, host.stat(path)) for path in reversed(paths)]
    return tuple(path for path, stat in stats if stat and not (stat.kind == "link" or _allows(stat, found, 0o1)))


def _allows(stat: FileStat, found: Account, right: int) -> bool:
    """The owner's bits count for the owner alone; the others' for whoever is neither owner nor in the group."""
    if stat.uid == found.uid:
        return bool(stat.mode & right << 6)
    return bool(stat.mode & right) and (stat.gid != found.gid or bool(stat.mode & right << 3))


def _may(host: HostReader, found: Account, right: str, path: str, *, untried: bool) -> bool:
    """Tried as the account (test(1): `-r`, `-x`), where something is there to become it; `untried` elsewhere."""
    as_account = accounts.found_way_to_become(host, found.name)
    if not as_account:
        return untried
    try:
        host.query((*as_account, "test", right, path))
    except CommandFailed:
        return False
    return True


def usable_keys(host: HostReader, context: Context) -> tuple[PublicKey, ...]:
    """The keys in the administrator's file that let this login in, if sshd would read that file."""
    found = accounts.account(host, context.options.admin_name)
    if found is None or problems(host, found):
        return ()
    return keys_that_let_in(host.read_text(found.authorized_keys) or "", context)


def obstacles(host: HostReader, context: Context) -> tuple[str, ...]:
    """What this run does not mend, whoever makes the account: given keys that stand there with a restriction,
    directories above the home that the account cannot pass, links where a file is to be written, somebody's old keys.
    """
    found = accounts.account(host, context.options.admin_name)
    owner = found or accounts.planned(host, context)
    text = host.read_text(owner.authorized_keys) or ""
    given = context.options.admin_keys
    restricted = tuple(_restricted(text, owner, context))
    if found is None:
        return (*restricted, *_left_over(owner, text, given))
    is_written = any(key not in keys_that_let_in(text, context) for key in given)
    return (*restricted, *_above_home(host, found), *(_links(host, found) if is_written else ()))


def _restricted(text: str, owner: Account, context: Context) -> Iterator[str]:
    """Each given key that stands there and does not let this login in; one that does, or will be added, is enough."""
    given, lines, good = context.options.admin_keys, key_lines(text), keys_that_let_in(text, context)
    if any(key in good or key not in [line.key for line in lines] for key in given):
        return
    for line in lines:
        if line.key in given and line.restriction(context):
            yield (
                f"the key {line.key.fingerprint} stands in {owner.authorized_keys} with {line.restriction(context)}, "
                "which shuts this login out: change that line, or give another key"
            )


def _left_over(owner: Account, text: str, given: tuple[PublicKey, ...]) -> Iterator[str]:
    strangers = [line.key.fingerprint for line in key_lines(text) if line.key not in given]
    if strangers:
        yield (
            f"{owner.authorized_keys} is left over from an earlier account; its keys ({', '.join(strangers)}) would "
            f"let their owners in as {owner.name}: remove that file, or give these keys, too"
        )


def _above_home(host: HostReader, found: Account) -> Iterator[str]:
    for path in shut_directories(host, found, os.path.dirname(found.home)):
        if not _may(host, found, "-x", path, untried=False):
            yield f"{found.name} cannot pass {path} to the home {found.home}: `chmod o+x {path}`"


def _links(host: HostReader, found: Account) -> Iterator[str]:
    for path in (found.ssh_directory, found.authorized_keys):
        target = host.readlink(path)
        if target is not None:
            yield f"{path} is a link to {target}: add the key there by hand, or put a real one in its place"
