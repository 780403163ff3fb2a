"""route(8), to look only: `route -n get [-inet6] default`; `netstat -rn` shows the same table."""

from __future__ import annotations

import os
import sys
from typing import Any

from .interfaces import NAMES, routes


def main(arguments: list[str]) -> int:
    is_inet6 = bool({"-inet6", "-6"} & set(arguments))
    listed = routes(is_inet6=is_inet6)
    if os.path.basename(sys.argv[0]) == "netstat":
        return _table(listed)
    default = next((entry for entry in listed if entry.get("dst") == "default"), None)
    if "get" not in arguments:
        print("route: only `get` is known to this host, which is a double", file=sys.stderr)
        return 64
    if default is None:
        print("route: route has not been found", file=sys.stderr)
        return 1
    name = NAMES.get(default["dev"], default["dev"])
    print("   route to: default\ndestination: default\n       mask: default")
    print(f"    gateway: {default['gateway']}\n        fib: 0\n  interface: {name}")
    print("      flags: <UP,GATEWAY,DONE,STATIC>")
    print(" recvpipe  sendpipe  ssthresh  rtt,msec    mtu        weight    expire")
    print("       0         0         0         0      1500         1         0 ")
    return 0


def _table(listed: list[dict[str, Any]]) -> int:
    print("Routing tables\n\nInternet:\nDestination        Gateway            Flags         Netif Expire")
    for entry in listed:
        flags = "UGS" if "gateway" in entry else "U"
        gateway = entry.get("gateway", "link#1")
        print(f"{entry['dst']:<18} {gateway:<18} {flags:<13} {NAMES.get(entry['dev'], entry['dev'])}")
    return 0
