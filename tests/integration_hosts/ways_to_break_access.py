"""Ways to break one's own access: what makes the run of the checklist a trap, and what the run says or mends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# An administrator who is there already, as an earlier run would have made him.
ADMIN = """\
useradd -m -d /home/deploy -s /bin/bash -p '*' -U deploy
install -d -m 0700 -o deploy -g deploy /home/deploy/.ssh
printf '%s\\n' '{public_key}' > /home/deploy/.ssh/authorized_keys
chown deploy:deploy /home/deploy/.ssh/authorized_keys
chmod 0600 /home/deploy/.ssh/authorized_keys
printf 'deploy ALL=(ALL:ALL) NOPASSWD: ALL\\n' > {etc}/sudoers.d/deploy
chmod 0440 {etc}/sudoers.d/deploy
"""
OTHER_FIREWALL = """\
cat > /etc/nftables.conf <<'RULES'
#!/usr/sbin/nft -f
flush ruleset
table inet filter {{
    chain input {{
        type filter hook input priority 0; policy drop;
        ct state established,related accept
        iif lo accept
        tcp dport 22 accept
        reject with tcp reset
    }}
}}
RULES
systemctl enable --now nftables.service
"""
# As Ubuntu has it: the service goes with its socket, so that the socket can be restarted.
SOCKET = """\
mkdir -p /etc/systemd/system/ssh.socket.d /etc/systemd/system/ssh.service.d
printf '[Unit]\\nAfter=ssh.socket\\nRequires=ssh.socket\\n' > /etc/systemd/system/ssh.service.d/00-socket.conf
printf '[Socket]\\nListenStream=\\nListenStream=22\\nListenStream=127.0.0.1:2222\\n' \
    > /etc/systemd/system/ssh.socket.d/listen.conf
systemctl daemon-reload
systemctl disable --now ssh.service
systemctl enable --now ssh.socket
# The first connection starts the service.
python3 -c 'import socket; socket.create_connection(("127.0.0.1", 22)).recv(4)'
"""
REFUSED_BY_SSHD = "00-groundwork.conf was put back as it was, because its daemon refused it"


@dataclass(frozen=True)
class Way:
    """`trap` is a script that root runs on the host; {public_key}, {controller} and the words of systems.py are filled
    in.

    `words` stand in the refusal; without words the run mends the trap and proves the login. The run that shall fall
    into the trap leaves out the checks that would mend it, or would wait for what the trap keeps from being mended.
    `not_on` says, by family or system, why there is no such way there. `may_be_noticed` is what the run says where
    systemd learns of the trouble before its reload has ended, which is a matter of milliseconds: it then takes the file
    back without waiting for a login to fail.
    """

    name: str
    trap: str
    words: tuple[str, ...] = ()
    variables: Mapping[str, object] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    not_on: Mapping[str, str] = field(default_factory=dict)
    may_be_noticed: str = ""


WAYS = (
    Way(
        "AllowUsers without the administrator",
        "printf 'AllowUsers root\\n' | sshd_lines 60-users; systemctl reload {service}",
        ("allowusers", "deploy"),
    ),
    Way(
        "a port that the firewall keeps closed",
        OTHER_FIREWALL,
        ("firewall", "2222/tcp"),
        {"python_host_ssh_port": 2222},
        not_on={
            "redhat": "its nftables.service reads another file, which traps.py does without",
            "freebsd": "nftables is Linux's",
        },
    ),
    Way(
        "a port that ssh.socket does not listen on for others",
        SOCKET,
        ("ssh.socket listens on 22", "python_host_ssh_port"),
        {"python_host_ssh_port": 2222},
        not_on={
            "redhat": "its socket starts an sshd for each connection; traps.py has it",
            "freebsd": "no service listens for FreeBSD's sshd",
        },
    ),
    Way(
        "a firewall that waits with a rule against this address",
        "ufw reject proto tcp from {controller} to any port 22",
        ("ufw", "22/tcp"),
        not_on={"redhat": "ufw is no firewall of Enterprise Linux", "freebsd": "ufw is no firewall of FreeBSD"},
    ),
    Way(
        "a firewall that waits to be started with a rule against this address",
        "systemctl disable --now firewalld\n"
        "firewall-offline-cmd --zone=public --add-rich-rule='rule family=ipv4 source address={controller} reject'",
        ("firewalld", "22/tcp"),
        not_on={
            "debian": "firewalld is no firewall of Ubuntu",
            "rocky8": "firewalld is tried on the other host of this family",
            "freebsd": "firewalld is no firewall of FreeBSD",
        },
    ),
    Way(
        "a later sudoers file that takes everything away",
        ADMIN
        + "printf 'deploy ALL=(ALL:ALL) !ALL\\n' > {etc}/sudoers.d/zzz-later; chmod 0440 {etc}/sudoers.d/zzz-later",
        ("sudo", "deploy"),
        left_out=("ACC-003",),
    ),
    Way("the key removed", ADMIN + ": > /home/deploy/.ssh/authorized_keys", left_out=("ACC-002",)),
    Way(
        "a key file that everybody may write",
        ADMIN + "chmod 0666 /home/deploy/.ssh/authorized_keys",
        left_out=("ACC-002",),
    ),
    Way("a home that everybody may write", ADMIN + "chmod 0777 /home/deploy", left_out=("ACC-002",)),
    Way("a shell that ends every login", ADMIN + "usermod -s /usr/sbin/nologin deploy", left_out=("ACC-001",)),
    Way("an account that has expired", ADMIN + "chage -E 1 deploy", ("expired", "deploy"), left_out=("ACC-003",)),
    Way(
        "an sshd that dies on its reload",
        # On both address families, or sshd would live on with the other.
        "hold_port {python} -m http.server --bind :: 2222",
        ("another program", "2222/tcp"),
        {"python_host_ssh_port": 2222},
        may_be_noticed=REFUSED_BY_SSHD,
    ),
    Way(
        "a reload that sshd does not survive",
        "hold_port {python} -m http.server --bind :: 2222\n"
        "mkdir -p /etc/systemd/system/{service}.service.d\n"
        "printf '[Service]\\nExecReload=/bin/sleep 1\\n' > /etc/systemd/system/{service}.service.d/slow.conf\n"
        "systemctl daemon-reload",
        ("another program", "2222/tcp"),
        {"python_host_ssh_port": 2222},
        not_on={"freebsd": "rc does not wait for a daemon to have read its files"},
        may_be_noticed=REFUSED_BY_SSHD,
    ),
)
