"""Hosts with a trap, as one table: what is wrong with them, and what a run of the checklist does about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# An administrator who is there already, with a key and with sudo.
ADMIN = """\
useradd -m -d /home/deploy -s /bin/bash -p '*' -U deploy
install -d -m 0700 -o deploy -g deploy /home/deploy/.ssh
printf '%s\\n' '{key}' > /home/deploy/.ssh/authorized_keys
chown deploy:deploy /home/deploy/.ssh/authorized_keys
chmod 0600 /home/deploy/.ssh/authorized_keys
printf 'deploy ALL=(ALL:ALL) NOPASSWD: ALL\\n' > {etc}/sudoers.d/deploy
chmod 0440 {etc}/sudoers.d/deploy
"""
OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPOfMTzVnpyT7NI0jQZwAMbnPwRc0U5NT6oMlGf9UYmt other@example.org"
MOVED = {"python_host_ssh_port": 2222}
# Of what is slow and not about access, the rest stays left out.
WITH_FIREWALL = {"python_host_skip": ["UPD-001", "UPD-002", "UPD-003", "UPD-004", "BAN-001", "BAN-002"]}
HASH = "$6$groundwork$jl5FoQ6JojsqFBoPzr3wf/t7DLc3KqWXMrzsrC9nWm5hCoaOWdXyLKmxatHz8N1t17bstzpxrQQCQbjkKaLry1"
NO_UFW = {"redhat": "ufw is no firewall of Enterprise Linux", "freebsd": "ufw is no firewall of FreeBSD"}
NO_FIREWALLD = {
    "debian": "firewalld is no firewall of Ubuntu",
    "rocky8": "firewalld is tried on the other host of this family",
    "freebsd": "firewalld is no firewall of FreeBSD",
}
NO_INCLUDE = {
    "rocky8": "an sshd that knows no Include reads one file",
    "freebsd": "FreeBSD's sshd_config has no Include as it comes, so that the fault stands in the one file",
}
NO_PAM_ACCESS = {"freebsd": "FreeBSD's PAM asks login.access(5) on the console alone"}
NO_SOCKET_UNIT = {"freebsd": "no service listens for FreeBSD's sshd"}
SUDOERS_BY_SED = {"freebsd": "sudo is the same program there, and its sudoers has other lines"}
LINUX_LOCK = dict.fromkeys(("debian", "redhat"), "a locked account may log in with a key where PAM is Linux-PAM")
PASSWORD_SUDO = {
    "python_host_admin_sudo": "password",
    "python_host_admin_password_hash": HASH,
    "ansible_become_password": "a password",
}


def sshd(text: str, name: str = "60-trap") -> str:
    """A drop-in of somebody's; sshd is not reloaded, so that the login for the test stays open.

    Where it must come before Red Hat's own settings, its name is below 50.
    """
    return f"printf '{text}\\n' | sshd_lines {name}\n"


def match(condition: str, text: str) -> str:
    """A Match block at the end of the main file."""
    return f"printf 'Match {condition}\\n    {text}\\n' >> /etc/ssh/sshd_config\n"


def later(text: str) -> str:
    """A sudoers file that is read after ours."""
    return f"printf '{text}\\n' > {{etc}}/sudoers.d/zzz-later; chmod 0440 {{etc}}/sudoers.d/zzz-later\n"


def listed(options: str) -> str:
    """The administrator's only key, with these options before it."""
    return f"printf '%s {{key}}\\n' '{options}' > /home/deploy/.ssh/authorized_keys\n"


@dataclass(frozen=True)
class Trap:
    """`build` is a script that root runs on a fresh host, and `words` are in the refusal of a trap that is named.

    {key} stands for the administrator's public key, {controller} for the address that the run comes from, and the words
    of systems.py for what differs. `not_on` says, by family or system, why there is no such trap there.
    """

    name: str
    build: str
    words: tuple[str, ...] = ()
    variables: Mapping[str, object] = field(default_factory=dict)
    not_on: Mapping[str, str] = field(default_factory=dict)


