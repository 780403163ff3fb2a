"""The module `packages` through Ansible and SSH on a disposable host, against its real apt and dpkg."""

from __future__ import annotations

import json
import os
import re
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import yaml

from ansible_collections.groundwork.python_host.plugins.modules.packages import EXAMPLES
from tests.hosts import control, state
from tests.integration_hosts import package_calls
from tests.tools import paths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration_hosts.package_calls import Answer

# Another run in the same checkout must not meet this one.
NAME = f"test-packages-{os.getpid()}"
LOCKS = (
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
)
HOLD = "import fcntl, sys, time; file = open(sys.argv[1], 'a'); fcntl.lockf(file, fcntl.LOCK_EX); time.sleep({})"
FINGERPRINT = (
    "find {places} -printf '%p %y %m %u %g %s %T@ %l\\n' | sort; "
    "find {places} -type f -print0 | sort -z | xargs -0 sha256sum"
)
# All that apt and dpkg keep.
PLACES = "/etc /root /var/lib/dpkg /var/lib/apt /var/cache/apt /var/cache/debconf /var/log/apt /var/log/dpkg.log"
FIRST = {"name": ["fail2ban", "automatic-updates", "sudo", "python", "hello"], "upgrade": "security"}


@pytest.fixture(scope="module", autouse=True)
def host() -> Iterator[state.Host]:
    started = control.up(NAME, image="ubuntu_lts", key_file=None)
    execute("mkdir -p /var/log/apt; touch /var/log/dpkg.log")
    yield started
    control.down(NAME)


def execute(command: str) -> str:
    return control.execute(NAME, ("bash", "-c", command))


def packages(*flags: str, **options: object) -> Answer:
    """One call of the module."""
    return package_calls.packages(NAME, *flags, **options)


def fingerprint() -> str:
    return execute(FINGERPRINT.format(places=PLACES))


@contextmanager
def held(path: str, *, seconds: float) -> Iterator[None]:
    execute(f'python3 -c "{HOLD.format(seconds)}" {path} >/dev/null 2>&1 & echo $! > /run/holder; sleep 0.5')
    try:
        yield
    finally:
        execute("kill $(cat /run/holder) 2>/dev/null; true")


@contextmanager
def source(line: str) -> Iterator[None]:
    """A package source that only this test has; failing fast."""
    execute(
        f"echo '{line}' > /etc/apt/sources.list.d/test.list; echo 'Acquire::Retries 0;' > /etc/apt/apt.conf.d/95retries"
    )
    try:
        yield
    finally:
        execute("rm /etc/apt/sources.list.d/test.list")


def test_on_a_fresh_host_check_mode_foretells_the_run_and_leaves_no_trace() -> None:
    assert execute("ls /var/lib/apt/lists").split() in (["partial"], ["lock", "partial"], [])
    before = fingerprint()
    foretold = packages("--check", "--diff", **FIRST)
    assert fingerprint() == before
    real = packages("--diff", **FIRST)
    assert foretold.plan() == real.plan()
    assert foretold.result["changes"] == real.result["changes"]
    assert foretold.printed == real.printed
    assert "+fail2ban 1." in real.printed
    assert {"fail2ban", "python3-systemd", "unattended-upgrades", "hello"} <= set(real.plan())


def test_only_the_security_archive_s_updates_came_with_it() -> None:
    versions = execute("dpkg-query -W -f '${Package} ${Version}\\n' groundwork-demo groundwork-feature")
    assert versions.split() == ["groundwork-demo", "1.1", "groundwork-feature", "1.0"]


def test_a_second_run_changes_nothing() -> None:
    before = fingerprint()
    answer = packages(**FIRST)
    assert answer.plan() == {}
    assert answer.result["changed"] is False
    assert answer.result["resolved"]["automatic-updates"] == ["unattended-upgrades"]
    # A simulation may renew apt's own cache of the index.
    assert without_cache(fingerprint()) == without_cache(before)


def test_a_run_with_nothing_to_do_starts_no_apt() -> None:
    execute("for tool in apt-get apt-cache; do mv /usr/bin/$tool /usr/bin/$tool.away; done")
    try:
        answer = packages(name=FIRST["name"])
        waiting = packages(name=FIRST["name"])
    finally:
        execute("for tool in apt-get apt-cache; do mv /usr/bin/$tool.away /usr/bin/$tool; done")
    assert answer.plan() == waiting.plan() == {}


