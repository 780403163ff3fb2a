from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_marks import early_marks, late_marks
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageChange,
    PackagePlan,
)

PLAN = PackagePlan(
    (
        PackageChange("new", "install", None, "1"),
        PackageChange("new", "hold", "1", "1"),
        PackageChange("old", "hold", "2", "2"),
        PackageChange("free", "unhold", "3", "3"),
        PackageChange("gone", "unhold", None, None),
    )
)


def test_what_is_there_is_held_before_the_transaction_and_what_it_brings_after_it():
    let_go, kept = early_marks(PLAN)
    (brought,) = late_marks(PLAN)
    assert let_go.argv == ("apt-mark", "-q", "unhold", "free", "gone")
    assert kept.argv == ("apt-mark", "-q", "hold", "old")
    assert brought.argv == ("apt-mark", "-q", "hold", "new")


def test_a_mark_is_a_change_in_words():
    let_go, kept = (command.change for command in early_marks(PLAN))
    assert (let_go.before, let_go.after) == ("free 3 held\ngone absent held", "free 3 not held\ngone absent not held")
    assert (kept.before, kept.after) == ("old 2 not held", "old 2 held")


def test_no_mark_is_no_command():
    assert early_marks(PackagePlan()) == late_marks(PackagePlan()) == ()
