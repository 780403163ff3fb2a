"""Hosts for the tests of the checks: what the tools really said, on a fresh host and on a prepared one."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.engine import Engine
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.files import FILES
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Check, Context, Finding
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Options
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.public_keys import parse_public_key
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import running_sshd, selinux, services
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.sshd import ELSEWHERE, STRANGER, Viewpoint
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import installation
from tests.unit.module_utils._checks.sshd_double import rehearsed_answer
from tests.unit.module_utils._packages.hosts import apt_host
from tests.unit.module_utils._platform.hosts import fixture, host_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.unit.fakes import FakeHost

TODAY = date(2026, 11, 22)
UBUNTU = Platform(
    "ubuntu", "22.04", "jammy", "debian", "apt", lts=True, service_manager="systemd", pretty_name="Ubuntu 22.04.5 LTS"
)
DEBIAN = Platform("debian", "12", "bookworm", "debian", "apt", service_manager="systemd")
FREEBSD = Platform("freebsd", "14.4", "", "freebsd", "pkg", service_manager="rc")
CENTOS = Platform("centos", "9", "", "redhat", "dnf", service_manager="systemd")
ROCKY_8 = Platform("rocky", "8.10", "", "redhat", "dnf", service_manager="systemd")
LOGIN = Login("172.17.0.1", 22, "172.17.0.5")
KEY_LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB2dSSpdd3WbjdGQtoQXPZ0tSIjYCgH9cH4Fn5cPYBPk deploy@example.org"
OTHER_KEY_LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPOfMTzVnpyT7NI0jQZwAMbnPwRc0U5NT6oMlGf9UYmt other@example.org"
KEY, OTHER_KEY = parse_public_key(KEY_LINE), parse_public_key(OTHER_KEY_LINE)
HOME = "/home/deploy"
AUTHORIZED_KEYS = f"{HOME}/.ssh/authorized_keys"
SHOW_UNITS = " ".join(services.ASKED)
SHOW_REDHAT_UNITS = " ".join(services.REDHAT_ASKED)
JAIL = "fail2ban-client -i <<< status sshd; get sshd actions; get sshd ignoreip"
JAIL_PORT = "fail2ban-client -i <<< get sshd action iptables-multiport port"
JOURNAL = (
    "journalctl -q -n 1 -o cat _SYSTEMD_UNIT=ssh.service + _SYSTEMD_UNIT=sshd.service + _COMM=sshd"
    " + _COMM=sshd-session + _COMM=sshd-auth"
)
TRY_SUDO = "runuser -u deploy -- sudo -n -H -u root true"
LIST_SUDO = "sudo -n -l -U deploy"
SSHD_TITLE = "/proc/71/cmdline"
# When sshd has read its files, for worlds in which one was changed later.
SSHD_HAS_READ = 1000.0
SSHD_FILE = "/etc/ssh/sshd_config.d/00-groundwork.conf"
JAIL_FILE = "/etc/fail2ban/jail.d/zz-groundwork.local"
APT_FILE = "/etc/apt/apt.conf.d/zz-groundwork"
SUDOERS_FILE = "/etc/sudoers.d/zz-groundwork-deploy"
INSTALLED = (
    *("fail2ban", "iptables", "python3-systemd", "sudo", "systemd-timesyncd", "ufw", "unattended-upgrades"),
    "openssh-server",
)


def raw(name: str) -> str:
    """The output of a tool on the stand-in (`prepared/iptables-S.txt`)."""
    return fixture(f"ubuntu-22.04-standin/{name}")


def failed(rc: int, *, stdout: str = "", stderr: str = "") -> CommandResult:
    return CommandResult((), rc, stdout, stderr)


def context(*, platform: Platform = UBUNTU, login: Login = LOGIN, **options) -> Context:
    options.setdefault("admin_keys", (KEY,))
    return Context(platform, Options(**options), login, TODAY)


def put(host: FakeHost, **what) -> FakeHost:
    """The host with other answers, files, stats, directories or programs."""
    for name, values in what.items():
        getattr(host, name).update(values)
    return host


def check(check_id: str) -> Check:
    return next(found for found in CHECKS if found.check_id == check_id)


def look(check_id: str, host: FakeHost, asked: Context | None = None) -> Finding:
    """What an audit with this one check finds."""
    (finding,) = Engine(host, asked or context(), (check(check_id),)).audit().findings
    assert host.performed == []
    return finding


def sshd_says(
    text: str, *, users=("deploy", "root", STRANGER), addresses=(LOGIN.address, ELSEWHERE), ports=(22, 2222)
) -> dict:
    """`sshd -T` gives this answer to each of the users from each of the addresses, at each of the ports."""
    return {
        " ".join(Viewpoint(user, address, server, port).argv): text
        for user in users
        for address in addresses
        for server in (LOGIN.server, ELSEWHERE)
        for port in ports
    }


def units(**states: str) -> dict:
    """systemd's answer; `fail2ban_service="enabled active"`, every other unit unknown."""
    return {SHOW_UNITS: _unit_blocks(services.UNITS, states)}


