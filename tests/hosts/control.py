"""Starts and removes disposable hosts: containers with an init system and SSH on an address of their own."""

from __future__ import annotations

import hashlib
import re
import socket
import subprocess
import time
import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts import state
from tests.hosts.command import HostError
from tests.hosts.engine import ensure_engine, find_engine
from tests.hosts.images import PROVENANCE_LABEL, ensure_image
from tests.hosts.recipes import RECIPE_BY_NAME
from tests.hosts.surroundings import surrounding_files

if TYPE_CHECKING:
    from tests.hosts.boot import Boot
    from tests.hosts.engine import Engine
    from tests.hosts.images import Image
    from tests.hosts.recipes import Recipe

_CHECKOUT_LABEL = "groundwork.checkout"
_NAME_LABEL = "groundwork.host"
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?\Z")
_BOOT_TIMEOUT = 90.0

_CAPABILITIES = ("SYS_ADMIN", "NET_ADMIN", "AUDIT_CONTROL", "AUDIT_WRITE")
# systempaths: /proc/sys is writable, so that kernel settings of the container's own namespaces can be tried.
_SECURITY_OPTIONS = ("seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined")


@dataclass(frozen=True)
class RunningHost:
    """A line of `list`."""

    name: str
    container: str
    status: str
    provenance: str


def up(name: str, *, image: str, key_file: Path | None) -> state.Host:
    """Start a host and wait until its init system has settled and its SSH server greets."""
    if not _NAME.match(name):
        raise HostError(f"host name {name!r}: lower-case letters, digits and inner hyphens are allowed, at most 40")
    engine = ensure_engine(state.STATE)
    if any(host.name == name for host in running()):
        raise HostError(f"a host {name!r} is already there: remove it with `python -m tests.hosts down {name}`")
    made = ensure_image(engine, image, state.CACHE)
    key = state.make_keys(name, key_file)
    recipe = RECIPE_BY_NAME[image]
    container = _create(engine, name, made, boot=recipe.boot)
    try:
        host = state.Host(name, container, "", made.reference, made.provenance, str(key))
        return _start(engine, host, recipe=recipe)
    except BaseException:
        engine.run("rm", "--force", "--volumes", container)
        state.forget_host(name)
        raise


def down(name: str) -> bool:
    """Remove a host and its folder; False when there was none."""
    found = [host for host in running() if host.name == name]
    for host in found:
        _engine().run("rm", "--force", "--volumes", host.container)
    state.forget_host(name)
    return bool(found)


def running() -> tuple[RunningHost, ...]:
    """The hosts of this checkout, never those of another."""
    engine = find_engine()
    if engine is None:
        return ()
    columns = "\t".join(
        (f'{{{{.Label "{_NAME_LABEL}"}}}}', "{{.ID}}", "{{.Status}}", f'{{{{.Label "{PROVENANCE_LABEL}"}}}}')
    )
    listing = engine.run(
        "ps", "--all", "--no-trunc", "--filter", f"label={_CHECKOUT_LABEL}={_checkout()}", "--format", columns
    )
    return tuple(RunningHost(*line.split("\t")) for line in listing.splitlines())


def execute(name: str, argv: tuple[str, ...], *, stdin: bytes | None = None, timeout: float = 600) -> str:
    """Standard output of a command that runs on the host as root, without SSH."""
    container = state.load_host(name).container
    interactive = ("--interactive",) if stdin is not None else ()
    return _engine().run("exec", *interactive, container, *argv, stdin=stdin, timeout=timeout)


def attach(name: str, argv: tuple[str, ...]) -> int:
    """Exit code of a command that runs on the host as root, with this program's own input and output."""
    command = [_engine().client, "exec", "--interactive", state.load_host(name).container, *argv]
    return subprocess.run(command, check=False).returncode


def _engine() -> Engine:
    engine = find_engine()
    if engine is None:
        raise HostError("the container engine does not answer any more: `docker info` says why")
    return engine


def _checkout() -> str:
    return hashlib.sha256(str(state.STATE).encode()).hexdigest()[:8]


def _create(engine: Engine, name: str, image: Image, *, boot: Boot) -> str:
    options = ["--name", f"groundwork-{_checkout()}-{name}", "--hostname", name, "--env", "container=docker"]
    options += ["--label", f"{_CHECKOUT_LABEL}={_checkout()}", "--label", f"{_NAME_LABEL}={name}"]
    options += ["--cgroupns", "private", "--stop-signal", boot.stop_signal]
    for flag, values in (
        ("--cap-add", _CAPABILITIES),
        ("--security-opt", _SECURITY_OPTIONS),
        ("--tmpfs", boot.temporary),
    ):
        options += [part for value in values for part in (flag, value)]
    return engine.run("create", *options, image.reference, "/bin/sh", "-c", boot.command).strip()


def _start(engine: Engine, host: state.Host, *, recipe: Recipe) -> state.Host:
    places = recipe.places
    files = {
        **surrounding_files(places),
        **state.identity_files(host.name),
        **{path: f"{uuid.uuid4().hex}\n".encode() for path in recipe.boot.own_files},
        "root/.ssh/authorized_keys": state.public_key_file(Path(host.key_file)).read_bytes(),
    }
    engine.run("cp", "-", f"{host.container}:/", stdin=state.archive(files))
    engine.run("start", host.container)
    address = engine.run(
        "inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", host.container
    ).strip()
    started = replace(host, address=address)
    _wait_for_init(engine, started, boot=recipe.boot)  # before anything uses /tmp, which is emptied on the way up
    if any(path.startswith(places.certificate_folder) for path in files):
        engine.run("exec", host.container, *places.trust_command.split(), timeout=_BOOT_TIMEOUT)
    _wait_for_ssh(started)
    state.save_host(started)
    return started


def _wait_for_init(engine: Engine, host: state.Host, *, boot: Boot) -> None:
    deadline = time.monotonic() + _BOOT_TIMEOUT
    answer = ""
    while time.monotonic() < deadline:
        try:
            answer = engine.run("exec", host.container, "sh", "-c", boot.question).strip()
        except HostError as error:
            answer = str(error)
        if answer in boot.settled:
            return
        time.sleep(0.2)
    wanted = boot.settled[0]
    raise HostError(f"host {host.name}: {boot.init} says {answer!r} after {_BOOT_TIMEOUT:.0f} s, expected {wanted}")


def _wait_for_ssh(host: state.Host) -> None:
    deadline = time.monotonic() + _BOOT_TIMEOUT
    trouble: object = "nothing"
    while time.monotonic() < deadline:
        try:
            with socket.create_connection((host.address, 22), timeout=5) as connection:
                if connection.recv(4) == b"SSH-":
                    return
        except OSError as error:
            trouble = error
        time.sleep(0.2)
    raise HostError(f"host {host.name}: no SSH server greets on {host.address} port 22: {trouble}")
