# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of an authorized_keys file, with the options before a key (sshd(8), AUTHORIZED_KEYS FILE FORMAT)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.public_keys import (
    KEY_TYPES,
    PublicKey,
    parse_public_key,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.patterns import comes_from

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context

# An option's value may hold spaces, commas and quotes behind a backslash.
OPTION = re.compile(r'([A-Za-z0-9-]+)(?:="((?:\\"|[^"])*)")?(,|\s+)')


@dataclass(frozen=True)
class KeyLine:
    """A key and the options before it, their names in small letters."""

    key: PublicKey
    options: tuple[tuple[str, str], ...] = ()

    def restriction(self, context: Context) -> str:
        """The option that keeps this run's login out with this key, or from its own commands; empty if none does.

        `restrict` and the like take away what no run needs: terminals and forwarding.
        """
        forced = [f'command="{value}"' for name, value in self.options if name == "command"]
        return self.refusal(context) or "".join(forced[:1])

    def refusal(self, context: Context) -> str:
        """The option for which sshd passes over this line and tries the next one; empty if it takes it."""
        for name, value in self.options:
            if name == "from" and not comes_from(context.login.address, value):
                return f'from="{value}"'
            if name == "expiry-time" and value[:8] <= context.today.strftime("%Y%m%d"):
                return f'expiry-time="{value}"'
        return ""


def key_lines(authorized_keys: str) -> tuple[KeyLine, ...]:
    """The lines with a key to log in with; one for a certificate authority is none, and sshd passes over the rest."""
    found = [_key_line(line.strip()) for line in authorized_keys.splitlines()]
    return tuple(line for line in found if line and "cert-authority" not in dict(line.options))


def _key_line(line: str) -> KeyLine | None:
    options = []
    while line and line.split(None, 1)[0] not in KEY_TYPES:
        option = OPTION.match(line)
        if option is None:
            return None
        options.append((option.group(1).lower(), (option.group(2) or "").replace('\\"', '"')))
        line = line[option.end() :]
    try:
        return KeyLine(parse_public_key(line), tuple(options))
    except ValueError:
        return None


def keys_that_let_in(authorized_keys: str, context: Context) -> tuple[PublicKey, ...]:
    """The keys whose first line that sshd takes lets this run's login in."""
    decisive: dict[PublicKey, KeyLine] = {}
    for line in key_lines(authorized_keys):
        if not line.refusal(context):
            decisive.setdefault(line.key, line)
    return tuple(key for key, line in decisive.items() if not line.restriction(context))
