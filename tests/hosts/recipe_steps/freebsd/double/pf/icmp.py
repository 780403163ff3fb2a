"""Names of ICMP's types and codes. Two names may stand for one number: the first is printed.

freebsd/freebsd-src:sbin/pfctl/pfctl_parser.c (icmp_type, icmp6_type, icmp_code, icmp6_code).
"""

from __future__ import annotations

_TYPES = {
    "inet": (
        ("echoreq", 8),
        ("echorep", 0),
        ("unreach", 3),
        ("squench", 4),
        ("redir", 5),
        ("althost", 6),
        ("routeradv", 9),
        ("routersol", 10),
        ("timex", 11),
        ("paramprob", 12),
        ("timereq", 13),
        ("timerep", 14),
        ("inforeq", 15),
        ("inforep", 16),
        ("maskreq", 17),
        ("maskrep", 18),
        ("trace", 30),
        ("dataconv", 31),
        ("mobredir", 32),
        ("ipv6-where", 33),
        ("ipv6-here", 34),
        ("mobregreq", 35),
        ("mobregrep", 36),
        ("skip", 39),
        ("photuris", 40),
    ),
    "inet6": (
        ("unreach", 1),
        ("toobig", 2),
        ("timex", 3),
        ("paramprob", 4),
        ("echoreq", 128),
        ("echorep", 129),
        ("groupqry", 130),
        ("listqry", 130),
        ("grouprep", 131),
        ("listenrep", 131),
        ("groupterm", 132),
        ("listendone", 132),
        ("routersol", 133),
        ("routeradv", 134),
        ("neighbrsol", 135),
        ("neighbradv", 136),
        ("redir", 137),
        ("routrrenum", 138),
        ("wrureq", 139),
        ("wrurep", 140),
        ("fqdnreq", 139),
        ("fqdnrep", 140),
        ("niqry", 139),
        ("nirep", 140),
        ("mtraceresp", 200),
        ("mtrace", 201),
    ),
}
# The codes of a type, by their numbers.
_CODES = {
    ("inet", 3): (
        *("net-unr", "host-unr", "proto-unr", "port-unr", "needfrag", "srcfail", "net-unk", "host-unk", "isolate"),
        *("net-prohib", "host-prohib", "net-tos", "host-tos", "filter-prohib", "host-preced", "cutoff-preced"),
    ),
    ("inet", 5): ("redir-net", "redir-host", "redir-tos-net", "redir-tos-host"),
    ("inet", 11): ("transit", "reassemb"),
    ("inet", 12): ("badhead", "optmiss", "badlen"),
    ("inet6", 1): ("noroute-unr", "admin-unr", "beyond-unr", "addr-unr", "port-unr"),
    ("inet6", 3): ("transit", "reassemb"),
    ("inet6", 4): ("badhead", "nxthdr"),
}


def type_number(word: str, family: str) -> int | None:
    if word.isdigit():
        return int(word) if int(word) < 256 else None
    return dict(_TYPES[family]).get(word)


def type_name(number: int, family: str) -> str:
    return next((name for name, each in _TYPES[family] if each == number), str(number))


def code_number(word: str, number: int, family: str) -> int | None:
    if word.isdigit():
        return int(word) if int(word) < 256 else None
    names = _CODES.get((family, number), ())
    return names.index(word) if word in names else None


def code_name(code: int, number: int, family: str) -> str:
    names = _CODES.get((family, number), ())
    return names[code] if code < len(names) else str(code)
