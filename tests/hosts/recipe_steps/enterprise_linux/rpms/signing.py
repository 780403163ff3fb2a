"""Keys that live as long as the image is built: their public halves stay on the host."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts.recipe_steps.enterprise_linux.rpms.command import run

if TYPE_CHECKING:
    from tests.hosts.recipe_steps.enterprise_linux.rpms.table import Package, Release

_TRUSTED = Path("/etc/pki/rpm-gpg")


@dataclass(frozen=True)
class Keys:
    """Names of secret keys by what they sign."""

    base: str
    extras: str
    epel: str

    def for_package(self, package: Package) -> str:
        return {"extras": self.extras, "epel": self.epel}.get(package.repository, self.base)


def make_keys(work: Path, release: Release, *, epel_folder: Path) -> Keys:
    """The key of EPEL lies among the files of the package epel-release: it is not trusted until that one brings it."""
    os.environ["GNUPGHOME"] = str(work / "gnupg")
    Path(os.environ["GNUPGHOME"]).mkdir(mode=0o700)
    keys = Keys("Base of the test host", "Extras of the test host", "Extra packages of the test host")
    for name in (keys.base, keys.extras, keys.epel):
        options = ("--batch", "--quiet", "--passphrase", "", "--quick-generate-key")
        run("gpg", *options, name, "rsa3072", "sign", "never")
    _export(keys.base, _TRUSTED / release.key_file)
    if release.keys["extras"] == release.key_file:
        keys = Keys(keys.base, keys.base, keys.epel)
    else:
        _export(keys.extras, _TRUSTED / release.keys["extras"])
    _export(keys.epel, epel_folder / release.epel_key_file)
    return keys


def _export(name: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(run("gpg", "--batch", "--armor", "--export", name))
    path.chmod(0o644)
