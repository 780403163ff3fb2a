"""Hosts of FreeBSD on which text and effect differ."""

from __future__ import annotations

from tests.integration_hosts.deceptions import MAIN, Deception, Round, at_the_end
from tests.integration_hosts.systems import FREEBSD

RELOAD = "service sshd reload"
RULES = "set skip on lo\\nblock in\\npass out\\npass in proto tcp to port 22\\n"

AS_IT_COMES = Round(
    "a first run over a good text of FreeBSD's",
    (
        Deception(
            "root let in at the top, refused at the end",
            "SSH-001",
            "echo 'PermitRootLogin yes' | sshd_lines top\n" + at_the_end("PermitRootLogin no"),
            ("PermitRootLogin yes", f"{MAIN} line 1"),
            proof="root is refused",
        ),
        Deception(
            "passwords let in by PAM, beside PasswordAuthentication no",
            "SSH-003",
            at_the_end("PasswordAuthentication no"),
            ("KbdInteractiveAuthentication yes",),
            proof="only keys are offered",
        ),
        Deception(
            "an update job of FreeBSD's own, which fetches and installs nothing",
            "UPD-001",
            "echo '0 3 * * * root /usr/sbin/freebsd-update cron' >> /etc/crontab",
            ("no crontab that cron reads starts",),
        ),
        Deception(
            "an audit of packages that a later file switches off",
            "UPD-004",
            "sysrc -f /etc/periodic.conf security_status_pkgaudit_enable=YES\n"
            "sysrc -f /etc/periodic.conf.local security_status_pkgaudit_enable=NO",
            ("security_status_pkgaudit_enable is NO",),
            status="fail",
            words=("security_status_pkgaudit_enable is NO",),
        ),
        Deception(
            "a daemon that would ban, and an sshd that does not tell it",
            "BAN-001",
            "sysrc blacklistd_enable=YES; service blacklistd start",
            ("sshd does not report failed logins",),
        ),
        Deception(
            "rules in pf.conf that nothing loads",
            "FW-001",
            f"kldload -n pf; printf '{RULES}' > /etc/pf.conf",
            ("no rule in the kernel denies inbound connections",),
            proof="a stranger reaches sshd and nothing else",
        ),
    ),
    first=FREEBSD.functions,
    last=RELOAD,
)

LOADED_AND_NOT_KEPT = Round(
    "what is in force and not at the next boot",
    (
        Deception(
            "rules of pf's that were loaded by hand",
            "FW-001",
            f"kldload -n pf; printf '{RULES}' | pfctl -q -f -; pfctl -q -e",
            ("pf is not switched on at the next boot",),
            status="fail",
            words=("pf is not switched on at the next boot",),
        ),
    ),
    first=FREEBSD.functions,
    last=RELOAD,
)

HOSTS = {"deceptive-freebsd": (AS_IT_COMES,), "deceptive-freebsd-other": (LOADED_AND_NOT_KEPT,)}
