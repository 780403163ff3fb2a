"""Writes the accounts of an untouched FreeBSD: names and numbers of freebsd/freebsd-src:etc/master.passwd and
etc/group.
"""

from __future__ import annotations

import crypt
import secrets

from ..accounts.databases import Group, User, save_groups, save_users

_GROUPS = (
    "wheel:0:root daemon:1 kmem:2"
    " sys:3 tty:4 operator:5:root mail:6 bin:7 news:8 man:9 games:13 ftp:14 staff:20 sshd:22"
    " smmsp:25 mailnull:26 guest:31 video:44 realtime:47 idletime:48 bind:53 unbound:59 proxy:62 authpf:63 _pflogd:64"
    " _dhcp:65 uucp:66 dialer:68 network:69 audit:77 auditdistd:78 www:80 u2f:116 ntpd:123"
    " _ypldap:160 hast:845 tests:977 nogroup:65533 nobody:65534"
)
_USERS = (
    *("daemon:1:1:/root", "operator:2:5:/", "bin:3:7:/", "tty:4:65533:/", "kmem:5:65533:/", "games:7:13:/"),
    *("news:8:8:/", "man:9:9:/usr/share/man", "sshd:22:22:/var/empty", "smmsp:25:25:/var/spool/clientmqueue"),
    *("mailnull:26:26:/var/spool/mqueue", "bind:53:53:/", "unbound:59:59:/var/unbound", "proxy:62:62:/nonexistent"),
    *("_pflogd:64:64:/var/empty", "_dhcp:65:65:/var/empty", "uucp:66:66:/var/spool/uucppublic"),
    *("pop:68:6:/nonexistent", "auditdistd:78:77:/var/empty", "www:80:80:/nonexistent", "ntpd:123:123:/var/db/ntp"),
    *("_ypldap:160:160:/var/empty", "hast:845:845:/var/empty", "tests:977:977:/nonexistent"),
    "nobody:65534:65534:/nonexistent",
)


def main() -> None:
    secret = crypt.crypt(secrets.token_urlsafe(12), crypt.mksalt(crypt.METHOD_SHA512))
    users = [
        User("root", secret, 0, 0, gecos="Charlie &", home="/root", shell="/bin/sh"),
        User("toor", "*", 0, 0, gecos="Bourne-again Superuser", home="/root", shell=""),
    ]
    for row in _USERS:
        name, uid, gid, home = row.split(":")
        users.append(User(name, "*", int(uid), int(gid), gecos=f"{name} user", home=home, shell="/usr/sbin/nologin"))
    groups = []
    for row in _GROUPS.split():
        name, gid, *members = row.split(":")
        groups.append(Group(name, "*", int(gid), tuple(members)))
    save_groups(groups)
    with open("/etc/master.passwd", "w"):
        pass
    save_users(users)
