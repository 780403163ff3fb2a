"""What a request comes to by looking at the world itself: what cannot be had, and what nothing stands in the way of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import State, Upgrade
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.names import split_version
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.requests import request_problems
from tests.unit.module_utils._packages.package_world import VERSIONS, troubles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.unit.module_utils._packages.package_cases import Case
    from tests.unit.module_utils._packages.package_world import Catalogue


def is_unknown(catalogue: Catalogue, case: Case, named: str) -> bool:
    """True for a name, perhaps with a version, that is neither there nor offered."""
    name, version = split_version(named)
    placed = case.start.get(name)
    offered = {package.version for package in catalogue.offered(name)}
    if placed and placed.is_there and version in ("", placed.version):
        return False
    return version not in offered if version else not offered


def older_than_offered(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    """The versions that are not the latest."""
    offered = catalogue.offered(name)
    return VERSIONS[: VERSIONS.index(offered[-1].version)] if offered else ()


def is_plainly_possible(catalogue: Catalogue, case: Case) -> bool:
    """True where naming each version oneself, the newest of all dependencies, breaks nothing and touches nothing held.

    Where there is only a less direct way, or the host is not in order, this says False; so it does for upgrades, which
    leave what they cannot do.
    """
    there = {name: placed.version for name, placed in case.start.items()}
    is_upgrade = case.request.upgrade is not Upgrade.NONE
    if not is_in_order(catalogue, case) or request_problems(case.request) or is_upgrade:
        return False
    target = _target(catalogue, case, there)
    if target is None or troubles(catalogue, target) or not set(case.request.hold) <= set(target):
        return False
    changed = {name for name, version in there.items() if target.get(name) != version}
    held = {name for name, placed in case.start.items() if placed.is_held}
    kept = held | set(case.request.hold)
    is_held_needless = case.request.autoremove and any(case.start[name].is_automatic for name in kept if name in there)
    may_not_change = (held - set(case.request.unhold)) | set(case.request.hold)
    return not changed & may_not_change and not is_held_needless


def is_in_order(catalogue: Catalogue, case: Case) -> bool:
    """True for a host on which nothing is broken."""
    there = {name: placed.version for name, placed in case.start.items()}
    return all(placed.is_working for placed in case.start.values()) and not troubles(catalogue, there)


def _target(catalogue: Catalogue, case: Case, there: Mapping[str, str]) -> dict[str, str] | None:
    """The versions afterwards, if each step is the obvious one."""
    request = case.request
    if request.state is State.ABSENT:
        return {name: version for name, version in there.items() if name not in request.names}
    target: dict[str, str] | None = dict(there)
    for named in request.names:
        name, version = split_version(named)
        if version or request.state is State.LATEST or name not in there:
            target = _with(catalogue, target, name, version)
    asked = [split_version(named) for named in request.names]
    if target and any(version and target.get(name) != version for name, version in asked):
        return None
    if target and not request.allow_downgrade:
        return None if any(_is_older(target[name], version) for name, version in there.items()) else target
    return target


def _with(catalogue: Catalogue, target: Mapping[str, str] | None, name: str, version: str) -> dict[str, str] | None:
    offered = [one.version for one in catalogue.offered(name)]
    if target is None or not offered or (version and version not in offered):
        return None
    grown: dict[str, str] | None = {**target, name: version or max((*offered, target.get(name, "")), key=_rank)}
    for one in catalogue.find(name, (grown or {})[name]).depends:
        if not one.is_met_by((grown or {}).get(one.name)):
            grown = _with(catalogue, grown, one.name, "")
    return grown


def _rank(version: str) -> int:
    return VERSIONS.index(version) if version else -1


def _is_older(version: str, than: str) -> bool:
    return _rank(version) < _rank(than)
