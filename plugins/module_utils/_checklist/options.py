# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user asked of the checklist, checked as a whole before anything happens."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from datetime import date
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, Callable

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.public_keys import (
    PublicKey,
    parse_public_key,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ACCOUNT_NAME = re.compile(r"[a-z_][a-z0-9_-]{0,30}")
RESERVED_ACCOUNTS = ("root", "toor", "daemon", "nobody", "sshd")
# crypt(5): SHA-256, SHA-512, yescrypt, gost-yescrypt, scrypt, bcrypt.
PASSWORD_HASH = re.compile(r"\$(5|6|y|gy|7|2[abxy])\$[./A-Za-z0-9$=,]{20,}")
BAN_TIME = re.compile(r"[1-9][0-9]*[smhdw]?")
HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
PACKAGE_PATTERN = re.compile(r"[A-Za-z0-9^$.*+?\[\]_-]+")
MAIL_ADDRESS = re.compile(r"([A-Za-z0-9._+-]+(@[A-Za-z0-9.-]+)?)?")
# It names a file on the host.
RUN_NAME = re.compile(r"[A-Za-z0-9]{0,64}")
# The names that a web host needs; any other service is given as port/protocol.
SERVICES = {"http": ("80", "tcp"), "https": ("443", "tcp"), "dns": ("53", "udp"), "http3": ("443", "udp")}


@dataclass(frozen=True)
class Opening:
    """A port that the firewall lets in; `source` is empty for anywhere."""

    port: int
    protocol: str
    source: str = ""

    @property
    def words(self) -> str:
        """As the user writes it."""
        return f"{self.port}/{self.protocol}" + (f"/{self.source}" if self.source else "")


@dataclass(frozen=True)
class Waiver:
    """A finding that somebody has accepted until a day."""

    check_id: str
    reason: str
    until: date


@dataclass(frozen=True)
class Options:
    """The options of `security_checklist`, typed."""

    admin_name: str = "deploy"
    admin_keys: tuple[PublicKey, ...] = ()
    admin_sudo: str = "nopasswd"
    admin_password_hash: str = field(default="", repr=False)
    ssh_port: int | None = None
    firewall_allow: tuple[Opening, ...] = ()
    firewall_cut: tuple[Opening, ...] = ()
    fail2ban_ignore: tuple[str, ...] = ()
    fail2ban_ban_time: str = ""
    brute_force: str = "base"
    update_exclude: tuple[str, ...] = ()
    update_mail: str = ""
    update_reboot: str = "never"
    skip: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    warn_days: int = 180


def parse_options(params: Mapping[str, Any], check_ids: Iterable[str]) -> Options:
    """The module's parameters as Options. Raises BadInput with every problem at once."""
    problems: list[str] = []
    known = tuple(check_ids)
    options = Options(
        admin_name=_admin_name(params["admin_name"], problems),
        admin_keys=_each("admin_authorized_keys", _key_lines(params), parse_public_key, problems, shown=False),
        admin_sudo=params["admin_sudo"],
        admin_password_hash=_password_hash(params, problems),
        ssh_port=_port(params["ssh_port"], problems),
        firewall_allow=_each("firewall_allow", params["firewall_allow"], parse_opening, problems),
        firewall_cut=_each("firewall_cut", params["firewall_cut"], parse_opening, problems),
        fail2ban_ignore=_each("fail2ban_ignore", params["fail2ban_ignore"], _address, problems),
        fail2ban_ban_time=_ban_time(params["fail2ban_ban_time"], problems),
        brute_force=params["brute_force"],
        update_exclude=_each("update_exclude", params["update_exclude"], _package_pattern, problems),
        update_mail=_matching(
            "update_mail", params["update_mail"] or "", MAIL_ADDRESS, "a mail address or a local user", problems
        ),
        update_reboot=params["update_reboot"],
        skip=_each("skip", params["skip"], lambda name: _check_id(name, known), problems),
        waivers=_each("waivers", params["waivers"], lambda waiver: _waiver(waiver, known), problems),
        warn_days=_warn_days(params["warn_days"], problems),
    )
    _matching("run", params["run"] or "", RUN_NAME, "at most 64 letters and digits", problems)
    if params["confirm_timeout"] and not 5 <= params["confirm_timeout"] <= 3600:
        problems.append(
            f"confirm_timeout is {params['confirm_timeout']}: expected 5 to 3600 seconds, or 0 to do without"
        )
    if problems:
        raise BadInput(problems)
    return options


def _each(
    name: str, values: Iterable[Any], parse: Callable[[Any], Any], problems: list[str], *, shown: bool = True
) -> tuple[Any, ...]:
    """Each value parsed; a value that cannot be is named by its place, and by itself unless it may be a secret."""
    parsed = []
    for number, value in enumerate(values, start=1):
        try:
            parsed.append(parse(value))
        except ValueError as error:
            problems.append(f"{name}, entry {number}{f' ({value!r})' if shown else ''}: {error}")
    return tuple(dict.fromkeys(parsed))


def _key_lines(params: Mapping[str, Any]) -> list[str]:
    """One key an entry; an entry may also be the whole text of a .pub file with several."""
    lines: list[str] = []
    for entry in params["admin_authorized_keys"]:
        text = str(entry)
        lines.extend([text] if "PRIVATE KEY" in text else [line for line in text.splitlines() if line.strip()] or [""])
    return lines


def secrets_of(params: Mapping[str, Any]) -> tuple[str, ...]:
    """Private keys that were given as public ones: Ansible shows a module's parameters in its own results."""
    entries = (str(entry) for entry in params["admin_authorized_keys"])
    return tuple(entry for entry in entries if "PRIVATE KEY" in entry)


def _admin_name(value: str, problems: list[str]) -> str:
    if value in RESERVED_ACCOUNTS:
        problems.append(f"admin_name is {value!r}: expected a personal or service account of its own, such as 'deploy'")
    elif not ACCOUNT_NAME.fullmatch(value):
        problems.append(
            f"admin_name is {value!r}: expected up to 31 small letters, digits, _ and -, beginning with a letter or _"
        )
    return value


def _password_hash(params: Mapping[str, Any], problems: list[str]) -> str:
    value = params["admin_password_hash"] or ""
    if params["admin_sudo"] == "password" and not value:
        problems.append(
            "admin_sudo is 'password' and admin_password_hash is not given: sudo would ask for a password that nobody "
            "has; give the hash (`mkpasswd -m sha-512`), or set admin_sudo to 'nopasswd'"
        )
    if value and not PASSWORD_HASH.fullmatch(value):
        problems.append(
            "admin_password_hash is not a crypt(5) hash such as $6$salt$…: give the hash, never the password itself"
        )
    return value


def _port(value: int | None, problems: list[str]) -> int | None:
    if value is not None and not 1 <= value <= 65535:
        problems.append(
            f"ssh_port is {value}: expected a port from 1 to 65535, or leave it out to keep what is in force"
        )
    return value


def _warn_days(value: int, problems: list[str]) -> int:
    if value < 0:
        problems.append(f"warn_days is {value}: expected 0 or more days before the end of support")
    return value


def _matching(name: str, value: str, pattern: re.Pattern[str], expected: str, problems: list[str]) -> str:
    if not pattern.fullmatch(value):
        problems.append(f"{name} is {value!r}: expected {expected}")
    return value


def _ban_time(value: str | None, problems: list[str]) -> str:
    """Empty when nobody gave one."""
    expected = "a number with s, m, h, d or w"
    return "" if value is None else _matching("fail2ban_ban_time", value, BAN_TIME, expected, problems)


def parse_opening(text: str) -> Opening:
    """`http`, `8000/tcp` or `8000/tcp/10.0.0.0/8`. Raises ValueError."""
    if text in SERVICES:
        port, protocol = SERVICES[text]
        return Opening(int(port), protocol)
    words = text.split("/", 2)
    if len(words) < 2 or not words[0].isdigit() or words[1] not in ("tcp", "udp"):
        names = ", ".join(sorted(SERVICES))
        raise ValueError(f"expected port/protocol or port/protocol/source with tcp or udp, or one of {names}")
    if not 1 <= int(words[0]) <= 65535:
        raise ValueError("expected a port from 1 to 65535")
    return Opening(int(words[0]), words[1], str(ip_network(words[2], strict=False)) if len(words) == 3 else "")


def _address(text: str) -> str:
    try:
        ip_network(text, strict=False)
    except ValueError:
        # A dotted number that is no address is a typing error, not a host name.
        if not HOST_NAME.fullmatch(text) or re.fullmatch(r"[0-9.]+", text):
            raise ValueError("expected an IP address, a network such as 192.0.2.0/24, or a host name") from None
    return text


def _package_pattern(text: str) -> str:
    if not PACKAGE_PATTERN.fullmatch(text):
        raise ValueError("expected a package name or a pattern of one, as unattended-upgrades, dnf or pkg takes it")
    return text


def _check_id(name: str, known: tuple[str, ...]) -> str:
    if name in known:
        return name
    near = difflib.get_close_matches(name.upper(), known, n=3, cutoff=0.5)
    raise ValueError("no check has this id" + (f"; did you mean {', '.join(near)}?" if near else ""))


def _waiver(waiver: Mapping[str, Any], known: tuple[str, ...]) -> Waiver:
    if not str(waiver["reason"]).strip():
        raise ValueError("a waiver needs a reason")
    try:
        until = date.fromisoformat(str(waiver["until"]))
    except ValueError:
        raise ValueError(f"until is {waiver['until']!r}: expected a day as YYYY-MM-DD") from None
    return Waiver(_check_id(str(waiver["check"]), known), str(waiver["reason"]), until)
