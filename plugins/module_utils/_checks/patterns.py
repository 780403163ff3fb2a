# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns as sshd_config(5) and authorized_keys have them: names with * and ?, lists of addresses with exceptions;
and those of package names.
"""

from __future__ import annotations

import re

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.addresses import is_inside


def is_like(subject: str, pattern: str) -> bool:
    """Only * and ? mean something else than themselves."""
    expression = "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in pattern)
    return re.fullmatch(expression, subject, re.DOTALL) is not None


def comes_from(address: str, sources: str) -> bool:
    """A list of addresses, networks and patterns; one with a ! that fits decides against.

    Host names fit nobody, because sshd asks for none (UseDNS no). An address that is not known fits every list.
    """
    if not address:
        return True
    fitting = [source for source in sources.split(",") if _fits(address, source.lstrip("!"))]
    return bool(fitting) and not any(source.startswith("!") for source in fitting)


def as_glob(pattern: str) -> str:
    """dnf and pkg take shell patterns where apt takes regular expressions; one list of them serves all."""
    return pattern.lstrip("^").rstrip("$").replace(".*", "*")


def _fits(address: str, source: str) -> bool:
    inside = is_inside(address, source)
    return is_like(address, source) if inside is None else inside
