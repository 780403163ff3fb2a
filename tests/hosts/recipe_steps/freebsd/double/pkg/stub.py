"""/usr/sbin/pkg of the base system: hands over to the real one, or fetches it first.

Words and exit codes: freebsd/freebsd-src:usr.sbin/pkg/pkg.c; os_facts 2.3: `pkg -N` exits with 1 where there is none.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

from . import remote, unpacking
from .context import Context
from .settings import Settings

_PROGRAM = Path("/usr/local/sbin/pkg")
_TRUE = frozenset(("1", "yes", "true", "on"))


def main(arguments: list[str]) -> int:
    words = [word for word in arguments if word not in {"-4", "-6"}]
    is_bootstrap = words[:1] == ["bootstrap"]
    if _PROGRAM.exists() and not is_bootstrap:
        os.execv(_PROGRAM, ["pkg", *arguments])
    if words[:1] == ["-N"]:
        print("pkg: pkg is not installed", file=sys.stderr)
        return 1
    if is_bootstrap and _PROGRAM.exists() and "-f" not in words:
        print(f"pkg already bootstrapped at {_PROGRAM}")
        return 0
    is_yes = (is_bootstrap and "-y" in words) or os.environ.get("ASSUME_ALWAYS_YES", "").lower() in _TRUE
    if not is_yes and not _agrees():
        return 1
    code = _bootstrap()
    if code or is_bootstrap:
        return code
    os.execv(_PROGRAM, ["pkg", *arguments])
    return 1


def _agrees() -> bool:
    print("The package management tool is not yet installed on your system.", file=sys.stderr)
    if not sys.stdin.isatty():
        print(
            "Please set ASSUME_ALWAYS_YES=yes environment variable to be able to bootstrap"
            " in non-interactive (stdin not being a tty)",
            file=sys.stderr,
        )
        return False
    print("Do you want to fetch and install it now? [y/N]: ", end="", flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _bootstrap() -> int:
    context = Context(Settings({}))
    repository = next((each for each in context.repositories() if each.name in {"FreeBSD", "FreeBSD-ports"}), None)
    if repository is None or not remote.is_reachable(repository):
        address = repository.url.removeprefix("pkg+") if repository else "pkg.FreeBSD.org"
        print(f"pkg: Error fetching {address}/Latest/pkg.pkg: No address record", file=sys.stderr)
        print("A pre-built version of pkg could not be found for your system.", file=sys.stderr)
        return 1
    if os.geteuid() != 0:
        print("pkg: Failed to install: not running as root", file=sys.stderr)
        return 1
    print(f"Bootstrapping pkg from {repository.url}, please wait...")
    package = next(each for each in remote.offered(repository) if each.name == "pkg")
    print("Verifying signature with trusted certificate pkg.freebsd.org.2013102301... done")
    print(f"Installing {package.full_name}...", flush=True)
    files = unpacking.install_pkg()
    context.database.store(replace(package, files=files))
    print(f"Extracting {package.full_name}: 100%", flush=True)
    return 0
