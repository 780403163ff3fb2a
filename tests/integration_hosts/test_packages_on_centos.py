"""The module `packages` on hosts of the Enterprise Linux family, against their real rpm and dnf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hosts import control
from tests.integration_hosts.package_calls import packages
from tests.integration_hosts.plays import hosts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration_hosts.package_calls import Answer

# All that dnf and rpm keep. Whoever reads rpm's database touches the file through which its readers share memory, rpm's
# own query included; the time of a directory changes with a lock file that comes and goes.
PLACES = "/etc /var/lib/dnf /var/lib/rpm /var/cache/dnf /var/log /root"
OF_OTHERS = (
    "*/rpmdb.sqlite-*",
    "/var/log/journal/*",
    "/var/log/secure",
    "/var/log/messages",
    "/var/log/cron",
    "/var/log/*tmp",
    "*/lastlog",
)
LEFT_OUT = " ".join(f"! -path '{path}'" for path in OF_OTHERS)
FINGERPRINT = f"find {PLACES} -type f {LEFT_OUT} -print0 | sort -z | xargs -0 sha256sum"
# The parallel interpreter, which sees no bindings of dnf and rpm; EL 8's own Python is too old for Ansible.
INTERPRETER = "/usr/bin/python3.11"
NO_BINDINGS = "import importlib.util as find; print([name for name in ('dnf', 'rpm', 'apt') if find.find_spec(name)])"


class Trial:
    """A host, and calls of the module on it under a Python without bindings."""

    def __init__(self, name: str) -> None:
        self.name = name

    def shell(self, script: str) -> str:
        return control.execute(self.name, ("bash", "-c", script))

    def packages(self, *flags: str, **options: object) -> Answer:
        return packages(self.name, "-e", f"ansible_python_interpreter={INTERPRETER}", *flags, **options)

    def foretold_and_done(self, **options: object) -> Answer:
        """What check mode says is what the run then does; it leaves the host as it is."""
        before = self.shell(FINGERPRINT)
        foretold = self.packages("--check", **options)
        assert self.shell(FINGERPRINT) == before
        answer = self.packages(**options)
        assert foretold.plan() == answer.plan()
        assert foretold.result["changes"] == answer.result["changes"]
        assert foretold.result["repositories"] == answer.result["repositories"]
        return answer


def started(image: str) -> Iterator[Trial]:
    with hosts(f"packages-{image}", image=image) as (host,):
        trial = Trial(host.name)
        trial.shell("dnf -qy install python3.11 >/dev/null 2>&1")
        yield trial


@pytest.fixture(scope="module")
def centos() -> Iterator[Trial]:
    yield from started("centos")


@pytest.fixture(scope="module")
def rocky() -> Iterator[Trial]:
    yield from started("rocky8")


def test_the_module_s_python_has_no_bindings(centos: Trial, rocky: Trial) -> None:
    assert [trial.shell(f'{INTERPRETER} -c "{NO_BINDINGS}"').strip() for trial in (centos, rocky)] == ["[]", "[]"]


def test_names_that_are_nowhere_are_told_at_once_and_enable_nothing(centos: Trial) -> None:
    message = centos.packages(name=["grundwork-demo", "nothere", "unzip"]).message
    assert "'grundwork-demo'" in message
    assert "did you mean groundwork-demo" in message
    assert "'nothere'" in message
    assert "'unzip'" not in message
    assert "epel" not in centos.shell("ls /etc/yum.repos.d; rpm -qa")


def test_epel_is_not_enabled_where_it_may_not_be(centos: Trial) -> None:
    message = centos.packages(name=["fail2ban"], epel=False).message
    assert "'fail2ban-systemd'" in message
    assert "centos_epel" in message


def test_epel_is_enabled_for_a_name_that_needs_it_and_crb_is_not(centos: Trial) -> None:
    answer = centos.foretold_and_done(name=["fail2ban", "unzip"])
    assert answer.result["repositories"] == ["epel"]
    plan = answer.plan()
    assert {"epel-release", "fail2ban", "fail2ban-firewalld", "fail2ban-systemd", "unzip"} <= set(plan)
    assert {action for action, _version in plan.values()} == {"install"}
    assert "enabled=0" in centos.shell("sed -n '/^\\[crb\\]/,/^$/p' /etc/yum.repos.d/*.repo")
    again = centos.packages(name=["fail2ban", "unzip"])
    assert (again.plan(), again.result["changed"]) == ({}, False)


def test_crb_is_enabled_where_what_epel_has_builds_on_it(centos: Trial) -> None:
    answer = centos.foretold_and_done(name=["groundwork-needs-crb"])
    assert answer.result["repositories"] == ["crb"]
    assert set(answer.plan()) == {"groundwork-needs-crb", "groundwork-in-crb"}
    gone = centos.packages(name=["groundwork-needs-crb"], state="absent", autoremove=True)
    assert set(gone.plan()) == {"groundwork-needs-crb", "groundwork-in-crb"}


def test_security_does_not_pretend_where_nobody_publishes_advisories(centos: Trial) -> None:
    answer = centos.packages(upgrade="security")
    assert (answer.plan(), answer.result["changed"]) == ({}, False)
    (note,) = answer.result["notes"]
    assert "publish no advisories" in note
    assert "use upgrade: all" in note


def test_a_held_package_stays_until_it_is_let_go_and_services_on_old_code_are_named(centos: Trial) -> None:
    held = centos.packages(hold=["groundwork-demo"])
    assert held.plan()["groundwork-demo"] == ("hold", "1.0-1.el9")
    assert "unhold" in centos.packages(name=["groundwork-demo"], state="latest").message
    answer = centos.foretold_and_done(upgrade="all")
    assert "groundwork-demo" not in answer.plan()
    assert answer.plan()["groundwork-feature"] == ("upgrade", "1.1-1.el9")
    assert any("groundwork-demo" in note for note in answer.result["notes"])
    assert answer.result["services_on_old_code"] == ["groundwork-service.service"]
    centos.shell("systemctl restart groundwork-service.service")
    freed = centos.packages(name=["groundwork-demo"], state="latest", unhold=["groundwork-demo"])
    assert freed.targets == ["dnf versionlock delete", "dnf install"]
    assert freed.result["services_on_old_code"] == []
    assert centos.shell("rpm -q groundwork-demo").startswith("groundwork-demo-1.1")


def test_an_older_version_comes_only_where_that_is_allowed(centos: Trial) -> None:
    older = "groundwork-demo=1.0"
    assert "allow_downgrade" in centos.packages(name=[older]).message
    answer = centos.packages(name=[older], allow_downgrade=True)
    assert answer.plan() == {"groundwork-demo": ("downgrade", "1.0-1.el9")}
    there = centos.packages(name=["groundwork-demo=7"]).message
    assert "the repositories have 1.0-1.el9, 1.1-1.el9" in there


def test_a_package_file_is_installed_with_what_it_needs(centos: Trial) -> None:
    centos.shell("cd /root && dnf -q download make >/dev/null 2>&1 && mv make-*.rpm make.rpm && rpm -e make || true")
    answer = centos.packages(name=["/root/make.rpm"])
    assert answer.plan()["make"][0] == "install"
    assert centos.packages("--check", name=["/root/make.rpm"]).plan() == {}
    centos.shell("cp /etc/hosts /root/broken.rpm")
    message = centos.packages(name=["/root/broken.rpm", "/root/nothere.rpm"]).message
    assert "/root/broken.rpm on the host is no RPM package" in message
    assert "there is no file /root/nothere.rpm" in message


def test_what_would_drive_another_package_away_is_refused(centos: Trial) -> None:
    assert "conflicts with groundwork-demo" in centos.packages(name=["groundwork-conflict"]).message
    assert "would also remove fail2ban" in centos.packages(name=["fail2ban-server"], state="absent").message


def test_security_takes_what_advisories_name_and_nothing_else(rocky: Trial) -> None:
    answer = rocky.foretold_and_done(upgrade="security")
    assert set(answer.plan()) == {"groundwork-demo"}
    assert answer.plan()["groundwork-demo"][0] == "upgrade"


def test_powertools_is_what_crb_is_called_on_el_8(rocky: Trial) -> None:
    answer = rocky.packages(name=["groundwork-needs-crb"])
    assert answer.result["repositories"] == ["epel", "powertools"]
