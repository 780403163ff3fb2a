#!/usr/bin/python
# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Audit or apply the security checklist."""

from __future__ import annotations

DOCUMENTATION = r"""
module: security_checklist
short_description: Audit or apply a security checklist, judged by what is in force
version_added: 0.1.0
description:
  - Inspects every check of a profile in one pass, and with O(mode=apply) mends what fails and inspects again.
  - A check is judged by the program that enforces it (C(sshd -T), C(fail2ban-client), C(apt-config dump), the kernel's
    packet filter, C(pkg), C(sudo)), never by the text of a configuration file.
  - Ways in are opened before doors are closed. Root's login, password logins and root's password are only closed after
    the administrator's key and sudo have been proven on the host; otherwise they stay open and the findings say why.
  - New SSH configuration is validated in place before the daemon is reloaded, and the old one comes back if that fails.
  - The address of the SSH login that runs this module is never banned.
  - Dangerous changes made over SSH are taken back by the host itself, after a power cut too, unless a fresh login
    confirms them within O(confirm_timeout).
  - The checks are listed in C(docs/checks.md) of the collection.
options:
  mode:
    description:
      - V(audit) changes nothing and needs no root; what only root may read is reported as C(unknown).
      - V(apply) mends what fails; it needs root.
    type: str
    choices: [audit, apply]
    default: apply
  profile:
    description: Which checks. V(essential) is the only profile of this version.
    type: str
    choices: [essential]
    default: essential
  admin_name:
    description: The administrator's account, created if it does not exist. Never V(root).
    type: str
    default: deploy
  admin_authorized_keys:
    description:
      - Public keys that may log in as the administrator, each a line as in a C(.pub) file.
      - Keys that are there already stay.
      - Without any key nothing that closes a door is done.
    type: list
    elements: str
    default: []
  admin_key_file:
    description:
      - The private half of a key pair on the controller, made (ed25519, without a passphrase) if it does not exist.
        The public half is added to O(admin_authorized_keys).
    type: path
  admin_sudo:
    description: Whether sudo asks the administrator for a password. V(password) needs O(admin_password_hash).
    type: str
    choices: [nopasswd, password]
    default: nopasswd
  admin_password_hash:
    description: The administrator's password as a crypt(5) hash; used with O(admin_sudo=password) only.
    type: str
  ssh_port:
    description: The port that sshd shall listen on. Left out, what is in force stays.
    type: int
  firewall_allow:
    description:
      - What the firewall lets in besides SSH, each as V(port/protocol), V(port/protocol/source), or one of the names
        V(http), V(https), V(http3), V(dns).
    type: list
    elements: str
    default: []
  firewall_cut:
    description:
      - Services that listen now and may be cut off. A service that listens and is named neither here nor in
        O(firewall_allow) keeps the firewall from being switched on.
    type: list
    elements: str
    default: []
  fail2ban_ignore:
    description:
      - Addresses, networks and host names that are never banned.
      - The base system's daemon of FreeBSD (O(brute_force=base)) knows no host names; a name is reported by BAN-002.
    type: list
    elements: str
    default: []
  fail2ban_ban_time:
    description:
      - How long a ban lasts, in seconds or with one of the units s, m, h, d, w.
      - Without it fail2ban's own files decide, which say 10 minutes where nobody has changed them. On FreeBSD with
        O(brute_force=base) it is the daemon's own file, and 24 hours for a port that this file does not name.
    type: str
  brute_force:
    description:
      - What bans addresses from which SSH logins fail on FreeBSD. V(base) is the base system's own daemon, blacklistd
        (14.x) or blocklistd (15.x), which takes O(fail2ban_ignore) and O(fail2ban_ban_time), too, but no host names.
      - Elsewhere it has no meaning; fail2ban bans there.
    type: str
    choices: [base, fail2ban]
    default: base
  update_exclude:
    description:
      - Packages that automatic updates leave alone, as names or regular expressions.
      - On Enterprise Linux and FreeBSD they are shell patterns of dnf's and pkg's, for which C(.*) is taken as C(*).
    type: list
    elements: str
    default: []
  update_mail:
    description: Where automatic updates report to. Needs a mail system on the host.
    type: str
  update_reboot:
    description: Whether automatic updates reboot the host when an update needs it.
    type: str
    choices: [never, when-needed]
    default: never
  confirm_timeout:
    description:
      - How many seconds the host waits before it takes dangerous changes (SSH, firewall, accounts, sudo) back.
        In that time this action logs in afresh, as the identity that is used from then on, and confirms them.
      - V(0) does without. So does a connection that is not SSH, where a login proves nothing.
    type: int
    default: 60
  run:
    description:
      - The name of this run, letters and digits; the action plugin makes one up, so leave it out. With it a controller
        whose connection was cut finds the result of its run on the host.
    type: str
  skip:
    description: Ids of checks that are neither inspected nor mended.
    type: list
    elements: str
    default: []
  waivers:
    description: Failing checks that somebody has accepted until a day; they are reported and not mended.
    type: list
    elements: dict
    default: []
    suboptions:
      check:
        description: The id of the check.
        type: str
        required: true
      reason:
        description: Why it is accepted.
        type: str
        required: true
      until:
        description: The last day of the waiver, as C(YYYY-MM-DD).
        type: str
        required: true
  warn_days:
    description: A release whose support ends within this many days is pointed out.
    type: int
    default: 180
  epel:
    description:
      - Whether, on the Enterprise Linux family, EPEL and the CRB repository that it builds on may be enabled where a
        package that a check needs is in no enabled repository, as fail2ban is. Elsewhere it has no meaning.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
    description: Predicts exactly the findings, packages and changes of the run that would follow.
  diff_mode:
    support: full
    description: Shows each change; keys are shown as fingerprints and password hashes not at all.
  platform:
    support: full
    platforms: Debian, Ubuntu, CentOS Stream, RHEL, Rocky Linux, AlmaLinux, FreeBSD
    description: Applies to these; audits whatever it can read elsewhere.
author:
  - groundwork.python_host contributors (@groundwork)
seealso:
  - module: groundwork.python_host.os_support_info
  - module: groundwork.python_host.posture_report
"""

