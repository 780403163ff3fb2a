# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sshd that runs, where it may do otherwise than its files say: its command line, and files not read since.

What differs on FreeBSD is told by what is there: no /proc of Linux's, and sysrc(8) in the place of systemd. Sources:
libexec/rc/rc.d/sshd (`pidfile`, `sshd_flags`) and bin/ps of freebsd/freebsd-src.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import rc, services, sshd_files
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# sshd writes this file anew each time that it has read its configuration, at a start and at a reload (it starts itself
# again then, as the same process), and removes it when it ends. Sessions get what the listening process has read. Where
# somebody has moved this file (PidFile), the daemon's own command line and the age of what it has read stay unknown.
PID_FILE = "/var/run/sshd.pid"
UNITS = ("ssh.service", "sshd.service")
# Options that win over the files: -o keyword, -p port, and -f, another file; behind any that take no value.
OVERRIDING = re.compile(r"-[46DGQRTdeiqrtV]*([ofp])(.*)")


def options(host: HostReader) -> tuple[str, ...]:
    """The options of the running daemon that win over its files; none when none runs."""
    return overriding(_words_of_daemon(host))


def program(host: HostReader) -> str:
    """The path of the program that listens; empty when none does, or where it shows none."""
    return next((word for word in _words_of_daemon(host)[:1] if word.startswith("/")), "")


def _words_of_daemon(host: HostReader) -> Sequence[str]:
    process = (host.read_text(PID_FILE) or "").strip()
    return title_words(_title(host, process)) if process.isdigit() else ()


def _title(host: HostReader, process: str) -> str:
    """The process's command line as it shows it; empty when it is gone, for which ps(1) ends with 1."""
    if host.which("sysrc"):
        return host.query(("ps", "-ww", "-o", "args=", "-p", process), ok=(0, 1)).stdout.strip()
    return host.read_text(f"/proc/{process}/cmdline") or ""


def next_options(host: HostReader) -> tuple[str, ...] | None:
    """The same of what its unit, or rc, will start next; None where that cannot be told."""
    if host.which("sysrc"):
        return overriding(_words(rc.value(host, "sshd_flags")))
    try:
        known = [words for words in (services.started_words(host, name) for name in UNITS) if words]
    except HostError:
        return None
    return overriding(known[0]) if known else None


def _words(text: str) -> Sequence[str]:
    """rc hands the variable to a shell."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def option_sets(host: HostReader) -> tuple[tuple[str, ...], ...]:
    """The options of the daemon that runs and of the one that its unit will start, which may be the same."""
    later = next_options(host)
    return tuple(dict.fromkeys((options(host), *(() if later is None else (later,)))))


def is_running_as_started(host: HostReader) -> bool:
    """No daemon runs, or one with the options that its unit would start it with today."""
    later = next_options(host)
    return later is None or host.stat(PID_FILE) is None or later == options(host)


def title_words(text: str) -> Sequence[str]:
    """A listening sshd shows `sshd: /usr/sbin/sshd -D [listener] …` since 8.2, and its arguments before."""
    title = re.match(r"sshd: (.*?) \[listener\]", text)
    return title.group(1).split(" ") if title else text.split("\0")


def overriding(words: Iterable[str]) -> tuple[str, ...]:
    """The -o, -p and -f among a command's words, ready for `sshd -T`; a value with a blank may be two words."""
    found: list[list[str]] = []
    is_open = False
    for word in words:
        option = OVERRIDING.fullmatch(word)
        if option:
            found.append([f"-{option.group(1)}", option.group(2)])
        elif is_open and word and not word.startswith("-"):
            found[-1][1] = f"{found[-1][1]} {word}".strip()
        is_open = option is not None or (is_open and not word.startswith("-"))
    return tuple(part for option, value in found if value for part in (option, value))


def unread(host: HostReader) -> tuple[str, ...]:
    """The files and directories of the configuration that were changed after the running sshd had read them."""
    read = host.stat(PID_FILE)
    if read is None:
        return ()
    return tuple(path for path in sshd_files.sources(host) if _changed(host, path) > read.modified)


def _changed(host: HostReader, path: str) -> float:
    """A copy that keeps its old time (`cp -p`) still changes the file's status; a directory's time tells removals."""
    found = host.stat(path)
    if found is None:
        return 0.0
    # Our own file gets its last rights only after the daemon has taken it, so its status change says nothing.
    return (
        found.modified
        if path == sshd_files.OWN_FILE or found.kind == "directory"
        else max(found.modified, found.changed)
    )
