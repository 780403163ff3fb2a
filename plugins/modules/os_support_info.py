#!/usr/bin/python
# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: os_support_info
short_description: Tells which operating system a host runs and how long it gets security fixes
version_added: 0.1.0
description:
  - Reads the operating system, its release, its package tool and its service manager, and whether the host is a
    container.
  - Compares the release with a table of support dates and says whether the host may carry production, and why.
  - It needs neither root nor gathered facts, changes nothing, and reports on any system, unless it is told what to
    require; then it fails with one message on a system that does not fit.
options:
  warn_days:
    description:
      - Warn when the release loses its support within this many days.
      - For FreeBSD the end of the branch counts, because each point release of a branch lives for months only.
    type: int
    default: 180
  require_production:
    description:
      - Fail on a system or a release that is not for production.
      - The roles of this collection set it, unless C(python_host_allow_unsupported) is true.
    type: bool
    default: false
  require_family:
    description: Fail on a system of another family than these. An empty list lets any pass.
    type: list
    elements: str
    choices: [debian, redhat, freebsd]
    default: []
author:
  - groundwork.python_host contributors (@groundwork)
attributes:
  check_mode:
    description: Runs the same in check mode, because it only reads.
    support: full
  diff_mode:
    description: Has nothing to show in diff mode, because it only reads.
    support: none
  platform:
    description: The operating systems whose release and support dates it knows.
    support: full
    platforms: Debian, Ubuntu, CentOS Stream, RHEL, Rocky Linux, AlmaLinux, FreeBSD
"""

EXAMPLES = r"""
- name: Find out what the host runs
  groundwork.python_host.os_support_info:
  register: host

- name: Stop on anything but a Debian or Ubuntu release that is for production
  groundwork.python_host.os_support_info:
    require_production: true
    require_family: [debian]

- name: Warn a year before the release ends
  groundwork.python_host.os_support_info:
    warn_days: 365
"""

RETURN = r"""
os:
  description: The operating system, its support and what that means for production.
  returned: always
  type: dict
  contains:
    name:
      description: The ID that the system gives itself in os-release, C(macos), or C(unknown).
      returned: always
      type: str
      sample: ubuntu
    version:
      description: The release, empty if the system does not tell it.
      returned: always
      type: str
      sample: "24.04"
    codename:
      description: The release's code name, empty if it has none.
      returned: always
      type: str
      sample: noble
    pretty_name:
      description: The name for people.
      returned: always
      type: str
      sample: Ubuntu 24.04.3 LTS
    family:
      description: One of C(debian), C(redhat), C(freebsd) and C(unknown).
      returned: always
      type: str
      sample: debian
    package_tool:
      description: One of C(apt), C(dnf), C(pkg) and C(unknown).
      returned: always
      type: str
      sample: apt
    lts:
      description: Whether this is a release that Ubuntu calls LTS.
      returned: always
      type: bool
      sample: true
    support:
      description: Where the release stands today.
      returned: always
      type: dict
      contains:
        status:
          description:
            - C(supported), or C(ends_soon) when the last day is at most O(warn_days) days away.
            - C(extended) when only a longer support is left that this host gets (Debian LTS, or Ubuntu Pro that is
              attached and has esm-infra enabled).
            - C(ended) when there are no security fixes any more.
            - C(newer) for a release that is newer than the table, C(unknown) for a system that is not in it.
          returned: always
          type: str
          sample: supported
        until:
          description: The last day of the support that everyone gets, or null if it is not known.
          returned: always
          type: str
          sample: "2029-05-31"
        extended_until:
          description: The last day of the longer support, or null if there is none.
          returned: always
          type: str
          sample: "2034-04-25"
        branch_until:
          description: The last day of the FreeBSD branch that the release belongs to, or null on other systems.
          returned: always
          type: str
          sample: "2028-11-30"
    production:
      description: Whether the release may carry production.
      returned: always
      type: dict
      contains:
        recommended:
          description: The recommendation.
          returned: always
          type: bool
          sample: true
        reason:
          description: Its reason in one sentence, with the release and the date.
          returned: always
          type: str
          sample: Ubuntu 24.04.3 LTS gets security fixes until 2029-05-31
python:
  description: The Python interpreter that ran this module on the host.
  returned: always
  type: dict
  contains:
    executable:
      description: Its path.
      returned: always
      type: str
      sample: /usr/bin/python3.12
    version:
      description: Its version.
      returned: always
      type: str
      sample: 3.12.3
service_manager:
  description: One of C(systemd), C(openrc), C(rc), C(launchd) and C(none).
  returned: always
  type: str
  sample: systemd
container:
  description: The kind of container that the host is (C(docker), C(lxc), C(podman), C(jail), …), empty if it is none.
  returned: always
  type: str
  sample: ""
"""

import platform
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._host.module import run_module
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.survey import require, survey

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.ansible_host import AnsibleHost
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor

ARGUMENT_SPEC = {
    "warn_days": {"type": "int", "default": 180},
    "require_production": {"type": "bool", "default": False},
    "require_family": {
        "type": "list",
        "elements": "str",
        "choices": ["debian", "redhat", "freebsd"],
        "default": [],
    },
}


def report(params: dict[str, Any], host: AnsibleHost, _executor: Executor) -> dict[str, Any]:
    found = survey(host, today=date.today(), warn_days=params["warn_days"])
    require(found, production=params["require_production"], families=params["require_family"])
    python = {"executable": sys.executable, "version": platform.python_version()}
    return {**found.to_json(), "python": python, "warnings": list(found.warnings)}


def main() -> None:
    run_module(ARGUMENT_SPEC, report, only_reads=True)


if __name__ == "__main__":
    main()
