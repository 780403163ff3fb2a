"""What `make audit` does: reports on the hosts of an inventory, or on this machine, and changes nothing."""

from __future__ import annotations

import argparse
import sys

from tests.apply.run import is_inventory, play
from tests.tools import paths

AUDIT = paths.ROOT / "playbooks/audit.yml"
# Without SSH, as the current user, by the Python that runs Ansible: one found by name may be a shim without a Python.
ON_THIS_MACHINE = ["-c", "local", "-e", f"ansible_python_interpreter={sys.executable}"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="make audit")
    parser.add_argument("--inventory", default="")
    parser.add_argument("extra", nargs="*")
    options = parser.parse_args()
    if options.inventory and not is_inventory(options.inventory):
        return 1
    local = [] if options.inventory else ON_THIS_MACHINE
    return play(AUDIT, options.inventory or "localhost,", arguments=[*local, *options.extra])


if __name__ == "__main__":
    sys.exit(main())
