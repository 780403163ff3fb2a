"""Random worlds on a host of the Enterprise Linux family: real packages, signed, put into place by rpm itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.module_utils._packages.package_promises import Seen
from tests.unit.module_utils._packages.package_world import DOUBLED, GONE, MISSING, SECURITY, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.module_utils._packages.package_cases import Case
    from tests.unit.module_utils._packages.package_world import Catalogue, Package, Placed

FOLDER = "/srv/planner"
FILE_NAME = "%{NAME}-%{VERSION}-%{RELEASE}.rpm"
LOCKS = "/etc/dnf/plugins/versionlock.list"
BREAKAGES = (MISSING, DOUBLED)
# What rpm has, what is locked, and what dnf remembers.
SHOW = (
    ("rpm", "-qa", "--qf", "%{NAME}\\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\\n", "gw*"),
    ("sh", "-c", f"cat {LOCKS}; sha256sum /var/lib/dnf/history.sqlite"),
)
# Nothing but our repository, so that each simulation has little to read, and a database that nobody waits for.
BEGIN = """
if ! test -e {folder}/key; then
    dnf -qy install python3-dnf-plugin-versionlock >/dev/null
    touch {locks}
    mkdir -p {folder}/away
    mv /etc/yum.repos.d/*.repo {folder}/away
    export GNUPGHOME={folder}/gnupg
    install -d -m 0700 $GNUPGHOME
    gpg --batch --quiet --passphrase '' --quick-generate-key 'Random worlds' rsa2048 sign never
    gpg --batch --armor --export > {folder}/key
    rpm --import {folder}/key
    cat > /etc/yum.repos.d/planner.repo <<'REPOSITORY'
[planner]
name=Random worlds
baseurl=file://{folder}/offered
gpgcheck=1
gpgkey=file://{folder}/key
REPOSITORY
    cp /var/lib/dnf/history.sqlite {folder}/history.sqlite
fi
rm -rf {folder}/specs {folder}/offered {folder}/gone
mkdir -p {folder}/specs {folder}/offered {folder}/gone
"""
SPEC = """
cat > {folder}/specs/{number}.spec <<'SPEC'
{tags}
%description
Takes part in a random world.
%files
SPEC
"""
END = """
cd {folder}
for archive in offered gone; do
    if ls specs/$archive-*.spec >/dev/null 2>&1; then
        rpmbuild -bb --quiet --define "_rpmdir {folder}/$archive" --define '_rpmfilename {file}' \\
            specs/$archive-*.spec >/dev/null 2>&1
    fi
done
export GNUPGHOME={folder}/gnupg
rpmsign --define '__gpg /usr/bin/gpg' --define '_gpg_name Random worlds' --addsign */*.rpm >/dev/null 2>&1
gpgconf --kill all
createrepo_c -q offered
cat > updateinfo.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<updates>
{advisories}</updates>
XML
modifyrepo_c updateinfo.xml offered/repodata >/dev/null
dnf -q clean all >/dev/null
dnf -q makecache >/dev/null
"""
ADVISORY = """<update from="nobody@localhost" status="stable" type="security" version="1">
<id>GW-{number}</id><title>gw</title><issued date="2026-01-01 00:00:00"/><severity>Important</severity>
<pkglist><collection><name>gw</name>
<package name="{name}" epoch="{epoch}" version="{version}" release="{release}" arch="noarch">
<filename>{name}-{version}-{release}.rpm</filename></package></collection></pkglist></update>
"""
CLEAN = """
names=$(rpm -qa --qf '%{{NAME}}\\n' 'gw*' | sort -u)
test -z "$names" || rpm -e --nodeps --allmatches $names
cp {folder}/history.sqlite /var/lib/dnf/history.sqlite
rm -f /var/lib/dnf/history.sqlite-wal /var/lib/dnf/history.sqlite-shm
: > {locks}
"""


def publication(catalogue: Catalogue) -> str:
    """A shell script that builds every package and publishes those that are offered, with their advisories."""
    specs = [_spec(package, number) for number, package in enumerate(catalogue.packages)]
    advisories = [_advisory(one, number) for number, one in enumerate(catalogue.packages) if one.archive == SECURITY]
    end = END.format(folder=FOLDER, file=FILE_NAME, advisories="".join(advisories))
    return "".join([BEGIN.format(folder=FOLDER, locks=LOCKS), *specs, end])


def preparation(catalogue: Catalogue, case: Case) -> str:
    """A shell script that brings a host with any other case on it into the state that this one starts from."""
    return "".join([CLEAN.format(folder=FOLDER, locks=LOCKS), *_steps(catalogue, case)])


def listed(text: str) -> dict[str, Seen]:
    """What SHOW has printed; of a package that is there twice, the older version."""
    lines = text.splitlines()
    versions: dict[str, list[str]] = {}
    for line in lines:
        name, tab, version = line.partition("\t")
        if tab:
            versions.setdefault(name, []).append(version.replace("0:", "", 1) if version[:2] == "0:" else version)
    held = {name for name in versions for line in lines if line.startswith(f"{name}-") and "\t" not in line}
    return {
        name: Seen(min(several, key=VERSIONS.index), is_held=name in held, is_half_way=len(several) > 1)
        for name, several in versions.items()
    }


def _parts(package: Package) -> tuple[str, str, str]:
    """Epoch, version, and release."""
    epoch, colon, rest = package.version.rpartition(":")
    version, _hyphen, release = rest.partition("-")
    return epoch if colon else "0", version, release


def _archive(package: Package) -> str:
    return "gone" if package.archive == GONE else "offered"


def _spec(package: Package, number: int) -> str:
    epoch, version, release = _parts(package)
    tags = {"Name": package.name, "Epoch": epoch, "Version": version, "Release": release}
    if epoch == "0":
        del tags["Epoch"]
    lines = [f"{key}: {value}" for key, value in {**tags, "Summary": "random", "License": "none"}.items()]
    lines += ["BuildArch: noarch"]
    lines += [f"Requires: {one.name} >= {one.at_least}" for one in package.depends]
    lines += [f"Conflicts: {name}" for name in package.conflicts]
    return SPEC.format(folder=FOLDER, number=f"{_archive(package)}-{number}", tags="\n".join(lines))


def _advisory(package: Package, number: int) -> str:
    epoch, version, release = _parts(package)
    return ADVISORY.format(number=number, name=package.name, epoch=epoch, version=version, release=release)


def _file(package: Package) -> str:
    _epoch, version, release = _parts(package)
    return f"{FOLDER}/{_archive(package)}/{package.name}-{version}-{release}.rpm"


def _steps(catalogue: Catalogue, case: Case) -> Iterator[str]:
    there = {name: placed for name, placed in case.start.items() if placed.state != MISSING}
    files = [_file(catalogue.find(name, placed.version)) for name, placed in there.items()]
    older = [_file(one) for name, placed in there.items() for one in _older(catalogue, name, placed)]
    for several in (older, files):
        if several:
            yield f"rpm -i --force --nodeps {' '.join(several)}\n"
    automatic = [name for name, placed in there.items() if placed.is_automatic]
    if automatic:
        yield f"dnf -q mark remove {' '.join(automatic)} >/dev/null\n"
    for name, placed in there.items():
        if placed.is_held:
            epoch, version, release = _parts(catalogue.find(name, placed.version))
            yield f"echo '{name}-{epoch}:{version}-{release}.*' >> {LOCKS}\n"


def _older(catalogue: Catalogue, name: str, placed: Placed) -> tuple[Package, ...]:
    """The version that an upgrade has not taken away, if there is an older one."""
    older = [one for one in catalogue.of(name) if VERSIONS.index(one.version) < VERSIONS.index(placed.version)]
    return tuple(older[:1]) if placed.state == DOUBLED else ()
