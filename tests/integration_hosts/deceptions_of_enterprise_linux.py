"""Hosts of the Enterprise Linux family on which text and effect differ."""

from __future__ import annotations

from tests.integration_hosts.deceptions import Deception, Round, at_the_end, jail

RELOAD = "systemctl reload sshd"
AUTOMATIC = "/etc/dnf/automatic.conf"
RESTART_JAIL = "systemctl enable -q fail2ban; systemctl restart fail2ban\n" + (
    "until fail2ban-client ping >/dev/null 2>&1; do sleep 0.2; done"
)
# systemd calls it started before its rules are loaded; it answers afterwards.
FIREWALLD_ON = "systemctl unmask -q firewalld; systemctl enable -q --now firewalld; firewall-cmd --get-default-zone"


def automatic(name: str, value: str) -> str:
    """Another value in the file, outside of any block of ours."""
    return f"sed -i 's/^{name} = .*/{name} = {value}/' {AUTOMATIC}"


AFTER_AN_INSTALLER = Round(
    "a first run over what an installer leaves",
    (
        Deception(
            "root let in by the installer's drop-in, refused in the main file",
            "SSH-001",
            at_the_end("PermitRootLogin no"),
            ("PermitRootLogin yes", "01-permitrootlogin.conf line"),
            proof="root is refused",
        ),
        Deception(
            "passwords switched on by cloud-init's drop-in on Enterprise Linux",
            "SSH-002",
            at_the_end("PasswordAuthentication no"),
            ("PasswordAuthentication yes", "50-cloud-init.conf line 1"),
            proof="only keys are offered",
        ),
        Deception(
            "automatic updates that are only told of",
            "UPD-001",
            "systemctl enable -q --now dnf-automatic-notifyonly.timer",
            ("what dnf-automatic-notifyonly.timer starts installs nothing (--no-installupdates)",),
            proof="the timer's own run installs the update",
        ),
        Deception(
            "security updates alone, where no repository says which those are",
            "UPD-002",
            automatic("upgrade_type", "security"),
            ("upgrade_type is security", "baseos", "nothing of theirs is ever installed"),
            words=("all updates",),
        ),
        Deception(
            "a firewalld that is masked",
            "FW-001",
            "systemctl mask -q --now firewalld",
            ("firewalld.service is masked",),
            status="fail",
            words=("systemctl unmask firewalld.service",),
        ),
        Deception(
            "a jail that a file of the site's switches off, beside a firewalld that does not run",
            "BAN-001",
            jail("enabled = false") + f"\n{RESTART_JAIL}",
            ("no sshd jail is loaded",),
            proof="a ban holds off a stranger",
        ),
    ),
    first="dnf -q makecache",
    last=RELOAD,
)

LOADED_AND_NOT_KEPT = Round(
    "what is in force and not in store",
    (
        Deception(
            "SSH let in until firewalld's next reload",
            "FW-001",
            "firewall-cmd -q --permanent --zone=public --remove-service=ssh",
            ("22/tcp is let in until firewalld's next reload (zone public)",),
            proof="SSH is let in after a reload",
        ),
        Deception(
            "a second timer beside the first one",
            "UPD-001",
            "systemctl enable -q --now dnf-automatic-download.timer",
            ("2 of its timers are on",),
        ),
        Deception(
            "every package left out by dnf's own configuration",
            "UPD-002",
            "echo 'excludepkgs=*' >> /etc/dnf/dnf.conf",
            ("every package is left out",),
            status="fail",
            words=("excludepkgs = *",),
        ),
        Deception(
            "a jail that reads a log whose writer is gone, on Enterprise Linux",
            "BAN-001",
            "rm -f /etc/fail2ban/jail.d/zz-groundwork.local\n"
            "systemctl disable -q --now rsyslog\n"
            "echo 'Jan 1 00:00:00 here sshd[9]: Failed password for root' > /var/log/secure\n"
            "touch -d '2026-01-01' /var/log/secure\n"
            + jail("enabled = true", "backend = polling", "logpath = /var/log/secure")
            + f"\n{RESTART_JAIL}",
            ("nobody writes sshd's messages to /var/log/secure any more",),
            proof="a stranger's failed login is counted",
        ),
        Deception(
            "a value inside another user's Match on Enterprise Linux",
            "SSH-002",
            "useradd bob\n" + at_the_end("Match User bob", "  PasswordAuthentication yes"),
            ("yes for", "bob", "below Match User bob"),
            status="fail",
            words=("below Match User bob",),
        ),
    ),
    first=FIREWALLD_ON,
    last=RELOAD,
)

