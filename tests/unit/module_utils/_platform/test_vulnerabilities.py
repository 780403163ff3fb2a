from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._platform.vulnerabilities import (
    Vulnerable,
    parse_audit,
)
from tests.unit.module_utils._platform.hosts import fixture


def test_packages_are_told_with_their_cves_or_else_with_words():
    assert parse_audit(fixture("freebsd-15.1/pkg/audit.json")) == (
        Vulnerable("python312", "3.12.11", ("Python -- quadratic complexity",)),
        Vulnerable("tree", "2.2.1", ("CVE-2026-10001",)),
    )
    assert str(Vulnerable("tree", "2.2.1", ("CVE-1", "CVE-2"))) == "tree 2.2.1 (CVE-1, CVE-2)"
    assert str(Vulnerable("tree", "2.2.1")) == "tree 2.2.1"


def test_none_is_an_answer():
    assert parse_audit(fixture("freebsd-15.1/pkg/audit-clean.json")) == ()


@pytest.mark.parametrize("text", ["", "pkg: nonsense", "{", '{"packages": []}x', "[1]", '{"packages": {"a": 1}}'])
def test_what_is_no_answer_is_none(text):
    assert parse_audit(text) is None
