"""What the planner promises for every host and every request, whatever the package tool: which promises were broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import State, Upgrade
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.names import split_version
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.requests import request_problems
from tests.unit.module_utils._packages.package_ways import (
    is_in_order,
    is_plainly_possible,
    is_unknown,
    older_than_offered,
)
from tests.unit.module_utils._packages.package_world import SECURITY, VERSIONS, troubles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import PackageRequest
    from tests.unit.module_utils._packages.package_cases import Case
    from tests.unit.module_utils._packages.package_world import Catalogue

Plan = list[dict[str, "str | None"]]


@dataclass(frozen=True)
class Seen:
    """One package as the tool lists it; half-way means neither installed nor absent."""

    version: str
    is_held: bool = False
    is_half_way: bool = False


@dataclass(frozen=True)
class Answer:
    """What one call foretold or did; `error` is the name of the error that it ended with."""

    plan: Plan
    error: str = ""
    message: str = ""
    notes: tuple[str, ...] = ()

    def change(self, name: str) -> dict[str, str | None] | None:
        """The change of the package's version, not those of its holding."""
        own = (change for change in self.plan if change["name"] == name and not is_marking(change))
        return next(own, None)


@dataclass(frozen=True)
class Outcome:
    """Three calls with the same request, and the packages around them."""

    before: Mapping[str, Seen]
    foretold: Answer
    after_check: Mapping[str, Seen]
    performed: Answer
    after: Mapping[str, Seen]
    again: Answer
    after_again: Mapping[str, Seen]

    def version(self, name: str) -> str | None:
        """Afterwards; of a package that works."""
        seen = self.after.get(name)
        return None if seen is None or seen.is_half_way else seen.version


def is_marking(change: Mapping[str, str | None]) -> bool:
    """True for a change of what upgrades may do."""
    return change["action"] in ("hold", "unhold")


def broken_promises(
    catalogue: Catalogue, case: Case, outcome: Outcome, *, has_security_versions: bool = True
) -> list[str]:
    """One sentence for each; none is what every test wants.

    FreeBSD has no versions that are of security: what is vulnerable goes to the newest one.
    """
    common = (*_of_check_mode(outcome), *_of_the_second_call(outcome))
    if outcome.performed.error:
        possible = [outcome.performed.message] if is_plainly_possible(catalogue, case) else []
        refused = [f"nothing stands in the way, and yet: {message}" for message in possible]
        return [*common, *refused, *_of_an_error(case, outcome), *_of_unknown_names(catalogue, case, outcome)]
    return [
        *common,
        *_of_the_plan(outcome),
        *_of_removals(case, outcome),
        *_of_downgrades(case.request, outcome),
        *_of_holding(case.request, outcome),
        *_of_the_request(catalogue, case.request, outcome),
        *_of_unknown_names(catalogue, case, outcome),
        *_of_upgrades(catalogue, case.request, outcome),
        *(_of_security(catalogue, case.request, outcome) if has_security_versions else ()),
    ]


def _of_check_mode(outcome: Outcome) -> Iterator[str]:
    if outcome.after_check != outcome.before:
        yield "check mode has changed the host"
    if outcome.foretold != outcome.performed:
        yield f"what was foretold ({outcome.foretold}) is not what was done ({outcome.performed})"


def _of_the_second_call(outcome: Outcome) -> Iterator[str]:
    if outcome.after_again != outcome.after:
        yield "the second call has changed the host"
    if outcome.again.plan:
        yield f"the second call had something to do: {outcome.again.plan}"
    if (outcome.again.error, outcome.again.message) != (outcome.performed.error, outcome.performed.message):
        yield f"the second call ended otherwise: {outcome.again}"


def _of_an_error(case: Case, outcome: Outcome) -> Iterator[str]:
    if outcome.after != outcome.before:
        yield f"{outcome.performed.error}, and yet the host has changed"
    if outcome.performed.error not in ("BadInput", "Refused"):
        yield f"it ended with {outcome.performed.error}: {outcome.performed.message}"
    if request_problems(case.request) and outcome.performed.error != "BadInput":
        yield "a request that makes no sense was not called so"


