from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    InstalledPackages,
    PackageChange,
    PackageRequest,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.holds import (
    hold_changes,
    refuse_change_of_held,
)

INSTALLED = InstalledPackages({"a": "1", "b": "2", "c": "3"}, held=frozenset({"b"}))
REMOVED = PackageChange("a", "remove", "1", None)


@pytest.mark.parametrize(
    ("request_", "transaction", "changes"),
    [
        (PackageRequest(hold=("a",)), (), (PackageChange("a", "hold", "1", "1"),)),
        (PackageRequest(hold=("b",)), (), ()),
        (PackageRequest(unhold=("a", "gone")), (), ()),
        (PackageRequest(unhold=("b",)), (), (PackageChange("b", "unhold", "2", "2"),)),
        (
            PackageRequest(hold=("new", "a"), unhold=("b",)),
            (PackageChange("new", "install", None, "9"), PackageChange("b", "upgrade", "2", "3")),
            (
                PackageChange("new", "hold", "9", "9"),
                PackageChange("a", "hold", "1", "1"),
                PackageChange("b", "unhold", "3", "3"),
            ),
        ),
    ],
)
def test_marks_are_changes_with_the_version_after_the_transaction(request_, transaction, changes):
    assert hold_changes(request_, INSTALLED, transaction=transaction) == changes


@pytest.mark.parametrize(("name", "transaction"), [("gone", ()), ("a", (REMOVED,))])
def test_what_will_not_be_there_cannot_be_held(name, transaction):
    with pytest.raises(BadInput, match=f"hold: '{name}' is not installed"):
        hold_changes(PackageRequest(hold=(name,)), INSTALLED, transaction=transaction)


def test_a_change_of_a_held_package_is_refused_with_the_way_out():
    refuse_change_of_held((), INSTALLED)
    with pytest.raises(Refused, match=r"held at their version \(b 2, unknown\).*`unhold`"):
        refuse_change_of_held(("unknown", "b"), INSTALLED)
