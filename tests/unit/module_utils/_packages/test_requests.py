from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageRequest,
    State,
    Upgrade,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.requests import request_problems


@pytest.mark.parametrize(
    "request_",
    [
        PackageRequest(hold=("a",)),
        PackageRequest(unhold=("a",)),
        PackageRequest(autoremove=True),
        PackageRequest(("a",), State.ABSENT, autoremove=True),
        PackageRequest(("a=1", "a", "/srv/a=1.deb"), upgrade=Upgrade.ALL, hold=("a",), unhold=("b",)),
        PackageRequest((), State.ABSENT, autoremove=True),
    ],
)
def test_what_goes_together_is_no_problem(request_):
    assert request_problems(request_) == ()


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (PackageRequest(), ["name is empty"]),
        (PackageRequest(("a",), State.ABSENT, Upgrade.SECURITY), ["state absent and upgrade"]),
        (PackageRequest(("a",), autoremove=True), ["autoremove goes alone"]),
        (PackageRequest(upgrade=Upgrade.ALL, autoremove=True), ["autoremove goes alone"]),
        (PackageRequest(("a=",)), ["'a=' has an empty version"]),
        (PackageRequest(("a=1",), State.LATEST), ["'a=1' asks for a version"]),
        (PackageRequest(("a=1",), State.ABSENT), ["'a=1' asks for a version"]),
        (PackageRequest(("a=1", "a=2", "a=1")), ["'a' is asked for in several versions (1, 2)"]),
        (PackageRequest(hold=("a",), unhold=("a",)), ["hold and unhold both name 'a'"]),
        (PackageRequest(("a",), State.ABSENT, hold=("a",)), ["hold: 'a' is to be removed"]),
    ],
)
def test_what_excludes_one_another_is_told(request_, words):
    problems = request_problems(request_)
    assert len(problems) == len(words)
    assert all(word in problem for word, problem in zip(words, problems))
