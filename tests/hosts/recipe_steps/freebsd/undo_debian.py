"""Takes Debian's folders out of a copy of its Python, and lets that copy say that it runs on FreeBSD.

Upstream's `sysconfig.py` knows one scheme for a prefix. The folders of packages are `sitecustomize.py`'s matter, as the
module `site` is frozen into the program.
"""

from __future__ import annotations

import py_compile
import re
import shutil
import sys
from pathlib import Path


def undo(prefix: Path) -> None:
    (library,) = prefix.glob("lib/python3.*")
    _replace(library / "sysconfig.py", r"prefix_scheme = '(deb_system|posix_local)'", "prefix_scheme = 'posix_prefix'")
    _replace(library / "sysconfig.py", r"'posix_local', 'deb_system'", "'posix_prefix'")
    data = library / "_sysconfigdata__x86_64-linux-gnu.py"
    _replace(data, r"/usr/(?!bin/install|local)", "/usr/local/")
    _replace(data, r"'/usr'", "'/usr/local'")
    _replace(data, r"x86_64-linux-gnu-gcc", "cc")
    shutil.copy(data, library / "_sysconfigdata__.py")
    custom = library / "sitecustomize.py"
    custom.unlink()
    shutil.copy(Path(__file__).with_name("sitecustomize.py"), custom)
    for path in (library / "sysconfig.py", data, library / "_sysconfigdata__.py", custom):
        # What is compiled from Debian's text would be compiled again by whoever runs it first on the host.
        py_compile.compile(str(path), doraise=True, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)


def _replace(path: Path, pattern: str, by: str) -> None:
    path.write_text(re.sub(pattern, by, path.read_text()))


if __name__ == "__main__":
    undo(Path(sys.argv[1]))
