# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The repositories that pkg(8) takes packages from, as pkg itself has merged them from its files.

Sources in freebsd/pkg: src/main.c for what `pkg -vv` shows, print_repository in src/utils.c for the form of each block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# Beside its keys for packages FreeBSD has some for the packages of its base system (`pkgbase-15`):
# freebsd/freebsd-src, usr.sbin/pkg/FreeBSD.conf.quarterly-release and share/keys.
OWN_KEYS = re.compile(r"/usr/share/keys/pkg(?:base-\d+)?/?")
BASE = "FreeBSD-base"


@dataclass(frozen=True)
class Repository:
    """One repository. `signature` is `FINGERPRINTS`, `PUBKEY` or `NONE`, `fingerprints` the directory of the keys."""

    name: str
    url: str
    is_enabled: bool
    signature: str = "NONE"
    fingerprints: str = ""

    @property
    def is_own(self) -> bool:
        """Only what FreeBSD has signed is taken from it, from whatever mirror."""
        return self.signature == "FINGERPRINTS" and OWN_KEYS.fullmatch(self.fingerprints) is not None

    @property
    def is_unchecked(self) -> bool:
        """What comes over a network is installed without a look at who has made it."""
        return self.signature == "NONE" and not self.url.startswith("file:")


def is_base_packaged(host: HostReader) -> bool:
    """The base system consists of packages, as freebsd-update itself finds out (freebsd-update.sh, check_pkgbase)."""
    return host.query(("pkg", "which", "-q", "/usr/bin/uname"), ok=(0, 1)).rc == 0


def repositories(host: HostReader) -> tuple[Repository, ...]:
    """All that pkg knows, the switched off ones among them."""
    return parse(host.query(("pkg", "-vv")).stdout)


def parse(text: str) -> tuple[Repository, ...]:
    """The blocks `  NAME: {` … `  }` behind `Repositories:`, with lines `    url : "…",`."""
    _before, _heading, text = text.partition("\nRepositories:")
    found = []
    for name, block in re.findall(r"^  (\S+): \{\s*\n(.*?)^  \}", text, re.MULTILINE | re.DOTALL):
        values = dict(re.findall(r'^\s+(\w+)\s*:\s*"?(.*?)"?,?\s*$', block, re.MULTILINE))
        is_enabled = values.get("enabled", "") == "yes"
        signature = values.get("signature_type", "NONE")
        found.append(Repository(name, values.get("url", ""), is_enabled, signature, values.get("fingerprints", "")))
    return tuple(found)
