"""Decides which image a host starts from, and builds it once."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts.command import HostError, succeeds
from tests.hosts.engine import exclusive
from tests.hosts.recipes import PACKAGES, RECIPE_BY_NAME
from tests.hosts.surroundings import PROXY_VARIABLES
from tests.hosts.userland import userland_image

if TYPE_CHECKING:
    from tests.hosts.engine import Engine
    from tests.hosts.recipes import Recipe

STEPS = Path(__file__).parent / "recipe_steps"
PROVENANCE_LABEL = "groundwork.provenance"
_RECIPE_LABEL = "groundwork.recipe"
_RETRY_AFTER = 3600.0


@dataclass(frozen=True)
class Image:
    """An image that is ready to start, and in words what it is: never the bare name for a stand-in."""

    reference: str
    provenance: str


@dataclass(frozen=True)
class _Userland:
    """What an image is built on, the steps that are still to do, and what to call the result."""

    reference: str
    content: str  # a registry's tag moves to newer content; a name of ours does not
    steps: tuple[str, ...]
    family: str
    provenance: str


def ensure_image(engine: Engine, name: str, cache: Path) -> Image:
    """The image for this kind of host, as HOST_IMAGES asks: upstream, standin, or unset the first that can be had.

    A kind of host that no registry has an image of is always made from packages, and says so in its provenance.
    """
    with exclusive(cache / "images.lock"):
        return _build(engine, _chosen_userland(engine, RECIPE_BY_NAME[name], cache), cache)


def recipe_hash(steps: tuple[str, ...], *parts: object) -> str:
    """Changes whenever a step, or anything else that an image is made from, does: whatever lies in a step's folder."""
    digest = hashlib.sha256(json.dumps([steps, *parts]).encode())
    folders = {STEPS / Path(step).parts[0] for step in steps}
    files = {path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    for path in sorted({STEPS / "Dockerfile", *files}):
        digest.update(f"{path.relative_to(STEPS)} {path.stat().st_mode & 0o111:o}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _chosen_userland(engine: Engine, recipe: Recipe, cache: Path) -> _Userland:
    choice = os.environ.get("HOST_IMAGES", "") if recipe.registry_image else "standin"
    if choice == "upstream":
        return _from_registry(engine, recipe, cache)
    if choice == "standin":
        return _from_packages(engine, recipe, cache)
    if choice == "":
        return _first_to_be_had(engine, recipe, cache)
    raise HostError(f"HOST_IMAGES is {choice!r}, expected upstream, standin, or nothing to try both in this order")


def _from_registry(engine: Engine, recipe: Recipe, cache: Path) -> _Userland:
    title = f"{recipe.title}, the registry's image {recipe.registry_image}"
    family = f"{_as_file_name(recipe.registry_image)}-registry"
    if recipe.built_on:
        base = _build(engine, _from_registry(engine, RECIPE_BY_NAME[recipe.built_on], cache), cache)
        return _Userland(base.reference, base.reference, recipe.steps, family, title)
    reference = recipe.registry_image
    if not succeeds([engine.client, "image", "inspect", reference]):
        engine.run("pull", "--quiet", reference, timeout=300)
    content = engine.run("image", "inspect", "--format", "{{.Id}}", reference).strip()
    return _Userland(reference, content, recipe.steps, family, title)


def _as_file_name(reference: str) -> str:
    return reference.replace("/", "-").replace(":", "-")


def _from_packages(engine: Engine, recipe: Recipe, cache: Path) -> _Userland:
    made = recipe.from_packages
    if recipe.built_on:
        reference = _build(engine, _from_packages(engine, RECIPE_BY_NAME[recipe.built_on], cache), cache).reference
    else:
        reference = _shared(engine, made.shared_steps, userland_image(engine, cache), cache)
    return _Userland(reference, reference, (*made.first_steps, *recipe.steps), made.family, made.title)


def _shared(engine: Engine, steps: tuple[str, ...], reference: str, cache: Path) -> str:
    """The userland after the steps that several recipes begin with, or the userland itself."""
    if not steps:
        return reference
    family = steps[0].partition("/")[0].replace("_", "-")
    return _build(
        engine, _Userland(reference, reference, steps, family, f"{family}, no host by itself"), cache
    ).reference


def _first_to_be_had(engine: Engine, recipe: Recipe, cache: Path) -> _Userland:
    """Real before stand-in. A registry that cannot be reached is left alone for an hour, and the reason is said."""
    stamp = cache / f"unreachable-{_as_file_name(recipe.registry_image)}"
    if not stamp.exists() or time.time() - stamp.stat().st_mtime > _RETRY_AFTER:
        try:
            return _from_registry(engine, recipe, cache)
        except HostError as error:
            stamp.touch()
            print(f"{recipe.title}: {error}\nTaken instead: {recipe.from_packages.title}", file=sys.stderr)
    return _from_packages(engine, recipe, cache)


def _build(engine: Engine, userland: _Userland, cache: Path) -> Image:
    wanted = recipe_hash(userland.steps, userland.content, userland.provenance, PACKAGES)
    reference = f"groundwork/{userland.family}:{wanted}"
    if not succeeds([engine.client, "image", "inspect", reference]):
        arguments = [f"USERLAND={userland.reference}", f"STEPS={' '.join(userland.steps)}"]
        arguments += [f"PACKAGES={' '.join(PACKAGES)}"]
        arguments += [name for name in PROXY_VARIABLES if name in os.environ]  # without a value: taken from here
        options = [part for argument in arguments for part in ("--build-arg", argument)]
        for label in (f"{PROVENANCE_LABEL}={userland.provenance}", f"{_RECIPE_LABEL}={wanted}"):
            options += ["--label", label]
        log = cache / f"build-{userland.family}.log"
        log.unlink(missing_ok=True)
        engine.run("build", *options, "--tag", reference, str(STEPS), timeout=1200, log=log)
    return Image(reference, userland.provenance)
