"""Reads sshd_config(5) and what it includes: which words the part outside of Match blocks sets, and the newer words."""

from __future__ import annotations

import glob
import re
from dataclasses import dataclass, field
from pathlib import Path

_LINE = re.compile(r"\s*([A-Za-z0-9]+)(?:\s+|\s*=\s*)(.*?)\s*$")
_BLOCKER = frozenset(("useblacklist", "useblocklist"))
# New between OpenSSH 9.3 and 10.0.
_NEWER = frozenset(("persourcepenalties", "persourcepenaltyexemptlist", "refuseconnection", "sshdsessionpath"))
_PENALTIES = "crash:90 authfail:5 noauth:1 grace-exceeded:10 refuseconnection:10 max:600 min:15 max-sources4:65536"


@dataclass
class Config:
    """What was found, and the text of every file for a program that does not know the newer words."""

    texts: dict[Path, str] = field(default_factory=dict)
    ends_in_match: bool = False
    keywords: set[str] = field(default_factory=set)
    blocker: str = "no"
    penalties: str = f"{_PENALTIES} max-sources6:65536 overflow:permissive overflow6:permissive"
    problems: list[str] = field(default_factory=list)
    _is_blocker_set: bool = False

    def take_blocker(self, value: str, *, is_active: bool) -> None:
        if is_active and not self._is_blocker_set:
            self.blocker = value
            self._is_blocker_set = True


def read(path: Path) -> Config:
    config = Config()
    if path.is_file():
        config.ends_in_match = not _read(path, config, is_global=True)
    return config


def effective_blocker(path: Path = Path("/etc/ssh/sshd_config")) -> bool:
    """Whether sshd tells the ban daemon of failed logins."""
    return read(path).blocker == "yes"


def _read(path: Path, config: Config, *, is_global: bool) -> bool:
    """Whether the end of the file is outside of every Match block."""
    lines, is_active = [], is_global
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        match = _LINE.match(line)
        word = match[1].lower() if match and not line.lstrip().startswith("#") else ""
        value = match[2] if match else ""
        is_newer = word in _BLOCKER | _NEWER
        if word == "match":
            is_active = False
        elif is_newer:
            _newer(word, value.strip('"'), config, where=f"{path} line {number}", is_active=is_active)
        elif word == "include":
            for each in _included(value):
                if each not in config.texts:
                    _read(each, config, is_global=is_active)
        elif word and is_active:
            config.keywords.add(word)
        lines.append(f"# {line}" if is_newer else line)
    config.texts[path] = "".join(f"{line}\n" for line in lines)
    return is_active


def _included(value: str) -> list[Path]:
    patterns = (word if word.startswith("/") else f"/etc/ssh/{word}" for word in value.replace('"', "").split())
    return [Path(name) for pattern in patterns for name in sorted(glob.glob(pattern)) if Path(name).is_file()]


def _newer(word: str, value: str, config: Config, *, where: str, is_active: bool) -> None:
    value = value.partition("#")[0].strip()
    if not value:
        config.problems.append(f"{where}: missing argument.")
    elif word in _BLOCKER and value not in {"yes", "no"}:
        config.problems.append(f'{where}: unsupported option "{value}".')
    elif word in _BLOCKER:
        config.take_blocker(value, is_active=is_active)
    elif word == "persourcepenalties" and is_active:
        config.penalties = value
