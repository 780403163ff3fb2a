# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the packages of FreeBSD are called: by name, or by the origin of their port."""

from __future__ import annotations

import re

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import Spelling

SPELLING = Spelling(
    tool="pkg",
    # A wildcard and a group (@core) are none. A port's flavour is not part of its origin.
    name=re.compile(r"(?:[a-z0-9][a-z0-9-]*/)?[A-Za-z0-9_](?:[A-Za-z0-9_.+-]*[A-Za-z0-9_+])?"),
    name_words=(
        "that is letters, digits, '_', '+', '.' and '-', a letter or digit first and last, or the origin of a port "
        "without its flavour (security/py-fail2ban); groups and wildcards are not taken"
    ),
    # The version, its revision behind `_`, its epoch behind `,` (pkg-version(8)).
    version=re.compile(r"[A-Za-z0-9.+~]+(_[0-9]+)?(,[0-9]+)?"),
    version_words="write VERSION[_REVISION][,EPOCH] as `pkg rquery %v {name}` prints it",
    file_suffix=".pkg",
    has_origins=True,
)
# What the base system's packages begin with where it comes as packages (FreeBSD 15 and newer).
BASE = "FreeBSD-"
# pkg itself, under either of its names.
ITSELF = ("pkg", "pkg-devel")


def is_origin(name: str) -> bool:
    """True for the origin of a port, `security/py-fail2ban`, as opposed to a name and to the path of a file."""
    return "/" in name and not name.startswith("/")


def is_base(name: str) -> bool:
    """True for a package of the base system."""
    return name.startswith(BASE)
