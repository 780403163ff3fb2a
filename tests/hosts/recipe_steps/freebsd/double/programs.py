"""Every program of the double: where it lies on FreeBSD, and the module that answers for it."""

from __future__ import annotations

from dataclasses import dataclass

DOUBLE_FOLDER = "/usr/libexec/freebsd-double"


@dataclass(frozen=True)
class Program:
    """A file of the host."""

    path: str
    module: str


def _table(rows: dict[str, str]) -> dict[str, Program]:
    return {path.rpartition("/")[2]: Program(path, module) for path, module in rows.items()}


PROGRAMS = _table(
    {
        "/sbin/init": "init",
        "/sbin/rcorder": "rcorder",
        f"{DOUBLE_FOLDER}/find-process": "find_process",
        "/usr/bin/uname": "uname",
        "/bin/freebsd-version": "freebsd_version",
        "/usr/sbin/sysrc": "sysrc",
        "/sbin/sysctl": "sysctl",
        "/usr/sbin/syslogd": "syslogd",
        "/usr/sbin/daemon": "daemon",
        "/usr/sbin/pkg": "pkg.stub",
        f"{DOUBLE_FOLDER}/pkg-command": "pkg.command",
        "/sbin/shutdown": "shutdown",
        "/sbin/reboot": "shutdown",
        "/sbin/halt": "shutdown",
        "/sbin/poweroff": "shutdown",
        "/usr/sbin/pwd_mkdb": "accounts.pwd_mkdb",
        "/usr/sbin/pw": "accounts.pw",
        "/usr/bin/chpass": "accounts.chpass",
        "/usr/bin/cap_mkdb": "cap_mkdb",
        "/sbin/kldload": "kld",
        "/sbin/kldunload": "kld",
        "/sbin/kldstat": "kld",
        "/sbin/pfctl": "pf.pfctl",
        "/usr/sbin/blacklistd": "bans.daemon",
        "/usr/sbin/blocklistd": "bans.daemon",
        "/usr/sbin/blacklistctl": "bans.control",
        "/usr/sbin/blocklistctl": "bans.control",
        "/usr/sbin/certctl": "certctl",
        f"{DOUBLE_FOLDER}/sshd-with-defaults": "sshd",
        "/usr/sbin/newsyslog": "nothing",
        "/usr/sbin/freebsd-update": "freebsd_update",
        "/usr/bin/mail": "mail",
        "/usr/sbin/sendmail": "mail",
        "/usr/sbin/ntpd": "ntp",
        "/usr/bin/ntpq": "ntp",
        "/usr/sbin/ntpdate": "ntp",
        "/usr/bin/sockstat": "sockstat",
        "/usr/sbin/chroot": "chroot",
        "/usr/bin/timeout": "timeout",
        "/usr/bin/pgrep": "pgrep",
        "/usr/bin/pkill": "pgrep",
        "/sbin/md5": "digest",
        "/sbin/sha1": "digest",
        "/sbin/sha256": "digest",
        "/sbin/sha512": "digest",
        "/usr/bin/stat": "stat_command",
        f"{DOUBLE_FOLDER}/date": "date_command",
        "/usr/bin/fetch": "fetch",
        "/usr/bin/lockf": "lockf",
        "/usr/bin/jot": "jot",
        "/usr/libexec/save-entropy": "nothing",
        "/sbin/adjkerntz": "nothing",
        "/sbin/ifconfig": "ifconfig",
        "/sbin/route": "route",
        "/usr/bin/netstat": "route",
        "/usr/sbin/swapinfo": "hardware",
        "/sbin/dmesg": "hardware",
        "/bin/kenv": "hardware",
    }
)
