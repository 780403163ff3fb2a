"""Account rules of PAM as Enterprise Linux's authselect and Debian's pam-auth-update lay them out."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import pam, sshd_access
from tests.unit.module_utils._checks.sshd_double import with_lines
from tests.unit.module_utils._checks.worlds import context, prepared, put, raw, sshd_says

REDHAT = """\
auth       substack     password-auth
account    required     pam_sepermit.so
account    required     pam_nologin.so
account    include      password-auth
session    required     pam_loginuid.so
"""
STACK = """\
account     required      pam_access.so
account     required      pam_unix.so
account     sufficient    pam_localuser.so
account     required      pam_permit.so
"""
LISTFILE = "account required pam_listfile.so item=user sense={sense} file=/etc/ssh/people onerr=succeed\n"
CLOSED = "+ : root : ALL\n- : ALL : ALL\n"


def host(sshd=REDHAT, stack=STACK, **files):
    named = {"/etc/security/access.conf": files.pop("access", CLOSED), "/etc/ssh/people": files.pop("people", None)}
    return put(prepared(), files={"/etc/pam.d/sshd": sshd, "/etc/pam.d/password-auth": stack, **named})


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (host(), ["access.conf keeps deploy out", "`- : ALL : ALL`", "+ : deploy : ALL"]),
        (host(access="+ : deploy : ALL\n" + CLOSED), []),
        (host(access=None), []),
        (
            host(stack=STACK.replace("pam_access.so", "pam_access.so accessfile=/etc/ssh/people"), people=CLOSED),
            ["people"],
        ),
        (host(sshd="@include password-auth\n"), ["access.conf keeps deploy out"]),
        (host(stack="-account required /usr/lib64/security/pam_access.so # a note\n"), ["keeps deploy out"]),
        # A module that may end the questions comes first.
        (host(stack="account sufficient pam_localuser.so\n" + STACK), []),
        (host(stack="account [success=1 default=ignore] pam_succeed_if.so user = deploy\n" + STACK), []),
        (host(stack=STACK.replace("account ", "auth ")), []),
        (host(sshd="account include sshd\n"), []),
        (
            host(stack=LISTFILE.format(sense="allow"), people="root\n"),
            ["nobody but those in /etc/ssh/people", "add deploy"],
        ),
        (host(stack=LISTFILE.format(sense="allow"), people="root\ndeploy\n"), []),
        (host(stack=LISTFILE.format(sense="allow")), []),
        (
            host(stack=LISTFILE.format(sense="allow").replace("=succeed", "=fail")),
            ["nobody but those in /etc/ssh/people"],
        ),
        (host(stack=LISTFILE.format(sense="deny"), people=" deploy \n"), ["remove deploy there"]),
        (host(stack=LISTFILE.format(sense="deny"), people="root\n"), []),
        (host(stack=LISTFILE.format(sense="allow").replace("=user", "=group"), people="deploy\n"), []),
        (host(stack=LISTFILE.format(sense="allow").replace("=user", "=tty"), people="tty1\n"), []),
    ],
)
def test_a_list_that_keeps_the_administrator_out_is_named(found, words):
    obstacles = tuple(pam.obstacles(found, context()))
    assert len(obstacles) == bool(words), obstacles
    assert [word for word in words if word not in obstacles[0]] == []


@pytest.mark.parametrize(("is_used", "count"), [("yes", 1), ("no", 0)])
def test_pam_counts_where_sshd_uses_it(is_used, count):
    text = with_lines(raw("prepared/sshd-T.txt"), [f"UsePAM {is_used}"])
    found = tuple(sshd_access.obstacles(put(host(), answers=sshd_says(text)), context()))
    assert len([obstacle for obstacle in found if "access.conf" in obstacle]) == count
