"""Random hosts in a package world, in order or not, and what somebody asks of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageRequest,
    State,
    Upgrade,
)
from tests.unit.module_utils._packages.package_world import (
    CONFIGURATION_ONLY,
    HALF_INSTALLED,
    MISSING,
    NAMES,
    WORKING,
    Placed,
    troubles,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.unit.module_utils._packages.package_world import Catalogue, Dice

UNKNOWN = ("gwnosuch", "gwap", "gw.us.2")
UNKNOWN_VERSION = "9.9-9"


@dataclass(frozen=True)
class Case:
    """A host, by package names, and what is asked of it."""

    start: Mapping[str, Placed]
    request: PackageRequest
    is_interrupted: bool = False


def case(dice: Dice, catalogue: Catalogue, *, breakages: Sequence[str]) -> Case:
    """A host with some of the packages, in some of the cases broken in one of these ways, and a request."""
    start = _consistent(dice, catalogue, {name: dice.one(_known(catalogue, name)) for name in dice.some(NAMES, 5)})
    if start and breakages and dice.happens(35):
        name = dice.one(sorted(start))
        state = _possible(catalogue, name, start[name], state=dice.one(breakages))
        is_held = start[name].is_held and state not in (MISSING, CONFIGURATION_ONLY)
        start[name] = replace(start[name], state=state, is_held=is_held)
    broken = tuple(name for name, placed in start.items() if not placed.is_working)
    return Case(
        start, request(dice, catalogue, tuple(start), broken=broken), is_interrupted=bool(start) and dice.happens(8)
    )


def _possible(catalogue: Catalogue, name: str, placed: Placed, *, state: str) -> str:
    """What lies half on the disk is unpacked again as it was only where its version is still the one to be had."""
    newest = [package.version for package in catalogue.offered(name)][-1:]
    is_out_of_reach = state == HALF_INSTALLED and (placed.is_held or [placed.version] != newest)
    return WORKING if is_out_of_reach else state


def _known(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    return tuple(package.version for package in catalogue.of(name))


def _consistent(dice: Dice, catalogue: Catalogue, wanted: Mapping[str, str]) -> dict[str, Placed]:
    """The wanted packages, one after the other, each with all that it needs, or not at all."""
    start: dict[str, str] = {}
    for name, version in wanted.items():
        start = _with(catalogue, start, name, version) or start
    held = {name for name in start if dice.happens(20)}
    return {
        name: Placed(start[name], is_held=name in held, is_automatic=name not in wanted or dice.happens(20))
        for name in sorted(start)
    }


def _with(catalogue: Catalogue, start: Mapping[str, str], name: str, version: str) -> dict[str, str] | None:
    """The host with this package and what it needs; None where that cannot be."""
    host = {**start, name: version}
    for dependency in catalogue.find(name, version).depends:
        if dependency.is_met_by(host.get(dependency.name)):
            continue
        fitting = [one.version for one in catalogue.of(dependency.name) if dependency.is_met_by(one.version)]
        grown = _with(catalogue, host, dependency.name, fitting[0]) if fitting else None
        if grown is None:
            return None
        host = grown
    return host if not troubles(catalogue, host) else None


def request(dice: Dice, catalogue: Catalogue, present: Sequence[str], *, broken: tuple[str, ...]) -> PackageRequest:
    """Most requests make sense; some ask for what is unknown, and some for what excludes one another.

    What is broken is named more often than the rest, and with a version: that is where requests meet a repair.
    """
    state = dice.one(("present", "present", "present", "latest", "absent"))
    upgrade = dice.one(("none", "none", "none", "all", "security")) if state != "absent" else "none"
    likely = (*NAMES, *present, *present, *broken * 3)
    names = list(_distinct(dice.some(likely, 4))) if upgrade == "none" or dice.happens(40) else []
    if state == "present":
        names = [_perhaps_with_version(dice, catalogue, name, percent=85 if name in broken else 45) for name in names]
    if dice.happens(8):
        names += dice.some(UNKNOWN, 2)
    return PackageRequest(
        names=tuple(names),
        state=State(state),
        upgrade=Upgrade(upgrade),
        hold=_distinct(dice.some((*present, *_bare(names), dice.one(NAMES)), 2)) if dice.happens(20) else (),
        unhold=_distinct(dice.some((*present, *present, *NAMES), 4)) if dice.happens(30) else (),
        autoremove=dice.happens(70) if state == "absent" or not (names or upgrade != "none") else dice.happens(2),
        allow_downgrade=dice.happens(60),
    )


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _bare(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.partition("=")[0] for name in names)


def _perhaps_with_version(dice: Dice, catalogue: Catalogue, name: str, *, percent: int) -> str:
    if not dice.happens(percent):
        return name
    versions = (*_known(catalogue, name), *_known(catalogue, name), UNKNOWN_VERSION)
    return f"{name}={dice.one(versions)}"
