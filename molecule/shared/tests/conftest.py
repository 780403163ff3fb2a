"""The scenario's hosts, asked from outside where it matters: over SSH, from the controller or from the intruder.

Every test is run on each prepared host.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import testinfra

from tests import families, scenarios
from tests.hosts import state

if TYPE_CHECKING:
    from pathlib import Path

    from testinfra.host import Host as Machine

SCENARIO = scenarios.current()
if SCENARIO.is_real:
    collect_ignore = ["test_ban.py"]


@dataclass(frozen=True)
class Client:
    """The controller's ssh, which never takes another host for the one it asks."""

    host: state.Host

    def with_key(self, login: str, key: Path | str, command: str = "id -un") -> subprocess.CompletedProcess[str]:
        """Log in with that key and no other."""
        return self._run(login, ["-o", "BatchMode=yes", "-i", str(key)], command)

    def with_password(self, login: str, askpass: Path) -> subprocess.CompletedProcess[str]:
        """Offer the password that a program tells, by either of the two methods that take one."""
        methods = ["-o", "PreferredAuthentications=password,keyboard-interactive", "-o", "PubkeyAuthentication=no"]
        return self._run(login, methods, "id -un", SSH_ASKPASS=str(askpass), SSH_ASKPASS_REQUIRE="force")

    def methods_offered(self, login: str) -> str:
        """What the server lets a login try, in its own words."""
        asked = self._run(login, ["-v", "-o", "PreferredAuthentications=none", "-o", "BatchMode=yes"], "true")
        return re.findall(r"Authentications that can continue: (\S+)", asked.stderr)[0]

    def _run(self, login: str, options: list[str], command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        checked = ["-o", f"UserKnownHostsFile={self.host.known_hosts}", "-o", "StrictHostKeyChecking=yes"]
        common = ["-F", "none", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "ConnectTimeout=10"]
        common += ["-p", str(self.host.port)]
        return subprocess.run(
            ["ssh", *common, *checked, *options, f"{login}@{self.host.address}", command],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )


def pytest_report_header() -> list[str]:
    """Which image each host was made from, because a stand-in proves less than the distribution itself."""
    hosts = [f"host {name}: {state.load_host(name).provenance}" for name in (*SCENARIO.prepared, SCENARIO.intruder)]
    return [
        *hosts,
        *(["no ban is tried on a real host, which may not tell two addresses apart"] if SCENARIO.is_real else []),
    ]


@pytest.fixture(scope="session")
def family() -> families.Family:
    return SCENARIO.family


@pytest.fixture(scope="session")
def family_of_intruder() -> families.Family:
    return scenarios.INTRUDERS.get(SCENARIO.intruder, SCENARIO.family)


@pytest.fixture(scope="session", params=SCENARIO.prepared)
def prepared(request: pytest.FixtureRequest) -> state.Host:
    return state.load_host(request.param)


@pytest.fixture(scope="session")
def intruder() -> state.Host:
    return state.load_host(SCENARIO.intruder)


@pytest.fixture(scope="session")
def client(prepared: state.Host) -> Client:
    return Client(prepared)


@pytest.fixture(scope="session")
def client_of_intruder(intruder: state.Host) -> Client:
    """The same ssh, to a host that the role has not touched: shows that an attempt is made as it should be."""
    return Client(intruder)


def _inside(host: state.Host) -> Machine:
    """As root, past all doors of a container; by the administrator's login on a real host."""
    if host.container:
        return testinfra.get_host(f"docker://{host.container}")
    return testinfra.get_host(
        f"ssh://deploy@{host.address}:{host.port}",
        sudo=True,
        ssh_identity_file=str(host.folder / "admin_ed25519"),
        ssh_extra_args=f"-F none -o UserKnownHostsFile={host.known_hosts} -o IdentitiesOnly=yes",
    )


@pytest.fixture(scope="session")
def machine(prepared: state.Host) -> Machine:
    """The prepared host from inside, as root."""
    return _inside(prepared)


@pytest.fixture(scope="session")
def attacker(intruder: state.Host) -> Machine:
    """The intruder's own command line."""
    return _inside(intruder)


@pytest.fixture(scope="session")
def admin_key(prepared: state.Host) -> Path:
    return prepared.folder / "admin_ed25519"
