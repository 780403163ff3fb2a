"""The tables, the documents, the modules and the roles say the same: what is stated twice is compared here."""

from __future__ import annotations

import ast
import importlib
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.releases import RELEASES
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.systems import SYSTEMS
from tests.proofs import PROOFS
from tests.tools import checks_by_system
from tests.tools.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PLUGINS = "ansible_collections.groundwork.python_host.plugins"
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))
ROLES = sorted(path.name for path in (ROOT / "roles").glob("*") if path.is_dir())
RAW = "ansible.builtin.raw"
PLAYBOOKS = sorted(path.name for path in (ROOT / "playbooks").glob("*.yml"))
SCENARIOS = sorted(path.parent.name for path in (ROOT / "molecule").glob("*/molecule.yml"))
CHECK_ID = re.compile(r"[A-Z]+-\d{3}")
# What the argument specification and the documentation both say of an option, with what they mean by silence.
FACETS = {"type": "str", "default": None, "required": False, "choices": None, "elements": None, "aliases": []}


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


def documented_checks() -> dict[str, tuple[str, str]]:
    """Title and severity by id, from the table rows of docs/checks.md: `| SSH-001 | title | severity | …`."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in read("docs/checks.md").splitlines()]
    found = [(row[0].strip("`"), (row[1], row[2])) for row in rows if row and CHECK_ID.fullmatch(row[0].strip("`"))]
    assert len(found) == len(dict(found)), "docs/checks.md lists a check twice"
    return dict(found)


def test_check_ids_are_unique_and_of_the_form_topic_number():
    ids = [check.check_id for check in CHECKS]
    assert len(ids) == len(set(ids))
    assert [one for one in ids if not CHECK_ID.fullmatch(one)] == []


def test_each_check_has_its_line_in_the_documentation_and_no_other_has():
    assert documented_checks() == {check.check_id: (check.title, check.severity.value) for check in CHECKS}


@pytest.mark.parametrize("folder", ["README.md", "docs", "playbooks", "roles", "molecule", "tests/apply"])
def test_no_text_names_a_check_that_does_not_exist(folder):
    known = {check.check_id for check in CHECKS}
    topics = "|".join({one.partition("-")[0] for one in known})
    place = ROOT / folder
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.suffix in (".md", ".yml", ".py")]
    for path in files:
        named = set(re.findall(rf"\b(?:{topics})-\d{{3}}\b", path.read_text(encoding="utf-8")))
        assert named <= known, f"{path.relative_to(ROOT)} names {sorted(named - known)}"


def test_the_readmes_table_of_checks_by_system_is_the_one_that_the_catalog_makes():
    assert checks_by_system.written_in(read("README.md")) == checks_by_system.current(), (
        "`python -m tests.tools.checks_by_system` writes the table anew"
    )


def test_that_table_has_no_blank_cell_and_names_no_check_that_has_nothing_to_judge_as_proven():
    rows = [line.split(" | ") for line in checks_by_system.current().splitlines()[2:]]
    assert {len(row) for row in rows} == {len(PROOFS) + 1}
    assert [row for row in rows if not all(re.match(r"(yes \(|not applicable: )\w", cell) for cell in row[1:])] == []
    judged = {check.check_id: check for check in CHECKS}
    for family, proof in PROOFS.items():
        platform = Platform(proof.system, family=family)
        assert [one for one in proof.unit_only if judged[one].reason_against(platform)] == []


def literal(path: Path, name: str) -> str:
    """The text assigned to a name, read as Ansible reads it: without importing the file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    pytest.fail(f"{path.relative_to(ROOT)} does not assign {name}")


def documented_options(module: str) -> dict[str, Any]:
    """The module's documented options with those of the fragments that it extends."""
    documentation = yaml.safe_load(literal(ROOT / f"plugins/modules/{module}.py", "DOCUMENTATION"))
    options: dict[str, Any] = {}
    for name in documentation.get("extends_documentation_fragment") or []:
        _namespace, _collection, fragment, *part = name.split(".")
        fragments = importlib.import_module(f"{PLUGINS}.doc_fragments.{fragment}").ModuleDocFragment
        text = getattr(fragments, part[0].upper() if part else "DOCUMENTATION")
        options.update(yaml.safe_load(text).get("options") or {})
    return {**options, **(documentation.get("options") or {})}


def specification(module: str) -> Mapping[str, Any]:
    """What the module, or its half on the controller, checks its arguments against."""
    kind = "modules" if "\ndef main(" in read(f"plugins/modules/{module}.py") else "action"
    code = importlib.import_module(f"{PLUGINS}.{kind}.{module}")
    return code.argument_spec() if hasattr(code, "argument_spec") else code.ARGUMENT_SPEC


def facets(options: Mapping[str, Any], *, inner: str) -> dict[str, Any]:
    """The comparable side of options; `inner` is the key under which an option has options of its own."""
    return {
        name: {
            **{facet: option.get(facet, silence) for facet, silence in FACETS.items()},
            "options": facets(option.get(inner) or {}, inner=inner),
        }
        for name, option in options.items()
    }


@pytest.mark.parametrize("module", MODULES)
def test_the_documented_options_are_those_that_the_module_takes(module):
    assert facets(documented_options(module), inner="suboptions") == facets(specification(module), inner="options")


