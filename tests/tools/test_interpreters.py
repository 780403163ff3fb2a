"""Which Python serves which purpose, on machines that this one is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.interpreters import (
    Interpreter,
    NoInterpreterError,
    for_controller,
    for_newest_core,
    targets,
)


def pythons(*minors: int, makes_environments: bool = True) -> list[Interpreter]:
    return [Interpreter((3, minor), Path(f"/usr/bin/python3.{minor}"), makes_environments) for minor in minors]


@pytest.mark.parametrize(
    ("minors", "expected"),
    [
        ((11, 13), "3.11"),
        ((13, 11), "3.13"),
        ((9, 12), "3.12"),
        ((14, 12), "3.12"),
        ((14,), "3.14"),
        ((14, 15), "3.15"),
    ],
)
def test_the_controller_gets_the_first_supported_python_on_path(minors: tuple[int, ...], expected: str):
    assert for_controller(pythons(*minors)).name == expected


@pytest.mark.parametrize("minors", [(), (9,), (6, 10)])
def test_without_a_python_for_the_controller_the_message_says_which_to_install(minors: tuple[int, ...]):
    with pytest.raises(NoInterpreterError, match=r"install python3\.11"):
        for_controller(pythons(*minors))


def test_a_python_without_venv_is_named_with_the_package_to_install():
    with pytest.raises(
        NoInterpreterError, match=r"/usr/bin/python3\.11 .*apt-get install python3-venv, or python3\.11-venv"
    ):
        for_controller(pythons(11, makes_environments=False))


def test_a_python_with_venv_goes_before_one_without():
    found = [*pythons(11, makes_environments=False), *pythons(12)]
    assert for_controller(found).name == "3.12"


def test_the_newest_core_gets_the_newest_python():
    assert for_newest_core(pythons(11, 14, 12)).name == "3.14"


def test_the_newest_core_does_not_run_on_the_oldest_controller():
    with pytest.raises(NoInterpreterError, match=r"install python3\.12"):
        for_newest_core(pythons(9, 11))


@pytest.mark.parametrize(
    ("minors", "expected"),
    [((11, 9, 13, 8), ["3.9", "3.13"]), ((11,), ["3.11"]), ((11, 11), ["3.11"]), ((12, 10), ["3.10", "3.12"])],
)
def test_the_oldest_and_the_newest_target_are_tested(minors: tuple[int, ...], expected: list[str]):
    assert [one.name for one in targets(pythons(*minors))] == expected
