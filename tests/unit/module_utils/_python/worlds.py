"""Hosts for the tests of `python_runtime`: a Debian 12 with a user, releases and packages as a test wants them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import (
    PackageChange,
    PackagePlan,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._python import releases, scripts
from tests.unit.fakes import FakeHost

DEBIAN = Platform("debian", "12", codename="bookworm", family="debian", package_tool="apt")
ROOT = "/srv/app"
PYTHON = "/usr/bin/python3.11"
VERSION = "3.11.2"
ABSENT_USER = "id: 'app': no such user"


def params(**given):
    """The module's parameters as Ansible hands them over, with its defaults."""
    return {
        "version": "system",
        "path": ROOT,
        "owner": "app",
        "requirements": [],
        "requirements_file": None,
        "remote_src": False,
        "native_libraries": [],
        "headers": False,
        "keep_releases": 3,
        "verify_imports": [],
        "epel": True,
        **given,
    }


def digest(requirements="", *, version=VERSION, interpreter=PYTHON, libraries=()):
    """The name of the release that is built from these."""
    return releases.digest(
        interpreter=interpreter, version=version, requirements=requirements, libraries=list(libraries)
    )


@dataclass
class FakePackages:
    """Packages that are installed or can be; a transaction is remembered and makes its packages installed."""

    installed: dict[str, str] = field(default_factory=dict)
    repository: dict[str, str] = field(default_factory=dict)
    performed: list[PackagePlan] = field(default_factory=list)
    notes: tuple[str, ...] = ()

    def missing(self, names):
        return tuple(name for name in names if name not in self.installed)

    def available(self, names):
        return {name: self.repository[name] for name in names if name in self.repository}

    def plan(self, request):
        changes = [PackageChange(name, "install", None, self.repository[name]) for name in request.names]
        return PackagePlan(tuple(changes), ("install", *request.names), notes=self.notes)

    def perform(self, plan):
        self.performed.append(plan)
        self.installed.update({change.name: change.after for change in plan.changes})


def packages(**given):
    """The packages of a Debian 12 with what a virtual environment needs."""
    repository = {
        "python3": "3.11.2-1+b1",
        "python3.11": "3.11.2-6+deb12u6",
        "python3-venv": "3.11.2-1+b1",
        "python3-dev": "3.11.2-1+b1",
        "build-essential": "12.9",
        "pkg-config": "1.8.1-1",
        "libpq-dev": "15.14-0+deb12u1",
    }
    return FakePackages(
        installed={"python3": "3.11.2-1+b1", "python3-venv": "3.11.2-1+b1"}, repository=repository, **given
    )


def host(*, has_owner=True):
    """A Debian 12 with its own Python and nothing of ours but, if wanted, the user."""
    world = FakeHost()
    world.links["/usr/bin/python3"] = "python3.11"
    world.stats[PYTHON] = FileStat("file", 0o755, "root", "root")
    world.answers[f"{PYTHON} -I -c {scripts.VERSION}"] = f"{VERSION}\n"
    world.answers["id app"] = "uid=999(app) gid=999(app) groups=999(app)\n"
    if not has_owner:
        world.answers["id app"] = result("id app", rc=1, stderr=ABSENT_USER)
        world.answers["getent group app"] = result("getent group app", rc=2)
    world.directories["/srv"] = ("app",)
    for path in (ROOT, f"{ROOT}/releases", f"{ROOT}/current"):
        world.stats[path] = None
    return world


def result(command, *, rc, stdout="", stderr=""):
    """An answer with an exit code."""
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult

    return CommandResult(tuple(command.split()), rc, stdout, stderr)


def marker_text(*, version=VERSION, name="flask", path=f"{ROOT}/releases/x", requirements=("flask==3.0.3",)):
    """A release's record."""
    return json.dumps(
        {
            "interpreter": PYTHON,
            "version": version,
            "packages": f"{path}/lib/python3.11/site-packages",
            "requirements": list(requirements),
            "distributions": [{"name": name, "version": "3.0.3", "entry": f"{name}-3.0.3.dist-info"}],
        }
    )


def add_runtime(world):
    """The runtime's directories, without a release."""
    for path in (ROOT, f"{ROOT}/releases"):
        world.stats[path] = FileStat("directory", 0o755, "app", "app")
    world.directories[f"{ROOT}/releases"] = ()


def add_release(world, name, *, finished=1000.0, is_current=False, owner="app", imports=(), version=VERSION):
    """A whole release; one with `finished=0` is only a directory."""
    if world.stats.get(ROOT) is None:
        add_runtime(world)
    path = f"{ROOT}/releases/{name}"
    world.directories[f"{ROOT}/releases"] = (*world.directories.get(f"{ROOT}/releases", ()), name)
    world.stats[path] = FileStat("directory", 0o755, owner, owner)
    world.stats[f"{path}/release.json"] = FileStat("file", 0o644, owner, owner, modified=finished) if finished else None
    if finished:
        world.files[f"{path}/release.json"] = marker_text(path=path, version=version)
        world.directories[f"{path}/lib/python3.11/site-packages"] = ("flask", "flask-3.0.3.dist-info", "x.pth")
        world.answers[probe_command(path, *imports)] = f"{version}\n"
    if is_current:
        world.links[f"{ROOT}/current"] = f"releases/{name}"
        world.stats[f"{ROOT}/current"] = FileStat("link", 0o777, "app", "app")


def probe_command(path, *imports):
    """How a release is run to see whether it still does."""
    return " ".join(("runuser -u app --", f"{path}/bin/python", "-I -B -c", scripts.PROBE, *imports))
