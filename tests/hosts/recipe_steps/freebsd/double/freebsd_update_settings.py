"""The settings of freebsd-update(8): the command line's, then those of /etc/freebsd-update.conf, then the defaults.

Names, order and words: freebsd/freebsd-src:usr.sbin/freebsd-update/freebsd-update.sh (config_*, parse_conffile,
default_params, finalize_components_config). A name in the file that is none, a second value where there may be one,
and a value other than yes and no where it is one of the two end the call.
"""

from __future__ import annotations

import re
from pathlib import Path

_FILE = "/etc/freebsd-update.conf"
_LISTS = frozenset(("Components", "IgnorePaths", "UpdateIfUnmodified", "MergeChanges", "IDSIgnorePaths"))
_TRUTHS = frozenset(
    (
        *("AllowAdd", "AllowDelete", "KeepModifiedMetadata", "StrictComponents", "BackupKernel"),
        *("BackupKernelSymbolFiles", "CreateBootEnv"),
    )
)
# `showconfig` shows them in this order, and CreateBootEnv not at all.
SHOWN = (
    *("KeyPrint", "WorkDir", "ServerName", "MailTo", "AllowAdd", "AllowDelete", "KeepModifiedMetadata", "Components"),
    *("IgnorePaths", "UpdateIfUnmodified", "BaseDir", "VerboseLevel", "TargetRelease", "StrictComponents"),
    *("MergeChanges", "IDSIgnorePaths", "BackupKernel", "BackupKernelDir", "BackupKernelSymbolFiles"),
)
_NAMES = frozenset((*SHOWN, "CreateBootEnv"))
_NO_BACKUP = frozenset(("/", "/bin", "/boot", "/etc", "/lib", "/libexec", "/sbin", "/usr", "/var"))
_DEFAULTS = {
    "WorkDir": "/var/db/freebsd-update",
    "MailTo": "root",
    "AllowAdd": "yes",
    "AllowDelete": "yes",
    "KeepModifiedMetadata": "yes",
    "BaseDir": "/",
    "VerboseLevel": "stats",
    "StrictComponents": "no",
    "BackupKernel": "yes",
    "BackupKernelDir": "/boot/kernel.old",
    "BackupKernelSymbolFiles": "no",
    "CreateBootEnv": "yes",
}


class Refused(Exception):
    """A setting that is not taken."""


def add(settings: dict[str, str], name: str, words: list[str]) -> None:
    """Puts one setting in, as the script's function `config_NAME` does."""
    if name not in _NAMES:
        raise Refused
    if name in _LISTS:
        settings[name] = " ".join([*settings.get(name, "").split(), *words])
        return
    value = words[0] if words else ""
    if settings.get(name):
        raise Refused
    if name in _TRUTHS or name == "VerboseLevel":
        value = value.lower()
        if value not in (("debug", "nostats", "stats") if name == "VerboseLevel" else ("yes", "no")):
            raise Refused
    if name == "BackupKernelDir" and (value in _NO_BACKUP or not value.startswith("/")):
        raise Refused
    if name == "TargetRelease" and re.fullmatch(r"[0-9.]+", value):
        value += "-RELEASE"
    settings[name] = value


def effective(command_line: dict[str, str], *, file: str) -> dict[str, str]:
    """Ends the program, as the script does, where the file cannot be read or has a line that is refused."""
    path = Path(file or _FILE)
    if file and not path.is_file():
        print(f"File does not exist or is not readable: {file}")
        raise SystemExit(1)
    in_file = _in_file(path.read_text()) if path.is_file() else {}
    given = {name: value for name, value in command_line.items() if value}
    return {**_DEFAULTS, **{name: value for name, value in in_file.items() if value}, **given}


def _in_file(text: str) -> dict[str, str]:
    settings: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, *words = line.partition("#")[0].split() or [""]
        try:
            if name:
                add(settings, name, words)
        except Refused as error:
            print(f"Error processing configuration file, line {number}:\n==> {line.strip()}")
            raise SystemExit(1) from error
    return settings


def finalize_components(settings: dict[str, str]) -> None:
    """Takes `src` off where there is no source, and says so."""
    words = settings.get("Components", "").split()
    if "src" in words and not Path(f"{settings['BaseDir']}/usr/src/COPYRIGHT").exists():
        print("src component not installed, skipped")
        words.remove("src")
    settings["Components"] = " ".join(words)
