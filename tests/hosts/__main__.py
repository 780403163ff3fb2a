"""Command line of the disposable hosts: `python -m tests.hosts --help`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts import control, snapshot, state
from tests.hosts.command import HostError
from tests.hosts.engine import ensure_engine
from tests.hosts.images import ensure_image
from tests.hosts.recipes import RECIPE_BY_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except HostError as error:
        print(f"tests.hosts: {error}", file=sys.stderr)
        return 1


def _up(options: argparse.Namespace) -> int:
    started = time.monotonic()
    host = control.up(options.name, image=options.image, key_file=options.key)
    print(f"{host.name}: {host.provenance} ({host.image}), at {host.address} in {time.monotonic() - started:.1f} s")
    print(f"inventory: {host.inventory}")
    return 0


def _down(options: argparse.Namespace) -> int:
    names = [host.name for host in control.running()] if options.all else options.names
    for name in names:
        print(f"{name}: {'removed' if control.down(name) else 'was not there'}")
    return 0


def _list(_options: argparse.Namespace) -> int:
    for host in control.running():
        print(f"{host.name}\t{host.status}\t{host.provenance}")
    return 0


def _build(options: argparse.Namespace) -> int:
    image = ensure_image(ensure_engine(state.STATE), options.image, state.CACHE)
    print(f"{options.image}: {image.provenance} ({image.reference})")
    return 0


def _exec(options: argparse.Namespace) -> int:
    return control.attach(options.name, tuple(options.argv))


def _snapshot(options: argparse.Namespace) -> int:
    text = json.dumps(snapshot.take(options.name), indent=1, sort_keys=True) + "\n"
    if options.output is None:
        print(text, end="")
    else:
        options.output.write_text(text)
    return 0


def _diff(options: argparse.Namespace) -> int:
    before, after = (json.loads(path.read_text()) for path in (options.before, options.after))
    differences = snapshot.differences(before, after)
    for line in differences:
        print(line)
    return 1 if differences else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.hosts", description="Disposable hosts for tests.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    up = commands.add_parser("up", help="start a host and write .hosts/NAME/inventory.yml")
    up.add_argument("name", metavar="NAME")
    up.add_argument("--image", choices=sorted(RECIPE_BY_NAME), default="ubuntu_lts")
    up.add_argument("--key", type=Path, metavar="FILE", help="private key whose FILE.pub may log in as root")
    up.set_defaults(command=_up)

    down = commands.add_parser("down", help="remove hosts")
    which = down.add_mutually_exclusive_group(required=True)
    which.add_argument("names", nargs="*", default=[], metavar="NAME")
    which.add_argument("--all", action="store_true", help="every host that this checkout started")
    down.set_defaults(command=_down)

    commands.add_parser("list", help="show the hosts of this checkout").set_defaults(command=_list)

    build = commands.add_parser("build", help="make an image, and say which one it is")
    build.add_argument("--image", choices=sorted(RECIPE_BY_NAME), default="ubuntu_lts")
    build.set_defaults(command=_build)

    execute = commands.add_parser("exec", help="run a command on a host as root, without SSH")
    execute.add_argument("name", metavar="NAME")
    execute.add_argument("argv", nargs="+", metavar="ARGUMENT")
    execute.set_defaults(command=_exec)

    take = commands.add_parser("snapshot", help="print the host's files, accounts and units as JSON")
    take.add_argument("name", metavar="NAME")
    take.add_argument("--output", type=Path, metavar="FILE")
    take.set_defaults(command=_snapshot)

    diff = commands.add_parser("diff", help="compare two snapshots; exit code 1 when they differ")
    diff.add_argument("before", type=Path, metavar="BEFORE")
    diff.add_argument("after", type=Path, metavar="AFTER")
    diff.set_defaults(command=_diff)
    return parser


if __name__ == "__main__":
    sys.exit(main())
