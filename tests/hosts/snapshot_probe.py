"""Runs on a disposable host, with nothing but the standard library, and prints its state as JSON."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess

ROOTS = ("/etc", "/usr", "/var/lib/dpkg", "/var/lib/apt", "/var/db/pkg", "/home", "/root")
# What the double of FreeBSD is made of, and remembers.
LEFT_OUT = ("/usr/libexec/freebsd-double",)
ACCOUNT_DATABASES = ("passwd", "group", "shadow", "gshadow", "master.passwd")
UNIT_TYPES = "service,socket,timer"
# They come and go with every login, or by the clock.
PASSING_UNITS = ("user@", "user-runtime-dir@", "session-", "systemd-tmpfiles-clean")


def paths() -> dict[str, str]:
    """Times are left out on purpose: a file that is written again with the same content has not changed."""
    found = {}
    for root in filter(os.path.isdir, ROOTS):
        found[root] = describe(root)
        for folder, folders, files in os.walk(root):
            folders[:] = [name for name in folders if os.path.join(folder, name) not in LEFT_OUT]
            for name in (*folders, *files):
                path = os.path.join(folder, name)
                found[path] = describe(path)
    return found


def describe(path: str) -> str:
    entry = os.lstat(path)
    return f"{stat.filemode(entry.st_mode)} {entry.st_uid}:{entry.st_gid} {content(path, entry.st_mode)}"


def content(path: str, mode: int) -> str:
    if stat.S_ISLNK(mode):
        return f"-> {os.readlink(path)}"
    if not stat.S_ISREG(mode):
        return ""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def accounts() -> dict[str, str]:
    """Every line of the databases by its name; the rest of it as a digest, because there are password hashes in it."""
    found = {}
    for database in filter(lambda name: os.path.exists(f"/etc/{name}"), ACCOUNT_DATABASES):
        with open(f"/etc/{database}", encoding="utf-8") as stream:
            for line in stream:
                name, _separator, rest = line.rstrip("\n").partition(":")
                found[f"{database} {name}"] = hashlib.sha256(rest.encode()).hexdigest()
    return found


def units() -> dict[str, str]:
    """FreeBSD's rc keeps what is on in rc.conf, and what runs nowhere."""
    if shutil.which("systemctl") is None:
        return {}
    listed = systemctl("list-units", "--all", f"--type={UNIT_TYPES}")
    files = systemctl("list-unit-files", f"--type={UNIT_TYPES}")
    # A unit that does not exist is listed once another one that was loaded mentions it.
    present = [unit for unit in listed if unit["load"] != "not-found"]
    active = {unit["unit"]: f"{unit['load']} {unit['active']} {unit['sub']}" for unit in present}
    enabled = {f"{unit['unit_file']} (file)": unit["state"] for unit in files}
    return {name: state for name, state in {**active, **enabled}.items() if not name.startswith(PASSING_UNITS)}


def systemctl(*arguments: str) -> list[dict[str, str]]:
    answer = subprocess.run(["systemctl", *arguments, "--output=json"], capture_output=True, check=True, text=True)
    listed: list[dict[str, str]] = json.loads(answer.stdout)
    return listed


if __name__ == "__main__":
    print(json.dumps({"paths": paths(), "accounts": accounts(), "units": units()}))
