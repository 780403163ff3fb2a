"""What people are told about a pip that failed, from output of the real pip 23."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._python.pip_output import (
    LONGEST_LINE,
    MOST_LINES,
    explain,
)

FIXTURES = Path(__file__).parents[2] / "fixtures/pip"

EXPECTED = {
    "missing": (
        "ERROR: Could not find a version that satisfies the requirement no-such-package-groundwork==1.0 "
        "(from versions: none)\nERROR: No matching distribution found for no-such-package-groundwork==1.0"
    ),
    "offline": (
        "The package index could not be reached (Failed to establish a new connection: [Errno -2] Name or service not "
        "known, for /simple/six/).\n"
        "ERROR: Could not find a version that satisfies the requirement six==1.16.0 (from versions: 1.17.0)\n"
        "ERROR: No matching distribution found for six==1.16.0"
    ),
    "malformed": (
        "ERROR: pip._vendor.packaging.markers.InvalidMarker: Invalid marker: 'bogus', parse error at 'bogus'"
    ),
    "no_pg_config": "Error: pg_config executable not found.\nSet native_libraries: [postgresql].",
    "no_compiler": (
        "error: [Errno 2] No such file or directory: 'x86_64-linux-gnu-gcc'\n"
        "ERROR: Failed building wheel for cffi\n"
        "ERROR: Could not build wheels for cffi, which is required to install pyproject.toml-based projects\n"
        "Set headers: true, which brings the compiler and the interpreter's headers."
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_pips_own_words_are_told(name):
    assert explain((FIXTURES / f"{name}.txt").read_text(encoding="utf-8")) == EXPECTED[name]


def test_a_hash_that_does_not_match_is_told_with_both_hashes():
    words = explain((FIXTURES / "hash.txt").read_text(encoding="utf-8"))
    assert "DO NOT MATCH THE HASHES" in words
    assert "Expected sha256 0000" in words
    assert "Got        8abb" in words


def test_a_missing_header_is_told_with_the_remedy():
    words = explain((FIXTURES / "no_header.txt").read_text(encoding="utf-8"))
    assert "src/c/_cffi_backend.c:2:10: fatal error: Python.h: No such file or directory" in words
    assert words.endswith("Set headers: true, which brings the compiler and the interpreter's headers.")


def test_credentials_are_masked():
    assert explain("ERROR: 401 for https://me:hunter22@index.example/simple/x/") == (
        "ERROR: 401 for https://***@index.example/simple/x/"
    )


def test_a_flood_is_cut():
    words = explain("\n".join(f"ERROR: number {number} {'x' * 1000}" for number in range(50)))
    assert len(words.splitlines()) == MOST_LINES
    assert max(map(len, words.splitlines())) == LONGEST_LINE


@pytest.mark.parametrize(("output", "expected"), [("", "pip said nothing"), ("a\nb\n\n", "b")])
def test_without_an_error_line_the_last_line_is_told(output, expected):
    assert explain(output) == expected


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("x.c:1:10: fatal error: 'Python.h' file not found", "Set headers: true"),
        ("x.c:1:10: fatal error: 'ffi.h' file not found", "Set native_libraries: [cffi]."),
        ("x.c:1:10: fatal error: 'libpq-fe.h' file not found", "Set native_libraries: [postgresql]."),
        ("x.c:1:10: fatal error: 'openssl/opensslv.h' file not found", "Set native_libraries: [cryptography]."),
        ("x.c:1:10: fatal error: 'libxml/xmlversion.h' file not found", "Set native_libraries: [lxml]."),
    ],
)
def test_clang_is_understood_as_well(line, hint):
    words = explain(line)
    assert words.splitlines()[0] == line
    assert hint in words
