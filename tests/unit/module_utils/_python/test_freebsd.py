"""`python_runtime` on FreeBSD, from the host to what is done."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._python import plan, runtime, scripts
from ansible_collections.groundwork.python_host.plugins.module_utils._python.request import parse
from ansible_collections.groundwork.python_host.plugins.module_utils._python.survey import survey
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._python import worlds

FREEBSD = Platform("freebsd", "14.5", family="freebsd", package_tool="pkg", service_manager="rc")
PYTHON = "/usr/local/bin/python3.12"
AS_APP = f"{PYTHON} -I -c {scripts.AS_USER} app"
EXECUTABLE = FileStat("file", 0o755, "root", "wheel")
REPOSITORY = {
    "python3": "3_4",
    "python312": "3.12.12_1",
    "py312-sqlite3": "3.12.12_10",
    "gmake": "4.4.1",
    "pkgconf": "2.4.3,1",
    "postgresql17-client": "17.7",
}


def freebsd(*, has_python=True):
    """A FreeBSD with the interpreter that Ansible was given, and nothing of ours."""
    host = FakeHost(
        root_group="wheel",
        answers={
            "pkg rquery -U -e %o = lang/python3 %dn": "python312\n",
            "id app": worlds.result("id app", rc=1, stderr="id: app: no such user\n"),
            "getent group app": worlds.result("getent group app", rc=2),
            f"{PYTHON} -I -c {scripts.VERSION}": "3.12.12\n",
        },
    )
    paths = ("/usr/local/bin/python3", "/srv", worlds.ROOT, f"{worlds.ROOT}/releases", f"{worlds.ROOT}/current")
    host.stats.update(dict.fromkeys(paths))
    host.stats.update({"/": FileStat("directory", 0o755, "root", "wheel"), "/usr/bin/cc": EXECUTABLE})
    host.stats[PYTHON] = EXECUTABLE if has_python else None
    return host


class World:
    """A host, its packages and a wish."""

    def __init__(self, host=None, *, installed=("python312",), **wish):
        self.host = host or freebsd()
        versions = {name: REPOSITORY.get(name, "16.11") for name in installed}
        self.packages = worlds.FakePackages(installed=versions, repository=dict(REPOSITORY))
        self.request = parse(worlds.params(**{"requirements": ["flask==3.0.3"], **wish}))

    def situation(self):
        return survey(self.host, FREEBSD, self.request, packages=self.packages)

    def decided(self):
        return plan.decide(self.host, self.request, self.situation())

    def packages_planned(self):
        return [change.name for change in self.situation().packages.changes]

    def foretold(self):
        executor = Executor(self.host)
        answer = runtime.converge(self.host, executor, self.request, situation=self.situation(), packages=self.packages)
        return answer, [(change.kind, change.target, change.after) for change in executor.changes]


def test_a_fresh_host_gets_the_link_and_what_is_split_off_and_roots_directories_are_wheels():
    answer, changes = World().foretold()
    assert [entry["name"] for entry in answer["plan"]] == ["py312-sqlite3", "python3"]
    assert (answer["interpreter"], answer["version"], answer["compiled"]) == (PYTHON, "3.12.12", [])
    assert changes[:3] == [
        ("user", "app", "system user, home /srv/app, no login shell"),
        ("directory", "/srv", "0755 root:wheel"),
        ("directory", "/srv/app", "0755 app:app"),
    ]


def test_a_host_without_the_interpreter_takes_its_version_from_the_interpreters_package():
    world = World(freebsd(has_python=False), installed=())
    assert world.packages_planned() == ["python3", "py312-sqlite3"]
    assert world.decided().blueprint.marker.version == "3.12.12"


def test_another_series_brings_its_own_and_no_link():
    host = freebsd()
    host.stats["/usr/local/bin/python3.14"] = None
    world = World(host, version="3.14")
    world.packages.repository.update({"python314": "3.14.2", "py314-sqlite3": "3.14.2_10"})
    assert world.packages_planned() == ["python314", "py314-sqlite3"]


def test_everything_is_done_as_the_owner_by_roots_interpreter():
    decided = World().decided()
    commands = [stage.command for stage in (*decided.stages, decided.switch)]
    assert all(" ".join(command.argv).startswith(f"{AS_APP} ") for command in commands)
    assert {command.env["C_INCLUDE_PATH"] for command in commands} == {"/usr/local/include"}
    assert {command.env["LIBRARY_PATH"] for command in commands} == {"/usr/local/lib"}


def test_a_release_in_use_is_run_as_the_owner_to_see_whether_it_runs():
    world = World()
    name = world.decided().blueprint.name
    world.host.stats["/srv"] = FileStat("directory", 0o755, "root", "wheel")
    world.host.answers["id app"] = "uid=1001(app) gid=1001(app) groups=1001(app)\n"
    worlds.add_release(world.host, name, is_current=True, version="3.12.12")
    path = f"{worlds.ROOT}/releases/{name}"
    text = worlds.marker_text(path=path, version="3.12.12").replace(worlds.PYTHON, PYTHON)
    record = json.loads(text)
    record["distributions"][0]["compiled"] = True
    world.host.files[f"{path}/release.json"] = json.dumps(record)
    probe = f"{AS_APP} {path}/bin/python -I -B -c {scripts.PROBE}"
    world.host.answers[probe] = "3.12.12\n"
    world.packages.installed.update(REPOSITORY)
    answer, changes = world.foretold()
    assert changes == []
    assert (answer["release"], answer["compiled"]) == (name, ["flask"])
    assert probe in world.host.asked


def test_libraries_come_with_build_tools_and_another_version_of_one_will_do():
    world = World(native_libraries=["postgresql"])
    assert world.packages_planned() == ["python3", "py312-sqlite3", "gmake", "pkgconf", "postgresql17-client"]
    for library, client in (("postgresql", "postgresql16-client"), ("mysql", "mysql96-client")):
        other = World(native_libraries=[library], installed=("python312", client))
        assert other.packages_planned() == ["python3", "py312-sqlite3", "gmake", "pkgconf"]


def test_without_the_base_systems_compiler_nothing_is_begun():
    host = freebsd()
    host.stats["/usr/bin/cc"] = None
    with pytest.raises(BadInput, match=r"headers: there is no compiler /usr/bin/cc .*FreeBSD-set-devel"):
        World(host, native_libraries=["cffi"]).situation()
    assert World(host).situation().interpreter.path == PYTHON


WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: {}\nTag: {}\n"


@pytest.mark.parametrize(
    ("pure", "tag", "is_compiled"),
    [
        ("true", "py3-none-any", False),
        ("false", "cp312-cp312-freebsd_14_5_release_amd64", True),
        ("false", "cp312-cp312-linux_x86_64", True),
        ("false", "cp312-cp312-manylinux_2_17_x86_64", False),
        ("false", "cp312-abi3-musllinux_1_2_x86_64", False),
    ],
)
def test_what_has_machine_code_and_no_tag_of_the_indexs_was_compiled(tmp_path, pure, tag, is_compiled):
    release = tmp_path / "release"
    venv = [sys.executable, "-m", "venv", "--without-pip", str(release)]
    subprocess.run(venv, check=True)
    (release / ".private").mkdir()
    site = next(release.glob("lib/python3*/site-packages"))
    (site / "x-1.0.dist-info").mkdir()
    (site / "x-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: x\nVersion: 1.0\n")
    (site / "x-1.0.dist-info" / "WHEEL").write_text(WHEEL.format(pure, tag))
    finish = [str(release / "bin/python"), "-I", "-c", scripts.FINISH, str(release), str(release / ".private")]
    subprocess.run(finish, input="{}", text=True, check=True)
    (found,) = json.loads((release / "release.json").read_text())["distributions"]
    assert found == {"name": "x", "version": "1.0", "entry": "x-1.0.dist-info", "compiled": is_compiled}
