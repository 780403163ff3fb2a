"""What differs between the systems that the tests of access run on: how to reach their parts by hand."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from tests.integration_hosts.shell_functions import ON_FREEBSD, ON_LINUX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class Named(Protocol):
    """A row of a table of cases."""

    name: str
    not_on: Mapping[str, str]


Row = TypeVar("Row", bound=Named)

# Shell functions for scripts that prepare a host. `sshd_lines NAME` takes lines that sshd reads before its main file's.
_DROP_INS = ON_LINUX + "sshd_lines() { cat > /etc/ssh/sshd_config.d/$1.conf; }\n"
_LINES_AT_THE_TOP = """\
sshd_lines() {
    { cat; cat /etc/ssh/sshd_config; } > /tmp/sshd_lines
    cat /tmp/sshd_lines > /etc/ssh/sshd_config
}
"""
_ONE_FILE = ON_LINUX + _LINES_AT_THE_TOP
# What bootstrap.yml would have installed, for tests that begin behind it.
_FREEBSDS_TOOLS = "env ASSUME_ALWAYS_YES=yes pkg install -y python3 sudo > /var/log/tools.log\n"
_DEBIANS_SOCKET = "systemctl disable --now ssh.service; systemctl enable --now ssh.socket"
# The test hosts' package has no socket; this is as Enterprise Linux's own.
_REDHATS_SOCKET = """\
printf '[Socket]\\nListenStream=22\\nAccept=yes\\n[Install]\\nWantedBy=sockets.target\\n' \
    > /etc/systemd/system/sshd.socket
printf '[Service]\\nExecStart=-/usr/sbin/sshd -i\\nStandardInput=socket\\n' > /etc/systemd/system/sshd@.service
systemctl daemon-reload
systemctl disable --now sshd.service
install -d /run/sshd
systemctl enable --now sshd.socket
"""


# The unit that runs at a boot, with the timer gone as after a power cut. At a boot no run is at work any more, and this
# unit comes before sshd, which here has been running all the time: a run's reload of sshd would wait for it.
_NEXT_BOOT = (
    "flock /var/lib/groundwork/python_host/lock true\n"
    "systemctl stop 'groundwork-revert-*.timer' && systemctl start groundwork-revert.service\n"
    "systemctl reload {service}"
)

# A timer that waits, or a unit that is at work.
_UNITS_AT_WORK = (
    "systemctl list-units 'groundwork-*' --state=active,activating,deactivating,reloading --plain --no-legend"
)
# What waits on FreeBSD is a process, too; the brackets keep this one's own words from being found.
_JOBS_AT_WORK = "pgrep -f '[g]roundwork/python_host/(revert|program)'"


@dataclass(frozen=True)
class System:
    """A system by the name of its image; `prepared` is the image with what the checklist would install.

    `service` is sshd's unit, `admins` the group whose members may use sudo, `python` what Ansible runs modules with,
    and `left_out` are checks whose packages are not there. `etc` is where sudo's files are, `passwords` the file of
    password hashes, `nologin` what keeps everybody but root out, and `never_expires` and `keeps_password` are commands
    that a message advises. `controller` prints the address that a run comes from, `next_boot` does what a boot does
    about something that waits to be taken back, and `at_work` prints something as long as anything of ours waits or
    works.
    """

    name: str
    prepared: str
    service: str
    admins: str
    functions: str
    socket_activation: str
    python: str = "/usr/bin/python3"
    family: str = "redhat"
    left_out: tuple[str, ...] = ()
    etc: str = "/etc"
    passwords: str = "/etc/shadow"
    nologin: str = "/run/nologin"
    never_expires: str = "chage -E -1 deploy"
    keeps_password: str = "chage -d"
    controller: str = "ip route show default | cut -d' ' -f3"
    next_boot: str = _NEXT_BOOT
    at_work: str = _UNITS_AT_WORK

    @property
    def words(self) -> dict[str, str]:
        """What a script or a message may name."""
        return {
            "service": self.service,
            "admins": self.admins,
            "python": self.python,
            "etc": self.etc,
            "nologin": self.nologin,
            "never_expires": self.never_expires,
            "keeps_password": self.keeps_password,
            "socket_activation": self.socket_activation,
        }

    def has(self, not_on: Mapping[str, str]) -> bool:
        """True for what is not left out here by system or family."""
        return not {self.name, self.family} & set(not_on)

    @property
    def sshd_file(self) -> str:
        """Where our lines for sshd go."""
        return (
            "/etc/ssh/sshd_config"
            if _LINES_AT_THE_TOP in self.functions
            else "/etc/ssh/sshd_config.d/00-groundwork.conf"
        )


SYSTEMS = {
    system.name: system
    for system in (
        System("ubuntu_lts", "ubuntu_lts_prepared", "ssh", "sudo", _DROP_INS, _DEBIANS_SOCKET, family="debian"),
        System("centos", "centos_prepared", "sshd", "wheel", _DROP_INS, _REDHATS_SOCKET),
        # Without a python3 of its own; nothing is prepared there, because the tests of access need no package.
        System(
            "rocky8",
            "rocky8",
            "sshd",
            "wheel",
            _ONE_FILE,
            _REDHATS_SOCKET,
            "/usr/libexec/platform-python",
            left_out=("FW-001",),
        ),
        System(
            "freebsd",
            "freebsd",
            "sshd",
            "wheel",
            _FREEBSDS_TOOLS + ON_FREEBSD + _LINES_AT_THE_TOP,
            "",
            "/usr/local/bin/python3",
            family="freebsd",
            etc="/usr/local/etc",
            passwords="/etc/master.passwd",
            nologin="/var/run/nologin",
            never_expires="pw usermod deploy -e 0",
            keeps_password="pw usermod deploy -p 0",
            controller="route -n get default | sed -n 's/.*gateway: //p'",
            # A boot itself: the double ends every process and runs rc anew.
            next_boot="shutdown -r now",
            at_work=_JOBS_AT_WORK,
        ),
    )
}
UBUNTU, CENTOS, ROCKY_8, FREEBSD = SYSTEMS.values()


def tried(rows: Sequence[Row], chosen: Mapping[System, Sequence[str]]) -> Iterator[tuple[System, Row]]:
    """Each row of a table on each system that it is tried on: all, but where a choice is made for the system.

    With GROUNDWORK_EVERY_TRAP set, all everywhere. What a system does not have, the row says with the reason.
    """
    for system in SYSTEMS.values():
        for row in rows:
            is_chosen = row.name in chosen.get(system, (row.name,)) or "GROUNDWORK_EVERY_TRAP" in os.environ
            if is_chosen and system.has(row.not_on):
                yield system, row
