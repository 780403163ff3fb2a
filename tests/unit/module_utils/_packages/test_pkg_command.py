from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import pkg_command


def test_a_simulation_fetches_nothing_and_takes_names_as_they_are_spelled():
    assert pkg_command.simulate((), ("install", "nginx=1.28.0,3", "/root/a=b.pkg")) == (
        *("pkg", "install", "-n", "-U", "-C"),
        *("nginx-1.28.0,3", "/root/a=b.pkg"),
    )


def test_a_transaction_answers_yes_and_waits_as_long_as_it_is_told():
    settings = pkg_command.patience(300)
    assert pkg_command.transact(settings, ("install", pkg_command.FORCE, "tree=2.1")) == (
        *("pkg", "-o", "LOCK_WAIT=1", "-o", "LOCK_RETRIES=300"),
        *("install", "-y", "-U", "-C", "-f", "tree-2.1"),
    )
    assert pkg_command.patience(0)[-1] == "LOCK_RETRIES=1"


def test_removals_have_no_catalogue_to_leave_alone():
    assert pkg_command.transact((), ("delete", "tree")) == ("pkg", "delete", "-y", "-C", "tree")
    assert pkg_command.simulate((), ("autoremove",)) == ("pkg", "autoremove", "-n")


def test_marks_are_set_one_by_one_and_memories_for_all():
    assert pkg_command.mark((), "lock", "sudo") == ("pkg", "lock", "-y", "-C", "sudo")
    assert pkg_command.set_automatic(("-o", "A=b"), ("x", "y")) == (
        *("pkg", "-o", "A=b", "set", "-y", "-C", "-A", "1"),
        *("x", "y"),
    )
