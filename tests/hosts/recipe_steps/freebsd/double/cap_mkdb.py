"""cap_mkdb(1): makes FILE.db; /etc/login.conf's umask and PATH of the class `default` become those of logins here."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from .options import Usage, parse


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "blvf:", program="cap_mkdb")
    except Usage:
        return 1
    if not options.operands:
        print("usage: cap_mkdb [-v] [-b | -l] [-f outfile] file ...", file=sys.stderr)
        return 1
    for name in options.operands:
        path = Path(name)
        if not path.exists():
            print(f"cap_mkdb: {name}: No such file or directory", file=sys.stderr)
            return 1
        Path(f"{options.values.get('f', name)}.db").write_bytes(path.read_bytes())
        if path == Path("/etc/login.conf"):
            apply(path.read_text())
    return 0


def apply(text: str) -> None:
    """Linux-PAM reads its own files: the path in pam_env's, the umask in login.defs (pam_umask)."""
    default = capabilities(text).get("default", {})
    path = default.get("path", "/sbin /bin /usr/sbin /usr/bin /usr/local/sbin /usr/local/bin ~/bin")
    words = [f"@{{HOME}}{word[1:]}" if word.startswith("~") else word for word in path.split()]
    lines = [f"PATH DEFAULT={':'.join(words)}"]
    for pair in default.get("setenv", "").split(","):
        name, _equals, value = pair.partition("=")
        if value and "$" not in value:
            lines.append(f"{name} DEFAULT={value}")
    Path("/etc/security/pam_env.conf").write_text("\n".join([*lines, ""]))
    Path("/etc/login.defs").write_text(f"UMASK {default.get('umask', '022')}\nENV_PATH PATH={':'.join(path.split())}\n")


def capabilities(text: str) -> dict[str, dict[str, str]]:
    joined = re.sub(r"\\\n\s*", "", text)
    found = {}
    for line in joined.splitlines():
        if line.strip() and not line.startswith("#"):
            names, *fields = line.split(":")
            pairs = (field.strip().partition("=") for field in fields if field.strip())
            found[names.split("|")[0]] = {name: value.strip('"') for name, _equals, value in pairs}
    return found
