"""Makes a Debian 12 file system from its packages, for machines that reach no image registry."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.hosts.command import HostError, run, succeeds
from tests.hosts.engine import install_packages, require_root_and_apt
from tests.hosts.recipes import PACKAGES

if TYPE_CHECKING:
    from tests.hosts.engine import Engine

SUITE = "bookworm"
_MIRROR = "http://deb.debian.org/debian"
_SECURITY_MIRROR = "http://deb.debian.org/debian-security"
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def userland_image(engine: Engine, cache: Path) -> str:
    """The image of a minimal Debian 12; made once, then kept as a tar file and as an image."""
    sources = package_sources(_configured_mirrors())
    wanted = hashlib.sha256(json.dumps([sources, PACKAGES]).encode()).hexdigest()[:12]
    reference = f"groundwork/{SUITE}-userland:{wanted}"
    if not succeeds([engine.client, "image", "inspect", reference]):
        tar = cache / f"{SUITE}-{wanted}.tar"
        if not tar.exists():
            _bootstrap(tar, sources)
        engine.run("import", str(tar), reference, timeout=300)
    return reference


def package_sources(mirrors: tuple[str, ...]) -> tuple[str, ...]:
    """Lines of sources.list: from the mirrors of this machine where it is a Debian, else the public ones."""
    main, security = _own_mirror(_MIRROR, mirrors), _own_mirror(_SECURITY_MIRROR, mirrors)
    suites = ((main, SUITE), (main, f"{SUITE}-updates"), (security, f"{SUITE}-security"))
    return tuple(f"deb {mirror} {suite} main" for mirror, suite in suites)


def _own_mirror(public: str, mirrors: tuple[str, ...]) -> str:
    """Whole mirrors keep the path of the public address; other archives, such as a PPA, have longer ones."""
    wanted = urlsplit(public).path
    addresses = (mirror.rstrip("/") for mirror in mirrors)
    return next((each for each in addresses if each.startswith("http") and urlsplit(each).path == wanted), public)


def _configured_mirrors() -> tuple[str, ...]:
    if not shutil.which("apt-get"):
        return ()
    listing = run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"])
    return tuple(dict.fromkeys(listing.split()))


def _bootstrap(tar: Path, sources: tuple[str, ...]) -> None:
    """mmdebstrap does debootstrap's work in half the time, and takes several sources at once."""
    if not shutil.which("mmdebstrap") or not _KEYRING.exists():
        require_root_and_apt("Host images are made from packages: install mmdebstrap and debian-archive-keyring")
        install_packages("mmdebstrap", "debian-archive-keyring")
    partial, log = tar.with_suffix(".partial.tar"), tar.with_suffix(".log")
    log.unlink(missing_ok=True)
    options = ["--variant=minbase", f"--keyring={_KEYRING}", f"--include={','.join(PACKAGES)}"]
    try:
        run(["mmdebstrap", *options, SUITE, str(partial), *sources], timeout=1200, log=log)
    except HostError as error:
        raise HostError(f"{SUITE} could not be made from the packages of {sources[0].split()[1]}: {error}") from error
    partial.rename(tar)
