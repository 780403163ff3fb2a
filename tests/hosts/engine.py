"""Finds a container engine that answers, or installs and starts one where that is possible."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts.command import HostError, run

if TYPE_CHECKING:
    from collections.abc import Iterator

_WANTED = "Disposable test hosts need a container engine (docker)"
_START_TIMEOUT = 60.0
_PACKAGED_CLIENT = "/usr/bin/docker"


@dataclass(frozen=True)
class Engine:
    """A client that the engine understands, and what decides how a host must be started."""

    client: str
    version: str
    cgroup_version: str

    def run(self, *arguments: str, timeout: float = 60, stdin: bytes | None = None, log: Path | None = None) -> str:
        return run([self.client, *arguments], timeout=timeout, stdin=stdin, log=log)


def ensure_engine(state: Path) -> Engine:
    """The running engine; as root on Debian and Ubuntu it is installed and started when it is missing."""
    with exclusive(state / "engine.lock"):
        engine = find_engine()
        if engine is None:
            _refuse_where_it_cannot_be_made()
            _install()
            _start(state)
            engine = _wait_for_engine(state)
    return engine


def find_engine() -> Engine | None:
    """The engine that answers now. A client too new for an old engine is passed over for the packaged one."""
    on_path = shutil.which("docker")
    for client in dict.fromkeys(path for path in (on_path, _PACKAGED_CLIENT) if path):
        try:
            info = json.loads(run([client, "info", "--format", "{{json .}}"], timeout=20))
        except (HostError, ValueError):
            continue
        if info.get("ServerVersion"):
            return Engine(client, info["ServerVersion"], str(info.get("CgroupVersion", "1")))
    return None


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a lock file, so that hosts started at the same moment do not do the same work twice."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def install_packages(*names: str) -> None:
    """Install Debian packages on the controller, with its package lists refreshed first."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    run([*apt, "update"], timeout=300, env=env)
    run([*apt, "install", "-y", "--no-install-recommends", *names], timeout=600, env=env)


def require_root_and_apt(purpose: str) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise HostError(f"{purpose}. It is installed automatically only as root on Debian or Ubuntu.")


def _refuse_where_it_cannot_be_made() -> None:
    if Path("/var/run/docker.sock").exists() and os.geteuid() != 0:
        raise HostError(f"{_WANTED}; one is installed, but it does not answer this user: join the group docker.")
    require_root_and_apt(
        f"{_WANTED} and `docker info` finds none: install docker (on Debian and Ubuntu: docker.io) and start it"
    )


def _install() -> None:
    if not shutil.which("dockerd"):
        install_packages("docker.io", "iptables")
    if not shutil.which("docker"):
        install_packages("docker-cli")  # a package of its own since Debian 13


def _start(state: Path) -> None:
    """Through systemd where it is the init system, else as a daemon of its own that outlives this program."""
    if Path("/run/systemd/system").is_dir():
        run(["systemctl", "start", "docker.service"])
        return
    with _log(state).open("ab") as log:
        daemon = subprocess.Popen(
            ["dockerd"], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    (state / "dockerd.pid").write_text(f"{daemon.pid}\n")


def _wait_for_engine(state: Path) -> Engine:
    deadline = time.monotonic() + _START_TIMEOUT
    while time.monotonic() < deadline:
        engine = find_engine()
        if engine is not None:
            return engine
        time.sleep(0.5)
    raise HostError(
        f"{_WANTED}; dockerd was started but does not answer after {_START_TIMEOUT:.0f} s: see {_log(state)}"
    )


def _log(state: Path) -> Path:
    return state / "dockerd.log"
