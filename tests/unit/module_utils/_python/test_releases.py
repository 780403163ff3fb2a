"""What is on the shelf, and what that means."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from ansible_collections.groundwork.python_host.plugins.module_utils._python import releases
from ansible_collections.groundwork.python_host.plugins.module_utils._python.releases import Release, Shelf
from tests.unit.module_utils._python import worlds

FIRST, SECOND = "a" * 12, "b" * 12


def release(name, finished=1.0):
    return Release(name, f"/srv/app/releases/{name}", "app", finished)


def test_a_digest_depends_on_everything_that_a_release_is_built_from():
    base = worlds.digest("flask==3")
    others = [
        worlds.digest("flask==4"),
        worlds.digest("flask==3", version="3.11.3"),
        worlds.digest("flask==3", interpreter="/usr/bin/python3.12"),
        worlds.digest("flask==3", libraries=["lxml"]),
    ]
    assert len({base, *others}) == 5
    assert releases.NAME.fullmatch(base)


def test_a_release_is_for_one_major_release_of_freebsd_and_for_every_linux():
    def of(*system):
        platform = Platform(*system)
        return releases.digest(interpreter="p", version="3.12.1", requirements="", libraries=[], platform=platform)

    fourteen = of("freebsd", "14.4", "", "freebsd")
    assert fourteen == of("freebsd", "14.5", "", "freebsd")
    assert fourteen != of("freebsd", "15.0", "", "freebsd")
    assert of("debian", "12", "", "debian") == of("debian", "13", "", "debian")
    assert of("debian", "12", "", "debian") == worlds.digest(version="3.12.1", interpreter="p")


def test_a_record_says_what_was_compiled_and_one_without_that_word_nothing():
    text = worlds.marker_text()
    assert not releases.parse_marker(text).distributions[0].is_compiled
    told = text.replace('"entry":', '"compiled": true, "entry":')
    assert releases.parse_marker(told).distributions[0].is_compiled


def test_a_digest_does_not_depend_on_the_order_of_libraries():
    assert worlds.digest(libraries=["lxml", "mysql"]) == worlds.digest(libraries=["mysql", "lxml"])


def test_the_shelf_has_the_last_used_first_and_leaves_out_what_is_not_ours():
    host = worlds.host()
    worlds.add_release(host, FIRST, finished=10)
    worlds.add_release(host, SECOND, finished=20, is_current=True)
    host.directories["/srv/app/releases"] += ("notes", "c" * 12)
    host.stats[f"/srv/app/releases/{'c' * 12}"] = FileStat("file", 0o644, "app", "app")
    shelf = releases.read(host, worlds.ROOT)
    assert [found.name for found in shelf.releases] == [SECOND, FIRST]
    assert shelf.current == shelf.releases[0]
    assert shelf.others(shelf.current) == (shelf.releases[1],)


def test_a_link_to_somewhere_else_is_no_release():
    assert Shelf("/srv/app", "/opt/other", (release(FIRST),)).current is None


@pytest.mark.parametrize(
    ("on_shelf", "link", "name"),
    [
        ((), "", FIRST),
        ((release(FIRST),), "", f"{FIRST}-2"),
        ((release(FIRST), release(f"{FIRST}-2")), "", f"{FIRST}-3"),
        ((release(FIRST, finished=0),), "", FIRST),
        ((release(FIRST, finished=0),), f"releases/{FIRST}", f"{FIRST}-2"),
        ((release(SECOND),), "", FIRST),
    ],
)
def test_a_release_is_never_built_over_a_whole_one_or_the_one_in_use(on_shelf, link, name):
    assert releases.free_name(Shelf("/srv/app", link, on_shelf), FIRST) == name


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "{}", '{"interpreter": "x", "distributions": [3]}'])
def test_a_record_that_cannot_be_understood_is_none(text):
    host = worlds.host()
    worlds.add_release(host, FIRST)
    host.files[f"/srv/app/releases/{FIRST}/release.json"] = text
    assert releases.read_marker(host, release(FIRST)) is None


@pytest.mark.parametrize("stat", [None, FileStat("other", 0o644, "app", "app"), FileStat("link", 0o777, "app", "app")])
def test_a_record_that_is_no_file_is_not_opened(stat):
    host = worlds.host()
    host.stats[f"/srv/app/releases/{FIRST}/release.json"] = stat
    assert releases.read_marker(host, release(FIRST)) is None


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("flask-3.0.3.dist-info", "flask"), ""),
        (("flask",), "without flask-3.0.3.dist-info"),
        (
            ("flask-3.1.0.dist-info",),
            "without flask-3.0.3.dist-info and with flask-3.1.0.dist-info beside what was installed",
        ),
        (("flask-3.0.3.dist-info", "x.egg-info"), "with x.egg-info beside what was installed"),
        (None, "without flask-3.0.3.dist-info"),
    ],
)
def test_what_was_changed_by_hand_is_seen(names, words):
    host = worlds.host()
    marker = releases.parse_marker(worlds.marker_text())
    if names is None:
        host.stats[marker.packages] = None
    else:
        host.directories[marker.packages] = names
    assert releases.difference(host, marker) == words


def test_many_differences_are_counted():
    host = worlds.host()
    marker = releases.parse_marker(worlds.marker_text())
    host.directories[marker.packages] = ("flask-3.0.3.dist-info", *(f"{letter}.dist-info" for letter in "abcde"))
    assert releases.difference(host, marker) == (
        "with a.dist-info, b.dist-info, c.dist-info and 2 more beside what was installed"
    )


def test_the_oldest_and_the_unfinished_are_expendable():
    on_shelf = [release("a"), release("b", finished=0), release("c"), release("d")]
    assert [gone.name for gone in releases.expendable(on_shelf, keep=2)] == ["b", "d"]
    assert [gone.name for gone in releases.expendable(on_shelf, keep=-1)] == ["a", "b", "c", "d"]
