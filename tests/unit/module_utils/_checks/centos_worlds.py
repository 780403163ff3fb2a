"""A CentOS Stream 9 host after the checklist: what its own tools said on the stand-in, over a world of Debian's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._checks import firewalld_store, packet_filter
from tests.unit.module_utils._checks.worlds import (
    CENTOS,
    JAIL,
    JOURNAL,
    LOGIN,
    SHOW_REDHAT_UNITS,
    SHOW_UNITS,
    context,
    look,
    prepared,
    put,
)
from tests.unit.module_utils._platform.hosts import fixture

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Context, Finding
    from tests.unit.fakes import FakeHost

NFT = " ".join(packet_filter.NFT)
ZONES = " ".join(firewalld_store.LIST)
JAIL_PORT = "fail2ban-client -i <<< get sshd action firewallcmd-rich-rules port"
NO_RULES = '{"nftables": [{"metainfo": {"json_schema_version": 1}}]}'
NO_IPTABLES = "-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n"
AUTOMATIC = "/etc/dnf/automatic.conf"
REPOMD = "/var/cache/dnf/{}-0123456789abcdef/repodata/repomd.xml"
SERVICES = "/usr/lib/firewalld/services"
PROGRAMS = (
    *("dnf-automatic", "fail2ban-client", "firewall-cmd", "firewall-offline-cmd", "ip", "iptables", "ip6tables", "nft"),
    *("sshd", "ss", "sudo", "timedatectl"),
)


def said(name: str) -> str:
    """The output of a tool on the stand-in (`prepared/nft.json`)."""
    return fixture(f"centos-9-standin/checklist/{name}")


def on_centos(**options) -> Context:
    return context(platform=CENTOS, **options)


def seen(check_id: str, host: FakeHost, **options) -> Finding:
    """What an audit of this host finds with one check."""
    return look(check_id, host, on_centos(**options))


def repositories(*, advisories: tuple[str, ...] = (), cached: tuple[str, ...] = ("baseos", "appstream")) -> dict:
    """The repositories' files and what dnf has cached of them; those named publish advisories."""
    text = said("prepared/repomd-baseos.xml")
    with_advisories = text.replace("</repomd>", '  <data type="updateinfo">\n  </data>\n</repomd>')
    return {
        "directories": {
            "/etc/yum.repos.d": ("centos.repo", "centos.repo.rpmnew"),
            "/var/cache/dnf": ("packages.db", *(f"{name}-0123456789abcdef" for name in cached)),
        },
        "files": {
            "/etc/yum.repos.d/centos.repo": said("prepared/centos.repo"),
            "/etc/dnf/dnf.conf": said("prepared/dnf.conf"),
            **{REPOMD.format(name): with_advisories if name in advisories else text for name in cached},
        },
    }


def prepared_centos() -> FakeHost:
    """All of our rows about firewall, bans and updates pass on it."""
    host = prepared()
    host.programs = {name: f"/usr/sbin/{name}" for name in PROGRAMS}
    put(host, **repositories())
    services = {f"{SERVICES}/ssh.xml": said("prepared/service-ssh.xml")}
    others = dict.fromkeys(f"{SERVICES}/{name}.xml" for name in ("cockpit", "dhcpv6-client"))
    own = {path.replace("/usr/lib", "/etc"): None for path in (*services, *others)}
    return put(
        host,
        answers={
            NFT: said("prepared/nft.json"),
            ZONES: said("prepared/zones.txt"),
            # With the address that every world's login reached.
            "ip -j addr": said("prepared/ip-addr.json").replace("172.17.0.8", LOGIN.server),
            "iptables -S": NO_IPTABLES,
            "ip6tables -S": NO_IPTABLES,
            SHOW_UNITS: said("prepared/systemctl-show.txt"),
            SHOW_REDHAT_UNITS: said("prepared/systemctl-show-redhat.txt"),
            JAIL: said("prepared/fail2ban-sshd.txt"),
            JAIL_PORT: said("prepared/fail2ban-port.txt"),
            JOURNAL: "Server listening on 0.0.0.0 port 22.\n",
        },
        files={
            AUTOMATIC: said("prepared/automatic.conf"),
            firewalld_store.CONFIGURATION: said("prepared/firewalld.conf"),
            **services,
            **others,
            **own,
            "/etc/sysconfig/sshd": None,
        },
    )
