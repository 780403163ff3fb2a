"""The rows about bans on FreeBSD: by the base system's daemon, or by fail2ban where the user wants it."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.files import FILES
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.pf_conf import STOCK_FILE
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandMissing
from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command
from ansible_collections.groundwork.python_host.plugins.module_utils._host.login import Login
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from tests.unit.module_utils._checks.freebsd_worlds import (
    FREEBSD_14,
    FREEBSD_15,
    RELEASES,
    SOCKSTAT,
    on_freebsd,
    seen,
    services,
    variables,
)
from tests.unit.module_utils._checks.pf_worlds import SSH_ONLY, bans_on, pf_off, pf_on, pf_said
from tests.unit.module_utils._checks.worlds import check, failed, put

NAMES = {"14.5": "blacklistd", "15.1": "blocklistd"}
CONF = "/etc/blacklistd.conf"
EXCEPTED = "[remote]\n172.17.0.1/32 * * * = * *\n"
UNCHANGED = FileStat("file", 0o644, "root", "wheel", modified=100.0)
by_release = pytest.mark.parametrize("platform", RELEASES, ids=lambda platform: platform.version)


def banning(platform=FREEBSD_14, **words):
    return bans_on(pf_on(platform=platform, **words), platform)


def saying(text):
    return put(banning(), files={CONF: text}, stats={CONF: UNCHANGED})


@by_release
def test_a_host_that_bans_passes(platform):
    found = seen("BAN-001", banning(platform), platform=platform)
    assert (found.status, found.evidence) == (Status.PASS, f"{NAMES[platform.version][:-1]}ctl dump -b")


SILENT = {"answers": {"sshd -T": ""}}


@pytest.mark.parametrize(
    ("_case", "host", "words"),
    [
        ("not on at boot", put(banning(), answers=services(blacklistd="disabled running")), "not start at boot"),
        ("does not run", put(banning(), answers=services(blacklistd="enabled stopped")), "does not run"),
        ("its bans cannot be read", put(banning(), answers={"blacklistctl dump -b": failed(1)}), "cannot read"),
        (
            "changed since it has read",
            put(banning(), stats={CONF: FileStat("file", 0o644, "root", "wheel", modified=300.0)}),
            "was changed after",
        ),
        ("ipf has the bans", put(banning(), stats={"/etc/ipf.rules": UNCHANGED}), "another firewall"),
        ("no line for sshd's port", saying("smtp stream * * * 3 24h\n"), "bans nobody from port 22"),
        ("never", saying("ssh stream * * * * *\n"), "bans nobody from port 22"),
        ("never over IPv6", saying("ssh stream * * * 3 1h\n22 stream tcp6 * * * *\n"), "bans nobody from port 22"),
        ("everybody is excepted", saying("ssh stream * * * 3 1h\n[remote]\n* * * * = * *\n"), "bans nobody"),
        ("pf is off", bans_on(pf_off()), "is off"),
        ("no rule leads there", banning(file=SSH_ONLY), 'no rule of pf leads to the bans (`anchor "blacklistd/*" in`)'),
    ],
)
def test_what_fails(_case, host, words):
    found = seen("BAN-001", host)
    assert found.status is Status.FAIL
    assert words in found.observed


@by_release
def test_rules_in_another_file_than_the_stock_one_hide_pf_from_the_older_daemon(platform):
    host, elsewhere = banning(platform), "/usr/local/etc/pf.conf"
    put(host, files={STOCK_FILE: None, elsewhere: host.files[STOCK_FILE]}, answers=variables(pf_rules=elsewhere))
    found = seen("BAN-001", host, platform=platform)
    is_hidden = platform is FREEBSD_14
    assert (found.status is Status.FAIL, "without /etc/pf.conf" in found.observed) == (is_hidden, is_hidden)
    put(host, files={STOCK_FILE: ""})
    assert seen("BAN-001", host, platform=platform).status is Status.PASS


@pytest.mark.parametrize("state", ["enabled stopped", "disabled running"])
def test_the_same_daemon_by_its_older_name_is_named_and_left_alone(state):
    host = put(banning(FREEBSD_15), answers=services(blacklistd=state))
    assert "by an older name" in seen("BAN-001", host, platform=FREEBSD_15).observed
    assert settings("BAN-001", host, FREEBSD_15) == settings("BAN-002", host, FREEBSD_15) == []
    assert list(check("BAN-001").remedy(host, on_freebsd(platform=FREEBSD_15))) == []


@by_release
def test_a_packaged_base_without_the_daemon_is_named_and_nothing_is_tried(platform):
    """`service` would end with 1, and the run with it."""
    host = put(banning(platform), stats={f"/etc/rc.d/{NAMES[platform.version]}": None})
    put(host, answers=services(**{NAMES[platform.version]: "disabled stopped"}))
    assert "package FreeBSD-blocklist" in seen("BAN-001", host, platform=platform).observed
    assert settings("BAN-001", host, platform) == settings("BAN-002", host, platform) == []
    assert list(check("BAN-001").remedy(host, on_freebsd(platform=platform))) == []


def test_an_sshd_that_reports_to_nobody():
    host, quiet = banning(), pf_on()
    host.answers.update({command: text for command, text in quiet.answers.items() if command.startswith("sshd -T")})
    assert "UseBlacklist is not yes" in seen("BAN-001", host).observed


def test_an_sshd_without_the_keyword():
    host = banning()
    for command, text in tuple(host.answers.items()):
        if command.startswith("sshd -T"):
            host.answers[command] = text.replace("useblacklist yes\n", "")
    assert "knows no keyword" in seen("BAN-001", host).observed


def test_without_the_program_nothing_is_known():
    host = put(banning(), answers={"blacklistctl dump -b": CommandMissing("blacklistctl")})
    assert seen("BAN-001", host).status is Status.UNKNOWN


def settings(check_id, host, platform=FREEBSD_14, **options):
    found = check(check_id).settings(host, on_freebsd(platform=platform, **options))
    return [(setting.file, setting.key, setting.value) for setting in found]


@by_release
def test_sshd_is_told_by_the_keyword_that_it_knows(platform):
    keyword = {"14.5": "UseBlacklist", "15.1": "UseBlocklist"}[platform.version]
    assert settings("BAN-001", banning(platform), platform) == [("sshd", keyword, "yes")]


@pytest.mark.parametrize("given", ["36500d", "99999w", "9999999999"])
def test_a_ban_time_that_the_daemon_cannot_count_is_the_longest_that_it_can(given):
    found = settings("BAN-001", banning(), FREEBSD_14, fail2ban_ban_time=given)
    assert found[-1] == ("blacklistd", "local/22 stream tcp6", "* * 3 24855d")


@by_release
def test_a_ban_time_of_the_user_comes_before_the_stock_lines(platform):
    name = NAMES[platform.version]
    assert settings("BAN-001", banning(platform), platform, fail2ban_ban_time="1w")[1:] == [
        (name, "local/22 stream tcp", "* * 3 7d"),
        (name, "local/22 stream tcp6", "* * 3 7d"),
    ]


def test_a_port_that_no_line_is_about_gets_one():
    found = settings("BAN-001", saying("ssh stream * * * 3 24h\n"), ssh_port=2200)
    assert [key for _file, key, _value in found[1:]] == ["local/2200 stream tcp", "local/2200 stream tcp6"]


def test_where_pf_stays_off_nothing_is_set_up():
    web = "www      nginx        901 6   tcp4   *:80                  *:*                   LISTEN\n"
    host = put(bans_on(pf_off()), answers={SOCKSTAT: web})
    assert settings("BAN-001", host) == settings("BAN-002", host) == []
    assert list(check("BAN-001").remedy(host, on_freebsd())) == []


def test_with_the_firewalls_row_left_out_the_way_to_the_bans_must_be_there():
    assert settings("BAN-001", banning(), skip=("FW-001",)) != []
    assert settings("BAN-001", banning(file=SSH_ONLY), skip=("FW-001",)) == []


@by_release
def test_it_is_started_now_and_at_boot(platform):
    name = NAMES[platform.version]
    host = put(
        banning(platform),
        answers={**services(**{name: "disabled stopped"}), **variables(**{f"{name}_enable": "NO"})},
    )
    actions = check("BAN-001").remedy(host, on_freebsd(platform=platform))
    assert [" ".join(action.argv) for action in actions] == [f"sysrc {name}_enable=YES", f"service {name} onestart"]


def test_a_file_that_the_daemon_has_not_read_is_read():
    host = put(banning(), stats={CONF: FileStat("file", 0o644, "root", "wheel", modified=300.0)})
    (again,) = check("BAN-001").remedy(host, on_freebsd())
    assert again.argv == ("service", "blacklistd", "onerestart")


@pytest.mark.parametrize(
    ("_case", "text", "options", "status", "words"),
    [
        ("excepted", EXCEPTED, {}, Status.PASS, "excepts them"),
        ("not", "", {}, Status.FAIL, "172.17.0.1 can be banned"),
        ("by its network", "[remote]\n172.17.0.0/16 * * * = * *\n", {}, Status.PASS, ""),
        ("and a listed network", EXCEPTED, {"fail2ban_ignore": ("192.0.2.0/24",)}, Status.FAIL, "192.0.2.0/24 can be"),
        (
            "half of a listed network",
            f"{EXCEPTED}192.0.2.0/25 * * * = * *\n",
            {"fail2ban_ignore": ("192.0.2.0/24",)},
            Status.FAIL,
            "192.0.2.0/24",
        ),
        ("a host name", EXCEPTED, {"fail2ban_ignore": ("ops.example.org",)}, Status.FAIL, "ops.example.org"),
        ("nobody is logged in", "", {"login": Login()}, Status.NOT_APPLICABLE, "nobody is logged in"),
    ],
)
def test_who_is_never_banned(_case, text, options, status, words):
    found = seen("BAN-002", saying(f"ssh stream * * * 3 24h\n{text}"), **options)
    assert (found.status, words in found.observed) == (status, True)


def test_an_exception_that_the_daemon_has_not_read_is_none():
    host = put(
        saying(f"ssh stream * * * 3 1h\n{EXCEPTED}"), stats={CONF: FileStat("file", 0o644, "", "", modified=300.0)}
    )
    assert "was changed after" in seen("BAN-002", host).observed


def test_exceptions_have_their_length_and_names_are_left_out():
    listed = ("10.0.0.0/8", "2001:db8::7", "ops.example.org")
    assert settings("BAN-002", banning(), fail2ban_ignore=listed) == [
        ("blacklistd", "remote/10.0.0.0/8 * * *", "= * *"),
        ("blacklistd", "remote/[2001:db8::7]/128 * * *", "= * *"),
        ("blacklistd", "remote/172.17.0.1/32 * * *", "= * *"),
    ]


def contributed(platform, **options):
    """What both rows have to say in the daemon's file, in its order."""
    asked, host = on_freebsd(platform=platform, **options), banning(platform)
    found = [setting for check_id in ("BAN-001", "BAN-002") for setting in check(check_id).settings(host, asked)]
    return sorted((one for one in found if one.file == NAMES[platform.version]), key=lambda setting: setting.key)