OPEN_ZONE = Round(
    "a zone with an open target",
    (
        Deception(
            "a firewalld whose zone accepts everything",
            "FW-001",
            "firewall-cmd -q --permanent --zone=public --set-target=ACCEPT; firewall-cmd -q --reload",
            ("zone public accepts everything",),
            status="fail",
            words=("zone public accepts everything",),
        ),
        Deception(
            "a file of dnf-automatic's that dnf cannot read",
            "UPD-001",
            f"sed -i '1a apply_updates: yes' {AUTOMATIC}",
            (AUTOMATIC, "line 2"),
            status="fail",
            words=("line 2",),
        ),
        Deception(
            "a fail2ban that runs and does not start at boot",
            "BAN-001",
            "systemctl disable -q fail2ban",
            ("fail2ban does not start at boot",),
        ),
    ),
    last=RELOAD,
)

RULE_IN_STORE = Round(
    "a rule against the operator that waits for firewalld to start",
    (
        Deception(
            "a rich rule in store that rejects the operator",
            "FW-001",
            "source=$(ip route | sed -n 's/^default via \\([^ ]*\\).*/\\1/p')\n"
            'firewall-offline-cmd -q --add-rich-rule="rule family=ipv4 source address=$source reject"',
            ("no rule in the kernel denies",),
            status="fail",
        ),
    ),
    first="systemctl disable -q --now firewalld",
    last=RELOAD,
    refused=("Refused", "holds a rule against 22/tcp", "--remove-rich-rule"),
)

RULES_GONE = Round(
    "a firewall that is there by text only",
    (
        Deception(
            "a firewalld that runs and whose rules are gone",
            "FW-001",
            "nft flush ruleset",
            ("no rule in the kernel denies",),
            proof="a stranger reaches sshd and nothing else",
        ),
        Deception(
            "an option in a drop-in of the timer's service",
            "UPD-001",
            "install -d /etc/systemd/system/dnf-automatic.service.d\n"
            "printf '%s\\n' '[Service]' ExecStart= 'ExecStart=/usr/bin/dnf-automatic --no-installupdates' "
            "> /etc/systemd/system/dnf-automatic.service.d/site.conf\n"
            "systemctl daemon-reload; systemctl enable -q --now dnf-automatic.timer",
            ("installs nothing (--no-installupdates)",),
            status="fail",
            words=("--no-installupdates",),
        ),
    ),
    first=f"rm -f /etc/firewalld/zones/*; {FIREWALLD_ON}",
    last=RELOAD,
)

ANOTHER_ZONE = Round(
    "a zone that bans do not reach",
    (
        Deception(
            "a jail whose bans go to another zone than strangers come in by",
            "BAN-001",
            "rm -f /etc/fail2ban/jail.d/zz-groundwork.local\n"
            "firewall-cmd -q --permanent --zone=work --change-interface=eth0; firewall-cmd -q --reload\n"
            + jail("enabled = true", "backend = systemd")
            + f"\n{RESTART_JAIL}",
            ("firewalld's default zone public, and strangers come in by zone work",),
            proof="a ban holds off a stranger",
        ),
        Deception(
            "a timer that is on, and a file that lets it install nothing",
            "UPD-001",
            f"sed -i '/^# BEGIN groundwork/,/^# END groundwork/d' {AUTOMATIC}",
            (f"apply_updates = no in {AUTOMATIC}",),
            proof="the timer's own run installs the update",
        ),
    ),
    first="rm /etc/systemd/system/dnf-automatic.service.d/site.conf; systemctl daemon-reload",
    last=RELOAD,
)

HOSTS = {
    "deceptive-el-one": (AFTER_AN_INSTALLER, LOADED_AND_NOT_KEPT, OPEN_ZONE),
    "deceptive-el-two": (RULE_IN_STORE, RULES_GONE, ANOTHER_ZONE),
}
