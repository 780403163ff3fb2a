"""sshd(8) with what FreeBSD compiles in, around Debian's OpenSSH 9.2.

Defaults: os_facts 4.2 [S] (PermitRootLogin no, PasswordAuthentication no, KbdInteractiveAuthentication yes, UsePAM yes,
UseDNS yes). They are given as options for what no line outside of a Match block sets; there the first value wins, and a
Match block still wins over them. Words of sshd_config that Debian's version does not know are taken out of a copy, line
by line, so that the numbers in messages stay those of the file; `-T` shows them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import sshd_config
from .places import HIDDEN, RUNNING, release

_REAL = str(HIDDEN / "sshd")
_COPIES = RUNNING / "sshd"
_VERSION = "OpenSSH_10.0p2, OpenSSL 3.0.16 11 Feb 2025"
_DEFAULTS = {
    "PERMITROOTLOGIN": "no",
    "PASSWORDAUTHENTICATION": "no",
    "KBDINTERACTIVEAUTHENTICATION": "yes",
    "USEPAM": "yes",
    "USEDNS": "yes",
    "X11FORWARDING": "no",
    "VERSIONADDENDUM": "FreeBSD-20250801",
}
_ALIASES = {"challengeresponseauthentication": "kbdinteractiveauthentication"}
_HIDDEN_LINES = ("debianbanner",)


def main(arguments: list[str]) -> int:
    own = ["-oDEBIANBANNER=", *(f"-o{name}=" for name in _DEFAULTS)]
    words = [word for word in arguments if not word.startswith(tuple(own))]
    if "-V" in words:
        print(_VERSION, file=sys.stderr)
        return 0
    path = _path(words)
    shutil.rmtree(_COPIES, ignore_errors=True)
    config = sshd_config.read(path, _COPIES)
    for problem in config.problems:
        print(problem, file=sys.stderr)
        return 255
    command = ["/usr/sbin/sshd", *_with_file(words, path, config.path), *_defaults(config, words)]
    if any(word.startswith("-") and word[1:2] in {"t", "T"} for word in words):
        return _test(command, config)
    os.execv(_REAL, command)
    return 255


def _path(words: list[str]) -> Path:
    for index, word in enumerate(words):
        if word == "-f" and index + 1 < len(words):
            return Path(words[index + 1])
        if word.startswith("-f") and len(word) > 2:
            return Path(word[2:])
    return Path("/etc/ssh/sshd_config")


def _with_file(words: list[str], old: Path, new: Path) -> list[str]:
    """A reload hands the words back to this program: a copy's name must not be among them."""
    if old == new:
        return words
    kept = list(words)
    for index, word in enumerate(words):
        if word == "-f":
            kept[index : index + 2] = []
        elif word.startswith("-f"):
            kept[index : index + 1] = []
    return [*kept, "-f", str(new)]


def _defaults(config: sshd_config.Config, words: list[str]) -> list[str]:
    given = {word.removeprefix("-o").strip().partition("=")[0].split(" ")[0].lower() for word in words}
    known = {_ALIASES.get(name, name) for name in (*config.keywords, *given)}
    missing = [f"-o{name}={value}" for name, value in _DEFAULTS.items() if name.lower() not in known]
    return ["-oDEBIANBANNER=no", *missing]


def _test(command: list[str], config: sshd_config.Config) -> int:
    done = subprocess.run([_REAL, *command[1:]], check=False, capture_output=True, text=True)
    sys.stderr.write(done.stderr.replace(str(_COPIES), ""))
    for line in done.stdout.splitlines():
        if not line.startswith(_HIDDEN_LINES):
            print(line.replace(str(_COPIES), ""))
    if done.stdout and done.returncode == 0:
        blocker = "useblacklist" if release().blocker == "blacklistd" else "useblocklist"
        print(f"{blocker} {config.blocker}")
        print(f"persourcepenalties {config.penalties}")
    return done.returncode
