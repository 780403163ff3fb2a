from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_notes import (
    left_at_versions,
    mended,
    upgrade_notes,
)
from tests.unit.module_utils._platform.hosts import fixture


def test_what_is_held_is_told_apart_from_what_apt_keeps_back():
    notes = upgrade_notes(fixture("debian-12/apt-simulate-kept-back.txt"), held={"demoa", "other"})
    assert [note.split(" (")[0] for note in notes] == [
        "upgrade: left as they are: demoa",
        "upgrade: left as they are: democ",
    ]
    assert "`unhold`" in notes[0]


def test_phased_updates_are_told():
    notes = upgrade_notes(fixture("debian-12/apt-simulate-phased.txt"), held={"demoa"})
    assert any("python3-software-properties, software-properties-common (phased" in note for note in notes)


def test_where_nothing_is_left_nothing_is_said():
    assert upgrade_notes(fixture("debian-12/apt-simulate-upgrade.txt"), held=()) == ()
    assert left_at_versions(()) == ()
    assert mended(()) == ()
