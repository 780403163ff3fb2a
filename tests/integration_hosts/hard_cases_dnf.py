"""The hard cases on the Enterprise Linux family."""

from __future__ import annotations

from tests.integration_hosts.hard_cases import (
    CONFIGURING,
    REMOVING,
    SERVE,
    UNPACKING,
    WAIT,
    Family,
    Unsigned,
)

FOLDER = "/srv/hard"
BUILD = """
build() { # name archive version
    cat > FOLDER/$1.spec <<SPEC
Name: $1
Version: $3
Release: 1
Summary: a hard case
License: none
BuildArch: noarch
%description
A hard case.
%install
mkdir -p %{buildroot}/opt/$1
echo $1 > %{buildroot}/opt/$1/$1
test $1 != gwbig || head -c 30M /dev/urandom > %{buildroot}/opt/$1/data
%files
/opt/$1
SPEC
    test $1 != gwslow || cat FOLDER/scripts >> FOLDER/$1.spec
    rpmbuild -bb --quiet --define '_binary_payload w0.ufdio' --define '_topdir FOLDER/build' \\
        --define "_rpmdir FOLDER/$2" --define '_rpmfilename %%{NAME}.rpm' FOLDER/$1.spec >/dev/null
}
mkdir -p FOLDER/pool FOLDER/next FOLDER/unsigned
""".replace("FOLDER", FOLDER)
SCRIPTS = (("%pre", UNPACKING), ("%post", CONFIGURING), ("%preun", REMOVING))
SIGN = """
export GNUPGHOME={folder}/gnupg
install -d -m 0700 $GNUPGHOME
gpg --batch --quiet --passphrase '' --quick-generate-key 'Hard cases' rsa2048 sign never
gpg --batch --armor --export > {folder}/key
rpmsign --define '__gpg /usr/bin/gpg' --define '_gpg_name Hard cases' --addsign {folder}/pool/*.rpm \\
    {folder}/next/*.rpm >/dev/null 2>&1
createrepo_c --quiet {folder}/pool
createrepo_c --quiet {folder}/next
createrepo_c --quiet {folder}/unsigned
"""
# Nothing but our repository, so that each call has little to read.
SOURCE = """
mkdir -p {folder}/away
mv /etc/yum.repos.d/*.repo {folder}/away
cat > /etc/yum.repos.d/hard.repo <<'REPOSITORY'
[hard]
name=Hard cases
baseurl=http://127.0.0.1:8123/pool
gpgcheck=1
gpgkey=file://{folder}/key
retries=1
REPOSITORY
"""
UNSIGNED = """
cat > /etc/yum.repos.d/unsigned.repo <<'REPOSITORY'
[unsigned]
name=Nobody
baseurl=file://{folder}/unsigned
gpgcheck=1
gpgkey=file://{folder}/key
REPOSITORY
"""
NEXT = """
cat > /etc/yum.repos.d/next.repo <<'REPOSITORY'
[next]
name=What comes next
baseurl=file://{folder}/next
gpgcheck=1
gpgkey=file://{folder}/key
REPOSITORY
"""
OFFER_NEXT = NEXT.format(folder=FOLDER)
WITHDRAW_NEXT = "rm /etc/yum.repos.d/next.repo"
NEXT_VERSION = "2.0-1"
LOCK = "/var/lib/dnf/rpmdb_lock.pid"
# What systemd does at each boot, by the file that dnf's own package brings.
BOOT = f"test -e {LOCK} && systemd-tmpfiles --boot --remove dnf.conf && test ! -e {LOCK}"
# A process that has started after the lock file was written has got the number that stands in it.
GIVE_THE_NUMBER_AWAY = f"""
systemd-run --quiet --unit gw-innocent sleep 600
systemctl show --property MainPID --value gw-innocent > {LOCK}
touch --date '1 hour ago' {LOCK}
"""
TAKE_THE_NUMBER_BACK = f"systemctl stop gw-innocent; rm -f {LOCK}"
# The state of dnf's last transaction, read as the module reads it.
STATE_IN_HISTORY = """python3 -c "
import sqlite3
database = sqlite3.connect('file:/var/lib/dnf/history.sqlite?mode=ro&readonly_shm=1', uri=True)
print(database.execute('SELECT state FROM trans ORDER BY id DESC LIMIT 1').fetchall())"
"""
CUT_OFF = "[(0,)]"


def _publish() -> str:
    scripts = "".join(f"{section}\n{WAIT.format(when=when)}\nexit 0\n" for section, when in SCRIPTS)
    written = f"mkdir -p {FOLDER}\ncat > {FOLDER}/scripts <<'SCRIPTS'\n{scripts}SCRIPTS\n"
    builds = "for name in gwplain gwslow gwbig; do build $name pool 1.0; done\n"
    builds += "build gwslow next 2.0\nbuild gwunsigned unsigned 1.0\n"
    return written + BUILD + builds + (SIGN + SOURCE + SERVE).format(folder=FOLDER) + "sleep 1\n"


DNF = Family(
    image="centos",
    publish=_publish(),
    install="dnf -y install",
    holders={CONFIGURING: "dnf (process "},
    killed=("dnf",),
    archives="/var/cache/dnf",
    hide=f"mv {FOLDER}/pool/gwplain.rpm {FOLDER}/; rm -f /var/cache/dnf/*/packages/*",
    reveal=f"mv {FOLDER}/gwplain.rpm {FOLDER}/pool/",
    unsigned=Unsigned(
        add=UNSIGNED.format(folder=FOLDER),
        remove="rm /etc/yum.repos.d/unsigned.repo",
        words=("gwunsigned", "is not signed", "gpgcheck"),
    ),
    gone_words=("http://127.0.0.1:8123", "gwplain", "404", "cache_valid_time"),
    repairs=("dnf reinstall",),
    version="1.0-1",
    # rpm knows of a package only once it is unpacked; until then nothing has come of it.
    mended={CONFIGURING: "reinstall"},
    full_words="more space needed on the /opt/gwbig filesystem",
)