@pytest.mark.parametrize("module", MODULES)
def test_a_modules_main_is_glue(module):
    path = ROOT / f"plugins/modules/{module}.py"
    mains = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if getattr(node, "name", "") == "main"]
    assert all(node.end_lineno - node.lineno < 20 for node in mains)


def test_the_action_group_holds_every_module():
    assert sorted(load(ROOT / "meta/runtime.yml")["action_groups"]["all"]) == MODULES


def entry_points(role: str) -> dict[str, Any]:
    return load(ROOT / f"roles/{role}/meta/argument_specs.yml")["argument_specs"]


def defaults(role: str) -> dict[str, Any]:
    path = ROOT / f"roles/{role}/defaults/main.yml"
    return load(path) if path.is_file() else {}


@pytest.mark.parametrize("role", ROLES)
def test_every_entry_point_is_specified(role):
    """A tasks file that another one of the role includes is a part of it and no entry point."""
    files = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / f"roles/{role}/tasks").glob("*.yml")}
    parts = {name for text in files.values() for name in re.findall(r"(?:include|import)_tasks: (\w+)\.yml", text)}
    assert files.keys() - parts == set(entry_points(role))


@pytest.mark.parametrize("role", ROLES)
def test_the_specified_defaults_are_those_in_force(role):
    specified = {
        name: option["default"]
        for entry_point in entry_points(role).values()
        for name, option in (entry_point.get("options") or {}).items()
        if "default" in option
    }
    public = {name: value for name, value in defaults(role).items() if not name.startswith("_")}
    assert specified == public


@pytest.mark.parametrize("role", ROLES)
def test_the_entry_points_agree_on_what_a_variable_is(role):
    seen: dict[str, Any] = {}
    for name, option in [pair for one in entry_points(role).values() for pair in (one.get("options") or {}).items()]:
        facts = {key: value for key, value in option.items() if key not in ("description", "required")}
        assert seen.setdefault(name, facts) == facts, name


@pytest.mark.parametrize("role", ROLES)
def test_a_roles_variables_carry_its_name(role):
    names = {name for one in entry_points(role).values() for name in one.get("options") or {}}
    assert [name for name in names if not name.startswith(f"{role}_")] == []


def handed_on(tasks: list[dict[str, Any]]) -> dict[str, str]:
    """What an import of the role python_host gets from the role of one system, by its own name for it."""
    variables = [task.get("vars", {}) for task in tasks if "ansible.builtin.import_role" in task]
    return {name: value for each in variables for name, value in each.items() if name != "_python_host_families"}


def test_an_audit_hands_on_what_the_role_of_each_system_does():
    """Whose defaults an audit does not know, because it imports none of them."""
    wanted = {
        name: value.replace(" }}", " | default(omit) }}")
        for role in ROLES
        if role != "python_host"
        for name, value in handed_on(load(ROOT / f"roles/{role}/tasks/security.yml")).items()
    }
    (play,) = load(ROOT / "playbooks/audit.yml")
    assert handed_on(play["tasks"]) == wanted
    assert wanted


@pytest.mark.parametrize("name", [*MODULES, *ROLES, *PLAYBOOKS])
def test_the_readme_mentions_everything_that_a_user_can_call(name):
    assert re.search(rf"\b{re.escape(name)}\b", read("README.md"))


def test_the_readme_names_the_main_targets_and_only_targets_that_exist():
    targets = set(re.findall(r"^([a-z-]+):.*## ", read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)\b", "\n".join(re.findall(r"`[^`]+`", read("README.md")))))
    assert {"apply", "audit", "test"} <= named <= targets


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: f"{release.name}-{release.version}")
def test_each_release_has_a_fixture_folder_and_a_line_in_the_readme(release):
    assert (ROOT / f"tests/unit/fixtures/{release.name}-{release.version}/os-release").is_file()
    start = f"| {SYSTEMS[release.name].label} {release.version} |"
    lines = [line for line in read("README.md").splitlines() if line.startswith(start)]
    assert len(lines) == 1, f"README.md needs one line that starts with `{start}`"
    days = (release.supported_until, release.extended_until or release.branch_until)
    assert [str(day) for day in days if day] == re.findall(r"\d{4}-\d\d-\d\d", lines[0])


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_molecule_scenario_is_named_after_the_role_that_it_tests(scenario):
    assert scenario in ROLES


CLAIMS = re.findall(r"`((?:tests/\S+/)?test_\w+\.py)::(test_\w+)`", read("docs/safety.md"))


@pytest.mark.parametrize(("file", "test"), CLAIMS, ids=[test for _file, test in CLAIMS])
def test_each_claim_about_safety_names_a_test_that_exists(file, test):
    path = file if "/" in file else f"tests/integration_hosts/{file}"
    assert re.search(rf"^def {test}\(", read(path), re.MULTILINE)


def test_each_line_about_safety_names_a_test():
    lines = [line for line in read("docs/safety.md").splitlines() if line.startswith("| ")]
    rows = [line for line in lines if not line.endswith("| shown by |")]
    assert len(lines) > len(rows) > 0
    assert [row for row in rows if "::test_" not in row] == []


def test_what_runs_on_a_host_without_python_names_its_shell():
    files = sorted((ROOT / "playbooks/tasks").glob("*.yml"))
    raw = [task for path in files for task in yaml.safe_load(read(str(path.relative_to(ROOT)))) if RAW in task]
    assert raw
    assert [task["name"] for task in raw if task.get("args") != {"executable": "/bin/sh"}] == []
