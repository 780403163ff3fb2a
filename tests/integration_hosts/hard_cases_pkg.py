"""The hard cases on FreeBSD. What nobody has signed is not among them: the double checks no signature."""

from __future__ import annotations

import json

from tests.integration_hosts.hard_cases import CONFIGURING, REMOVING, UNPACKING, WAIT, Family, Forgotten

FOLDER = "/srv/hard"
POOL, NEWER, LOCAL = (f"{FOLDER}/{name}" for name in ("pool", "newer", "local"))
CONFIGURATION = "/usr/local/etc/pkg/repos/hard.conf"
# One script of each kind, and not those that pkg runs at two moments (pkg-create(8)).
SCRIPTS = {"pre-install": UNPACKING, "post-install": CONFIGURING, "pre-deinstall": REMOVING}
BUILD = """
build() { # name folder version
    rm -rf FOLDER/work
    mkdir -p FOLDER/work/opt/$1
    echo $1 > FOLDER/work/opt/$1/$1
    test $1 != gwbig || head -c 31457280 /dev/urandom > FOLDER/work/opt/$1/data
    (cd FOLDER/work && find . -type f | sed 's/^[.]//') > FOLDER/plist
    sed "s/VERSION/$3/" FOLDER/$1.manifest > FOLDER/manifest
    pkg create -q -M FOLDER/manifest -p FOLDER/plist -r FOLDER/work -o $2
}
""".replace("FOLDER", FOLDER)
# What a bootstrap leaves, and a repository beside FreeBSD's own.
PUBLISH = f"""
env ASSUME_ALWAYS_YES=yes pkg install -y python3 > /var/log/tools.log
for name in gwplain gwslow gwbig; do build $name {POOL} 1.0; done
build gwplain {NEWER} 1.1
build gwlocal {LOCAL} 1.0
pkg repo -q {POOL}
mkdir -p {CONFIGURATION.rpartition("/")[0]}
echo 'hard: {{ url: "file://{POOL}" }}' > {CONFIGURATION}
pkg update -qf
"""


def _manifest(name: str) -> str:
    scripts = {script: WAIT.format(when=when) for script, when in SCRIPTS.items()} if name == "gwslow" else {}
    values = {
        "name": name,
        "version": "VERSION",
        "origin": f"hard/{name}",
        "comment": "a hard case",
        "desc": "a hard case",
        "maintainer": "root@localhost",
        "www": "http://localhost",
        "prefix": "/opt",
        "abi": "*",
        "arch": "*",
        "flatsize": 31457280 if name == "gwbig" else 4096,
        "scripts": scripts,
    }
    return f"cat > {FOLDER}/{name}.manifest <<'MANIFEST'\n{json.dumps(values)}\nMANIFEST\n"


def _publish() -> str:
    manifests = "".join(_manifest(name) for name in ("gwplain", "gwslow", "gwbig", "gwlocal"))
    return f"mkdir -p {POOL} {NEWER} {LOCAL}\n{manifests}{BUILD}{PUBLISH}"


PKG = Family(
    image="freebsd",
    shell="sh",
    publish=_publish(),
    install="pkg install -y",
    # While a package is unpacked, pkg's database is SQLite's alone, and nobody is told whose.
    holders={CONFIGURING: "pkg (process ", UNPACKING: "is locked by another process"},
    killed=("pkg",),
    present="python3",
    # From a folder of the host nothing is fetched.
    archives="/var/cache/pkg",
    fetched="rust",
    room_wanted="needs 334.",
    hide=f"mv {POOL}/gwplain-1.0.pkg {FOLDER}/",
    reveal=f"mv {FOLDER}/gwplain-1.0.pkg {POOL}/",
    gone_words=(f"file://{POOL}", "gwplain", "is missing from repo", "cache_valid_time"),
    repairs=(),
    version="1.0",
    mended={},
    full_words="the file system there is full",
    forgotten=Forgotten(
        when=CONFIGURING,
        words=("gwslow came before that", "POST-INSTALL", "`pkg install -f gwslow`"),
        command="pkg install -f -y gwslow",
    ),
)
