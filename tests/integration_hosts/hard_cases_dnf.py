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
build() { # name archive
    cat > FOLDER/$1.spec <<SPEC
Name: $1
Version: 1.0
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
mkdir -p FOLDER/pool FOLDER/unsigned
""".replace("FOLDER", FOLDER)
SCRIPTS = (("%pre", UNPACKING), ("%post", CONFIGURING), ("%preun", REMOVING))
SIGN = """
export GNUPGHOME={folder}/gnupg
install -d -m 0700 $GNUPGHOME
gpg --batch --quiet --passphrase '' --quick-generate-key 'Hard cases' rsa2048 sign never
gpg --batch --armor --export > {folder}/key
rpmsign --define '__gpg /usr/bin/gpg' --define '_gpg_name Hard cases' --addsign {folder}/pool/*.rpm >/dev/null 2>&1
createrepo_c --quiet {folder}/pool
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


def _publish() -> str:
    scripts = "".join(f"{section}\n{WAIT.format(when=when)}\nexit 0\n" for section, when in SCRIPTS)
    written = f"mkdir -p {FOLDER}\ncat > {FOLDER}/scripts <<'SCRIPTS'\n{scripts}SCRIPTS\n"
    builds = "for name in gwplain gwslow gwbig; do build $name pool; done\nbuild gwunsigned unsigned\n"
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
