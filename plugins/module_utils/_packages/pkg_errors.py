# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why pkg does not do something: its own words, put so that one knows what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    CommandFailed,
    CommandTimedOut,
    Refused,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_errors import without_credentials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, PythonHostError
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult

# Sources in freebsd/pkg: pkg_repo_binary_update in libpkg/repo/binary/update.c, and the errors of libpkg/pkg_repo.c.
REPOSITORY = re.compile(r"Unable to update repository (?P<name>\S+)|[Rr]epository (?P<other>\S+) (?:missing|cannot be)")
SIGNATURE = re.compile(r"[Ii]nvalid signature|No trusted (?:public )?keys?|No signature found|fingerprint", re.I)
ANOTHER_SYSTEM = re.compile(r"wrong ABI|wrong OS version|Newer FreeBSD version", re.I)
NO_ROOM = re.compile(r"Not enough space|No space left", re.I)
# All that pkg tells of a full file system while it unpacks (create_regfile in libpkg/pkg_add.c): the error is
# libarchive's, and has no reason with it.
NOT_WRITTEN = re.compile(r"Fail to extract \S+ from package: Write error")
# libpkg/repo/binary/fetch.c; the last two: of a repository in a directory, of a file that is not the catalogue's.
GONE = re.compile(r"Not Found|checksum mismatch|size mismatch|missing from repo|failed checksum", re.I)
PREFIX = re.compile(r"^pkg: ", re.M)
MOST_WORDS = 2000


def own_words(*texts: str) -> str:
    """pkg's errors on one line, without its name before each and without credentials."""
    words = " ".join(PREFIX.sub("", "\n".join(texts)).split())
    return without_credentials(words)[-MOST_WORDS:] or "nothing"


def repository_message(error: CommandFailed) -> str:
    """What to say where the catalogue of a repository cannot be fetched."""
    said = f"{error.stdout}\n{error.stderr}"
    match = REPOSITORY.search(said)
    name = (match["name"] or match["other"]) if match else ""
    which = f"the repository {name} of this host" if name else "a package repository of this host"
    if SIGNATURE.search(said):
        cause = "is not signed as its configuration demands"
    elif ANOTHER_SYSTEM.search(said):
        cause = "is made for another version of FreeBSD"
    else:
        cause = "cannot be used"
    return (
        f"Nothing was changed: {which} {cause}. pkg says: {own_words(error.stderr or error.stdout)} (Check its entry "
        "in /usr/local/etc/pkg/repos or /etc/pkg, its fingerprints, and how the host reaches it; a repository that the "
        "host can do without is given `enabled: no` in /usr/local/etc/pkg/repos.)"
    )


def refusal(result: CommandResult) -> PythonHostError:
    """The error that explains a simulation that found no way."""
    words = own_words(result.stderr or result.stdout)
    return Refused(f"Nothing was changed: pkg finds no way to do what was asked. It says: {words}")


def was_killed(error: ActionFailed) -> bool:
    """True where pkg has come to no end of its own: by a signal, which a shell and timeout(1) count from 128."""
    cause = error.__cause__
    return isinstance(cause, CommandTimedOut) or (isinstance(cause, CommandFailed) and not 0 <= cause.rc < 128)


def killed(target: str, error: ActionFailed, *, came: Sequence[str]) -> str:
    """What to say of a transaction in which pkg was killed, and of which these packages are there.

    pkg takes a package for installed before it runs its last script (pkg_add_common in libpkg/pkg_add.c).
    """
    cause = error.__cause__
    how = f"pkg was killed (exit code {cause.rc})" if isinstance(cause, CommandFailed) else str(error)
    if not came:
        return f"{target} has failed: {how}. Nothing of it is there yet: run again."
    return (
        f"{target} has failed: {how}. {', '.join(came)} came before that, and pkg does not remember whether the last "
        f"one's own script (POST-INSTALL) has ended: `pkg install -f {' '.join(came)}` on the host runs it again. Then "
        "run again for what is left."
    )


def failure(target: str, error: ActionFailed) -> str:
    """What to say of a transaction that failed although it was foretold."""
    cause = error.__cause__
    text = f"{cause.stderr}" if isinstance(cause, CommandFailed) else str(error)
    if isinstance(cause, CommandFailed) and not text.strip():
        text = cause.stdout
    return f"{target} has failed. It says: {own_words(text)} ({_advice(text)})"


def _advice(text: str) -> str:
    if SIGNATURE.search(text):
        return "signatures are checked as the repository's configuration says; that is never turned off here"
    if NO_ROOM.search(text):
        return "free some room there, or make the file system larger, and run again"
    if NOT_WRITTEN.search(text):
        return "as a rule the file system there is full (`df` shows it): make room and run again"
    if GONE.search(text):
        return "what the catalogue names is gone: set cache_valid_time to 0 to fetch it anew"
    return (
        "pkg changes one package after the other, each of them wholly or not at all: once the cause is gone, run "
        "again, and what is left is done"
    )
