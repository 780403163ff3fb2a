# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does sudo let the administrator become root: tried for real, or foretold while the account or its rule is missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import accounts, sudoers
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    CommandFailed,
    HostError,
    NeedsRoot,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# The last rule that matches wins (sudoers(5)), and files are read in the order of their names.
FILE = "/etc/sudoers.d/zz-groundwork-{name}"
DIRECTORY = "/etc/sudoers.d"
SETUID = 0o4000
# NOPASSWD: and its like before the commands of a rule.
TAGS = re.compile(r"\b[A-Z_]+:")
# Switches under which sudo asks for a password that the administrator does not have.
OTHER_PASSWORDS = ("rootpw", "runaspw", "targetpw")
# Switches under which Ansible's own commands fail: it has no terminal, and its shell starts other programs.
HINDERING = ("requiretty", "noexec")


def path_of_rule(context: Context) -> str:
    """Our file, one for each administrator."""
    return FILE.format(name=context.options.admin_name)


def rule(host: HostReader, context: Context) -> str:
    """Our file's lines. Ansible has no terminal for sudo, so where one is required this account is excepted."""
    name = context.options.admin_name
    tag = "NOPASSWD: " if context.options.admin_sudo == "nopasswd" else ""
    lines = [f"Defaults:{name} !requiretty"] if _requires_terminal(host, context) else []
    return "\n".join([*lines, f"{name} ALL=(ALL:ALL) {tag}ALL", ""])


def _requires_terminal(host: HostReader, context: Context) -> bool:
    """sudo-rs does not know the word, and refuses a file with it."""
    text = sudoers.flattened(host, {path_of_rule(context): ""})
    return sudoers.sets(text, "requiretty") and "sudo-rs" not in host.query(("sudo", "-V")).stdout


def is_granted(host: HostReader, context: Context) -> bool:
    """sudo lets the administrator become root now."""
    return not refusal(host, context)


def refusal(host: HostReader, context: Context) -> str:
    """sudo's own words, tried for real where it asks for no password, else by its own list; empty when it lets in."""
    if host.uid != 0:
        raise NeedsRoot("what sudo allows another user")
    name = context.options.admin_name
    if context.options.admin_sudo == "nopasswd":
        return _words_of(host, "runuser", "-u", name, "--", "sudo", "-n", "-H", "-u", "root", "true")
    listing = host.query(("sudo", "-n", "-l", "-U", name), ok=(0, 1)).stdout
    if not grants_everything(listing):
        return "its list of rules does not end in one for everything"
    defaults = set(re.findall(r"\w+", listing.partition("may run the following")[0]))
    return ", ".join(f"its rules switch {switch} on" for switch in (*HINDERING, *OTHER_PASSWORDS) if switch in defaults)


def _words_of(host: HostReader, *argv: str) -> str:
    try:
        host.query(argv)
    except CommandFailed as error:
        lines = (error.stderr.strip() or error.stdout.strip() or f"it ended with {error.rc}").splitlines()
        # A name that is in no directory hinders nobody.
        return "; ".join(line for line in lines if "unable to resolve host" not in line)
    return ""


def grants_everything(listing: str) -> bool:
    """`sudo -l` lets the account run everything as root; of two rules for one command the later wins (sudoers(5))."""
    granted = False
    for line in (line.strip() for line in listing.splitlines()):
        if line.startswith(("(ALL", "(root")):
            commands = [command.strip() for command in TAGS.sub("", line.rpartition(")")[2]).split(",")]
            # A rule that takes something away may take away what becoming root needs.
            granted = (granted or "ALL" in commands) and not any(command.startswith("!") for command in commands)
    return granted


def obstacles_ahead(host: HostReader, context: Context) -> tuple[str, ...]:
    """Why our rule would not help, judged while the account or the rule is still missing.

    Where sudo is yet to be installed there is nothing to judge.
    """
    program = host.which("sudo")
    if program is None:
        return ()
    if accounts.account(host, context.options.admin_name) and not refusal(host, context):
        return ()
    broken = tuple(_broken(host, accounts.followed(host, program)))
    return broken or tuple(_taken_away(host, context))


def _broken(host: HostReader, program: str) -> Iterator[str]:
    stat = host.stat(program)
    if stat and not (stat.mode & SETUID and stat.uid == 0):
        yield (
            f"{program} has mode {stat.mode:04o} and belongs to {stat.owner}, so that it can make nobody root: "
            f"`chown root {program} && chmod 4755 {program}`"
        )
        return
    words = _words_of(host, "sudo", "-n", "-l", "-U", "root")
    # Where a terminal is required that is no fault: our own rule makes an exception from it.
    if words and " tty" not in words:
        yield f"sudo itself does not work ({words}): see `visudo -c`"


def _taken_away(host: HostReader, context: Context) -> Iterator[str]:
    found = _foretold(host, context)
    if found is None:
        return
    name, path = context.options.admin_name, path_of_rule(context)
    wants_password = context.options.admin_sudo == "password"
    last = f"what comes after {path} wins: look there, and at whether {sudoers.MAIN_FILE} includes {DIRECTORY}"
    if not found.is_granted:
        yield f"sudo's rules would not let {name} become root, because {last}"
    elif found.asks_password and not wants_password:
        yield f"sudo would ask {name} for a password, because {last}; or set python_host_admin_sudo to password"
    for switch in sorted(found.switches & {*HINDERING}):
        yield f"sudo's rules switch {switch} on for {name} in the end: remove it from what comes after {path}"
    for switch in sorted(found.switches & {*OTHER_PASSWORDS}) if wants_password else ():
        yield f"sudo asks for another password than {name}'s own ({switch}): remove that from sudo's rules"


def _foretold(host: HostReader, context: Context) -> sudoers.Verdict | None:
    """What all rules come to with ours in place; None where nothing can take them apart (sudo-rs alone, a fault)."""
    if host.which("cvtsudoers") is None:
        return None
    name = context.options.admin_name
    text = sudoers.flattened(host, {path_of_rule(context): rule(host, context)})
    try:
        document = host.query(("cvtsudoers", "-e", "-f", "json", host.scratch_file("sudoers", text))).stdout
    except HostError:
        # A fault in somebody else's file is passed over by sudo, line by line, which cvtsudoers does not do.
        return None
    found = accounts.account(host, name)
    groups = accounts.group_names(host, name)
    hostname = (host.read_text("/proc/sys/kernel/hostname") or "").strip()
    return sudoers.verdict(document, sudoers.Subject(name, found.uid if found else -1, groups, hostname))
