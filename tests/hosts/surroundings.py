"""What a container needs from this machine to reach package registries the way the machine itself does.

A machine behind a proxy or with a certificate authority of its own passes that on to its disposable hosts. On a
machine without such settings nothing is written into a host, which then is as its image made it.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosts.command import HostError, run

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOCAL_CERTIFICATES = (Path("/usr/local/share/ca-certificates"), Path("/etc/pki/ca-trust/source/anchors"))
PROXY_VARIABLES = ("http_proxy", "https_proxy", "no_proxy")
_PIP_ADDRESSES = ("index-url", "extra-index-url", "trusted-host", "proxy")
_PIP_NUMBERS = ("timeout", "retries")
_APT_OPTIONS = re.compile(
    r'^Acquire::(?:https?::Proxy(?:::[^ ]+)?|Check-Valid-Until|Check-Date|Retries|https?::Timeout) "[^"]+";$'
)


@dataclass(frozen=True)
class Places:
    """Where a family of systems keeps what is passed on, and the program that takes new authorities in."""

    certificate_folder: str
    trust_command: str
    bundle: str
    apt_file: str = ""


DEBIAN_PLACES = Places(
    certificate_folder="usr/local/share/ca-certificates",
    trust_command="update-ca-certificates",
    bundle="/etc/ssl/certs/ca-certificates.crt",
    apt_file="etc/apt/apt.conf.d/90machine",
)
ENTERPRISE_LINUX_PLACES = Places(
    certificate_folder="etc/pki/ca-trust/source/anchors",
    trust_command="update-ca-trust",
    bundle="/etc/pki/tls/certs/ca-bundle.crt",
)
FREEBSD_PLACES = Places(
    certificate_folder="usr/local/share/certs",
    trust_command="certctl rehash",
    bundle="/etc/ssl/cert.pem",
)


def surrounding_files(places: Places = DEBIAN_PLACES) -> dict[str, bytes]:
    """Path on the host, without the leading slash, to content; empty on a machine without settings of its own."""
    certificates = _local_certificates(places.certificate_folder)
    bundle = places.bundle if certificates else ""
    texts = {
        "etc/pip.conf": pip_configuration(_pip_settings(), bundle=bundle),
        **({places.apt_file: apt_configuration(_apt_settings())} if places.apt_file else {}),
        "etc/environment": proxy_environment(os.environ),
    }
    files = {path: text.encode() for path, text in texts.items() if text}
    return {**certificates, **files}


def pip_configuration(settings: Mapping[str, str], *, bundle: str) -> str:
    """Addresses only: what lies in a folder of this machine cannot be seen from a host."""
    lines = []
    for name in _PIP_ADDRESSES:
        addresses = [part for part in settings.get(name, "").split() if not part.startswith(("file:", "/"))]
        if addresses:
            lines.append(f"{name} = {' '.join(addresses)}")
    for name in _PIP_NUMBERS:
        value = settings.get(name, settings.get(f"default-{name}", ""))
        if value:
            lines.append(f"{name} = {value}")
    if bundle:
        lines.append(f"cert = {bundle}")
    return "\n".join(["[global]", *lines, ""]) if lines else ""


def apt_configuration(dump: str) -> str:
    """The lines of `apt-config dump` that are about reaching an archive, not about what to install from it."""
    lines = [line for line in dump.splitlines() if _APT_OPTIONS.match(line)]
    return "\n".join([*lines, ""]) if lines else ""


def proxy_environment(environment: Mapping[str, str]) -> str:
    lines = []
    for name in PROXY_VARIABLES:
        value = environment.get(name) or environment.get(name.upper())
        if value:
            lines += [f"{name}={value}", f"{name.upper()}={value}"]
    return "\n".join([*lines, ""]) if lines else ""


def _local_certificates(target: str) -> dict[str, bytes]:
    found = {}
    for folder in _LOCAL_CERTIFICATES:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.suffix in {".crt", ".pem"}:
                found[f"{target}/{path.stem}.crt"] = path.read_bytes()
    return found


def _pip_settings() -> dict[str, str]:
    """Names without their section; a variable of the environment wins over a file, as in pip itself."""
    try:
        listing = run([sys.executable, "-m", "pip", "config", "list"])
    except HostError:
        return {}
    settings: dict[str, str] = {}
    for line in sorted(listing.splitlines(), key=lambda line: line.startswith(":env:")):
        name, _separator, value = line.partition("=")
        if name.startswith(("global.", ":env:.")) and value:
            settings[name.rpartition(".")[2]] = str(ast.literal_eval(value))
    return settings


def _apt_settings() -> str:
    return run(["apt-config", "dump"]) if shutil.which("apt-config") else ""
