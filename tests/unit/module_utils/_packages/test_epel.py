from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command, WriteFile
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import dnf_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.epel import (
    Addition,
    ExtraRepositories,
    enabling,
)
from tests.unit.module_utils._packages.dnf_hosts import CENTOS, REPOSITORIES, RHEL, ROCKY, dnf_host

SETTINGS = dnf_command.Settings()
FETCH = (
    " ".join(word for word in ("dnf", *dnf_command.options(SETTINGS)) if word != "-y")
    + " install --downloadonly --downloaddir=/scratch/dnf/fetched epel-release <<< y"
)
UNPACK = (
    "rpm --install --root=/scratch/dnf/root --dbpath=/rpm --nodeps --noscripts --notriggers --excludedocs --ignorearch "
    "/scratch/dnf/fetched/epel-release-9-9.el9.noarch.rpm"
)
EPEL = Addition(("epel",), ("epel-release",), ("--setopt=reposdir=/etc/yum.repos.d,/scratch/dnf/root/etc/yum.repos.d",))
CRB = Addition(("crb",), options=("--enablerepo=crb",))
BOTH = Addition(("epel", "crb"), ("epel-release",), (*EPEL.options, *CRB.options))
PATH = "/etc/yum.repos.d/centos.repo"
OF_RED_HAT = """[rhel-9-for-x86_64-baseos-rpms]
enabled = 1
[codeready-builder-for-rhel-9-x86_64-debug-rpms]
enabled = 0
[codeready-builder-for-rhel-9-x86_64-source-rpms]
enabled = 0
[codeready-builder-for-rhel-9-x86_64-eus-rpms]
enabled = 0
[codeready-builder-for-rhel-9-x86_64-rpms]
enabled = 0
"""


def fetching(host, *files):
    """A host on which epel-release can be fetched, or not; dnf refuses to import its key, and ends with 1."""
    host.answers.update(
        {FETCH: CommandResult((), 1, "", "Error: Refusing"), "mkdir -p /scratch/dnf/root": "", UNPACK: ""}
    )
    host.directories["/scratch/dnf/fetched"] = files
    return host


def extra(host, platform=CENTOS, *, is_allowed=True):
    around = Surroundings(platform, host, Executor(host, host), may_enable_repositories=is_allowed)
    return ExtraRepositories(around)


def test_epel_is_looked_into_by_the_files_of_its_package_and_crb_by_an_option():
    host = fetching(dnf_host(), "epel-release-9-9.el9.noarch.rpm")
    found = extra(host)
    assert found.additions(SETTINGS) == (EPEL, CRB, BOTH)
    assert found.hints() == ()
    assert host.performed == []


def test_the_key_of_a_package_is_never_imported_for_a_look():
    host = fetching(dnf_host(), "epel-release-9-9.el9.noarch.rpm")
    extra(host).additions(SETTINGS)
    fetch = next(asked for asked in host.asked if "--downloadonly" in asked)
    assert " -y " not in fetch


def test_where_no_repository_has_its_package_a_person_is_told_what_to_run():
    found = extra(fetching(dnf_host()), RHEL)
    assert found.additions(SETTINGS) == ()
    (hint,) = found.hints()
    assert "https://dl.fedoraproject.org/pub/epel/epel-release-latest-9.noarch.rpm" in hint


def test_where_epel_may_not_be_enabled_the_switch_is_named():
    (hint,) = extra(dnf_host(), is_allowed=False).hints()
    assert "centos_epel" in hint


def test_an_epel_that_is_there_and_disabled_is_enabled():
    host = dnf_host(files={PATH: "[epel]\nenabled=0\n"})
    assert extra(host).additions(SETTINGS) == (Addition(("epel",), options=("--enablerepo=epel",)),)


def test_where_both_are_enabled_there_is_no_more_to_try_and_nothing_to_say():
    host = dnf_host(files={PATH: "[epel]\n[crb]\n"})
    assert extra(host).additions(SETTINGS) == ()
    assert extra(host).hints() == ()


@pytest.mark.parametrize(
    ("platform", "text", "name"),
    [
        (ROCKY, "[epel]\n[powertools]\nenabled=0\n", "powertools"),
        (CENTOS, "[epel]\n[crb]\nenabled=0\n", "crb"),
        (RHEL, f"[epel]\n{OF_RED_HAT}", "codeready-builder-for-rhel-9-x86_64-rpms"),
        (
            RHEL,
            "[epel]\n[codeready-builder-for-rhel-9-rhui-rpms]\nenabled=0\n",
            "codeready-builder-for-rhel-9-rhui-rpms",
        ),
        (
            RHEL,
            "[epel]\n[rhui-codeready-builder-for-rhel-9-x86_64-rhui-rpms]\nenabled=0\n",
            "rhui-codeready-builder-for-rhel-9-x86_64-rhui-rpms",
        ),
    ],
)
def test_what_crb_is_called_on_each_system(platform, text, name):
    host = dnf_host(files={PATH: text})
    assert extra(host, platform).additions(SETTINGS) == (Addition((name,), options=(f"--enablerepo={name}",)),)


def test_epel_is_enabled_by_its_package_which_is_remembered():
    (action,) = enabling(dnf_host(), ("epel",), SETTINGS)
    assert isinstance(action, Command)
    assert action.argv[-2:] == ("install", "epel-release")
    assert action.touches.packages == ("epel-release",)


def test_crb_is_enabled_in_its_file():
    (action,) = enabling(dnf_host(), ("crb",), SETTINGS)
    assert isinstance(action, WriteFile)
    assert (action.path, action.content) == (PATH, REPOSITORIES.replace("enabled=0", "enabled=1"))


def test_a_repository_of_a_subscription_is_enabled_by_its_manager_and_can_be_given_back():
    host = dnf_host(files={"/etc/yum.repos.d/redhat.repo": OF_RED_HAT})
    host.directories["/etc/yum.repos.d"] = ("redhat.repo",)
    name = "codeready-builder-for-rhel-9-x86_64-rpms"
    (action,) = enabling(host, (name,), SETTINGS)
    assert isinstance(action, Command)
    assert action.argv == ("subscription-manager", "repos", f"--enable={name}")
    assert action.undo == (("subscription-manager", "repos", f"--disable={name}"),)
