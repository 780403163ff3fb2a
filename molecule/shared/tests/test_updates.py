"""Updates install themselves, and which ones is judged by the updater itself on the host's own repositories."""

from __future__ import annotations

from tests.updaters import TEST_PACKAGES


def test_the_updater_takes_the_updates_that_it_shall_and_leaves_the_others(machine, prepared, family):
    assert family.updates(machine) & set(TEST_PACKAGES) == family.taken[prepared.name]


def test_its_timers_are_on(machine, family):
    for name in family.timers:
        assert machine.service(name).is_enabled
        assert machine.service(name).is_running
