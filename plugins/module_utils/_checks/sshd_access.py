# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sshd's own configuration holds against the administrator's login, Match blocks included."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    account_state,
    accounts,
    key_files,
    login_classes,
    master_passwd,
    pam,
    sshd,
    sshd_lists,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context
    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.public_keys import PublicKey
    from ansible_collections.groundwork.python_host.plugins.module_utils._checks.accounts import Account
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

# The names of a signature by an RSA key; every other key's is the key's own type (RFC 8332).
RSA_SIGNATURES = ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")
# A keyword by its newer and by its older name (OpenSSH 8.5).
ACCEPTED = ("pubkeyacceptedalgorithms", "pubkeyacceptedkeytypes")
# By OpenSSH's name (9.1), and by the one that Red Hat gave it before in 8.7.
LEAST_RSA = ("requiredrsasize", "rsaminsize")
# While one of them is there, PAM and sshd let nobody in but root (pam_nologin(8)).
NO_LOGIN_FILES = ("/etc/nologin", "/run/nologin")


def obstacles(host: HostReader, context: Context) -> Iterator[str]:
    """One sentence for each. Judged at the port that sshd will have, for Match lines about it."""
    options = context.options
    asked = replace(context, login=replace(context.login, port=options.ssh_port or context.login.port))
    address = context.login.address
    view = sshd.effective(host, sshd.viewpoint(asked, options.admin_name, address or sshd.ELSEWHERE))
    owner = accounts.account(host, options.admin_name) or accounts.planned(host, context)
    yield from sshd_lists.obstacles(host, view, context, address=address)
    yield from _about_sessions(host, asked, view)
    yield from _about_keys(view, owner)
    yield from _about_given_keys(host, context, view)
    yield from lookup(ABOUT_ACCOUNTS, context.platform)(host, context, view)
    if view.one("usepam") == "yes":
        yield from pam.obstacles(host, context, has_names=view.one("usedns") == "yes")


def _about_sessions(host: HostReader, context: Context, view: sshd.Effective) -> Iterator[str]:
    """A command that is forced on this very login, too, has let this run's commands through."""
    name, forced = view.seen_by.user, view.one("forcecommand")
    others = [replace(view.seen_by, user=user) for user in ("root", sshd.STRANGER)] if context.login.address else []
    if _is_set(forced) and (
        forced.startswith("internal-sftp")
        or not any(sshd.effective(host, other).one("forcecommand") == forced for other in others)
    ):
        yield f"sshd's ForceCommand ({forced}) replaces every command of {name}: except {name} from it first"
    if _is_set(view.one("chrootdirectory")):
        yield f"sshd's ChrootDirectory ({view.one('chrootdirectory')}) holds {name}: except {name} from it first"
    if view.one("maxsessions") == "0":
        yield "sshd's MaxSessions 0 lets nobody run a command: remove it first"


def _is_set(value: str) -> bool:
    return value not in ("", "none")


def about_key_file(view: sshd.Effective, owner: Account) -> Iterator[str]:
    """sshd does not read the file that this run writes keys to, whatever stands in it."""
    files = view.all("authorizedkeysfile")
    if not any(_expanded(path, owner) == owner.authorized_keys for path in files):
        command = view.one("authorizedkeyscommand")
        also = f" and from {command}" if _is_set(command) else ""
        yield (
            f"sshd reads keys from {' '.join(files)}{also}, not from .ssh/authorized_keys: add .ssh/authorized_keys to "
            "its AuthorizedKeysFile first"
        )


def _about_keys(view: sshd.Effective, owner: Account) -> Iterator[str]:
    name = view.seen_by.user
    yield from about_key_file(view, owner)
    if view.one("pubkeyauthentication") == "no":
        yield (
            f"sshd's PubkeyAuthentication stays no for {name}: remove that where sshd reads it before "
            "00-groundwork.conf or in a Match block, or take SSH-004 out of python_host_skip"
        )
    methods = view.all("authenticationmethods")
    if methods and not set(methods) & {"any", "publickey"}:
        yield f"sshd's AuthenticationMethods ({' '.join(methods)}) wants more than a key: except {name} from it first"


