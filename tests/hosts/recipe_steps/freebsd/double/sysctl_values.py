"""The variables of the kernel that sysctl(8) of the double knows, with the values of an untouched system."""

from __future__ import annotations

import functools
import os
import socket

from .freebsd_version import running_ident, versions
from .places import release

READ_ONLY = frozenset(("kern.ostype", "kern.osrelease", "kern.version", "kern.osreldate", "kern.boottime"))
BOOT_ONLY = frozenset(("net.pf.default_to_drop", "security.mac.version", "vm.kmem_size", "kern.maxusers"))
_TABLE = """
kern.coredump 1
kern.corefile %N.core
kern.sugid_coredump 0
kern.randompid 0
kern.securelevel -1
kern.maxfiles 65536
kern.maxproc 4096
kern.maxusers 384
kern.ipc.somaxconn 128
kern.ipc.soacceptqueue 128
kern.elf64.aslr.enable 1
kern.elf64.aslr.pie_enable 1
kern.elf64.nxstack 1
kern.elf32.aslr.enable 1
kern.msgbuf_show_timestamp 0
kern.ps_argsopen 1
kern.timecounter.hardware TSC-low
security.bsd.see_other_uids 1
security.bsd.see_other_gids 1
security.bsd.see_jail_proc 1
security.bsd.unprivileged_read_msgbuf 1
security.bsd.unprivileged_proc_debug 1
security.bsd.unprivileged_get_quota 0
security.bsd.unprivileged_mlock 1
security.bsd.unprivileged_chroot 0
security.bsd.hardlink_check_uid 0
security.bsd.hardlink_check_gid 0
security.bsd.conservative_signals 1
security.bsd.stack_guard_page 1
security.bsd.map_at_zero 0
security.bsd.allow_ptrace 1
security.bsd.suser_enabled 1
security.jail.jailed 0
security.jail.vnet 0
security.mac.version 4
hw.machine amd64
hw.machine_arch amd64
hw.model QEMU Virtual CPU version 2.5+
hw.pagesize 4096
vfs.usermount 0
vm.overcommit 0
vm.swap_enabled 1
vm.kmem_size 2084360192
net.inet.ip.forwarding 0
net.inet.ip.redirect 1
net.inet.ip.sourceroute 0
net.inet.ip.accept_sourceroute 0
net.inet.ip.random_id 1
net.inet.ip.ttl 64
net.inet.ip.check_interface 0
net.inet.ip.process_options 1
net.inet.ip.portrange.randomized 1
net.inet.icmp.drop_redirect 0
net.inet.icmp.log_redirect 0
net.inet.icmp.bmcastecho 0
net.inet.icmp.maskrepl 0
net.inet.icmp.icmplim 200
net.inet.tcp.syncookies 1
net.inet.tcp.blackhole 0
net.inet.tcp.drop_synfin 0
net.inet.tcp.always_keepalive 1
net.inet.tcp.log_in_vain 0
net.inet.tcp.path_mtu_discovery 1
net.inet.tcp.cc.algorithm cubic
net.inet.tcp.msl 30000
net.inet.udp.blackhole 0
net.inet.udp.log_in_vain 0
net.inet6.ip6.forwarding 0
net.inet6.ip6.redirect 1
net.inet6.ip6.accept_rtadv 0
net.inet6.ip6.use_tempaddr 0
net.inet6.icmp6.rediraccept 1
net.link.ether.inet.log_arp_movements 1
net.link.ether.inet.log_arp_wrong_iface 1
net.bpf.maxinsns 512
net.pf.default_to_drop 0
dev.cpu.0.freq 2400
"""


@functools.cache
def defaults() -> dict[str, str]:
    values = dict(line.split(" ", 1) for line in _TABLE.strip().splitlines())
    this = release()
    memory_size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    values |= {
        "kern.ostype": "FreeBSD",
        "kern.osrelease": versions()["r"],
        "kern.osreldate": str(this.osversion),
        "kern.version": running_ident(),
        "kern.ident": "GENERIC",
        "kern.hostname": socket.gethostname(),
        "kern.boottime": "",
        "hw.ncpu": str(os.cpu_count()),
        "hw.physmem": str(memory_size),
        "hw.realmem": str(memory_size),
        "vm.stats.vm.v_page_size": "4096",
        "vm.stats.vm.v_page_count": str(memory_size // 4096),
        "vm.stats.vm.v_free_count": str(memory_size // 8192),
    }
    return values
