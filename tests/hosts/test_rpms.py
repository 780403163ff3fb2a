"""The tables that the RPMs of a stand-in are made of, without making any."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import tomllib

from tests.hosts.images import STEPS
from tests.hosts.recipe_steps.enterprise_linux.rpms.header import claim
from tests.hosts.recipe_steps.enterprise_linux.rpms.spec import spec
from tests.hosts.recipe_steps.enterprise_linux.rpms.table import Package, load_packages, load_release, package

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = STEPS / "enterprise_linux"
RELEASES = ("centos9", "centos10", "rocky8")


@pytest.mark.parametrize("name", RELEASES)
def test_each_package_has_one_version_on_the_host_at_most(name: str) -> None:
    packages = load_packages(FOLDER / "packages", load_release(FOLDER / f"releases/{name}.toml"))
    on_host = [each.name for each in packages if each.is_on_host]
    assert sorted(set(on_host)) == sorted(on_host)
    assert {"openssh-server", "sudo", "chrony", "groundwork-demo"} <= set(on_host)
    assert len({each.key for each in packages}) == len(packages)


@pytest.mark.parametrize("name", RELEASES)
def test_what_a_package_requires_is_offered(name: str) -> None:
    packages = load_packages(FOLDER / "packages", load_release(FOLDER / f"releases/{name}.toml"))
    offered = {each.name for each in packages}
    offered |= {word.split(" ")[0] for each in packages for word in each.provides}
    wanted = {word.split(" ")[0] for each in packages for word in each.requires}
    assert wanted <= offered


def test_the_packages_that_are_converted_are_fetched() -> None:
    fetched = set((STEPS / "rpm_workshop/converted.txt").read_text().split())
    wanted: set[str] = set()
    for name in RELEASES:
        packages = load_packages(FOLDER / "packages", load_release(FOLDER / f"releases/{name}.toml"))
        wanted |= {deb for each in packages for deb in each.debs}
    interpreter = (FOLDER / "interpreter").read_text()
    assert {deb for deb in fetched - wanted if deb not in interpreter} == set()
    assert wanted - fetched == set()


def test_a_row_with_a_misspelt_key_is_refused() -> None:
    with pytest.raises(ValueError, match=r"thing: unknown keys require, expected some of"):
        package("thing", {"repository": "baseos", "require": ["other"]})


@pytest.mark.parametrize("name", RELEASES)
def test_the_release_is_the_one_of_its_files(name: str) -> None:
    release = load_release(FOLDER / f"releases/{name}.toml")
    text = (FOLDER / f"files/{name}/usr/lib/os-release").read_text()
    fields = tomllib.loads(re.sub(r"^([A-Z_]+)=([^\"]*)$", r'\1="\2"', text, flags=re.MULTILINE))
    assert str(fields["VERSION_ID"]).partition(".")[0] == release.releasever
    assert f"%dist {release.dist}\n" in (FOLDER / f"files/{name}/etc/rpm/macros.dist").read_text()


def test_a_service_is_preset_when_it_comes_and_stopped_when_it_goes(tmp_path: Path) -> None:
    (tmp_path / "usr/lib/groundwork").mkdir(parents=True)
    (tmp_path / "usr/lib/groundwork/file").write_text("")
    row = Package(name="thing", repository="baseos", units=("thing.service",), requires=("other",))
    text = spec(row, "1.0", root=tmp_path, release=load_release(FOLDER / "releases/centos9.toml"))
    assert "Release: 1.el9\n" in text
    assert "Requires: other\n" in text
    assert "BuildArch: noarch\n" in text
    assert "%post\nif [ $1 -eq 1 ]; then systemctl --no-reload preset thing.service" in text
    assert "%preun\nif [ $1 -eq 0 ]; then systemctl --no-reload disable --now thing.service" in text
    assert '%attr(0644, root, root) "/usr/lib/groundwork/file"\n' in text


def test_a_file_that_is_no_rpm_is_not_rewritten(tmp_path: Path) -> None:
    path = tmp_path / "thing.rpm"
    path.write_bytes(b"\0" * 200)
    with pytest.raises(ValueError, match="no RPM header at byte 96"):
        claim(path, 1)
    assert path.read_bytes() == b"\0" * 200
