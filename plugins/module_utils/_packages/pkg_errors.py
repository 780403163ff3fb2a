# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why pkg does not do something: its own words, put so that one knows what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandFailed, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_errors import without_credentials

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, PythonHostError
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult

# Sources in freebsd/pkg: pkg_repo_binary_update in libpkg/repo/binary/update.c, and the errors of libpkg/pkg_repo.c.
REPOSITORY = re.compile(r"Unable to update repository (?P<name>\S+)|[Rr]epository (?P<other>\S+) (?:missing|cannot be)")
SIGNATURE = re.compile(r"[Ii]nvalid signature|No trusted (?:public )?keys?|No signature found|fingerprint", re.I)
ANOTHER_SYSTEM = re.compile(r"wrong ABI|wrong OS version|Newer FreeBSD version", re.I)
NO_ROOM = re.compile(r"Not enough space|No space left", re.I)
GONE = re.compile(r"Not Found|checksum mismatch|size mismatch", re.I)
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
    if GONE.search(text):
        return "what the catalogue names is gone: set cache_valid_time to 0 to fetch it anew"
    return (
        "pkg changes one package after the other, each of them wholly or not at all: once the cause is gone, run "
        "again, and what is left is done"
    )
