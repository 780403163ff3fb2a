"""The hard cases on the Debian family."""

from __future__ import annotations

from tests.integration_hosts.hard_cases import (
    CONFIGURING,
    REMOVING,
    SERVE,
    UNPACKING,
    WAIT,
    ByHand,
    Family,
    Unsigned,
)

FOLDER = "/srv/hard"
BUILD = """
build() { # name payload-directory
    tree={folder}/work
    rm -rf $tree; mkdir -p $tree/DEBIAN $tree$2
    control=$tree/DEBIAN/control
    printf 'Package: %s\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: nobody <root@localhost>\\n' $1 > $control
    echo $1 > $tree$2/$1
    test $1 != gwbig || head -c 30M /dev/urandom > $tree$2/data
    printf 'Installed-Size: %s\\nDescription: a hard case\\n' $(du -k -s $tree$2 | cut -f1) >> $control
    test $1 != gwslow || for script in preinst postinst prerm; do
        cp {folder}/$script $tree/DEBIAN/; chmod 0755 $tree/DEBIAN/$script
    done
    dpkg-deb --root-owner-group -Znone --build $tree {folder}/$3/$1.deb >/dev/null
}
mkdir -p {folder}/pool {folder}/unsigned
"""
SCRIPT = "cat > {folder}/{script} <<'SCRIPT'\n#!/bin/sh\n{wait}\nexit 0\nSCRIPT\n"
SCRIPTS = (("preinst", UNPACKING), ("postinst", CONFIGURING), ("prerm", REMOVING))
INDEX = "cd {folder} && apt-ftparchive packages pool > Packages && apt-get -qq update\n"
# Nothing but our archive, so that each call has little to read.
SOURCE = """
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] http://127.0.0.1:8123 ./' > /etc/apt/sources.list.d/hard.list
echo 'Acquire::Retries 0;' > /etc/apt/apt.conf.d/95retries
for name in gwplain gwslow; do build $name /opt/$name pool; done
build gwbig /opt/gwbig pool
build gwunsigned /opt/gwunsigned unsigned
(cd {folder}/unsigned && apt-ftparchive packages . > Packages && echo 'Origin: nobody' > Release)
"""
SLOW = f"{FOLDER}/pool/gwslow.deb"


def _publish() -> str:
    scripts = [SCRIPT.format(folder=FOLDER, script=name, wait=WAIT.format(when=when)) for name, when in SCRIPTS]
    # The shell's own braces stand in BUILD, so that it is no format.
    build = BUILD.replace("{folder}", FOLDER)
    rest = (SOURCE + SERVE).format(folder=FOLDER)
    return build + "".join(scripts) + rest + "sleep 1\n" + INDEX.format(folder=FOLDER)


APT = Family(
    image="ubuntu_lts",
    publish=_publish(),
    install="apt-get -y install",
    holders={CONFIGURING: "apt-get (process "},
    killed=("apt-get", "dpkg"),
    archives="/var/cache/apt/archives",
    hide=f"mv {FOLDER}/pool/gwplain.deb {FOLDER}/; rm -f /var/cache/apt/archives/*.deb",
    reveal=f"mv {FOLDER}/gwplain.deb {FOLDER}/pool/",
    unsigned=Unsigned(
        add=f"echo 'deb file:{FOLDER}/unsigned ./' > /etc/apt/sources.list.d/unsigned.list",
        remove="rm /etc/apt/sources.list.d/unsigned.list; apt-get -qq update",
        words=("is not signed", "/etc/apt/sources.list"),
    ),
    gone_words=("Failed to fetch http://127.0.0.1:8123", "gwplain", "404", "cache_valid_time"),
    repairs=("dpkg --configure -a",),
    version="1.0",
    mended={UNPACKING: "install", CONFIGURING: "install"},
    full_words="o space left on device",
    by_hand=ByHand(
        spoil=f"mv {SLOW} {FOLDER}/ && " + INDEX.format(folder=FOLDER),
        words=("gwslow 1.0", "package file", "dpkg --remove --force-remove-reinstreq gwslow"),
        command="dpkg --remove --force-remove-reinstreq gwslow",
        restore=f"mv {FOLDER}/gwslow.deb {SLOW} && " + INDEX.format(folder=FOLDER),
    ),
)
