"""FreeBSD hosts for the tests of the checks: as its images give one, and as the checklist leaves it.

No FreeBSD was at hand: what its tools say is derived from their source (the README of each release's fixtures).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    listeners,
    login_access,
    login_classes,
    master_passwd,
    running_sshd,
    selinux,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.sshd_double import rehearsed_answer
from tests.unit.module_utils._checks.worlds import (
    KEY_LINE,
    SSHD_FILE,
    SSHD_HAS_READ,
    context,
    directory,
    failed,
    file,
    look,
    put,
    raw,
    sshd_says,
)
from tests.unit.module_utils._platform.hosts import fixture

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context, Finding

FREEBSD_14 = Platform("freebsd", "14.5", "", "freebsd", "pkg", service_manager="rc", pretty_name="FreeBSD 14.5-RELEASE")
FREEBSD_15 = Platform("freebsd", "15.1", "", "freebsd", "pkg", service_manager="rc", pretty_name="FreeBSD 15.1-RELEASE")
RELEASES = (FREEBSD_14, FREEBSD_15)
SOCKSTAT = " ".join(listeners.SOCKSTAT)
HOME = "/home/deploy"
AUTHORIZED_KEYS = f"{HOME}/.ssh/authorized_keys"
MAIN = "/etc/ssh/sshd_config"
SUDOERS = "/usr/local/etc/sudoers"
SUDOERS_FILE = f"{SUDOERS}.d/zz-groundwork-deploy"
AS_DEPLOY = "chroot -u deploy -g 1001 -G 1001 /"
READ = f"{AS_DEPLOY} test -r {AUTHORIZED_KEYS}"
TRY_SUDO = f"{AS_DEPLOY} sudo -n -H -u root true"
LIST_SUDO = "sudo -n -l -U deploy"
PS = "ps -ww -o args= -p 912"
TITLE = "sshd: /usr/sbin/sshd{} [listener] 0 of 10-100 startups (sshd)\n"
PROGRAMS = {
    **{name: f"/usr/sbin/{name}" for name in ("sshd", "pw", "service", "sysrc", "chroot")},
    "sockstat": "/usr/bin/sockstat",
}
SUDO_PROGRAMS = {name: f"/usr/local/bin/{name}" for name in ("sudo", "cvtsudoers")}
# The lines of sshd's own file that are no comments (crypto/openssh/sshd_config).
SSHD_CONFIG = "AuthorizedKeysFile\t.ssh/authorized_keys\nSubsystem\tsftp\t/usr/libexec/sftp-server\n"
NO_SUCH_USER = master_passwd.NO_SUCH_USER


def said(name: str, platform: Platform = FREEBSD_14) -> str:
    """What a tool of this release says (`fresh/sshd-T.txt`)."""
    return fixture(f"freebsd-{platform.version}/checklist/{name}")


def on_freebsd(*, platform: Platform = FREEBSD_14, **options) -> Context:
    return context(platform=platform, **options)


def seen(check_id: str, host: FakeHost, *, platform: Platform = FREEBSD_14, **options) -> Finding:
    """What an audit of this host finds with one check."""
    return look(check_id, host, on_freebsd(platform=platform, **options))


def services(**states: str) -> dict[str, str | CommandResult]:
    """rc's answers: `sshd="enabled running"`, `ntpd="disabled stopped"`."""
    answers: dict[str, str | CommandResult] = {}
    for name, state in states.items():
        enabled, running = state.split()
        answers[f"service {name} enabled"] = "" if enabled == "enabled" else failed(1)
        text = said(f"service-onestatus-{running}.txt").replace("sshd", name)
        answers[f"service {name} onestatus"] = text if running == "running" else failed(1, stdout=text)
    return answers


def variables(**values: str) -> dict[str, str | CommandResult]:
    """What rc.conf and its defaults give (`sshd_flags=""`)."""
    return {f"sysrc -i -n {name}": f"{value}\n" for name, value in values.items()}


def pw(name: str, password: str = "*", *, login_class: str = "", change: int = 0, expire: int = 0) -> dict[str, str]:
    """pw's answer about root, toor or the administrator with these fields."""
    line = next(line for line in said("pw-usershow.txt").splitlines() if line.startswith(f"{name}:"))
    fields = line.split(":")
    fields[1], fields[4:7] = password, [login_class, str(change), str(expire)]
    return {f"pw usershow {name}": ":".join(fields) + "\n"}


