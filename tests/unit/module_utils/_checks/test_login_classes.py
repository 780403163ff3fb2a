from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import login_classes
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from tests.unit.module_utils._checks.freebsd_worlds import on_freebsd, prepared, said
from tests.unit.module_utils._checks.worlds import file, put

USUAL = said("login.conf")
CLASSES = """\
# nobody:\\
#\t:shell=/usr/sbin/nologin:
site|Site users|with a long name:\\
\t:{rules}:\\
\t:tc=default:
"""


def told(rules, *, login_class="site", address="172.17.0.1", **part):
    text = USUAL + CLASSES.format(rules=rules)
    host = put(put(prepared(), files={login_classes.FILE: text}), **part)
    return tuple(login_classes.obstacles(host, on_freebsd(login=Login(address, 22)), login_class))


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ("umask=077", []),
        ("shell=/usr/sbin/nologin", ["the shell /usr/sbin/nologin", "pw usermod deploy -L default"]),
        ("shell=/bin/tcsh", []),
        ("times.allow=MoTuWeThFr0800-1800", ["at some hours only", "times.allow=MoTuWeThFr0800-1800"]),
        ("times.deny=SaSu", ["times.deny=SaSu"]),
        ("host.allow=10.0.0.*", ["from 10.0.0.* only", "add 172.17.0.1"]),
        ("host.allow=10.0.0.*, 172.17.*", []),
        ("host.allow=*.example.org", []),
        ("host.deny=172.17.0.*", ["keeps deploy out from 172.17.0.1"]),
        ("host.deny=*.example.org", []),
        ("hushlogin", []),
    ],
)
def test_a_rule_that_keeps_the_administrator_out_is_named(rules, words):
    found = told(rules)
    assert len(found) == bool(words), found
    assert [word for word in words if word not in found[0]] == []


@pytest.mark.parametrize(
    ("login_class", "rules", "path", "is_named"),
    [
        ("", "umask=077", "/var/run/nologin", True),
        ("site", "ignorenologin", "/var/run/nologin", False),
        ("site", "nologin=/etc/closed", "/etc/closed", True),
        ("site", "nologin=/etc/closed", "/var/run/nologin", False),
        ("nowhere", "ignorenologin", "/var/run/nologin", True),
        ("root", "umask=077", "/var/run/nologin", False),
    ],
)
def test_a_file_that_shuts_everybody_out_is_named(login_class, rules, path, is_named):
    stats = {**dict.fromkeys(("/var/run/nologin", "/etc/closed")), path: file()}
    found = told(rules, login_class=login_class, stats=stats)
    assert len(found) == is_named
    assert all(path in words for words in found)


def test_without_an_address_no_list_of_hosts_is_judged():
    assert told("host.allow=10.0.0.*", address="") == ()


def test_without_the_file_there_are_no_rules():
    host = put(prepared(), files={login_classes.FILE: None})
    assert tuple(login_classes.obstacles(host, on_freebsd(), "site")) == ()


def test_a_capability_is_taken_over_unless_it_was_taken_away():
    text = "a:\\\n\t:x@:\\\n\t:y=1:\\\n\t:tc=b:\nb:x=2:y=2:z:tc=a:\n"
    assert login_classes.capabilities(text, "a") == {"y": "1", "z": ""}
