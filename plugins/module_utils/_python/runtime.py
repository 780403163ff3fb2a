# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings a Python runtime to what was asked for: the body of the module `python_runtime`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.transaction import PackageSession
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.detect import detect
from ansible_collections.groundwork.python_host.plugins.module_utils._python import build, interpreters, releases
from ansible_collections.groundwork.python_host.plugins.module_utils._python.plan import decide
from ansible_collections.groundwork.python_host.plugins.module_utils._python.request import parse
from ansible_collections.groundwork.python_host.plugins.module_utils._python.survey import survey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._python.plan import Plan
    from ansible_collections.groundwork.python_host.plugins.module_utils._python.request import Request
    from ansible_collections.groundwork.python_host.plugins.module_utils._python.survey import Packages, Situation


def run(params: Mapping[str, Any], host: HostReader, executor: Executor) -> dict[str, Any]:
    """The module's body: what it returns beside `changed`, `changes` and the diff."""
    request = parse(params)
    platform = detect(host)
    packages = PackageSession(platform, host, executor, may_enable_repositories=params["epel"])
    situation = survey(host, platform, request, packages=packages)
    return converge(host, executor, request, situation=situation, packages=packages)


def converge(
    host: HostReader, executor: Executor, request: Request, *, situation: Situation, packages: Packages
) -> dict[str, Any]:
    """Plan everything, do it in order, and report what is then seen. Check mode stops after the plan."""
    plan = decide(host, request, situation)
    preparation, removals = executor.plan(plan.preparation), executor.plan(plan.removals)
    packages.perform(situation.packages)
    if _is_other_interpreter(host, executor, situation, plan):
        settled = replace(situation, packages=replace(situation.packages, changes=()))
        plan = decide(host, request, replace(settled, interpreter=replace(situation.interpreter, candidate="")))
    executor.perform(preparation)
    build.carry_out(executor, plan.blueprint, plan.stages)
    if plan.switch:
        build.perform(executor, plan.blueprint, plan.switch)
    executor.perform(removals)
    return _report(host, executor, situation, plan)


def _is_other_interpreter(host: HostReader, executor: Executor, situation: Situation, plan: Plan) -> bool:
    """True where the package tool brought another third number than its package's version had promised."""
    if executor.is_check_mode or not situation.packages.changes:
        return False
    installed = replace(situation.interpreter, candidate="")
    return interpreters.full_version(host, installed) != plan.blueprint.marker.version


def _report(host: HostReader, executor: Executor, situation: Situation, plan: Plan) -> dict[str, Any]:
    """Shape: {interpreter, version, venv, release, previous, distributions, compiled, plan, warnings}."""
    blueprint, distributions = plan.blueprint, _distributions(host, executor, plan)
    return {
        "interpreter": blueprint.interpreter,
        "version": blueprint.marker.version,
        "venv": blueprint.path,
        "release": blueprint.name,
        "previous": plan.previous,
        "distributions": [distribution.to_json() for distribution in distributions],
        "compiled": [distribution.name for distribution in distributions if distribution.is_compiled],
        "plan": situation.packages.to_json(),
        "warnings": list(situation.packages.notes),
    }


def _distributions(host: HostReader, executor: Executor, plan: Plan) -> tuple[releases.Distribution, ...]:
    """What the release in use holds by its own record; of one that check mode only foretells nothing is known."""
    if executor.is_check_mode and plan.stages:
        return ()
    blueprint = plan.blueprint
    seen = releases.Release(blueprint.name, blueprint.path, blueprint.owner)
    marker = releases.read_marker(host, seen)
    link = host.readlink(f"{blueprint.root}/{releases.LINK}")
    is_in_use = executor.is_check_mode or link == f"{releases.DIRECTORY}/{blueprint.name}"
    different = releases.difference(host, marker) if marker else "without its record"
    if marker is None or different or not is_in_use:
        raise HostError(
            f"{blueprint.path} was just put in use and now is {different or 'not what current points to'}: "
            "something else on the host is changing it"
        )
    return marker.distributions
