# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All checks, in the order in which they are inspected and mended: ways in are opened before doors are closed."""

from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Severity
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.admin import (
    AdminAccount,
    AdminSudo,
    RootPassword,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.admin_keys import AdminKeys
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.base_bans import BaseBans, BaseNeverBans
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.brute_force import (
    LoginNeverBanned,
    SshdJail,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.by_banner import ByBanner
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.by_family import ByFamily
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.dnf_updates import (
    AutomaticRuns,
    SecurityUpdatesFound,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.firewall import Firewall
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.ntpd import NtpdSynchronised
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.periodic import PackagesAudited
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pkg_audit import NoVulnerablePackage
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pkg_updates import (
    UpdateJobRuns,
    UpdateSources,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.port_label import SshdPortLabelled
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.selinux_mode import SelinuxEnforces
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.ssh import (
    SshdOption,
    SshdPort,
    SshdUpToDate,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.superusers import SuperuserPasswords
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.system import (
    ClockSynchronised,
    NoRebootPending,
    ReleaseSupported,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.updates import UpdateOrigins, UpdatesRun

HIGH, MEDIUM, LOW, INFO = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO
_NO_SELINUX = "SELinux is a part of Linux"
_UPDATES_ITSELF = {"unknown": "how this system updates itself is not known here"}
_NO_AUDIT = {
    **dict.fromkeys(("debian", "redhat"), "what is vulnerable is told by what updates come from (UPD-002)"),
    "unknown": "whether this system has a database of vulnerable packages is not known here",
}

CHECKS = (
    ReleaseSupported("OS-001", "The release gets security fixes", HIGH),
    NoRebootPending("OS-002", "No update waits for a reboot", INFO),
    ByFamily(
        "TIME-001",
        "The clock is synchronised",
        MEDIUM,
        ("CIS 2.3 (time synchronization)",),
        packages=("time-sync",),
        ways={"*": ClockSynchronised, "freebsd": NtpdSynchronised},
    ),
    SelinuxEnforces(
        "MAC-001",
        "SELinux enforces its policy",
        MEDIUM,
        ("CIS 1.3.1 (SELinux)",),
        not_here={
            "debian": "Ubuntu and Debian confine programs by AppArmor",
            "freebsd": _NO_SELINUX,
            "unknown": "whether this system comes with SELinux is not known here",
        },
    ),
    AdminAccount("ACC-001", "The administrator's account can be logged in to", HIGH),
    AdminKeys("ACC-002", "The administrator's keys are in place", HIGH, ("sshd_config(5) StrictModes",)),
    AdminSudo("ACC-003", "The administrator has sudo", HIGH, ("CIS 5.2 (privilege escalation)",), packages=("sudo",)),
    ByFamily(
        "UPD-001",
        "Security updates install themselves",
        HIGH,
        ("CIS 1.2.2",),
        packages=("automatic-updates",),
        not_here=_UPDATES_ITSELF,
        ways={"debian": UpdatesRun, "redhat": AutomaticRuns, "freebsd": UpdateJobRuns},
    ),
    ByFamily(
        "UPD-002",
        "Automatic updates include this distribution's security archive",
        HIGH,
        packages=("automatic-updates",),
        not_here=_UPDATES_ITSELF,
        ways={"debian": UpdateOrigins, "redhat": SecurityUpdatesFound, "freebsd": UpdateSources},
    ),
    NoVulnerablePackage("UPD-003", "No installed package has a known vulnerability", MEDIUM, not_here=_NO_AUDIT),
    PackagesAudited(
        "UPD-004",
        "Packages are audited for known vulnerabilities every day",
        MEDIUM,
        ("periodic(8)", "pkg-audit(8)"),
        not_here=_NO_AUDIT,
    ),
    ByBanner(
        "BAN-001",
        "Repeated failed SSH logins are banned",
        MEDIUM,
        packages=("fail2ban",),
        ways={"*": SshdJail, "freebsd": BaseBans},
    ),
    ByBanner(
        "BAN-002",
        "The operator's own address is never banned",
        MEDIUM,
        packages=("fail2ban",),
        ways={"*": LoginNeverBanned, "freebsd": BaseNeverBans},
    ),
    Firewall(
        "FW-001",
        "The firewall is on, and lets in SSH and what is listed",
        HIGH,
        ("CIS 4.1 to 4.3",),
        packages=("firewall",),
        may_cut_off=True,
    ),
    SshdPortLabelled(
        "MAC-002",
        "SELinux lets sshd listen on its port",
        HIGH,
        packages=("selinux-tools",),
        may_cut_off=True,
        not_here={"freebsd": _NO_SELINUX},
    ),
    SshdPort("SSH-006", "sshd listens where it is configured to", HIGH, closes_door=True),
    SshdOption("SSH-004", "Public keys are accepted over SSH", HIGH, keyword="PubkeyAuthentication", allowed=("yes",)),
    SshdOption(
        "SSH-001",
        "Root cannot log in over SSH",
        HIGH,
        ("CIS 5.1.20",),
        closes_door=True,
        keyword="PermitRootLogin",
        allowed=("no",),
    ),
    SshdOption(
        "SSH-002",
        "Passwords are not accepted over SSH",
        HIGH,
        closes_door=True,
        keyword="PasswordAuthentication",
        allowed=("no",),
    ),
    SshdOption(
        "SSH-003",
        "Keyboard-interactive logins are not accepted over SSH",
        HIGH,
        closes_door=True,
        keyword="KbdInteractiveAuthentication",
        allowed=("no",),
        forerunner={
            "*": "",
            "redhat-8": "ChallengeResponseAuthentication",
            "ubuntu-20.04": "ChallengeResponseAuthentication",
        },
    ),
    SshdOption(
        "SSH-005",
        "Empty passwords are not accepted over SSH",
        HIGH,
        ("CIS 5.1.19",),
        closes_door=True,
        keyword="PermitEmptyPasswords",
        allowed=("no",),
    ),
    SshdUpToDate("SSH-007", "sshd runs with its configuration as it stands", HIGH, closes_door=True),
    ByFamily(
        "ACC-004",
        "Root has no usable password",
        HIGH,
        ("CIS 5.4.2.4",),
        closes_door=True,
        ways={"*": RootPassword, "freebsd": SuperuserPasswords},
    ),
)
