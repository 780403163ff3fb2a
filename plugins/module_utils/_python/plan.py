# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides, from a request and what was found on the host, what has to be done; does nothing itself."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import (
    Change,
    EnsureDirectory,
    Remove,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._python import (
    account,
    build,
    interpreters,
    probe,
    releases,
    requirements,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Action
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._python.releases import Marker, Release
    from ansible_collections.groundwork.python_host.plugins.module_utils._python.request import Request
    from ansible_collections.groundwork.python_host.plugins.module_utils._python.survey import Situation


@dataclass(frozen=True)
class Plan:
    """All that one run does after the packages; `stages` is empty where the release is there already."""

    blueprint: build.Blueprint
    previous: str
    preparation: tuple[Action, ...]
    stages: tuple[build.Stage, ...]
    switch: build.Stage | None
    removals: tuple[Action, ...]


@dataclass(frozen=True)
class Seen:
    """A release with its record and what is wrong with it (nothing, if `fault` is empty)."""

    release: Release
    marker: Marker | None
    fault: str


def decide(host: HostReader, request: Request, situation: Situation) -> Plan:
    """The whole plan, by the host as it is now."""
    shelf = situation.shelf
    current = _look(host, request, situation, shelf.current) if shelf.current else None
    version = _version(host, situation, current)
    digest = releases.digest(
        interpreter=situation.interpreter.path,
        version=version,
        requirements=requirements.normalised(situation.requirements),
        libraries=request.native_libraries,
        platform=situation.platform,
    )
    chosen = _sound(host, request, situation, digest=digest, current=current)
    blueprint = _blueprint(
        request, situation, version=version, name=chosen.name if chosen else releases.free_name(shelf, digest)
    )
    previous = _previous(situation, blueprint)
    is_switched = shelf.link != f"{releases.DIRECTORY}/{blueprint.name}"
    left = previous.marker_path if is_switched and previous and previous.finished else ""
    return Plan(
        blueprint=blueprint,
        previous=previous.name if previous else "",
        preparation=tuple(_preparation(host, request, situation)),
        stages=()
        if chosen
        else build.stages(blueprint, _release_change(blueprint, current), diff=_diff(blueprint, current)),
        switch=build.switch(blueprint, before=shelf.link, left=left) if is_switched else None,
        removals=tuple(_removals(request, situation, blueprint=blueprint, previous=previous)),
    )


def _look(host: HostReader, request: Request, situation: Situation, release: Release) -> Seen:
    marker = releases.read_marker(host, release)
    python = situation.interpreter.path
    fault = probe.fault(host, situation.platform, request, release=release, marker=marker, python=python)
    return Seen(release, marker, fault)


def _version(host: HostReader, situation: Situation, current: Seen | None) -> str:
    """X.Y.Z of the interpreter as it will be after the packages; the current release's own word saves a question."""
    interpreter = situation.interpreter
    planned = {change.name: change.after for change in situation.packages.changes}
    coming = next((planned[name] for name in interpreter.carriers if planned.get(name)), None)
    if coming:
        return interpreters.upstream_version(coming)
    if current and current.marker and not current.fault and current.marker.interpreter == interpreter.path:
        return current.marker.version
    return interpreters.full_version(host, interpreter)


def _sound(
    host: HostReader, request: Request, situation: Situation, *, digest: str, current: Seen | None
) -> Release | None:
    """The release to use: the current one if it is what is wanted, else one like it that is still there."""
    if current and current.release.digest == digest and not current.fault:
        return current.release
    others = situation.shelf.others(current.release if current else None)
    alike = (release for release in others if release.digest == digest and release.finished)
    return next((release for release in alike if not _look(host, request, situation, release).fault), None)


def _blueprint(request: Request, situation: Situation, *, version: str, name: str) -> build.Blueprint:
    return build.Blueprint(
        platform=situation.platform,
        owner=request.owner,
        root=request.path,
        name=name,
        interpreter=situation.interpreter.path,
        requirements=situation.requirements,
        verify_imports=request.verify_imports,
        marker=releases.Marker(
            interpreter=situation.interpreter.path,
            version=version,
            packages="",
            requirements=requirements.shown(situation.requirements),
        ),
    )


def _previous(situation: Situation, blueprint: build.Blueprint) -> Release | None:
    """The release that was in use before the blueprint's."""
    shelf = situation.shelf
    if shelf.current and shelf.current.name != blueprint.name:
        return shelf.current
    return next((other for other in shelf.releases if other.finished and other.name != blueprint.name), None)


def _release_change(blueprint: build.Blueprint, current: Seen | None) -> Change:
    """The new release, with the reason where it takes the place of a damaged one."""
    before = f"absent ({current.release.path} {current.fault})" if current and current.fault else "absent"
    count = len(blueprint.marker.requirements)
    return Change(
        "release", blueprint.path, before, f"Python {blueprint.marker.version}, {count} lines of requirements"
    )


def _diff(blueprint: build.Blueprint, current: Seen | None) -> tuple[str, str]:
    before = current.marker.lines if current and current.marker else ()
    return "\n".join(before), "\n".join(blueprint.marker.lines)


def _preparation(host: HostReader, request: Request, situation: Situation) -> Iterator[Action]:
    """The user and the directories, from the outermost one that is absent."""
    owner = situation.account
    if owner is None:
        yield account.creation(host, situation.platform, name=request.owner, home=request.path)
    group = owner.group if owner else request.owner
    yield from _parents(host, request.path)
    for path in (request.path, f"{request.path}/{releases.DIRECTORY}"):
        yield _directory(host, path, owner=request.owner, group=group)


def _parents(host: HostReader, path: str) -> Iterator[Action]:
    parent = posixpath.dirname(path)
    if host.stat(parent) is None:
        yield from _parents(host, parent)
        yield EnsureDirectory(parent)


def _directory(host: HostReader, path: str, *, owner: str, group: str) -> EnsureDirectory:
    """The owner's; what an administrator chose beyond that stays, except that others may not write there."""
    stat = host.stat(path)
    if stat is None:
        return EnsureDirectory(path, 0o755, owner, group)
    kept = stat.group if stat.owner == owner else group
    return EnsureDirectory(path, (stat.mode | 0o700) & ~0o002, owner, kept)


def _removals(
    request: Request, situation: Situation, *, blueprint: build.Blueprint, previous: Release | None
) -> Iterator[Action]:
    """Old releases, each removed by its owner; one that belongs to somebody else (the owner has changed) by root."""
    staying = {blueprint.name, previous.name if previous else ""}
    others = [release for release in situation.shelf.releases if release.name not in staying]
    for release in releases.expendable(others, keep=request.keep_releases - len(staying - {""})):
        if release.owner == request.owner:
            change = Change("directory", release.path, "present", "absent")
            yield build.removal(blueprint, release.path, change=change)
        else:
            yield Remove(release.path)