@pytest.mark.parametrize("path", LOCKS)
def test_a_lock_that_stays_held_is_named_with_its_holder(path: str) -> None:
    with held(path, seconds=60):
        message = packages(name=["tree"], lock_timeout=1).message
    assert path in message
    assert "python3 (process " in message


def test_a_lock_that_gets_free_is_waited_for() -> None:
    with held(LOCKS[3], seconds=3):
        answer = packages(name=["tree"], lock_timeout=60)
    assert answer.plan()["tree"][0] == "install"


def test_all_unknown_names_come_in_one_message_with_near_matches() -> None:
    message = packages(name=["fial2ban", "pyhton3", "mail-transport-agent", "figlet", "python3.1"]).message
    for words in ("'fial2ban'", "fail2ban?", "'pyhton3'", "python3", "virtual package", "postfix", "'python3.1'"):
        assert words in message
    assert packages("--check", name=["figlet"]).plan(), "figlet was installed beside names that are unknown"


def test_nothing_is_removed_that_was_not_named() -> None:
    message = packages(name=["python3-systemd", "python3-minimal"], state="absent").message
    assert "would also remove" in message
    assert "python3" in message


def test_named_packages_are_removed_and_stay_away() -> None:
    gone = {"hello": ("remove", None), "tree": ("remove", None)}
    assert packages(name=["tree", "hello"], state="absent").plan() == gone
    assert packages(name=["tree", "hello"], state="absent").plan() == {}


def test_an_interrupted_dpkg_is_finished_first() -> None:
    execute("cd /tmp && apt-get -qq download hello && dpkg --unpack ./hello_*.deb && touch /var/lib/dpkg/updates/0001")
    answer = packages(name=["hello"])
    assert answer.targets == ["dpkg --configure -a"]
    assert answer.plan()["hello"][0] == "install"
    assert packages(name=["hello"]).plan() == {}


def test_a_package_that_was_left_half_way_can_be_removed() -> None:
    execute("cd /tmp && dpkg --unpack ./hello_*.deb")
    assert packages(name=["hello"], state="absent").plan() == {"hello": ("remove", None)}
    assert packages(name=["hello"], state="absent").plan() == {}


def test_a_package_file_is_installed_once() -> None:
    execute("cd /tmp && apt-get -qq download figlet && mv figlet_*.deb /var/tmp/figlet.deb")
    assert packages(name=["/var/tmp/figlet.deb"]).plan()["figlet"][0] == "install"
    assert packages(name=["/var/tmp/figlet.deb"]).plan() == {}
    assert "no file /var/tmp/gone.deb" in packages(name=["/var/tmp/gone.deb", "x;y"]).message


@pytest.mark.parametrize(
    ("line", "words", "flags"),
    [
        ("deb http://127.0.0.1:9/debian stable main", "E: Failed to fetch http://127.0.0.1:9/debian", ["--check"]),
        ("deb file:/srv/unsigned ./", "is not signed", []),
        ("deb [signed-by=/srv/other.gpg] file:/srv/groundwork-archive {codename} main", "NO_PUBKEY", []),
    ],
    ids=["dead mirror, check mode", "unsigned", "another key"],
)
def test_a_source_that_cannot_be_had_is_told_in_apt_s_own_words(line: str, words: str, flags: list[str]) -> None:
    execute("mkdir -p /srv/unsigned && touch /srv/unsigned/Packages && echo 'Origin: x' > /srv/unsigned/Release")
    execute("cp /usr/share/keyrings/debian-archive-keyring.gpg /srv/other.gpg || : > /srv/other.gpg")
    codename = execute(". /etc/os-release; echo $VERSION_CODENAME").strip()
    # Of two keys for one source apt takes neither.
    execute("mv /etc/apt/sources.list.d/groundwork.list /srv/")
    try:
        with source(line.format(codename=codename)):
            message = packages(*flags, name=["cowsay"]).message
    finally:
        execute("mv /srv/groundwork.list /etc/apt/sources.list.d/")
    assert words in message
    assert "/etc/apt/sources.list" in message


