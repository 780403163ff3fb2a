# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a release is built and put in use: a list of commands, all of them run as the owner.

A virtual environment cannot be moved, so it is built where it stays. It is nobody's release until its marker is
written, and the application's only when the link is switched, in one rename.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    CommandFailed,
    HostError,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import lookup
from ansible_collections.groundwork.python_host.plugins.module_utils._python import pip_output, releases, scripts
from ansible_collections.groundwork.python_host.plugins.module_utils._python.account import as_owner
from ansible_collections.groundwork.python_host.plugins.module_utils._python.requirements import mask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
    from ansible_collections.groundwork.python_host.plugins.module_utils._python.releases import Marker

# A big dependency without a wheel may compile for this long on a small machine.
INSTALL_TIMEOUT = 3600.0
PRIVATE = ".private"
# What clang reads besides its options (clang(1)): FreeBSD's packages install below /usr/local, where its compiler does
# not look by itself.
COMPILER: Mapping[str, Mapping[str, str]] = {
    "*": {},
    "freebsd": {
        "C_INCLUDE_PATH": "/usr/local/include",
        "CPLUS_INCLUDE_PATH": "/usr/local/include",
        "LIBRARY_PATH": "/usr/local/lib",
    },
}


@dataclass(frozen=True)
class Blueprint:
    """All that a release is built from. `marker` is its record but for the distributions, which pip decides on."""

    platform: Platform
    owner: str
    root: str
    name: str
    interpreter: str
    requirements: str
    verify_imports: tuple[str, ...]
    marker: Marker

    @property
    def path(self) -> str:
        """The release's directory."""
        return f"{self.root}/{releases.DIRECTORY}/{self.name}"

    @property
    def private(self) -> str:
        """Where pip keeps its temporary files and reads the requirements; gone when the release is whole."""
        return f"{self.path}/{PRIVATE}"


@dataclass(frozen=True)
class Stage:
    """One step of a build, and what to call it when it fails."""

    doing: str
    command: Command
    diff: tuple[str, str] | None = None


def stages(blueprint: Blueprint, change: Change, *, diff: tuple[str, str]) -> tuple[Stage, ...]:
    """The steps from nothing to a whole release; the last one makes it so and carries the change."""
    python = f"{blueprint.path}/bin/python"
    place = (blueprint.path, blueprint.private)
    return (
        Stage("removing what was left of an earlier try", removal(blueprint, blueprint.path)),
        Stage(
            "making its directory",
            _command(blueprint, _script(blueprint.interpreter, scripts.PREPARE, *place), stdin=blueprint.requirements),
        ),
        Stage(
            "making its virtual environment",
            _command(blueprint, (blueprint.interpreter, "-I", "-m", "venv", blueprint.path)),
        ),
        *_installation(blueprint, python),
        *_verification(blueprint, python),
        Stage(
            "recording what is in it",
            _command(blueprint, _script(python, scripts.FINISH, *place), stdin=_record(blueprint), change=change),
            diff,
        ),
    )


def carry_out(executor: Executor, blueprint: Blueprint, plan: Sequence[Stage]) -> None:
    """Build, or on failure leave everything as it was."""
    try:
        for stage in plan:
            perform(executor, blueprint, stage)
    except ActionFailed:
        executor.run([removal(blueprint, blueprint.path)])
        raise


def perform(executor: Executor, blueprint: Blueprint, stage: Stage) -> None:
    """One step; its failure is told in the failing program's own words."""
    try:
        executor.perform(replace(step, diff=stage.diff) for step in executor.plan([stage.command]))
    except ActionFailed as error:
        link = f"{blueprint.root}/{releases.LINK}"
        raise ActionFailed(
            f"{blueprint.path}: {stage.doing} failed and {link} is as it was. {_words(stage, error)}"
        ) from error


def removal(blueprint: Blueprint, path: str, *, change: Change | None = None) -> Command:
    """Removes a release that is the owner's."""
    return _command(blueprint, ("rm", "-rf", "--", path), change=change)


def switch(blueprint: Blueprint, *, before: str, left: str) -> Stage:
    """Puts the release in use by one rename; `left` is the marker of the one that was, or empty."""
    link, target = f"{blueprint.root}/{releases.LINK}", f"{releases.DIRECTORY}/{blueprint.name}"
    argv = _script(blueprint.interpreter, scripts.SWITCH, link, target, left)
    change = Change("link", link, before or "absent", target)
    return Stage("switching to it", _command(blueprint, argv, change=change))


def environment(root: str, private: str = "") -> Mapping[str, str]:
    """What programs run with as the owner: everything that they keep stays below the runtime's own path.

    Temporary files too, since a hardened host mounts /tmp with noexec, where nothing can be compiled. The host's own
    pip configuration (/etc/pip.conf, PIP_* variables) stays in force.
    """
    private_files = {"TMPDIR": private} if private else {}
    return {
        "HOME": root,
        "XDG_CACHE_HOME": f"{root}/.cache",
        "XDG_CONFIG_HOME": f"{root}/.config",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        **private_files,
    }


def _installation(blueprint: Blueprint, python: str) -> tuple[Stage, ...]:
    if not blueprint.marker.requirements:
        return ()
    argv = (
        python,
        "-I",
        "-m",
        "pip",
        "install",
        "--progress-bar",
        "off",
        "-r",
        f"{blueprint.private}/requirements.txt",
    )
    return (Stage("installing its requirements", _command(blueprint, argv, timeout=INSTALL_TIMEOUT)),)


def _verification(blueprint: Blueprint, python: str) -> tuple[Stage, ...]:
    if not blueprint.verify_imports:
        return ()
    argv = (python, "-I", "-B", "-c", scripts.PROBE, *blueprint.verify_imports)
    return (Stage("importing what verify_imports names", _command(blueprint, argv)),)


def _command(
    blueprint: Blueprint,
    argv: Sequence[str],
    *,
    change: Change | None = None,
    stdin: str | None = None,
    timeout: float = 300.0,
) -> Command:
    return Command(
        as_owner(blueprint.platform, blueprint.owner, argv, python=blueprint.interpreter),
        change,
        env={**environment(blueprint.root, blueprint.private), **lookup(COMPILER, blueprint.platform)},
        stdin=stdin,
        timeout=timeout,
    )


def _script(python: str, script: str, *arguments: str) -> tuple[str, ...]:
    return (python, "-I", "-c", script, *arguments)


def _record(blueprint: Blueprint) -> str:
    marker = blueprint.marker
    facts = {"interpreter": marker.interpreter, "version": marker.version, "requirements": list(marker.requirements)}
    return json.dumps(facts)


def _words(stage: Stage, error: ActionFailed) -> str:
    """The words that tell why: pip's errors where it was pip, otherwise the last line."""
    cause = error.__cause__
    if not isinstance(cause, CommandFailed):
        return mask(str(cause if isinstance(cause, HostError) else error))
    if "pip" in stage.command.argv:
        return pip_output.explain(f"{cause.stdout}\n{cause.stderr}")
    lines = [line for line in (cause.stderr or cause.stdout).splitlines() if line.strip()]
    return mask(lines[-1].strip() if lines else f"it ended with {cause.rc} and no message")
