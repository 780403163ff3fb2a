# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host as an Ansible module sees it: reader and writer over files, `run_command` and the standard library.

The standard library only, because nothing else is certain to exist on a managed host.
"""

from __future__ import annotations

import atexit
import fcntl
import grp
import os
import pwd
import shutil
import stat as stat_bits
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    CommandFailed,
    CommandMissing,
    CommandTimedOut,
    Unreadable,
    Unwritable,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.database import read_rows
from ansible_collections.groundwork.python_host.plugins.module_utils._host.kernel import (
    FLOCK,
    LIMITED,
    TIMED_OUT,
    by_kernel,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import (
    CommandResult,
    FileStat,
    LockHolder,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ansible.module_utils.basic import AnsibleModule

SEARCH_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")


class AnsibleHost:
    """Implements HostReader and HostWriter."""

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        self._scratch = ""
        own_path = os.environ.get("PATH", "").split(os.pathsep)
        self._path = os.pathsep.join(dict.fromkeys([*SEARCH_PATH, *filter(None, own_path)]))

    @property
    def uid(self) -> int:
        """The effective user id."""
        return os.geteuid()

    @property
    def root_group(self) -> str:
        """See HostReader."""
        return _name(grp.getgrgid, 0)

    @property
    def scratch(self) -> str:
        """A directory that everybody may enter and nobody else may list, removed with the module's own."""
        if not self._scratch:
            # Not below the module's own directory, which only root may enter: apt downloads as a user of its own.
            self._scratch = tempfile.mkdtemp(prefix="groundwork-")
            os.chmod(self._scratch, 0o711)
            atexit.register(shutil.rmtree, self._scratch, ignore_errors=True)
        return self._scratch

    def scratch_file(self, name: str, content: str) -> str:
        """See HostReader."""
        path = os.path.join(self.scratch, name)
        os.makedirs(os.path.dirname(path), 0o755, exist_ok=True)
        with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
        return path

    def query(
        self,
        argv: Sequence[str],
        *,
        ok: Sequence[int] = (0,),
        timeout: float = 60.0,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
        runtime_directory: str | None = None,
    ) -> CommandResult:
        """See HostReader."""
        if runtime_directory and self.uid == 0 and not os.path.isdir(runtime_directory):
            os.mkdir(runtime_directory, 0o755)
        return self.run(argv, ok=ok, timeout=timeout, env=env, stdin=stdin)

    def run(
        self,
        argv: Sequence[str],
        *,
        ok: Sequence[int] = (0,),
        timeout: float = 60.0,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
    ) -> CommandResult:
        """See HostWriter."""
        for name in (argv[0], "timeout"):
            if self.which(name) is None:
                raise CommandMissing(name)
        rc, stdout, stderr = self._module.run_command(
            [*by_kernel(LIMITED), f"{timeout:g}", *argv],
            data=stdin,
            binary_data=True,
            cwd="/",
            umask=0o022,
            environ_update={"LC_ALL": "C", "LANGUAGE": "C", "PATH": self._path, **(env or {})},
            expand_user_and_vars=False,
            errors="surrogateescape",
        )
        if rc in by_kernel(TIMED_OUT):
            raise CommandTimedOut(argv, timeout)
        if rc not in ok:
            raise CommandFailed(argv, rc=rc, stdout=stdout, stderr=stderr)
        return CommandResult(tuple(argv), rc, stdout, stderr)

    def read_text(self, path: str) -> str | None:
        """See HostReader."""
        with _absent_is_none(path):
            with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
                return file.read()
        return None

    def stat(self, path: str) -> FileStat | None:
        """See HostReader."""
        with _absent_is_none(path):
            return _file_stat(os.lstat(path))
        return None

    def listdir(self, path: str) -> tuple[str, ...] | None:
        """See HostReader."""
        with _absent_is_none(path):
            return tuple(sorted(os.listdir(path)))
        return None

    def readlink(self, path: str) -> str | None:
        """See HostReader."""
        if not os.path.islink(path):
            return None
        with _absent_is_none(path):
            return os.readlink(path)
        return None

    def lock_holder(self, path: str) -> LockHolder | None:
        """See HostReader."""
        with _absent_is_none(path), open(path, "rb") as file:
            layout = by_kernel(FLOCK)
            holder = layout.holder_in(fcntl.fcntl(file, fcntl.F_GETLK, layout.question()))
            if holder:
                return LockHolder(holder, self._program_of(holder) or "unknown")
        return None

    def _program_of(self, process: int) -> str:
        """Where there is no /proc of Linux, ps(1) knows."""
        name = self.read_text(f"/proc/{process}/comm")
        if name is None:
            name = self.query(("ps", "-o", "comm=", "-p", str(process)), ok=(0, 1)).stdout
        return name.strip()

    def read_rows(self, path: str, question: str) -> tuple[tuple[object, ...], ...] | None:
        """See HostReader."""
        return read_rows(path, question)

    def which(self, name: str) -> str | None:
        """See HostReader."""
        return shutil.which(name, path=self._path)

    def write(self, path: str, content: str, *, mode: int, owner: str, group: str) -> None:
        """See HostWriter."""
        with _changing(path):
            handle, temporary = tempfile.mkstemp(prefix=".groundwork-", dir=os.path.dirname(path))
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content.encode("utf-8", "surrogateescape"))
                    os.fchown(file.fileno(), _uid(owner), _gid(group))
                    os.fchmod(file.fileno(), mode)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, path)
            except BaseException:
                os.unlink(temporary)
                raise
            _sync_directory(path)

    def make_directory(self, path: str, *, mode: int, owner: str, group: str) -> None:
        """See HostWriter."""
        with _changing(path):
            os.mkdir(path, 0o700)
            self.set_attributes(path, mode=mode, owner=owner, group=group)
            _sync_directory(path)

    def set_attributes(self, path: str, *, mode: int, owner: str, group: str) -> None:
        """See HostWriter."""
        with _changing(path):
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                os.fchown(handle, _uid(owner), _gid(group))
                os.fchmod(handle, mode)
                os.fsync(handle)
            finally:
                os.close(handle)

    def link(self, path: str, target: str) -> None:
        """See HostWriter."""
        temporary = f"{path}.groundwork-{os.getpid()}"
        with _changing(path):
            if os.path.islink(temporary):
                os.unlink(temporary)
            os.symlink(target, temporary)
            try:
                os.replace(temporary, path)
            except OSError:
                os.unlink(temporary)
                raise
            _sync_directory(path)

    def remove(self, path: str) -> None:
        """See HostWriter."""
        with _changing(path):
            if not os.path.lexists(path):
                return
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.unlink(path)
            _sync_directory(path)


