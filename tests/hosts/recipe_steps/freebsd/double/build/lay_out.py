"""Writes one file per program of the double, where FreeBSD has it."""

from __future__ import annotations

from pathlib import Path

from ..programs import DOUBLE_FOLDER, PROGRAMS

_HEAD = f"#!{DOUBLE_FOLDER}/bin/python3 -IS"


def main() -> None:
    for name, program in PROGRAMS.items():
        path = Path(program.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        lines = (_HEAD, "import sys", f'sys.path.insert(0, "{DOUBLE_FOLDER}")')
        path.write_text("\n".join([*lines, "from double.run import run", f'run("{name}")', ""]))
        path.chmod(0o755)
