from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    BadInput,
    HostError,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import dnf_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageRequest,
)
from tests.unit.module_utils._packages.dnf_hosts import (
    QUERY,
    RPM,
    answered,
    dnf_host,
    plan,
    question,
    session,
    simulation,
    text,
    transaction,
)

ALL_NAMES = question("repoquery", "--showduplicates", "--qf", "%{name} %{evr}")


def request(*names: str, **options: object) -> PackageRequest:
    return PackageRequest(names, **options)


def summary(found) -> dict[str, tuple[str, str | None]]:
    return {change.name: (change.action, change.after) for change in found.changes}


def test_names_that_are_unknown_are_told_all_at_once_with_what_looks_like_them():
    host = dnf_host(
        **{simulation("install", "nothere", "demoo"): answered("unknown"), ALL_NAMES: text("repoquery.txt")}
    )
    with pytest.raises(BadInput) as caught:
        plan(host, request("nothere", "demoo"), may_enable_repositories=False)
    first, second, hint = caught.value.problems
    assert "'nothere'" in first
    assert "did you mean demo?" in second
    assert "centos_epel" in hint
    assert host.performed == []


@pytest.mark.parametrize(("name", "error"), [("demo=9.9", "demo-9.9"), ("demo.noarch=9.9", "demo-9.9.noarch")])
def test_a_version_that_there_is_not_is_told_with_those_that_there_are(name, error):
    unknown = CommandResult((), 1, "", f"Error: Unable to find a match: {error}\n")
    host = dnf_host(**{simulation("install", name): unknown, ALL_NAMES: text("repoquery.txt")})
    with pytest.raises(BadInput, match=r"no version 9.9 of it: the repositories have 1.0-1.el9, 1.1-1.el9, 1.2-1.el9"):
        plan(host, request(name), may_enable_repositories=False)


def test_a_version_that_there_is_not_is_understood_as_dnf_prints_it():
    host = dnf_host(
        **{simulation("install", "demo=9.9"): answered("unknown-version"), ALL_NAMES: text("repoquery.txt")}
    )
    with pytest.raises(BadInput, match=r"no version 9.9 of it"):
        plan(host, request("demo=9.9"), may_enable_repositories=False)


@pytest.mark.parametrize(("name", "words"), [("excluded", "excludepkgs"), ("modular", "dnf module enable")])
def test_a_name_that_is_kept_from_dnf_is_told_so(name, words):
    wanted = {"excluded": "slow", "modular": "modular"}[name]
    host = dnf_host(**{simulation("install", wanted): answered(name), ALL_NAMES: text("repoquery.txt")})
    with pytest.raises(BadInput, match=words):
        plan(host, request(wanted), may_enable_repositories=False)


def test_a_transaction_that_cannot_be_read_is_never_taken_for_nothing_to_do():
    hidden = CommandResult((), 1, "", "Operation aborted.\n")
    host = dnf_host(**{simulation("install", "weak"): hidden})
    with pytest.raises(HostError, match="its table of it cannot be read"):
        plan(host, request("weak"))


def test_a_dead_repository_is_one_message():
    host = dnf_host(**{simulation("install", "weak"): answered("dead-repository")})
    with pytest.raises(HostError, match="the repository dead of this host cannot be used"):
        plan(host, request("weak"))


def test_a_repository_that_the_host_can_do_without_is_noted():
    host = dnf_host(**{simulation("install", "weak"): answered("ignored-repository")})
    found = plan(host, request("weak"))
    assert summary(found) == {"weak": ("install", "1.0-1.el9")}
    (note,) = found.notes
    assert "without the repositories dead, dead2" in note
    assert "secret" not in note


EPEL_FILES = "/scratch/dnf/root/etc/yum.repos.d"
FETCH = (
    question("x")
    .replace("dnf -q -y", "dnf")
    .replace(" x", " install --downloadonly --downloaddir=/scratch/dnf/fetched epel-release <<< y")
)
UNPACK = (
    "rpm --install --root=/scratch/dnf/root --dbpath=/rpm --nodeps --noscripts --notriggers --excludedocs --ignorearch "
    "/scratch/dnf/fetched/epel-release-9-9.el9.noarch.rpm"
)