def _expanded(pattern: str, owner: Account) -> str:
    """A relative path is below the home (sshd_config(5), TOKENS)."""
    tokens = {"%h": owner.home, "%u": owner.name, "%U": str(owner.uid)}
    for token, value in tokens.items():
        pattern = pattern.replace(token, value)
    return pattern.replace("%%", "%") if pattern.startswith("/") else f"{owner.home}/{pattern}"


def _about_given_keys(host: HostReader, context: Context, view: sshd.Effective) -> Iterator[str]:
    """Of several keys one that is taken is enough, because any of them may be the one that is used."""
    keys = context.options.admin_keys or key_files.usable_keys(host, context)
    accepted = next((view.one(keyword) for keyword in ACCEPTED if view.one(keyword)), "")
    least = next((int(view.one(keyword)) for keyword in LEAST_RSA if view.one(keyword)), 0)
    if keys and accepted and not any(_is_accepted(key, accepted.split(","), least) for key in keys):
        kinds = ", ".join(dict.fromkeys(_described(key) for key in keys))
        yield (
            f"sshd takes no key of the kind {kinds} (PubkeyAcceptedAlgorithms, RequiredRSASize {least}): give an "
            "ed25519 key, or let one be made with python_host_admin_key_file"
        )
    revoked = view.one("revokedkeys")
    if _is_set(revoked) and keys:
        yield from _about_revoked(host, revoked, keys)


def _is_accepted(key: PublicKey, accepted: Iterable[str], least: int) -> bool:
    signatures = RSA_SIGNATURES if key.kind == "ssh-rsa" else (key.kind,)
    return bool({*signatures} & {*accepted}) and (key.kind != "ssh-rsa" or _rsa_size(key) >= least)


def _described(key: PublicKey) -> str:
    return f"{key.kind} with {_rsa_size(key)} bits" if key.kind == "ssh-rsa" else key.kind


def _rsa_size(key: PublicKey) -> int:
    """The bits of the modulus, which is the last of the fields type, exponent, modulus (RFC 4253, section 6.6)."""
    blob, position, field = base64.b64decode(key.body), 0, b""
    while position < len(blob):
        end = position + 4 + int.from_bytes(blob[position : position + 4], "big")
        field, position = blob[position + 4 : end], end
    return int.from_bytes(field, "big").bit_length()


def _about_revoked(host: HostReader, path: str, keys: Iterable[PublicKey]) -> Iterator[str]:
    if host.stat(path) is None:
        yield f"sshd's RevokedKeys names {path}, which does not exist, so that it refuses every key: remove that line"
        return
    if all(_is_revoked(host, path, host.scratch_file(f"key-{at}.pub", f"{key.line}\n")) for at, key in enumerate(keys)):
        prints = ", ".join(key.fingerprint for key in keys)
        yield f"sshd's RevokedKeys ({path}) holds the key {prints}, or cannot be read: give another key"


def _is_revoked(host: HostReader, path: str, key_file: str) -> bool:
    try:
        host.query(("ssh-keygen", "-Q", "-f", path, key_file))
    except CommandFailed:
        return True
    return False


def _about_accounts(host: HostReader, context: Context, view: sshd.Effective) -> Iterator[str]:
    name = context.options.admin_name
    if view.one("usepam") == "no" and account_state.is_locked(host, name):
        yield f"sshd without PAM (UsePAM no) refuses the locked account {name}: `usermod -p '*' {name}`"
    for path in NO_LOGIN_FILES:
        if host.stat(path) is not None:
            yield f"nobody but root may log in while {path} exists: remove it"


def _about_login_class(host: HostReader, context: Context, _view: sshd.Effective) -> Iterator[str]:
    """sshd asks it with and without PAM; an account that is yet to be made gets the default class."""
    entry = master_passwd.entry(host, context.options.admin_name)
    yield from login_classes.obstacles(host, context, entry.login_class if entry else "")


# What a system has besides sshd's own configuration and PAM's.
ABOUT_ACCOUNTS: Mapping[str, Callable[[HostReader, Context, sshd.Effective], Iterator[str]]] = {
    "*": _about_accounts,
    "freebsd": _about_login_class,
}
