"""`pkg -vv`: versions, the whole configuration, the repositories. Form: freebsd/pkg:src/main.c (show_version_info)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import repositories
from .defaults import VERSION

if TYPE_CHECKING:
    from .settings import Settings

# The libraries' versions are those of the output in FreeBSDFoundation/pkgbasify#31, on both releases.
_VERSIONS = {
    "Version": VERSION,
    "libpkg": VERSION,
    "libcurl": "libcurl/8.12.1 OpenSSL/3.0.16 zlib/1.3.1",
    "libarchive": "libarchive 3.8.1",
    "sqlite": "3.49.0",
    "openssl": "OpenSSL 3.0.16 11 Feb 2025",
}


def text(settings: Settings) -> str:
    versions = "".join(f"{name:24}: {version}\n" for name, version in _VERSIONS.items())
    blocks = "".join(repositories.printed(each, indent="  ") for each in settings.repositories())
    return f"{versions}{settings.printed()}\n\nRepositories:\n{blocks}"
