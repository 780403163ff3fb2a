"""What the hard cases of package tools need of each family: packages that can be made to wait, and the tool's words.

Packages, in a repository of their own that the host serves to itself over HTTP:

- `gwplain` is small;
- `gwslow` has scripts that wait before it is unpacked, after that, and before it is removed, each while the file
  `/run/gw-wait-WHEN` is there; the one that waits writes its process id to `/run/gw-waiting`;
- `gwbig` puts 30 MiB into `/opt/gwbig`;
- `gwunsigned` lies in a repository that nobody has signed (or is itself not signed).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

UNPACKING, CONFIGURING, REMOVING = "unpacking", "configuring", "removing"
WAIT = """
if test -e /run/gw-wait-{when}; then
    echo $$ > /run/gw-waiting
    turns=0
    while test -e /run/gw-wait-{when} && test $turns -lt 300; do sleep 0.2; turns=$((turns + 1)); done
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
class Family:
    """One package tool. The scripts are for a shell on the host.

    `holder` is the process that is named while the tool is at work. `killed` are the names of the tool's processes.
    `archives` is where it fetches packages to. `hide` takes a package's file out of the repository, and leaves its
    index; `reveal` brings it back. `add_unsigned` makes `gwunsigned` known. `repairs` are the changes that
    may be reported for what a killed tool has left; `mended` is what the next call says of `gwslow`, by where it was
    killed, and nothing where nothing was left. `full_words` are those of a disk that has no room for what is unpacked.
    """

    image: str
    publish: str
    tool: str
    holder: str
    killed: tuple[str, ...]
    archives: str
    hide: str
    reveal: str
    add_unsigned: str
    remove_unsigned: str
    unsigned_words: tuple[str, ...]
    gone_words: tuple[str, ...]
    repairs: tuple[str, ...]
    version: str
    mended: Mapping[str, str]
    full_words: str
    by_hand: ByHand | None = None
