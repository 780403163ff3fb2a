"""Every file and every command of the README, on disposable hosts, in the order in which a user meets them."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.hosts import control
from tests.integration_hosts.readme import EXAMPLE_HOST, README, Block, Place, blocks, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.hosts.state import Host

BLOCKS = blocks()
# Each of these sections begins with a fresh host.
SECTIONS = ("Your own hosts", "In infrastructure code that exists already")
# Run by other means: the suite is what runs this test, and `make apply` has a test of its own below.
ELSEWHERE = ("make test", "make apply")
COMMANDS = [(block.section, command) for block in BLOCKS for command in block.commands if command not in ELSEWHERE]
PLAYBOOKS = [block for block in BLOCKS if block.language == "yaml" and block.text.startswith("- name:")]


@pytest.fixture(scope="module")
def hosts() -> Iterator[dict[str, Host]]:
    names = {section: f"readme-{number}-{os.getpid()}" for number, section in enumerate(SECTIONS)}
    try:
        yield {section: control.up(name, image="ubuntu_lts", key_file=None) for section, name in names.items()}
    finally:
        for name in names.values():
            control.down(name)


@pytest.fixture(scope="module")
def places(hosts: dict[str, Host], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Place]:
    return {section: lay_out(tmp_path_factory.mktemp("user"), host) for section, host in hosts.items()}


def place_of(section: str, places: dict[str, Place]) -> Place:
    return places.get(section, places[SECTIONS[0]])


def test_the_readme_has_blocks_to_test():
    assert {block.section for block in BLOCKS} >= set(SECTIONS)
    assert len(COMMANDS) > 10


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.language == "yaml"], ids=lambda block: block.file)
def test_every_yaml_block_parses_and_has_a_file_name(block: Block):
    assert yaml.safe_load(block.text)
    assert block.file.endswith(".yml")


@pytest.mark.parametrize(("section", "command"), COMMANDS, ids=[command for _section, command in COMMANDS])
def test_the_command(section: str, command: str, places: dict[str, Place]):
    done = place_of(section, places).run(command)
    assert done.returncode == 0, done.stdout
    assert "[DEPRECATION" not in done.stdout


@pytest.mark.parametrize("block", PLAYBOOKS, ids=lambda block: block.file)
def test_a_playbook_passes_the_syntax_check(block: Block, places: dict[str, Place]):
    done = places[SECTIONS[1]].run(f"ansible-playbook -i hosts.yml --syntax-check {block.file}")
    assert done.returncode == 0, done.stdout


def test_a_later_run_with_the_same_inventory_changes_nothing(places: dict[str, Place]):
    for section, command in (
        (SECTIONS[0], "make apply INVENTORY=hosts.yml"),
        (SECTIONS[1], "ansible-playbook -i hosts.yml -e ansible_user=deploy prepare.yml"),
    ):
        done = places[section].run(command)
        assert done.returncode == 0, done.stdout
        assert " changed=0 " in done.stdout, done.stdout


@pytest.mark.parametrize("section", SECTIONS)
def test_root_s_login_is_closed_afterwards(section: str, places: dict[str, Place]):
    directory = places[section].directory
    login = ["ssh", "-F", str(directory / "ssh_config"), "-o", "BatchMode=yes"]
    words = "Permission denied"
    refused = subprocess.run([*login, f"root@{EXAMPLE_HOST}", "true"], capture_output=True, text=True, check=False)
    assert words in refused.stderr
    subprocess.run([*login, f"deploy@{EXAMPLE_HOST}", shlex.join(["sudo", "-n", "true"])], check=True)


@pytest.mark.parametrize("command", ["make apply", "make apply HOST=centos", "make apply HOST=freebsd"])
def test_make_apply_prepares_a_disposable_host_and_the_application_answers(command: str, places: dict[str, Place]):
    assert f"`{command}`" in README.read_text(encoding="utf-8")
    done = places[SECTIONS[0]].run(command)
    try:
        assert done.returncode == 0, done.stdout
        assert '"hello": "world"' in done.stdout
        assert "Host image: " in done.stdout
    finally:
        control.down("demo")
