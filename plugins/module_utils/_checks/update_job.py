# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job of ours that installs FreeBSD's security updates, and the line of a crontab that starts it.

FreeBSD itself has none: `freebsd-update cron` fetches and mails (freebsd-update(8)), and pkg(8) ships an audit, no
upgrade. Facts that the program rests on, all from freebsd/freebsd-src and freebsd/pkg:

- freebsd-update.sh: `cron` waits up to an hour, fetches, and mails what it found; an `install` in the same call then
  ends with 0, in some versions with 2, where there is nothing (`ISFETCHED`), and reports go to $PAGER. After a failed
  fetch it would install whatever lies ready, so a started upgrade to another release (`kernelfirst`, left by `upgrade`)
  is looked for first.
- freebsd-update.sh (`check_pkgbase`): where /usr/bin/uname belongs to a package, the base system is pkg's.
- src/upgrade.c and libpkg/pkg_jobs.c: `pkg upgrade -v` upgrades everything where nothing is vulnerable, because it then
  has no name to look for; so the vulnerable ones are named, as `pkg audit -F -q` prints them (name-version).
- src/lock.c: `pkg lock` and `unlock` take one package at a time; an upgrade leaves locked ones as they are, which is
  how something is left out of it (libpkg/pkg_jobs.c, EPKG_LOCKED).
- freebsd-version(1): `-k` is the installed kernel, `-r` the running one, `-u` the userland.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Setting
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.patterns import as_glob

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Options

PROGRAM, CRONTAB = "freebsd-updates", "freebsd-updates-crontab"
PATH = "/usr/local/libexec/groundwork-updates"
CRONTAB_PATH = "/usr/local/etc/cron.d/groundwork-updates"
LOCK = "/var/run/groundwork-updates.lock"
# Every night; it waits up to an hour by itself. periodic(8) runs at three.
SCHEDULE = "41 4 * * *"
SCRIPT = """\
#!/bin/sh
# Written by groundwork.python_host; a change here is lost at its next run.
# Installs security updates of FreeBSD's base system and of its packages; cron starts it every night.
# usage: groundwork-updates [-m address] [-r] [-x glob] ...
#   -m  mail about fetched updates goes there, not to root
#   -r  restart the host where an update needs it
#   -x  leave packages with such a name as they are
PATH=/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin
PAGER=cat
LOCK_RETRIES=300
export PATH PAGER LOCK_RETRIES
set -f
address= restart= excluded= held=
while getopts m:rx: option; do
    case $option in
    m) address=$OPTARG ;;
    r) restart=yes ;;
    x) excluded="$excluded $OPTARG" ;;
    *) exit 64 ;;
    esac
done
report=$(mktemp /tmp/groundwork-updates.XXXXXX) || exit 73
record=/var/db/groundwork-updates.held
let_go() {
    for name in $held; do pkg unlock -q -y "$name"; done
    rm -f "$record"
}
trap 'let_go > /dev/null; rm -f "$report"' EXIT
trap 'exit 75' HUP INT TERM

versions() { freebsd-version -ku 2> /dev/null; pkg query -a '%n-%v'; }

unlocked() { sed -n 's/^0 //p'; }

# Those that somebody else has locked stay locked afterwards, and those that a run left locked that was killed do not.
hold() {
    if [ -f "$record" ]; then
        held=$(cat "$record")
        let_go
    fi
    held=$(for pattern in $excluded; do pkg query -g '%k %n' "$pattern"; done | unlocked)
    echo $held > "$record"
    for name in $held; do
        pkg lock -q -y "$name" || return
    done
}

# Nothing is removed that nobody has named.
upgrade() {
    if pkg upgrade -n "$@" | grep 'to be REMOVED'; then
        echo "pkg upgrade $* would remove packages, and waits for somebody to do it."
        return 1
    fi
    pkg upgrade -y "$@"
}

# An upgrade to another release that somebody has begun is theirs to finish.
is_upgrading() {
    directory=$(freebsd-update showconfig | sed -n 's/^WORKDIR=//p')
    [ -n "$(find "${directory:-/var/db/freebsd-update}/" -name kernelfirst)" ]
}

base() {
    if [ "$(sysctl -n security.jail.jailed)" = 1 ]; then
        echo "The base system of a jail is updated from its host."
    elif pkg which -q /usr/bin/uname > /dev/null 2>&1; then
        sleep "$(jot -r 1 1 3600)"
        upgrade -r FreeBSD-base
    elif is_upgrading; then
        echo "An upgrade to another release is not finished: the base system was left as it is."
        return 1
    else
        freebsd-update ${address:+-t "$address"} cron install || [ $? = 2 ]
    fi
}

# One after the other, because one for which there is none would hold up the rest.
packages() {
    found=$(pkg audit -F -q) || [ -n "$found" ] || return 1
    [ -n "$found" ] || return 0
    result=0
    for name in $(pkg query '%k %n' $found | unlocked); do
        upgrade "$name" || result=1
    done
    return $result
}

is_restart_needed() {
    [ "$(sysctl -n security.jail.jailed)" = 0 ] || return 1
    [ "$(freebsd-version -k)" != "$(freebsd-version -r)" ] || [ "$(freebsd-version -u)" != "$userland" ]
}

failed=
userland=$(freebsd-version -u)
before=$(versions)
if hold > "$report" 2>&1; then
    base >> "$report" 2>&1 || failed=yes
    packages >> "$report" 2>&1 || failed=yes
else
    failed=yes
fi
logger -t groundwork-updates -f "$report"
# cron mails what is printed.
if [ "$failed" ] || [ "$before" != "$(versions)" ]; then
    cat "$report"
fi
if [ "$restart" ] && is_restart_needed; then
    shutdown -r +5 "Updates need a restart"
fi
[ -z "$failed" ]
"""


def settings(options: Options) -> Iterator[Setting]:
    """The program, and the lines of its crontab."""
    yield Setting(PROGRAM, "program", SCRIPT)
    yield Setting(CRONTAB, "job", _line(options))
    if options.update_mail:
        yield Setting(CRONTAB, "MAILTO", f"MAILTO={options.update_mail}")


def _line(options: Options) -> str:
    """One run at a time. A percent sign would end the command (crontab(5)); none of the options may hold one."""
    words = ["/usr/bin/lockf", "-s", "-t", "0", LOCK, PATH]
    if options.update_mail:
        words.extend(("-m", options.update_mail))
    if options.update_reboot == "when-needed":
        words.append("-r")
    for pattern in options.update_exclude:
        words.extend(("-x", as_glob(pattern)))
    return f"{SCHEDULE} root {' '.join(map(shlex.quote, words))}"
