"""The doubles of FreeBSD answer as documented. What passes here has not been tested on FreeBSD.

Starts one host of each kind; `freebsd_facts` has the rows. A row that fails says where its fact stands.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.hosts import control, freebsd_facts, state
from tests.hosts.engine import find_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


NAME = {"freebsd": f"test-sets-{os.getpid()}", "freebsd15": f"test-pkgbase-{os.getpid()}"}
TOPICS = {
    "freebsd": ("UNTOUCHED", "SSHD", "RC", "ACCOUNTS", "PACKAGES", "SETS", "FILTER", "SYSTEM"),
    "freebsd15": ("UNTOUCHED", "SSHD", "RC", "ACCOUNTS", "PACKAGES", "PACKAGED_BASE", "FILTER", "SYSTEM"),
}
FACTS = {
    image: [fact for topic in topics for fact in getattr(freebsd_facts, topic)] for image, topics in TOPICS.items()
}
ROWS = [
    pytest.param(image, number, id=f"{image}-{number}-{fact.command.split()[0]}")
    for image, facts in FACTS.items()
    for number, fact in enumerate(facts)
]
BLOCKERS = [
    pytest.param("freebsd", "blacklist", id="blacklistd"),
    pytest.param("freebsd15", "blocklist", id="blocklistd"),
]


@pytest.fixture(scope="module")
def hosts() -> Iterator[dict[str, state.Host]]:
    with ThreadPoolExecutor() as pool:
        started = {name: pool.submit(control.up, NAME[name], image=name, key_file=None) for name in NAME}
    yield {image: future.result() for image, future in started.items()}
    for name in NAME.values():
        control.down(name)


@pytest.fixture(scope="module")
def answers(hosts: dict[str, state.Host]) -> dict[str, list[subprocess.CompletedProcess[str]]]:
    """Of every row, one after the other on each host, both hosts at a time."""

    def all_of(image: str) -> list[subprocess.CompletedProcess[str]]:
        return [run(hosts[image], fact.command) for fact in FACTS[image]]

    with ThreadPoolExecutor() as pool:
        return dict(zip(FACTS, pool.map(all_of, FACTS)))


def run(host: state.Host, command: str) -> subprocess.CompletedProcess[str]:
    engine = find_engine()
    assert engine is not None
    words = [engine.client, "exec", host.container, "sh", "-c", command]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)


def ssh(host: state.Host, *options: str, user: str = "root") -> list[str]:
    known = ("-o", f"UserKnownHostsFile={host.known_hosts}", "-o", "GlobalKnownHostsFile=/dev/null")
    return ["ssh", "-o", "ConnectTimeout=5", *known, *options, f"{user}@{host.address}"]


def echoed(session: subprocess.Popen[bytes], text: bytes, *, patience: float) -> bytes:
    """What comes back, empty when nothing does for so many seconds."""
    assert session.stdin is not None
    assert session.stdout is not None
    session.stdin.write(text)
    session.stdin.flush()
    ready, _out, _error = select.select([session.stdout], [], [], patience)
    return os.read(session.stdout.fileno(), 4096) if ready else b""


@pytest.mark.parametrize(("image", "number"), ROWS)
def test_it_answers_as_documented(
    answers: dict[str, list[subprocess.CompletedProcess[str]]], image: str, number: int
) -> None:
    fact, done = FACTS[image][number], answers[image][number]
    said = f"{fact.where}\n{fact.command}\ncode {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert done.returncode == fact.code, said
    assert re.search(fact.out, done.stdout, re.MULTILINE), said
    assert re.search(fact.err, done.stderr, re.MULTILINE), said


@pytest.mark.parametrize("image", sorted(NAME))
def test_it_says_what_it_is(hosts: dict[str, state.Host], image: str) -> None:
    assert hosts[image].provenance.startswith("double of FreeBSD ")
    assert "no FreeBSD code runs in it" in hosts[image].provenance


def test_a_start_of_pf_hangs_a_session_from_before_and_lets_new_ones_in(hosts: dict[str, state.Host]) -> None:
    host = hosts["freebsd"]
    run(host, "printf 'set skip on lo\\nblock in all\\npass out all\\npass in proto tcp to port 22\\n' >/etc/pf.conf")
    login = ssh(host, "-i", host.key_file)
    with subprocess.Popen([*login, "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as session:
        try:
            assert echoed(session, b"before\n", patience=20) == b"before\n"
            assert run(host, "service pf onestart").returncode == 0
            assert echoed(session, b"after\n", patience=2) == b""
            assert subprocess.run([*login, "true"], timeout=20, check=False).returncode == 0
        finally:
            session.kill()
    run(host, "service pf stop")


@pytest.mark.parametrize(("image", "kind"), BLOCKERS)
def test_an_address_that_fails_to_log_in_is_banned(
    hosts: dict[str, state.Host], tmp_path: Path, image: str, kind: str
) -> None:
    host = hosts[image]
    run(host, f"printf 'set skip on lo\\nanchor \"{kind}d/*\" in\\npass all\\n' >/etc/pf.conf; service pf start")
    run(host, f"sysrc {kind}d_enable=YES; service {kind}d start")
    run(host, f"sed -i '' '1s/^/Use{kind.title()} yes\\\n/' /etc/ssh/sshd_config")
    assert run(host, "service sshd reload; sleep 0.5; sshd -T | grep 'use.*list yes'").returncode == 0
    ask = tmp_path / "ask"
    ask.write_text("#!/bin/sh\necho wrong\n")
    ask.chmod(0o700)
    login = ssh(host, "-o", "PubkeyAuthentication=no", "-o", "NumberOfPasswordPrompts=1", user="alice")
    environment = {**os.environ, "SSH_ASKPASS": str(ask), "SSH_ASKPASS_REQUIRE": "force"}
    for _attempt in range(3):
        subprocess.run([*login, "true"], env=environment, capture_output=True, timeout=30, check=False)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and "OK" not in run(host, f"{kind}ctl dump -bn").stdout:
        time.sleep(0.2)
    assert re.search(r"/32:22\tOK\t3/3\t", run(host, f"{kind}ctl dump -bn").stdout)
    banned = run(host, f"pfctl -a {kind}d/22 -t port22 -T show").stdout.strip()
    refused = subprocess.run([*ssh(host, "-i", host.key_file), "true"], capture_output=True, timeout=30, check=False)
    assert refused.returncode == 255
    run(host, f"pfctl -a {kind}d/22 -t port22 -T delete {banned}")
    assert subprocess.run([*ssh(host, "-i", host.key_file), "true"], timeout=30, check=False).returncode == 0
    run(host, "service pf stop")


def test_settings_survive_a_restart_and_the_new_kernel_runs(hosts: dict[str, state.Host]) -> None:
    host = hosts["freebsd"]
    run(host, "sysrc pf_enable=YES; echo security.bsd.see_other_gids=0 >>/etc/sysctl.conf; touch /var/run/x")
    engine = find_engine()
    assert engine is not None
    engine.run("restart", host.container)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and "multi-user" not in run(host, "cat /var/run/double.state").stdout:
        time.sleep(0.2)
    after = run(host, "uname -r; pfctl -s Running; sysctl -n security.bsd.see_other_gids security.bsd.see_other_uids")
    assert after.stdout.split() == ["14.5-RELEASE-p2", "Enabled", "0", "1"]
    assert run(host, "test -e /var/run/x").returncode == 1
