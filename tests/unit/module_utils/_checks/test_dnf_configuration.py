from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import dnf_configuration
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import Unreadable
from tests.unit.fakes import FakeHost
from tests.unit.module_utils._checks.centos_worlds import prepared_centos, repositories, said
from tests.unit.module_utils._checks.worlds import put


def test_what_the_package_ships_is_read_with_our_block_behind_it():
    found = dnf_configuration.parse(said("prepared/automatic.conf"))
    assert found["commands"] == {
        "upgrade_type": "default",
        "random_sleep": "0",
        "network_online_timeout": "60",
        "download_updates": "yes",
        "apply_updates": "yes",
    }
    assert found["emitters"] == {"emit_via": "stdio"}


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("", {}),
        ("# a\n; b\n\n[x]\n", {"x": {}}),
        ("[x]\na=1\n[y]\nb = 2 # not a comment\n[x]\na = 3\n", {"x": {"a": "3"}, "y": {"b": "2 # not a comment"}}),
        ("[base]\nexcludepkgs = a\n  b\n\tc\n", {"base": {"excludepkgs": "a\nb\nc"}}),
        ("[x] # here\na=b=c\n", {"x": {"a": "b=c"}}),
    ],
)
def test_the_last_value_of_a_name_counts_and_an_indented_line_goes_on(text, sections):
    assert dnf_configuration.parse(text) == sections


@pytest.mark.parametrize(
    ("text", "words"),
    [("[x]\na: 1\n", "line 2"), ("a=1\n", "line 1"), ("[x\n", "line 1"), ("  a=1\n[x]\n  b=1\n", "line 1")],
)
def test_what_dnf_refuses_is_refused_with_its_line(text, words):
    """Seen with dnf 4.14: `IniParser: Missing '=' at line 2`."""
    with pytest.raises(ValueError, match=words):
        dnf_configuration.parse(text)
    with pytest.raises(Unreadable, match=r"/x\.conf"):
        dnf_configuration.sections(FakeHost(files={"/x.conf": text}), "/x.conf")


@pytest.mark.parametrize(
    ("word", "default", "value"),
    [("yes", False, True), ("True", False, True), ("1", False, True), ("off", True, False), ("perhaps", True, True)],
)
def test_truth_is_told_as_dnf_understands_it(word, default, value):
    assert dnf_configuration.is_yes(word, default=default) is value


def test_the_elements_of_a_list_are_separated_in_three_ways():
    assert dnf_configuration.words("a, b\nc d,,") == ("a", "b", "c", "d")


def test_a_repository_that_does_not_say_is_switched_on():
    files = {"/etc/yum.repos.d/centos.repo": "[baseos]\nname=x\n[crb]\nenabled=0\n[appstream]\nenabled=1\n"}
    assert dnf_configuration.enabled_repositories(put(prepared_centos(), files=files)) == ("baseos", "appstream")


def test_a_file_that_dnf_does_not_understand_is_passed_over_as_dnf_does():
    part = repositories()
    part["directories"]["/etc/yum.repos.d"] += ("vendor.repo",)
    part["files"]["/etc/yum.repos.d/vendor.repo"] = "<html>404</html>\n"
    assert dnf_configuration.enabled_repositories(put(prepared_centos(), **part)) == ("baseos", "appstream")


def test_repositories_may_stand_in_dnfs_own_file():
    host = put(prepared_centos(), files={"/etc/dnf/dnf.conf": "[main]\nbest=True\n[site]\nbaseurl=http://x\n"})
    assert dnf_configuration.enabled_repositories(host) == ("baseos", "appstream", "site")


@pytest.mark.parametrize(
    ("part", "published"),
    [
        (repositories(), {"baseos": False, "appstream": False}),
        (repositories(advisories=("baseos",)), {"baseos": True, "appstream": False}),
        (repositories(cached=("baseos", "crb")), {"baseos": False}),
        (repositories(cached=()), {}),
    ],
)
def test_a_repository_publishes_advisories_where_its_cached_index_names_them(part, published):
    assert dnf_configuration.publishing(put(prepared_centos(), **part)) == published


def test_a_host_without_a_cache_tells_nothing():
    host = prepared_centos()
    del host.directories["/var/cache/dnf"]
    assert dnf_configuration.publishing(put(host, stats={"/var/cache/dnf": None})) == {}