NAMED = (
    # Whom sshd lets in
    Trap("AllowUsers names others", sshd("AllowUsers root alice"), ("AllowUsers (root alice)", "add deploy")),
    Trap(
        "AllowUsers lets the administrator in from elsewhere",
        sshd("AllowUsers root deploy@10.0.0.0/8"),
        ("AllowUsers", "deploy@10.0.0.0/8", "{controller}"),
    ),
    Trap(
        "AllowUsers excepts this address",
        sshd("AllowUsers root deploy@!{controller},172.16.0.0/12"),
        ("AllowUsers", "!{controller}"),
    ),
    Trap("AllowGroups without a group of the account to be made", sshd("AllowGroups root staff"), ("AllowGroups",)),
    Trap(
        "AllowGroups without a group of the account that is there",
        ADMIN + "groupadd ssh-users; usermod -a -G adm deploy\n" + sshd("AllowGroups root ssh-users"),
        ("AllowGroups (root ssh-users)", "put deploy into one of these groups"),
    ),
    Trap("DenyUsers", sshd("DenyUsers d?ploy"), ("DenyUsers", "remove it")),
    Trap("DenyUsers from this network", sshd("DenyUsers deploy@172.16.0.0/12"), ("DenyUsers", "172.16.0.0/12")),
    Trap(
        "DenyGroups",
        ADMIN + "groupadd contractors; usermod -a -G contractors deploy\n" + sshd("DenyGroups contractors"),
        ("DenyGroups (contractors)",),
    ),
    # What sshd does with whom it lets in
    Trap(
        "a Match tail without keys",
        match("User deploy", "PubkeyAuthentication no"),
        ("PubkeyAuthentication stays no", "Match block"),
    ),
    Trap(
        "keys and passwords by a Match in a second Include",
        "printf 'Include /etc/ssh/more/*.conf\\n' >> /etc/ssh/sshd_config; mkdir /etc/ssh/more\n"
        "printf 'Match Address 172.16.0.0/12\\nAuthenticationMethods publickey,password\\n' > /etc/ssh/more/a.conf",
        ("AuthenticationMethods (publickey,password)", "except deploy"),
        not_on=NO_INCLUDE,
    ),
    Trap(
        "a command that is forced on a group",
        ADMIN + match("Group deploy", "ForceCommand internal-sftp"),
        ("ForceCommand (internal-sftp)",),
    ),
    Trap("a command that is forced on one user", match("User deploy", "ForceCommand /bin/date"), ("ForceCommand",)),
    Trap("a cage", match("User deploy", "ChrootDirectory /srv"), ("ChrootDirectory (/srv)",)),
    Trap(
        "a cage for the group that the account will join",
        match("Group {admins}", "ChrootDirectory /srv"),
        ("ChrootDirectory (/srv)",),
    ),
    Trap("no session", match("User deploy", "MaxSessions 0"), ("MaxSessions 0",)),
    Trap(
        "keys in another place",
        sshd("AuthorizedKeysFile /etc/ssh/keys/%%u"),
        ("/etc/ssh/keys/%u", "AuthorizedKeysFile"),
    ),
    Trap(
        "keys that only a command reads",
        sshd("AuthorizedKeysFile none\\nAuthorizedKeysCommand /usr/bin/true\\nAuthorizedKeysCommandUser nobody"),
        ("AuthorizedKeysFile", "/usr/bin/true"),
    ),
    Trap(
        "a kind of key that is not taken",
        sshd("PubkeyAcceptedAlgorithms rsa-sha2-512,ecdsa-sha2-nistp256", "40-trap"),
        ("ssh-ed25519", "PubkeyAcceptedAlgorithms"),
    ),
    Trap(
        "a revoked key",
        "printf '%s\\n' '{key}' > /etc/ssh/revoked\n" + sshd("RevokedKeys /etc/ssh/revoked"),
        ("RevokedKeys (/etc/ssh/revoked)", "SHA256:", "give another key"),
    ),
    Trap(
        "a list of revoked keys that is gone",
        match("User deploy", "RevokedKeys /etc/ssh/gone"),
        ("/etc/ssh/gone", "does not exist"),
    ),
    Trap(
        "a rule about the new port",
        match("LocalPort 2222", "AllowUsers root"),
        ("AllowUsers (root)", "add deploy"),
        MOVED,
    ),
    Trap(
        "a configuration that sshd refuses",
        sshd("Permit yes"),
        ("60-trap.conf", "Bad configuration option: Permit"),
        not_on=NO_INCLUDE,
    ),
    Trap(
        "a locked account (FreeBSD, whose PAM refuses it)",
        ADMIN + "usermod -L deploy",
        ("locked", "pw unlock deploy"),
        not_on=LINUX_LOCK,
    ),
    Trap(
        "a locked account without PAM",
        ADMIN + "usermod -L deploy\n" + sshd("UsePAM no", "40-trap"),
        ("UsePAM no", "usermod -p '*' deploy"),
        not_on={"freebsd": "there, PAM refuses it as well"},
    ),
    # The account
    Trap("root by another name", ADMIN + "usermod -o -u 0 deploy", ("user id 0", "python_host_admin_name")),
    Trap("an account that has expired", ADMIN + "chage -E 2020-01-01 deploy", ("expired", "{never_expires}")),
    Trap("a password that is too old", ADMIN + "chage -d 2020-01-01 -M 60 deploy", ("password", "{keeps_password}")),
    Trap("a password to be changed", ADMIN + "chage -d 0 deploy", ("password", "{keeps_password}")),
    Trap(
        "a list of PAM's of who may come in",
        "sed -i '/^account.*pam_nologin/i account required pam_access.so' /etc/pam.d/sshd\n"
        "printf '+ : root : ALL\\n- : ALL : ALL\\n' > /etc/security/access.conf",
        ("access.conf keeps deploy out", "`- : ALL : ALL`"),
        not_on=NO_PAM_ACCESS,
    ),
    Trap(
        "logins are switched off",
        "touch /etc/nologin",
        ("/etc/nologin", "remove it"),
        not_on={"freebsd": "its PAM looks for /var/run/nologin alone"},
    ),
    Trap(
        "logins are switched off until the next boot",
        "touch {nologin}",
        ("{nologin}", "remove it"),
    ),
    # The keys
    Trap(
        "a directory above the home that the account cannot pass",
        ADMIN + "install -d -m 0700 /srv/closed; usermod -m -d /srv/closed/deploy deploy",
        ("deploy cannot pass /srv/closed", "chmod o+x /srv/closed"),
    ),
    Trap("a key for one command", ADMIN + listed('command="/usr/bin/id"'), ('command="/usr/bin/id"', "SHA256:")),
    Trap("a key for another network", ADMIN + listed('no-pty,from="10.0.0.0/8"'), ('from="10.0.0.0/8"', "SHA256:")),
    Trap("a key that has run out", ADMIN + listed('expiry-time="20200101"'), ('expiry-time="20200101"', "SHA256:")),
    Trap(
        "keys that an earlier account has left",
        f"install -d -m 0700 /home/deploy/.ssh; printf '%s\\n' '{OTHER_KEY}' > /home/deploy/.ssh/authorized_keys",
        ("left over", "remove that file"),
    ),
    Trap(
        "a key file behind a link",
        ADMIN + "mv /home/deploy/.ssh/authorized_keys /srv/keys; ln -s /srv/keys /home/deploy/.ssh/authorized_keys\n"
        f"printf '%s\\n' '{OTHER_KEY}' > /srv/keys",
        ("link to /srv/keys", "by hand"),
    ),
    # sudo
    Trap(
        "sudo without its mode",
        "chmod 0755 /usr/bin/sudo",
        ("/usr/bin/sudo has mode 0755", "chmod 4755"),
        not_on=SUDOERS_BY_SED,
    ),
    Trap(
        "sudoers that everybody may write",
        "chmod 0666 /etc/sudoers",
        ("sudo itself does not work", "world writable"),
        not_on=SUDOERS_BY_SED,
    ),
    Trap("a later rule that takes all away", later("ALL, !root ALL=(ALL:ALL) !ALL"), ("would not let deploy", "zz-")),
    Trap(
        "a later rule that asks for a password",
        ADMIN + later("%%deploy ALL=(ALL) ALL"),
        ("ask deploy for a password", "python_host_admin_sudo"),
    ),
    Trap(
        "sudoers without its directory",
        # What is left is the rule about the group of administrators, which asks for a password.
        "sed -i /includedir/d /etc/sudoers",
        ("would ask deploy for a password", "/etc/sudoers includes /etc/sudoers.d"),
        not_on=SUDOERS_BY_SED,
    ),
    Trap("a later wish for a terminal", later("Defaults requiretty"), ("requiretty",)),
    Trap("the password of somebody else", later("Defaults targetpw"), ("targetpw",), PASSWORD_SUDO),
    # The port
    Trap(
        "a port that another program has",
        "hold_port {python} -m http.server --bind 127.0.0.1 2222",
        ("another program (", "2222/tcp"),
        MOVED,
    ),
    Trap(
        "a socket that listens where its own unit says",
        "{socket_activation}",
        ("{service}.socket listens on 22", "disable --now {service}.socket"),
        MOVED,
        not_on=NO_SOCKET_UNIT,
    ),
    Trap(
        "a port inside ListenAddress",
        sshd("ListenAddress 0.0.0.0:22", "10-address"),
        ("keep it on port 22", "ListenAddress"),
        MOVED,
    ),
    Trap(
        "another firewall that keeps the new port shut",
        "nft 'add table inet x; add chain inet x input {{ type filter hook input priority 0; policy drop; }};"
        " add rule inet x input ct state established,related accept; add rule inet x input tcp dport 22 accept'",
        ("firewall in force does not let in 2222/tcp",),
        MOVED,
        not_on={"rocky8": "its image brings no tool for a firewall", "freebsd": "nft is Linux's"},
    ),
    Trap(
        "a rule against this address that ufw has in store",
        "ufw deny from {controller}",
        ("ufw holds a rule against 22/tcp", "{controller}"),
        WITH_FIREWALL,
        not_on=NO_UFW,
    ),
    Trap(
        "a rule against this address that firewalld has in store",
        "firewall-offline-cmd --zone=public --add-rich-rule='rule family=ipv4 source address={controller} reject'",
        ("firewalld's zone public holds a rule against 22/tcp", "{controller}"),
        WITH_FIREWALL,
        not_on=NO_FIREWALLD,
    ),
    # Several at once
    Trap(
        "a list of users, a forgotten expiry and a later rule",
        ADMIN
        + "chage -E 2020-01-01 deploy; usermod -s /usr/sbin/nologin deploy\n"
        + sshd("AllowUsers root")
        + later("deploy ALL=(ALL) PASSWD: ALL"),
        ("AllowUsers (root)", "expired", "ask deploy for a password"),
    ),
    Trap(
        "a cage, another place for keys and no port",
        match("User deploy", "ChrootDirectory /srv\\nAuthorizedKeysFile /etc/ssh/keys")
        + "hold_port {python} -m http.server 2222",
        ("ChrootDirectory (/srv)", "/etc/ssh/keys", "another program ("),
        MOVED,
    ),
)
MENDED = (
    Trap("a shell that ends every login", ADMIN + "usermod -s /usr/sbin/nologin deploy"),
    Trap("a home that everybody may write", ADMIN + "chmod 0777 /home/deploy"),
    Trap(
        "keys that everybody may write",
        ADMIN + "chmod 0666 /home/deploy/.ssh/authorized_keys; chmod 0777 /home/deploy/.ssh",
    ),
    Trap("a home of root's alone", ADMIN + "chown 0:0 /home/deploy; chmod 0700 /home/deploy"),
    Trap("a key file of root's alone", ADMIN + "chown 0:0 /home/deploy/.ssh/authorized_keys"),
    Trap("a home that is gone", ADMIN + "rm -r /home/deploy; usermod -d /srv/people/deploy deploy"),
    Trap("a home that an earlier account has left", "install -d -o 4711 -g 4711 -m 0700 /home/deploy"),
    Trap("an empty key file", ADMIN + ": > /home/deploy/.ssh/authorized_keys"),
    Trap("sudo that wants a terminal", "sed -i '1i Defaults requiretty' /etc/sudoers", not_on=SUDOERS_BY_SED),
    Trap("a sudoers directory that everybody may write", "chmod 0777 /etc/sudoers.d", not_on=SUDOERS_BY_SED),
    Trap("keys switched off for all", sshd("PubkeyAuthentication no")),
    Trap(
        "a firewall that the next boot would start, without SSH",
        "systemctl stop firewalld; firewall-offline-cmd --zone=public --remove-service-from-zone=ssh",
        variables=WITH_FIREWALL,
        not_on=NO_FIREWALLD,
    ),
    Trap(
        "a firewall that the next boot would load, without SSH",
        "sed -i s/ENABLED=no/ENABLED=yes/ /etc/ufw/ufw.conf",
        variables=WITH_FIREWALL,
        not_on=NO_UFW,
    ),
)
CLEAN = (
    Trap("AllowGroups with the administrator's group", ADMIN + sshd("AllowGroups root deploy")),
    Trap("AllowUsers with the administrator's network", sshd("AllowUsers root@172.16.0.0/12 deploy@172.16.0.0/12")),
    Trap("a linked home", ADMIN + "mv /home/deploy /srv/deploy; ln -s /srv/deploy /home/deploy"),
    Trap(
        "an account with a password, and with sudo by its group",
        ADMIN + "rm {etc}/sudoers.d/deploy; usermod -a -G {admins} deploy; echo deploy:secret | chpasswd",
    ),
    Trap("sudo with a password", ADMIN, variables=PASSWORD_SUDO),
    Trap(
        "Match blocks for others",
        match("User backup", "ForceCommand /bin/date")
        + match("Group backup,!{admins}", "ChrootDirectory /srv")
        + match("Address 10.0.0.0/8", "AllowUsers alice")
        + match("LocalPort 2200", "PubkeyAuthentication no"),
    ),
    Trap(
        "a firewall that lets SSH in",
        "ufw allow OpenSSH; ufw allow 80/tcp; ufw --force enable",
        variables={**WITH_FIREWALL, "python_host_firewall_allow": ["http"]},
        not_on=NO_UFW,
    ),
    Trap(
        "keys of others with options",
        ADMIN + f"printf 'command=\"/bin/date\",restrict %s\\n' '{OTHER_KEY}' >> /home/deploy/.ssh/authorized_keys",
    ),
    Trap("a key for this network", ADMIN + listed('from="172.16.0.0/12,!10.0.0.1",no-X11-forwarding')),
    Trap("keys in two places", sshd("AuthorizedKeysFile /etc/ssh/keys/%%u %%h/.ssh/authorized_keys")),
    Trap(
        "a command that lets every command through",
        sshd('ForceCommand /bin/sh -c "$SSH_ORIGINAL_COMMAND"') + "systemctl reload {service}",
    ),
    # Enterprise Linux has its firewall on from the start, and the run has to open the new port there.
    Trap("a new port", "true", variables={**WITH_FIREWALL, **MOVED}),
)
