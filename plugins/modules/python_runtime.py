#!/usr/bin/python
# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: python_runtime
short_description: Puts a Python interpreter and a virtual environment with an application's requirements on a host
version_added: 0.1.0
description:
  - Installs the distribution's own Python, or another series from the host's repositories, and builds a virtual
    environment with the given requirements as a release of its own in O(path)V(/releases/). Only when it is whole, the
    link O(path)V(/current) is switched to it in one step. If anything fails, the release in use stays in use.
  - A release is never modified. Its name is a digest of the interpreter with its full version, the requirements and the
    native libraries, so the same wish finds the same release, and going back to earlier requirements is a switch of the
    link. A comment or a blank line in the requirements makes no new release.
  - The release in use is judged by what it is, and not by what was once installed. When its interpreter is gone or
    has changed, when a distribution was removed, added or upgraded by hand, or when it no longer runs, a new one is
    built beside it. When nothing is different, no pip is started.
  - Everything below O(path) is done as O(owner), an unprivileged user. pip installs into the virtual environment only,
    so PEP 668 is respected, and keeps its cache below O(path). The host's own pip configuration (V(/etc/pip.conf))
    stays in force.
options:
  version:
    description:
      - V(system) for the distribution's own Python, or a series like V("3.11") from the repositories of the host. On
        Enterprise Linux the series of AppStream are installed beside the system's own, which stays as it is.
      - The own Python of Enterprise Linux 8 is too old. There, V(system) is 3.12 or 3.11, an installed one rather than
        one that would have to be installed.
      - On FreeBSD, V(system) is the interpreter that the package C(python3) depends on, the default of the day. Any
        series comes with C(sqlite3), which FreeBSD's packages split off.
      - Quote it. An unquoted V(3.10) is read by YAML as the number 3.1, so a number is refused.
    type: raw
    default: system
  path:
    description:
      - Where the runtime lives, for example as V(/srv/app/current/bin/gunicorn). It is created if it is absent, and
        belongs to O(owner).
      - An absolute path that belongs neither to the system nor to other users.
    type: path
    default: /srv/app
  owner:
    description:
      - The user that the runtime belongs to and that builds it; never root.
      - If there is no such user, it is created as a system user with the home directory O(path) and no login shell.
    type: str
    default: app
  requirements:
    description:
      - What to install, in the syntax of pip's requirements files, one or several lines to an entry, hashes included.
      - Pin the versions. What is not pinned is only brought up to date when a new release is built for another reason.
      - Lines that read other files (C(-r), C(-c)) and editable installations (C(-e)) are refused, because a change in
        them would go unnoticed. A path must be absolute.
    type: list
    elements: str
    default: []
  requirements_file:
    description:
      - A requirements file on the controller, looked for as the source of M(ansible.builtin.copy) is, and beside the
        inventory. It may be encrypted with Ansible Vault.
      - Exclusive with O(requirements).
    type: path
  remote_src:
    description: O(requirements_file) is an absolute path on the host.
    type: bool
    default: false
  native_libraries:
    description:
      - Libraries that requirements are compiled against, by a name that is the same on all systems. They bring
        O(headers) with them.
      - Known are V(cffi), V(cryptography), V(lxml), V(mysql), V(pillow), V(postgresql) and V(rust), which brings the
        compiler for packages with Rust code.
      - Where another version of a database's client is installed on FreeBSD, it stays, and is compiled against.
    type: list
    elements: str
    default: []
  headers:
    description:
      - Install the interpreter's headers and the build tools, so that requirements can be compiled.
      - On FreeBSD the compiler is the base system's, and the headers come with the interpreter.
    type: bool
    default: false
  keep_releases:
    description:
      - How many releases to keep, the one in use included. It and the one before it always stay, older ones are
        removed.
    type: int
    default: 3
  verify_imports:
    description:
      - Modules that must be importable. They are imported as O(owner) before a new release is put in use, and in each
        later run, where a failure makes the release be built anew.
    type: list
    elements: str
    default: []
  epel:
    description:
      - Whether, on the Enterprise Linux family, EPEL and the CRB repository that it builds on may be enabled where a
        package that O(native_libraries) needs is in no enabled repository. Elsewhere it has no meaning.
    type: bool
    default: true
author:
  - groundwork.python_host contributors (@groundwork)
attributes:
  check_mode:
    description: Foretells exactly the changes of a real run, without a change of the host.
    support: full
  diff_mode:
    description: Shows the interpreter and the requirements before and after, without hashes and credentials.
    support: full
  platform:
    description: Needs the package tool of the host to be supported by M(groundwork.python_host.packages).
    support: full
    platforms: Debian, Ubuntu, CentOS Stream, RHEL, Rocky Linux, AlmaLinux, FreeBSD
