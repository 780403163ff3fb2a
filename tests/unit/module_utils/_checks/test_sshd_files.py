from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import sshd_files
from tests.unit.fakes import FakeHost

MAIN = "/etc/ssh/sshd_config"
DROP_INS = "/etc/ssh/sshd_config.d"


def host(main, **drop_ins):
    files = {f"{DROP_INS}/{name}.conf": text for name, text in drop_ins.items()}
    names = tuple(sorted(path.rpartition("/")[2] for path in files))
    return FakeHost(files={MAIN: main, "/etc/ssh/more": "UsePAM yes\n", **files}, directories={DROP_INS: names})


MATCH = "Match User ann\n  PasswordAuthentication yes\n"


@pytest.mark.parametrize(
    ("main", "drop_ins", "places"),
    [
        ("PasswordAuthentication yes\n", {}, [f"{MAIN} line 1"]),
        ("#\n\npasswordauthentication=Yes\nPasswordAuthentication no\n", {}, [f"{MAIN} line 3"]),
        ("PasswordAuthentication no\nPasswordAuthentication yes\n", {}, []),
        (f"PasswordAuthentication no\n{MATCH}", {}, [f"{MAIN} line 3, below Match User ann"]),
        ("Include sshd_config.d/*.conf\n", {"a": MATCH, "b": "PasswordAuthentication yes\n"},
         [f"{DROP_INS}/b.conf line 1", f"{DROP_INS}/a.conf line 2, below Match User ann"]),
        ("Match all\nInclude sshd_config.d/*.conf\n", {"a": "PasswordAuthentication yes\n"},
         [f"{DROP_INS}/a.conf line 1, below Match all"]),
        ("PasswordAuthentication\n", {}, []),
    ],
)  # fmt: skip
def test_the_lines_that_decide_otherwise_are_named(main, drop_ins, places):
    assert list(sshd_files.places(host(main, **drop_ins), "PasswordAuthentication", allowed=("no",))) == places


@pytest.mark.parametrize("old", ["ChallengeResponseAuthentication", "skeyauthentication"])
def test_an_older_name_counts_as_the_keyword(old):
    found = sshd_files.places(host(f"{old} yes\n"), "KbdInteractiveAuthentication", allowed=("no",))
    assert found == (f"{MAIN} line 1",)


def test_all_that_sshd_reads_is_known_with_the_directories_that_a_pattern_looks_into():
    found = sshd_files.sources(host("Include /etc/ssh/sshd_config.d/*.conf more\n", a="Include /etc/ssh/more\n"))
    assert found == (MAIN, DROP_INS, f"{DROP_INS}/a.conf", "/etc/ssh/more")


@pytest.mark.parametrize(
    ("main", "is_included"),
    [
        ("Include /etc/ssh/sshd_config.d/*.conf\n", True),
        ("Port 22\ninclude=sshd_config.d/*\n", True),
        (f"Include /etc/ssh/more {sshd_files.OWN_FILE}\n", True),
        ("Include /etc/ssh/*/00-*.conf\n", True),
        # A wildcard stands for no slash.
        ("Include /etc/ssh/*.conf\n", False),
        ("Include /etc/ssh/sshd_config.d/50-*.conf\n", False),
        ("Match User ann\nInclude sshd_config.d/*.conf\n", False),
        ("#Include sshd_config.d/*.conf\nUsePAM yes\n", False),
        ("", False),
    ],
)
def test_our_file_is_read_where_an_include_for_everybody_names_it(main, is_included):
    found = host(main)
    found.directories["/etc/ssh"] = ("sshd_config.d",)
    found.files[sshd_files.OWN_FILE] = None
    assert sshd_files.includes(found, sshd_files.OWN_FILE) is is_included
