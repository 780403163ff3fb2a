"""What builtin_tasks.yml leads to, for pyinfra."""

from __future__ import annotations

from pathlib import Path

from pyinfra import host
from pyinfra.facts.server import Command
from pyinfra.operations import apt, files, pip, server, systemd

ADMIN = "deploy"
APPLICATION = "app"
VENV = "/srv/bench-pyinfra/venv"
PACKAGES = ["fail2ban", "python3-systemd", "iptables", "sudo", "ufw", "unattended-upgrades", "python3-venv"]
FILES = Path(__file__).parent / "files"


def put(name: str, dest: str, mode: str):
    return files.put(name=f"Write {dest}", src=str(FILES / name), dest=dest, mode=mode)


apt.packages(name="Install the packages", packages=PACKAGES, no_recommends=True, update=True, cache_time=3600)
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
put("updates.conf", "/etc/apt/apt.conf.d/zz-bench-pyinfra", "644")
for timer in ("apt-daily.timer", "apt-daily-upgrade.timer"):
    systemd.service(name=f"Enable {timer}", service=timer, running=True, enabled=True)
jail = put("jail.conf", "/etc/fail2ban/jail.d/zz-bench-pyinfra.conf", "644")
systemd.service(name="Enable fail2ban", service="fail2ban", running=True, enabled=True)
systemd.service(name="Restart fail2ban", service="fail2ban", restarted=True, _if=jail.did_change)

firewall = host.get_fact(Command, command="ufw status verbose") or ""
if "22/tcp" not in firewall:
    server.shell(name="Let SSH in", commands=["ufw allow 22/tcp"])
if "deny (incoming)" not in firewall:
    server.shell(name="Deny everything else", commands=["ufw default deny incoming"])
if "Status: active" not in firewall:
    server.shell(name="Switch the firewall on", commands=["ufw --force enable"])

doors = put("sshd.conf", "/etc/ssh/sshd_config.d/01-bench-pyinfra.conf", "600")
systemd.service(name="Reload sshd", service="ssh", reloaded=True, _if=doors.did_change)
if "root L" not in (host.get_fact(Command, command="passwd -S root") or ""):
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
