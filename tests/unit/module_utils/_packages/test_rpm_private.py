from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_private import environment_without
from tests.unit.fakes import FakeHost

FORGET = "-e --justdb --nodeps --noscripts --notriggers --noplugins"
# Where a release keeps rpm's database, and what lies there.
SQLITE = ("/var/lib/rpm", (".rpm.lock", "rpmdb.sqlite", "rpmdb.sqlite-wal"), ("rpmdb.sqlite", "rpmdb.sqlite-wal"))
BERKELEY = ("/var/lib/rpm", (".dbenv.lock", "Name", "Packages", "__db.001"), ("Name", "Packages"))
RELEASE_10 = ("/usr/lib/sysimage/rpm", (".rpm.lock", "rpmdb.sqlite"), ("rpmdb.sqlite",))


def host(database, names, copied, *, forgotten: str | CommandResult = ""):
    copy = "/scratch/rpm/database"
    paths = " ".join(f"{database}/{name}" for name in copied)
    return FakeHost(
        answers={
            "rpm --eval %_dbpath": f"{database}\n",
            f"mkdir -p {copy}": "",
            f"cp --archive {paths} {copy}": "",
            f"rpm --dbpath {copy} {FORGET} lib-1.0-1.el9.noarch": forgotten,
        },
        directories={database: names},
    )


@pytest.mark.parametrize(("database", "names", "copied"), [SQLITE, BERKELEY, RELEASE_10])
def test_rpm_forgets_in_a_copy_and_the_host_keeps_its_own(database, names, copied):
    found = host(database, names, copied)
    assert environment_without(found, ["lib-1.0-1.el9.noarch"]) == {"HOME": "/scratch/rpm"}
    assert found.files == {"/scratch/rpm/.rpmmacros": "%_dbpath /scratch/rpm/database\n"}
    assert found.performed == []


def test_an_rpm_that_cannot_forget_is_an_error():
    error = CommandResult((), 1, "", "error: package lib-1.0-1.el9.noarch is not installed\n")
    with pytest.raises(CommandFailed, match="is not installed"):
        environment_without(host(*SQLITE, forgotten=error), ["lib-1.0-1.el9.noarch"])
