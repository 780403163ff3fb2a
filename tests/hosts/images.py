"""Decides which image a host starts from, and builds it once."""

from __future__ import annotations

import hashlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts.command import HostError, succeeds
from tests.hosts.engine import exclusive
from tests.hosts.surroundings import PROXY_VARIABLES
from tests.hosts.userland import userland_image

if TYPE_CHECKING:
    from tests.hosts.engine import Engine

RECIPES = Path(__file__).parent / "recipes"
PROVENANCE_LABEL = "groundwork.provenance"
_RECIPE_LABEL = "groundwork.recipe"
_CHOICES = ("", "upstream", "standin")
_RETRY_UPSTREAM_AFTER = 3600.0

PACKAGES = (
    *("systemd-sysv", "dbus", "libpam-systemd", "systemd-timesyncd", "openssh-server", "sudo", "rsyslog", "cron"),
    *("kmod", "iproute2", "iputils-ping", "netbase", "procps", "tzdata", "lsb-release", "ca-certificates"),
    *("python3", "gnupg", "apt-utils"),
)


@dataclass(frozen=True)
class Recipe:
    """One row per kind of host: the registry's image, the steps on it, and the same for what stands in for it."""

    upstream: str
    upstream_steps: tuple[str, ...]
    standin: str
    standin_provenance: str
    standin_steps: tuple[str, ...]


@dataclass(frozen=True)
class Image:
    """An image that is ready to start, and in words what it is: never the bare name for a stand-in."""

    reference: str
    provenance: str


RECIPE_BY_NAME = {
    "ubuntu_lts": Recipe(
        upstream="ubuntu:24.04",
        upstream_steps=(
            *("common/without_container_habits", "common/packages"),
            *("ubuntu_lts/cloud_image", "ubuntu_lts/security_archive", "common/fresh"),
        ),
        standin="ubuntu-lts-standin",
        standin_provenance="stand-in for Ubuntu 22.04 LTS, made from Debian 12 packages",
        standin_steps=(
            *("common/packages", "ubuntu_lts/disguise"),
            *("ubuntu_lts/cloud_image", "ubuntu_lts/security_archive", "common/fresh"),
        ),
    ),
    "debian12": Recipe(
        upstream="debian:12",
        upstream_steps=("common/without_container_habits", "common/packages", "common/fresh"),
        standin="debian12-from-packages",
        standin_provenance="Debian 12, made from its packages without the registry's image",
        standin_steps=("common/packages", "common/fresh"),
    ),
}


def ensure_image(engine: Engine, name: str, cache: Path) -> Image:
    """The image for this kind of host, as HOST_IMAGES asks: upstream, standin, or the first that can be had."""
    choice = os.environ.get("HOST_IMAGES", "")
    if choice not in _CHOICES:
        raise HostError(f"HOST_IMAGES is {choice!r}, expected upstream, standin, or nothing to try both in this order")
    recipe = RECIPE_BY_NAME[name]
    with exclusive(cache / "images.lock"):
        if choice != "standin" and _has_upstream(engine, recipe, cache, insist=choice == "upstream"):
            digest = engine.run("image", "inspect", "--format", "{{.Id}}", recipe.upstream).strip()
            return _build(engine, recipe.upstream, digest, f"the real {recipe.upstream}", recipe.upstream_steps, cache)
        userland = userland_image(engine, cache, PACKAGES)
        return _build(engine, recipe.standin, userland, recipe.standin_provenance, recipe.standin_steps, cache)


def recipe_hash(*parts: object) -> str:
    """Changes whenever a file of the recipes, or anything else that an image is made from, does."""
    digest = hashlib.sha256(json.dumps(parts).encode())
    for path in sorted(path for path in RECIPES.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(RECIPES)} {path.stat().st_mode & 0o111:o}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _has_upstream(engine: Engine, recipe: Recipe, cache: Path, *, insist: bool) -> bool:
    """Whether the registry's image is here or can be fetched. A failed attempt is not repeated for an hour."""
    if succeeds([engine.client, "image", "inspect", recipe.upstream]):
        return True
    stamp = cache / f"unreachable-{recipe.upstream.replace(':', '-')}"
    if not insist and stamp.exists() and time.time() - stamp.stat().st_mtime < _RETRY_UPSTREAM_AFTER:
        return False
    try:
        engine.run("pull", "--quiet", recipe.upstream, timeout=600 if insist else 60)
    except HostError as error:
        if insist:
            raise HostError(f"HOST_IMAGES=upstream, but {recipe.upstream} cannot be pulled: {error}") from error
        stamp.touch()
        return False
    return True


def _build(engine: Engine, family: str, userland: str, provenance: str, steps: tuple[str, ...], cache: Path) -> Image:
    wanted = recipe_hash(userland, provenance, steps, PACKAGES)
    reference = f"groundwork/{family.replace(':', '-')}:{wanted}"
    if not succeeds([engine.client, "image", "inspect", reference]):
        arguments = [f"USERLAND={userland}", f"STEPS={' '.join(steps)}", f"PACKAGES={' '.join(PACKAGES)}"]
        arguments += [name for name in PROXY_VARIABLES if name in os.environ]  # without a value: taken from here
        labels = [f"{PROVENANCE_LABEL}={provenance}", f"{_RECIPE_LABEL}={wanted}"]
        options = [part for argument in arguments for part in ("--build-arg", argument)]
        options += [part for label in labels for part in ("--label", label)]
        log = cache / f"build-{family.replace(':', '-')}.log"
        log.unlink(missing_ok=True)
        engine.run("build", *options, "--tag", reference, str(RECIPES), timeout=1200, log=log)
    return Image(reference, provenance)
