"""The rows of the recipes, and what is derived from them without an engine."""

from __future__ import annotations

import os

import pytest

from tests.hosts.command import HostError
from tests.hosts.control import up
from tests.hosts.images import STEPS
from tests.hosts.recipes import RECIPE_BY_NAME
from tests.hosts.snapshot import differences
from tests.hosts.userland import package_sources


@pytest.mark.parametrize("name", sorted(RECIPE_BY_NAME))
def test_each_step_is_a_program(name: str) -> None:
    recipe = RECIPE_BY_NAME[name]
    for step in (*recipe.from_packages.first_steps, *recipe.steps):
        assert os.access(STEPS / step, os.X_OK), step


def test_what_stands_in_for_another_distribution_says_so() -> None:
    made = [recipe.from_packages for recipe in RECIPE_BY_NAME.values()]
    disguised = [each for each in made if each.first_steps]
    assert disguised
    assert all(each.title.startswith("stand-in for ") and "standin" in each.family for each in disguised)


def test_packages_come_from_the_mirror_that_the_machine_uses() -> None:
    mirrors = ("file:/debian", "https://ppa.example/someone/debian/", "https://mirror.example/debian/")
    main, updates, security = package_sources(mirrors)
    assert main == "deb https://mirror.example/debian bookworm main"
    assert updates == "deb https://mirror.example/debian bookworm-updates main"
    assert security == "deb http://deb.debian.org/debian-security bookworm-security main"


@pytest.mark.parametrize("name", ["", "UPPER", "a_b", "-a", "a-", "a" * 41, "a/b", "a\n"])
def test_a_name_that_no_host_can_have_is_refused(name: str) -> None:
    with pytest.raises(HostError, match="host name"):
        up(name, image="ubuntu_lts", key_file=None)


def test_differences_name_what_came_went_and_changed() -> None:
    before = {"paths": {"/etc/a": "1", "/etc/b": "1", "/etc/c": "1"}}
    after = {"paths": {"/etc/a": "1", "/etc/b": "2", "/etc/d": "1"}, "units": {"x.service": "active"}}
    assert differences(before, after) == [
        "paths: /etc/b: 1 -> 2",
        "paths: /etc/c: 1 -> absent",
        "paths: /etc/d: absent -> 1",
        "units: x.service: absent -> active",
    ]
