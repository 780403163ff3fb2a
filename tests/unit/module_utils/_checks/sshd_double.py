"""An sshd for fake hosts: what it would say with its configuration in a rehearsal's copies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.unit.module_utils._platform.hosts import fixture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tests.unit.fakes import FakeHost

MAIN_FILE = "/etc/ssh/sshd_config"
DROP_INS = f"{MAIN_FILE}.d/"


def on_port(text: str, *ports: int) -> str:
    """What `sshd -T` prints, with sshd on these ports instead of 22."""
    lines = "".join(f"port {port}\n" for port in ports)
    addresses = "".join(f"listenaddress 0.0.0.0:{port}\n" for port in ports)
    return lines + addresses + re.sub(r"^(port|listenaddress) .*\n", "", text, flags=re.MULTILINE)


def with_lines(text: str, lines: Iterable[str]) -> str:
    """What `sshd -T` prints, with these lines of a configuration in force; the first of a keyword counts."""
    values: dict[str, str] = {}
    for line in lines:
        keyword, _space, value = line.strip().partition(" ")
        if keyword and not keyword.startswith("#"):
            values.setdefault(keyword.lower(), value)
    if "port" in values:
        text = on_port(text, int(values.pop("port")))
    for keyword, value in values.items():
        text = re.sub(rf"^{keyword} .*$", f"{keyword} {value}", text, flags=re.MULTILINE)
    return text


def rehearsed_answer(host: FakeHost, argv: Sequence[str]) -> str:
    """`sshd -f COPY -T …`: what sshd says now, but for the lines of the copies, which are read as sshd reads them.

    What our standing file says, and the copies do not, is as on a fresh host again. A Match line cannot be judged here:
    a test that needs one declares the answer.
    """
    now = host.query(("sshd", *argv[3:])).stdout
    standing = host.files.get(f"{DROP_INS}00-groundwork.conf") or ""
    given = {line.partition(" ")[0].lower() for line in standing.splitlines()}
    before = [line for line in fixture("ubuntu-22.04-standin/fresh/sshd-T.txt").splitlines() if _keyword(line) in given]
    return with_lines(now, [*_lines(host, argv[2]), *before])


def _keyword(line: str) -> str:
    return line.partition(" ")[0]


def _lines(host: FakeHost, path: str) -> Iterator[str]:
    for line in (host.files[path] or "").splitlines():
        if _keyword(line).lower() == "match":
            raise AssertionError(f"{path}: no answer is declared for `{line}`")
        if _keyword(line) != "Include":
            yield line
            continue
        for included in line.split()[1:]:
            yield from _lines(host, included) if included in host.files else ()
