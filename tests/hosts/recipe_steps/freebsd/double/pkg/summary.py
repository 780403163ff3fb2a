"""The summary before a change, and the question. Form: os_facts 2.3; freebsd/pkg:src/utils.c (print_jobs_summary)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from .jobs import Job, Kind

if TYPE_CHECKING:
    from .settings import Settings

_ORDER = (Kind.REMOVE, Kind.INSTALL, Kind.UPGRADE, Kind.DOWNGRADE, Kind.REINSTALL)


def show(jobs: list[Job], *, head: str, repositories: int) -> None:
    print(f"{head}\n")
    for kind in _ORDER:
        section = [job for job in jobs if job.kind == kind]
        if section:
            print(f"{kind.value}:")
            for job in section:
                print(f"\t{_line(job, repositories)}")
            print()
    for kind in _ORDER:
        number = sum(job.kind == kind for job in jobs)
        if number:
            print(f"Number of packages to be {kind.verb}: {number}")
    _sizes(jobs)


def _line(job: Job, repositories: int) -> str:
    where = f" [{job.new.repository}]" if repositories > 1 and job.new.repository else ""
    if job.kind == Kind.REMOVE:
        return f"{job.new.name}: {job.new.version}"
    if job.kind == Kind.INSTALL:
        return f"{job.new.name}: {job.new.version}{where}"
    if job.kind == Kind.REINSTALL:
        return f"{job.new.full_name}{where}"
    old = job.old.version if job.old else ""
    return f"{job.new.name}: {old} -> {job.new.version}{where}"


def _sizes(jobs: list[Job]) -> None:
    before = sum(job.old.size for job in jobs if job.old is not None)
    after = sum(job.new.size for job in jobs if job.kind != Kind.REMOVE)
    download = sum(job.new.download for job in jobs if job.kind != Kind.REMOVE)
    print()
    if after > before:
        print(f"The process will require {human(after - before)} more space.")
    elif before > after:
        print(f"The operation will free {human(before - after)}.")
    if download:
        print(f"{human(download)} to be downloaded.")


def human(size: int) -> str:
    value, unit = float(size), "B"
    for name in ("KiB", "MiB", "GiB", "TiB", "PiB"):
        if value < 1000:
            break
        value, unit = value / 1024, name
    return f"{value:.0f} {unit}"


def agrees(question: str, settings: Settings, *, is_yes: bool) -> bool:
    """Without a terminal and without -y the question is printed, and the answer is no (os_facts 2.3 [R])."""
    if is_yes or settings.is_on("ASSUME_ALWAYS_YES"):
        return True
    print(f"\n{question} [y/N]: ", end="", flush=True)
    answer = sys.stdin.readline().strip().lower() if sys.stdin.isatty() else ""
    if not sys.stdin.isatty():
        print()
    return answer in {"y", "yes"}
