"""The row about the firewall on FreeBSD."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import parse_opening
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import firewall
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import CANDIDATE, Command
from tests.unit.module_utils._checks.freebsd_worlds import RELEASES, SOCKSTAT, on_freebsd, seen, services
from tests.unit.module_utils._checks.pf_worlds import (
    BLOCK_ALL,
    CONF,
    FORWARDING,
    KERNEL,
    RULES,
    SSH,
    SSH_ONLY,
    WEB,
    our_block,
    pf_off,
    pf_on,
    pf_said,
    printed,
    with_module,
)
from tests.unit.module_utils._checks.worlds import check, failed, put

HTTP = parse_opening("http")
HEADER = "USER     COMMAND    PID   FD PROTO  LOCAL ADDRESS         FOREIGN ADDRESS"
WEB_SOCKET = "www      nginx        901 6  tcp4   *:80                  *:*                                LISTEN\n"
QUICK_WEB = "pass in quick proto tcp from any to any flags S/SA keep state\n"


def commands(host, **options):
    actions = tuple(check("FW-001").remedy(host, on_freebsd(**options)))
    return [" ".join(action.argv) if isinstance(action, Command) else action.path for action in actions]


@pytest.mark.parametrize("platform", RELEASES, ids=lambda platform: platform.version)
def test_what_we_load_passes_as_pfctl_shows_it(platform):
    host = pf_on(platform=platform, loaded=pf_said("rules.txt", platform))
    found = seen("FW-001", host, platform=platform)
    assert (found.status, found.evidence) == (Status.PASS, RULES)


@pytest.mark.parametrize("platform", RELEASES, ids=lambda platform: platform.version)
def test_what_we_write_is_what_is_loaded(platform):
    """But for the bans."""
    shown = [line.strip(" {") for line in pf_said("rules.txt", platform).splitlines()]
    del shown[2:5]
    written = [line.strip(" {") for line in printed(our_block(*SSH, platform=platform)).splitlines()]
    assert written[1:] == [line for number, line in enumerate(shown) if number not in (0, 2)]


@pytest.mark.parametrize(
    ("_case", "host", "options", "words"),
    [
        ("no pf at all", pf_off(), {}, "no rule in the kernel"),
        ("in the kernel, and off", with_module(pf_off()), {}, "no rule in the kernel"),
        ("on, and without rules", pf_on(loaded=""), {}, "no rule in the kernel"),
        ("what is listed is not let in", pf_on(), {"firewall_allow": (HTTP,)}, "80/tcp is not let in"),
        ("the new port of sshd is shut", pf_on(), {"ssh_port": 2200}, "2200/tcp is not let in"),
        ("off after a boot", put(pf_on(), answers=services(pf="disabled running")), {}, "pf_enable"),
        ("another file than what is loaded", pf_on(file="", loaded=printed(our_block(*SSH))), {}, "after a boot"),
        (
            "shut after a boot",
            pf_on(file=BLOCK_ALL, loaded=printed(our_block(*SSH))),
            {},
            "22/tcp is let in now, and after a boot not",
        ),
        ("no way to the bans", pf_on(file=SSH_ONLY), {}, "no rule leads to the anchor blacklistd/*"),
        (
            "a quick rule lets in all",
            pf_on(file=QUICK_WEB + our_block(*SSH, is_alone=False)),
            {},
            "before ours (`quick`)",
        ),
    ],
)
def test_what_fails(_case, host, options, words):
    found = seen("FW-001", host, **options)
    assert found.status is Status.FAIL
    assert words in found.observed


def test_a_file_that_pfctl_refuses_is_loaded_by_nobody_at_boot():
    host = pf_on()
    host.answers[f"pfctl -P -v -n -f {CONF}"] = failed(1, stderr=f"{CONF}:3: syntax error\n")
    assert "has a fault" in seen("FW-001", host).observed


def test_only_root_may_see_the_rules():
    host = pf_on()
    host.uid = 1001
    found = seen("FW-001", host)
    assert (found.status, "become: true" in found.observed) == (Status.UNKNOWN, True)


def test_a_host_without_anything_gets_a_file_and_pf_is_switched_on_by_pfctl():
    assert commands(pf_off()) == [
        "kldload -n pf",
        CONF,
        "sysrc pf_enable=YES",
        f"pfctl -f {CONF}",
        "pfctl -e",
    ]


def test_what_is_written_lets_in_ssh_and_what_is_listed_and_is_judged_before():
    (action,) = [
        one for one in check("FW-001").remedy(pf_off(), on_freebsd(firewall_allow=(HTTP,))) if hasattr(one, "path")
    ]
    assert action.content == our_block(*SSH, HTTP)
    assert (action.validate, action.mode) == (("pfctl", "-n", "-f", CONF), 0o600)


def test_rc_conf_is_exchanged_in_its_own_directory():
    """A power cut while sysrc copies it there from a /tmp of its own would leave a host without a network."""
    (written,) = [one for one in check("FW-001").remedy(pf_off(), on_freebsd()) if "sysrc" in getattr(one, "argv", ())]
    assert written.env == {"TMPDIR": "/etc"}


def test_taken_back_pf_is_off_without_rules_and_out_of_the_kernel():
    undone = [
        command for action in check("FW-001").remedy(pf_off(), on_freebsd()) for command in getattr(action, "undo", ())
    ]
    assert undone == [("kldunload", "pf"), ("pfctl", "-F", "rules"), ("pfctl", "-d")]


def test_beside_somebodys_rules_only_a_block_is_ours():
    host = pf_on(file=WEB)
    (block,) = [
        one for one in check("FW-001").remedy(host, on_freebsd(firewall_allow=(HTTP,))) if hasattr(one, "lines")
    ]
    assert (block.path, block.validate, block.is_last) == (CONF, ("pfctl", "-n", "-f", CANDIDATE), True)
    assert "scrub" not in block.lines
    assert "    block in\n" in block.lines


def test_where_somebodys_rules_deny_ours_only_let_in_what_they_do_not():
    host = pf_on(file=SSH_ONLY)
    (block,) = [
        one for one in check("FW-001").remedy(host, on_freebsd(firewall_allow=(HTTP,))) if hasattr(one, "lines")
    ]
    assert [line.strip() for line in block.lines.splitlines()] == [
        'anchor "blacklistd/*" in',
        'anchor "groundwork" {',
        "pass in proto tcp from any to any port 80 flags any keep state (sloppy)",
        "}",
    ]


def test_rules_that_are_loaded_are_loaded_again_from_the_file_when_taken_back():
    host = pf_on(file=SSH_ONLY)
    (loading,) = [one for one in check("FW-001").remedy(host, on_freebsd()) if isinstance(one, Command)]
    assert (loading.argv, loading.undo) == (("pfctl", "-f", CONF), (("pfctl", "-f", CONF),))


@pytest.mark.parametrize("file", ["", None])
def test_rules_that_somebody_has_loaded_by_hand_are_not_thrown_away(file):
    """They deny, but no file would bring them back."""
    host = put(pf_on(file="", loaded=SSH_ONLY), files={CONF: file})
    observed = seen("FW-001", host).observed
    assert commands(host) == []
    assert "is loaded from it" in observed or "lets everything in" in observed


def test_our_own_rules_for_another_banner_are_exchanged():
    host = pf_on(file=our_block(*SSH))
    assert f"pfctl -f {CONF}" in commands(host, brute_force="fail2ban")


def test_a_way_to_the_bans_that_a_quick_rule_shuts_is_told_and_not_loaded_at_each_run():
    quick = "pass in quick proto tcp from any to any port = 22 flags S/SA keep state\n"
    host = pf_on(file=f"{BLOCK_ALL}{quick}{our_block(is_alone=False, denies=False)}")
    assert "no rule leads to the anchor" in seen("FW-001", host).observed
    assert not any("pfctl" in command for command in commands(host))


def test_only_pf_enable_is_set_where_the_rest_is_good():
    assert commands(put(pf_on(), answers={**services(pf="disabled running"), "sysrc -i -n pf_enable": "NO\n"})) == [
        CONF,
        "sysrc pf_enable=YES",
    ]


@pytest.mark.parametrize(
    ("_case", "host", "words"),
    [
        ("ipfw is on at boot", put(pf_off(), answers=services(ipfw="enabled stopped")), "ipfw has the rules"),
        ("ipfilter is in the kernel", put(pf_off(), answers={"kldstat -q -m ipfilter": ""}), "ipfilter has the rules"),
        ("a service would be cut off", put(pf_off(), answers={SOCKSTAT: WEB_SOCKET}), "80/tcp (nginx)"),
        ("somebody's quick rule comes first", with_module(put(pf_off(), files={CONF: QUICK_WEB})), "by hand"),
        ("a file that cannot be judged yet", put(pf_off(), files={CONF: WEB}), "by hand"),
        ("a router, or jails with a network", put(pf_off(), answers={FORWARDING: "1\n0\n"}), "by hand"),
        ("rules that are in no file", pf_on(file="", loaded=WEB), "by hand"),
    ],
)
def test_what_is_left_alone_and_named(_case, host, words):
    assert commands(host) == []
    assert words in seen("FW-001", host).remedy


@pytest.mark.parametrize(
    ("_case", "host", "words"),
    [
        ("packaged base without pf", put(pf_off(), programs={"pfctl": None}), "package FreeBSD-pf"),
        ("a jail", put(pf_off(), answers={KERNEL: "1\n-1\n"}), "filtered by its host"),
        (
            "a jail on a host with pf",
            put(pf_off(), answers={KERNEL: "1\n-1\n", "kldstat -q -m pf": ""}),
            "filtered by its host",
        ),
        ("no module is taken any more", put(pf_off(), answers={KERNEL: "0\n1\n"}), "kern.securelevel is 1"),
        ("no rule is taken any more", put(with_module(pf_off()), answers={KERNEL: "0\n3\n"}), "kern.securelevel is 3"),
    ],
)
def test_where_pf_is_out_of_reach_the_run_tries_nothing_that_would_end_it(_case, host, words):
    """And bans, which pf would have to carry out, are left alone, too."""
    assert commands(host) == []
    assert words in seen("FW-001", host).observed
    assert not firewall.will_be_on(host, on_freebsd())


@pytest.mark.parametrize(("level", "changes"), [("1", True), ("3", False)])
def test_rules_that_are_in_force_are_changed_only_where_the_kernel_lets(level, changes):
    host = put(pf_on(), answers={KERNEL: f"0\n{level}\n"})
    assert bool(commands(host, firewall_allow=(HTTP,))) is changes


def test_a_router_with_rules_of_its_own_keeps_them_and_gets_what_is_missing():
    host = put(with_module(pf_off()), files={CONF: SSH_ONLY}, answers={FORWARDING: "1\n0\n"})
    assert "pfctl -e" in commands(host)


def test_nothing_is_done_where_a_quick_rule_would_still_shut_what_is_listed():
    host = pf_on(file=f"block drop in quick proto tcp from any to any port = 80\n{SSH_ONLY}")
    assert commands(host, firewall_allow=(HTTP,)) == []


def test_two_daemons_of_the_base_system_that_serve_nobody_are_no_reason_to_leave_pf_off():
    waiting = (
        "root     syslogd      811 7  udp4   *:514                 *:*\n"
        "ntpd     ntpd         922 20 udp4   *:123                 *:*\n"
    )
    assert "pfctl -e" in commands(put(pf_off(), answers={SOCKSTAT: waiting}))


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("block drop in quick from 172.17.0.0/16 to any\n", [22]),
        ("block drop in from 172.17.0.0/16 to any\n", []),
        ('block drop in quick proto tcp from any os "Linux" to any\n', []),
        ("", []),
    ],
)
def test_a_quick_rule_against_this_login_is_named(rules, expected):
    host = with_module(put(pf_off(), files={CONF: rules}))
    found = list(firewall.obstacles(host, on_freebsd()))
    assert [port for port in (22,) if any(f"{port}/tcp from 172.17.0.1" in words for words in found)] == expected


@pytest.mark.parametrize(
    ("host", "words"),
    [
        (put(pf_on(), answers={KERNEL: "0\n3\n"}), "kern.securelevel is 3"),
        (pf_on(file="", loaded=SSH_ONLY), f"not from {CONF}"),
    ],
)
def test_sshd_moves_to_no_port_that_rules_refuse_which_stay_as_they_are(host, words):
    (found,) = firewall.obstacles(host, on_freebsd(ssh_port=2200))
    assert found.startswith("pf refuses 2200/tcp from 172.17.0.1")
    assert words in found
    assert list(firewall.obstacles(host, on_freebsd())) == []


def test_what_pfctl_cannot_tell_ends_in_an_unknown():
    host = pf_on()
    host.answers["pfctl -s info"] = CommandFailed(("pfctl",), rc=1, stdout="", stderr="pfctl: DIOCGETSTATUS")
    assert seen("FW-001", host).status is Status.UNKNOWN


@pytest.mark.parametrize("line", ["pass in on\n", "pass in proto tcp from any port smtp: to any\n"])
def test_rules_in_a_form_that_nobody_has_seen_are_not_judged(line):
    found = seen("FW-001", pf_on(loaded=BLOCK_ALL + line))
    assert (found.status, "form that is not known" in found.observed) == (Status.UNKNOWN, True)
