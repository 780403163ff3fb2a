"""ifconfig(8), to look only: `-a`, `-l`, a name, in the form of freebsd/freebsd-src:sbin/ifconfig/ifconfig.c."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any

from .interfaces import NAMES, addresses


def main(arguments: list[str]) -> int:
    known = {NAMES.get(entry["ifname"], entry["ifname"]): entry for entry in addresses()}
    words = [word for word in arguments if not word.startswith("-")]
    if "-l" in arguments:
        print(" ".join(sorted(known, reverse=True)))
        return 0
    if words and words[0] not in known:
        print(f"ifconfig: interface {words[0]} does not exist", file=sys.stderr)
        return 1
    for name in words[:1] or sorted(known, reverse=True):
        _show(name, known[name])
    return 0


def _show(name: str, entry: dict[str, Any]) -> None:
    is_loopback = name == "lo0"
    flags = (
        "UP,LOOPBACK,RUNNING,MULTICAST,LOWER_UP" if is_loopback else "UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST,LOWER_UP"
    )
    print(f"{name}: flags=1008{'0' if is_loopback else '8'}43<{flags}> metric 0 mtu {entry['mtu']}")
    if not is_loopback:
        print("\toptions=4c07bb<RXCSUM,TXCSUM,VLAN_MTU,VLAN_HWTAGGING,JUMBO_MTU,VLAN_HWCSUM,TSO4,TSO6,LRO,LINKSTATE>")
        print(f"\tether {entry['address']}")
    for address in entry.get("addr_info", []):
        print(f"\t{_address(name, address)}")
    if is_loopback:
        print("\tgroups: lo")
    else:
        print("\tmedia: Ethernet autoselect (10Gbase-T <full-duplex>)\n\tstatus: active")
    print("\tnd6 options=21<PERFORMNUD,AUTO_LINKLOCAL>")


def _address(name: str, address: dict[str, Any]) -> str:
    length = address["prefixlen"]
    if address["family"] == "inet":
        mask = int(ipaddress.ip_network(f"0.0.0.0/{length}").netmask)
        broadcast = f" broadcast {address['broadcast']}" if "broadcast" in address else ""
        return f"inet {address['local']} netmask {mask:#010x}{broadcast}"
    is_local = address["local"].startswith("fe80")
    scope = f"%{name}" if is_local else ""
    tail = " scopeid 0x1" if is_local else ""
    return f"inet6 {address['local']}{scope} prefixlen {length}{tail}"
