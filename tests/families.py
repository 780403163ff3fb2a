"""What differs between the families of systems that the scenarios prepare: what their own tools are called, and say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

from tests import updaters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from testinfra.host import Host as Machine


@dataclass(frozen=True)
class Bans:
    """Who bans: what is banned by its own word, how that is taken back, and how many failed logins it takes.

    `keys` are offered in each, for `login`. fail2ban counts the user who does not exist; to blacklistd sshd reports
    each key that it refuses, and what it says of users is ignored there (bin/blocklistd.c of freebsd-src, BL_BADUSER).
    """

    banned: Callable[[Machine], list[str]]
    forget: Callable[[Machine, str], object]
    attempts: int
    keys: int = 0
    login: str = "no-such-user"

    @property
    def enough(self) -> int:
        """More failures than anybody is let have."""
        return self.attempts * max(self.keys, 1) + 1


@dataclass(frozen=True)
class Accounts:
    """How a user with a password is made, and the password field of a name as the system's own tool shows it.

    The commands take {name} and {password}. `locked` is that field where no password can be right.
    """

    make: str
    remove: str
    password_of: str
    locked: str


@dataclass(frozen=True)
class Family:
    """The words and ways of one family of systems.

    `methods` is what sshd lets a login try when no password is taken: a Kerberos ticket, which Enterprise Linux offers,
    is none. `etc` is where sudo's files are, and `admins` the group of the system's administrators. `taken` says of
    which host automatic updates take which of the test packages, and `timers` are the services that start them.
    """

    methods: str
    etc: str
    admins: str
    accounts: Accounts
    bans: Bans
    timers: tuple[str, ...]
    updates: Callable[[Machine], set[str]]
    taken: Mapping[str, set[str]]


def _banned_by_fail2ban(machine: Machine) -> list[str]:
    return re.findall(r"Banned IP list:\s*(.*)", machine.check_output("fail2ban-client status sshd"))[0].split()


def _blocker(machine: Machine) -> str:
    """blacklistd is called blocklistd from FreeBSD 15 on; both names may be there, and one is switched on."""
    return "blocklistd" if machine.run("service blocklistd enabled").rc == 0 else "blacklistd"


def _banned_by_base(machine: Machine) -> list[str]:
    """A line of `dump -b` for each: address/mask:port, id, fails, last access; on 15 behind the name of a rule."""
    dump = machine.check_output(f"{_blocker(machine)[:-1]}ctl dump -b")
    return re.findall(r"^(?:\S+\t)?\s*([0-9a-f.:]+)/\d+:", dump, re.MULTILINE)


def _forget_all_of_base(machine: Machine, _address: str) -> None:
    """Nothing takes a single ban back: the database goes, and the addresses in the packet filter's table."""
    name = _blocker(machine)
    machine.run(f"service {name} onestop; rm -f /var/db/{name}.db")
    machine.run(f"pfctl -a {name}/22 -t port22 -T flush; service {name} onestart")


_SHADOW = Accounts(
    make="useradd --create-home {name}; echo '{name}:{password}' | chpasswd",
    remove="userdel --remove {name}",
    # LK on Enterprise Linux up to 9, L elsewhere.
    password_of="passwd -S {name} | cut -d ' ' -f 2 | cut -c 1",
    locked="L",
)
_MASTER_PASSWD = Accounts(
    make="pw useradd {name} -m; echo '{password}' | pw usermod {name} -h 0",
    remove="pw userdel {name} -r",
    password_of="grep '^{name}:' /etc/master.passwd | cut -d : -f 2",
    locked="*",
)
_FAIL2BAN = Bans(
    _banned_by_fail2ban, lambda machine, address: machine.run(f"fail2ban-client set sshd unbanip {address}"), attempts=5
)
DEBIAN = Family(
    methods="publickey",
    etc="/etc",
    admins="sudo",
    accounts=_SHADOW,
    bans=_FAIL2BAN,
    timers=("apt-daily.timer", "apt-daily-upgrade.timer"),
    updates=updaters.dry_run_of_unattended_upgrades,
    taken={"ubuntu-lts": {updaters.SECURITY_UPDATE}},
)
REDHAT = Family(
    methods="publickey,gssapi-keyex,gssapi-with-mic",
    etc="/etc",
    admins="wheel",
    accounts=_SHADOW,
    bans=_FAIL2BAN,
    timers=("dnf-automatic.timer",),
    updates=updaters.run_of_dnf_automatic,
    # CentOS Stream publishes no advisories, so nothing tells a security update from another.
    taken={"centos": set(updaters.TEST_PACKAGES), "rocky8": {updaters.SECURITY_UPDATE}},
)
FREEBSD = Family(
    methods="publickey",
    etc="/usr/local/etc",
    admins="wheel",
    accounts=_MASTER_PASSWD,
    bans=Bans(_banned_by_base, _forget_all_of_base, attempts=1, keys=5, login="deploy"),
    timers=("cron",),
    updates=updaters.run_of_cron,
    taken={"freebsd": {updaters.SECURITY_UPDATE}, "freebsd15": {updaters.SECURITY_UPDATE}},
)
