# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sshd would say with other files in place of its own, asked of sshd itself before anything is written."""

from __future__ import annotations

import hashlib
import os.path
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    match_blocks,
    running_sshd,
    sshd_files,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._host.remembering import RememberingHost

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checks.accounts import Account
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, HostReader

# The runs of sshd that only read its configuration; `-f` may stand before both.
QUESTIONS = ("-T", "-t")


def rehearsed(host: HostReader, files: Mapping[str, str | None], newcomer: Account | None = None) -> HostReader:
    """The host as it would be with these files (None: absent) and this account, as far as reading files and asking sshd
    can tell.

    Every other question goes to the host as it is: which ports have a listener, what the firewall lets in, what sudo
    allows. A rehearsal that changes nothing asks no question twice.
    """
    is_as_now = all(host.read_text(path) == content for path, content in files.items()) and not newcomer
    if is_as_now and not running_sshd.unread(host):
        return host
    return RehearsedHost(host, files, newcomer)


class RehearsedHost(RememberingHost):
    """Answers `sshd -T` from a copy of sshd's configuration in which the files are exchanged, and for the newcomer from
    one in which the groups of this account count.
    """

    def __init__(self, host: HostReader, files: Mapping[str, str | None], newcomer: Account | None = None) -> None:
        super().__init__(host)
        self._newcomer = newcomer
        self._files = dict(files)
        self._copies: dict[str, str] = {}
        digest = hashlib.sha256(repr(sorted(self._files.items())).encode("utf-8", "surrogateescape")).hexdigest()
        self._folder = f"sshd-{digest[:12]}"
        self._mains: dict[bool, str] = {}

    def read_text(self, path: str) -> str | None:
        """See HostReader."""
        return self._files[path] if path in self._files else super().read_text(path)

    def stat(self, path: str) -> FileStat | None:
        """See HostReader; a file that is yet to be written has the usual rights."""
        # After a run that writes these files a reload has made the daemon read all of them.
        if path == running_sshd.PID_FILE:
            return None
        if path not in self._files:
            return super().stat(path)
        return None if self._files[path] is None else super().stat(path) or FileStat("file", 0o644, "root", "root")

    def listdir(self, path: str) -> tuple[str, ...] | None:
        """See HostReader."""
        ours = {os.path.basename(name): text for name, text in self._files.items() if os.path.dirname(name) == path}
        names = super().listdir(path)
        if names is None and all(text is None for text in ours.values()):
            return None
        present = {name for name in names or () if name not in ours}
        return tuple(sorted(present | {name for name, text in ours.items() if text is not None}))

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
        """See HostReader; what sshd complains of is told by the names of its own files."""
        is_about_sshd = argv[0] == "sshd" and argv[1] in QUESTIONS
        given = ("sshd", "-f", self._main(argv), *argv[1:]) if is_about_sshd else argv
        try:
            return super().query(
                given, ok=ok, timeout=timeout, env=env, stdin=stdin, runtime_directory=runtime_directory
            )
        except CommandFailed as error:
            if not is_about_sshd:
                raise
            stdout, stderr = self._with_real_names(error.stdout), self._with_real_names(error.stderr)
            raise CommandFailed(argv, rc=error.rc, stdout=stdout, stderr=stderr) from error

    def _main(self, argv: Sequence[str]) -> str:
        """The copy of the main file, made with all that it includes when sshd is first asked."""
        new = self._newcomer
        is_about_newcomer = new is not None and any(word.startswith(f"user={new.name},") for word in argv)
        if is_about_newcomer not in self._mains:
            self._mains[is_about_newcomer] = self._copy(sshd_files.MAIN_FILE, (), new if is_about_newcomer else None)
        return self._mains[is_about_newcomer]

    def _copy(self, path: str, above: tuple[str, ...], new: Account | None) -> str:
        text = self.read_text(path)
        if text is None:
            return path
        lines = [self._copied_line(line, (*above, path), new) for line in text.splitlines()]
        name = f"{self._folder}/{len(self._copies):03}-{os.path.basename(path)}"
        copy = self.scratch_file(name, "".join(f"{line}\n" for line in lines))
        self._copies[copy] = path
        return copy

    def _copied_line(self, line: str, above: tuple[str, ...], new: Account | None) -> str:
        """An Include names the copies, where it stands, so that a Match line above it still holds for them."""
        words = sshd_files.words(line)
        if not words:
            return ""
        if new and words[0].lower() == "match":
            known = match_blocks.as_member(words, new.name, (new.name, *new.groups))
            line = " ".join(f'"{word}"' if " " in word else word for word in known)
        if words[0].lower() != "include":
            return line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        included = [name for pattern in words[1:] for name in sshd_files.matching(self, pattern)]
        # A file that includes itself is left to sshd, which refuses the circle in its own words.
        copies = [name if name in above else self._copy(name, above, new) for name in included]
        # sshd wants an argument, and takes one that fits no file in silence.
        return " ".join(["Include", *copies] if copies else ["Include", f"/{self._folder}/nothing"])

    def _with_real_names(self, text: str) -> str:
        for copy, path in self._copies.items():
            text = text.replace(copy, path)
        return text
