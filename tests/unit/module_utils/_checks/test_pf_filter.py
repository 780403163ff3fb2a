"""What pf has loaded, and what it would load."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import parse_opening
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import pf_filter
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import NeedsRoot, Unreadable
from tests.unit.module_utils._checks.freebsd_worlds import RELEASES
from tests.unit.module_utils._checks.pf_worlds import (
    BLOCK_ALL,
    CONF,
    NO_TABLE,
    REDIRECTIONS,
    SSH_ONLY,
    WEB,
    pf_off,
    pf_on,
    pf_said,
    with_module,
)
from tests.unit.module_utils._checks.worlds import LOGIN, failed, put

SSH, HTTP = parse_opening("22/tcp"), parse_opening("http")
ONE_FAMILY = "block drop in inet all\n"


@pytest.mark.parametrize("platform", RELEASES, ids=lambda platform: platform.version)
def test_what_the_fixture_lets_in(platform):
    host = pf_on(loaded=pf_said("rules.txt", platform), platform=platform)
    found = pf_filter.loaded(host, LOGIN)
    assert (found.denies, found.made_by) == (True, "pf")
    assert [found.lets_in(SSH), found.lets_in(HTTP)] == [True, False]
    assert not found.lets_in_from(SSH, "203.0.113.9")
    assert found.lets_in_from(SSH, "fe80::1%vtnet0")


@pytest.mark.parametrize("host", [pf_off(), with_module(pf_off())])
def test_pf_that_is_off_denies_nothing(host):
    found = pf_filter.loaded(host, LOGIN)
    assert (found.denies, found.made_by, found.lets_in(HTTP)) == (False, "", True)


@pytest.mark.parametrize(
    ("_case", "rules", "denies"),
    [
        ("all of it", BLOCK_ALL, True),
        ("IPv4 alone", ONE_FAMILY, False),
        ("TCP alone", "block drop in proto tcp all\n", False),
        ("but for some that we cannot tell", f'{BLOCK_ALL}pass in proto tcp from any os "Linux" to any\n', False),
        ("some ports", WEB, False),
    ],
)
def test_what_counts_as_denied(_case, rules, denies):
    assert pf_filter.loaded(pf_on(file=rules), LOGIN).denies is denies


def test_a_host_without_ipv6_has_nothing_to_deny_there():
    host = pf_on(file=ONE_FAMILY)
    host.answers["ifconfig"] = "vtnet0: flags=8843<UP> metric 0 mtu 1500\n\tinet 172.17.0.5 netmask 0xffff0000\n"
    assert pf_filter.loaded(host, LOGIN).denies


def test_an_interface_that_is_skipped_is_open():
    host = put(pf_on(), answers={"pfctl -v -s Interfaces": "all\nlo0 (skip)\nvtnet0 (skip)\n"})
    assert not pf_filter.loaded(host, LOGIN).denies


def test_a_redirection_that_passes_opens():
    host = pf_on(file=SSH_ONLY)
    host.answers[REDIRECTIONS] = "rdr pass on vtnet0 inet proto tcp from any to any port = 80 -> 127.0.0.1 port 8080\n"
    assert pf_filter.loaded(host, LOGIN).lets_in(HTTP)


def test_the_kernel_may_drop_by_default():
    assert pf_filter.loaded(put(pf_on(file=""), answers={"sysctl -n -i net.pf.default_to_drop": "1\n"}), LOGIN).denies


def test_an_opening_is_let_in_from_all_of_its_source():
    rules = f"{BLOCK_ALL}pass in inet proto tcp from 10.0.0.0/9 to any port = 80 flags S/SA keep state\n"
    found = pf_filter.loaded(pf_on(file=rules), LOGIN)
    assert found.lets_in(parse_opening("80/tcp/10.0.0.0/9"))
    assert not found.lets_in(parse_opening("80/tcp/10.0.0.0/8"))


def test_a_table_that_a_file_fills_from_another_one_is_as_it_is_loaded():
    rules = f'table <spam> persist file "/etc/spam"\n{SSH_ONLY}block drop in quick from <spam> to any\n'
    host = put(with_module(pf_off()), files={CONF: rules}, answers={"pfctl -t spam -T show": "   203.0.113.0/24\n"})
    found = pf_filter.in_file(host, LOGIN, CONF)
    assert [found.lets_in_from(SSH, "203.0.113.9"), found.lets_in_from(SSH, "9.9.9.9")] == [False, True]
    host.answers["pfctl -t spam -T show"] = NO_TABLE
    assert not pf_filter.in_file(host, LOGIN, CONF).lets_in_from(SSH, "9.9.9.9")


@pytest.mark.parametrize("code", [1, 255])
def test_a_table_that_is_not_there_is_told_by_the_words_and_another_failure_is_no_empty_table(code):
    host = put(pf_on(), answers={"pfctl -t spam -T show": failed(code, stderr="pfctl: Table does not exist.\n")})
    assert pf_filter._addresses(host, "", "spam") is None
    host.answers["pfctl -t spam -T show"] = failed(code, stderr="pfctl: /dev/pf: Operation not permitted\n")
    with pytest.raises(Unreadable, match="Operation not permitted"):
        pf_filter._addresses(host, "", "spam")


def test_a_port_may_be_told_by_its_name():
    host = pf_on(file=SSH_ONLY.replace("= 22", "= ssh") + WEB.replace("= 80", "!= nobodys-name"))
    host.files["/etc/services"] = "# a table\nssh\t\t 22/tcp   #Secure Shell Login\nssh\t\t 22/udp\n"
    assert pf_filter.loaded(host, LOGIN).lets_in(SSH)


def test_a_file_that_pfctl_refuses():
    host = put(with_module(pf_off()), answers={f"pfctl -P -v -n -f {CONF}": failed(1, stderr="syntax error")})
    assert pf_filter.in_file(host, LOGIN, CONF) is None


def test_the_rules_are_roots():
    host = pf_on()
    host.uid = 1001
    with pytest.raises(NeedsRoot):
        pf_filter.loaded(host, LOGIN)
