from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform, lookup

RHEL = Platform("rhel", "8.10", family="redhat")


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            {"*": "any", "redhat": "family", "redhat-8": "8", "rhel": "name", "rhel-8": "name 8", "rhel-8.10": "all"},
            "all",
        ),
        ({"*": "any", "redhat": "family", "redhat-8": "8", "rhel": "name", "rhel-8": "name 8"}, "name 8"),
        ({"*": "any", "redhat": "family", "redhat-8": "8", "rhel": "name"}, "name"),
        ({"*": "any", "redhat": "family", "redhat-8": "8"}, "8"),
        ({"*": "any", "redhat": "family", "debian": "other"}, "family"),
        ({"*": "any", "debian": "other", "rhel-9": "other"}, "any"),
    ],
)
def test_the_most_specific_entry_is_taken(table, expected):
    assert lookup(table, RHEL) == expected


def test_a_table_without_a_default_says_for_which_system_it_has_nothing():
    with pytest.raises(KeyError, match=r"no entry for rhel 8\.10"):
        lookup({"debian": 1}, RHEL)


@pytest.mark.parametrize(
    ("platform", "title"),
    [
        (Platform("rhel", "8.10", pretty_name="Red Hat 8.10"), "Red Hat 8.10"),
        (RHEL, "rhel 8.10"),
        (Platform("arch"), "arch"),
        (Platform("unknown"), "An unknown system"),
    ],
)
def test_the_title_is_never_empty(platform, title):
    assert platform.title == title
