# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that takes an unconfirmed change back. It lives on the host, alone: no Ansible, no collection.

It must work when the controller is gone, when the module was killed, and at the next boot, so it is one file for
Python 3.9 and newer, and all that it needs stands in `pending.json` beside it.
"""

from __future__ import annotations

DIRECTORY = "/var/lib/groundwork/python_host"
PATH = f"{DIRECTORY}/revert.py"
PENDING = f"{DIRECTORY}/pending.json"
LOCK = f"{DIRECTORY}/lock"
TIMER = "groundwork-revert-timeout"
UNIT = "groundwork-revert.service"
UNIT_PATH = f"/etc/systemd/system/{UNIT}"

PROGRAM = '''"""Takes back a change that nobody has confirmed. Written by groundwork.python_host.

confirm TOKEN   accept the change
timeout, now    take it back at once
boot            take it back before the daemons start
It prints what it did as JSON. Killed half-way it starts again from the beginning, which does no harm. The run that
makes the change holds the lock while it is at it, so that nothing is taken back that is then made after all.
"""
import base64
import fcntl
import hashlib
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PENDING = os.path.join(HERE, "pending.json")
LAST = os.path.join(HERE, "reverted.json")
TIMER = "groundwork-revert-timeout.timer"


def main(mode, token=""):
    with open(os.path.join(HERE, "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        pending = load()
        if pending is None:
            return report(3 if mode == "confirm" else 0, {"pending": False})
        if mode == "confirm":
            return confirm(pending, token)
        result = {"reverted": True, "mode": mode, "notes": restore(pending, mode)}
        write(LAST, json.dumps(result).encode(), 0o600, 0, 0)
        remove(PENDING)
        return report(0, result)


def confirm(pending, token):
    if token != pending["token"]:
        return report(4, {"confirmed": False, "why": "another change is waiting"})
    remove(PENDING)
    run(["systemctl", "stop", TIMER])
    return report(0, {"confirmed": True})


def load():
    try:
        with open(PENDING) as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def restore(pending, mode):
    notes = [note for entry in reversed(pending["files"]) for note in restore_file(entry)]
    for argv in reversed(pending["commands"]):
        # At boot the daemons have not started yet and will read the old files by themselves.
        if mode != "boot" or argv[0] != "systemctl":
            notes.extend(run(argv))
    return notes


def restore_file(entry):
    path, old = entry["path"], entry["old"]
    current = read(path)
    if digest(current) not in (entry["new"], entry["before"]):
        return [path + " was changed by someone else in the meantime and left as it is"]
    if old is None:
        remove(path)
    else:
        write(path, base64.b64decode(old), entry["mode"], entry["uid"], entry["gid"])
    return []


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def digest(content):
    return "absent" if content is None else hashlib.sha256(content).hexdigest()


def write(path, content, mode, uid, gid):
    handle, temporary = tempfile.mkstemp(prefix=".groundwork-", dir=os.path.dirname(path))
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        os.fchown(file.fileno(), uid, gid)
        os.fchmod(file.fileno(), mode)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    sync(path)


def remove(path):
    if os.path.lexists(path):
        os.unlink(path)
        sync(path)


def sync(path):
    handle = os.open(os.path.dirname(path), os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def run(argv):
    environment = dict(os.environ, LC_ALL="C", PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
    try:
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env=environment
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return ["%s: %s" % (" ".join(argv), error)]
    return ["%s: %s" % (" ".join(argv), done.stderr.strip())] if done.returncode else []


def report(code, result):
    print(json.dumps(result))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
'''

# Before everything that reads what it may restore. Enabled, so that it also runs after a power cut.
UNIT_TEXT = """# Written by groundwork.python_host.
[Unit]
Description=Take back a change of groundwork.python_host that nobody has confirmed
ConditionPathExists={pending}
DefaultDependencies=no
After=local-fs.target
Before=ufw.service nftables.service ssh.service ssh.socket sshd.service basic.target

[Service]
Type=oneshot
ExecStart={python} -I {program} boot

[Install]
WantedBy=sysinit.target
"""
