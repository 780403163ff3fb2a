# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why dnf does not make a transaction: its own words, put so that one knows what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandFailed, HostError, Refused

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._errors import ActionFailed, PythonHostError
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult

NO_MATCH = re.compile(
    r"^(?:No match for argument"
    r"|All matches were filtered out by (?P<filter>exclude|modular) filtering for argument): (?P<name>.+)$",
    re.M,
)
NOT_FOUND = re.compile(r"^Error: Unable to find a match:?(?P<names>.*)$", re.M)
REPOSITORY = re.compile(
    r"Failed to (?:download metadata|retrieve GPG key) for repo '(?P<id>[^']+)'"
    r"|^Problem repository: \[(?P<dumped>[^\]]+)\]"
    r"|^Error: Cannot find a valid baseurl for repo: (?P<nowhere>\S+)",
    re.M,
)
NO_KEY = "You have enabled checking of packages via GPG keys"
# dnf says this of a repository that it then goes on without; see IGNORED in dnf_words.
MISSED = re.compile(r"^(?:Errors during downloading metadata for repository|  - |Error: Failed to )")
NOTHING_PROVIDES = re.compile(r"nothing provides \S+")
UNTRUSTED = re.compile(
    r"^Package (?P<name>\S+) is not signed|^Error: GPG check FAILED|signature verification error", re.M
)
GONE = re.compile(r"Error downloading packages|incorrect checksum|Status code: 404|No more mirrors to try", re.I)
NO_ROOM = re.compile(r"more space needed on the \S+ filesystem|No space left|not enough space", re.I)
CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
MOST_WORDS = 2000


@dataclass(frozen=True)
class Unmatched:
    """A name for which dnf finds nothing; `filter` is exclude or modular where it finds it and must not take it."""

    name: str
    filter: str = ""


def unmatched(result: CommandResult) -> tuple[Unmatched, ...]:
    """The names that dnf cannot install, in its order; empty where its error is another one."""
    error = NOT_FOUND.search(result.stderr)
    if error is None:
        return ()
    # A line for each stands among dnf's progress, or with its errors; where it is silent the error itself has them.
    lines = NO_MATCH.finditer(f"{result.stdout}\n{result.stderr}")
    found = {match["name"].strip(): match["filter"] or "" for match in lines}
    names = found or dict.fromkeys(error["names"].split(), "")
    return tuple(Unmatched(name, reason) for name, reason in names.items())


def lacks_a_provider(result: CommandResult) -> bool:
    """True where a package needs what no enabled repository has."""
    return bool(NOTHING_PROVIDES.search(result.stderr))


def has_error(stderr: str, *, ignored: bool) -> bool:
    """True where dnf says that something is wrong, with a repository that it can do without or otherwise."""
    lines = stderr.splitlines()
    return any(line.startswith("Error:") and not (ignored and MISSED.match(line)) for line in lines)


def refusal(result: CommandResult, *, held: bool = False) -> PythonHostError:
    """The error that explains a simulation that failed for another reason than unknown names."""
    repository = REPOSITORY.search(result.stderr)
    if repository:
        return HostError(_repository_message(repository, result.stderr))
    hint = ""
    if held and "exclude filtering" in result.stderr:
        hint = " (A package that is held cannot change: name it under `unhold` if it shall.)"
    return Refused(f"Nothing was changed: dnf finds no way to do what was asked. It says: {own_words(result)}{hint}")


def failure(target: str, error: ActionFailed) -> str:
    """What to say of a transaction that failed although it was foretold."""
    cause = error.__cause__
    text = f"{cause.stderr}\n{_of_mirrors(cause.stdout)}" if isinstance(cause, CommandFailed) else str(error)
    words = without_credentials(" ".join(text.split()))[-MOST_WORDS:]
    return f"{target} has failed. It says: {words} ({_advice(text)})"


def own_words(result: CommandResult) -> str:
    """dnf's errors in its own words, on one line, without credentials and without its dump of a repository."""
    text = result.stderr.partition("Problem repository:")[0]
    start = text.find("Error:")
    words = " ".join(text[max(start, 0) :].replace("Error:", " ").split())
    return without_credentials(words)[:MOST_WORDS] or " ".join(result.stdout.split())[-MOST_WORDS:] or "nothing"


def without_credentials(text: str) -> str:
    """The text with user and password of each address left out."""
    return CREDENTIALS.sub("", text)


def _repository_message(match: re.Match[str], stderr: str) -> str:
    name = match["id"] or match["dumped"] or match["nowhere"]
    details = [line.strip(" -") for line in stderr.splitlines() if line.startswith("  - ")]
    errors = [line.partition(": ")[2] for line in stderr.splitlines() if line.startswith("Error: ")]
    if NO_KEY in stderr:
        said = "its packages shall be checked by signatures (gpgcheck), and it names no key to check them by (gpgkey)"
    else:
        said = without_credentials("; ".join(dict.fromkeys([*details, *errors])))
    return (
        f"Nothing was changed: the repository {name} of this host cannot be used. dnf says: {said} (Check its entry in "
        f"/etc/yum.repos.d, its key, and how the host reaches it; a repository that the host can do without is "
        f"disabled by `dnf config-manager --set-disabled {name}`, or given skip_if_unavailable=1.)"
    )


def _of_mirrors(stdout: str) -> str:
    """What could not be fetched from where: dnf says so among its progress."""
    lines = (line.partition("] ")[2] for line in stdout.splitlines() if line.startswith("[MIRROR] "))
    return "; ".join(dict.fromkeys(lines))


def _advice(stderr: str) -> str:
    if UNTRUSTED.search(stderr):
        return (
            "Nothing was installed: signatures are checked as the repository's gpgcheck says. Import the key that the "
            "package is signed by, or have the repository's owner sign it"
        )
    if NO_ROOM.search(stderr):
        return "Nothing was installed: free some room there, or make the file system larger, and run again"
    if GONE.search(stderr):
        return "Nothing was installed: what the metadata names is gone. Set cache_valid_time to 0 to fetch it anew"
    return "Once the cause is gone, run again: what was left half-way is then finished first"
