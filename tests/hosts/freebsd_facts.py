"""Documented behaviour of FreeBSD's programs, a row per fact: what the double must answer, and where that stands.

`[R]`, `[S]`, `[D]`, `[M]`: seen running, read in the source, documented, remembered.
`src:` is freebsd/freebsd-src, `pkg:` freebsd/pkg. Rows of one topic follow one another on the same host.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """A command for /bin/sh of the host, its exit code, and patterns that its two streams must hold."""

    where: str
    command: str
    code: int = 0
    out: str = ""
    err: str = ""


# Packages whose scripts fail, or kill the pkg that runs them, in a repository that is a folder.
_FOLDER = """\
mkdir -p /tmp/tree/opt/x /tmp/pool /usr/local/etc/pkg/repos
echo x > /tmp/tree/opt/x/x
for row in 'refused:pre:exit 1' 'before:pre:kill -9 $PPID' 'after:post:kill -9 $PPID' 'gone:post:true'; do
    rest=${row#*:}
    form='{"name":"%s","version":"1","scripts":{"%s-install":"%s"}}'
    printf "$form" "${row%%:*}" "${rest%%:*}" "${rest#*:}" > /tmp/manifest
    pkg create -q -M /tmp/manifest -r /tmp/tree -o /tmp/pool
done
pkg repo -q /tmp/pool && echo 'pool: { url: "file:///tmp/pool" }' > /usr/local/etc/pkg/repos/pool.conf
pkg update -q
"""

UNTOUCHED = (
    Fact(
        "no interpreter, no sudo, no bash in base [D]",
        "command -v python3 python bash sudo apt dpkg systemctl perl",
        127,
    ),
    Fact("src:usr.bin/uname", "uname -s", out=r"\AFreeBSD\n\Z"),
    Fact(
        "os-release form [S] src:libexec/rc/rc.d/os-release", "cat /etc/os-release", out=r"NAME=FreeBSD\nVERSION=\"\d"
    ),
    Fact("-N: 1 where there is none [R]", "pkg -N", 1, err="pkg is not installed"),
    Fact("src:usr.sbin/pkg/pkg.c", "pkg install -y sudo", 1, err="ASSUME_ALWAYS_YES=yes"),
    Fact("no Include by default [S]", "grep -i '^include' /etc/ssh/sshd_config", 1),
    Fact(
        "pf is not loaded, no /etc/pf.conf", "test ! -e /etc/pf.conf; service pf status", 1, out="pf.ko is not loaded"
    ),
    Fact("root's shell is sh since 14 [D]", "pw usershow root", out=r":/root:/bin/sh$"),
    Fact("toor has no password", "pw usershow toor", out=r"^toor:\*:0:0:"),
    Fact("os_facts 4.2 [S]: compiled-in defaults", "sshd -T -f /dev/null", out="permitrootlogin no\n"),
    Fact("the same", "sshd -T -f /dev/null", out="passwordauthentication no\n"),
    Fact("the same", "sshd -T -f /dev/null", out="kbdinteractiveauthentication yes\n"),
    Fact("the same", "sshd -T -f /dev/null", out="usepam yes\n"),
    Fact("the same", "sshd -T -f /dev/null", out="usedns yes\n"),
)
SSHD = (
    Fact(
        "first value wins [R]",
        "printf 'PermitRootLogin yes\\nPermitRootLogin no\\n' >/tmp/c; sshd -T -f /tmp/c",
        out="permitrootlogin yes",
    ),
    Fact(
        "-C applies Match, -T alone does not [R]",
        "printf 'Match User bob\\nPasswordAuthentication yes\\n' >/tmp/c; sshd -T -f /tmp/c; "
        "sshd -T -f /tmp/c -C user=bob,host=h,addr=10.1.2.3",
        out=r"(?s)passwordauthentication no.*passwordauthentication yes",
    ),
    Fact(
        "unknown keyword: 255, with the file's own line [R]",
        "printf '#\\nUseBlacklist yes\\nFoo bar\\n' >/tmp/c; sshd -t -f /tmp/c",
        255,
        err=r"/tmp/c: line 3: Bad configuration option: Foo",
    ),
    Fact(
        "bad value: 255 [R]",
        "printf 'UseBlacklist maybe\\n' >/tmp/c; sshd -t -f /tmp/c",
        255,
        err="line 1: unsupported option",
    ),
    Fact("off by default [S]", "sshd -T", out=r"useb\w+ no"),
    Fact(
        "its title has the words of the rc script alone: src:crypto/openssh/sshd.c",
        "ps -ww -o args= -p $(cat /var/run/sshd.pid)",
        out=r"\Asshd: /usr/sbin/sshd \[listener\] 0 of 10-100 startups\n\Z",
    ),
    Fact(
        "reload tests first [S] src:libexec/rc/rc.d/sshd",
        "service sshd reload",
        out="Performing sanity check on sshd configuration.",
    ),
)
RC = (
    Fact("src:usr.sbin/sysrc", "sysrc groundwork_x=1", out=r"\Agroundwork_x:  -> 1\n\Z"),
    Fact("idempotent form", "sysrc groundwork_x=1", out=r"\Agroundwork_x: 1 -> 1\n\Z"),
    Fact("-n", "sysrc -n groundwork_x", out=r"\A1\n\Z"),
    Fact("-c equal: 0", "sysrc -c groundwork_x=1"),
    Fact("-c different: 1", "sysrc -c groundwork_x=2", 1, out=r"\A\Z"),
    Fact("-x removes", "sysrc -x groundwork_x && ! grep groundwork_x /etc/rc.conf"),
    Fact("unknown variable: 1", "sysrc groundwork_x", 1, err=r"\Asysrc: unknown variable 'groundwork_x'\n\Z"),
    Fact("-f", "sysrc -f /etc/periodic.conf a=b && cat /etc/periodic.conf", out=r'^a="b"$'),
    Fact("+=", "sysrc kld_list+=accf_http; sysrc kld_list+=accf_http", out="kld_list: accf_http -> accf_http"),
    Fact(
        "src:usr.sbin/service: unknown script: 1",
        "service nosuch start",
        1,
        out="nosuch does not exist in /etc/rc.d or the local startup\n",
    ),
    Fact(
        "not enabled: said, and 0 src:libexec/rc/rc.subr",
        "service ntpd start",
        0,
        out="Cannot 'start' ntpd. Set ntpd_enable to YES in /etc/rc.conf or use 'onestart'",
    ),
    Fact("not running: 1", "service ntpd status", 1, out="ntpd is not running."),
    Fact("enable", "service ntpd enable", out="ntpd enabled in /etc/rc.conf"),
    Fact("start, status", "service ntpd start && service ntpd status", out=r"ntpd is running as pid \d+\."),
    Fact("started twice: 1", "service ntpd start", 1, err="ntpd already running"),
    Fact("enabled ones", "service -e", out="/etc/rc.d/ntpd"),
    Fact("ntpq", "ntpq -pn", out=r"^\*\d"),
)
ACCOUNTS = (
    Fact(
        "os_facts 5: password * after -w no, home 0755",
        "pw useradd alice -m -s /bin/sh -w no && pw usershow alice && stat -f %Lp /home/alice",
        out=r"(?s)^alice:\*:\d+:\d+::0:0:User &:/home/alice:/bin/sh\n755",
    ),
    Fact("exists: 65 [S]", "pw useradd alice", 65, err="login name `alice' already exists"),
    Fact("no such user: 67 [S]", "pw usermod nosuch -s /bin/sh", 67, err="no such user `nosuch'"),
    Fact("unknown group of a user: 67 [S]", "pw useradd bob -G nosuch", 67, err="group `nosuch' does not exist"),
    Fact(
        "a group command on an unknown group: 65 [S] src:usr.sbin/pw/pw_group.c",
        "pw groupmod nosuch -m alice",
        65,
        err="unknown group `nosuch'",
    ),
    Fact(
        "groupmod -m appends",
        "pw groupmod wheel -m alice && pw groupshow wheel && id -Gn alice",
        out=r"wheel:\*:0:root,alice\n.*wheel",
    ),
    Fact("lock [S]", "pw lock alice && pw usershow alice", out=r"^alice:\*LOCKED\*\*:"),
    Fact("locked twice: 65", "pw lock alice", 65, err="user 'alice' is already locked"),
    Fact("a locked account may not even use su: pam_unix [S]", "su -m alice -c true", 1),
    Fact("unlock", "pw unlock alice && su -m alice -c true"),
    Fact("unlocked twice: 65", "pw unlock alice", 65, err="user 'alice' is not locked"),
    Fact("-h reads a password", "echo secret | pw usermod alice -h 0 && pw usershow alice", out=r"^alice:\$6\$"),
    Fact("-w no takes it away", "pw usermod alice -w no && pw usershow alice", out=r"^alice:\*:"),
    Fact("root stays", "pw userdel root", 65, err="cannot remove user 'root'"),
)
PACKAGES = (
    Fact("bootstrap [D]", "env ASSUME_ALWAYS_YES=yes pkg bootstrap && pkg -N", err="packages installed"),
    Fact("pkg-src:libpkg/pkg_version.c", "pkg version -t 1.0.r1 1.0", out=r"\A<\n\Z"),
    Fact(
        "the database is where PKG_DBDIR says: pkg-src:libpkg/pkg_config.c",
        "env PKG_DBDIR=/tmp/db pkg query -a %n; pkg -o PKG_DBDIR=/tmp/db update -q && ls /tmp/db",
        out=r"\Alocal.sqlite\nrepos\n\Z",
    ),
    Fact(
        "install -n: 1 when something would change [R]",
        "pkg install -n sudo",
        1,
        out=r"New packages to be INSTALLED:\n\t",
    ),
    Fact(
        "with -y: 0 and a false line [R]",
        "pkg install -n -y sudo",
        0,
        out="The most recent versions of packages are already installed",
    ),
    Fact("without -y, no terminal: 1 [R]", "pkg install sudo </dev/null", 1, out="Proceed with this action"),
    Fact(
        "an unknown name: nothing is installed [R]",
        "pkg install -y sudo nosuch; code=$?; pkg info -e sudo || exit $code",
        1,
        err="No packages available to install matching 'nosuch'",
    ),
    Fact(
        "install",
        "python=$(pkg rquery -U -e '%o = lang/python3' %dn); "
        "pkg install -y $python sudo && pkg query '%n %a' $python libffi",
        out=r"python31[12] 0\n",
    ),
    Fact(
        "already installed: 0 [R]",
        "pkg install -y sudo",
        out="The most recent versions of packages are already installed",
    ),
    Fact("query of what is absent: 1, no output [R]", "pkg query %n nosuch", 1, out=r"\A\Z"),
    Fact("automatic ones [R]", "pkg query -e '%a = 1' %n", out="libffi"),
    Fact("by origin", "pkg rquery -U -e '%o = security/py-fail2ban' %n", out=r"\Apy31[12]-fail2ban\n\Z"),
    Fact("glob", "pkg rquery -U -g %n 'py3*-pip'", out=r"\Apy31[12]-pip\n\Z"),
    Fact("audit without its list: 1 [R]", "pkg audit", 1, err="vulnxml file .* does not exist"),
    Fact("vulnerable: 1 [R]", "pkg audit -F", 1, out="groundwork-demo-1.0 is vulnerable"),
    Fact("machine form [R]", "pkg audit -R json-compact", 1, out=r'\A\{"pkg_count":1,"packages":\{"groundwork-demo"'),
    Fact("outdated [R]", "pkg version -vRL=", out=r"groundwork-demo-1.0 +<   needs updating \(remote has 1.1\)"),
    Fact(
        "lock; a repetition succeeds in 2.8 [S]",
        "pkg lock -y groundwork-feature && pkg lock -y groundwork-feature",
        out="already locked",
    ),
    Fact("has locked: 0 [R]", "pkg lock --has-locked-packages"),
    Fact("removal of a locked one: 7 [R]", "pkg delete -y groundwork-feature", 7, out="1 locked, 0 missing"),
    Fact("absent: 1 [R]", "pkg delete -y nosuch", 1, out="1 packages requested for removal: 0 locked, 1 missing"),
    Fact("-v takes only what is vulnerable [S]", "pkg upgrade -yv && pkg query %v groundwork-demo", out=r"1\.1\n\Z"),
    Fact("a locked one stays", "pkg upgrade -y && pkg query %v groundwork-feature", out=r"1\.0\n\Z"),
    Fact("no one locked: 1 [R]", "pkg unlock -qy groundwork-feature; pkg lock --has-locked-packages", 1),
    Fact(
        "dry upgrade: always 0 [R]",
        "pkg upgrade -n",
        0,
        out=r"Installed packages to be UPGRADED:\n\tgroundwork-feature: 1.0 -> 1.1",
    ),
    Fact(
        "a conflict takes the other away",
        "pkg install -y groundwork-conflict && ! pkg info -e groundwork-feature",
        out="Installed packages to be REMOVED",
    ),
    Fact(
        "orphans",
        "pkg install -qy groundwork-tool && pkg delete -y groundwork-tool && pkg autoremove -y",
        out="groundwork-library",
    ),
    Fact("none left [R]", "pkg autoremove -y", out="Nothing to do."),
    Fact("no room: 3 pkg:libpkg/pkg_jobs.c", "pkg install -y groundwork-big", 3, err="Not enough space in"),
    Fact(
        "a local file, twice: 0 [R]",
        "cd /usr/share/groundwork/packages && pkg add groundwork-service-1.0.pkg && pkg add groundwork-service-1.0.pkg",
        out="is already installed",
    ),
    Fact(
        "unreachable: update 1 [R]",
        "touch /usr/libexec/freebsd-double/unreachable; pkg update",
        1,
        err="Error updating repositories!",
    ),
    Fact("unreachable: install 3 [R]", "pkg install -y curl", 3),
    Fact(
        "unreachable, -U, and there: 0 [R]",
        "pkg install -yU sudo; code=$?; rm /usr/libexec/freebsd-double/unreachable; exit $code",
    ),
    Fact(
        "a lock that a process holds: 1 [R]",
        "pkg shell \"insert into pkg_lock_pid values ($$, 'advisory')\"; "
        "LOCK_RETRIES=1 pkg install -y curl; code=$?; pkg shell 'delete from pkg_lock_pid'; exit $code",
        1,
        err="Cannot get an advisory lock",
    ),
    Fact(
        "dead holders are cleared [R]",
        "pkg shell \"insert into pkg_lock_pid values (999999, 'advisory')\"; pkg install -qy curl",
    ),
    Fact("a folder is a repository pkg:libpkg/fetch_file.c", _FOLDER + "pkg rquery -U %v after", out=r"\A1\n\Z"),
    Fact(
        "a script before that fails: 3, and nothing is there pkg:libpkg/pkg_add.c",
        "pkg install -yU refused; code=$?; pkg info -e refused || test -e /opt/x/x || exit $code",
        3,
        err="PRE-INSTALL script failed",
    ),
    Fact(
        "killed in the script before: not registered pkg:libpkg/pkg_add.c",
        "pkg install -yU before; pkg info -e before || test -e /opt/x/x",
        1,
    ),
    Fact(
        "killed in the script after: registered, and that is all pkg:libpkg/pkg_add.c",
        "pkg install -yU after; pkg info -e after && pkg install -yU after",
        out="The most recent versions of packages are already installed",
    ),
    Fact(
        "gone from a folder: 3 pkg:libpkg/repo/binary/fetch.c",
        "rm /tmp/pool/gone-1.pkg; pkg install -yU gone; code=$?; rm /usr/local/etc/pkg/repos/pool.conf; exit $code",
        3,
        err="cached package gone-1: file:///tmp/pool/gone-1.pkg is missing from repo",
    ),
    Fact(
        "sudo works",
        "echo 'alice ALL=(ALL) NOPASSWD: ALL' >/usr/local/etc/sudoers.d/alice && "
        "chmod 0440 /usr/local/etc/sudoers.d/alice && visudo -c && su -m alice -c '/usr/local/bin/sudo -n id -u'",
        out=r"^0$",
    ),
    Fact(
        "venv with the interpreter's package alone [S]",
        "/usr/local/bin/python3.1[12] -m venv /tmp/venv && /tmp/venv/bin/pip --version",
        out="pip",
    ),
    Fact(
        "sqlite is a package of its own [S]",
        "/usr/local/bin/python3.1[12] -c 'import sqlite3'",
        1,
        err="No module named '_sqlite3'",
    ),
)
FILTER = (
    Fact(
        "-n says nothing when all is well; since 15 it needs the module, src:lib/libpfctl/libpfctl.c, pfctl_open",
        "printf 'block in all\\npass in quick proto tcp to port { 22 80 }\\n' >/etc/pf.conf\n"
        "case $(uname -r) in 15*) pfctl -nf /etc/pf.conf 2>&1 | grep netlink && kldload pf >&2 ;; esac >/dev/null\n"
        "pfctl -nf /etc/pf.conf",
        out=r"\A\Z",
    ),
    Fact(
        "syntax error: 1 [D]",
        "printf 'block in all\\npass in prto tcp\\n' >/tmp/p; pfctl -nf /tmp/p",
        1,
        err=r"\A/tmp/p:2: syntax error\n\Z",
    ),
    Fact("src:sbin/pfctl/parse.y", "echo 'block in on $nope' | pfctl -nf -", 1, err="macro 'nope' not defined"),
    Fact(
        "without -n one line more: src:sbin/pfctl/pfctl.c, pfctl_rules",
        "kldload -n pf; pfctl -f /tmp/p; code=$?; kldunload pf; exit ${code}",
        1,
        err=r"/tmp/p:2: syntax error\npfctl: Syntax error in config file: pf rules not loaded",
    ),
    Fact(
        "-a '*' shows what anchors hold, -P ports by number: src:sbin/pfctl/pfctl.c, pfctl_show_rules",
        "kldload -n pf; printf 'anchor \"a/*\"\\npass in proto igmp all allow-opts\\n' | pfctl -f -\n"
        "echo 'pass in proto tcp to port ssh keep state (sloppy)' | pfctl -a a/b -f -; pfctl -P -a '*' -sr\n"
        "pfctl -a a/b -F rules; pfctl -F rules; kldunload pf",
        out=r'anchor "a/\*" all \{\n  anchor "b" all \{\n'
        r"    pass in proto tcp from any to any port = 22 flags S/SA keep state \(sloppy\)\n  \}\n\}\n"
        r"pass in proto igmp all keep state allow-opts\n",
    ),
    Fact(
        "the module loads with the service [S]",
        "sysrc pf_enable=YES && service pf start && pfctl -s Running",
        out="Enabled",
    ),
    Fact(
        "rules as printed",
        "pfctl -sr",
        out=r"block drop in all\npass in quick proto tcp from any to any port = ssh flags S/SA keep state\n",
    ),
    Fact("status [S]", "service pf status", out="Status: Enabled"),
    Fact("enabled twice: 1", "pfctl -e", 1, err="pf already enabled"),
    Fact("tables", "pfctl -t bad -T add 192.0.2.1 192.0.2.0/25", err=r"1 table created.\n2/2 addresses added."),
    Fact("show", "pfctl -t bad -T show", out=r"^   192\.0\.2\.0/25$"),
    Fact("test: 2 when outside", "pfctl -t bad -T test 198.51.100.1", 2, err="0/1 addresses match."),
    Fact("unknown table: 1", "pfctl -t nosuch -T show", 1, err="Table does not exist."),
    Fact(
        "an anchor of its own",
        "echo 'block quick from <x>' | pfctl -a a/b -f - && pfctl -a a/b -sr",
        out="block drop quick from <x> to any",
    ),
    Fact("reload", "service pf reload", out="Reloading pf rules."),
    Fact("disabled", "service pf stop && pfctl -s Running", 1, out="Disabled"),
)
SYSTEM = (
    Fact("sysctl", "sysctl security.bsd.see_other_uids=0", out="security.bsd.see_other_uids: 1 -> 0"),
    Fact("unknown: 1", "sysctl nosuch.oid", 1, err="sysctl: unknown oid 'nosuch.oid'"),
    Fact(
        "securelevel only rises",
        "sysctl kern.securelevel=1; sysctl kern.securelevel=0",
        1,
        err="Operation not permitted",
    ),
    Fact(
        "daemon: a pidfile in use: 3",
        "daemon -p /tmp/s.pid sleep 30; sleep 0.3; daemon -p /tmp/s.pid sleep 30",
        3,
        err="process already running",
    ),
    Fact("periodic mails root", "periodic security; tail -3 /var/mail/root", out="End of security output"),
    Fact("sockstat", "sockstat -4l", out=r"root +sshd +\d+ +\d+ +tcp4 +\*:22 "),
    Fact("chroot -u: src:usr.sbin/chroot", "chroot -u nobody -g nobody / id -un", out=r"\Anobody\n\Z"),
    Fact(
        "timeout waits for what the command left behind: src:bin/timeout",
        "date +%s >/tmp/t1; timeout 9 sh -c 'sleep 2 &'; expr $(date +%s) - $(cat /tmp/t1)",
        out=r"\A[2-8]\n\Z",
    ),
    Fact("jot: both bounds are included: src:usr.bin/jot", "jot -r 40 0 1 | sort -u", out=r"\A0\n1\n\Z"),
    Fact("124 when time is up", "timeout 1 sleep 5", 124),
    Fact("pgrep: src:bin/pkill", "pgrep -LF /var/run/sshd.pid", 3, err="can be locked"),
    Fact("without criteria: 2", "pgrep", 2, err="usage: pgrep"),
    Fact("su: src:usr.bin/su", "su -s /bin/sh nobody", 1, err="su: unknown login: /bin/sh"),
    Fact("what follows the login goes to its shell", "su -m operator -c 'exit 7'", 7),
    Fact("others see no password: getpwent(3)", "su -m operator -c 'pw usershow root'", out=r"^root:\*:0:0:"),
    Fact(
        "login.access refuses: src:lib/libpam/modules/pam_login_access",
        "echo '-:operator:ALL' >>/etc/login.access; su -l operator -c id; code=$?\n"
        "sed -i '' '/^-/d' /etc/login.access; exit ${code}",
        1,
        err="su: Sorry",
    ),
    Fact("GNU's -c is no option", "stat -c %a /etc", 1, err="illegal option"),
    Fact("sed -i takes a suffix", "echo a >/tmp/s; sed -i '' s/a/b/ /tmp/s; cat /tmp/s", out=r"\Ab\n\Z"),
)
SETS = (
    Fact("the older default [S] os_facts 0.13", "pkg rquery -U -e '%o = lang/python3' %dn", out=r"\Apython311\n\Z"),
    Fact("uname /usr/bin/uname belongs to no package [R]", "pkg which -q /usr/bin/uname", 1),
    Fact("no terminal: 1 [D]", "freebsd-update fetch </dev/null", 1, out="should not be run non-interactively"),
    Fact("nothing to install: 2 [S]", "freebsd-update install", 2, out="No updates are available to install."),
    Fact("none ready: 2 [S]", "freebsd-update updatesready", 2),
    Fact("fetch", "env PAGER=cat freebsd-update --not-running-from-cron fetch", out="14.5-RELEASE-p2:"),
    Fact("ready: 0 [S]", "freebsd-update updatesready"),
    Fact(
        "installed; the kernel waits for a reboot [M]",
        "freebsd-update install && freebsd-version -kru",
        out=r"14.5-RELEASE-p2\n14.5-RELEASE-p1\n14.5-RELEASE-p2",
    ),
    Fact("0 when fetch ran in the same call [S]", "env PAGER=cat freebsd-update --not-running-from-cron fetch install"),
    Fact(
        "cron waits by the sleep that is first in /sbin, /bin, ...: src:usr.sbin/freebsd-update",
        "printf '#!/bin/sh\\necho $1 >/tmp/slept\\n' >/sbin/sleep; chmod +x /sbin/sleep; freebsd-update cron; code=$?\n"
        "rm /sbin/sleep; cat /tmp/slept; exit ${code}",
        out=r"\A\d{1,4}\n\Z",
    ),
)
PACKAGED_BASE = (
    Fact("the newer default [S] os_facts 0.13", "pkg rquery -U -e '%o = lang/python3' %dn", out=r"\Apython312\n\Z"),
    Fact(
        "with its own number",
        "python3.12 --version; ls -d /usr/local/lib/python3.*",
        out=r"\APython 3\.12\.\d+\n\S+3.12$",
    ),
    Fact("the base is packages [D]", "pkg which -q /usr/bin/uname", out="FreeBSD-runtime-15.1"),
    Fact(
        "the wrong tool [D]",
        "freebsd-update fetch",
        1,
        out="freebsd-update is incompatible with the use of packaged base",
    ),
    Fact("vital: 7", "pkg delete -y FreeBSD-runtime", 7, out="locked or vital"),
    Fact("base alone", "pkg upgrade -y -r FreeBSD-base && pkg query %v FreeBSD-runtime", out=r"15\.1p1\n\Z"),
    Fact(
        "versions follow the packages; the kernel waits for a reboot [D]",
        "freebsd-version -kru",
        out=r"15.1-RELEASE-p1\n15.1-RELEASE\n15.1-RELEASE-p1",
    ),
)
