"""What `make audit` does: reports on the hosts of an inventory, or on this machine, and changes nothing."""

from __future__ import annotations

import argparse
import sys

from tests.apply.run import forget_reports, play, show_report
from tests.tools import paths

AUDIT = paths.ROOT / "playbooks/audit.yml"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make audit")
    parser.add_argument("--inventory", default="")
    parser.add_argument("extra", nargs="*")
    options = parser.parse_args()
    forget_reports()
    # A host list with a comma is an inventory of its own: this machine, as the current user, without SSH.
    local = ["-c", "local"] if not options.inventory else []
    code = play(AUDIT, options.inventory or "localhost,", arguments=[*local, *options.extra])
    show_report()
    return code


if __name__ == "__main__":
    sys.exit(main())
