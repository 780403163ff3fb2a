"""Random worlds on a host of the Debian family: real packages in a real archive, put into place by dpkg itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.module_utils._packages.package_promises import Seen
from tests.unit.module_utils._packages.package_world import (
    CONFIGURATION_ONLY,
    FAILED,
    HALF_INSTALLED,
    MISSING,
    NAMES,
    RELEASE,
    SECURITY,
    UNPACKED,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.unit.module_utils._packages.package_cases import Case
    from tests.unit.module_utils._packages.package_world import Catalogue, Package

FOLDER = "/srv/planner"
BREAKAGES = (UNPACKED, FAILED, MISSING, CONFIGURATION_ONLY, HALF_INSTALLED)
SUITES = {RELEASE: "jammy", SECURITY: "jammy-security"}
# What a package has, what apt remembers of it, and what an interrupted dpkg leaves.
SHOW = (
    ("dpkg-query", "-W", "-f", "${Package}\\t${Version}\\t${db:Status-Status}\\t${db:Status-Want}\\n"),
    ("sh", "-c", "apt-mark showauto; ls /var/lib/dpkg/updates"),
)
BUILD = """
tree={folder}/work
rm -rf $tree
mkdir -p $tree/DEBIAN $tree/etc/planner {folder}/pool/{archive}
cat > $tree/DEBIAN/control <<'CONTROL'
{control}
CONTROL
echo /etc/planner/{name} > $tree/DEBIAN/conffiles
echo {name} > $tree/etc/planner/{name}
printf '#!/bin/sh\\n! test -e {folder}/fail/{name}\\n' > $tree/DEBIAN/postinst
chmod 0755 $tree/DEBIAN/postinst
dpkg-deb --root-owner-group -Znone --build $tree {file} >/dev/null
"""
PUBLISH = """
cd {folder}
index=dists/{suite}/main/binary-$(dpkg --print-architecture)
mkdir -p $index pool/{archive}
apt-ftparchive packages pool/{archive} > $index/Packages
apt-ftparchive -o APT::FTPArchive::Release::Origin=Ubuntu -o APT::FTPArchive::Release::Label=Ubuntu \\
    -o APT::FTPArchive::Release::Suite={suite} -o APT::FTPArchive::Release::Codename=jammy \\
    -o APT::FTPArchive::Release::Version=22.04 release dists/{suite} > Release.new
mv Release.new dists/{suite}/Release
echo 'deb [trusted=yes] file:{folder} {suite} main' >> /etc/apt/sources.list.d/planner.list
"""
# Nothing but our archive, so that each simulation has little to read, and a disk that nobody waits for. apt keeps what
# it has read in a file, and tells by size and second alone whether dpkg's list is another one by now: of two cases in
# one second it would take the second for the first.
BEGIN = """
rm -rf {folder}/pool {folder}/dists
mkdir -p {folder}/fail
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
echo force-unsafe-io > /etc/dpkg/dpkg.cfg.d/planner
echo 'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";' > /etc/apt/apt.conf.d/planner
rm -f /var/cache/apt/pkgcache.bin /var/cache/apt/srcpkgcache.bin
"""
END = """
apt-get -q update >/dev/null
touch /var/lib/apt/extended_states
test -e {folder}/extended_states || cp /var/lib/apt/extended_states {folder}/extended_states
"""
CLEAN = """
rm -f /var/lib/dpkg/updates/* {folder}/fail/*
for name in {names}; do echo "$name install"; done | dpkg --set-selections 2>/dev/null
dpkg --purge --force-all {names} >/dev/null 2>&1
dpkg --clear-selections; dpkg-query -W -f '${{Package}} install\\n' | dpkg --set-selections
cp {folder}/extended_states /var/lib/apt/extended_states
"""
# What a power cut in the middle of unpacking leaves in dpkg's records.
HALVE = (
    "sed -i '/^Package: {name}$/,/^$/ s/^Status: .*/Status: install reinstreq half-installed/' /var/lib/dpkg/status\n"
)


def publication(catalogue: Catalogue) -> str:
    """A shell script that builds every package and publishes those that are offered."""
    builds = [_build(package) for package in catalogue.packages]
    suites = [PUBLISH.format(folder=FOLDER, archive=archive, suite=suite) for archive, suite in SUITES.items()]
    return "".join([BEGIN.format(folder=FOLDER), *builds, *suites, END.format(folder=FOLDER)])


def preparation(catalogue: Catalogue, case: Case) -> str:
    """A shell script that brings a host with any other case on it into the state that this one starts from."""
    return "".join([CLEAN.format(folder=FOLDER, names=" ".join(NAMES)), *_steps(catalogue, case)])


def listed(text: str) -> dict[str, Seen]:
    """What SHOW has printed."""
    rows = [line.split("\t") for line in text.splitlines() if line.startswith("gw") and "\t" in line]
    return {
        name: Seen(version, is_held=want == "hold", is_half_way=status != "installed")
        for name, version, status, want in rows
        if status not in ("config-files", "not-installed")
    }


def _build(package: Package) -> str:
    depends = ", ".join(f"{one.name} (>= {one.at_least})" for one in package.depends)
    fields = {
        "Package": package.name,
        "Version": package.version,
        "Architecture": "all",
        "Maintainer": "nobody <root@localhost>",
        "Depends": depends,
        "Conflicts": ", ".join(package.conflicts),
        "Description": "takes part in a random world",
    }
    control = "\n".join(f"{key}: {value}" for key, value in fields.items() if value)
    words = {"folder": FOLDER, "archive": package.archive, "name": package.name}
    return BUILD.format(control=control, file=_file(package), **words)


def _file(package: Package) -> str:
    return f"{FOLDER}/pool/{package.archive}/{package.name}_{package.version.replace(':', '%3a')}_all.deb"


def _steps(catalogue: Catalogue, case: Case) -> Iterator[str]:
    """In this order, because dpkg would mend on the way what is to be broken."""
    files = {name: _file(catalogue.find(name, placed.version)) for name, placed in case.start.items()}
    in_state = {state: [n for n, placed in case.start.items() if placed.state == state] for state in BREAKAGES}
    half_way = [*in_state[UNPACKED], *in_state[FAILED]]
    yield _dpkg("--install", [file for name, file in files.items() if name not in half_way])
    yield _dpkg("--unpack", [files[name] for name in in_state[UNPACKED]])
    for name in in_state[FAILED]:
        yield (
            f"touch {FOLDER}/fail/{name}\n" + _dpkg("--install", [files[name]], end="|| true") + f"rm {FOLDER}/fail/*\n"
        )
    yield _dpkg("--purge", in_state[MISSING])
    yield _dpkg("--remove", in_state[CONFIGURATION_ONLY])
    yield from (HALVE.format(name=name) for name in in_state[HALF_INSTALLED])
    yield _mark("auto", [name for name, placed in case.start.items() if placed.is_automatic])
    yield _mark("hold", [name for name, placed in case.start.items() if placed.is_held])
    if case.is_interrupted:
        yield "touch /var/lib/dpkg/updates/0001\n"


def _dpkg(action: str, words: Sequence[str], *, end: str = "") -> str:
    return f"dpkg --force-all {action} {' '.join(words)} >/dev/null 2>&1 {end}\n" if words else ""


def _mark(mark: str, names: Sequence[str]) -> str:
    return f"apt-mark {mark} {' '.join(names)} >/dev/null\n" if names else ""
