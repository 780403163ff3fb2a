# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The few lines of Python that run on the host under the release's own interpreter, as its unprivileged owner.

Each is passed with `python -I -c`; only AS_USER starts as root. Root never writes inside the owner's directories,
where a link could lead it astray, and never runs anything that the owner could have replaced. They must run on 3.8.
"""

from __future__ import annotations

VERSION = "import sys; print('%d.%d.%d' % sys.version_info[:3])"

# Arguments: a user, and what is run as this user, with the user's own groups and nobody else's.
AS_USER = """\
import os, pwd, sys
user = pwd.getpwnam(sys.argv[1])
os.initgroups(user.pw_name, user.pw_gid)
os.setgid(user.pw_gid)
os.setuid(user.pw_uid)
os.execvp(sys.argv[2], sys.argv[2:])
"""

# Arguments: modules to import. The last line of output is the version.
PROBE = """\
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print("%d.%d.%d" % sys.version_info[:3])
"""

# Arguments: the release's directory, its private directory inside. Input: the requirements, which may hold credentials.
PREPARE = """\
import os, sys
release, private = sys.argv[1:]
os.umask(0o022)
os.mkdir(release)
os.mkdir(private, 0o700)
handle = os.open(os.path.join(private, "requirements.txt"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
with os.fdopen(handle, "wb") as file:
    file.write(sys.stdin.buffer.read())
"""

# Arguments: the release's directory, its private directory. Input: the marker without its list of distributions.
# The marker is written last and all at once, so a release that has one is whole. The index takes wheels with machine
# code for Linux under manylinux and musllinux alone, for FreeBSD none: what else has machine code was compiled here.
FINISH = """\
import json, os, shutil, sys, sysconfig
from importlib.metadata import Distribution
release, private = sys.argv[1:]
marker = json.load(sys.stdin)
packages = sysconfig.get_path("purelib")
marker["packages"] = packages
marker["distributions"] = []
for entry in sorted(os.listdir(packages)):
    if entry.endswith((".dist-info", ".egg-info")):
        found = Distribution.at(os.path.join(packages, entry))
        wheel = found.read_text("WHEEL") or ""
        compiled = "Root-Is-Purelib: false" in wheel and "manylinux" not in wheel and "musllinux" not in wheel
        known = {"name": found.metadata["Name"], "version": found.version, "entry": entry, "compiled": compiled}
        marker["distributions"].append(known)
shutil.rmtree(private)
temporary = os.path.join(release, ".release.json")
with open(temporary, "w", encoding="utf-8") as file:
    json.dump(marker, file, indent=2, sort_keys=True)
    file.write("\\n")
    file.flush()
    os.fsync(file.fileno())
os.rename(temporary, os.path.join(release, "release.json"))
"""

# Arguments: the link, its new target, the marker of the release that it leaves (or empty). That marker's time tells
# which release was in use last; one that belongs to an earlier owner keeps its own.
SWITCH = """\
import contextlib, os, sys
link, target, left = sys.argv[1:]
if left:
    with contextlib.suppress(PermissionError):
        os.utime(left)
temporary = link + ".new"
if os.path.lexists(temporary):
    os.unlink(temporary)
os.symlink(target, temporary)
os.replace(temporary, link)
handle = os.open(os.path.dirname(link), os.O_RDONLY)
os.fsync(handle)
"""