@by_release
def test_our_block_holds_lines_of_both_sections_and_is_read_again(platform):
    file = FILES[NAMES[platform.version]]
    found = contributed(platform, fail2ban_ban_time="10m", fail2ban_ignore=("2001:db8::/32",))
    lines = file.render(found)
    assert (file.path, file.is_block, file.is_last) == (f"/etc/{NAMES[platform.version]}.conf", True, True)
    assert lines == (
        "[local]\n22 stream tcp * * 3 10m\n22 stream tcp6 * * 3 10m\n"
        "[remote]\n172.17.0.1/32 * * * = * *\n[2001:db8::]/32 * * * = * *\n"
    )
    written = pf_said(f"{NAMES[platform.version]}.conf", platform) + blocks.rendered(lines, is_last=True)
    assert [file.read(written, setting.key) for setting in found] == [setting.value for setting in found]
    assert file.read(written, "local/22 stream udp") == file.read(written, "remote/22 stream tcp") == ""


@by_release
def test_a_daemon_that_runs_is_started_again_and_another_left_to_its_row(platform):
    name = NAMES[platform.version]
    load = FILES[name].load
    assert load(banning(platform), platform, ()) == (Command(("service", name, "onerestart")),)
    assert load(put(banning(platform), answers=services(**{name: "enabled stopped"})), platform, ()) == ()
