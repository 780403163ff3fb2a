from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import installation
from tests.unit.fakes import FakeHost

ASK = f"systemctl is-enabled {installation.UNIT}"


def bare():
    paths = [f"{installation.PROGRAM}/{name}.py" for name in installation.MODULES]
    paths += [installation.COMMAND, installation.UNIT_PATH]
    return FakeHost(answers={ASK: CommandResult((), 4, "not-found\n")}, files=dict.fromkeys(paths))


def planned(host, *, at_boot=True):
    return installation.installation(host, "/usr/bin/python3.9", at_boot=at_boot)


def test_the_way_back_is_installed_once():
    host = bare()
    executor = Executor(host, host)
    executor.run(planned(host))
    assert [change.target for change in executor.changes][-3:] == [
        installation.COMMAND,
        installation.UNIT_PATH,
        installation.UNIT,
    ]
    host.answers[ASK] = "enabled\n"
    assert executor.plan(planned(host)) == ()


def test_what_lies_on_the_host_needs_nothing_of_the_collection():
    host = bare()
    Executor(host, host).run(planned(host))
    programs = [text for path, text in host.files.items() if path.endswith(".py")]
    assert len(programs) == len(installation.MODULES)
    assert not any("import ansible" in text or "from ansible" in text for text in programs)


def test_without_anybody_to_confirm_no_unit_is_needed():
    host = bare()
    executor = Executor(host, host)
    executor.run(planned(host, at_boot=False))
    assert installation.UNIT not in [change.target for change in executor.changes]


def test_the_command_works_with_a_later_interpreter_too():
    host = bare()
    Executor(host, host).run(planned(host))
    (line,) = [line for line in host.files[installation.COMMAND].splitlines() if line.startswith("for ")]
    words = line.rstrip("; do").split()
    assert (words[3], words[-1]) == ("/usr/bin/python3.9", "python3")
    assert "python3.12" in words
