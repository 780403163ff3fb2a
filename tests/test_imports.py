"""The direction of imports inside plugins/: modules and actions on top, the host port and the errors at the bottom.

Imports for typing alone count as well: they say what a file knows about.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.tools.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLUGINS = ROOT / "plugins"
PREFIX = "ansible_collections.groundwork.python_host.plugins."

READING = {"_errors", "_host/port", "_host/actions", "_host/login", "_host/remembering"}
WORDS = {"_checklist/model", "_checklist/options", "_checklist/public_keys"}
# A phase hands its actions to the executor that a module gave it.
PHASE = READING | {"_platform", "_host/executor", "_host/steps", "_host/blocks"}
ENTRY_POINT = {
    "_login",
    "_recovery",
    "_checklist",
    "_packages",
    "_python",
    "_report",
    "_checks",
    "_platform",
    "_host",
    "_errors",
    "doc_fragments",
}

# Who may import what. The longest name that fits counts; a file without a row of its own may import from its folder.
ALLOWED = {
    "_errors": set(),
    "_host": READING,
    # Planning and performing, and what both know of a marked block.
    "_host/steps": READING | {"_host/blocks"},
    "_host/executor": READING | {"_host/blocks", "_host/steps"},
    # The two files in which the port meets Ansible.
    "_host/ansible_host": READING | {"_host/kernel", "_host/database"},
    "_host/module": READING | {"_host/executor", "_host/ansible_host"},
    "_platform": READING,
    # The words that rows and engine share (Status, Finding, a parsed key): below both, so that the one arrow from
    # _checks into _checklist makes no circle with the many that go the other way.
    **dict.fromkeys(WORDS, READING | {"_platform"} | WORDS),
    # A row that adds to a value of somebody's reads the file without our own block. rc.conf is written by sysrc alone.
    "_checks": READING | {"_platform", "_host/blocks", "_host/rc_conf"} | WORDS,
    # The engine plans the packages that failing rows need as one transaction.
    "_checklist": PHASE | {"_checks", "_packages", "_recovery"},
    # The journal knows steps, not checks; and the way back writes rc.conf as checks do.
    "_recovery": PHASE | {"_host/rc_conf"},
    "_packages": PHASE | {"_recovery"},
    # Headers and build tools are packages.
    "_python": PHASE | {"_packages"},
    "_report": {"_errors"},
    "_login": {"_errors"},
    "modules": ENTRY_POINT,
    # The controller's half knows the options of its module.
    "action": ENTRY_POINT | {"modules"},
    "doc_fragments": set(),
}
# A login of our own is a connection plugin of Ansible's.
TOUCHES_ANSIBLE = ("_host/ansible_host", "_host/module", "_login/fresh", "modules/", "action/")


def _unit(path: Path) -> str:
    """`plugins/module_utils/_host/port.py` is `_host/port`."""
    parts = path.relative_to(PLUGINS).with_suffix("").parts
    inner = parts[1:] if parts[0] in ("module_utils", "plugin_utils") else parts
    return "/".join(part for part in inner if part != "__init__")


def _imported_names(source: str) -> Iterator[str]:
    """Full dotted names; `from package import name` counts as `package.name`, because `name` may be a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _fits(name: str, allowed: str) -> bool:
    return name == allowed or name.startswith(allowed + "/")


def _allowed_for(unit: str) -> set[str]:
    fitting = [name for name in ALLOWED if _fits(unit, name)]
    assert fitting, (
        f"plugins: {unit} has no row in ALLOWED of tests/test_imports.py: add one that says what it may import"
    )
    row = max(fitting, key=len)
    folder = set() if row in (unit, "_host") else {row}
    return ALLOWED[row] | folder


def _complaint(unit: str, name: str) -> str | None:
    """What is wrong with this import by this unit, or None."""
    if name.startswith("."):
        return f"{unit} imports {name}: AnsiballZ wants the full name"
    if name.split(".")[0] == "ansible" and not unit.startswith(TOUCHES_ANSIBLE):
        return f"{unit} imports {name}: only {', '.join(TOUCHES_ANSIBLE)} touch Ansible"
    if not name.startswith(PREFIX):
        return None
    parts = name[len(PREFIX) :].split(".")
    target = "/".join(parts[1:] if parts[0] in ("module_utils", "plugin_utils") else parts)
    if any(_fits(target, allowed) for allowed in _allowed_for(unit)):
        return None
    return f"{unit} imports {target}, which is not below it: see ALLOWED in tests/test_imports.py"


def _complaints(unit: str, source: str) -> list[str]:
    return [complaint for name in _imported_names(source) if (complaint := _complaint(unit, name))]


@pytest.mark.parametrize("path", sorted(PLUGINS.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_points_up(path: Path):
    assert _complaints(_unit(path), path.read_text()) == []


@pytest.mark.parametrize(
    ("unit", "source"),
    [
        ("_platform/detect", f"from {PREFIX}module_utils._checks.ssh import SshdOption"),
        ("_checks/ssh", f"from {PREFIX}module_utils._checklist.engine import audit"),
        ("_checks/ssh", f"from {PREFIX}module_utils._host.executor import Executor"),
        ("_checks/ssh", f"from {PREFIX}module_utils._host import executor"),
        ("_host/port", f"from {PREFIX}module_utils._host.executor import Executor"),
        ("_checklist/model", f"from {PREFIX}module_utils._checklist.engine import audit"),
        ("_checklist/model", f"from {PREFIX}module_utils._checks.ssh import SshdOption"),
        ("_packages/apt", "from ansible.module_utils.basic import AnsibleModule"),
        ("_packages/apt", "import ansible.constants"),
        ("_packages/apt", "from . import dnf"),
        ("_errors", f"if True:\n    from {PREFIX}module_utils._host.port import HostReader"),
        ("_report/text", f"from {PREFIX}module_utils._host.port import HostReader"),
    ],
)
def test_an_arrow_that_points_up_is_found(unit: str, source: str):
    assert len(_complaints(unit, source)) == 1


@pytest.mark.parametrize(
    ("unit", "source"),
    [
        ("modules/packages", f"from {PREFIX}module_utils._packages.registry import backend_for"),
        ("modules/packages", "from ansible.module_utils.basic import AnsibleModule"),
        ("_packages/apt", f"from {PREFIX}module_utils._packages.backend import PackageChange"),
        ("_checks/ssh", f"from {PREFIX}module_utils._checklist.model import Status"),
        ("_checklist/engine", f"from {PREFIX}module_utils._checks.way_in import obstacles"),
        ("_host/executor", f"from {PREFIX}module_utils._host.port import HostWriter"),
    ],
)
def test_an_arrow_that_points_down_is_fine(unit: str, source: str):
    assert _complaints(unit, source) == []
