# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How accounts are made and changed: by the shadow tools of Linux, and by pw(8) on FreeBSD.

Sources for pw: usr.sbin/pw/pw_user.c and pw.8 of freebsd/freebsd-src. `-w no` gives an account the password `*`, which
nothing matches and which is no lock. Defaults of the site (pw.conf(5)) for what ends an account, and for its group, are
passed over: `-e 0` and `-p 0` are never, and `-g` names the group, which has to be there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import accounts, master_passwd
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command, Touches
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._checks.accounts import Account
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# For useradd: a password without an end.
NEVER_OLD = ("-K", "PASS_MAX_DAYS=-1", "-f", "-1")
# pw makes an empty one with each account (pw_user.c).
MAIL_FILE = "/var/mail/{name}"
# Forms of a password's hash that FreeBSD's crypt(3) knows, by how they begin; what begins with no dollar sign is DES.
HASHES = ("$1$", "$2", "$3$", "$5$", "$6$")


class AccountTool(Protocol):
    """The commands of one family of systems."""

    def password(self, host: HostReader, name: str) -> str | None:
        """The password field; None where there is no such account. Raises NeedsRoot."""

    def knows(self, password_hash: str) -> bool:
        """The system can tell a password by this kind of hash."""

    def create(self, host: HostReader, account: Account) -> Iterator[Command]:
        """Make the account as planned, with a home, a group of its own name, its other groups, and no password."""

    def give_shell(self, found: Account, shell: str) -> Command:
        """Change the login shell."""

    def give_password(self, name: str, password_hash: str) -> Command:
        """Change the password, whose hash no list of processes shows."""


class ShadowTools:
    """useradd(8), usermod(8), chpasswd(8)."""

    def password(self, host: HostReader, name: str) -> str | None:
        """See AccountTool."""
        fields = accounts.shadow_fields(host, name)
        return fields[1] if len(fields) > 1 else None

    def knows(self, password_hash: str) -> bool:
        """All that crypt(5) knows."""
        return bool(password_hash)

    def create(self, host: HostReader, account: Account) -> Iterator[Command]:
        """`*` is no password and, unlike `!`, no lock: sshd without PAM refuses a key to a locked account. A password
        that grows old would close the login by key with it. Home and group are those that the keys are planned for,
        whatever the host's own defaults for new accounts are.
        """
        group = ("-g", account.name) if accounts.has_group(host, account.name) else ("-U",)
        shell, others = ("-s", account.shell), _others(account)
        argv = ("useradd", "-m", "-d", account.home, *shell, "-p", "*", *NEVER_OLD, *group, *others, account.name)
        yield Command(argv, _creation(account), touches=_touches(account))

    def give_shell(self, found: Account, shell: str) -> Command:
        """See AccountTool."""
        return _with_shell(("usermod", "-s", shell, found.name), found, shell)

    def give_password(self, name: str, password_hash: str) -> Command:
        """See AccountTool."""
        return _with_password(("chpasswd", "-e"), name, f"{name}:{password_hash}\n")


class Pw:
    """pw(8), which keeps master.passwd and its databases alike."""

    def password(self, host: HostReader, name: str) -> str | None:
        """See AccountTool."""
        found = master_passwd.entry(host, name)
        return found.password if found else None

    def knows(self, password_hash: str) -> bool:
        """crypt(3); yescrypt, which many Linux systems use, is none of them, and matches no password then."""
        return not password_hash.startswith("$") or password_hash.startswith(HASHES)

    def create(self, host: HostReader, account: Account) -> Iterator[Command]:
        """The group first: pw would take the site's default group before one of the account's own name."""
        name = account.name
        if not accounts.has_group(host, name):
            change = Change("group", name, "absent", "present")
            yield Command(("pw", "groupadd", name), change, touches=Touches(account=name))
        home = ("-m", "-d", account.home, "-M", "0750")
        groups = ("-g", name, *_others(account))
        argv = ("pw", "useradd", name, *home, "-s", account.shell, *groups, "-w", "no", "-e", "0", "-p", "0")
        touches = replace(_touches(account), paths=(MAIL_FILE.format(name=name),))
        yield Command(argv, _creation(account), touches=touches)

    def give_shell(self, found: Account, shell: str) -> Command:
        """See AccountTool."""
        return _with_shell(("pw", "usermod", found.name, "-s", shell), found, shell)

    def give_password(self, name: str, password_hash: str) -> Command:
        """`-H 0` reads the hash from standard input."""
        return _with_password(("pw", "usermod", name, "-H", "0"), name, f"{password_hash}\n")


TOOLS: Mapping[str, AccountTool] = {"*": ShadowTools(), "freebsd": Pw()}


def tool_of(context: Context) -> AccountTool:
    """The one of this family of systems."""
    return lookup(TOOLS, context.platform)


def _others(account: Account) -> tuple[str, ...]:
    return ("-G", ",".join(account.groups)) if account.groups else ()


def _creation(account: Account) -> Change:
    groups = f", in {', '.join(account.groups)}" if account.groups else ""
    return Change("account", account.name, "absent", f"with home and {account.shell}{groups}")


def _touches(account: Account) -> Touches:
    return Touches(account=account.name, home=account.home)


def _with_shell(argv: tuple[str, ...], found: Account, shell: str) -> Command:
    change = Change("account", found.name, f"shell {found.shell}", f"shell {shell}")
    return Command(argv, change, touches=Touches(account=found.name))


def _with_password(argv: tuple[str, ...], name: str, stdin: str) -> Command:
    change = Change("account", name, "another password", "the given password")
    return Command(argv, change, stdin=stdin, touches=Touches(account=name))
