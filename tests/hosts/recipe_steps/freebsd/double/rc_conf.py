"""rc.conf(5): read by a shell, because it is shell; changed line by line, as sysrc.subr of freebsd/freebsd-src does."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

DEFAULTS = "/etc/defaults/rc.conf"
_SHELL = "/bin/sh"
_INTERNAL = re.compile(r"(_.*|IFS|OPTIND|PATH|PPID|PS[124]|PWD|source_rc_confs_defined|OLDPWD|SHLVL|LINENO)\Z")


def conf_files() -> list[str]:
    return (_ask("", "rc_conf_files") or "/etc/rc.conf /etc/rc.conf.local").split()


def are_sound(files: list[str]) -> bool:
    present = [path for path in files if Path(path).exists()]
    return all(subprocess.run([_SHELL, "-n", path], check=False).returncode == 0 for path in present)


def value(files: list[str], name: str) -> str | None:
    """None for a variable that nothing sets."""
    if name == "rc_conf_files" and not _is_set_in(files, name):
        return _ask("", name)
    return _ask(_reading(files), name)


def variables(files: list[str], *, with_defaults: bool) -> dict[str, str]:
    names = [DEFAULTS, *files] if with_defaults else files
    pattern = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)=")
    found = []
    for path in names:
        if Path(path).exists():
            found += [match[1] for line in Path(path).read_text().splitlines() if (match := pattern.match(line))]
    kept = [name for name in sorted(set(found)) if not _INTERNAL.match(name)]
    return {name: value(files, name) or "" for name in kept}


def holder(files: list[str], name: str) -> str | None:
    """The file with the last assignment."""
    return next((path for path in [*reversed(files), DEFAULTS] if _is_set_in([path], name)), None)


def assign(path: Path, name: str, new: str, *, is_new: bool) -> str:
    """Change the last assignment in a file, or append one; answers with what was wrong."""
    if is_new:
        try:
            with path.open("a") as stream:
                stream.write(f'{name}="{new}"\n')
        except OSError:
            return f"cannot create {path}: Permission denied"
        return ""
    if not os.access(path, os.W_OK):
        return f"cannot create {path}: Permission denied"
    lines = path.read_text().splitlines()
    last = max(index for index, line in enumerate(lines) if re.match(rf"\s*{name}=", line))
    lines[last] = _changed(lines[last], name, new)
    _replace(path, lines)
    return ""


def delete(path: Path, name: str) -> None:
    if path.exists():
        lines = path.read_text().splitlines()
        kept = [line for line in lines if not re.match(rf"\s*{name}=", line)]
        if kept != lines:
            _replace(path, kept)


def _changed(line: str, name: str, new: str) -> str:
    match = re.match(rf"(\s*{name}=)('[^']*'|\"(?:\\.|[^\"])*\"|[^\s;]*)(.*)", line)
    if match is None:
        return f'{name}="{new}"'
    quote = match[2][:1] if match[2][:1] in {"'", '"'} else '"'
    return f"{match[1]}{quote}{new}{quote}{match[3]}"


def _replace(path: Path, lines: list[str]) -> None:
    """By a new file of the same mode and owner, as sysrc moves a temporary one over the old."""
    old = path.stat()
    new = path.with_name(f"{path.name}.sysrc")
    new.write_text("".join(f"{line}\n" for line in lines))
    new.chmod(old.st_mode & 0o7777)
    os.chown(new, old.st_uid, old.st_gid)
    new.rename(path)


def _is_set_in(files: list[str], name: str) -> bool:
    pattern = re.compile(rf"^\s*{name}=", re.MULTILINE)
    return any(pattern.search(Path(path).read_text()) for path in files if Path(path).is_file())


def _reading(files: list[str]) -> str:
    quoted = " ".join(files)
    return f'rc_conf_files="{quoted}"; source_rc_confs >/dev/null 2>&1;'


def _ask(reading: str, name: str) -> str | None:
    script = f'. {DEFAULTS}; {reading} [ -n "${{{name}+set}}" ] || exit 3; printf %s "${{{name}}}"'
    done = subprocess.run(
        [_SHELL, "-c", script],
        env={},
        check=False,
        capture_output=True,
        text=True,
    )
    return None if done.returncode else done.stdout
