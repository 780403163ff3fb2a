#!/usr/bin/python
# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: packages
short_description: Installs, upgrades and removes packages in one transaction
version_added: 0.1.0
description:
  - Reads what is installed with one query, lets the package tool itself foretell one transaction for the whole list,
    and carries that transaction out. When nothing has to change, the query is all that runs.
  - A list may hold logical names, which stand for the right packages of each operating system, native names, and paths
    of package files on the host.
  - It drives the package tool's own programs, so it needs no Python binding and works under any interpreter.
  - It waits while another package tool is at work on the host, and names it when that does not end in time.
  - It never asks a question, keeps configuration files that were changed on the host, and keeps needrestart silent.
  - On FreeBSD it gets C(pkg) first where nobody has used it yet (C(pkg bootstrap)), and never removes the base system's
    packages (C(FreeBSD-*)), C(pkg) itself, or what is marked as vital.
  - It never removes a package that was not named, and says which ones would have to go.
  - Unknown names are all reported at once, with those that look like them, before anything is changed.
options:
  name:
    description:
      - The packages. Each entry is a logical name, a native name (C(libssl3:i386) and C(glibc.i686) name an
        architecture; on FreeBSD the origin of a port such as C(security/py-fail2ban) does as well, which does not carry
        the version of Python that the name does), or the absolute path of a C(.deb), C(.rpm) or C(.pkg) file on the
        host.
      - A name may carry a version, as in C(nginx=1.22.1-9), which is then installed whatever else the repositories
        have. For RPM it is C([EPOCH:]VERSION-RELEASE) or the version alone, for FreeBSD C(VERSION[_REVISION][,EPOCH]).
        Of a logical name it is the version of the first package.
      - 'Logical names are V(automatic-updates), V(build-tools), V(ca-certificates), V(fail2ban), V(firewall),
        V(openssh-server), V(python), V(python-headers), V(python-pip), V(python-venv), V(selinux-tools), V(sudo) and
        V(time-sync).'
      - A virtual package counts as installed when a package that provides it is.
      - It may be empty only where another option asks for something.
    type: list
    elements: str
    default: []
    aliases: [names]
  state:
    description:
      - What the named packages shall be.
      - With V(present) an installed package is left at its version, with V(latest) it is brought to the newest one.
      - With V(absent) the packages are removed and their configuration files stay. Of a logical name, only the first
        package goes, because the others may serve something else.
    type: str
    choices: [present, latest, absent]
    default: present
  upgrade:
    description:
      - Which packages to bring up to date besides the named ones. It cannot be combined with O(state=absent).
      - V(security) takes the versions that a security archive or the repositories' advisories offer, and no others
        unless they depend on them; on FreeBSD it upgrades what C(pkg audit) calls vulnerable. Where the host's
        repositories tell no security updates apart, RV(notes) says so.
      - V(all) takes every update that needs no removal. What it leaves, and why, is in RV(notes).
      - Neither touches the base system of a FreeBSD that comes as packages (C(FreeBSD-*)), unless one is named.
    type: str
    choices: [none, security, all]
    default: none
  hold:
    description:
      - Packages to keep at the version that they have, or get in the same call, whatever upgrade comes (C(apt-mark
        hold), C(dnf versionlock), C(pkg lock)). Each one must be installed, or be given in O(name).
      - To change a held package by name, give it in O(unhold) as well.
      - dnf holds a package for all architectures, so a name with an architecture is refused there.
    type: list
    elements: str
    default: []
  unhold:
    description:
      - Packages to hold no longer, before anything else is done.
    type: list
    elements: str
    default: []
  autoremove:
    description:
      - Whether to remove the packages that came along with others and that nothing needs any more. It goes alone or
        with O(state=absent); never does the module remove them by itself.
    type: bool
    default: false
  allow_downgrade:
    description:
      - Whether a version in O(name) that is older than the installed one may be installed. By default it is refused.
    type: bool
    default: false
  epel:
    description:
      - Whether, on the Enterprise Linux family, EPEL and the CRB repository that it builds on may be enabled where a
        wanted package is in no enabled repository. Elsewhere it has no meaning.
    type: bool
    default: true
  cache_valid_time:
    description:
      - The package index is fetched anew when it is older than this many seconds, older than the list of package
        sources, or not there at all, and only if there is something to install or to upgrade.
      - In check mode it is fetched into a private directory and the host's own index stays as it is.
    type: int
    default: 3600
  lock_timeout:
    description:
      - How many seconds to wait for another package tool to end.
    type: int
    default: 300
  install_recommends:
    description:
      - Whether packages that are merely recommended are installed as well, as C(apt-get) does by default. What a
        logical name needs is always installed.
    type: bool
    default: false
author:
  - groundwork.python_host contributors (@groundwork)
