# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it takes to build Python packages from source, by the library that they bind; a row per library.

FreeBSD's packages bring their headers along. Sources: devel/libffi, textproc/libxml2, textproc/libxslt,
graphics/jpeg-turbo, graphics/png, lang/rust and databases/{mysql84,postgresql17}-client of freebsd/freebsd-ports.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

NATIVE_LIBRARIES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "cffi": {"debian": ("libffi-dev",), "redhat": ("libffi-devel",), "freebsd": ("libffi",)},
    # FreeBSD's base system has OpenSSL and its headers (secure/lib/libcrypto of freebsd/freebsd-src).
    "cryptography": {
        "debian": ("libffi-dev", "libssl-dev"),
        "redhat": ("libffi-devel", "openssl-devel"),
        "freebsd": ("libffi",),
    },
    "lxml": {
        "debian": ("libxml2-dev", "libxslt1-dev"),
        "redhat": ("libxml2-devel", "libxslt-devel"),
        "freebsd": ("libxml2", "libxslt"),
    },
    "mysql": {
        "debian": ("default-libmysqlclient-dev",),
        "redhat": ("mariadb-connector-c-devel",),
        "freebsd": ("mysql84-client",),
    },
    "pillow": {
        "debian": ("libjpeg-dev", "zlib1g-dev"),
        "redhat": ("libjpeg-turbo-devel", "zlib-devel"),
        "redhat-10": ("libjpeg-turbo-devel", "zlib-ng-compat-devel"),
        "freebsd": ("jpeg-turbo", "png"),
    },
    "postgresql": {"debian": ("libpq-dev",), "redhat": ("libpq-devel",), "freebsd": ("postgresql17-client",)},
    # A library of its own, because it is big and only packages with Rust code and no wheel for the host need it.
    "rust": {"debian": ("rustc", "cargo"), "redhat": ("rust", "cargo"), "freebsd": ("rust",)},
}


# FreeBSD's packages of the several versions of a library exclude one another, and any of them will do.
INSTEAD: Mapping[str, tuple[str, ...]] = {
    "postgresql17-client": tuple(f"postgresql{major}-client" for major in (18, 16, 15, 14)),
    "mysql84-client": (
        *(f"mysql{version}-client" for version in (96, 94, 91, 80)),
        *(f"mariadb{version}-client" for version in (118, 114, 1011, 106)),
    ),
}


def problems(names: Sequence[str]) -> list[str]:
    """One sentence for each name that the table does not have."""
    return [_unknown(name) for name in names if name not in NATIVE_LIBRARIES]


def packages(names: Iterable[str], platform: Platform) -> tuple[str, ...]:
    """The packages that bring the libraries' headers on this platform, each once."""
    wanted = (package for name in names for package in lookup(NATIVE_LIBRARIES[name], platform))
    return tuple(dict.fromkeys(wanted))


def _unknown(name: str) -> str:
    near = get_close_matches(name, NATIVE_LIBRARIES, n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(NATIVE_LIBRARIES)}"
    return f"native_libraries: {name!r} is not known: {hint}"
