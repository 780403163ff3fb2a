"""The private folder of one host on the controller: keys, known host keys, inventory."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts.command import HostError, run

if TYPE_CHECKING:
    from collections.abc import Mapping

STATE = Path(__file__).resolve().parents[2] / ".hosts"
CACHE = STATE / "cache"
_PRIVATE = 0o700


@dataclass(frozen=True)
class Host:
    """A running host, as `.hosts/NAME/host.json` keeps it for whoever comes later."""

    name: str
    container: str
    address: str
    image: str
    provenance: str
    key_file: str
    port: int = 22

    @property
    def folder(self) -> Path:
        return host_folder(self.name)

    @property
    def inventory(self) -> Path:
        return self.folder / "inventory.yml"

    @property
    def known_hosts(self) -> Path:
        return self.folder / "known_hosts"


def host_folder(name: str) -> Path:
    return STATE / name


def load_host(name: str) -> Host:
    path = host_folder(name) / "host.json"
    if not path.exists():
        raise HostError(f"there is no host {name!r} here: start it with `python -m tests.hosts up {name}`")
    return Host(**json.loads(path.read_text()))


def forget_host(name: str) -> None:
    shutil.rmtree(host_folder(name), ignore_errors=True)


def make_keys(name: str, key_file: Path | None) -> Path:
    """The login key, made here unless one is given, and the host's own keys, made here so that they are known."""
    folder = host_folder(name)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "identity/etc/ssh").mkdir(mode=_PRIVATE, parents=True)
    folder.chmod(_PRIVATE)
    for half in _rsa_key_pair():
        shutil.copy(half, folder / "identity/etc/ssh")
    run(["ssh-keygen", "-q", "-A", "-f", str(folder / "identity")])
    if key_file is None:
        key_file = folder / "id_ed25519"
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"root@{name}", "-f", str(key_file)])
    if not public_key_file(key_file).exists():
        raise HostError(f"{public_key_file(key_file)} is missing: the public half of the key given for {name}")
    return key_file.resolve()


def _rsa_key_pair() -> tuple[Path, ...]:
    """One for all hosts of this checkout: an RSA key takes longer to find than the rest of a host to start."""
    folder = CACHE / "host_key"
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=CACHE))
        run(["ssh-keygen", "-q", "-t", "rsa", "-N", "", "-C", "disposable", "-f", str(new / "ssh_host_rsa_key")])
        try:
            new.rename(folder)
        except OSError:
            # Another host that starts at the same time was faster.
            shutil.rmtree(new)
    return tuple(folder.iterdir())


def public_key_file(key_file: Path) -> Path:
    return key_file.with_name(f"{key_file.name}.pub")


def identity_files(name: str) -> dict[str, bytes]:
    """The host's SSH keys, by their path on the host."""
    identity = host_folder(name) / "identity"
    return {str(path.relative_to(identity)): path.read_bytes() for path in sorted(identity.rglob("ssh_host_*"))}


def archive(files: Mapping[str, bytes]) -> bytes:
    """A tar archive of root's files; whatever looks like a private matter is readable by root alone."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            entry.mtime = int(time.time())
            is_private = path.startswith("root/") or (path.endswith("_key") and "ssh_host" in path)
            entry.mode = 0o600 if is_private else 0o644
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def save_host(host: Host) -> None:
    """Write what a later command, Ansible and Molecule need to reach the host."""
    host.known_hosts.write_text(_known_hosts(host))
    variables = _connection(host)
    for path, content in (
        (host.inventory, {"all": {"hosts": {host.name: variables}}}),  # JSON is YAML
        (host.folder / "variables.yml", variables),
        (host.folder / "host.json", asdict(host)),
    ):
        path.write_text(json.dumps(content, indent=2) + "\n")


def _known_hosts(host: Host) -> str:
    """Good for every port, because the port may be what a test changes."""
    keys = (content.decode().split() for path, content in identity_files(host.name).items() if path.endswith(".pub"))
    return "".join(f"{host.address},[{host.address}]:* {kind} {key}\n" for kind, key, *_comment in keys)


def _connection(host: Host) -> dict[str, str | int]:
    return {
        "ansible_host": host.address,
        **({} if host.port == 22 else {"ansible_port": host.port}),
        "ansible_user": "root",
        "ansible_ssh_private_key_file": host.key_file,
        "ansible_ssh_common_args": f"-o UserKnownHostsFile={host.known_hosts} -o GlobalKnownHostsFile=/dev/null"
        " -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes",
        # An address is given to the next container when this one is gone; its open connections must not be.
        "ansible_control_path": f"%(directory)s/{host.container[:10]}-%%r-%%p",
        "test_host_image": host.provenance,
    }