def test_a_version_is_reached_in_both_directions_and_held_there() -> None:
    feature = "groundwork-feature"
    assert "there are 1.1, 1.0" in packages(name=[f"{feature}=7", "sudo"]).message
    held = packages(name=[f"{feature}=1.1"], hold=[feature])
    assert held.targets == ["apt-get install", "apt-mark hold"]
    assert packages(name=[f"{feature}=1.1"], hold=[feature]).plan() == {}
    assert "`unhold`" in packages(name=[f"{feature}=1.0"]).message
    assert "`allow_downgrade: true`" in packages(name=[f"{feature}=1.0"], unhold=[feature]).message
    options = {"name": [f"{feature}=1.0"], "unhold": [feature], "allow_downgrade": True}
    foretold = packages("--check", **options)
    assert packages(**options).result["changes"] == foretold.result["changes"]
    assert foretold.targets == ["apt-mark unhold", "apt-get install"]
    assert packages(**options).plan() == {}


def test_an_upgrade_leaves_what_is_held_and_says_so() -> None:
    assert packages(hold=["groundwork-feature"]).targets == ["apt-mark hold"]
    answer = packages("--check", upgrade="all")
    assert "groundwork-feature" not in answer.plan()
    assert any("groundwork-feature (held" in note for note in answer.result["notes"])
    assert packages(unhold=["groundwork-feature"]).targets == ["apt-mark unhold"]


def test_without_a_security_archive_nothing_is_pretended() -> None:
    execute("mkdir /srv/sources; mv /etc/apt/sources.list.d/* /srv/sources/; : > /etc/apt/sources.list.d/none.list")
    execute("cp /etc/apt/sources.list /srv/ && sed -i /security/d /etc/apt/sources.list")
    try:
        answer = packages("--check", upgrade="security")
    finally:
        execute("mv /srv/sources/* /etc/apt/sources.list.d/; mv /srv/sources.list /etc/apt/; rm -r /srv/sources")
    assert (answer.plan(), answer.result["changed"]) == ({}, False)
    assert any("holds no security archive" in note for note in answer.result["notes"])


def test_what_came_along_goes_only_on_request() -> None:
    packages(name=["python3-systemd"], state="absent")
    execute("apt-get -qq install hello tree figlet >/dev/null 2>&1; apt-mark auto hello tree >/dev/null")
    assert packages("--check", name=["figlet"], state="absent").plan() == {"figlet": ("remove", None)}
    foretold = packages("--check", autoremove=True)
    assert {"hello", "tree"} <= set(foretold.plan())
    assert packages(autoremove=True).plan() == foretold.plan()
    assert packages(autoremove=True).plan() == {}


def test_broken_dependencies_are_mended_in_the_same_transaction() -> None:
    execute("apt-get -qq install unattended-upgrades >/dev/null 2>&1; dpkg --force-depends --remove python3-apt")
    foretold = packages("--check", name=["fortune-mod"])
    assert {"fortune-mod", "librecode0", "python3-apt"} <= set(foretold.plan())
    answer = packages(name=["fortune-mod"])
    assert answer.plan() == foretold.plan()
    assert answer.targets == foretold.targets == ["apt-get install", "apt-get install"]
    assert any("python3-apt" in note for note in answer.result["notes"])
    assert "python3-apt" in execute("apt-mark showauto").split()
    assert packages(name=["fortune-mod"]).plan() == {}


def test_services_on_old_code_are_named() -> None:
    execute("cp -p /usr/sbin/cron /usr/sbin/cron.new && mv /usr/sbin/cron.new /usr/sbin/cron")
    assert "cron.service" in packages(name=["sudo"]).result["services_on_old_code"]
    execute("systemctl restart cron")
    assert "cron.service" not in packages(name=["sudo"]).result["services_on_old_code"]


def test_the_documented_examples_run(tmp_path: Path) -> None:
    execute("cp /var/tmp/figlet.deb /var/tmp/agent.deb")
    candidate = execute("apt-cache policy figlet | sed -n 's/.*Candidate: //p'").strip()
    examples = re.sub(r"figlet=\S+", f"figlet={candidate}", EXAMPLES)
    play = [{"hosts": NAME, "gather_facts": False, "tasks": yaml.safe_load(examples)}]
    playbook = tmp_path / "examples.yml"
    playbook.write_text(json.dumps(play))
    argv = ["ansible-playbook", "-i", str(state.load_host(NAME).inventory), str(playbook), "--check"]
    done = subprocess.run(
        argv, env=package_calls.environment(), cwd=paths.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def without_cache(text: str) -> list[str]:
    return [line for line in text.splitlines() if "/var/cache/apt" not in line]
