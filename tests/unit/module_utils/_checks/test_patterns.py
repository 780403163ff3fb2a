from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.patterns import comes_from, is_like


@pytest.mark.parametrize(
    ("subject", "pattern", "fits"),
    [
        ("deploy", "deploy", True),
        ("deploy", "d?ploy", True),
        ("deploy", "d*", True),
        ("deploy", "*x", False),
        ("deploy", "[d]eploy", False),
        ("deploy", "Deploy", False),
        ("a.b", "a?b", True),
        ("axb", "a.b", False),
    ],
)
def test_only_stars_and_question_marks_mean_something(subject, pattern, fits):
    assert is_like(subject, pattern) is fits


@pytest.mark.parametrize(
    ("address", "sources", "fits"),
    [
        ("172.17.0.1", "172.17.0.0/16", True),
        ("172.17.0.1", "172.17.0.1", True),
        ("172.17.0.1", "172.17.*", True),
        ("172.17.0.1", "10.0.0.0/8,172.16.0.0/12", True),
        ("172.17.0.1", "!172.17.0.1,172.16.0.0/12", False),
        ("172.17.0.1", "172.16.0.0/12,!172.17.0.1", False),
        ("172.17.0.1", "!10.0.0.1", False),
        ("172.17.0.1", "*.example.org", False),
        ("2001:db8::7", "2001:db8::/32", True),
        ("fe80::1%eth0", "fe80::/10", True),
        ("172.17.0.1", "2001:db8::/32", False),
        ("", "10.0.0.0/8", True),
    ],
)
def test_where_a_login_comes_from(address, sources, fits):
    assert comes_from(address, sources) is fits
