"""Random states of a host and random requests, on the real package tools: what is foretold is what happens.

The seed stands in the summary; `PLANNER_SEED=… pytest` makes the same worlds again.
"""

from __future__ import annotations

import itertools
import json
import random
import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.hosts import control
from tests.integration_hosts import planner_apt, planner_dnf
from tests.integration_hosts.conftest import SEED
from tests.integration_hosts.plays import hosts
from tests.tools import paths
from tests.tools.steps import tool_environment
from tests.unit.module_utils._packages.package_cases import case
from tests.unit.module_utils._packages.package_promises import Answer, Outcome, broken_promises
from tests.unit.module_utils._packages.package_ways import is_plainly_possible
from tests.unit.module_utils._packages.package_world import Dice, catalogue

LIBRARY = Path(__file__).with_name("library")
WORLDS = 2
CASES = 10
FAMILIES = {"ubuntu_lts": planner_apt, "centos": planner_dnf}


def world(family, dice):
    """One catalogue, and cases of it, of which the first has something to install."""
    offered = catalogue(dice)
    drawn = (case(dice, offered, breakages=family.BREAKAGES) for _draw in iter(int, 1))
    sure = next(one for one in drawn if is_plainly_possible(offered, one) and installs(one))
    return offered, [sure, *itertools.islice(drawn, CASES - 1)]


def installs(one):
    """True for a request that names what is not there."""
    names = {name.partition("=")[0] for name in one.request.names}
    return one.request.state.value != "absent" and not names <= set(one.start)


def spelled(request):
    """The request as the module takes it."""
    return {**asdict(request), "state": request.state.value, "upgrade": request.upgrade.value}


def outcomes(host, family, offered, cases):
    """What the module's own code did on the host, in one call for all cases."""
    # Not by its own input, of which a program that it starts would take a part.
    script = ("sh", "-c", "cat > /root/publication && sh -e /root/publication </dev/null")
    control.execute(host.name, script, stdin=family.publication(offered).encode())
    described = [
        {
            "prepare": [["sh", "-ec", family.preparation(offered, one)]],
            "show": family.SHOW,
            "request": spelled(one.request),
        }
        for one in cases
    ]
    answered = call(host, {"cases": described})
    return [outcome(family, one) for one in answered["outcomes"]]


def call(host, arguments):
    argv = ["ansible", host.name, "-i", str(host.inventory), "-M", str(LIBRARY), "-m", "planner_cases"]
    environment = tool_environment(
        ANSIBLE_COLLECTIONS_PATH=str(paths.link_collection()), ANSIBLE_PIPELINING="1", ANSIBLE_NOCOLOR="1"
    )
    done = subprocess.run(
        [*argv, "-a", json.dumps(arguments)],
        env=environment,
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    start = done.stdout.find("=> {")
    assert start >= 0, done.stdout + done.stderr
    answer, _end = json.JSONDecoder().raw_decode(done.stdout[start + 3 :])
    assert "outcomes" in answer, done.stdout + done.stderr
    return answer


def outcome(family, texts):
    calls = {
        name: Answer(one["plan"], one["error"], one["message"], tuple(one["notes"]))
        for name, one in texts.items()
        if isinstance(one, dict)
    }
    assert texts["after_check"] == texts["before"], f"check mode has left a trace: {texts}"
    return Outcome(**calls, **{name: family.listed(text) for name, text in texts.items() if isinstance(text, str)})


@pytest.mark.parametrize("image", FAMILIES)
def test_what_is_foretold_is_what_happens(image):
    family, dice, broken = FAMILIES[image], Dice(random.Random(SEED)), []
    with hosts(f"planner-{image}", image=image) as (host,):
        for _world in range(WORLDS):
            offered, cases = world(family, dice)
            seen = outcomes(host, family, offered, cases)
            assert len(seen) == CASES
            assert seen[0].performed.plan, f"PLANNER_SEED={SEED}: {cases[0]} has installed nothing"
            for one, found in zip(cases, seen):
                broken += [f"{one}\n  {promise}" for promise in broken_promises(offered, one, found)]
    assert not broken, f"PLANNER_SEED={SEED}\n" + "\n".join(broken)
