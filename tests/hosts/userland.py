"""Makes a Debian 12 file system from packages, for machines that reach no image registry."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING

from tests.hosts.command import HostError, run, succeeds
from tests.hosts.engine import install_packages, require_root_and_apt

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hosts.engine import Engine

SUITE = "bookworm"
REPOSITORY = "groundwork/debian12-userland"
_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_DEFAULT_MIRROR = "http://deb.debian.org/debian"
_DEFAULT_SECURITY_MIRROR = "http://deb.debian.org/debian-security"


def userland_image(engine: Engine, cache: Path, packages: tuple[str, ...]) -> str:
    """The image of a minimal Debian 12 with these packages; made once, then kept as a tar archive and as an image."""
    sources = package_sources(_configured_mirrors())
    wanted = hashlib.sha256(json.dumps([sources, packages]).encode()).hexdigest()[:12]
    reference = f"{REPOSITORY}:{wanted}"
    if not succeeds([engine.client, "image", "inspect", reference]):
        archive = cache / f"{SUITE}-{wanted}.tar"
        if not archive.exists():
            _bootstrap(archive, sources, packages)
        engine.run("import", str(archive), reference, timeout=300)
    return reference


def package_sources(mirrors: tuple[str, ...]) -> tuple[str, ...]:
    """Lines of sources.list: the machine's own mirrors where it is a Debian, else the public ones."""
    main = _first_ending(mirrors, "/debian") or _DEFAULT_MIRROR
    security = _first_ending(mirrors, "/debian-security") or _DEFAULT_SECURITY_MIRROR
    return (
        f"deb {main} {SUITE} main",
        f"deb {main} {SUITE}-updates main",
        f"deb {security} {SUITE}-security main",
    )


def _first_ending(mirrors: tuple[str, ...], ending: str) -> str | None:
    addresses = (mirror.rstrip("/") for mirror in mirrors)
    return next((each for each in addresses if each.startswith("http") and each.endswith(ending)), None)


def _configured_mirrors() -> tuple[str, ...]:
    if not shutil.which("apt-get"):
        return ()
    listing = run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"])
    return tuple(dict.fromkeys(listing.split()))


def _bootstrap(archive: Path, sources: tuple[str, ...], packages: tuple[str, ...]) -> None:
    """mmdebstrap does the work of debootstrap in a third of the time, and can take several sources at once."""
    if not shutil.which("mmdebstrap"):
        require_root_and_apt("The stand-in host image is made from Debian packages with mmdebstrap: install mmdebstrap")
        install_packages("mmdebstrap", "debian-archive-keyring")
    partial = archive.with_suffix(".partial.tar")
    log = archive.with_suffix(".log")
    log.unlink(missing_ok=True)
    options = ["--variant=minbase", f"--keyring={_KEYRING}", f"--include={','.join(packages)}"]
    try:
        run(["mmdebstrap", *options, SUITE, str(partial), *sources], timeout=1200, log=log)
    except HostError as error:
        raise HostError(f"Debian 12 could not be made from {sources[0].split()[1]}: {error}") from error
    partial.rename(archive)
