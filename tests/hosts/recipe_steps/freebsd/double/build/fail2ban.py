"""Debian's fail2ban as the port security/py-fail2ban lays it out: below /usr/local, with FreeBSD's paths and filters
for sshd.

The port's own files: freebsd/freebsd-ports:security/py-fail2ban/files. Nothing is enabled (os_facts 6).
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from ..places import HIDDEN, PAYLOAD, release

_OWN = Path("/recipe/freebsd/packages/py-fail2ban")
_PYTHON = f"python{release().python}"
_SITE = f"usr/local/lib/{_PYTHON}/site-packages"
_MOVED = {
    "/etc/fail2ban": "/usr/local/etc/fail2ban",
    "/var/lib/fail2ban": "/var/db/fail2ban",
    "paths-debian.conf": "paths-freebsd.conf",
    "#!/usr/bin/python3": f"#!/usr/local/bin/{_PYTHON}",
    "%%PYTHON_CMD%%": f"/usr/local/bin/{_PYTHON}",
}


def main() -> None:
    unpacked, target = Path("/tmp/fail2ban"), PAYLOAD / f"py{release().digits}-fail2ban"
    archive = next(Path("/workshop").glob("fail2ban_*.deb"))
    subprocess.run([HIDDEN / "dpkg-deb", "-x", archive, unpacked], check=True)
    packages = unpacked / "usr/lib/python3/dist-packages"
    shutil.rmtree(packages / "fail2ban/tests")
    for source, place in ((packages, _SITE), (unpacked / "etc/fail2ban", "usr/local/etc/fail2ban")):
        shutil.copytree(source, target / place, dirs_exist_ok=True)
    (target / "usr/local/bin").mkdir(parents=True)
    for name in ("fail2ban-client", "fail2ban-regex", "fail2ban-server"):
        shutil.copy(unpacked / "usr/bin" / name, target / "usr/local/bin" / name)
    (target / "usr/local/bin/fail2ban-python").symlink_to(_PYTHON)
    (target / "usr/local/etc/fail2ban/jail.d/defaults-debian.conf").unlink()
    shutil.copytree(_OWN, target, dirs_exist_ok=True)
    _rewrite(target)
    shutil.rmtree(unpacked)


def _rewrite(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.suffix in {".py", ".conf", ""}:
            text = path.read_text(errors="surrogateescape")
            new = text
            for old, by in _MOVED.items():
                if old not in by or by not in new:
                    new = new.replace(old, by)
            if new != text:
                path.write_text(new, errors="surrogateescape")
