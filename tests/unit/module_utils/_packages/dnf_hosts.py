"""Fake Enterprise Linux hosts whose dnf answers as the real one did."""

from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import (
    dnf_command,
    rpm_private,
    rpm_words,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Native, PackageRequest
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_history import HISTORY
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_locks import DNF_LOCKS
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_private import WRITING_PLUGINS
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._packages import hosts
from tests.unit.module_utils._platform.hosts import fixture

CENTOS = Platform("centos", "9", family="redhat", package_tool="dnf", service_manager="systemd")
ROCKY = Platform("rocky", "8.10", family="redhat", package_tool="dnf", service_manager="systemd")
RHEL = Platform("rhel", "9.4", family="redhat", package_tool="dnf", service_manager="systemd")
QUERY = " ".join(rpm_words.QUERY)
REPOSITORIES = """[baseos]
name=CentOS Stream $releasever - BaseOS
enabled=1
gpgcheck=1

[crb]
name=CentOS Stream $releasever - CRB
enabled=0
gpgcheck=1
"""
VALID_TIME = 3600
# Without its own row no answer of rpm is believed.
RPM = "rpm\t0:4.18.0-1.el9\tx86_64\trpm rpm(x86-64) \n"
DATABASE = "/var/lib/rpm"
COPY_OF_DATABASE = "/scratch/rpm/database"
# The state of the last transaction in dnf's record: one that came to its end, and one that did not.
ENDED: tuple[tuple[object, ...], ...] = ((1,),)
NOT_ENDED: tuple[tuple[object, ...], ...] = ((0,),)
LATEST = "--setopt=best=True"
ANYTHING = "--setopt=best=False"
SCRIPT = "/scratch/dnf/script"
VERSIONLOCK = (
    "python3-dnf-plugin-versionlock\t0:4.3.0-1.el9\tnoarch\tpython3-dnf-plugin-versionlock dnf-command(versionlock) \n"
)
PRIVATE = (
    "--setopt=cachedir=/scratch/dnf/var/cache/dnf",
    "--setopt=persistdir=/scratch/dnf/var/lib/dnf",
    "--setopt=logdir=/scratch/dnf/log",
    f"--disableplugin={','.join(WRITING_PLUGINS)}",
)


def text(name: str) -> str:
    """What dnf or rpm printed."""
    return fixture(f"centos-9-standin/dnf/{name}")


def answered(name: str, rc: int = 1) -> CommandResult:
    """What dnf answered; a simulation that would change something ends with 1."""
    return CommandResult((), rc, text(f"{name}.txt"), text(f"{name}.err"))


def settings(*more: str, check_mode: bool = False, valid_time: float = VALID_TIME) -> dnf_command.Settings:
    return dnf_command.Settings(valid_time, more=(*(PRIVATE if check_mode else ()), *more))


def simulation(*command: str, more: tuple[str, ...] = (), check_mode: bool = False) -> str:
    path = SCRIPT if dnf_command.THEN in command else ""
    return " ".join(dnf_command.simulate(settings(*more, check_mode=check_mode), command, path=path))


def transaction(*command: str) -> str:
    path = SCRIPT if dnf_command.THEN in command else ""
    return " ".join(dnf_command.transact(dnf_command.Settings(), command, path=path))


def question(*command: str) -> str:
    return " ".join(dnf_command.ask(settings(), *command))


def forgetting(*labels: str) -> str:
    """Taking these packages out of the copy of rpm's database."""
    return " ".join(["rpm", "--dbpath", COPY_OF_DATABASE, *rpm_private.FORGET, *labels])


def dnf_host(
    *, installed: str | None = None, files: dict[str, str | None] | None = None, **answers: object
) -> FakeHost:
    """A host with two repositories, one of them enabled, on which no other dnf is at work."""
    known = {
        **dict.fromkeys(DNF_LOCKS),
        "/etc/dnf/dnf.conf": "[main]\ngpgcheck=1\n",
        "/etc/dnf/plugins/versionlock.conf": None,
        "/etc/yum.repos.d/centos.repo": REPOSITORIES,
        **(files or {}),
    }
    return FakeHost(
        answers={
            QUERY: text("rpm-qa.txt") if installed is None else installed,
            "df -Pk /usr": DISK,
            "rpm --eval %_dbpath": f"{DATABASE}\n",
            f"mkdir -p {COPY_OF_DATABASE}": "",
            f"cp --archive {DATABASE}/rpmdb.sqlite {COPY_OF_DATABASE}": "",
            **answers,
        },
        files=known,
        directories={
            "/etc/yum.repos.d": ("centos.repo",),
            "/var/cache/dnf": (),
            "/var/lib/dnf": (),
            "/etc/dnf/plugins": (),
            "/usr": (),
            DATABASE: (".rpm.lock", "rpmdb.sqlite"),
        },
        databases={HISTORY: ENDED},
        programs={"dnf": "/usr/bin/dnf"},
        links={"/usr/bin/dnf": "dnf-3"},
    )


def process(pid: int, name: str, *, started: int = 0, library: str = "librpm.so.9") -> dict[str, str]:
    """What /proc says of a process that has started that many seconds after 1970, and of what it has loaded."""
    return {
        "/proc/stat": "cpu 1 2 3\nbtime 0\n",
        f"/proc/{pid}/comm": f"{name}\n",
        f"/proc/{pid}/stat": f"{pid} ({name} (x)) S {'0 ' * 18}{started * 100} 0 0\n",
        f"/proc/{pid}/maps": f"7f00-7f10 r-xp 00000000 08:01 12 /usr/lib64/{library}\n",
    }


DISK = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda1 20000000 5000000 15000000 25% /\n"


def session(host: FakeHost, *, check_mode: bool = False, platform: Platform = CENTOS, **options: object):
    return hosts.session(host, check_mode=check_mode, platform=platform, **options)


def plan(host: FakeHost, request: PackageRequest, **options: object):
    packages, _executor = session(host, **options)
    return packages.plan(request)


def native(name: str, version: str = "") -> Native:
    return Native(name, version=version)
