"""What a machine passes on to its hosts, and what it keeps to itself."""

from __future__ import annotations

import pytest

from tests.hosts.surroundings import apt_configuration, pip_configuration, proxy_environment


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ""),
        ({"find-links": "/opt/wheels", "constraint": "/etc/constraints.txt"}, ""),
        ({"extra-index-url": "file:///srv/simple https://pypi.example/simple"}, "https://pypi.example/simple"),
        ({"default-timeout": "180"}, "timeout = 180"),
    ],
)
def test_pip_gets_addresses_but_no_folders_of_the_machine(settings: dict[str, str], expected: str) -> None:
    text = pip_configuration(settings, bundle="")
    assert text.strip().endswith(expected)
    assert "file:" not in text
    assert "/opt" not in text


def test_pip_trusts_the_certificates_of_the_machine() -> None:
    assert pip_configuration({}, bundle="/etc/bundle.crt") == "[global]\ncert = /etc/bundle.crt\n"


def test_apt_gets_what_reaches_an_archive_and_nothing_else() -> None:
    wanted = 'Acquire::http::Proxy "http://proxy.example:3128";\nAcquire::Check-Date "false";\n'
    assert apt_configuration(f'APT::Install-Recommends "0";\n{wanted}') == wanted
    assert apt_configuration('APT "";\n') == ""


def test_a_proxy_is_passed_on_in_both_spellings() -> None:
    assert proxy_environment({"HTTPS_PROXY": "http://p:1"}) == "https_proxy=http://p:1\nHTTPS_PROXY=http://p:1\n"
    assert proxy_environment({"PATH": "/bin"}) == ""
