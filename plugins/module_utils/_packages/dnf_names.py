# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the packages of Enterprise Linux are called."""

from __future__ import annotations

import re

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import Spelling

SPELLING = Spelling(
    tool="dnf",
    # A wildcard, a group (@core) or a capability is none.
    name=re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.+-]*[A-Za-z0-9_+])?"),
    name_words=(
        "that is letters, digits, '_', '+', '.' and '-', a letter or digit first and last (groups, module "
        "streams and wildcards are not taken)"
    ),
    version=re.compile(r"(\d+:)?[A-Za-z0-9._+~^]+(-[A-Za-z0-9._+~^]+)?"),
    version_words="write [EPOCH:]VERSION-RELEASE, or VERSION alone",
    file_suffix=".rpm",
)
