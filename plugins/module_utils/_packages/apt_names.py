# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the packages of the Debian family are called."""

from __future__ import annotations

import re

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import Spelling

SPELLING = Spelling(
    tool="apt",
    # Debian Policy 5.6.7, and the architecture that dpkg puts behind a colon. A hyphen at the end means "remove".
    name=re.compile(r"[a-z0-9][a-z0-9+.-]*[a-z0-9+.](:[a-z0-9-]+)?"),
    name_words=(
        "that is two or more lower-case letters, digits, '+', '.' and '-', a letter or digit first and no '-' at the "
        "end (an architecture may follow a colon)"
    ),
    # Debian Policy 5.6.12: an epoch, the upstream version, and the revision; not every package keeps to the first
    # digit. One with a hyphen at its end cannot be told from a removal.
    version=re.compile(r"(\d+:)?[A-Za-z0-9]([A-Za-z0-9.+~:-]*[A-Za-z0-9.+~])?"),
    version_words="give it as `apt-cache policy {name}` prints it",
    file_suffix=".deb",
)