def _of_the_plan(outcome: Outcome) -> Iterator[str]:
    for name in sorted({*outcome.before, *outcome.after}):
        old, new = outcome.before.get(name), outcome.after.get(name)
        change = outcome.performed.change(name)
        if change is None:
            if (old and (old.version, old.is_half_way)) != (new and (new.version, new.is_half_way)):
                yield f"{name}: {old} became {new}, and no plan says so"
        elif change["to"] != outcome.version(name) or (new is None) is not (change["to"] is None):
            yield f"{name}: {new} is not what was foretold: {change}"
        elif change["from"] not in (None, old and old.version) and not (old and old.is_half_way):
            yield f"{name}: it was {old}, and the plan says {change}"


def _of_removals(case: Case, outcome: Outcome) -> Iterator[str]:
    request = case.request
    named = set(request.names) if request.state is State.ABSENT else set()
    for change in outcome.performed.plan:
        name = str(change["name"])
        is_needless = request.autoremove and case.start[name].is_automatic if name in case.start else False
        is_gone = change["to"] is None and not is_marking(change) and name in outcome.before
        if is_gone and name not in named and not is_needless:
            yield f"{name} was removed, and nobody has named it"


def _of_downgrades(request: PackageRequest, outcome: Outcome) -> Iterator[str]:
    for name, old in outcome.before.items():
        new = outcome.version(name)
        is_older = new is not None and VERSIONS.index(new) < VERSIONS.index(old.version)
        if is_older and not request.allow_downgrade:
            yield f"{name} was {old.version} and is {new}, which nobody has allowed"


def _of_holding(request: PackageRequest, outcome: Outcome) -> Iterator[str]:
    before = {name for name, seen in outcome.before.items() if seen.is_held}
    after = {name for name, seen in outcome.after.items() if seen.is_held}
    if after != (before - set(request.unhold)) | set(request.hold):
        yield f"held are {sorted(after)} after {sorted(before)}"
    for name in before - set(request.unhold):
        if outcome.after[name].version != outcome.before[name].version and not outcome.before[name].is_half_way:
            yield f"{name} is held and was changed"


def _of_the_request(catalogue: Catalogue, request: PackageRequest, outcome: Outcome) -> Iterator[str]:
    for named in request.names:
        name, version = split_version(named)
        reached = outcome.version(name)
        if request.state is State.ABSENT:
            if name in outcome.after:
                yield f"{name} is still there: {outcome.after[name]}"
        elif reached is None or (version and version != reached):
            yield f"{named} was asked for, and {outcome.after.get(name)} is what there is"
        elif request.state is State.LATEST and reached in older_than_offered(catalogue, name):
            yield f"{name} is {reached}, which is not the latest"


def _of_unknown_names(catalogue: Catalogue, case: Case, outcome: Outcome) -> Iterator[str]:
    if case.request.state is State.ABSENT or request_problems(case.request):
        return
    unknown = [named for named in case.request.names if is_unknown(catalogue, case, named)]
    untold = [named for named in unknown if split_version(named)[0] not in outcome.performed.message]
    if not is_in_order(catalogue, case) and outcome.performed.error in ("BadInput", "Refused"):
        # What is broken has to be put in order first, and that may fail, too.
        return
    if unknown and outcome.performed.error != "BadInput":
        yield f"{unknown} cannot be had, and it ended with {outcome.performed}"
    elif untold:
        yield f"{untold} cannot be had, and the message does not say so: {outcome.performed.message}"


def _of_upgrades(catalogue: Catalogue, request: PackageRequest, outcome: Outcome) -> Iterator[str]:
    """Whatever a general upgrade leaves of what was there is told."""
    if request.upgrade is not Upgrade.ALL:
        return
    told = " ".join((*outcome.performed.notes, *(name for name in request.names if "=" in name)))
    for name, seen in outcome.after.items():
        is_left = name in outcome.before and seen.version in older_than_offered(catalogue, name)
        if is_left and name not in told:
            yield f"{name} was left at {seen.version}, and no note says so"


def _of_security(catalogue: Catalogue, request: PackageRequest, outcome: Outcome) -> Iterator[str]:
    """Of what nobody named, only what security offers comes; any other version only where something would be amiss."""
    if request.upgrade is not Upgrade.SECURITY:
        return
    named = {split_version(name)[0] for name in request.names}
    after = {name: seen.version for name, seen in outcome.after.items() if not seen.is_half_way}
    for name, old in outcome.before.items():
        new = after.get(name, old.version)
        if name in named or old.is_half_way or new == old.version or catalogue.find(name, new).archive == SECURITY:
            continue
        if not troubles(catalogue, {**after, name: old.version}):
            yield f"{name} was {old.version} and is {new}, which no security archive and no advisory names"
