"""A first Python: found at no cost where there is one, installed where there is none, and a plain message where not."""

from __future__ import annotations

import pytest

from tests.hosts import snapshot
from tests.integration_hosts.plays import SITE, hosts, play, shell
from tests.tools import paths

BOOTSTRAP = paths.ROOT / "playbooks/bootstrap.yml"
AUDIT = paths.ROOT / "playbooks/audit.yml"
FOUND = "/usr/bin/python3.11"
PLATFORM_PYTHON = "/usr/libexec/platform-python"


@pytest.fixture(scope="module")
def without():
    """Enterprise Linux 8: the one Python that it has is the platform's own."""
    with hosts("without-python", image="rocky8") as (host,):
        yield host


@pytest.fixture(scope="module")
def minimal():
    """A minimal image: a package tool, and no Python at all."""
    with hosts("minimal") as (host,):
        names = "dpkg-query -W -f '${Package}\\n' | grep -E '^(lib)?python3'"
        shell(host, f"dpkg --force-all --purge $({names}) >/dev/null 2>&1; ! ls /usr/bin/python3*")
        yield host


@pytest.fixture(scope="module")
def freebsd():
    """As it comes: neither a Python nor sudo, and not even the package tool itself; of two releases the one whose
    packages have the newer Python.
    """
    with hosts("without-anything", image="freebsd15") as (host,):
        yield host


def raw_calls(run):
    """What was asked of the host by the shell alone, but for the login that is tried first and fails."""
    return [result.task for result in run.results if result.action == "ansible.builtin.raw" and result.outcome == "ok"]


def facts(run):
    """What the play has set, later values over earlier ones."""
    found = {}
    for result in run.results:
        found.update(result.answer.get("ansible_facts", {}))
    return found


def checksums(host):
    return shell(host, f"sha256sum {PLATFORM_PYTHON}; ls -l {PLATFORM_PYTHON}; rpm -q platform-python python3 || true")


def test_check_mode_says_what_would_be_installed_and_changes_nothing(without):
    before = snapshot.take(without.name)
    run = play(SITE, [without.inventory], options=["--check"])
    assert (run.code, run.changed) == (0, ()), run.output
    assert "would install the first of python3.12 python3.11 python39" in run.output
    assert snapshot.differences(before, snapshot.take(without.name)) == []


def test_an_audit_says_which_playbook_gives_the_host_a_python(without):
    run = play(AUDIT, [without.inventory])
    assert len(run.failures) == 1, run.output
    assert "groundwork.python_host.bootstrap" in run.failures[0]


def test_repositories_that_cannot_be_reached_are_one_message(without):
    shell(without, "systemctl stop groundwork-repository; dnf -q clean all")
    run = play(BOOTSTRAP, [without.inventory])
    shell(without, "systemctl start groundwork-repository")
    assert len(run.failures) == 1, run.output
    assert "dnf cannot reach its repositories. Check the host's network" in run.failures[0]
    assert "Traceback" not in run.output


def test_repositories_without_a_python_are_one_message_with_the_names(without):
    shell(without, "mv /etc/yum.repos.d /etc/yum.repos.d.away; install -d /etc/yum.repos.d")
    empty = "[empty]\\nname=empty\\nbaseurl=file:///tmp/empty\\ngpgcheck=0\\n"
    shell(without, f"mkdir /tmp/empty; createrepo_c -q /tmp/empty; printf '{empty}' > /etc/yum.repos.d/empty.repo")
    run = play(BOOTSTRAP, [without.inventory])
    shell(without, "rm -r /etc/yum.repos.d; mv /etc/yum.repos.d.away /etc/yum.repos.d")
    assert len(run.failures) == 1, run.output
    assert "none of the packages python3.12 python3.11 python39 is in the repositories of dnf" in run.failures[0]


def test_somebody_who_is_not_root_is_told_so(without):
    shell(without, "useradd -m plain; install -d -m 700 -o plain -g plain ~plain/.ssh")
    shell(without, "install -m 600 -o plain -g plain ~root/.ssh/authorized_keys ~plain/.ssh/authorized_keys")
    become = {"ansible_user": "plain", "ansible_become_method": "ansible.builtin.su", "ansible_become_user": "plain"}
    shell(without, "passwd -d plain")
    run = play(BOOTSTRAP, [without.inventory], variables=become)
    shell(without, "userdel -r plain")
    assert len(run.failures) == 1, run.output
    assert "installing one needs root, and this login is plain" in run.failures[0]


def test_a_host_without_a_python_gets_one_beside_that_of_its_platform(without):
    before = checksums(without)
    run = play(BOOTSTRAP, [without.inventory])
    assert run.failures == (), run.output
    assert facts(run)["ansible_python_interpreter"] == FOUND
    assert f"ansible_python_interpreter: {FOUND}" in " ".join(run.output.split())
    assert checksums(without) == before
    assert shell(without, "ls -d /usr/bin/python3 2>/dev/null || echo none") == "none"


def test_one_call_is_all_that_a_host_with_a_python_costs(without):
    run = play(BOOTSTRAP, [without.inventory])
    assert (run.failures, run.changed) == ((), ()), run.output
    assert raw_calls(run) == ["Look for a Python that modules can run on"]


def test_a_python_that_the_inventory_names_and_the_host_lacks_is_installed_or_replaced_for_this_run(without):
    named = {"all": {"hosts": {without.name: {"ansible_python_interpreter": "/usr/bin/python3.12"}}}}
    inventory = without.folder / "named.yml"
    inventory.write_text(str(named).replace("'", '"'))
    run = play(BOOTSTRAP, [without.inventory, inventory])
    assert run.failures == (), run.output
    assert facts(run)["ansible_python_interpreter"] == FOUND


@pytest.mark.parametrize("interpreter", [PLATFORM_PYTHON, FOUND])
def test_modules_run_on_the_platforms_python_or_on_another_where_the_user_says_so(without, interpreter):
    run = play(AUDIT, [without.inventory], environment={"ANSIBLE_PYTHON_INTERPRETER": interpreter})
    assert run.failures == (), run.output
    assert run.answer("os_support_info")["python"]["executable"] == interpreter


def test_a_minimal_image_gets_the_systems_own(minimal):
    run = play(BOOTSTRAP, [minimal.inventory])
    assert run.failures == (), run.output
    assert facts(run)["ansible_python_interpreter"] == "/usr/bin/python3"
    again = play(BOOTSTRAP, [minimal.inventory])
    assert (again.failures, again.changed) == ((), ()), again.output


def test_check_mode_says_what_freebsd_would_get_and_changes_nothing(freebsd):
    before = snapshot.take(freebsd.name)
    run = play(SITE, [freebsd.inventory], options=["--check"])
    assert (run.code, run.changed) == (0, ()), run.output
    assert "has no Python that Ansible's modules can run on. A run would install" in run.output
    assert snapshot.differences(before, snapshot.take(freebsd.name)) == []


def test_freebsd_gets_the_python_that_its_packages_are_built_for(freebsd):
    run = play(BOOTSTRAP, [freebsd.inventory])
    assert run.failures == (), run.output
    python = facts(run)["ansible_python_interpreter"]
    default = shell(freebsd, "pkg rquery -U -e '%o = lang/python3' %dn | grep '^python3[0-9]'")
    assert python.replace(".", "") == f"/usr/local/bin/{default}"
    assert facts(run)["ansible_become"] is False
    again = play(BOOTSTRAP, [freebsd.inventory])
    assert (again.failures, again.changed) == ((), ()), again.output
    assert raw_calls(again) == ["Look for a Python that modules can run on"]
