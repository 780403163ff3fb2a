"""From a host and a wish to what is done, foretold and done alike."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import (
    ActionFailed,
    BadInput,
    CommandFailed,
    HostError,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._python import plan, runtime, scripts
from ansible_collections.groundwork.python_host.plugins.module_utils._python.request import parse
from ansible_collections.groundwork.python_host.plugins.module_utils._python.survey import survey
from tests.unit.module_utils._python import worlds

WISH = {"requirements": ["flask==3.0.3"]}
DIGEST = worlds.digest("flask==3.0.3")
OLD = "0" * 12


class World:
    """A host, its packages and a wish; `run` does what the module does."""

    def __init__(self, host, packages=None, **wish):
        self.host, self.packages = host, packages or worlds.packages()
        self.request = parse(worlds.params(**{**WISH, **wish}))

    def situation(self):
        return survey(self.host, worlds.DEBIAN, self.request, packages=self.packages)

    def run(self, *, check=False):
        self.executor = Executor(self.host, None if check else self.host)
        return runtime.converge(
            self.host, self.executor, self.request, situation=self.situation(), packages=self.packages
        )

    def changes(self, *, check=False):
        self.run(check=check)
        return [(change.kind, change.target, change.before) for change in self.executor.changes]

    def let_builds_succeed(self):
        """The commands of the build leave what they would leave on a host."""
        decided = plan.decide(self.host, self.request, self.situation())
        path = decided.blueprint.path
        command = " ".join(decided.stages[-1].command.argv)
        self.host.answers[command] = lambda: self._finish(path, decided.blueprint.name)
        if decided.switch:
            link = " ".join(decided.switch.command.argv)
            self.host.answers[link] = lambda: self._switch(decided.blueprint.name)
        return decided

    def _finish(self, path, name):
        worlds.add_release(self.host, name, finished=5000.0)
        return ""

    def _switch(self, name):
        self.host.links[f"{worlds.ROOT}/current"] = f"releases/{name}"
        self.host.stats[f"{worlds.ROOT}/current"] = FileStat("link", 0o777, "app", "app")
        return ""


def test_a_fresh_host_gets_user_directories_release_and_link():
    world = World(worlds.host(has_owner=False), verify_imports=["flask"])
    world.let_builds_succeed()
    assert world.changes() == [
        ("user", "app", "absent"),
        ("directory", "/srv/app", "absent"),
        ("directory", "/srv/app/releases", "absent"),
        ("release", f"/srv/app/releases/{DIGEST}", "absent"),
        ("link", "/srv/app/current", "absent"),
    ]
    installs = [line for line in world.host.performed if " -m pip install " in line]
    assert installs == [
        f"run runuser -u app -- /srv/app/releases/{DIGEST}/bin/python -I -m pip install --progress-bar off "
        f"-r /srv/app/releases/{DIGEST}/.private/requirements.txt"
    ]


def test_the_whole_build_is_done_as_the_owner_below_its_path():
    world = World(worlds.host())
    decided = world.let_builds_succeed()
    for stage in decided.stages:
        assert stage.command.argv[:4] == ("runuser", "-u", "app", "--")
        assert stage.command.env["HOME"] == "/srv/app"
        assert stage.command.env["TMPDIR"].startswith(f"/srv/app/releases/{DIGEST}/")
        assert not any("break-system-packages" in word for word in stage.command.argv)


def test_check_mode_foretells_what_a_real_run_does_and_writes_nothing():
    checked, real = World(worlds.host(has_owner=False)), World(worlds.host(has_owner=False))
    real.let_builds_succeed()
    answer = checked.run(check=True)
    real.run()
    assert checked.executor.changes == real.executor.changes
    assert checked.host.performed == []
    assert answer["release"] == DIGEST
    assert answer["distributions"] == []


def test_a_run_with_nothing_to_do_starts_one_interpreter_and_no_pip():
    world = World(worlds.host())
    worlds.add_release(world.host, DIGEST, is_current=True)
    answer = world.run()
    assert world.executor.changes == ()
    assert world.host.performed == []
    assert world.host.asked == ["id app", worlds.probe_command(f"/srv/app/releases/{DIGEST}")]
    assert answer == {
        "interpreter": "/usr/bin/python3.11",
        "version": "3.11.2",
        "venv": f"/srv/app/releases/{DIGEST}",
        "release": DIGEST,
        "previous": "",
        "distributions": [{"name": "flask", "version": "3.0.3"}],
        "compiled": [],
        "plan": [],
        "warnings": [],
    }


def test_other_requirements_are_built_beside_and_the_old_release_stays():
    world = World(worlds.host())
    worlds.add_release(world.host, OLD, is_current=True)
    world.let_builds_succeed()
    assert world.changes() == [
        ("release", f"/srv/app/releases/{DIGEST}", "absent"),
        ("link", "/srv/app/current", f"releases/{OLD}"),
    ]
    assert world.run()["previous"] == OLD
    assert world.executor.changes == ()


def test_going_back_to_an_earlier_release_is_a_switch_without_pip():
    world = World(worlds.host())
    worlds.add_release(world.host, OLD, is_current=True)
    worlds.add_release(world.host, DIGEST, finished=500.0)
    assert world.changes(check=True) == [("link", "/srv/app/current", f"releases/{OLD}")]


def test_the_release_that_is_left_is_marked_as_the_last_used():
    world = World(worlds.host())
    worlds.add_release(world.host, OLD, is_current=True)
    decided = world.let_builds_succeed()
    assert decided.switch.command.argv[-3:] == (
        "/srv/app/current",
        f"releases/{DIGEST}",
        f"/srv/app/releases/{OLD}/release.json",
    )


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (
            lambda host, path: host.directories.update({f"{path}/lib/python3.11/site-packages": ()}),
            "is without flask-3.0.3",
        ),
        (lambda host, path: host.files.update({f"{path}/release.json": "{"}), "was never finished"),
        (lambda host, path: host.stats.update({path: FileStat("directory", 0o755, "bob", "bob")}), "belongs to bob"),
        (
            lambda host, path: host.answers.update({worlds.probe_command(path): "3.11.9\n"}),
            "was built with Python 3.11.2, and it is 3.11.9 now",
        ),
        (
            lambda host, path: host.answers.update(
                {
                    worlds.probe_command(path): CommandFailed(
                        ["x"], rc=1, stdout="", stderr="Traceback\nImportError: no x\n"
                    )
                }
            ),
            "does not run (ImportError: no x)",
        ),
        (
            lambda host, path: host.answers.update(
                {worlds.probe_command(path): CommandFailed(["x"], rc=126, stdout="", stderr="")}
            ),
            "does not run (it ended with 126)",
        ),
        (
            lambda host, path: host.answers.update({worlds.probe_command(path): HostError("too slow")}),
            "does not run (too slow)",
        ),
    ],
)
def test_a_damaged_release_is_built_anew_beside_itself(damage, reason):
    world = World(worlds.host())
    worlds.add_release(world.host, DIGEST, is_current=True)
    damage(world.host, f"/srv/app/releases/{DIGEST}")
    world.let_builds_succeed()
    (release, link) = world.changes()
    assert release[:2] == ("release", f"/srv/app/releases/{DIGEST}-2")
    assert release[2].startswith(f"absent (/srv/app/releases/{DIGEST} {reason}")
    assert link == ("link", "/srv/app/current", f"releases/{DIGEST}")


def test_an_interpreter_that_is_gone_is_installed_and_the_release_built_anew():
    world = World(worlds.host(), packages=worlds.packages())
    worlds.add_release(world.host, DIGEST, is_current=True)
    world.host.stats[worlds.PYTHON] = None
    world.packages.installed.clear()
    assert world.changes(check=True)[0] == (
        "release",
        f"/srv/app/releases/{DIGEST}-2",
        f"absent (/srv/app/releases/{DIGEST} lost its interpreter /usr/bin/python3.11)",
    )
    assert [change.name for change in world.packages.performed[0].changes] == ["python3", "python3-venv"]


def test_a_newer_interpreter_makes_a_new_release():
    world = World(worlds.host())
    worlds.add_release(world.host, DIGEST, is_current=True)
    newer = "/usr/bin/python3.12"
    world.host.links["/usr/bin/python3"] = "python3.12"
    world.host.stats[newer] = FileStat("file", 0o755, "root", "root")
    world.host.answers[f"{newer} -I -c {scripts.VERSION}"] = "3.12.3\n"
    name = worlds.digest("flask==3.0.3", interpreter=newer, version="3.12.3")
    assert world.changes(check=True)[0][1] == f"/srv/app/releases/{name}"


def test_the_version_is_that_of_the_interpreter_after_the_package_transaction():
    packages = worlds.packages()
    packages.repository.update({"python3.12": "3.12.3-1ubuntu0.5", "python3.12-venv": "3.12.3-1ubuntu0.5"})
    world = World(worlds.host(), packages, version="3.12")
    world.host.stats["/usr/bin/python3.12"] = None
    answer = world.run(check=True)
    assert (answer["interpreter"], answer["version"]) == ("/usr/bin/python3.12", "3.12.3")
    assert [change["name"] for change in answer["plan"]] == ["python3.12", "python3.12-venv"]


def test_what_the_package_tool_is_worth_a_word_about_is_a_warning():
    packages = worlds.packages()
    packages.repository.update({"python3.12": "3.12.3-1", "python3.12-venv": "3.12.3-1"})
    packages.notes = ("dnf pins the module streams python39:3.9, which packages of the plan belong to",)
    world = World(worlds.host(), packages, version="3.12")
    world.host.stats["/usr/bin/python3.12"] = None
    assert world.run(check=True)["warnings"] == list(packages.notes)


def test_a_package_that_brings_another_version_than_it_promised_is_believed_when_it_is_there():
    packages = worlds.packages()
    packages.repository.update({"python3.12": "3.12.3-1", "python3.12-venv": "3.12.3-1"})
    world = World(worlds.host(), packages, version="3.12")
    path = "/usr/bin/python3.12"
    world.host.stats[path] = None
    command = f"{path} -I -c {scripts.VERSION}"
    world.host.answers[command] = "3.12.4\n"
    situation = world.situation()
    settled = replace(
        situation,
        interpreter=replace(situation.interpreter, candidate=""),
        packages=replace(situation.packages, changes=()),
    )
    truth = plan.decide(world.host, world.request, settled)
    world.host.answers[" ".join(truth.stages[-1].command.argv)] = lambda: world._finish("", truth.blueprint.name)
    world.host.answers[" ".join(truth.switch.command.argv)] = lambda: world._switch(truth.blueprint.name)
    assert world.run()["version"] == "3.12.4"


def test_native_libraries_bring_their_headers_and_the_tools():
    world = World(worlds.host(), native_libraries=["postgresql"])
    world.run(check=True)
    assert [change.name for change in world.packages.performed[0].changes] == [
        *("python3-dev", "build-essential", "pkg-config"),
        "libpq-dev",
    ]


def test_a_failed_pip_leaves_everything_as_it_was_and_says_why():
    world = World(worlds.host())
    worlds.add_release(world.host, OLD, is_current=True)
    decided = world.let_builds_succeed()
    install = next(stage for stage in decided.stages if "pip" in stage.command.argv)
    error = CommandFailed(
        ["pip"], rc=1, stdout="Collecting", stderr="ERROR: No matching distribution found for flask==3.0.3\n"
    )
    world.host.answers[" ".join(install.command.argv)] = error
    with pytest.raises(ActionFailed) as caught:
        world.run()
    assert str(caught.value) == (
        f"/srv/app/releases/{DIGEST}: installing its requirements failed and /srv/app/current is as it was. "
        "ERROR: No matching distribution found for flask==3.0.3"
    )
    assert world.executor.changes == ()
    assert world.host.performed[-1] == f"run runuser -u app -- rm -rf -- /srv/app/releases/{DIGEST}"
    assert world.host.links["/srv/app/current"] == f"releases/{OLD}"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CommandFailed(["x"], rc=1, stdout="", stderr="Traceback\nImportError: no x\n"), "ImportError: no x"),
        (CommandFailed(["x"], rc=9, stdout="", stderr=""), "it ended with 9 and no message"),
        (HostError("`x` gave no answer within 300 s and was ended"), "gave no answer within 300 s"),
    ],
)
def test_an_import_that_fails_stops_the_release(error, words):
    world = World(worlds.host(), verify_imports=["flask"])
    decided = world.let_builds_succeed()
    world.host.answers[" ".join(decided.stages[-2].command.argv)] = error
    with pytest.raises(ActionFailed, match="importing what verify_imports names failed") as caught:
        world.run()
    assert words in str(caught.value)


def test_a_switch_that_fails_leaves_the_new_release_for_the_next_run():
    world = World(worlds.host())
    decided = world.let_builds_succeed()
    error = CommandFailed(["x"], rc=1, stdout="", stderr="Traceback\nPermissionError: [Errno 13] no\n")
    world.host.answers[" ".join(decided.switch.command.argv)] = error
    with pytest.raises(ActionFailed, match=r"switching to it failed .* PermissionError: \[Errno 13\] no"):
        world.run()
    assert world.changes(check=True) == [("link", "/srv/app/current", "absent")]


def test_requirements_reach_pip_untouched_and_only_by_standard_input():
    entry = "flask==3.0.3 \\\n    --hash=sha256:aa\n-i https://u:secret1@index.example/simple"
    world = World(worlds.host(), requirements=[entry])
    decided = plan.decide(world.host, world.request, world.situation())
    assert decided.stages[1].command.stdin == f"{entry}\n"
    assert "secret1" not in repr(decided.stages) + repr(decided.blueprint.marker)


def test_nothing_to_install_starts_no_pip():
    world = World(worlds.host(), requirements=[])
    decided = plan.decide(world.host, world.request, world.situation())
    assert not any("pip" in stage.command.argv for stage in decided.stages)


def test_the_diff_shows_requirements_before_and_after_without_hashes():
    world = World(worlds.host(), requirements=["flask==3.1 \\\n --hash=sha256:aa"])
    worlds.add_release(world.host, OLD, is_current=True)
    world.run(check=True)
    (release, _link) = world.executor.diff
    assert release["before"] == "/usr/bin/python3.11 (3.11.2)\nflask==3.0.3\n"
    assert release["after"] == "/usr/bin/python3.11 (3.11.2)\nflask==3.1\n"


def test_old_releases_go_and_the_last_two_used_always_stay():
    world = World(worlds.host(), keep_releases=1)
    worlds.add_release(world.host, DIGEST, finished=50, is_current=True)
    for number, finished in (("1", 10), ("2", 30), ("3", 20)):
        worlds.add_release(world.host, number * 12, finished=finished)
    worlds.add_release(world.host, "4" * 12, finished=0)
    assert world.changes(check=True) == [
        ("directory", f"/srv/app/releases/{'3' * 12}", "present"),
        ("directory", f"/srv/app/releases/{'1' * 12}", "present"),
        ("directory", f"/srv/app/releases/{'4' * 12}", "present"),
    ]
    assert world.run(check=True)["previous"] == "2" * 12


def test_what_belongs_to_an_earlier_owner_is_removed_by_root():
    world = World(worlds.host(), keep_releases=1)
    worlds.add_release(world.host, DIGEST, finished=50, is_current=True)
    worlds.add_release(world.host, "1" * 12, finished=40)
    worlds.add_release(world.host, "2" * 12, finished=10, owner="bob")
    world.run()
    assert world.host.performed == [f"remove /srv/app/releases/{'2' * 12}"]


def test_directories_are_handed_over_and_an_administrators_group_stays():
    world = World(worlds.host())
    worlds.add_runtime(world.host)
    world.host.stats["/srv/app"] = FileStat("directory", 0o2777, "app", "www-data")
    world.host.stats["/srv/app/releases"] = FileStat("directory", 0o755, "root", "root")
    changes = [change.to_json() for change in (world.run(check=True), world.executor.changes)[1][:2]]
    assert [(change["target"], change["before"], change["after"]) for change in changes] == [
        ("/srv/app", "2777 app:www-data", "2775 app:www-data"),
        ("/srv/app/releases", "0755 root:root", "0755 app:app"),
    ]


def test_parents_that_are_absent_are_made_for_root():
    world = World(worlds.host(), path="/data/web/app")
    for path in ("/data", "/data/web", *(f"/data/web/app{end}" for end in ("", "/releases", "/current"))):
        world.host.stats[path] = None
    world.host.directories["/"] = ()
    changes = (world.run(check=True), world.executor.changes)[1]
    assert [(change.target, change.after) for change in changes[:3]] == [
        ("/data", "0755 root:root"),
        ("/data/web", "0755 root:root"),
        ("/data/web/app", "0755 app:app"),
    ]


def test_everything_on_the_host_that_does_not_fit_is_told_at_once():
    world = World(worlds.host(), version="3.99", requirements=[], requirements_file="/srv/r.txt", remote_src=True)
    world.host.answers["id app"] = "uid=0(app) gid=0(root) groups=0(root)\n"
    world.host.stats["/srv/app"] = FileStat("link", 0o777, "root", "root")
    world.host.stats["/usr/bin/python3.99"] = None
    world.host.files["/srv/r.txt"] = None
    with pytest.raises(BadInput) as caught:
        world.run()
    assert [problem.partition(":")[0] for problem in caught.value.problems] == [
        *("owner", "path", "requirements_file", "version"),
    ]


def test_a_current_that_is_no_link_is_refused():
    world = World(worlds.host())
    worlds.add_runtime(world.host)
    world.host.stats["/srv/app/current"] = FileStat("directory", 0o755, "app", "app")
    with pytest.raises(BadInput, match="/srv/app/current is a directory on this host, expected a link"):
        world.run()


def test_requirements_on_the_host_are_read_and_judged_there():
    world = World(worlds.host(), requirements=[], requirements_file="/srv/r.txt", remote_src=True)
    world.host.files["/srv/r.txt"] = "flask==3.0.3\n"
    assert world.run(check=True)["release"] == DIGEST
    world.host.files["/srv/r.txt"] = "flask==3.0.3\n-r other.txt\n"
    with pytest.raises(BadInput, match=r"/srv/r\.txt line 2"):
        world.run(check=True)


def test_something_that_changes_the_release_behind_our_back_is_reported():
    world = World(worlds.host())
    decided = world.let_builds_succeed()
    world.host.answers[" ".join(decided.switch.command.argv)] = lambda: world._switch("f" * 12)
    with pytest.raises(HostError, match="something else on the host is changing it"):
        world.run()


def test_the_record_says_what_the_release_was_built_from():
    world = World(worlds.host())
    decided = world.let_builds_succeed()
    assert json.loads(decided.stages[-1].command.stdin) == {
        "interpreter": "/usr/bin/python3.11",
        "version": "3.11.2",
        "requirements": ["flask==3.0.3"],
    }


def test_an_unknown_system_is_refused():
    world = World(worlds.host())
    with pytest.raises(BadInput, match="of no family"):
        survey(world.host, Platform("unknown"), world.request, packages=world.packages)
