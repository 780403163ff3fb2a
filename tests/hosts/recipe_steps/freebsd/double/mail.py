"""mail(1) and sendmail(8), to this host's users only: a message is put behind the others in /var/mail/NAME.

On FreeBSD dma(8) delivers since release 14; what goes to another host is lost here, without a word.
"""

from __future__ import annotations

import os
import pwd
import re
import sys
import time
from pathlib import Path

from .options import Usage, parse


def main(arguments: list[str]) -> int:
    program = os.path.basename(sys.argv[0])
    try:
        options = parse(arguments, "s:c:b:f:r:F:B:inotveEHu:", program=program)
    except Usage:
        return 1
    text = sys.stdin.read()
    recipients = [_alias(word) for word in options.operands]
    if program == "sendmail" and "t" in options:
        match = re.search(r"^To:\s*(.+)$", text, re.MULTILINE)
        recipients += [_alias(word.strip()) for word in match[1].split(",")] if match else []
    head = "" if program == "sendmail" else f"To: {', '.join(recipients)}\nSubject: {options.values.get('s', '')}\n\n"
    for name in recipients:
        _deliver(name, head + text)
    return 0


def _alias(address: str) -> str:
    """root's mail stays root's unless /etc/mail/aliases says otherwise."""
    name = address.strip("<>").partition("@")[0]
    path = Path("/etc/mail/aliases")
    text = path.read_text() if path.exists() else ""
    match = re.search(rf"^{re.escape(name)}:\s*(\S+)\s*$", text, re.MULTILINE)
    return match[1].partition("@")[0] if match else name


def _deliver(name: str, text: str) -> None:
    try:
        user = pwd.getpwnam(name)
    except KeyError:
        return
    path = Path("/var/mail") / name
    sender = pwd.getpwuid(os.getuid()).pw_name
    with path.open("a") as stream:
        stream.write(f"From {sender} {time.ctime()}\n{text.rstrip()}\n\n")
    if os.getuid() == 0:
        os.chown(path, user.pw_uid, user.pw_gid)
        path.chmod(0o600)