def without_epel(**answers: object):
    host = dnf_host(**{FETCH: "", "mkdir -p /scratch/dnf/root": "", UNPACK: "", **answers})
    host.directories["/scratch/dnf/fetched"] = ("epel-release-9-9.el9.noarch.rpm",)
    return host


def test_epel_is_enabled_where_a_name_is_in_no_other_repository():
    look = f"--setopt=reposdir=/etc/yum.repos.d,{EPEL_FILES}"
    wider = dnf_command.joined([("install", "epel-release"), ("install", "weak")])
    host = without_epel(
        **{
            simulation("install", "weak"): answered("unknown"),
            simulation(*wider, more=(look,)): answered("install-weak"),
        }
    )
    packages, executor = session(host)
    found = packages.plan(request("weak"))
    assert found.repositories == ("epel",)
    host.answers[QUERY] = RPM + "".join(
        f"{row}\tnoarch\t\n" for row in ("weak\t0:1.0-1.el9", "lib\t0:1.1-1.el9", "app\t1:2.0-1.el9")
    )
    packages.perform(found)
    install = " ".join(dnf_command.transact(dnf_command.Settings(), ("install", "epel-release")))
    assert host.performed == [f"run {install}", f"run {transaction('install', 'weak')}"]
    assert [change.target for change in executor.changes] == ["epel", "dnf install"]


def test_where_no_repository_more_helps_the_names_are_unknown_and_nothing_is_enabled():
    look = f"--setopt=reposdir=/etc/yum.repos.d,{EPEL_FILES}"
    crb = "--enablerepo=crb"
    plain = ("install", "demoo")
    wider = dnf_command.joined([("install", "epel-release"), plain])
    unknown = answered("unknown")
    host = without_epel(
        **{
            simulation(*plain): unknown,
            simulation(*wider, more=(look,)): unknown,
            simulation(*plain, more=(crb,)): unknown,
            simulation(*wider, more=(look, crb)): unknown,
            ALL_NAMES: text("repoquery.txt"),
        }
    )
    with pytest.raises(BadInput, match="did you mean demo"):
        plan(host, request("demoo"))
    assert host.performed == []


def unmatched(*names: str) -> CommandResult:
    lines = "".join(f"No match for argument: {name}\n" for name in names)
    return CommandResult((), 1, lines, f"Error: Unable to find a match: {' '.join(names)}\n")


def without_help(*plain: str, first: CommandResult, epel: CommandResult, both: CommandResult):
    """A host on which dnf refuses the command whatever may be enabled; what CRB alone gives is as before."""
    look, crb = f"--setopt=reposdir=/etc/yum.repos.d,{EPEL_FILES}", "--enablerepo=crb"
    wider = dnf_command.joined([("install", "epel-release"), plain])
    return without_epel(
        **{
            simulation(*plain): first,
            simulation(*plain, more=(crb,)): first,
            simulation(*wider, more=(look,)): epel,
            simulation(*wider, more=(look, crb)): both,
            ALL_NAMES: text("repoquery.txt"),
        }
    )


def test_a_name_that_epel_has_is_not_blamed_beside_a_typo():
    typo = unmatched("nosuch")
    host = without_help("install", "weak", "nosuch", first=unmatched("weak", "nosuch"), epel=typo, both=typo)
    with pytest.raises(BadInput) as caught:
        plan(host, request("weak", "nosuch"))
    (problem,) = caught.value.problems
    assert "'nosuch'" in problem
    assert host.performed == []


def test_a_repository_that_cannot_be_looked_into_hides_no_unknown_name():
    dead = answered("dead-repository")
    host = without_help("install", "nosuch", first=unmatched("nosuch"), epel=dead, both=dead)
    with pytest.raises(BadInput, match="'nosuch'"):
        plan(host, request("nosuch"))


def test_the_package_that_brings_epel_is_fetched_once_in_a_run():
    """rpm would refuse to unpack it a second time, because it is there."""
    refused = unmatched("nosuch")
    host = without_help("install", "nosuch", first=refused, epel=refused, both=refused)
    packages, _executor = session(host)
    for _time in range(2):
        with pytest.raises(BadInput, match="'nosuch'"):
            packages.plan(request("nosuch"))
    assert (host.asked.count(FETCH), host.asked.count(UNPACK)) == (1, 1)
