"""Makes the disk of the virtual machines from a test host's image, once in a checkout; a machine adds its own layer."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts import state
from tests.hosts.engine import ensure_engine, exclusive
from tests.hosts.images import ensure_image
from tests.hosts.surroundings import surrounding_files

if TYPE_CHECKING:
    from tests.hosts.engine import Engine
    from tests.hosts.images import Image

HOSTNAME = "machine"
_BUILDER = Path(__file__).with_name("build-disk")
_PREFIX = "disk-"
# Packages that a checklist would install are there: a test of a reboot does not download on an emulated processor.
_IMAGE = "ubuntu_lts_prepared"
_BUILD_TIMEOUT = 900.0
# Below /run, which is another file system once the machine has booted: no trace of them is seen there.
_OUT = "/run/groundwork/out"
_PROGRAM = "/run/groundwork/build-disk"


@dataclass(frozen=True)
class Disk:
    """A disk that boots, with the keys by which root logs in; it is read and never written."""

    name: str
    image: Image

    @property
    def folder(self) -> Path:
        return state.host_folder(self.name)

    @property
    def content(self) -> Path:
        return self.folder / "disk"

    @property
    def kernel(self) -> Path:
        return self.folder / "kernel"

    @property
    def initrd(self) -> Path:
        return self.folder / "initrd"

    @property
    def key_file(self) -> Path:
        return self.folder / "id_ed25519"


def ensure_disk() -> Disk:
    """The disk for this recipe; those of earlier recipes are removed."""
    engine = ensure_engine(state.STATE)
    image = ensure_image(engine, _IMAGE, state.CACHE)
    disk = Disk(f"{_PREFIX}{_recipe_hash(image)}", image)
    with exclusive(state.CACHE / "disk.lock"):
        if not disk.content.exists():
            for earlier in state.STATE.glob(f"{_PREFIX}*"):
                state.forget_host(earlier.name)
            _make(engine, disk)
    return disk


def _recipe_hash(image: Image) -> str:
    recipe = json.dumps([image.reference, _BUILDER.read_text(), HOSTNAME])
    return hashlib.sha256(recipe.encode()).hexdigest()[:12]


def _make(engine: Engine, disk: Disk) -> None:
    key = state.make_keys(disk.name, None)
    files = {
        **surrounding_files(),
        **state.identity_files(disk.name),
        "etc/machine-id": f"{uuid.uuid4().hex}\n".encode(),
        "root/.ssh/authorized_keys": state.public_key_file(key).read_bytes(),
    }
    # Mounting takes a capability, and no profile of the engine's in its way.
    options = [
        "--cap-add",
        "SYS_ADMIN",
        "--security-opt",
        "seccomp=unconfined",
        "--security-opt",
        "apparmor=unconfined",
    ]
    options += ["--env", f"NAME={HOSTNAME}", "--env", f"OUT={_OUT}"]
    options += ["--volume", f"{disk.folder}:{_OUT}", "--volume", f"{_BUILDER}:{_PROGRAM}:ro"]
    container = engine.run("create", *options, disk.image.reference, _PROGRAM).strip()
    try:
        engine.run("cp", "-", f"{container}:/", stdin=state.archive(files))
        engine.run("start", "--attach", container, timeout=_BUILD_TIMEOUT, log=disk.folder / "build.log")
    finally:
        engine.run("rm", "--force", "--volumes", container)
