from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_refusals import (
    refusal,
    refuse_mending_by_removal,
    refuse_mending_by_unwanted,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_simulation import parse_simulation
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._packages.hosts import cache, refused
from tests.unit.module_utils._platform.hosts import fixture

INSTALLED = InstalledPackages({"demoa": "2.0"}, incomplete={"demopre": "1.0"})


def explained(stem: str, **answers: str) -> Exception:
    host = FakeHost(answers=dict(answers))
    return refusal(host, refused(stem), configuration="", installed=INSTALLED)


def test_unknown_versions_come_with_those_that_there_are():
    policy = fixture("debian-12/apt-policy-versions.txt")
    answers = {cache("pkgnames"): "tree\n", cache("policy", "demoa", "sudo"): policy}
    error = explained("apt-simulate-unknown-version", **answers)
    assert isinstance(error, BadInput)
    name, demoa, sudo = error.problems
    assert "'nosuch'" in name
    assert "'demoa=9.9'" in demoa
    assert "there are 3.0, 2.0, 1.0" in demoa
    assert "'sudo=5'" in sudo


@pytest.mark.parametrize(
    ("stem", "words"),
    [
        ("apt-simulate-downgrade-refused", r"older than what is installed \(demoa 2.0\).*allow_downgrade: true"),
        ("apt-simulate-no-archive", "unpacking demopre 1.0.*dpkg --remove --force-remove-reinstreq demopre"),
        ("apt-simulate-essential", "sed: no Debian works without it"),
        ("apt-simulate-unmet", "finds no way.*nosuch-thing"),
    ],
)
def test_what_apt_cannot_do_is_explained(stem, words):
    error = explained(stem)
    assert isinstance(error, Refused)
    with pytest.raises(Refused, match=words):
        raise error


def test_a_change_of_what_is_held_is_explained():
    with pytest.raises(Refused, match=r"demoa 2\.0.*`unhold`"):
        explained("apt-simulate-held-upgrade")


def test_broken_dependencies_are_never_mended_by_a_removal_or_by_what_is_unwanted():
    planned = parse_simulation(fixture("debian-12/apt-simulate-mend-by-removal.txt"), INSTALLED)
    with pytest.raises(Refused, match=r"remove demox\. Either make.*state: absent.*apt says: words"):
        refuse_mending_by_removal(planned, (), words="words")
    refuse_mending_by_removal(planned, ("demox",), words="words")
    with pytest.raises(Refused, match="demoa shall be absent"):
        refuse_mending_by_unwanted(planned, ("demoa",), words="words")
    refuse_mending_by_unwanted(planned, ("other",), words="words")
