"""What bad input gets, over all modules: one message that says what, where and what to do, and an untouched host."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.run import run_checklist
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput, PythonHostError
from ansible_collections.groundwork.python_host.plugins.module_utils._host.executor import Executor
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.apt_files import CONTENT_FORMAT
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.run import run as run_packages
from ansible_collections.groundwork.python_host.plugins.module_utils._python.interpreters import SEARCHED_SERIES
from ansible_collections.groundwork.python_host.plugins.module_utils._python.runtime import run as run_runtime
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery.undo import run_undo
from ansible_collections.groundwork.python_host.plugins.modules import (
    os_support_info,
    packages,
    python_runtime,
    security_checklist,
    undo,
)
from tests.unit.module_utils._packages.hosts import apt_host, cache, refused, simulation
from tests.unit.module_utils._platform.hosts import host_of
from tests.unit.module_utils._python import worlds

TODAY = date(2026, 11, 22)
KEY_WORD = "PRIVATE" + " KEY"
SECRET_LINE = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMw/AAtzc2gtZW+=="
PRIVATE_KEY = f"-----BEGIN OPENSSH {KEY_WORD}-----\n{SECRET_LINE}\n-----END OPENSSH {KEY_WORD}-----\n"
PUTTY_KEY = f"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n{SECRET_LINE}\n"
GOOD_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB2dSSpdd3WbjdGQtoQXPZ0tSIjYCgH9cH4Fn5cPYBPk deploy@example.org"
UNKNOWN = ("nosuchpkg1", "fial2ban", "mail-transport-agent", "tree", "python3.99")
ABSENT_REQUIREMENTS = "/srv/requirements.txt"
NO_PACKAGE = "/root/note.deb"


def debian():
    """A Debian 12 whose package index is young, with what python_runtime asks for."""
    host = apt_host(
        fetched=time.time(),
        **{
            simulation("install", *UNKNOWN): refused("apt-simulate-unknown"),
            cache("pkgnames"): "fail2ban\npython3.11\ntree\npostfix\n",
            cache("policy", "python3.13"): "",
            cache("policy", *(f"python{series}" for series in SEARCHED_SERIES)): (
                "python3.11:\n  Installed: (none)\n  Candidate: 3.11.2-6+deb12u6\n"
            ),
            f"dpkg-deb --show --showformat {CONTENT_FORMAT} {NO_PACKAGE}": CommandResult((), 2, ""),
            "id daemon0": "uid=0(root) gid=0(root) groups=0(root)\n",
        },
    )
    release, python = host_of("debian-12"), worlds.host()
    host.answers.update(python.answers)
    host.files.update({**release.files, ABSENT_REQUIREMENTS: None, NO_PACKAGE: "just a note\n"})
    host.directories.update({**release.directories, **python.directories})
    host.links.update(python.links)
    host.stats.update({**python.stats, "/usr/bin/python3.13": None, "/root/absent.deb": None})
    return host


MODULES = {
    "os_support_info": (os_support_info.ARGUMENT_SPEC, os_support_info.report),
    "packages": (packages.ARGUMENT_SPEC, run_packages),
    "python_runtime": (python_runtime.ARGUMENT_SPEC, run_runtime),
    "security_checklist": (
        security_checklist.argument_spec(),
        lambda params, host, executor: run_checklist(params, host, executor, today=TODAY),
    ),
    "undo": (undo.ARGUMENT_SPEC, run_undo),
}
# What a call of the module has in any case.
GIVEN = {"undo": {"part": "doors", "login_user": "root"}}


def told(module: str, params: dict) -> str:
    """The message that this call gets; the host must be as it was."""
    specification, body = MODULES[module]
    checked = ArgumentSpecValidator(specification).validate({**GIVEN.get(module, {}), **params})
    if checked.error_messages:
        return "; ".join(checked.error_messages)
    host = debian()
    executor = Executor(host, host)
    with pytest.raises(PythonHostError) as caught:
        body(checked.validated_parameters, host, executor)
    assert host.performed == []
    assert executor.changes == ()
    return str(caught.value)


# (module, parameters, what the message must say)
CHECKLIST = [
    ({"admin_authorized_keys": ["ssh-ed25519"]}, ["admin_authorized_keys", "entry 1", "type body comment"]),
    ({"admin_authorized_keys": ["ssh-ed25519 AAAAC3Nz deploy"]}, ["admin_authorized_keys", "entry 1", "cut off"]),
    ({"admin_authorized_keys": [GOOD_KEY.replace("ed25519", "rsa", 1)]}, ["entry 1", "not a ssh-rsa key"]),
    ({"admin_authorized_keys": [GOOD_KEY, "ssh-dss AAAA old"]}, ["entry 2", "key type", "ssh-ed25519"]),
    ({"admin_authorized_keys": [f'from="10.0.0.0/8" {GOOD_KEY}']}, ["entry 1", "no options"]),
    ({"admin_authorized_keys": [PRIVATE_KEY]}, ["entry 1", "private key", ".pub", "replace this key pair"]),
    ({"admin_authorized_keys": [PUTTY_KEY]}, ["admin_authorized_keys", "entry 1"]),
    ({"admin_authorized_keys": [""]}, ["admin_authorized_keys", "entry 1"]),
    ({"admin_name": "root"}, ["admin_name", "'root'", "'deploy'"]),
    ({"admin_name": "Deploy User"}, ["admin_name", "'Deploy User'", "letters"]),
    ({"admin_name": "x; reboot"}, ["admin_name", "'x; reboot'", "letter"]),
    ({"admin_name": ""}, ["admin_name", "''"]),
    ({"admin_sudo": "password"}, ["admin_sudo", "admin_password_hash", "mkpasswd", "nopasswd"]),
    ({"admin_sudo": "always"}, ["admin_sudo", "nopasswd, password"]),
    (
        {"admin_sudo": "password", "admin_password_hash": "hunter2-hunter2"},
        ["admin_password_hash", "crypt(5)", "never the password"],
    ),
    ({"ssh_port": 0}, ["ssh_port", "0", "1 to 65535"]),
    ({"ssh_port": 65536}, ["ssh_port", "65536", "1 to 65535"]),
    ({"ssh_port": "ssh"}, ["ssh_port", "ssh", "int"]),
    ({"skip": ["SSH-999"]}, ["skip", "entry 1", "'SSH-999'", "no check has this id"]),
    ({"skip": ["ssh-001"]}, ["skip", "'ssh-001'", "did you mean SSH-001"]),
    (
        {"waivers": [{"check": "TIME-01", "reason": "VM", "until": "2027-01-01"}]},
        ["waivers", "entry 1", "did you mean TIME-001"],
    ),
    (
        {"waivers": [{"check": "TIME-001", "reason": "VM", "until": "next year"}]},
        ["waivers", "entry 1", "'next year'", "YYYY-MM-DD"],
    ),
    ({"waivers": [{"check": "TIME-001", "reason": " ", "until": "2027-01-01"}]}, ["waivers", "reason"]),
    ({"waivers": [{"check": "TIME-001"}]}, ["waivers", "reason", "until"]),
    ({"firewall_allow": ["8000"]}, ["firewall_allow", "entry 1", "'8000'", "port/protocol"]),
    ({"firewall_allow": ["htpp"]}, ["firewall_allow", "'htpp'", "http, http3, https"]),
    ({"firewall_allow": ["70000/tcp"]}, ["firewall_allow", "'70000/tcp'", "1 to 65535"]),
    ({"firewall_allow": ["80/tcp/10.0.0.300"]}, ["firewall_allow", "10.0.0.300"]),
    ({"firewall_cut": ["80/sctp"]}, ["firewall_cut", "'80/sctp'", "tcp or udp"]),
    ({"fail2ban_ignore": ["10.0.0.300"]}, ["fail2ban_ignore", "entry 1", "192.0.2.0/24"]),
    ({"fail2ban_ignore": ["$(reboot)"]}, ["fail2ban_ignore", "entry 1", "host name"]),
    ({"fail2ban_ban_time": "ten minutes"}, ["fail2ban_ban_time", "'ten minutes'", "s, m, h, d or w"]),
    ({"fail2ban_ban_time": ""}, ["fail2ban_ban_time", "''", "s, m, h, d or w"]),
    ({"update_exclude": ['linux-*"; };']}, ["update_exclude", "entry 1", "package name"]),
    ({"update_mail": "ops@example.org\nroot"}, ["update_mail", "mail address"]),
    ({"warn_days": -1}, ["warn_days", "-1", "0 or more"]),
    ({"brute_force": "blacklistd"}, ["brute_force", "base, fail2ban"]),
    ({"brute_force": ""}, ["brute_force", "base, fail2ban"]),
    ({"brute_force": ["base", "fail2ban"]}, ["brute_force", "base, fail2ban"]),
    ({"mode": "enforce"}, ["mode", "audit, apply"]),
    ({"run": "../../etc/cron.d/x"}, ["run", "'../../etc/cron.d/x'", "letters and digits"]),
]
PACKAGES = [
    ({"name": []}, ["name is empty", "nothing to do", "upgrade"]),
    ({"name": ["nginx; reboot"]}, ["name", "'nginx; reboot'", "cannot be a package name"]),
    ({"name": ["$(id)"]}, ["name", "'$(id)'", "cannot be a package name"]),
    ({"name": [""]}, ["name", "empty", "give it a package name"]),
    ({"name": ["nginx-"]}, ["name", "'nginx-'", "no '-' at the end"]),
    ({"name": ["nginx=1.2;x"]}, ["name", "'nginx=1.2;x'", "version", "apt-cache policy nginx"]),
    ({"name": ["nginx=1", "nginx=2"]}, ["name", "'nginx'", "several versions", "keep one"]),
    ({"name": ["nginx=1.2"], "state": "latest"}, ["'nginx=1.2'", "version", "state present"]),
    ({"hold": ["sudo"], "unhold": ["sudo"]}, ["hold and unhold", "'sudo'"]),
    ({"hold": ["sudo=1"]}, ["hold", "'sudo=1'", "name alone"]),
    ({"hold": ["fail2ban"]}, ["hold", "'fail2ban'", "not installed", "`name`"]),
    ({"name": ["tree"], "autoremove": True}, ["autoremove", "state absent", "two calls"]),
    ({"name": ["tree.deb"]}, ["name", "'tree.deb'", "absolute path"]),
    ({"name": ["/root/absent.deb"]}, ["/root/absent.deb", "no file", "copy it there"]),
    ({"name": [NO_PACKAGE]}, [NO_PACKAGE, "no Debian package"]),
    ({"name": ["/root/tree.deb"], "state": "absent"}, ["/root/tree.deb", "cannot be absent"]),
    ({"name": ["tree"], "state": "absent", "upgrade": "all"}, ["absent", "upgrade", "two calls"]),
    ({"name": ["tree"], "lock_timeout": -5}, ["lock_timeout", "-5", "0 or more"]),
    ({"name": ["tree"], "state": "gone"}, ["state", "present, latest, absent"]),
]
RUNTIME = [
    ({"version": 3.10}, ["version", "3.1", "number", 'version: "3.10"']),
    ({"version": "3.11.2"}, ["version", "'3.11.2'", '"3.11"']),
    ({"version": "2.7"}, ["version", "'2.7'"]),
    ({"version": "3.7"}, ["version", "3.7", "older than 3.8"]),
    ({"version": "3.13"}, ["version", "3.13", "no repository", "they have 3.11"]),
    ({"path": "app"}, ["path", "'app'", "relative", "/srv/app"]),
    ({"path": "/etc/app"}, ["path", "/etc/app", "system", "/srv/app"]),
    ({"path": "/srv/../etc"}, ["path", "'/srv/../etc'", "/etc"]),
    ({"path": "/srv/a b"}, ["path", "'/srv/a b'", "characters"]),
    ({"owner": "root"}, ["owner", "root", "app"]),
    ({"owner": "a b"}, ["owner", "'a b'", "user name"]),
    ({"owner": "daemon0"}, ["owner", "daemon0", "user id 0"]),
    ({"requirements": ["flask=>1"]}, ["requirements", "entry 1", "'flask=>1'", "name==1.2"]),
    ({"requirements": ["-r other.txt"]}, ["requirements", "entry 1", "other files"]),
    ({"requirements": [" "]}, ["requirements", "entry 1", "empty"]),
    ({"requirements_file": ABSENT_REQUIREMENTS, "remote_src": True}, ["requirements_file", ABSENT_REQUIREMENTS]),
    ({"requirements_file": "r.txt", "remote_src": True}, ["requirements_file", "r.txt", "absolute"]),
    ({"requirements": ["flask"], "requirements_file": "/srv/r.txt"}, ["requirements", "one of them"]),
    ({"native_libraries": ["postgres"]}, ["native_libraries", "'postgres'", "did you mean postgresql"]),
    ({"keep_releases": 0}, ["keep_releases", "0", "less than 1"]),
    ({"verify_imports": ["os; system"]}, ["verify_imports", "'os; system'", "import"]),
]
UNDO = [
    ({"login_user": "root; reboot"}, ["login_user", "'root; reboot'", "name of an account"]),
    ({"login_user": ""}, ["login_user", "''"]),
    ({"login_port": 0}, ["login_port", "0", "1 to 65535"]),
    ({"confirm_timeout": 2}, ["confirm_timeout", "2", "5 to 3600"]),
    ({"confirm_timeout": -60}, ["confirm_timeout", "-60", "5 to 3600"]),
    ({"run": "x --check"}, ["run", "'x --check'", "letters and digits"]),
    ({"part": "all"}, ["part", "doors, rest"]),
]
ROWS = [
    *(("security_checklist", *row) for row in CHECKLIST),
    *(("packages", *row) for row in PACKAGES),
    *(("python_runtime", *row) for row in RUNTIME),
    *(("undo", *row) for row in UNDO),
    ("os_support_info", {"warn_days": -1}, ["warn_days", "-1", "0 or more"]),
]

TOGETHER = [
    (
        "security_checklist",
        {
            "admin_name": "root",
            "admin_authorized_keys": ["ssh-ed25519", PRIVATE_KEY],
            "admin_sudo": "password",
            "ssh_port": 0,
            "firewall_allow": ["8000", "99999/udp"],
            "fail2ban_ignore": ["10.0.0.300"],
            "fail2ban_ban_time": "soon",
            "skip": ["SSH-01"],
            "waivers": [{"check": "TIME-001", "reason": "VM", "until": "soon"}],
            "warn_days": -1,
        },
        12,
    ),
    ("packages", {"name": ["", "a b", "nginx=;", "tree"], "lock_timeout": -1, "cache_valid_time": -1}, 5),
    ("packages", {"name": list(UNKNOWN)}, 4),
    (
        "python_runtime",
        {
            "version": 3.1,
            "path": "app",
            "owner": "root",
            "requirements": ["flask=>1", "-e ."],
            "native_libraries": ["nothing-like-it"],
            "keep_releases": 0,
            "verify_imports": ["a-b"],
        },
        8,
    ),
    ("undo", {"login_user": "a b", "login_port": -1, "confirm_timeout": 1, "run": "/"}, 4),
    ("python_runtime", {"version": "3.13", "requirements_file": ABSENT_REQUIREMENTS, "remote_src": True}, 2),
]


def test_the_table_is_long_enough():
    assert len(ROWS) >= 25


@pytest.mark.parametrize(("module", "params", "words"), ROWS, ids=lambda value: str(value)[:60])
def test_one_message_says_what_where_and_what_to_do(module, params, words):
    message = told(module, params)
    assert [word for word in words if word not in message] == []
    assert "\n" not in message
    assert SECRET_LINE not in message
    assert "hunter2" not in message


@pytest.mark.parametrize(("module", "params", "count"), TOGETHER)
def test_all_problems_of_a_call_are_told_together(module, params, count):
    specification, body = MODULES[module]
    checked = ArgumentSpecValidator(specification).validate({**GIVEN.get(module, {}), **params})
    assert checked.error_messages == []
    host = debian()
    with pytest.raises(BadInput) as caught:
        body(checked.validated_parameters, host, Executor(host, host))
    assert len(caught.value.problems) == count
    assert all(problem in str(caught.value) for problem in caught.value.problems)
    assert str(caught.value).startswith("Nothing was changed")
    assert host.performed == []
    assert SECRET_LINE not in str(caught.value)


TEXT_OPTIONS = [
    (module, name)
    for module, (specification, _body) in MODULES.items()
    for name, option in specification.items()
    if "choices" not in option and "options" not in option
    if option["type"] in ("str", "path", "raw", "list")
    if name not in ("admin_key_file", "login_key_file")
]


@pytest.mark.parametrize(("module", "option"), TEXT_OPTIONS)
def test_a_private_key_in_the_wrong_place_is_never_repeated(module, option):
    is_list = MODULES[module][0][option]["type"] == "list"
    message = told(module, {option: [PRIVATE_KEY] if is_list else PRIVATE_KEY})
    assert option in message
    assert SECRET_LINE not in message
    assert not re.search(SECRET_LINE[:20], message)