EXAMPLES = r"""
- name: See how the host stands, without changing it
  groundwork.python_host.security_checklist:
    mode: audit

- name: Apply the essential profile
  become: true
  groundwork.python_host.security_checklist:
    admin_name: deploy
    admin_authorized_keys:
      - "{{ lookup('ansible.builtin.file', '~/.ssh/id_ed25519.pub') }}"
    firewall_allow: [http, https]

- name: Apply it, but for one check that is accepted for now
  become: true
  groundwork.python_host.security_checklist:
    admin_key_file: ~/.ssh/deploy_ed25519
    waivers:
      - check: TIME-001
        reason: The clock is set by the hypervisor
        until: "2027-06-30"
"""

RETURN = r"""
findings:
  description: One verdict for each check.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The check's id, which never changes its meaning.
      type: str
      sample: SSH-001
    title:
      description: The good condition.
      type: str
    severity:
      description: One of info, low, medium, high.
      type: str
    status:
      description: One of pass, fixed, would_fix (check mode), fail, waived, not_applicable, unknown.
      type: str
    before:
      description: The status before this run.
      type: str
    expected:
      description: What the check wants.
      type: str
    observed:
      description: What was found.
      type: str
    evidence:
      description: The command or path that shows it.
      type: str
    remedy:
      description: What a person can do.
      type: str
    references:
      description: Where the requirement comes from.
      type: list
      elements: str
summary:
  description: How many findings have each status.
  returned: always
  type: dict
  sample: {pass: 12, fixed: 4, would_fix: 0, fail: 0, waived: 1, not_applicable: 1, unknown: 0}
score:
  description:
    - 100 × the weight of what is good ÷ the weight of what counts (low 1, medium 3, high 9); null when nothing counts.
  returned: always
  type: float
  sample: 94.5
plan:
  description: The packages that were, or in check mode would be, installed.
  returned: always
  type: list
  elements: dict
  sample: [{name: fail2ban, action: install, from: null, to: 1.0.2-2}]
ssh:
  description: What sshd says is in force for the administrator and for root, by keyword.
  returned: always
  type: dict
login:
  description: The address and the port of the SSH login that the module ran through; empty and 0 without one.
  returned: always
  type: dict
  sample: {address: 192.0.2.7, port: 22}
handover:
  description: How the play goes on when this run has closed the login that it came through; empty otherwise.
  returned: always
  type: dict
  sample: {user: deploy, port: 22}
confirmed:
  description:
    - How a fresh login confirmed the dangerous changes, or why it was skipped over a connection that is not SSH. Empty
      when there were none.
  returned: always
  type: str
  sample: as deploy on port 22
changes:
  description: Each change that was, or in check mode would be, made.
  returned: always
  type: list
  elements: dict
  sample: [{kind: unit, target: fail2ban, before: "disabled, inactive", after: "enabled, active"}]
"""

from datetime import date
from typing import Any

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import secrets_of
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.run import run_checklist
from ansible_collections.groundwork.python_host.plugins.module_utils._host.module import run_module
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.installation import DIRECTORY


def argument_spec() -> dict[str, Any]:
    """The options as Ansible checks them."""
    strings = {"type": "list", "elements": "str", "default": []}
    waiver = {
        "check": {"type": "str", "required": True},
        "reason": {"type": "str", "required": True},
        "until": {"type": "str", "required": True},
    }
    return {
        "mode": {"type": "str", "choices": ["audit", "apply"], "default": "apply"},
        "profile": {"type": "str", "choices": ["essential"], "default": "essential"},
        "admin_name": {"type": "str", "default": "deploy"},
        "admin_authorized_keys": dict(no_log=False, **strings),
        "admin_key_file": {"type": "path", "no_log": False},
        "admin_sudo": {"type": "str", "choices": ["nopasswd", "password"], "default": "nopasswd"},
        "admin_password_hash": {"type": "str", "no_log": True},
        "ssh_port": {"type": "int"},
        "firewall_allow": strings,
        "firewall_cut": strings,
        "fail2ban_ignore": strings,
        "fail2ban_ban_time": {"type": "str"},
        "brute_force": {"type": "str", "choices": ["base", "fail2ban"], "default": "base"},
        "update_exclude": strings,
        "update_mail": {"type": "str"},
        "update_reboot": {"type": "str", "choices": ["never", "when-needed"], "default": "never"},
        "confirm_timeout": {"type": "int", "default": 60},
        "run": {"type": "str"},
        "skip": strings,
        "waivers": {"type": "list", "elements": "dict", "default": [], "options": waiver},
        "warn_days": {"type": "int", "default": 180},
        "epel": {"type": "bool", "default": True},
    }


def main() -> None:
    """Hang the checklist in the common frame."""
    run_module(
        argument_spec(),
        lambda params, host, executor: run_checklist(params, host, executor, today=date.today(), journal_in=DIRECTORY),
        secrets=secrets_of,
    )


if __name__ == "__main__":
    main()
