"""The rows of the recipes, and what is derived from them without an engine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.hosts import images
from tests.hosts.command import HostError
from tests.hosts.control import up
from tests.hosts.images import STEPS, recipe_hash
from tests.hosts.recipes import RECIPE_BY_NAME
from tests.hosts.snapshot import differences
from tests.hosts.userland import package_sources

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", sorted(RECIPE_BY_NAME))
def test_each_step_is_a_program(name: str) -> None:
    recipe = RECIPE_BY_NAME[name]
    made = recipe.from_packages
    for step in (*made.shared_steps, *made.first_steps, *recipe.steps):
        assert os.access(STEPS / step, os.X_OK), step


def test_what_stands_in_for_another_distribution_says_so() -> None:
    made = [recipe.from_packages for recipe in RECIPE_BY_NAME.values()]
    disguised = [each for each in made if each.first_steps]
    assert disguised
    for each in disguised:
        kind = ("double of ", "-double") if each.title.startswith("double") else ("stand-in for ", "-standin")
        assert each.title.startswith(kind[0]), each.title
        assert each.family.endswith(kind[1]), each.family


def test_what_is_built_on_another_recipe_is_of_its_family() -> None:
    built_on = {name: recipe.built_on for name, recipe in RECIPE_BY_NAME.items() if recipe.built_on}
    assert built_on == {"centos_prepared": "centos"}
    for name, base in built_on.items():
        assert RECIPE_BY_NAME[name].registry_image == RECIPE_BY_NAME[base].registry_image
        assert RECIPE_BY_NAME[name].places == RECIPE_BY_NAME[base].places


def test_an_image_is_made_anew_when_its_own_steps_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("Dockerfile", "one/step", "one/files/name", "other/step"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    monkeypatch.setattr(images, "STEPS", tmp_path)
    before = recipe_hash(("one/step",), "content")
    (tmp_path / "other/step").write_text("changed")
    assert recipe_hash(("one/step",), "content") == before
    assert recipe_hash(("one/step",), "other content") != before
    (tmp_path / "one/files/name").write_text("changed")
    assert recipe_hash(("one/step",), "content") != before


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
