"""Builds, signs and publishes every RPM of the tables for the release that this host is to be."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.hosts.recipe_steps.enterprise_linux.rpms.build import Workshop, build
from tests.hosts.recipe_steps.enterprise_linux.rpms.header import claim
from tests.hosts.recipe_steps.enterprise_linux.rpms.publish import add_advisories, install, publish, sign, take_away
from tests.hosts.recipe_steps.enterprise_linux.rpms.signing import make_keys
from tests.hosts.recipe_steps.enterprise_linux.rpms.table import load_packages, load_release

HERE = Path("/recipe/enterprise_linux")
REPOSITORY = Path("/srv/groundwork-repository")
OWN_FILES = HERE / "packages/files"
DEBS = Path("/workshop")


def main() -> None:
    release = load_release(HERE / "releases" / f"{Path('/etc/groundwork-release').read_text().strip()}.toml")
    packages = load_packages(HERE / "packages", release)
    with tempfile.TemporaryDirectory() as work:
        keys = make_keys(Path(work), release, epel_folder=OWN_FILES / "epel-release/etc/pki/rpm-gpg")
        workshop = Workshop(Path(work), DEBS, OWN_FILES, release)
        with ThreadPoolExecutor(max_workers=2) as pool:
            built = dict(zip(packages, pool.map(lambda package: build(workshop, package), packages)))
        for package, path in built.items():
            if package.claimed_size:
                claim(path, package.claimed_size)
            if package.is_signed:
                sign(path, keys.for_package(package))
        install(built)
        take_away(packages)
        publish(built, REPOSITORY, release)
    if release.has_advisories:
        for advisories in sorted((HERE / "updateinfo").glob("*.xml")):
            add_advisories(REPOSITORY / advisories.stem, advisories)


if __name__ == "__main__":
    main()
