"""freebsd-update(8): fetch, cron, install, updatesready, showconfig, with several commands in one call.

freebsd/freebsd-src:usr.sbin/freebsd-update/freebsd-update.sh (in jlduran's copy, which has 15.0), os_facts 2.4 [S]:
without a terminal `fetch` wants --not-running-from-cron; `updatesready` 0 or 2; `install` with nothing to install 2, or
0 when `fetch` or `cron` ran before it in the same call (ISFETCHED); it refuses on a packaged base. What it calls is
found on its own PATH, /sbin first. There is one newer patch level.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from . import freebsd_update_settings, memory
from .freebsd_update_settings import Refused
from .freebsd_version import set_installed, versions
from .pkg.remote import UNREACHABLE
from .places import MEMORY, release

if TYPE_CHECKING:
    from collections.abc import Callable

_FETCHED = MEMORY / "freebsd-update.json"
_COMMANDS = ("fetch", "cron", "upgrade", "updatesready", "install", "rollback", "IDS", "showconfig")
_SETTINGS = {
    "-b": "BaseDir",
    "-d": "WorkDir",
    "-k": "KeyPrint",
    "-r": "TargetRelease",
    "-s": "ServerName",
    "-t": "MailTo",
    "-v": "VerboseLevel",
}
_VERBOSE_LEVELS = {"--debug": "debug", "--no-stats": "nostats"}
_OTHERS_WITH_VALUE = frozenset(("-f", "-j", "--currently-running"))
_OTHERS = frozenset(("-F", "--not-running-from-cron"))


@dataclass
class Call:
    """A command line, and whether a command of it has fetched."""

    commands: list[str] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    is_fetched: bool = False


def main(arguments: list[str]) -> int:
    os.environ["PATH"] = f"/sbin:/bin:/usr/sbin:/usr/bin:{os.environ.get('PATH', '')}"
    try:
        call = _parsed(arguments)
    except Refused:
        print("usage: freebsd-update [options] command ...")
        return 0
    call.settings = freebsd_update_settings.effective(call.settings, file=call.others.get("-f", ""))
    if release().is_packaged:
        print("freebsd-update is incompatible with the use of packaged base.  Please see")
        print("https://wiki.freebsd.org/PkgBase for more information.")
        return 1
    return _run(call)


def _parsed(arguments: list[str]) -> Call:
    words, call = list(arguments), Call()
    while words:
        word = words.pop(0)
        if word in _COMMANDS:
            call.commands.append(word)
        elif word in _OTHERS:
            call.others[word] = ""
        elif word in _VERBOSE_LEVELS:
            freebsd_update_settings.add(call.settings, "VerboseLevel", [_VERBOSE_LEVELS[word]])
        elif word in _SETTINGS and words:
            freebsd_update_settings.add(call.settings, _SETTINGS[word], [words.pop(0)])
        elif word in _OTHERS_WITH_VALUE and words:
            call.others[word] = words.pop(0)
        else:
            raise Refused
    if not call.commands:
        raise Refused
    return call


def _run(call: Call) -> int:
    """A command that fails ends the call."""
    actions: dict[str, Callable[[Call], int]] = {
        "fetch": _fetch,
        "cron": _cron,
        "updatesready": _updatesready,
        "install": _install,
        "showconfig": _showconfig,
    }
    for command in call.commands:
        if command not in actions:
            print(f"freebsd-update: {command} is not known to this host, which is a double", file=sys.stderr)
            return 1
        if command != "cron":
            freebsd_update_settings.finalize_components(call.settings)
        sys.stdout.flush()
        code = actions[command](call)
        if code:
            return code
    return 0


def _showconfig(call: Call) -> int:
    for name in freebsd_update_settings.SHOWN:
        print(f"{name.upper()}={call.settings.get(name, '')}")
    return 0


def _can_fetch(call: Call) -> bool:
    """What the script's fetch_check_params looks for; the working directory is root's, with mode 0700."""
    folder = Path(call.settings["WorkDir"])
    if folder == Path("/var/db/freebsd-update") and os.geteuid() == 0:
        folder.mkdir(mode=0o700, exist_ok=True)
    problem = ""
    if not call.settings.get("ServerName"):
        problem = "SERVERNAME must be given via command line or configuration file."
    elif not call.settings.get("KeyPrint"):
        problem = "Key must be given via -k option or configuration file."
    elif not (folder.is_dir() and os.access(folder, os.W_OK)):
        problem = f"Directory does not exist or is not writable: {folder}"
    elif call.settings.get("TargetRelease"):
        problem = "'-r' option is meaningless with 'fetch' command.  (Did you mean 'upgrade' instead?)"
    if problem:
        print(f"freebsd-update: {problem}")
    return not problem


def _fetch(call: Call) -> int:
    if "--not-running-from-cron" not in call.others and not sys.stdin.isatty():
        print("freebsd-update fetch should not be run non-interactively.\nRun freebsd-update cron instead.")
        return 1
    if not _can_fetch(call):
        return 1
    is_done, listing = _download(call)
    if listing:
        sys.stdout.flush()
        subprocess.run(os.environ.get("PAGER", "/usr/bin/less"), shell=True, input=listing, text=True, check=False)
    call.is_fetched = is_done
    return 0 if is_done else 1


def _download(call: Call) -> tuple[bool, str]:
    """Whether it went well, and what the pager is to show."""
    this, server = release(), call.settings["ServerName"]
    if UNREACHABLE.exists():
        print(f"Looking up {server} mirrors... none found.")
        print(f"Fetching metadata signature for {this.version}-RELEASE from {server}... failed.")
        print("No mirrors remaining, giving up.\n\nThis may be because upgrading from this platform (amd64)")
        return False, ""
    print(f"Looking up {server} mirrors... 3 mirrors found.")
    print(f"Fetching metadata signature for {this.version}-RELEASE from update1.freebsd.org... done.")
    for line in ("Fetching metadata index", "Inspecting system", "Preparing to download files"):
        print(f"{line}... done.")
    if versions()["u"] == this.newer:
        print(f"\nNo updates needed to update system to {this.newer}.")
        return True, ""
    print("Fetching 2 patches. done.\nApplying patches... done.")
    memory.save(_FETCHED, this.newer)
    files = "/bin/freebsd-version\n/boot/kernel/kernel\n/usr/bin/uname\n"
    return True, f"The following files will be updated as part of updating to\n{this.newer}:\n{files}"


def _cron(call: Call) -> int:
    """Says nothing: all goes into a letter, which is sent unless there was nothing to do. Ends with 0 in any case."""
    if not _can_fetch(call):
        return 1
    seconds = subprocess.check_output(["jot", "-r", "1", "0", "3600"], text=True)
    subprocess.run(["sleep", seconds.strip()], check=False)
    with contextlib.redirect_stdout(io.StringIO()) as letter:
        freebsd_update_settings.finalize_components(call.settings)
        is_done, listing = _download(call)
        print(listing, end="")
    is_debugging = call.settings["VerboseLevel"] == "debug"
    if not is_done or "No updates needed" not in letter.getvalue() or is_debugging:
        subject = f"{os.uname().nodename} security updates"
        command = ["/usr/bin/mail", "-s", subject, call.settings["MailTo"]]
        subprocess.run(command, input=letter.getvalue(), text=True, check=False)
    call.is_fetched = True
    return 0


def _updatesready(_call: Call) -> int:
    if not memory.load(_FETCHED, ""):
        print("No updates are available to install.")
        return 2
    print("There are updates available to install.\nRun 'freebsd-update [options] install' to proceed.")
    return 0


def _install(call: Call) -> int:
    if os.geteuid() != 0:
        print("You must be root to run this.")
        return 1
    command = ["/sbin/sysctl", "-n", "kern.securelevel"]
    level = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    if int(level.strip() or -1) > 0:
        print("Updates cannot be installed when the system securelevel\nis greater than zero.")
        return 1
    fetched = memory.load(_FETCHED, "")
    if not fetched:
        print("No updates are available to install.")
        if call.is_fetched:
            return 0
        print("Run 'freebsd-update [options] fetch' first.")
        return 2
    print("Installing updates...", end="", flush=True)
    set_installed(kernel=fetched, userland=fetched)
    memory.save(_FETCHED, "")
    print(" done.")
    return 0
