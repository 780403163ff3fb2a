#!/usr/bin/python
# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The work is done on the controller, in plugins/action/posture_report.py; Ansible reads the documentation here.

from __future__ import annotations

DOCUMENTATION = r"""
module: posture_report
short_description: Reports what a run found and did on a host, for people to read
version_added: 0.1.0
description:
  - Puts what the role or the modules of this collection returned for a host into one report. It names the system and
    its support, each finding before and after, what needs attention and how to mend it, the packages that changed,
    the SSH settings in force, and the Python runtime.
  - It runs on the controller and does not contact the host.
  - The report is at most 100 columns wide, without colours, and control characters in a host's answers are escaped.
options:
  result:
    description:
      - What to report on, a dictionary with the keys C(os) (what M(groundwork.python_host.os_support_info) returned
        under C(os)), C(packages), C(security) and C(python) (what the module of that name returned). A key that is
        missing is left out of the report.
      - Without it, the variable C(python_host_result) that the roles leave behind is taken.
    type: dict
  dest:
    description:
      - A directory on the controller, made if it is absent, for one file per host that is named after the host in
        the inventory. A relative path starts at the playbook.
      - Without it no file is written.
    type: path
  formats:
    description: The formats to write.
    type: list
    elements: str
    choices: [text]
    default: [text]
  note:
    description: Lines to print at the top of the report.
    type: list
    elements: str
    default: []
  host_image:
    description: Which image a disposable test host was made from, printed at the top of the report.
    type: str
    default: ""
  show:
    description:
      - Print the report on the terminal.
      - Switch it off where standard output is read by a program.
    type: bool
    default: true
author:
  - groundwork.python_host contributors (@groundwork)
attributes:
  check_mode:
    description: Builds and shows the report in check mode too, and writes no file.
    support: full
  diff_mode:
    description: Has nothing to show in diff mode.
    support: none
  platform:
    description: Runs on the controller, for hosts of any kind.
    support: full
    platforms: all
notes:
  - C(changed) tells whether a file with other content was written. A report on a second run says other things
    than one on the first, so its file changes even where the host did not.
"""

EXAMPLES = r"""
- name: Prepare the host
  ansible.builtin.include_role:
    name: groundwork.python_host.ubuntu_lts

- name: Show what was found and done
  groundwork.python_host.posture_report:

- name: Keep a report for each host beside the playbook
  groundwork.python_host.posture_report:
    dest: reports
    note:
      - Prepared for the web shop.
    show: false
  register: report

- name: Audit and report without the role
  groundwork.python_host.security_checklist:
    mode: audit
  register: checklist

- name: Report on that result
  groundwork.python_host.posture_report:
    result:
      security: "{{ checklist }}"
"""

RETURN = r"""
files:
  description: The paths of the report's files on the controller; in check mode those that would be written.
  returned: always
  type: list
  elements: str
  sample: [/srv/playbooks/reports/web1.txt]
summary:
  description: The result in short.
  returned: always
  type: dict
  contains:
    line:
      description: The counts and the score in words, empty where no checklist ran.
      returned: always
      type: str
      sample: 2 fixed, 14 pass, score 100 of 100
    counts:
      description: How many findings have each status.
      returned: always
      type: dict
      sample: {"fixed": 2, "pass": 14}
    score:
      description: The score from 0 to 100, or null where nothing counts.
      returned: always
      type: float
      sample: 100.0
text:
  description: The report.
  returned: always
  type: str
  sample: "Posture of web1\n===============\n"
"""
