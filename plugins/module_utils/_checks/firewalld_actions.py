# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands by which firewalld is changed, each with its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Change, Command, Touches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.options import Opening

ONLINE, OFFLINE = "firewall-cmd", "firewall-offline-cmd"
# systemd calls it started before its rules are loaded; it answers afterwards.
ANSWER = (ONLINE, "--get-default-zone")
# What it loads by, and what it drops everything with while it does so; a table can only be deleted where there is one.
TABLES = ("firewalld", "firewalld_policy_drop")
UNLOAD = ("nft", "; ".join(f"add table inet {name}; delete table inet {name}" for name in TABLES))
STOCK_ZONE = "public"
SSH = 22


def for_a_new_one(openings: Sequence[Opening]) -> Iterator[Command]:
    """Before it is installed nothing is known of its zones: its default one gets what is asked for."""
    for opening in openings:
        words = _words_for_a_new_one(opening)
        yield _stored((OFFLINE,), opening, STOCK_ZONE, before="firewalld is not installed", words=words)


def now_in_a_new_one(openings: Sequence[Opening]) -> Iterator[Command]:
    """A package that starts it by itself has done so before our openings were in its store."""
    return (Command((ONLINE, f"--add-{_words_for_a_new_one(opening)}")) for opening in openings)


def _words_for_a_new_one(opening: Opening) -> str:
    """Its stock zone has the service of SSH already."""
    return "service=ssh" if (opening.port, opening.protocol, opening.source) == (SSH, "tcp", "") else _words(opening)


def store(opening: Opening, zone: str, *, is_running: bool) -> Command:
    """firewalld sees by itself, within seconds, that a file of its store was brought back (gio's file monitor)."""
    command = (ONLINE, "--permanent") if is_running else (OFFLINE,)
    return _stored((*command, f"--zone={zone}"), opening, zone, before=f"not in zone {zone}")


def _stored(command: tuple[str, ...], opening: Opening, zone: str, *, before: str, words: str | None = None) -> Command:
    path = f"/etc/firewalld/zones/{zone}.xml"
    return Command(
        (*command, f"--add-{words or _words(opening)}"),
        Change("firewall", opening.words, before, "let in from firewalld's next start on"),
        touches=Touches(paths=(path, f"{path}.old")),
    )


def let_in_now(opening: Opening, zone: str) -> Command:
    """Beside what is in store, and without a reload."""
    words = _words(opening)
    return Command(
        (ONLINE, f"--zone={zone}", f"--add-{words}"),
        Change("firewall", opening.words, "not let in", "let in"),
        undo=((ONLINE, f"--zone={zone}", f"--remove-{words}"),),
    )


def load() -> Iterator[Command]:
    """For one that runs and whose rules somebody has flushed.

    Its reload drops everything, deletes its table and loads a new one: without a table it would end there, with
    everybody locked out.
    """
    change = Change("firewall", "firewalld", "on, and not loaded", "loaded")
    yield Command(("nft", "add", "table", "inet", TABLES[0]), undo=(UNLOAD,))
    yield Command((ONLINE, "--reload"), change, undo=(UNLOAD,))


def _words(opening: Opening) -> str:
    if not opening.source:
        return f"port={opening.port}/{opening.protocol}"
    family = "ipv6" if ":" in opening.source else "ipv4"
    return (
        f'rich-rule=rule family="{family}" source address="{opening.source}" '
        f'port port="{opening.port}" protocol="{opening.protocol}" accept'
    )
