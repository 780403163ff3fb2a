"""A host that is no container of ours: `real_host NAME` writes the way to the one that FREEBSD_HOST names."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import asdict
from pathlib import Path

from tests.hosts import state
from tests.hosts.command import HostError, run

# `192.0.2.7`, `root@192.0.2.7`, `root@192.0.2.7:2222`.
ADDRESS = re.compile(r"(?:(?P<user>[^@\s]+)@)?(?P<address>[^@:\s]+)(?::(?P<port>\d+))?\Z")


def is_real(scenario: str) -> bool:
    """The scenario runs on a real host, because somebody has given one."""
    return scenario == "freebsd_base" and bool(os.environ.get("FREEBSD_HOST"))


def take_in(name: str, wanted: str, key_file: str) -> state.Host:
    """Ask the host for its keys and its release, and keep the way to it where the containers' ways are."""
    found = ADDRESS.match(wanted)
    if found is None:
        raise HostError(f"FREEBSD_HOST is {wanted!r}, expected an address, user@address or user@address:port")
    key = Path(key_file).expanduser()
    if not key.is_file():
        raise HostError(f"FREEBSD_KEY is {key_file!r}, expected the private key that logs in at {wanted}")
    state.forget_host(name)
    state.host_folder(name).mkdir(parents=True, mode=0o700)
    user, port = found["user"] or "root", int(found["port"] or 22)
    host = state.Host(name, "", found["address"], "", "", str(key.resolve()), port)
    host.known_hosts.write_text(run(["ssh-keyscan", "-p", str(port), host.address]))
    release = run([*ssh(host), f"{user}@{host.address}", "freebsd-version -u"]).strip()
    known = state.Host(**{**asdict(host), "image": release, "provenance": f"a real FreeBSD {release}"})
    _save(known, user)
    return known


def ssh(host: state.Host) -> list[str]:
    """The client with what belongs to this host, for somebody's key."""
    checked = ["-o", f"UserKnownHostsFile={host.known_hosts}", "-o", "StrictHostKeyChecking=yes", "-o", "BatchMode=yes"]
    return ["ssh", "-F", "none", *checked, "-o", "IdentitiesOnly=yes", "-p", str(host.port), "-i", host.key_file]


def _save(host: state.Host, user: str) -> None:
    variables = {
        "ansible_host": host.address,
        "ansible_port": host.port,
        "ansible_user": user,
        "ansible_ssh_private_key_file": host.key_file,
        "ansible_ssh_common_args": f"-o UserKnownHostsFile={host.known_hosts} -o StrictHostKeyChecking=yes"
        " -o IdentitiesOnly=yes",
        "test_host_image": host.provenance,
    }
    for path, content in (
        (host.inventory, {"all": {"hosts": {host.name: variables}}}),  # JSON is YAML
        (host.folder / "variables.yml", variables),
        (host.folder / "host.json", asdict(host)),
    ):
        path.write_text(json.dumps(content, indent=2) + "\n")


def main() -> int:
    try:
        host = take_in(sys.argv[1], os.environ.get("FREEBSD_HOST", ""), os.environ.get("FREEBSD_KEY", ""))
    except HostError as error:
        print(f"real_host: {error}", file=sys.stderr)
        return 1
    print(f"{host.name}: {host.provenance} at {host.address} port {host.port}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
