"""FreeBSD hosts with pf: off as the system comes, on with our block, or with somebody's own rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import ban_daemon, pf, pf_conf, pf_filter
from ansible_collections.groundwork.python_host.plugins.module_utils._host import blocks
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, FileStat
from tests.unit.module_utils._checks.freebsd_worlds import FREEBSD_14, prepared, services, variables
from tests.unit.module_utils._checks.worlds import failed, file, put
from tests.unit.module_utils._platform.hosts import fixture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
    from tests.unit.fakes import FakeHost

CONF = pf_conf.STOCK_FILE
RULES, REDIRECTIONS = " ".join(pf_filter.RULES), " ".join(pf_filter.REDIRECTIONS)
IN_FILE = "pfctl -P -v -n -f"
KERNEL, FORWARDING = " ".join(pf_filter.KERNEL), " ".join(pf.FORWARDING)
BAN_ANCHORS = {"14": "blacklistd/*", "15": "blocklistd/*"}
SSH = (Opening(22, "tcp"),)
# The first name that pfctl has for the number (icmp6_type in pfctl_parser.c).
ICMP6_NAMES = {"130": "groupqry", "131": "grouprep", "132": "groupterm"}
NO_TABLE = CommandResult((), 255, "", "pfctl: Table does not exist.\n")
WEB = "pass in proto tcp from any to any port = 80 flags S/SA keep state\n"
BLOCK_ALL = "block drop in all\n"
SSH_ONLY = f"{BLOCK_ALL}pass in proto tcp from any to any port = 22 flags S/SA keep state\n"


def pf_said(name: str, platform: Platform = FREEBSD_14) -> str:
    """What a tool of this release says (`rules.txt`)."""
    return fixture(f"freebsd-{platform.version}/pf/{name}")


def our_block(*openings, platform: Platform = FREEBSD_14, is_alone: bool = True, denies: bool = True) -> str:
    anchor = BAN_ANCHORS[platform.major]
    lines = pf_conf.lines(openings, ban_anchor=anchor, is_alone=is_alone, denies=denies)
    return blocks.rendered(lines, is_last=True)


def printed(text: str) -> str:
    """A file as `pfctl -v` prints it: for what we write, and for rules that are written as they are printed."""
    return "".join(line + "\n" for source in text.splitlines() for line in _printed(source.partition("#")[0].strip()))


def _printed(line: str) -> Iterator[str]:
    listed = re.search(r"\{ (.*) \}", line)
    if listed:
        for word in listed.group(1).split():
            yield from _printed(line.replace(listed.group(), ICMP6_NAMES.get(word, word)))
    elif line.startswith(("pass", "block", "anchor")):
        line = re.sub(r"^block (?=in)", "block drop ", line)
        line = re.sub(r"port (?=\d+( |$))", "port = ", line)
        if not re.search(r" (all|from)( |$)", line):
            place = re.match(
                r'(anchor "[^"]*"( in)?|\w+( drop)?( in| out)?( quick)?( on \w+)?( inet6?)?( proto \S+)?)', line
            )
            line = f"{place.group()} all{line[place.end() :]}"
        yield _with_state(line) if line.startswith("pass") and " no state" not in line else line
    elif line:
        yield line


def _with_state(line: str) -> str:
    """A rule that passes keeps state unless it says otherwise, over TCP from the first packet on (pf.conf(5))."""
    if " keep state" not in line:
        line = re.sub(r"( allow-opts)?$", r" keep state\1", line, count=1)
    is_tcp = " proto " not in line or " proto tcp" in line
    return line if not is_tcp or " flags " in line else line.replace(" keep state", " flags S/SA keep state")


def _judged(host: FakeHost, argv) -> str:
    return printed(host.files[argv[-1]] or "")


def pf_off(host: FakeHost | None = None, platform: Platform = FREEBSD_14) -> FakeHost:
    """As the system comes: no module, no file, not switched on."""
    host = put(
        host or prepared(platform),
        answers={
            **services(pf="disabled stopped", ipfw="disabled stopped", ipfilter="disabled stopped"),
            **variables(pf_rules=CONF, pf_enable="NO", syslogd_flags="-s"),
            **{f"kldstat -q -m {name}": failed(1) for name in ("pf", "ipfw", "ipfilter")},
            "ifconfig": pf_said("ifconfig.txt", platform),
            "sysctl -n -i net.pf.default_to_drop": "0\n",
            KERNEL: "0\n-1\n",
            FORWARDING: "0\n0\n",
        },
        files={CONF: None, "/proc/912/cmdline": ""},
        stats={
            pf_filter.DEVICE: None,
            **{f"/etc/rc.d/{anchor.partition('/')[0]}": file(0o555) for anchor in BAN_ANCHORS.values()},
        },
        programs={"pfctl": "/sbin/pfctl"},
    )
    host.doubles[IN_FILE] = _judged
    return host


def with_module(host: FakeHost, platform: Platform = FREEBSD_14) -> FakeHost:
    """pf is in the kernel, off and without rules."""
    return put(
        host,
        answers={"kldstat -q -m pf": "", "pfctl -s info": pf_said("info-off.txt", platform)},
        stats={pf_filter.DEVICE: FileStat("other", 0o600, "root", "wheel")},
    )


def pf_on(
    host: FakeHost | None = None, *, file: str | None = None, loaded: str | None = None, platform: Platform = FREEBSD_14
) -> FakeHost:
    """On at boot and now, with this file; what is loaded is that file, unless something else is."""
    text = our_block(*SSH, platform=platform) if file is None else file
    anchor = BAN_ANCHORS[platform.major].partition("/")[0]
    return put(
        with_module(pf_off(host, platform), platform),
        answers={
            **services(pf="enabled running"),
            **variables(pf_enable="YES"),
            "pfctl -s info": pf_said("info-on.txt", platform),
            "pfctl -v -s Interfaces": pf_said("interfaces.txt", platform),
            REDIRECTIONS: "",
            RULES: printed(text) if loaded is None else loaded,
            f"pfctl -a {anchor}/22 -t port22 -T show": "   203.0.113.9\n",
            "pfctl -t port22 -T show": NO_TABLE,
        },
        files={CONF: text},
    )


def bans_on(host: FakeHost, platform: Platform = FREEBSD_14) -> FakeHost:
    """The base system's daemon runs, sshd reports to it, and its file is as it comes."""
    name = BAN_ANCHORS[platform.major].partition("/")[0]
    answers = {command: text for command, text in host.answers.items() if command.startswith("sshd -T")}
    reporting = {command: re.sub(r"(?m)^(usebl\w+) no$", r"\1 yes", text) for command, text in answers.items()}
    return put(
        host,
        answers={
            **reporting,
            **services(blacklistd="disabled stopped"),
            **services(**{name: "enabled running"}),
            **variables(**{f"{name}_enable": "YES"}),
            f"{name[:-1]}ctl dump -b": pf_said("dump.txt", platform),
        },
        files={f"/etc/{name}.conf": pf_said(f"{name}.conf", platform)},
        stats={
            f"/etc/{name}.conf": FileStat("file", 0o644, "root", "wheel", modified=100.0),
            f"/var/run/{name}.pid": FileStat("file", 0o644, "root", "wheel", modified=200.0),
            f"/etc/{name}.conf.d": None,
            **dict.fromkeys(ban_daemon.ELSEWHERE[name]),
        },
    )
