# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does sudo let the administrator become root: tried for real, or foretold while the account or its rule is missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import account_tool, accounts, sudoers
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    CommandFailed,
    HostError,
    NeedsRoot,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

SETUID = 0o4000
# NOPASSWD: and its like before the commands of a rule.
TAGS = re.compile(r"\b[A-Z_]+:")
# Switches under which sudo asks for a password that the administrator does not have.
OTHER_PASSWORDS = ("rootpw", "runaspw", "targetpw")
# Switches under which Ansible's own commands fail: it has no terminal, and its shell starts other programs.
HINDERING = ("requiretty", "noexec")


def directory(context: Context) -> str:
    """The directory whose files sudo reads besides its own."""
    return f"{sudoers.main_file(context.platform)}.d"


def path_of_rule(context: Context) -> str:
    """Our file, one for each administrator: the last rule that matches wins (sudoers(5)), and files are read in the
    order of their names.
    """
    return f"{directory(context)}/zz-groundwork-{context.options.admin_name}"


def rule(host: HostReader, context: Context) -> str:
    """Our file's lines. Ansible has no terminal for sudo, so where one is required this account is excepted."""
    name = context.options.admin_name
    tag = "NOPASSWD: " if context.options.admin_sudo == "nopasswd" else ""
    lines = [f"Defaults:{name} !requiretty"] if _requires_terminal(host, context) else []
    return "\n".join([*lines, f"{name} ALL=(ALL:ALL) {tag}ALL", ""])


def _requires_terminal(host: HostReader, context: Context) -> bool:
    """sudo-rs does not know the word, and refuses a file with it."""
    text = sudoers.flattened(host, {path_of_rule(context): ""}, sudoers.main_file(context.platform))
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
        as_account = accounts.as_account(host, context, name)
        return _words_of(host, *as_account, "sudo", "-n", "-H", "-u", "root", "true")
    if unknown := _unknown_hash(context):
        return unknown
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

    Where sudo is yet to be installed there is nothing else to judge.
    """
    if unknown := _unknown_hash(context):
        return (unknown,)
    program = host.which("sudo")
    if program is None:
        return ()
    if accounts.account(host, context.options.admin_name) and not refusal(host, context):
        return ()
    broken = tuple(_broken(host, accounts.followed(host, program)))
    return broken or tuple(_taken_away(host, context))


def _unknown_hash(context: Context) -> str:
    """The given password would match none on this system; empty where it would, or none is wanted."""
    options = context.options
    wanted = options.admin_password_hash if options.admin_sudo == "password" else ""
    if not wanted or account_tool.tool_of(context).knows(wanted):
        return ""
    return (
        f"{context.platform.title} cannot tell a password by the kind of hash in python_host_admin_password_hash: give "
        "one of SHA-512 (`openssl passwd -6`)"
    )


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
    main_file = sudoers.main_file(context.platform)
    last = f"what comes after {path} wins: look there, and at whether {main_file} includes {directory(context)}"
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
    ours = {path_of_rule(context): rule(host, context)}
    text = sudoers.flattened(host, ours, sudoers.main_file(context.platform))
    try:
        document = host.query(("cvtsudoers", "-e", "-f", "json", host.scratch_file("sudoers", text))).stdout
    except HostError:
        # A fault in somebody else's file is passed over by sudo, line by line, which cvtsudoers does not do.
        return None
    found = accounts.account(host, name)
    groups = accounts.group_names(host, context)
    hostname = lookup(HOSTNAMES, context.platform)(host).strip()
    return sudoers.verdict(document, sudoers.Subject(name, found.uid if found else -1, groups, hostname))


# kern.hostname: sysctl(3), and sys/kern/kern_mib.c of freebsd/freebsd-src; in a jail it is the jail's own.
HOSTNAMES: Mapping[str, Callable[[HostReader], str]] = {
    "*": lambda host: host.read_text("/proc/sys/kernel/hostname") or "",
    "freebsd": lambda host: host.query(("sysctl", "-n", "kern.hostname")).stdout,
}