attributes:
  check_mode:
    description: Foretells exactly the plan that a run then carries out, and leaves the host untouched.
    support: full
  diff_mode:
    description: Shows each package with its version before and after.
    support: full
  platform:
    description: The operating systems whose package tool it drives.
    support: full
    platforms: Debian, Ubuntu, CentOS Stream, RHEL, Rocky Linux, AlmaLinux, FreeBSD
"""

EXAMPLES = r"""
- name: Install what a Python application is built with, by logical names
  groundwork.python_host.packages:
    name:
      - python
      - python-venv
      - python-headers
      - build-tools

- name: Install a native package and bring it up to date
  groundwork.python_host.packages:
    name: nginx
    state: latest

- name: Install a package file that lies on the host
  groundwork.python_host.packages:
    name: /var/tmp/agent.deb

- name: Install one version and keep it there
  groundwork.python_host.packages:
    name: figlet=2.2.5-3+b1
    hold: figlet

- name: Take what the security archive offers
  groundwork.python_host.packages:
    upgrade: security

- name: Remove packages
  groundwork.python_host.packages:
    name:
      - telnet
      - rsh-client
    state: absent

- name: Remove what came along with others and nothing needs any more
  groundwork.python_host.packages:
    autoremove: true
"""

RETURN = r"""
backend:
  description: The package tool of the host.
  returned: success
  type: str
  sample: apt
plan:
  description:
    - The packages that were changed, or in check mode would be, sorted by name. It names what dependencies bring, too.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The native name.
      returned: always
      type: str
      sample: fail2ban
    action:
      description: >-
        One of C(install), C(upgrade), C(downgrade), C(reinstall), C(remove), C(hold) and C(unhold); the last two leave
        the version as it is.
      returned: always
      type: str
      sample: install
    from:
      description: The version before, or null for a package that was not installed.
      returned: always
      type: str
      sample: null
    to:
      description: The version after, or null for a package that is removed.
      returned: always
      type: str
      sample: 1.0.2-2
resolved:
  description: The native packages that each entry of O(name) stands for on this host.
  returned: success
  type: dict
  sample:
    fail2ban: [fail2ban, python3-systemd, iptables]
repositories:
  description: The repositories that were enabled for the packages, or in check mode would be.
  returned: success
  type: list
  elements: str
  sample: []
notes:
  description: What was left, and why, in sentences for people; each is a warning of Ansible's as well.
  returned: success
  type: list
  elements: str
  sample: []
reboot_required:
  description: Whether the host says that it must be restarted before all updates are in force.
  returned: success
  type: bool
  sample: false
reboot_reasons:
  description: What waits for it, the names of packages as a rule.
  returned: success
  type: list
  elements: str
  sample: []
services_on_old_code:
  description:
    - The systemd units that still run code which an update has replaced, until they are restarted. C(init.scope) is
      systemd itself, which C(systemctl daemon-reexec) renews.
    - Always empty on FreeBSD, whose services are no units that a process could be told by.
  returned: success
  type: list
  elements: str
  sample: [cron.service]
changes:
  description:
    - What was carried out. An interrupted transaction that was finished first, repositories that were enabled, packages
      that are held or let go, and the transaction.
  returned: always
  type: list
  elements: dict
  contains:
    kind:
      description: C(packages), or for a repository that was enabled C(repository) or C(file).
      returned: always
      type: str
      sample: packages
    target:
      description: The command, the repository, or the path of the file that describes the repository.
      returned: always
      type: str
      sample: apt-get install
    before:
      description: One line for each package, with its version.
      returned: always
      type: str
      sample: fail2ban absent
    after:
      description: The same after the change.
      returned: always
      type: str
      sample: fail2ban 1.0.2-2
"""

from ansible_collections.groundwork.python_host.plugins.module_utils._host.module import run_module
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    CACHE_VALID_TIME,
    LOCK_TIMEOUT,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.run import run
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.installation import DIRECTORY

ARGUMENT_SPEC = {
    "name": {"type": "list", "elements": "str", "default": [], "aliases": ["names"]},
    "state": {"type": "str", "choices": ["present", "latest", "absent"], "default": "present"},
    "upgrade": {"type": "str", "choices": ["none", "security", "all"], "default": "none"},
    "hold": {"type": "list", "elements": "str", "default": []},
    "unhold": {"type": "list", "elements": "str", "default": []},
    "autoremove": {"type": "bool", "default": False},
    "allow_downgrade": {"type": "bool", "default": False},
    "epel": {"type": "bool", "default": True},
    "cache_valid_time": {"type": "int", "default": CACHE_VALID_TIME},
    "lock_timeout": {"type": "int", "default": LOCK_TIMEOUT},
    "install_recommends": {"type": "bool", "default": False},
}


def main() -> None:
    """Hang the transaction in the common frame."""
    run_module(
        ARGUMENT_SPEC,
        lambda params, host, executor: run(params, host, executor, journal_in=DIRECTORY),
        needs_root=True,
    )


if __name__ == "__main__":
    main()
