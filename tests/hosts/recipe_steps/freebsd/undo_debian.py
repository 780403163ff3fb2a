"""Takes Debian's folders out of a copy of its Python, and lets that copy say that it runs on FreeBSD.

Upstream's `sysconfig.py` knows one scheme for a prefix. The folders of packages are `sitecustomize.py`'s matter, as the
module `site` is frozen into the program.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path


def undo(prefix: Path) -> None:
    library = prefix / "lib/python3.11"
    _replace(library / "sysconfig.py", r"prefix_scheme = '(deb_system|posix_local)'", "prefix_scheme = 'posix_prefix'")
    _replace(library / "sysconfig.py", r"'posix_local', 'deb_system'", "'posix_prefix'")
    data = library / "_sysconfigdata__x86_64-linux-gnu.py"
    _replace(data, r"/usr/(?!bin/install|local)", "/usr/local/")
    _replace(data, r"'/usr'", "'/usr/local'")
    _replace(data, r"x86_64-linux-gnu-gcc", "cc")
    shutil.copy(data, library / "_sysconfigdata__.py")
    (library / "sitecustomize.py").unlink()
    shutil.copy(Path(__file__).with_name("sitecustomize.py"), library / "sitecustomize.py")


def _replace(path: Path, pattern: str, by: str) -> None:
    path.write_text(re.sub(pattern, by, path.read_text()))


if __name__ == "__main__":
    undo(Path(sys.argv[1]))
