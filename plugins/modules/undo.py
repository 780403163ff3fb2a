#!/usr/bin/python
# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: undo
short_description: Take back what this collection has changed
version_added: 0.1.0
description:
  - Every change of P(groundwork.python_host.security_checklist#module) and every package that
    P(groundwork.python_host.packages#module) has installed by name is written down on the host before it is made. This
    module takes them back, the newest first, as far as they are still as they were left. What somebody else has changed
    since is told, and left as it is.
  - C(playbooks/undo.yml) of the collection does it in the right order. It opens the doors first (SSH, the firewall,
    root's password), logs in afresh as whoever logged in before the first run, and confirms; without that login the
    host closes them again after O(confirm_timeout).
options:
  part:
    description:
      - V(doors) is what could cut somebody off, V(rest) is all else.
    type: str
    choices: [doors, rest]
    required: true
  login_user:
    description:
      - Who logs in afterwards. An account that would be removed is refused before anything is changed.
    type: str
    required: true
  login_port:
    description: The port of that login.
    type: int
    default: 22
  login_key_file:
    description: The private key of that login on the controller, where it is another one than the play's own.
    type: path
  confirm_timeout:
    description:
      - How many seconds the host waits for that login before it closes the doors again. V(0) does without, as does a
        connection that is not SSH.
    type: int
    default: 60
  run:
    description: The name of this run, letters and digits; the action plugin makes one up, so leave it out.
    type: str
author:
  - groundwork.python_host contributors (@groundwork)
attributes:
  check_mode:
    support: full
    description: Tells exactly what would be taken back.
  diff_mode:
    support: full
    description: Tells each change before and after.
"""

EXAMPLES = r"""
- name: Open what was closed, and come back as root
  groundwork.python_host.undo:
    part: doors
    login_user: root

- name: Take back all else
  groundwork.python_host.undo:
    part: rest
    login_user: root
"""

RETURN = r"""
changes:
  description: What was taken back, or in check mode would be.
  returned: always
  type: list
  elements: dict
  sample: [{kind: file, target: /etc/ssh/sshd_config.d/00-groundwork.conf, before: written, after: absent}]
left:
  description: What was not taken back, and why.
  returned: always
  type: list
  elements: str
  sample: ["/etc/ufw/user.rules was changed by somebody else since, and was left as it is"]
confirmed:
  description: How a fresh login confirmed the opened doors; empty when none was needed.
  returned: always
  type: str
  sample: as root on port 22
"""

from ansible_collections.groundwork.python_host.plugins.module_utils._host.module import run_module
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.undo import run_undo

ARGUMENT_SPEC = {
    "part": {"type": "str", "choices": ["doors", "rest"], "required": True},
    "login_user": {"type": "str", "required": True},
    "login_port": {"type": "int", "default": 22},
    "login_key_file": {"type": "path", "no_log": False},
    "confirm_timeout": {"type": "int", "default": 60},
    "run": {"type": "str"},
}


def main() -> None:
    """Hang it in the common frame."""
    run_module(ARGUMENT_SPEC, run_undo, needs_root=True)


if __name__ == "__main__":
    main()
