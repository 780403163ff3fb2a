"""The repositories of /etc/pkg/*.conf and /usr/local/etc/pkg/repos/*.conf: files in this order, each by its name.

A file that names a repository again changes what it says, and the rest stays, as freebsd/pkg:libpkg/pkg_config.c has it
(add_repo): but it is enabled again, with priority 0, unless the later one says otherwise; `enabled: no` in a later one
forgets the repository; one without an address that no file has told before is none.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from . import ucl

if TYPE_CHECKING:
    from collections.abc import Mapping

_MIRRORS = frozenset(("SRV", "HTTP"))
_SIGNATURES = frozenset(("PUBKEY", "FINGERPRINTS"))
_TEXTS = frozenset(("url", "pubkey", "mirror_type", "signature_type", "fingerprints", "type"))
_NUMBERS = frozenset(("ip_version", "priority"))


@dataclass(frozen=True)
class Repository:
    """An enabled or disabled repository, the parts of its files joined."""

    name: str
    url: str
    is_enabled: bool
    priority: int = 0
    mirror_type: str = "NONE"
    signature_type: str = "NONE"
    fingerprints: str = ""
    pubkey: str = ""
    ip_version: int = 0


class Unusable(Exception):
    """An address that pkg refuses, and its whole configuration with it."""


def load(folders: list[str], variables: Mapping[str, str]) -> dict[str, Repository]:
    found: dict[str, Repository] = {}
    for folder in folders:
        for path in sorted(Path(folder).glob("*.conf"), key=lambda each: each.name):
            if not path.name.startswith("."):
                _load_file(path, found, folder=folder, variables=variables)
    return found


def _load_file(path: Path, found: dict[str, Repository], *, folder: str, variables: Mapping[str, str]) -> None:
    try:
        entries = ucl.read(path.read_text(), variables)
    except OSError as error:
        print(f"pkg: Unable to open '{folder}/{path.name}':{error.strerror}", file=sys.stderr)
        return
    except ucl.Malformed as error:
        print(f"pkg: Error parsing: '{folder}/{path.name}': {error}", file=sys.stderr)
        return
    for name, value in entries.items():
        if isinstance(value, dict):
            add(found, name, value)
        else:
            print(f"pkg: Ignoring bad configuration entry in {path.name}: {value}", file=sys.stderr)


def add(found: dict[str, Repository], name: str, value: Mapping[str, ucl.Value]) -> None:
    entries = {key.lower(): each for key, each in value.items()}
    is_enabled = entries.get("enabled", True) is True
    if not is_enabled and name in found:
        del found[name]
        return
    for key, each in entries.items():
        kind = "string" if key in _TEXTS and not isinstance(each, str) else ""
        kind = "integer" if key in _NUMBERS and (isinstance(each, bool) or not isinstance(each, int)) else kind
        if kind:
            print(f"pkg: Expecting a {kind} for the '{key}' key of the '{name}' repo", file=sys.stderr)
            return
    if name not in found and "url" not in entries:
        return
    before = found.get(name, Repository(name, "", is_enabled))
    found[name] = _changed(before, entries, is_enabled=is_enabled)


def _changed(before: Repository, entries: Mapping[str, ucl.Value], *, is_enabled: bool) -> Repository:
    mirror = str(entries.get("mirror_type", before.mirror_type)).upper()
    signature = str(entries.get("signature_type", before.signature_type)).upper()
    return replace(
        before,
        url=str(entries.get("url", before.url)),
        is_enabled=is_enabled,
        priority=int(str(entries.get("priority", 0))),
        mirror_type=mirror if mirror in _MIRRORS else "NONE",
        signature_type=signature if signature in _SIGNATURES else "NONE",
        fingerprints=str(entries.get("fingerprints", before.fingerprints)),
        pubkey=str(entries.get("pubkey", before.pubkey)),
        ip_version=int(str(entries.get("ip_version", before.ip_version))),
    )


def check(found: list[Repository], schemes: list[str]) -> None:
    for repository in found:
        scheme, colon, _rest = repository.url.partition(":/")
        if not colon:
            raise Unusable(f"invalid url: {repository.url}")
        if not any(each.startswith(scheme) for each in schemes):
            raise Unusable(f"invalid scheme {scheme}")


def printed(repository: Repository, *, indent: str) -> str:
    """As freebsd/pkg:src/utils.c (print_repository) has it, down to the space after the brace."""
    rows = [
        f'url             : "{repository.url}"',
        f"enabled         : {'yes' if repository.is_enabled else 'no'}",
        f"priority        : {repository.priority}",
    ]
    if repository.mirror_type != "NONE":
        rows.append(f'mirror_type     : "{repository.mirror_type}"')
    if repository.signature_type != "NONE":
        rows.append(f'signature_type  : "{repository.signature_type}"')
    if repository.fingerprints:
        rows.append(f'fingerprints    : "{repository.fingerprints}"')
    if repository.pubkey:
        rows.append(f'pubkey          : "{repository.pubkey}"')
    if repository.ip_version:
        rows.append(f"ip_version      : {repository.ip_version}")
    return f"{indent}{repository.name}: {{ \n    " + ",\n    ".join(rows) + "\n  }\n"
