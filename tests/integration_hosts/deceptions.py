"""Hosts on which text and effect differ, in rounds of those that do not disturb one another."""

from __future__ import annotations

from dataclasses import dataclass

MAIN = "/etc/ssh/sshd_config"
RELOAD = "systemctl reload ssh"
# systemd has done it once the signal is sent; sshd has read its files once it has written its process' number anew.
RELOADED = f"touch /run/before; {RELOAD}; until [ /run/sshd.pid -nt /run/before ]; do sleep 0.1; done"


@dataclass(frozen=True)
class Deception:
    """`make` builds it as root. `audit` are words that an audit's finding must hold, `status` is the verdict after an
    apply and `words` what the finding must hold then; `proof` names what is tried from outside or asked of the
    program that enforces it.
    """

    name: str
    check: str
    make: str
    audit: tuple[str, ...]
    status: str = "fixed"
    words: tuple[str, ...] = ()
    proof: str = ""


@dataclass(frozen=True)
class Round:
    """Deceptions that are built together, audited once and applied once.

    `first` and `last` are run before and after what they `make`. Where `refused` holds words the run must refuse with
    them and change nothing.
    """

    name: str
    deceptions: tuple[Deception, ...]
    first: str = ""
    last: str = RELOAD
    ssh_port: int | None = None
    refused: tuple[str, ...] = ()


def at_the_top(line: str) -> str:
    """sshd takes the first value that it reads."""
    return f"sed -i '1i {line}' {MAIN}"


def at_the_end(*lines: str) -> str:
    return "\n".join(f"echo '{line}' >> {MAIN}" for line in lines)


def origins(text: str) -> str:
    return f"cat > /etc/apt/apt.conf.d/50unattended-upgrades <<'END'\n{text}\nEND"


def jail(*lines: str) -> str:
    return "printf '%s\\n' '[sshd]' " + " ".join(f"'{line}'" for line in lines) + " > /etc/fail2ban/jail.d/site.local"


# The lists of the host's own security archive alone: those of a whole distribution take long.
UPDATE_LISTS = (
    "apt-get -qq update -o Dir::Etc::SourceList=/etc/apt/sources.list.d/groundwork.list -o Dir::Etc::SourceParts=-"
)
RESTART_JAIL = "systemctl restart fail2ban; until fail2ban-client ping >/dev/null 2>&1; do sleep 0.2; done"
UFW_ON = "ufw allow 22/tcp >/dev/null; ufw --force enable >/dev/null"

MENDED_BY_A_FIRST_FILE = Round(
    "a first run over what a cloud gives",
    (
        Deception(
            "passwords switched on by cloud-init's drop-in, off in the main file",
            "SSH-002",
            at_the_end("PasswordAuthentication no"),
            ("PasswordAuthentication yes", "50-cloud-init.conf line 1"),
            proof="only keys are offered",
        ),
        Deception(
            "keyboard-interactive logins left open beside PasswordAuthentication no",
            "SSH-003",
            f"sed -i 's/^KbdInteractiveAuthentication no/KbdInteractiveAuthentication yes/' {MAIN}",
            ("KbdInteractiveAuthentication yes", f"{MAIN} line"),
            proof="only keys are offered",
        ),
        Deception(
            "a second Include behind the first one",
            "SSH-005",
            at_the_end("Include /etc/ssh/late.conf") + "\necho 'PermitEmptyPasswords yes' > /etc/ssh/late.conf",
            ("PermitEmptyPasswords yes", "/etc/ssh/late.conf line 1"),
            proof="sshd says no to empty passwords",
        ),
        Deception(
            "root without a password, and with keys in its file",
            "SSH-001",
            at_the_end("PermitRootLogin prohibit-password"),
            ("PermitRootLogin prohibit-password",),
            proof="root is refused",
        ),
        Deception(
            "a semicolon missing between two origins",
            "UPD-002",
            origins(
                "Unattended-Upgrade::Allowed-Origins {\n"
                '  "${distro_id}:${distro_codename}-security"\n  "${distro_id}:${distro_codename}-updates";\n};'
            ),
            ("allowed: origin=Ubuntu,suite=jammy-updates",),
            proof="a security update would be installed",
        ),
        Deception(
            "a jail that reads a log whose writer is gone",
            "BAN-001",
            "systemctl disable -q --now rsyslog syslog.socket\n"
            "echo 'Jan 1 00:00:00 here sshd[9]: Failed password for root' > /var/log/auth.log\n"
            "touch -d '2026-01-01' /var/log/auth.log\n"
            + jail("enabled = true", "backend = polling", "logpath = /var/log/auth.log")
            + f"\n{RESTART_JAIL}",
            ("nobody writes sshd's messages to /var/log/auth.log any more",),
            proof="a stranger's failed login is counted",
        ),
        Deception(
            "a ufw that is enabled and not loaded",
            "FW-001",
            UFW_ON + "\nfor table in iptables ip6tables; do $table -P INPUT ACCEPT; $table -F; $table -X; done",
            ("no rule in the kernel denies",),
            proof="a stranger reaches sshd and nothing else",
        ),
    ),
    first=UPDATE_LISTS,
)