# What a part of the host is like before and after; `put(host, **PART)` brings it there.
NO_ACCOUNT = {
    "answers": {
        "getent passwd deploy": failed(2),
        "getent group deploy": failed(2),
        "getent group wheel": "wheel:*:0:root\n",
        "pw usershow deploy": failed(NO_SUCH_USER, stderr=said("pw-usershow-unknown.err")),
    },
    "stats": {HOME: None, f"{HOME}/.ssh": None},
    "files": {AUTHORIZED_KEYS: None},
}
ACCOUNT = {
    "answers": {
        "getent passwd deploy": "deploy:*:1001:1001:User &:/home/deploy:/bin/sh\n",
        "getent group deploy": "deploy:*:1001:\n",
        "getent group 1001": "deploy:*:1001:\n",
        "id -G deploy": "1001\n",
        "id -Gn deploy": "deploy\n",
        **pw("deploy"),
    },
    "stats": {HOME: directory(0o750, "deploy", 1001, 1001)},
}
KEYS = {
    "stats": {
        f"{HOME}/.ssh": directory(0o700, "deploy", 1001, 1001),
        AUTHORIZED_KEYS: file(0o600, "deploy", 1001, 1001),
    },
    "answers": {READ: ""},
    "files": {AUTHORIZED_KEYS: f"{KEY_LINE}\n"},
}
NO_SUDO = {"answers": {TRY_SUDO: failed(1, stderr="sudo: a password is required"), LIST_SUDO: raw("sudo/none.txt")}}
SUDO = {"answers": {TRY_SUDO: "", LIST_SUDO: raw("prepared/sudo-l-deploy.txt")}, "programs": SUDO_PROGRAMS}
ROOT_OPEN = {"answers": pw("root", "")}
ROOT_CLOSED = {"answers": pw("root")}


def _common(platform: Platform, state: str) -> FakeHost:
    host = FakeHost(root_group="wheel", programs=dict(PROGRAMS), doubles={"sshd -f": rehearsed_answer})
    return put(
        host,
        answers={
            SOCKSTAT: said(f"{state}/sockstat.txt", platform),
            "sshd -T": said(f"{state}/sshd-T.txt", platform),
            **sshd_says(said(f"{state}/sshd-T.txt", platform)),
            **services(sshd="enabled running"),
            **variables(sshd_flags=""),
            **pw("toor"),
            PS: TITLE.format(""),
            "sshd -t -f /scratch/candidate": "",
            "sudo -n -l -U root": "",
            "sysctl -n kern.hostname": "host.example.org\n",
            f"visudo -c -f {SUDOERS_FILE}": "",
        },
        files={
            "/etc/os-release": fixture(f"freebsd-{platform.version}/os-release"),
            MAIN: SSHD_CONFIG,
            SSHD_FILE: None,
            SUDOERS: "root ALL=(ALL:ALL) ALL\n@includedir /usr/local/etc/sudoers.d\n",
            SUDOERS_FILE: None,
            "/etc/pam.d/sshd": said("pam.d-sshd", platform),
            login_access.FILE: None,
            login_classes.FILE: said("login.conf", platform),
            running_sshd.PID_FILE: "912\n",
            "/proc/912/cmdline": None,
        },
        directories={f"{SUDOERS}.d": ()},
        stats={
            running_sshd.PID_FILE: FileStat("file", 0o644, "root", "wheel", modified=SSHD_HAS_READ),
            **dict.fromkeys(("/", "/home"), directory()),
            "/bin/sh": file(0o555),
            "/usr/local/bin/sudo": file(0o4755),
            f"{SUDOERS}.d": FileStat("directory", 0o755, "root", "wheel"),
            login_classes.NO_LOGIN_FILE: None,
            selinux.ENFORCE: None,
        },
    )


def fresh(platform: Platform = FREEBSD_14) -> FakeHost:
    """The host as an image gives it, with Python: no sudo, no administrator, passwords by way of PAM."""
    host = _common(platform, "fresh")
    for part in (NO_ACCOUNT, NO_SUDO, ROOT_OPEN):
        put(host, **part)
    return host


def prepared(platform: Platform = FREEBSD_14) -> FakeHost:
    """The host after the checklist."""
    host = _common(platform, "prepared")
    for part in (ACCOUNT, KEYS, SUDO, ROOT_CLOSED):
        put(host, **part)
    return host
