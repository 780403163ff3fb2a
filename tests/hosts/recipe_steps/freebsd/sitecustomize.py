"""Lets every program of this interpreter find FreeBSD where it looks for the operating system.

pip does, too: its tags come from sysconfig.get_platform(), `freebsd_14_5_release_p1_amd64`; for those of manylinux it
asks only where platform.system() says Linux. So it takes pure-Python wheels and builds the rest from source.
"""

from __future__ import annotations

import json
import os
import site
import sys

import tomllib


def _release() -> dict[str, str]:
    with open("/usr/libexec/freebsd-double/release.toml", "rb") as stream:
        release: dict[str, str] = tomllib.load(stream)
    with open("/var/run/double/kernel.json") as stream:
        running: str = json.load(stream)
    return {"kernel": running, "ident": release["ident"].replace(release["kernel"], running)}


def _disguise() -> None:
    release = _release()
    real = os.uname
    values = ("FreeBSD", None, release["kernel"], release["ident"], "amd64")

    def uname() -> os.uname_result:
        name, _node, kernel, version, machine = values
        return os.uname_result((name, real().nodename, kernel, version, machine))

    os.uname = uname
    sys.platform = f"freebsd{release['kernel'].partition('.')[0]}"
    setattr(sys.implementation, "_multiarch", "")  # noqa: B010  # a name that type checkers do not know


def _site_packages() -> list[str]:
    """Upstream's one folder for each prefix, where Debian's program looks for others."""
    series = "{}.{}".format(*sys.version_info)
    return [f"{prefix}/lib/python{series}/site-packages" for prefix in dict.fromkeys(site.PREFIXES)]


def _add_site_packages() -> None:
    site.getsitepackages = lambda prefixes=None: _site_packages()
    for folder in _site_packages():
        if os.path.isdir(folder) and folder not in sys.path:
            site.addsitedir(folder)


_disguise()
_add_site_packages()
