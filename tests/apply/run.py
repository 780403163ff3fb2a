"""What `make apply` does: prepares the hosts of an inventory, or a disposable host that then serves an application."""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.hosts import control, state
from tests.hosts.command import HostError
from tests.tools import paths
from tests.tools.steps import say, tool_environment

if TYPE_CHECKING:
    from pathlib import Path

SITE = paths.ROOT / "playbooks/site.yml"
DEMONSTRATION = paths.ROOT / "tests/apply/demo_app.yml"
# What the application wants of the host; `extra` comes later and wins.
NEEDS = ["-e", f"@{paths.ROOT / 'tests/apply/vars.yml'}"]
REPORT = paths.BUILD / "report"
WITH_REPORT = ["-e", f"python_host_report_dest={REPORT}"]
# The name of the disposable host; its image is what HOST= asks for.
NAME = "demo"


def play(playbook: Path, inventory: Path | str, *, arguments: list[str]) -> int:
    """The exit code of ansible-playbook, whose output goes straight to the terminal."""
    command = [paths.VENV / "bin/ansible-playbook", "-i", inventory, playbook, *arguments]
    environment = tool_environment(ANSIBLE_PIPELINING="1")
    say(f"\n==== {playbook.relative_to(paths.ROOT)}")
    return subprocess.run([str(part) for part in command], cwd=paths.ROOT, env=environment, check=False).returncode


def _show_report() -> None:
    """What `posture_report` left on the controller."""
    for path in sorted(REPORT.glob("*.txt")):
        say(f"\n==== {path.relative_to(paths.ROOT)}\n{path.read_text()}")


def _forget_reports() -> None:
    for path in REPORT.glob("*"):
        path.unlink()
    REPORT.mkdir(parents=True, exist_ok=True)


def _start_host(image: str) -> state.Host:
    control.down(NAME)
    control.up(NAME, image=image, key_file=None)
    host = state.load_host(NAME)
    say(f"{NAME}: {host.provenance} ({host.image}) at {host.address}, root logs in with {host.key_file}")
    return host


def apply_to_disposable_host(image: str, extra: list[str]) -> int:
    """The first run as a cloud provider hands a host over, then the application on it."""
    _forget_reports()
    host = _start_host(image)
    arguments = [*WITH_REPORT, *NEEDS, "-e", f"python_host_admin_key_file={host.key_file}", *extra]
    code = play(SITE, host.inventory, arguments=arguments)
    if code == 0:
        code = play(DEMONSTRATION, host.inventory, arguments=arguments)
    _show_report()
    say(f"\n{NAME} ran on {host.provenance} and goes on running; `python -m tests.hosts down {NAME}` removes it")
    return code


def is_inventory(inventory: str) -> bool:
    """False, with a message, for a file that is not there: Ansible would only warn, and end well."""
    if "," in inventory or (paths.ROOT / inventory).exists():
        return True
    say(f"INVENTORY={inventory}: there is no such file in {paths.ROOT}; give a path, or a list of hosts with a comma")
    return False


def main() -> int:
    parser = argparse.ArgumentParser(prog="make apply")
    parser.add_argument("--host", default="ubuntu_lts")
    parser.add_argument("--inventory", default="")
    parser.add_argument("extra", nargs="*")
    options = parser.parse_args()
    if options.inventory:
        # The playbook's own report ends it, and no file is left behind.
        return play(SITE, options.inventory, arguments=options.extra) if is_inventory(options.inventory) else 1
    try:
        return apply_to_disposable_host(options.host, options.extra)
    except HostError as error:
        say(f"make apply: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
