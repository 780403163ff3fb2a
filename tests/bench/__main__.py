"""What `make bench` does: measures the role on a host of each family, in turns with pings, plain tasks and pyinfra."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Callable

from tests.bench import contenders, figures, measured
from tests.bench.contenders import ADMIN, BUILTIN, DIFFERENCES, ROLE, BenchError
from tests.hosts import control
from tests.hosts.command import HostError
from tests.tools.steps import say

if TYPE_CHECKING:
    from tests.hosts.state import Host

CHECKLIST = "security_checklist"
MEASURED_RUNS = 5


@dataclass(frozen=True)
class Contender:
    """A way to a prepared host; `work` says in words how much a run of it does, and `calls` on the host."""

    run: Callable[[], contenders.Timed]
    work: str
    calls: int


def first_run(host: Host, directory: Path) -> figures.FirstRun:
    """The fresh host, as root; noting what each command took costs a few milliseconds."""
    inventory = contenders.write_inventory(host, directory, user="root")
    measured.forget(host.name)
    timed = contenders.run_ansible(host, ROLE, inventory, *measured.AS_INTERPRETER)
    parts = measured.split(timed.seconds, measured.read(host.name))
    return figures.FirstRun(timed.seconds, parts.packages, parts.pip, parts.ours)


def module_runs(host: Host, playbook: Path, inventory: Path) -> tuple[measured.ModuleRun, ...]:
    """The modules that a no-change run starts on the host."""
    measured.forget(host.name)
    contenders.ansible_without_change(host, playbook, inventory, *measured.AS_INTERPRETER)
    return measured.read(host.name)


def checklist(host: Host, inventory: Path) -> figures.Checklist:
    runs = [
        run for _number in range(MEASURED_RUNS) for run in module_runs(host, ROLE, inventory) if run.module == CHECKLIST
    ]
    return figures.Checklist(
        own_seconds=median(run.own_seconds for run in runs),
        own_peak_mib=median(run.own_peak_mib for run in runs),
        children_seconds=median(run.children_seconds for run in runs),
        commands=round(median(len(run.commands) for run in runs)),
    )


def contending(host: Host, directory: Path) -> dict[str, Contender]:
    """Everyone has prepared the host once, so that from here on nobody finds anything to do."""
    inventory = contenders.write_inventory(host, directory, user=ADMIN)
    pyinfra_inventory = contenders.write_pyinfra_inventory(host, directory)
    contenders.run_ansible(host, BUILTIN, inventory)
    contenders.run_pyinfra(host, pyinfra_inventory)
    calls = len(module_runs(host, ROLE, inventory))
    playbooks = {"role": ROLE, "pings": contenders.write_pings(calls, directory), "builtin": BUILTIN}
    found = {name: playing(host, playbook, inventory) for name, playbook in playbooks.items()}
    operations = contenders.pyinfra_operations(contenders.pyinfra_without_change(host, pyinfra_inventory).output)
    return {
        **found,
        "pyinfra": Contender(
            lambda: contenders.pyinfra_without_change(host, pyinfra_inventory), f"{operations} operations", operations
        ),
    }


def playing(host: Host, playbook: Path, inventory: Path) -> Contender:
    calls = len(module_runs(host, playbook, inventory))
    recap = contenders.ansible_without_change(host, playbook, inventory).recap
    work = f"{calls} module calls, {recap['ok'] + recap['skipped']} tasks"
    return Contender(lambda: contenders.ansible_without_change(host, playbook, inventory), work, calls)


def in_turns(ways: dict[str, Contender], rounds: int) -> dict[str, figures.Series]:
    """One run of each at a time, so that a busy moment hits all alike."""
    timed: dict[str, list[contenders.Timed]] = {name: [] for name in ways}
    for number in range(1, rounds + 1):
        say(f"round {number} of {rounds} …")
        for name, way in ways.items():
            timed[name].append(way.run())
    return {
        name: figures.Series(
            tuple(one.seconds for one in runs), tuple(one.processor_seconds for one in runs), ways[name].work
        )
        for name, runs in timed.items()
    }


def measure(host: Host, directory: Path, rounds: int) -> list[tuple[str, list[str]]]:
    say("the role's first run …")
    first = first_run(host, directory)
    say("the others prepare the same host …")
    ways = contending(host, directory)
    series = in_turns(ways, rounds)
    role = series.pop("role")
    say("the checklist on the host …")
    on_host = checklist(host, contenders.write_inventory(host, directory, user=ADMIN))
    title = f"no-change runs, medians of {rounds}, each over an SSH connection of its own"
    return [
        (title, figures.comparison(role, series)),
        ("the checklist on the host", figures.checklist_lines(on_host, ways["role"].calls)),
        ("first run", figures.first_run_lines(first)),
    ]


def surroundings(host: Host, load_before: float) -> list[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        f"  host: {host.provenance}",
        f"  machine of both: {os.cpu_count()} processors, {memory:.0f} GiB, {platform.machine()}",
        f"  load average: {load_before:.1f} before, {contenders.load_average():.1f} after (neighbours lengthen times)",
    ]


def measure_on(image: str, rounds: int) -> str:
    """The table for one kind of host, which is started for it and removed."""
    name = f"bench-{os.getpid()}"
    load = contenders.load_average()
    try:
        host = control.up(name, image=image, key_file=None)
        measured.install(name)
        with tempfile.TemporaryDirectory() as directory:
            contenders.write_differences(image, Path(directory))
            sections = measure(host, Path(directory), rounds)
    finally:
        control.down(name)
    return figures.table([(f"make bench, {date.today()}, {image}", surroundings(host, load)), *sections])


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rounds", type=int, default=7, help="at least 5")
    parser.add_argument("images", nargs="*", metavar="IMAGE", help=f"of {', '.join(DIFFERENCES)}; all, unless named")
    options = parser.parse_args()
    try:
        for image in options.images or DIFFERENCES:
            say(f"==== {image}")
            say("\n" + measure_on(image, max(5, options.rounds)) + "\n")
    except (BenchError, HostError) as error:
        say(f"make bench: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
