"""The examples that `ansible-doc` shows, of modules and roles, foretold on a disposable host."""

from __future__ import annotations

import ast
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.hosts import control
from tests.integration_hosts.plays import hosts, play, shell
from tests.integration_hosts.systems import FREEBSD
from tests.tools import paths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.hosts.state import Host

MODULES = sorted(path.stem for path in (paths.ROOT / "plugins/modules").glob("*.py"))
ROLES = sorted(path.parents[1].name for path in (paths.ROOT / "roles").glob("*/meta/argument_specs.yml"))
NAME = f"examples-{os.getpid()}"
# A role refuses another family's hosts.
IMAGES = {"centos": "centos", "freebsd_base": "freebsd"}
# What the examples' authors have done before.
BEFORE = {"freebsd_base": FREEBSD.functions}
# What the examples find on a host of their author's.
FOUND_ON_THE_HOST = """
apt-get -q update && cd /var/tmp && apt-get -q download hello && mv hello_*.deb agent.deb
mkdir -p /srv/shop && echo gunicorn==23.0.0 > /srv/shop/requirements.txt
"""
FOUND_ON_THE_CONTROLLER = {"requirements.lock": "psycopg2==2.9.10\n"}


def module_examples(module: str) -> list[dict[str, Any]]:
    for node in ast.parse((paths.ROOT / f"plugins/modules/{module}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "EXAMPLES":
            return yaml.safe_load(ast.literal_eval(node.value))
    return []


def role_examples(role: str) -> list[list[dict[str, Any]]]:
    """The plays of each entry point."""
    specification = yaml.safe_load((paths.ROOT / f"roles/{role}/meta/argument_specs.yml").read_text(encoding="utf-8"))
    entry_points = specification["argument_specs"].values()
    return [yaml.safe_load(entry_point["examples"]) for entry_point in entry_points]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    started = control.up(NAME, image="ubuntu_lts", key_file=None)
    shell(started, FOUND_ON_THE_HOST)
    yield started
    control.down(NAME)


@pytest.fixture
def directory(tmp_path: Path, host: Host, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the playbook is; the user's home holds a key, and what else the examples name."""
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True, mode=0o700)
    shutil.copy2(f"{host.key_file}.pub", home / ".ssh/id_ed25519.pub")
    # A socket's path has to be short, and the one below a test's home would not be.
    monkeypatch.setenv("ANSIBLE_SSH_CONTROL_PATH_DIR", os.path.expanduser("~/.ansible/cp"))
    monkeypatch.setenv("HOME", str(home))
    for name, text in FOUND_ON_THE_CONTROLLER.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def foretell(plays: list[dict[str, Any]], host: Host, directory: Path) -> None:
    """Run in check mode, each task of each play."""
    playbook = directory / "playbook.yml"
    playbook.write_text(yaml.safe_dump(plays, sort_keys=False))
    run = play(playbook, [host.inventory], options=["--check", "--diff"])
    assert run.code == 0, run.output
    assert run.failures == ()


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module(module: str, host: Host, directory: Path):
    tasks = module_examples(module)
    assert tasks, f"{module} has no EXAMPLES"
    foretell([{"hosts": "all", "gather_facts": False, "become": True, "tasks": tasks}], host, directory)


@pytest.mark.parametrize("role", sorted(set(ROLES) - set(IMAGES)))
def test_the_examples_of_a_role(role: str, host: Host, directory: Path):
    for plays in role_examples(role):
        foretell(plays, host, directory)


@pytest.mark.parametrize(("role", "image"), IMAGES.items())
def test_the_examples_of_a_role_for_another_family(role: str, image: str, directory: Path):
    with hosts(f"examples-{image}", image=image) as (own,):
        shell(own, BEFORE.get(role, ""))
        for plays in role_examples(role):
            foretell(plays, own, directory)
