"""The collection as a test needs it and nobody else: a copy of the sources with something appended to one file.

So the sources hold no hook for tests. Whatever a patch builds on and does not find fails at once, with the file's name.
"""

from __future__ import annotations

import ast
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.tools import paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COPIED = ("plugins", "roles", "playbooks", "meta", "galaxy.yml")
WAY_IN = "plugins/module_utils/_checks/way_in.py"
ANSIBLE_HOST = "plugins/module_utils/_host/ansible_host.py"
PORT = "plugins/module_utils/_host/port.py"
FRESH = "plugins/plugin_utils/_login/fresh.py"

# On the host, in /var/run, which is everywhere: what the module shall do at one of its writes, its list of writes, and
# its process id while it waits there. An order is `KIND WRITE`: before or after (it kills itself), or pause; the
# write's number, or its words.
ORDER, WRITES, REACHED = "/var/run/stop-at", "/var/run/writes", "/var/run/reached"
PAUSE = 20
# On the controller, in the environment: whether it ends before or after the login that confirms.
LOGIN = "GROUNDWORK_KILL_AT_LOGIN"

_NO_OBSTACLES = '''

def obstacles(*_anything, **_else):
    """Nothing is in the way, whatever is."""
    return ()
'''

_STOPPED = '''

class _Stopping(AnsibleHost):
    """Counts the writes and ends, or waits, at the one that the order names."""

    _nested = False
    _writes = 0

    def _count(self, name, arguments, perform):
        if self._nested:
            return perform()
        self._nested = True
        try:
            return self._counted(name, arguments, perform)
        finally:
            self._nested = False

    def _counted(self, name, arguments, perform):
        import signal
        import time

        self._writes += 1
        what = arguments[0] if isinstance(arguments[0], str) else " ".join(arguments[0])
        line = "%d %s %s" % (self._writes, name, what)
        with open("{writes}", "a") as file:
            file.write(line + "\\n")
        kind, _space, which = (self.read_text("{order}") or "").strip().partition(" ")
        if line.partition(" ")[0] != which and line.partition(" ")[2] != which:
            kind = ""
        if kind == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        if kind == "pause":
            os.unlink("{order}")
            with open("{reached}", "w") as file:
                file.write(str(os.getpid()))
            until = time.monotonic() + {pause}
            while os.path.exists("{reached}") and time.monotonic() < until:
                time.sleep(0.05)
        answer = perform()
        if kind == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    def query(self, *arguments, **keywords):
        before, self._nested = self._nested, True
        try:
            return super().query(*arguments, **keywords)
        finally:
            self._nested = before

{methods}

AnsibleHost = _Stopping
'''

_METHOD = """\
    def {name}(self, *arguments, **keywords):
        ours = super().{name}
        return self._count("{name}", arguments, lambda: ours(*arguments, **keywords))
"""


_ENDED = '''

_login_that_works = fresh_login


def fresh_login(*arguments, **keywords):
    """Ends the controller, workers and all, before or after the login."""
    _end("before")
    answer = _login_that_works(*arguments, **keywords)
    _end("after")
    return answer


def _end(moment):
    import os
    import signal

    if os.environ.get("{login}") == moment:
        os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
'''


class DoesNotFit(Exception):
    """The sources are not what a patch was made for; the message says where."""


@dataclass(frozen=True)
class Patch:
    """What is appended to a file of the copy, made from the sources that it is for."""

    path: str
    appended: Callable[[Path], str]


def _without_obstacles(root: Path) -> str:
    """All that the engine takes from the preflight is known here: `no_key` only leaves doors open, so it stays."""
    used = {
        alias.name
        for path in (root / "plugins").rglob("*.py")
        for node in ast.walk(_parsed(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("_checks.way_in")
        for alias in node.names
    }
    if "obstacles" not in used or not used <= {"no_key", "obstacles"}:
        raise DoesNotFit(f"{WAY_IN}: the preflight's functions are {sorted(used)}, expected obstacles and no_key")
    return _NO_OBSTACLES


def _stopping(root: Path) -> str:
    """Every method that a writer has beside a reader's is a write, but for a lock, which changes nothing."""
    classes = {node.name: node for node in _parsed(root / PORT).body if isinstance(node, ast.ClassDef)}
    if "HostWriter" not in classes:
        raise DoesNotFit(f"{PORT}: there is no class HostWriter")
    names = [node.name for node in classes["HostWriter"].body if isinstance(node, ast.FunctionDef)]
    if not {"run", "write", "remove"} <= set(names):
        raise DoesNotFit(f"{PORT}: HostWriter has {names}, expected run, write and remove among them")
    methods = "\n".join(_METHOD.format(name=name) for name in names if name != "locked")
    return _STOPPED.format(order=ORDER, writes=WRITES, reached=REACHED, pause=PAUSE, methods=methods)


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


WITHOUT_PREFLIGHT = Patch(WAY_IN, _without_obstacles)
ENDED_AT_THE_LOGIN = Patch(FRESH, lambda _root: _ENDED.format(login=LOGIN))
STOPPED_AT_A_WRITE = Patch(ANSIBLE_HOST, _stopping)


@contextmanager
def overlay(*patches: Patch) -> Iterator[dict[str, str]]:
    """The environment in which ansible-playbook takes the patched copy of the collection."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory, "ansible_collections/groundwork/python_host")
        copy.mkdir(parents=True)
        for name in COPIED:
            source = paths.ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, copy / name)
        for patch in patches:
            _apply(patch, copy)
        yield {"ANSIBLE_COLLECTIONS_PATH": directory}


def _apply(patch: Patch, copy: Path) -> None:
    path = copy / patch.path
    if not path.exists():
        raise DoesNotFit(f"{patch.path} is not there any more")
    appended = patch.appended(copy)
    functions = [node.name for node in ast.parse(appended).body if isinstance(node, ast.FunctionDef)]
    replaced = {name for name in functions if not name.startswith("_")}
    present = {node.name for node in _parsed(path).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    if not replaced <= present:
        raise DoesNotFit(f"{patch.path} has no {', '.join(sorted(replaced - present))} to take the place of")
    with path.open("a", encoding="utf-8") as file:
        file.write(appended)