PLACES_THAT_WIN = Round(
    "what a file of ours cannot overrule",
    (
        Deception(
            "a value inside another user's Match",
            "SSH-002",
            "useradd bob\n" + at_the_end("Match User bob", "  PasswordAuthentication yes"),
            ("yes for", "bob", "below Match User bob"),
            status="fail",
            words=(f"{MAIN} line", "below Match User bob"),
        ),
        Deception(
            "a Match tail that fits everybody",
            "SSH-002",
            at_the_end("Match all", "  PasswordAuthentication yes"),
            ("yes for deploy, root", "below Match all"),
            status="fail",
            words=(f"{MAIN} line", "below Match all"),
        ),
        Deception(
            "a drop-in whose name sorts before ours",
            "SSH-003",
            "echo 'KbdInteractiveAuthentication yes' > /etc/ssh/sshd_config.d/00-a.conf",
            ("KbdInteractiveAuthentication yes", "/etc/ssh/sshd_config.d/00-a.conf line 1"),
            status="fail",
            words=("/etc/ssh/sshd_config.d/00-a.conf line 1",),
        ),
        Deception(
            "a second Include before the first one",
            "SSH-005",
            at_the_top("Include /etc/ssh/early.conf") + "\necho 'PermitEmptyPasswords yes' > /etc/ssh/early.conf",
            ("PermitEmptyPasswords yes", "/etc/ssh/early.conf line 1"),
            status="fail",
            words=("/etc/ssh/early.conf line 1",),
        ),
        Deception(
            "an option on sshd's command line",
            "SSH-001",
            "echo 'SSHD_OPTS=\"-o PermitRootLogin=yes\"' > /etc/default/ssh",
            ("PermitRootLogin yes", "command line", "/etc/default/ssh"),
            status="fail",
            words=("-o PermitRootLogin=yes", "/etc/default/ssh"),
        ),
        Deception(
            "a port inside ListenAddress, and another one asked for",
            "SSH-006",
            at_the_top("ListenAddress 0.0.0.0:2022") + "\n" + at_the_top("ListenAddress 0.0.0.0:22"),
            ("configured: 22, 2022", "ListenAddress names a port", f"{MAIN} line 2"),
            status="fail",
            words=("ListenAddress names a port",),
        ),
    ),
    last="systemctl restart ssh",
    ssh_port=22,
)

SHUT_WAYS_IN = Round(
    "an administrator who is one by text only",
    (
        Deception(
            "a rule that a later sudoers file takes away",
            "ACC-003",
            "echo 'deploy ALL=(ALL:ALL) NOPASSWD: ALL' > /etc/sudoers.d/90-deploy\n"
            "echo 'deploy ALL=(ALL:ALL) !ALL' > /etc/sudoers.d/zzz-site",
            ("sudo",),
            status="fail",
        ),
        Deception(
            "keys in a file while sshd reads those of AuthorizedKeysCommand alone",
            "ACC-002",
            at_the_end(
                "Match User deploy",
                "  AuthorizedKeysFile none",
                "  AuthorizedKeysCommand /usr/bin/cat /etc/ssh/deploy.keys",
                "  AuthorizedKeysCommandUser nobody",
            )
            + "\ncp /home/deploy/.ssh/authorized_keys /etc/ssh/deploy.keys",
            ("reads keys from",),
            status="fail",
        ),
        Deception(
            "a port that was changed and never loaded",
            "SSH-006",
            "",
            ("configured: 2222", "nobody listens on 2222"),
            status="fail",
        ),
    ),
    first="useradd -m -s /bin/bash deploy; install -d -m 0700 -o deploy -g deploy /home/deploy/.ssh\n"
    "install -m 0600 -o deploy -g deploy /tmp/admin.pub /home/deploy/.ssh/authorized_keys",
    last=f"{RELOADED}; {at_the_top('Port 2222')}",
    refused=("Refused", "sudo", "reads keys from", "python_host_ssh_port to 2222"),
)

MENDED_BEHIND_A_GOOD_TEXT = Round(
    "files that look right",
    (
        Deception(
            "a file of sshd's that was edited and never loaded",
            "SSH-001",
            # The last thing of all: what another row changes is loaded first.
            "",
            ("PermitRootLogin no", f"has not read {MAIN}"),
            proof="root is refused",
        ),
        Deception(
            "a daemon older than its configuration",
            "SSH-007",
            "",
            (f"has not read {MAIN}",),
            proof="sshd has read its files",
        ),
        Deception(
            "a jail for one port, and another one inside ListenAddress",
            "BAN-001",
            at_the_top("ListenAddress 0.0.0.0:2022")
            + "\n"
            + at_the_top("ListenAddress 0.0.0.0:22")
            + "\n"
            + jail("enabled = true", "port = ssh")
            + f"\n{RESTART_JAIL}",
            ("does not block port 2022",),
            proof="a ban shuts both ports",
        ),
        Deception(
            "origins of Debian alone",
            "UPD-002",
            origins(
                "Unattended-Upgrade::Origins-Pattern {\n"
                '  "origin=Debian,codename=${distro_codename}-security,label=Debian-Security";\n};'
            ),
            ("allowed: codename=jammy-security", "origin=Debian"),
            proof="a security update would be installed",
        ),
        Deception(
            "daily updates under a main switch that is off",
            "UPD-001",
            "echo 'APT::Periodic::Enable \"0\";' > /etc/apt/apt.conf.d/10site",
            ("APT::Periodic::Enable is 0",),
            proof="the daily run is switched on",
        ),
        Deception(
            "a ufw that is loaded and not at the next boot",
            "FW-001",
            UFW_ON + "\nsed -i s/ENABLED=yes/ENABLED=no/ /etc/ufw/ufw.conf",
            ("nothing loads the rules at the next boot",),
            proof="ufw loads at boot",
        ),
    ),
    first=f"{UPDATE_LISTS}\nrm /etc/sudoers.d/zzz-site\nsed -i '/^Port 2222/d; /^Match User deploy/,$d' " + MAIN,
    last=f"{RELOADED}; {at_the_top('PermitRootLogin no')}",
)

# One host for each list, so that two go at the same time.
HOSTS = {
    "deceptive-one": (MENDED_BY_A_FIRST_FILE, PLACES_THAT_WIN),
    "deceptive-two": (SHUT_WAYS_IN, MENDED_BEHIND_A_GOOD_TEXT),
}
