"""The first process: runs what rc(8) runs, gathers orphans, and goes down or starts over as init(8) does at a signal.

SIGINT reboots, SIGUSR1 and SIGUSR2 halt (freebsd/freebsd-src:sbin/init/init.8). A reboot ends every other process and
runs rc again; the container stays. What only the kernel keeps is lost: rules of the packet filter, modules, settings.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from . import memory
from .freebsd_version import remember_running_kernel
from .places import HIDDEN, MEMORY, RUNNING
from .rcorder import ordered, read

_ENVIRONMENT = {"PATH": "/sbin:/bin:/usr/sbin:/usr/bin", "HOME": "/", "RC_PID": "1"}
_STATE = Path("/var/run/double.state")
_PLACEHOLDER = 'hostname="@HOSTNAME@"'


def main(_arguments: list[str]) -> int:
    if os.getpid() != 1:
        print("init: already running", file=sys.stderr)
        return 1
    for number in (signal.SIGINT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM):
        signal.signal(number, lambda wanted, _frame: _go_down(is_reboot=wanted == signal.SIGINT))
    _prepare()
    _run_rc()
    _STATE.write_text("multi-user\n")
    while True:
        _reap()
        time.sleep(0.2)


def _prepare() -> None:
    """A new start: an empty /var/run, a clean kernel, the host's name in rc.conf the first time."""
    for path in Path("/var/run").rglob("*"):  # rc.d/cleanvar leaves the folders
        if path.is_symlink() or not path.is_dir():
            path.unlink()
    for path in (RUNNING, Path("/var/run/sshd"), MEMORY):
        path.mkdir(parents=True, exist_ok=True)
    Path("/var/run/utmp").touch()
    Path("/var/run/crond.pid").symlink_to("cron.pid")  # Debian's cron writes the one, FreeBSD's script reads the other
    conf = Path("/etc/rc.conf")
    if conf.exists() and _PLACEHOLDER in conf.read_text():
        conf.write_text(conf.read_text().replace(_PLACEHOLDER, f'hostname="{socket.gethostname()}"'))
    memory.save(RUNNING / "boottime.json", time.time())
    remember_running_kernel()
    subprocess.run([HIDDEN / "nft", "flush", "ruleset"], check=False, capture_output=True)
    for device in ("/dev/pf", "/dev/kmem"):
        Path(device).unlink(missing_ok=True)


def _run_rc() -> None:
    folders = [Path("/etc/rc.d"), Path("/usr/local/etc/rc.d")]
    paths = [str(path) for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())]
    scripts = ordered([read(path) for path in paths if os.access(path, os.X_OK)])
    for script in scripts:
        if "nostart" in script.keywords or not script.provides or script.path.endswith((".orig", ".bak", "~")):
            continue
        environment = {**_ENVIRONMENT, "autoboot": "yes", "rc_fast": "yes"}
        with open("/dev/null") as nothing, Path("/var/run/rc.log").open("ab") as log:
            subprocess.run(
                ["/bin/sh", script.path, "faststart"],
                env=environment,
                check=False,
                stdin=nothing,
                stdout=log,
                stderr=log,
                cwd="/",
            )
    local = Path("/etc/rc.local")
    if local.exists():
        subprocess.run(["/bin/sh", str(local)], env=_ENVIRONMENT, check=False, cwd="/")


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _go_down(*, is_reboot: bool) -> None:
    _STATE.write_text("going down\n")
    for number, grace in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 1.0)):
        try:
            os.kill(-1, number)
        except ProcessLookupError:
            break
        deadline = time.monotonic() + grace
        while time.monotonic() < deadline and _others():
            _reap()
            time.sleep(0.05)
    if is_reboot:
        os.execv("/sbin/init", ["/sbin/init"])
    os._exit(0)


def _others() -> bool:
    return any(path.name.isdigit() and path.name != "1" for path in Path("/proc").iterdir())
