"""Runs on a disposable host and prints, as JSON, everything that decides who gets in.

With `watch` it prints a line with the time and that state's digest whenever it has changed, until it is ended.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time

ROOTS = (
    *("/etc/ssh", "/etc/sudoers", "/etc/sudoers.d", "/etc/ufw", "/etc/default/ufw", "/etc/firewalld", "/home"),
    *("/usr/local/etc/sudoers", "/usr/local/etc/sudoers.d", "/etc/pf.conf"),
)
ACCOUNTS = (
    *("/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/subuid", "/etc/subgid"),
    "/etc/master.passwd",
)
# Each host's own, and what a login leaves behind.
LEFT_OUT = ("/etc/ssh/ssh_host_", "/etc/ssh/moduli")
# Its own package brings its directories, which the test hosts' package leaves out where they are empty.
FIREWALLD = "/etc/firewalld/"
DECIDING = ("sshd_", "pf_", "firewall_")
PASSING = (".bash_history", ".cache", ".ansible")


def state() -> dict[str, str]:
    return {**files(), **in_force()}


def files() -> dict[str, str]:
    while True:
        try:
            return files_now()
        except FileNotFoundError:  # replaced at this very moment
            continue


def files_now() -> dict[str, str]:
    found = {path: described(path) for path in (*ROOTS, *ACCOUNTS) if os.path.lexists(path)}
    for root in ROOTS:
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if name not in PASSING]
            for path in (os.path.join(folder, name) for name in (*folders, *names) if name not in PASSING):
                if not (path.startswith(LEFT_OUT) or (path.startswith(FIREWALLD) and os.path.isdir(path))):
                    found[path] = described(path)
    return found


def described(path: str) -> str:
    """Mode, owner, group and the content's digest; times are not part of it."""
    entry = os.lstat(path)
    if os.path.islink(path):
        content = os.readlink(path)
    elif os.path.isdir(path):
        content = "directory"
    else:
        with open(path, "rb") as stream:
            text = stream.read()
        content = hashlib.sha256(undated(text) if path == "/etc/shadow" else text).hexdigest()[:16]
    return f"{entry.st_mode & 0o7777:04o} {entry.st_uid}:{entry.st_gid} {content}"


def undated(shadow: bytes) -> bytes:
    """A password of today, or of a day that ended meanwhile, is the same password; 0 and old days stay (shadow(5))."""
    today = int(time.time()) // 86400
    return re.sub(rb"(?m)^([^:]*:[^:]*:)(?:%d|%d)(?=:)" % (today, today - 1), rb"\1now", shadow)


def in_force() -> dict[str, str]:
    """What the files have come to: sshd's sockets, and what the kernel does with a packet that no rule names."""
    policies = [line for line in output("iptables", "-S", "INPUT").splitlines() if line.startswith("-P")]
    # With socket activation systemd listens for it.
    listeners = [line for line in output("ss", "-Hltnp").splitlines() if '"sshd"' in line or '"systemd",pid=1,' in line]
    ports = {line.split()[3] for line in listeners}
    found = {"sshd listens on": " ".join(sorted(ports)), "the firewall's policy": " ".join(policies)}
    if shutil.which("firewall-cmd"):
        found["firewalld is"] = output("systemctl", "is-active", "firewalld").strip()
    if shutil.which("pfctl"):
        found["pf's rules"] = output("pfctl", "-sr")
        # What else rc.conf switches on lets nobody in or out, and stays.
        with open("/etc/rc.conf") as stream:
            found["rc.conf on access"] = "".join(sorted(line for line in stream if line.startswith(DECIDING)))
        sockets = output("sockstat", "-46lq", "-P", "tcp").splitlines()
        found["sshd listens on"] = " ".join(sorted({line.split()[5] for line in sockets if line.split()[1] == "sshd"}))
    return found


def output(*argv: str) -> str:
    """What a program prints; nothing where there is none."""
    if shutil.which(argv[0]) is None:
        return ""
    return subprocess.run(argv, capture_output=True, check=False, text=True).stdout


def watch() -> None:
    last = ""
    while True:
        digest = hashlib.sha256(json.dumps(files(), sort_keys=True).encode()).hexdigest()
        if digest != last:
            print(f"{time.time():.2f} {digest}", flush=True)
            last = digest
        time.sleep(0.25)


if __name__ == "__main__":
    if sys.argv[1:] == ["watch"]:
        watch()
    else:
        print(json.dumps(state()))
