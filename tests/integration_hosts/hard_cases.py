"""What the hard cases of package tools need of each family: packages that can be made to wait, and the tool's words.

Packages, in a repository of their own that the host serves to itself, over HTTP or from a folder:

- `gwplain` is small;
- `gwslow` has scripts that wait before it is unpacked, after that, and before it is removed, each while the file
  `/var/run/gw-wait-WHEN` is there; the one that waits writes its process id to `/var/run/gw-waiting`;
- `gwbig` puts 30 MiB into `/opt/gwbig`;
- `gwunsigned` lies in a repository that nobody has signed (or is itself not signed), where signatures are checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

UNPACKING, CONFIGURING, REMOVING = "unpacking", "configuring", "removing"
WAIT = """
if test -e /var/run/gw-wait-{when}; then
    echo $$ > /var/run/gw-waiting
    turns=0
    while test -e /var/run/gw-wait-{when} && test $turns -lt 300; do sleep 0.2; turns=$((turns + 1)); done
fi
"""
SERVE = """
systemd-run --quiet --unit gw-archive --working-directory {folder} python3 -m http.server --bind 127.0.0.1 8123
"""


@dataclass(frozen=True)
class ByHand:
    """A state that no package tool mends: what leads there after `gwslow` was killed, the words that the message must
    have, and the command of a person that it names."""

    spoil: str
    words: tuple[str, ...]
    command: str
    restore: str


@dataclass(frozen=True)
class Forgotten:
    """What a killed tool leaves and does not remember: at which script of `gwslow`, what the message of that very call
    must say, and the command of a person that makes up for it."""

    when: str
    words: tuple[str, ...]
    command: str


@dataclass(frozen=True)
class Unsigned:
    """What makes `gwunsigned` known, what takes it away again, and the words of the message."""

    add: str
    remove: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Family:
    """One package tool. The scripts are for a shell on the host.

    `holders` is how the one is told that is at work in a script of `gwslow`. `killed` are the names of the tool's
    processes. `present` is installed from the start. `archives` is where packages are fetched to; `fetched` is too big
    for a small disk there, with `room_wanted` as the message has it. `hide` takes a package's file out of the
    repository, and leaves its index; `reveal` brings it back. `repairs` are the changes that may be reported for what a
    killed tool has left; `mended` is what the next call says of `gwslow`, by where it was killed, and nothing where
    nothing was left. `full_words` are those of a disk that has no room for what is unpacked.
    """

    image: str
    publish: str
    install: str
    holders: Mapping[str, str]
    killed: tuple[str, ...]
    archives: str
    hide: str
    reveal: str
    gone_words: tuple[str, ...]
    repairs: tuple[str, ...]
    version: str
    mended: Mapping[str, str]
    full_words: str
    shell: str = "bash"
    present: str = "openssh-server"
    fetched: str = "gwbig"
    room_wanted: str = "needs 30."
    unsigned: Unsigned | None = None
    by_hand: ByHand | None = None
    forgotten: Forgotten | None = None

    @property
    def remembers(self) -> tuple[str, ...]:
        """The scripts of an installation in which a kill is not forgotten."""
        return tuple(when for when in (UNPACKING, CONFIGURING) if not self.forgotten or self.forgotten.when != when)
