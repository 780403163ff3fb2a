"""freebsd-update(8): fetch, cron, install, updatesready, with several commands in one call.

os_facts 2.4 [S]: without a terminal `fetch` wants --not-running-from-cron; `updatesready` 0 or 2; `install` with
nothing to install 2, or 0 when `fetch` ran in the same call; it refuses on a packaged base [D]. There is one newer
patch level.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from . import memory
from .freebsd_version import set_installed, versions
from .pkg.remote import UNREACHABLE
from .places import MEMORY, release

if TYPE_CHECKING:
    from collections.abc import Callable

_FETCHED = MEMORY / "freebsd-update.json"
_COMMANDS = ("fetch", "cron", "upgrade", "updatesready", "install", "rollback", "IDS", "showconfig")
_WITH_VALUE = frozenset(("-b", "-d", "-f", "-j", "-k", "-r", "-s", "-t", "-v", "--currently-running"))


def main(arguments: list[str]) -> int:
    words, commands, switches = list(arguments), [], set()
    while words:
        word = words.pop(0)
        if word in _WITH_VALUE and words:
            words.pop(0)
        elif word.startswith("-"):
            switches.add(word)
        elif word in _COMMANDS:
            commands.append(word)
        else:
            return _usage()
    if not commands:
        return _usage()
    if release().is_packaged:
        print("freebsd-update is incompatible with the use of packaged base.  Please see", file=sys.stderr)
        print("https://wiki.freebsd.org/PkgBase for more information.", file=sys.stderr)
        return 1
    if os.geteuid() != 0:
        print("You must be root to run this.")
        return 1
    return _run(commands, is_without_terminal="--not-running-from-cron" in switches)


def _usage() -> int:
    print("usage: freebsd-update [options] command ...")
    return 0


def _run(commands: list[str], *, is_without_terminal: bool) -> int:
    """A command that fails ends the call."""
    code = 0
    for command in commands:
        if command == "fetch" and not is_without_terminal and not sys.stdin.isatty():
            print("freebsd-update fetch should not be run non-interactively.\nRun freebsd-update cron instead")
            return 1
        actions: dict[str, Callable[[], int]] = {
            "fetch": _fetch,
            "cron": _cron,
            "updatesready": _updatesready,
            "install": lambda: _install(is_fetched="fetch" in commands),
        }
        if command not in actions:
            print(f"freebsd-update: {command} is not known to this host, which is a double", file=sys.stderr)
            return 1
        code = actions[command]()
        if code:
            return code
    return code


def _fetch() -> int:
    this = release()
    if UNREACHABLE.exists():
        print("Looking up update.FreeBSD.org mirrors... none found.")
        print(f"Fetching metadata signature for {this.version}-RELEASE from update.FreeBSD.org... failed.")
        print("No mirrors remaining, giving up.\n\nThis may be because upgrading from this platform (amd64)")
        return 1
    print("Looking up update.FreeBSD.org mirrors... 3 mirrors found.")
    print(f"Fetching metadata signature for {this.version}-RELEASE from update1.freebsd.org... done.")
    for line in ("Fetching metadata index", "Inspecting system", "Preparing to download files"):
        print(f"{line}... done.")
    if versions()["u"] == this.newer:
        print(f"\nNo updates needed to update system to {this.newer}.")
        return 0
    print("Fetching 2 patches. done.\nApplying patches... done.", flush=True)
    memory.save(_FETCHED, this.newer)
    files = "/bin/freebsd-version\n/boot/kernel/kernel\n/usr/bin/uname\n"
    text = f"The following files will be updated as part of updating to\n{this.newer}:\n{files}"
    subprocess.run(os.environ.get("PAGER", "less"), shell=True, input=text, text=True, check=False)
    return 0


def _cron() -> int:
    time.sleep(random.uniform(1, 3600))
    code = _fetch()
    if code == 0 and memory.load(_FETCHED, ""):
        text = f"The following files will be updated as part of updating to\n{release().newer}:\n/bin/freebsd-version\n"
        subject = f"{os.uname().nodename} security updates"
        subprocess.run(["/usr/bin/mail", "-s", subject, "root"], input=text, text=True, check=False)
    return code


def _updatesready() -> int:
    if not memory.load(_FETCHED, ""):
        print("No updates are available to install.")
        return 2
    print("There are updates available to install.\nRun 'freebsd-update install' to proceed.")
    return 0


def _install(*, is_fetched: bool) -> int:
    fetched = memory.load(_FETCHED, "")
    if not fetched:
        print("No updates are available to install.")
        if is_fetched:
            return 0
        print("Run 'freebsd-update [options] fetch' first.")
        return 2
    print("Installing updates...", end="", flush=True)
    set_installed(kernel=fetched, userland=fetched)
    memory.save(_FETCHED, "")
    print(" done.")
    return 0
