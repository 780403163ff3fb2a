"""What could lock the operator out of a FreeBSD host, one row each."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import (
    login_access,
    login_classes,
    ssh_port,
    sshd_access,
)
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.way_in import no_key, obstacles
from tests.unit.module_utils._checks.freebsd_worlds import (
    AUTHORIZED_KEYS,
    HOME,
    NO_ACCOUNT,
    NO_SUDO,
    RELEASES,
    fresh,
    on_freebsd,
    prepared,
    pw,
    said,
)
from tests.unit.module_utils._checks.pf_worlds import pf_on
from tests.unit.module_utils._checks.sshd_double import with_lines
from tests.unit.module_utils._checks.worlds import directory, file, put, sshd_says

CLOSED = said("prepared/sshd-T.txt")
GROUP = "account required pam_group.so luser group=admins"


def asked(**options):
    """The firewall's part is told elsewhere."""
    return on_freebsd(skip=("FW-001",), **options)


def sshd(*lines):
    """sshd says this; a group is told by its members, and the account's own is there."""
    return {"answers": sshd_says(with_lines(CLOSED, lines) + "".join(f"{line.lower()}\n" for line in lines))}


def access(text):
    return {"files": {login_access.FILE: text}}


def pam(text, **answers):
    return {"files": {"/etc/pam.d/sshd": f"{text}\n"}, "answers": answers}


def site_class(rules):
    text = said("login.conf") + f"site:\\\n\t:{rules}:\\\n\t:tc=default:\n"
    return {"files": {login_classes.FILE: text}, "answers": pw("deploy", login_class="site")}


ROWS = [
    ("account gone", NO_ACCOUNT, ["deploy", "does not exist"]),
    ("locked", {"answers": pw("deploy", "*LOCKED**")}, ["locked", "pw unlock deploy"]),
    ("expired", {"answers": pw("deploy", expire=1)}, ["expired", "pw usermod deploy -e 0"]),
    ("a new password is due", {"answers": pw("deploy", change=1)}, ["new password", "pw usermod deploy -p 0"]),
    ("no key in its file", {"files": {AUTHORIZED_KEYS: ""}}, ["no key", AUTHORIZED_KEYS]),
    ("a file that sshd would not read", {"stats": {HOME: directory(0o777, "deploy", 1001)}}, ["no key"]),
    ("no sudo", NO_SUDO, ["sudo does not let deploy become root"]),
    ("AllowUsers", sshd("AllowUsers alice"), ["AllowUsers", "add deploy"]),
    ("nobody may log in", {"stats": {login_classes.NO_LOGIN_FILE: file()}}, ["/var/run/nologin", "remove it"]),
    ("a login class without a shell", site_class("shell=/sbin/nologin"), ["login class site", "/sbin/nologin"]),
    ("a login class with hours", site_class("times.allow=Any0800-1800"), ["times.allow"]),
    ("a login class for other hosts", site_class("host.allow=10.0.0.*"), ["host.allow", "172.17.0.1"]),
    ("login.access", access("-:ALL:ALL\n"), ["/etc/login.access keeps deploy out", "+:deploy:ALL"]),
    (
        "login.access in another place",
        {
            "files": {
                "/etc/pam.d/sshd": "account required pam_login_access.so accessfile=/etc/people\n",
                "/etc/people": "-:ALL:ALL\n",
            }
        },
        ["/etc/people keeps deploy out"],
    ),
    (
        "a group that PAM wants",
        pam(GROUP, **{"getent group admins": "admins:*:2000:ann\n"}),
        ["nobody but the group admins"],
    ),
    (
        "a group that PAM refuses",
        pam(f"{GROUP} deny".replace("admins", "deploy"), **{"getent group deploy": "deploy:*:1001:deploy\n"}),
        ["none of the group deploy"],
    ),
]


@pytest.mark.parametrize(("case", "part", "words"), ROWS, ids=lambda value: str(value)[:40])
def test_what_stands_in_the_way_is_named(case, part, words):
    (found,) = obstacles(put(prepared(), **part), asked(), account_planned=False)
    assert [word for word in words if word not in found] == []


NONE = [
    ("a class of one's own", site_class("umask=027")),
    ("login.access lets the administrator in", access("+:deploy:ALL\n-:ALL:ALL\n")),
    ("login.access by address, while sshd tells names", access("-:deploy:172.17.\n")),
    ("login.access read in another way", pam("account required pam_login_access.so nodefgroup")),
    ("PAM's answer may come before", {**access("-:ALL:ALL\n"), **pam("account sufficient pam_permit.so")}),
    ("a group without members", pam(f"{GROUP} fail_safe", **{"getent group admins": "admins:*:2000:\n"})),
    ("a group that sshd names nobody for", pam(GROUP.replace(" luser", ""))),
    ("PAM is not used", {**access("-:ALL:ALL\n"), **sshd("UsePAM no")}),
]


@pytest.mark.parametrize(("case", "part"), NONE, ids=lambda value: str(value)[:40])
def test_what_only_looks_like_a_trap_is_none(case, part):
    assert obstacles(put(prepared(), **part), asked(), account_planned=False) == ()


def test_where_sshd_tells_addresses_they_are_judged():
    host = put(prepared(), **access("-:deploy:172.17.\n"))
    put(host, **sshd("UseDNS no"))
    (found,) = sshd_access.obstacles(host, asked())
    assert "-:deploy:172.17." in found


def test_the_policy_of_a_package_counts_where_the_base_system_has_none():
    host = put(prepared(), files={"/etc/pam.d/sshd": None, "/usr/local/etc/pam.d/sshd": said("pam.d-sshd")})
    put(host, **access("-:ALL:ALL\n"))
    assert len(tuple(sshd_access.obstacles(host, asked()))) == 1


@pytest.mark.parametrize("platform", RELEASES)
def test_on_an_image_the_way_in_can_be_made(platform):
    context = asked(platform=platform)
    assert obstacles(fresh(platform), context, account_planned=True) == ()
    assert no_key(fresh(platform), context) == ()


def test_a_lock_shuts_out_with_and_without_pam():
    host = put(prepared(), answers={**sshd("UsePAM no")["answers"], **pw("deploy", "*LOCKED**")})
    (found,) = obstacles(host, asked(), account_planned=True)
    assert "pw unlock deploy" in found


def test_the_sshd_of_a_package_is_an_obstacle():
    host = put(prepared(), programs={"sshd": "/usr/local/sbin/sshd"})
    found = obstacles(host, asked(), account_planned=True)
    assert any("/usr/local/sbin/sshd comes before /usr/sbin/sshd" in words for words in found)


@pytest.mark.parametrize(("skip", "is_shut"), [(("FW-001",), True), ((), False)])
def test_sshd_moves_to_no_port_that_pf_keeps_shut_unless_this_run_opens_it(skip, is_shut):
    found = tuple(ssh_port.obstacles(pf_on(), on_freebsd(ssh_port=2200, skip=skip)))
    assert any("does not let in 2200/tcp" in words for words in found) is is_shut
