"""certctl(8): `rehash` joins the trusted certificates into /etc/ssl/cert.pem, where OpenSSL looks on FreeBSD."""

from __future__ import annotations

import sys
from pathlib import Path

_SOURCES = (Path("/usr/share/certs/trusted"), Path("/usr/local/share/certs"))


def main(arguments: list[str]) -> int:
    words = [word for word in arguments if not word.startswith("-")]
    if words[:1] != ["rehash"]:
        print("usage: certctl [-lv] [-D <destdir>] rehash", file=sys.stderr)
        return 1
    parts = [path.read_text() for folder in _SOURCES for path in sorted(folder.glob("*")) if path.is_file()]
    bundle = Path("/etc/ssl/cert.pem")
    bundle.unlink(missing_ok=True)
    bundle.write_text("".join(parts))
    return 0