@contextmanager
def _changing(path: str) -> Iterator[None]:
    """Turn whatever keeps a path from being changed into Unwritable; pwd and grp miss a name with KeyError."""
    try:
        yield
    except OSError as error:
        raise Unwritable(path, error.strerror or str(error)) from error
    except KeyError as error:
        raise Unwritable(path, str(error.args[0])) from error


@contextmanager
def _absent_is_none(path: str) -> Iterator[None]:
    """Let an absent path pass in silence and turn any other trouble into Unreadable."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, ProcessLookupError):
        return
    except OSError as error:
        raise Unreadable(path, error.strerror or str(error)) from error


def _file_stat(result: os.stat_result) -> FileStat:
    kinds = ((stat_bits.S_ISREG, "file"), (stat_bits.S_ISDIR, "directory"), (stat_bits.S_ISLNK, "link"))
    kind = next((name for is_kind, name in kinds if is_kind(result.st_mode)), "other")
    return FileStat(
        kind=kind,
        mode=stat_bits.S_IMODE(result.st_mode),
        owner=_name(pwd.getpwuid, result.st_uid),
        group=_name(grp.getgrgid, result.st_gid),
        uid=result.st_uid,
        gid=result.st_gid,
        modified=result.st_mtime,
        changed=result.st_ctime,
    )


def _name(database, number: int) -> str:  # type: ignore[no-untyped-def]  # pwd and grp share no common type
    try:
        return str(database(number)[0])
    except KeyError:
        return str(number)


def _uid(owner: str) -> int:
    return int(owner) if owner.isdigit() else pwd.getpwnam(owner).pw_uid


def _gid(group: str) -> int:
    return int(group) if group.isdigit() else grp.getgrnam(group).gr_gid


def _sync_directory(path: str) -> None:
    """Make a rename or removal durable: a directory's entry is only on disk after its own fsync."""
    handle = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
