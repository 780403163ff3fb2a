"""sshd(8) with what FreeBSD compiles in, around Debian's OpenSSH 9.2.

Defaults: os_facts 4.2 [S] (PermitRootLogin no, PasswordAuthentication no, KbdInteractiveAuthentication yes, UsePAM yes,
UseDNS yes). They stand behind the last line of the configuration, for what no line outside of a Match block sets. Words
of sshd_config that Debian's version does not know are made comments, line by line; `-T` shows them.

The program reads that text under the names of the real files: copies are mounted over them where no other process sees
it. So its command line, its title and the places in its messages are FreeBSD's. At a signal to reload it starts its
command line again (freebsd/freebsd-src:crypto/openssh/sshd.c, sighup_restart), which leads through here. The part for
each connection leaves that view: see /usr/sbin/sshd.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import private_view, process_words, sshd_config
from .places import HIDDEN, RUNNING, release

_REAL = str(HIDDEN / "sshd")
_COPIES = RUNNING / "sshd"
_VERSION = "OpenSSH_10.0p2, OpenSSL 3.0.16 11 Feb 2025"
_BANNER = "DebianBanner"
_DEFAULTS = {
    "PermitRootLogin": "no",
    "PasswordAuthentication": "no",
    "KbdInteractiveAuthentication": "yes",
    "UsePAM": "yes",
    "UseDNS": "yes",
    "X11Forwarding": "no",
    "VersionAddendum": "FreeBSD-20250801",
}
# FreeBSD's sshd reports each refused method to the ban daemon (freebsd/freebsd-src:crypto/openssh/auth2.c). The one of
# the double reads them in the log, where Debian's sshd writes those of keys at this level only.
_REPORTING = {**_DEFAULTS, "LogLevel": "VERBOSE"}
_ALIASES = {"challengeresponseauthentication": "kbdinteractiveauthentication"}


def main(arguments: list[str]) -> int:
    if "-V" in arguments:
        print(_VERSION, file=sys.stderr)
        return 0
    command = ["/usr/sbin/sshd", *arguments]
    process_words.show(command)
    if os.geteuid() == 0:
        private_view.leave()
    path = _path(arguments)
    config = sshd_config.read(path)
    for problem in config.problems:
        print(problem, file=sys.stderr)
        return 255
    asks = any(word.startswith("-") and word[1:2] == "T" for word in arguments)
    missing = _missing(config, arguments, defaults=_DEFAULTS if asks or config.blocker == "no" else _REPORTING)
    if os.geteuid() == 0 and path.is_file():
        _show_instead(path, config, missing)
    else:
        command += [f"-o{name}={value}" for name, value in missing.items()]
    if asks:
        return _effective(command, config)
    os.execv(_REAL, command)
    return 255


def _path(words: list[str]) -> Path:
    for index, word in enumerate(words):
        if word == "-f" and index + 1 < len(words):
            return Path(words[index + 1])
        if word.startswith("-f") and len(word) > 2:
            return Path(word[2:])
    return Path("/etc/ssh/sshd_config")


def _missing(config: sshd_config.Config, words: list[str], *, defaults: dict[str, str]) -> dict[str, str]:
    """The first value wins: what the files or the command line set is left out."""
    given = {_option(word, words[index + 1 : index + 2]) for index, word in enumerate(words) if word.startswith("-o")}
    known = {_ALIASES.get(name, name) for name in (*config.keywords, *given)}
    return {
        _BANNER: "no",
        **{name: value for name, value in defaults.items() if name.lower() not in known},
    }


def _option(word: str, following: list[str]) -> str:
    text = word.removeprefix("-o") or "".join(following)
    return text.strip().replace("=", " ").partition(" ")[0].lower()


def _show_instead(path: Path, config: sshd_config.Config, missing: dict[str, str]) -> None:
    """A Match block at the end of the file ends before the defaults."""
    lines = ["Match all"] if config.ends_in_match else []
    lines += [f"{name} {value}" for name, value in missing.items()]
    texts = {**config.texts, path: config.texts[path] + "".join(f"{line}\n" for line in lines)}
    shutil.rmtree(_COPIES, ignore_errors=True)
    _COPIES.mkdir(mode=0o700, parents=True)
    private_view.enter()
    for number, (original, text) in enumerate(texts.items()):
        if original == path or text != original.read_text(errors="replace"):
            copy = _COPIES / str(number)
            copy.write_text(text)
            copy.chmod(0o600)
            private_view.show(copy, instead_of=original)


def _effective(command: list[str], config: sshd_config.Config) -> int:
    done = subprocess.run(command, executable=_REAL, check=False, stdout=subprocess.PIPE, text=True)
    for line in done.stdout.splitlines():
        if not line.startswith(_BANNER.lower()):
            print(line)
    if done.stdout and done.returncode == 0:
        blocker = "useblacklist" if release().blocker == "blacklistd" else "useblocklist"
        print(f"{blocker} {config.blocker}")
        print(f"persourcepenalties {config.penalties}")
    return done.returncode
