"""How the double of FreeBSD reads the files of pkg, without a host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hosts.recipe_steps.freebsd.double.pkg import repositories, ucl

if TYPE_CHECKING:
    from pathlib import Path

FIRST = """
a: { url: "pkg+https://host/${ABI}/x", mirror_type: "srv", signature_type: "fingerprints", fingerprints: "/k" }
"""
VARIABLES = {"ABI": "FreeBSD:14:amd64"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("# nothing\n/* here */", {}),
        ('A = "x";\nB: yes # on\nC = 12k, D off', {"A": "x", "B": True, "C": 12000, "D": False}),
        ('A = "yes"; B = "1"', {"A": "yes", "B": "1"}),
        ("A [\n 1,\n two\n]\nB {\n c: d\n}", {"A": [1, "two"], "B": {"c": "d"}}),
        ("{ A: https://h/${ABI}/$ABI/${OTHER}, }", {"A": "https://h/FreeBSD:14:amd64/FreeBSD:14:amd64/${OTHER}"}),
        ("A: '${ABI}'", {"A": "${ABI}"}),
        ("a { b: 1 }\na { c: 2 }", {"a": {"b": 1, "c": 2}}),
    ],
)
def test_ucl(text: str, expected: dict[str, ucl.Value]) -> None:
    assert ucl.read(text, VARIABLES) == expected


@pytest.mark.parametrize("text", ["a {", "a [ 1", "a:", "}"])
def test_what_is_no_ucl_is_refused(text: str) -> None:
    with pytest.raises(ucl.Malformed):
        ucl.read(text)


def test_a_printed_configuration_is_read_again() -> None:
    found: dict[str, ucl.Value] = {"A": 'say "x"', "B": [], "C": ["x", 1], "D": {"e": True}, "F": -1}
    text = ucl.printed(found)
    assert text == 'A = "say \\"x\\"";\nB [\n]\nC [\n    "x",\n    1,\n]\nD {\n    e = true;\n}\nF = -1;\n'
    assert ucl.read(text) == found


def _load(folder: Path, *texts: str) -> dict[str, repositories.Repository]:
    for number, text in enumerate(texts):
        (folder / f"{number}.conf").write_text(text)
    return repositories.load([str(folder)], VARIABLES)


def test_a_later_file_changes_what_it_says_and_no_more(tmp_path: Path) -> None:
    found = _load(tmp_path, FIRST, 'a: { url: "https://host/${ABI}/y", priority: 3 }')["a"]
    assert (found.url, found.priority, found.mirror_type) == ("https://host/FreeBSD:14:amd64/y", 3, "SRV")
    assert (found.signature_type, found.fingerprints, found.is_enabled) == ("FINGERPRINTS", "/k", True)


@pytest.mark.parametrize(
    ("texts", "enabled"),
    [
        ((FIRST, "a: { enabled: no }"), {}),
        (("a: { url: x://h, enabled: no }",), {"a": False}),
        (("a: { url: x://h, enabled: no }", "a: { enabled: yes }"), {"a": True}),
        (("a: { url: x://h, enabled: no }", "a: { priority: 1 }"), {"a": True}),
        (("a: { enabled: yes }",), {}),
        ((FIRST, 'a: { enabled: "yes" }'), {}),
    ],
)
def test_which_repositories_there_are(tmp_path: Path, texts: tuple[str, ...], enabled: dict[str, bool]) -> None:
    assert {name: each.is_enabled for name, each in _load(tmp_path, *texts).items()} == enabled


@pytest.mark.parametrize("url", ["nothing", "gopher://host"])
def test_an_address_that_pkg_does_not_know_is_refused(url: str) -> None:
    with pytest.raises(repositories.Unusable):
        repositories.check([repositories.Repository("a", url, is_enabled=True)], ["https", "file"])


def test_a_repository_is_printed_as_pkg_prints_it() -> None:
    repository = repositories.Repository("a", "https://h/", is_enabled=True, mirror_type="SRV")
    assert repositories.printed(repository, indent="  ") == (
        '  a: { \n    url             : "https://h/",\n    enabled         : yes,\n    priority        : 0,\n'
        '    mirror_type     : "SRV"\n  }\n'
    )