def redhat_units(**states: str) -> dict:
    """The same for the units of Enterprise Linux alone."""
    return {SHOW_REDHAT_UNITS: _unit_blocks(services.REDHAT_UNITS, states)}


def _unit_blocks(names: Sequence[str], states: Mapping[str, str]) -> str:
    blocks = []
    for name in names:
        state = states.get(name.replace("-", "_").replace(".", "_"), " inactive")
        enabled, _space, active = state.partition(" ")
        blocks.append(f"ActiveState={active}\nUnitFileState={enabled}\n")
    return "\n".join(blocks)


def directory(mode: int = 0o755, owner: str = "root", uid: int = 0, gid: int = 0) -> FileStat:
    return FileStat("directory", mode, owner, owner, uid, gid)


def file(mode: int = 0o644, owner: str = "root", uid: int = 0, gid: int = 0) -> FileStat:
    return FileStat("file", mode, owner, owner, uid, gid)


# What a part of the host is like before and after; `put(host, **PART)` brings it there.
NO_ACCOUNT = {
    "answers": {
        "getent passwd deploy": failed(2),
        "getent shadow deploy": failed(2),
        "getent group deploy": failed(2),
        "getent group sudo": "sudo:x:27:\n",
        "getent group wheel": "wheel:x:10:\n",
    },
    "stats": {HOME: None, f"{HOME}/.ssh": None},
    "files": {AUTHORIZED_KEYS: None},
}
ACCOUNT = {
    "answers": {
        "getent passwd deploy": raw("prepared/getent-passwd-deploy.txt"),
        "getent shadow deploy": raw("prepared/getent-shadow-deploy.txt"),
        "getent group deploy": raw("prepared/getent-group-deploy.txt"),
        "getent group 1000": raw("prepared/getent-group-deploy.txt"),
        "id -Gn deploy": raw("prepared/id-Gn-deploy.txt"),
    },
    "stats": {HOME: directory(0o750, "deploy", 1000, 1000)},
}
KEYS = {
    "stats": {
        f"{HOME}/.ssh": directory(0o700, "deploy", 1000, 1000),
        AUTHORIZED_KEYS: file(0o600, "deploy", 1000, 1000),
    },
    "files": {AUTHORIZED_KEYS: f"{KEY_LINE}\n"},
}
NO_SUDO = {"answers": {TRY_SUDO: failed(1, stderr="sudo: a password is required"), LIST_SUDO: raw("sudo/none.txt")}}
SUDO = {"answers": {TRY_SUDO: "", LIST_SUDO: raw("prepared/sudo-l-deploy.txt")}}
SSHD_OPEN = {"answers": {**sshd_says(raw("fresh/sshd-T.txt")), "sshd -T": raw("fresh/sshd-T.txt")}}
SSHD_CLOSED = {"answers": {**sshd_says(raw("prepared/sshd-T.txt")), "sshd -T": raw("prepared/sshd-T.txt")}}
NO_PROGRAMS = {
    "answers": {"apt-config dump": raw("fresh/apt-config-dump.txt"), SHOW_UNITS: raw("fresh/systemctl-show.txt")}
}
UPDATES = {
    "answers": {
        "apt-config dump": raw("prepared/apt-config-dump.txt"),
        "apt-cache policy": raw("prepared/apt-cache-policy.txt"),
    },
    "programs": {"unattended-upgrade": "/usr/bin/unattended-upgrade"},
}
FAIL2BAN = {
    "answers": {
        JAIL: raw("prepared/fail2ban-sshd.txt"),
        JAIL_PORT: raw("prepared/fail2ban-port.txt"),
        JOURNAL: "Server listening on 0.0.0.0 port 22.\n",
    },
    "programs": {"fail2ban-client": "/usr/bin/fail2ban-client"},
}
FIREWALL = {
    "answers": {
        "iptables -S": raw("prepared/iptables-S.txt"),
        "ip6tables -S": raw("prepared/ip6tables-S.txt"),
    },
    "files": {"/etc/ufw/ufw.conf": raw("prepared/ufw.conf")},
    "programs": {name: f"/usr/sbin/{name}" for name in ("ufw", "iptables", "ip6tables")},
}
SITE_RULES = "-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n"
OTHER_FIREWALL = {
    "answers": {"iptables -S": SITE_RULES, "ip6tables -S": SITE_RULES},
    "files": {"/etc/ufw/ufw.conf": "ENABLED=no\n"},
}
NO_FIREWALL = {
    "answers": {
        "iptables -S": raw("ufw-not-loaded/iptables-S.txt"),
        "ip6tables -S": raw("ufw-not-loaded/ip6tables-S.txt"),
    }
}