notes:
  - Credentials in the addresses of requirements are hidden in all output.
  - A process that runs from an older release goes on running from it. Restart the service when the module reports a
    change.
  - The Python index has no wheels with machine code for FreeBSD, so there every requirement with such code is compiled
    on the host, which takes a while and says so in RV(compiled). Name what they need in O(native_libraries), for
    C(cryptography) V(rust) as well. FreeBSD's own packages of such requirements (C(py312-*)) are for its own
    interpreter and not seen in a release; wheels from an index of yours (C(--extra-index-url)) are the other way.
  - A release on FreeBSD is for one major release of it. After an upgrade to another one it is built anew.
seealso:
  - module: groundwork.python_host.packages
"""

EXAMPLES = r"""
- name: The distribution's Python with two packages
  groundwork.python_host.python_runtime:
    requirements:
      - flask==3.1.2
      - gunicorn==23.0.0
  register: runtime

- name: An own series, a locked file from the controller, and a driver that is compiled on the host
  groundwork.python_host.python_runtime:
    version: "3.11"
    path: /srv/shop
    owner: shop
    requirements_file: requirements.lock
    native_libraries: [postgresql]
    verify_imports: [psycopg2, shop.wsgi]

- name: A requirements file that is on the host already
  groundwork.python_host.python_runtime:
    requirements_file: /srv/shop/requirements.txt
    remote_src: true
"""

RETURN = r"""
interpreter:
  description: The interpreter that the release is built on.
  returned: success
  type: str
  sample: /usr/bin/python3.11
version:
  description: The interpreter's full version.
  returned: success
  type: str
  sample: 3.11.2
venv:
  description: The virtual environment of the release. Services should use O(path)V(/current) instead.
  returned: success
  type: str
  sample: /srv/app/releases/3f2a9c01d4be
release:
  description: The name of the release that is in use, or in check mode would be.
  returned: success
  type: str
  sample: 3f2a9c01d4be
previous:
  description: The release that was in use before it, empty if there is none.
  returned: success
  type: str
  sample: 88aa1b2c3d4e
distributions:
  description:
    - What is installed in the release, with pip itself.
    - Empty in check mode for a release that would have to be built.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The distribution's name.
      returned: always
      type: str
      sample: Flask
    version:
      description: Its version.
      returned: always
      type: str
      sample: 3.1.2
compiled:
  description:
    - The names of those distributions that have machine code which was compiled on the host, not taken as a wheel from
      the Python index.
    - Empty in check mode for a release that would have to be built.
  returned: success
  type: list
  elements: str
  sample: [MarkupSafe]
plan:
  description: The package transaction that was, or in check mode would be, made.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The package's name.
      returned: always
      type: str
      sample: python3-venv
    action:
      description: One of C(install), C(upgrade), C(downgrade) and C(remove).
      returned: always
      type: str
      sample: install
    from:
      description: The version before, null if the package was not installed.
      returned: always
      type: str
      sample: null
    to:
      description: The version after, null if the package is not installed then.
      returned: always
      type: str
      sample: 3.11.2-1+b1
changes:
  description: What was changed, or in check mode would be, in order.
  returned: always
  type: list
  elements: dict
  contains:
    kind:
      description: What kind of thing it is, for example C(user), C(directory), C(release), C(link).
      returned: always
      type: str
      sample: link
    target:
      description: What was changed.
      returned: always
      type: str
      sample: /srv/app/current
    before:
      description: How it was.
      returned: always
      type: str
      sample: releases/88aa1b2c3d4e
    after:
      description: How it is.
      returned: always
      type: str
      sample: releases/3f2a9c01d4be
"""

from ansible_collections.groundwork.python_host.plugins.module_utils._host.module import run_module
from ansible_collections.groundwork.python_host.plugins.module_utils._python.request import secrets_of
from ansible_collections.groundwork.python_host.plugins.module_utils._python.runtime import run

ARGUMENT_SPEC = {
    "version": {"type": "raw", "default": "system"},
    "path": {"type": "path", "default": "/srv/app"},
    "owner": {"type": "str", "default": "app"},
    "requirements": {"type": "list", "elements": "str", "default": []},
    "requirements_file": {"type": "path"},
    "remote_src": {"type": "bool", "default": False},
    "native_libraries": {"type": "list", "elements": "str", "default": []},
    "headers": {"type": "bool", "default": False},
    "keep_releases": {"type": "int", "default": 3},
    "verify_imports": {"type": "list", "elements": "str", "default": []},
    "epel": {"type": "bool", "default": True},
}


def main() -> None:
    run_module(ARGUMENT_SPEC, run, needs_root=True, secrets=secrets_of)


if __name__ == "__main__":
    main()
