"""The program with a directory of the test's own, and a journal that the real code writes.

`Copy.run` runs it in this process, `InstalledCopy.run` as it lies on a host: by itself.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Change,
    Command,
    Touches,
    WriteBlock,
    WriteFile,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.blocks import rendered, replaced
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import installation, program
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.journal import Journal

TOKEN = "0123456789abcdef"


class Copy:
    """A directory of the program's own beside some places that it may change."""

    def __init__(self, root):
        self.root = root
        self.directory = root / "own"
        self.databases = root / "etc"
        self.databases.mkdir(exist_ok=True)
        self.journal = self.new_journal(TOKEN)

    def new_journal(self, run):
        return Journal(str(self.directory), run=run, what="security_checklist")

    def make(self, path, content, *, danger="door", then=(), mode=0o644):
        """Write a file as a step of the journal."""
        self.step(WriteFile(str(path), content, then=then), lambda: write(path, content, mode), danger=danger)

    def make_block(self, path, lines, *, danger="door", then=()):
        """Put a block into a file as a step of the journal."""
        action = WriteBlock(str(path), lines, then=then)
        self.step(action, lambda: path.write_text(replaced(path.read_text(), rendered(lines))), danger=danger)

    def step(self, action, deed, *, danger="door", is_killed=False):
        """Any step; one that is killed has no record of its end."""
        target = " ".join(action.argv) if isinstance(action, Command) else action.path
        self.journal.before(action, Change("test", target, "old", "new"), danger)
        deed()
        if not is_killed:
            self.journal.after()

    def arm(self):
        self.journal_file = self.journal.path
        (self.directory / "pending.json").write_text(json.dumps({"run": TOKEN, "journal": self.journal.path}))

    def die(self):
        """The process of the run is gone, and its lock with it."""
        self.journal._lock.close()

    def finish(self, result=None):
        """The run has ended, and its result is kept."""
        self.journal.close("finished")
        (self.directory / "result.json").write_text(json.dumps({"run": TOKEN, "result": result or {}}))

    def run(self, *words):
        """The exit code, and the answer."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            code = program.main(str(self.directory), list(words))
        return code, json.loads(printed.getvalue())

    @property
    def is_waiting(self):
        return (self.directory / "pending.json").exists()


class InstalledCopy(Copy):
    """The same as it lies on a host, run by an interpreter of its own with nothing of the collection."""

    def __init__(self, root):
        super().__init__(root)
        (self.directory / "program").mkdir(parents=True)
        for action in installation.installation(None, sys.executable, at_boot=False):
            path = self.directory / os.path.relpath(action.path, installation.DIRECTORY)
            path.write_text(action.content.replace('"/etc/', f'"{self.databases}/'))

    def run(self, *words):
        argv = [sys.executable, "-I", str(self.directory / "program"), *words]
        done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=30)
        assert done.stderr == ""
        return done.returncode, json.loads(done.stdout)


def write(path, content, mode=0o644):
    path.write_text(content, errors="surrogateescape")
    path.chmod(mode)


def written(path, content):
    """The action that writes a file."""
    return WriteFile(str(path), content)


def touch(path):
    """A command that shows that it was run."""
    return Command(("touch", str(path)))


def account(name, home=""):
    return Command(("useradd", name), touches=Touches(account=name, home=home))