def packages(*names: str) -> str:
    """dpkg's list with these installed."""
    return "".join(f"install ok installed\t{name}\tamd64\t1.0\t\n" for name in ("dpkg", *names))


NO_CONFIRMATION = {
    "answers": {f"systemctl is-enabled {installation.UNIT}": CommandResult((), 4, "not-found\n")},
    "files": dict.fromkeys(
        (
            *(f"{installation.PROGRAM}/{name}.py" for name in installation.MODULES),
            installation.COMMAND,
            installation.UNIT_PATH,
            installation.PENDING,
            installation.RESULT,
        )
    ),
}


def _common(*installed: str) -> FakeHost:
    host = apt_host(installed=packages(*installed), fetched=time.time())
    put(
        host,
        files=host_of("ubuntu-22.04").files,
        directories={"/run/systemd/system": (), "/etc/ssh/sshd_config.d": (), "/etc/sudoers.d": ("README",)},
    )
    put(host, **NO_CONFIRMATION, doubles={"sshd -f": rehearsed_answer})
    return put(
        host,
        answers={
            "date +%s": "1795382400\n",
            "getent shadow root": raw("fresh/getent-shadow-root.txt"),
            "timedatectl show -p NTP -p NTPSynchronized": "NTP=yes\nNTPSynchronized=yes\n",
            "ss -Hltn": raw("fresh/ss-Hltn.txt"),
            "ss -Hltunp": raw("fresh/ss-Hltunp.txt"),
            "apt-cache policy": raw("fresh/apt-cache-policy.txt"),
            "sshd -t": "",
            "visudo -c -f /etc/sudoers.d/zz-groundwork-deploy": "",
            "fail2ban-client -t": "",
            "sudo -n -l -U root": "",
        },
        files={
            "/run/reboot-required": None,
            "/etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n",
            "/etc/ufw/ufw.conf": None,
            "/etc/default/ufw": "IPV6=yes\n",
            **dict.fromkeys(("/etc/ufw/user.rules", "/etc/ufw/user6.rules")),
            SSHD_FILE: None,
            JAIL_FILE: None,
            APT_FILE: None,
            SUDOERS_FILE: None,
            "/etc/sudoers": raw("fresh/sudoers"),
            "/etc/pam.d/sshd": "@include common-account\n",
            "/etc/pam.d/common-account": "account [success=1 default=ignore] pam_unix.so\n",
            "/etc/sudoers.d/README": "# nothing\n",
            running_sshd.PID_FILE: "71\n",
            SSHD_TITLE: "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups\0",
            "/etc/default/ssh": "SSHD_OPTS=\n",
            **dict.fromkeys(file.path for name, file in FILES.items() if name.startswith("dnf")),
        },
        stats={
            running_sshd.PID_FILE: FileStat("file", 0o644, "root", "root", modified=SSHD_HAS_READ),
            **dict.fromkeys(("/", "/home", "/etc/sudoers.d"), directory()),
            **dict.fromkeys(("/etc/nologin", "/run/nologin")),
            "/usr/sbin/sudo": file(0o4755),
            "/bin/bash": file(0o755),
            "/proc/net/if_inet6": file(0o444),
            selinux.ENFORCE: None,
        },
    )


def fresh() -> FakeHost:
    """The host as a cloud gives it: root by key, passwords accepted, nothing of ours."""
    host = _common("openssh-server", "sudo", "systemd-timesyncd")
    host.programs = {name: f"/usr/sbin/{name}" for name in ("sshd", "sudo", "ss", "timedatectl")}
    for part in (NO_PROGRAMS, NO_ACCOUNT, NO_SUDO, SSHD_OPEN):
        put(host, **part)
    return host


def prepared() -> FakeHost:
    """The host after the checklist, on which every check passes."""
    host = _common(*INSTALLED)
    host.programs = {name: f"/usr/sbin/{name}" for name in ("sshd", "sudo", "ss", "timedatectl")}
    put(host, answers={SHOW_UNITS: raw("prepared/systemctl-show.txt")})
    for part in (ACCOUNT, KEYS, SUDO, SSHD_CLOSED, UPDATES, FAIL2BAN, FIREWALL):
        put(host, **part)
    return host
