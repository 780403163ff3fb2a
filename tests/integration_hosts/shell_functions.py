"""Shell functions by which scripts prepare a host: those that differ, and on FreeBSD what Linux calls its tools."""

from __future__ import annotations

# `hold_port COMMAND…` runs something that listens on port 2222, and waits until it does; `hash_of_root HASH` gives root
# a password by its hash.
ON_LINUX = """\
hash_of_root() { echo "root:$1" | chpasswd -e; }
hold_port() {
    systemd-run --quiet --unit=squatter "$@"
    until ss -Hltn | grep -q :2222; do sleep 0.1; done
}
"""
# Each takes the words that the tables use, and no others. pw(8) sets no password unless it is told to: `*`.
ON_FREEBSD = """\
hold_port() {
    daemon -f "$@"
    until sockstat -46l -P tcp | grep -q :2222; do sleep 0.1; done
}
useradd() { pw useradd deploy -m -d /home/deploy -s /bin/sh; }
groupadd() { pw groupadd "$1"; }
usermod() {
    case "$*" in
    "-o -u 0 deploy") pw usermod deploy -u 0 ;;
    "-L deploy") pw lock deploy ;;
    "-s "*) pw usermod deploy -s "$2" ;;
    "-d "*) pw usermod deploy -d "$2" ;;
    "-m -d "*) mv /home/deploy "$3"; pw usermod deploy -d "$3" ;;
    "-a -G adm deploy") pw groupmod operator -m deploy ;;
    "-a -G "*) pw groupmod "$3" -m deploy ;;
    *) echo "no word for usermod $*" >&2; return 1 ;;
    esac
}
chage() {
    case "$*" in
    "-E 2020-01-01 deploy") pw usermod deploy -e 1577836800 ;;
    "-E 1 deploy") pw usermod deploy -e 86400 ;;
    "-d 0 deploy" | "-d 2020-01-01 -M 60 deploy") pw usermod deploy -p 1577836800 ;;
    *) echo "no word for chage $*" >&2; return 1 ;;
    esac
}
hash_of_root() { echo "$1" | pw usermod root -H 0; }
chpasswd() { IFS=: read -r name password; echo "$password" | pw usermod "$name" -h 0; }
systemctl() { service "$2" "$1"; }
mkdir -p /srv
"""
# What FreeBSD does by itself within a night: ntpd selects a source, and the job for updates fetches the list of holes.
A_NIGHT_ON_FREEBSD = (
    "timeout 120 sh -c 'until ntpq -n -c rv | grep -q sync_ntp; do sleep 1; done'; pkg audit -q -F || true"
)
