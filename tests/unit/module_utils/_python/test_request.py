"""What is refused before anything is read from the host."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._python.request import (
    parse,
    problems_of,
    secrets_of,
)
from tests.unit.module_utils._python.worlds import params

BAD = [
    (
        {"version": 3.1},
        'version: 3.1 is a number, and YAML reads an unquoted 3.10 as 3.1: quote it, as in version: "3.10"',
    ),
    ({"version": 3.11}, 'version: "3.11"'),
    ({"version": 3.2}, 'version: "3.20"'),
    ({"version": 3}, "version: 3 is neither"),
    ({"version": "3"}, "version: '3' is neither"),
    ({"version": "3.10.1"}, "the distribution chooses the third"),
    ({"version": "3.11\n"}, "is neither"),
    ({"version": None}, "version: None is neither"),
    ({"version": "2.7"}, "version: '2.7' is neither"),
    ({"version": "3.7"}, "older than 3.8"),
    ({"path": "srv/app"}, "path: 'srv/app' is relative: give an absolute one"),
    ({"path": ""}, "path: '' is relative"),
    ({"path": "/"}, "path: / belongs to the system"),
    ({"path": "/etc/app"}, "path: /etc/app belongs to the system"),
    ({"path": "/usr/lib/app"}, "belongs to the system"),
    ({"path": "/usr/local/lib/app"}, "belongs to the system"),
    ({"path": "/srv"}, "belongs to the system"),
    ({"path": "/home"}, "belongs to the system"),
    ({"path": "/root/app"}, "belongs to the system"),
    ({"path": "/srv/../etc"}, "must be written without"),
    ({"path": "/srv/app/"}, "doubled or trailing slashes: /srv/app"),
    ({"path": "//srv/app"}, "doubled or trailing slashes: /srv/app"),
    ({"path": "/srv/my app"}, "has characters other than"),
    ({"path": "/srv/app;reboot"}, "has characters other than"),
    ({"owner": "root"}, "owner: root must not own"),
    ({"owner": "App"}, "owner: 'App' is no user name"),
    ({"owner": "-rf"}, "is no user name"),
    ({"owner": "a b"}, "is no user name"),
    ({"owner": ""}, "is no user name"),
    ({"requirements": ["flask", " "]}, "requirements entry 2 is empty"),
    ({"requirements": ["-r base.txt"]}, "requirements entry 1 line 1, '-r base.txt': other files are not read"),
    ({"requirements": ["flask"], "requirements_file": "a", "remote_src": True}, "give one of them"),
    ({"requirements_file": "a", "remote_src": True}, "requirements_file: a must be absolute with remote_src"),
    ({"requirements_file": "a"}, "without its action plugin"),
    ({"native_libraries": ["postgres"]}, "'postgres' is not known: did you mean postgresql?"),
    ({"native_libraries": ["qqq"]}, "known are cffi, cryptography"),
    ({"keep_releases": 0}, "keep_releases: 0 is less than 1"),
    ({"verify_imports": ["flask.", "a-b"]}, "verify_imports: 'flask.' is no module name"),
    ({"verify_imports": ["import os"]}, "is no module name"),
]


@pytest.mark.parametrize(("given", "words"), BAD)
def test_what_cannot_be_meant_is_refused_with_what_to_do(given, words):
    assert words in "\n".join(problems_of(params(**given)))


def test_all_problems_are_told_at_once():
    with pytest.raises(BadInput) as caught:
        parse(params(version=3.1, path="app", owner="root", requirements=["", "a b"], keep_releases=-1))
    assert len(caught.value.problems) == 6
    assert str(caught.value).startswith("Nothing was changed. ")


@pytest.mark.parametrize(
    "path", ["/srv/app", "/home/deploy/app", "/usr/local/www/app", "/var/www/app", "/opt/a_b-1.0@x"]
)
def test_places_for_applications_are_taken(path):
    assert problems_of(params(path=path)) == []


@pytest.mark.parametrize("version", ["system", "3.8", "3.14"])
def test_versions_as_text_are_taken(version):
    assert problems_of(params(version=version)) == []


def test_requirements_go_to_pip_as_they_are_given():
    entries = ["flask==3 \\\n  --hash=sha256:aa", "# note\n\nsix"]
    assert parse(params(requirements=entries)).requirements == "flask==3 \\\n  --hash=sha256:aa\n# note\n\nsix\n"


def test_native_libraries_bring_headers_and_their_order_makes_no_difference():
    request = parse(params(native_libraries=["mysql", "lxml", "mysql"]))
    assert request.native_libraries == ("lxml", "mysql")
    assert request.headers


def test_passwords_are_found_for_ansible_to_hide():
    assert secrets_of(params(requirements=["six", "-i https://u:secret1@i.example"])) == ("secret1",)
