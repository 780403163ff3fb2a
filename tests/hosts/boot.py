"""How a kind of host is started, told to stop, and asked whether it has come up: data, one row per init system."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Boot:
    """The init system of a host, seen from outside."""

    init: str
    command: str  # for /bin/sh, ends in the init system itself
    stop_signal: str
    question: str  # for /bin/sh, prints one word; asked again until it is one of the answers
    settled: tuple[str, ...]
    temporary: tuple[str, ...]
    own_files: tuple[str, ...] = ()  # what tells one host of a kind from another, made anew for each


# The engine mounts the container's own part of the control groups read-only; systemd has to write there.
SYSTEMD = Boot(
    init="systemd",
    command="for mount in /sys/fs/cgroup /sys/fs/cgroup/*; do"
    ' if mountpoint -q "$mount"; then mount -o remount,bind,rw "$mount"; fi;'
    " done; exec /lib/systemd/systemd",
    stop_signal="SIGRTMIN+3",
    # The exit code only repeats the word, and is not 0 for a host that is degraded or still starting.
    # It waits by itself as soon as it is answered at all, which costs less than asking again and again.
    question="timeout 30 systemctl is-system-running --wait 2>&1; exit 0",
    # `degraded` is good enough: it names a unit that a container cannot run, and a test can ask which.
    settled=("running", "degraded"),
    temporary=("/run", "/run/lock", "/tmp:exec"),
    own_files=("etc/machine-id",),
)
# FreeBSD's init takes SIGUSR2 for a power cut with notice. /var/run is on the disk there, and is emptied at boot.
FREEBSD_RC = Boot(
    init="rc",
    command="exec /sbin/init",
    stop_signal="SIGUSR2",
    question="cat /var/run/double.state 2>/dev/null || echo booting",
    settled=("multi-user",),
    temporary=(),
    own_files=("etc/hostid",),
)
