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
    from collections.abc import Callable, Mapping

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
    steps: tuple[str, ...]
    family: str
    provenance: str


def ensure_image(engine: Engine, name: str, cache: Path) -> Image:
    """The image for this kind of host, as HOST_IMAGES asks; unset, the first of its values that can be had."""
    choice = os.environ.get("HOST_IMAGES", "")
    if choice and choice not in _SOURCES:
        raise HostError(f"HOST_IMAGES is {choice!r}, expected one of {', '.join(_SOURCES)}, or nothing to try them all")
    recipe = RECIPE_BY_NAME[name]
    with exclusive(cache / "images.lock"):
        userland = _SOURCES[choice](engine, recipe, cache) if choice else _first_to_be_had(engine, recipe, cache)
        return _build(engine, userland, cache)


def recipe_hash(*parts: object) -> str:
    """Changes whenever a step, or anything else that an image is made from, does."""
    digest = hashlib.sha256(json.dumps(parts).encode())
    for path in sorted(path for path in STEPS.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(STEPS)} {path.stat().st_mode & 0o111:o}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _from_registry(engine: Engine, recipe: Recipe, cache: Path) -> _Userland:
    del cache
    reference = recipe.registry_image
    if not succeeds([engine.client, "image", "inspect", reference]):
        engine.run("pull", "--quiet", reference, timeout=300)
    content = engine.run("image", "inspect", "--format", "{{.Id}}", reference).strip()
    family = f"{reference.replace(':', '-')}-registry"
    return _Userland(content, recipe.steps, family, f"{recipe.title}, the registry's image {reference}")


def _from_archive(engine: Engine, recipe: Recipe, cache: Path) -> _Userland:
    reference = userland_image(engine, recipe.archive, cache)
    family = f"{recipe.registry_image.replace(':', '-')}-packages"
    return _Userland(reference, recipe.steps, family, f"{recipe.title}, made from its own packages")


def _from_standin(engine: Engine, recipe: Recipe, cache: Path) -> _Userland:
    """A distribution that can always be made from its own packages has nothing that stands in for it."""
    if recipe.standin is None:
        return _from_archive(engine, recipe, cache)
    reference = userland_image(engine, recipe.standin.archive, cache)
    steps = (*recipe.standin.first_steps, *recipe.steps)
    return _Userland(reference, steps, "ubuntu-lts-standin", recipe.standin.title)


_SOURCES: Mapping[str, Callable[[Engine, Recipe, Path], _Userland]] = {
    "upstream": _from_registry,
    "packages": _from_archive,
    "standin": _from_standin,
}


def _first_to_be_had(engine: Engine, recipe: Recipe, cache: Path) -> _Userland:
    """Real before stand-in. What could not be had is not tried again for an hour, and the reason is said aloud."""
    for source in ("upstream", "packages"):
        stamp = cache / f"no-{source}-{recipe.registry_image.replace(':', '-')}"
        if stamp.exists() and time.time() - stamp.stat().st_mtime < _RETRY_AFTER:
            continue
        try:
            return _SOURCES[source](engine, recipe, cache)
        except HostError as error:
            stamp.touch()
            print(f"{recipe.title}: {error}\nThe next best image is taken.", file=sys.stderr)
    return _from_standin(engine, recipe, cache)


def _build(engine: Engine, userland: _Userland, cache: Path) -> Image:
    wanted = recipe_hash(userland.reference, userland.provenance, userland.steps, PACKAGES)
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
