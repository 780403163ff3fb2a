"""A host on which package tools are tried in hard cases."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.hosts import control
from tests.integration_hosts.package_calls import packages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration_hosts.hard_cases import Family
    from tests.integration_hosts.package_calls import Answer

PATIENCE = 30.0


class Trial:
    """A host of one family, and calls of the module on it."""

    def __init__(self, name: str, family: Family) -> None:
        self.name = name
        self.family = family

    def shell(self, script: str) -> str:
        return control.execute(self.name, ("bash", "-c", script))

    def packages(self, *flags: str, **options: object) -> Answer:
        return packages(self.name, *flags, **options)

    @property
    def installed(self) -> tuple[str, str]:
        """What a plan says of a package that comes."""
        return ("install", self.family.version)

    def installs(self, name: str, *, mends: str = "install") -> Answer:
        """The next call does what is asked, and the one after it has nothing left to do."""
        answer = self.packages(name=[name])
        assert answer.plan()[name] == (mends, self.family.version)
        again = self.packages(name=[name])
        assert (again.plan(), again.result["changed"]) == ({}, False)
        return answer

    def wait_for_the_script(self) -> None:
        end = time.monotonic() + PATIENCE
        while "yes" not in self.shell("test -s /run/gw-waiting && echo yes || true"):
            assert time.monotonic() < end, "no script of gwslow waits"
            time.sleep(0.3)

    @contextmanager
    def script_that_waits(self, when: str) -> Iterator[None]:
        """The package's script waits within."""
        self.shell(f"rm -f /run/gw-waiting; touch /run/gw-wait-{when}")
        try:
            yield
        finally:
            self.shell("rm -f /run/gw-wait-*")

    def kill_the_tool(self, when: str, **options: object) -> Answer:
        """One call whose package tool is killed, with the script that it has started."""
        with self.script_that_waits(when), ThreadPoolExecutor(1) as pool:
            call = pool.submit(self.packages, **options)
            self.wait_for_the_script()
            names = " ".join(f"pkill -9 -x {name};" for name in self.family.killed)
            self.shell(f"{names} kill -9 $(cat /run/gw-waiting)")
            return call.result(PATIENCE)

    @contextmanager
    def small_disk(self, path: str) -> Iterator[None]:
        """Eight mebibytes are mounted there."""
        self.shell(f"mkdir -p {path} && mount -t tmpfs -o size=8m tmpfs {path}")
        try:
            yield
        finally:
            self.shell(f"umount {path}")
