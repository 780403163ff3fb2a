"""What a machine passes on to its hosts, and what it keeps to itself."""

from __future__ import annotations

import pytest

from tests.hosts.recipes import RECIPE_BY_NAME
from tests.hosts.surroundings import apt_configuration, pip_configuration, proxy_environment, surrounding_files


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


@pytest.mark.parametrize("name", ["ubuntu_lts", "centos", "centos_prepared", "rocky8"])
def test_a_host_gets_nothing_that_belongs_to_another_family(name: str) -> None:
    places = RECIPE_BY_NAME[name].places
    files = surrounding_files(places)
    allowed = ("etc/pip.conf", "etc/environment", places.certificate_folder, *filter(None, [places.apt_file]))
    assert [path for path in files if not path.startswith(allowed)] == []
    assert bool(places.apt_file) == (name == "ubuntu_lts")
