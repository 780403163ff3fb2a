"""Who gets in to a host: its files, accounts and rules at one moment, and real logins over SSH."""

from __future__ import annotations

import json
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from tests.hosts import control
from tests.hosts.command import HostError
from tests.hosts.engine import find_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.hosts.state import Host

    State = Mapping[str, str]

# Enterprise Linux 8 has no python3 on the PATH, only the platform's own; FreeBSD's is not on every path.
ANY_PYTHON = 'exec "$(PATH=$PATH:/usr/local/bin; command -v python3 || echo /usr/libexec/platform-python)" -B - "$@"'
PROBE = Path(__file__).with_name("access_probe.py")
BECOME_ROOT = "sudo -n id -un"


def state(host: Host) -> State:
    """`{path: "mode owner:group digest"}`, and under words of their own sshd's sockets and the firewall's policy."""
    found: State = json.loads(control.execute(host.name, ("sh", "-c", ANY_PYTHON, "sh"), stdin=PROBE.read_bytes()))
    return found


def differences(before: State, after: State) -> list[str]:
    """One line for each entry that is not the same."""
    return [
        f"{key}: {before.get(key, 'absent')} -> {after.get(key, 'absent')}"
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    ]


def log_in(
    host: Host, user: str, key_file: Path | str, command: str, *, port: int = 22, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """What a command answers over a login of its own."""
    options = ["-F", "none", "-o", "BatchMode=yes", "-o", "ControlPath=none", "-o", "ConnectTimeout=5"]
    options += ["-o", f"UserKnownHostsFile={host.known_hosts}", "-o", "IdentitiesOnly=yes", "-p", str(port)]
    argv = ["ssh", *options, "-i", str(key_file), f"{user}@{host.address}", command]
    return subprocess.run(argv, input=stdin, capture_output=True, check=False)


def gets_in(host: Host, user: str, key_file: Path | str, *, port: int = 22, command: str = "true") -> bool:
    """A login of its own works, and the command in it ends with 0."""
    return log_in(host, user, key_file, command, port=port).returncode == 0


def root_gets_in(host: Host) -> bool:
    """The old login, with which every host is handed over."""
    return gets_in(host, "root", host.key_file)


def admin_gets_in(host: Host, key_file: Path | str, *, port: int = 22) -> bool:
    """The new login, which is worth something only together with sudo."""
    return gets_in(host, "deploy", key_file, port=port, command=BECOME_ROOT)


def key_pair(path: Path) -> Path:
    """The private half of a new pair."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", path.name, "-f", str(path)], check=True)
    return path


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether it came true in time; asked twice a second."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.5)
    return condition()


@dataclass
class Watched:
    """What a host was seen to be: (time, digest of its files) at each change."""

    seen: list[tuple[float, str]] = field(default_factory=list)

    @property
    def seconds_away(self) -> float:
        """How long the files stayed as a run had left them, until all of them were as at first again.

        Infinite when they are not, 0 when they never were otherwise. A run and a way back change one file after the
        other; the longest time without a change lies between the two.
        """
        if len(self.seen) < 2:
            return 0.0
        if self.seen[-1][1] != self.seen[0][1]:
            return float("inf")
        moments = [moment for moment, _digest in self.seen[1:]]
        stillness = [(later - earlier, earlier) for earlier, later in zip(moments, moments[1:])]
        return moments[-1] - max(stillness)[1] if stillness else 0.0


@contextmanager
def watched(host: Host) -> Iterator[Watched]:
    """Look at the host's files four times a second, from inside, whatever becomes of its network."""
    engine = find_engine()
    if engine is None:
        raise HostError("the container engine does not answer any more")
    argv = [engine.client, "exec", "--interactive", host.container, "sh", "-c", ANY_PYTHON, "sh", "watch"]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    watch = Watched()
    reader = Thread(target=_read, args=(process, watch), daemon=True)
    reader.start()
    try:
        if not wait_for(lambda: bool(watch.seen), 20):
            raise HostError(f"host {host.name}: nothing was seen by {PROBE.name}")
        yield watch
        time.sleep(0.6)  # two more looks
    finally:
        process.kill()
        process.wait()
        reader.join()


def _read(process: subprocess.Popen[bytes], watch: Watched) -> None:
    if process.stdin is None or process.stdout is None:
        return
    process.stdin.write(PROBE.read_bytes())
    process.stdin.close()
    for line in process.stdout:
        moment, digest = line.decode().split()
        watch.seen.append((float(moment), digest))
