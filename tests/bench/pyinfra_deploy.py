"""What builtin_tasks.yml leads to, for pyinfra."""

from __future__ import annotations

from pathlib import Path

from pyinfra import host
from pyinfra.facts.server import Command
from pyinfra.operations import apt, dnf, files, pip, server, systemd

ADMIN = "deploy"
APPLICATION = "app"
VENV = "/srv/bench-pyinfra/venv"
HERE = Path(__file__).parent
APT_PACKAGES = ["fail2ban", "python3-systemd", "iptables", "sudo", "ufw", "unattended-upgrades", "python3-venv"]
DNF_PACKAGES = ["fail2ban", "fail2ban-systemd", "fail2ban-firewalld", "firewalld", "sudo", "dnf-automatic"]
IS_DEBIAN = host.data.family == "debian"
UPDATE_TIMERS = ("apt-daily.timer", "apt-daily-upgrade.timer") if IS_DEBIAN else ("dnf-automatic.timer",)


def put(source: str, dest: str, mode: str):
    return files.put(name=f"Write {dest}", src=str(HERE / source), dest=dest, mode=mode)


def answer(command: str) -> str:
    return host.get_fact(Command, command=command) or ""


def switch_ufw_on() -> None:
    firewall = answer("ufw status verbose")
    if "22/tcp" not in firewall:
        server.shell(name="Let SSH in", commands=["ufw allow 22/tcp"])
    if "deny (incoming)" not in firewall:
        server.shell(name="Deny everything else", commands=["ufw default deny incoming"])
    if "Status: active" not in firewall:
        server.shell(name="Switch the firewall on", commands=["ufw --force enable"])


def switch_firewalld_on() -> None:
    systemd.service(name="Switch the firewall on", service="firewalld", running=True, enabled=True)
    if "ssh" not in answer("firewall-cmd --permanent --list-services").split():
        server.shell(
            name="Let SSH in", commands=["firewall-cmd --permanent --add-service=ssh", "firewall-cmd --reload"]
        )


if IS_DEBIAN:
    apt.packages(name="Install the packages", packages=APT_PACKAGES, no_recommends=True, update=True, cache_time=3600)
else:
    dnf.packages(name="Install the packages", packages=DNF_PACKAGES)
server.user(
    name="Create the administrator",
    user=ADMIN,
    shell="/bin/bash",
    create_home=True,
    public_keys=[host.data.bench_public_key],
)
files.line(
    name="Let the administrator become root",
    path="/etc/sudoers.d/zz-bench-pyinfra",
    line=f"{ADMIN} ALL=(ALL:ALL) NOPASSWD: ALL",
)
if IS_DEBIAN:
    put("families/debian/updates.conf", "/etc/apt/apt.conf.d/zz-bench-pyinfra", "644")
else:
    files.line(
        name="Let automatic updates be installed",
        path="/etc/dnf/automatic.conf",
        line="^apply_updates *=.*",
        replace="apply_updates = yes",
    )
for timer in UPDATE_TIMERS:
    systemd.service(name=f"Enable {timer}", service=timer, running=True, enabled=True)
jail = put("files/jail.conf", "/etc/fail2ban/jail.d/zz-bench-pyinfra.conf", "644")
systemd.service(name="Enable fail2ban", service="fail2ban", running=True, enabled=True)
systemd.service(name="Restart fail2ban", service="fail2ban", restarted=True, _if=jail.did_change)

if IS_DEBIAN:
    switch_ufw_on()
else:
    switch_firewalld_on()

doors = put("files/sshd.conf", "/etc/ssh/sshd_config.d/01-bench-pyinfra.conf", "600")
systemd.service(name="Reload sshd", service=host.data.sshd_unit, reloaded=True, _if=doors.did_change)
if not answer("passwd -S root").startswith(("root L ", "root LK ")):
    server.shell(name="Lock root's password", commands=["passwd -l root"])

server.user(
    name="Create the application's user",
    user=APPLICATION,
    system=True,
    home=f"/srv/{APPLICATION}",
    ensure_home=False,
    shell="/usr/sbin/nologin",
)
files.directory(
    name="Create the application's directory", path=str(Path(VENV).parent), user=APPLICATION, group=APPLICATION
)
pip.venv(name="Create the virtual environment", path=VENV, python="python3", _sudo_user=APPLICATION)
pip.packages(
    name="Install the application's requirements",
    packages=["gunicorn==23.0.0"],
    virtualenv=VENV,
    _sudo_user=APPLICATION,
)
