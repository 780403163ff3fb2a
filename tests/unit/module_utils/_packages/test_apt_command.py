from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_command

SHARED = apt_command.options(lock_timeout=30, install_recommends=False, configuration="")


def test_a_simulation_and_its_transaction_share_their_options():
    assert set(SHARED) < set(apt_command.simulate(SHARED, ("install", "sudo")))
    assert set(SHARED) < set(apt_command.transact(SHARED, ("install", "sudo")))


def test_a_simulation_leaves_no_log():
    assert "Dir::Log::Planner=/dev/null" in apt_command.simulate(SHARED, ("install", "sudo"))


@pytest.mark.parametrize(("verb", "is_guarded"), [("install", True), ("upgrade", True), ("remove", False)])
def test_only_a_removal_may_remove(verb, is_guarded):
    assert ("--no-remove" in apt_command.transact(SHARED, (verb, "x"))) is is_guarded


@pytest.mark.parametrize(
    "setting",
    [
        "APT::Cmd::Pattern-Only=true",
        "APT::Install-Recommends=false",
        "DPkg::Lock::Timeout=30",
        "Dpkg::Options::=--force-confdef",
        "Dpkg::Options::=--force-confold",
    ],
)
def test_nothing_is_asked_and_old_files_are_kept(setting):
    assert SHARED[SHARED.index(setting) - 1] == "-o"


def test_no_hook_may_ask_or_restart_anything():
    assert apt_command.ENVIRONMENT["DEBIAN_FRONTEND"] == "noninteractive"
    assert apt_command.ENVIRONMENT["NEEDRESTART_MODE"] == "l"
    assert apt_command.ENVIRONMENT["UCF_FORCE_CONFFOLD"] == "1"


def test_a_refresh_leaves_its_time_on_the_host_only_in_a_real_run():
    assert apt_command.UPDATE_STAMP in " ".join(apt_command.refresh(lock_timeout=1, configuration=""))
    assert apt_command.UPDATE_STAMP not in " ".join(apt_command.refresh(lock_timeout=1, configuration="/s/apt.conf"))


@pytest.mark.parametrize(("own_lists", "count"), [(True, 1), (False, 0)])
def test_private_configuration_silences_the_host_s_hooks(own_lists, count):
    text = apt_command.private_configuration("/s/apt", own_lists=own_lists)
    assert "#clear APT::Update::Post-Invoke;\n" in text
    assert "#clear APT::Update::Post-Invoke-Success;\n" in text
    assert 'Dir::Cache "/s/apt/cache";\n' in text
    assert text.count('Dir::State::lists "/s/apt/lists";') == count
