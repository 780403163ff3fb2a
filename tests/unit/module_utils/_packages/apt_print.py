"""What apt-get prints: headings, lists and errors, as in fixtures/debian-12."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.module_utils._packages.package_world import GONE, NAMES, RELEASE, SECURITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


ORIGINS = {RELEASE: " Debian:12.15/oldstable", SECURITY: " Debian-Security:12/oldstable-security", GONE: ""}
BEGINNING = "Reading package lists...\nBuilding dependency tree...\nReading state information...\n"
UNMET = "E: Unmet dependencies. Try 'apt --fix-broken install' with no packages (or specify a solution).\n"
INTERRUPTED = "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. \n"
NO_ARCHIVE = "E: The package {name} needs to be reinstalled, but I can't find an archive for it.\n"
INCONSISTENT = (
    "dpkg: error processing package {name} (--remove):\n package is in a very bad inconsistent state; you should\n"
    " reinstall it before attempting a removal\n"
)
FORCED = "--force-remove-reinstreq"
DISABLED = "E: Packages need to be removed but remove is disabled.\n"
HELD = "E: Held packages were changed and -y was used without --allow-change-held-packages.\n"
DOWNGRADED = "E: Packages were downgraded and -y was used without --allow-downgrades.\n"


def architecture(name: str) -> str:
    """Both kinds occur."""
    return "all" if name in NAMES and NAMES.index(name) % 3 else "amd64"


def listed(heading: str, names: Sequence[str]) -> str:
    """Three names to a line, as a narrow terminal would have it."""
    ordered = sorted(names)
    lines = [" ".join(ordered[start : start + 3]) for start in range(0, len(ordered), 3)]
    return f"{heading}\n" + "".join(f"  {line}\n" for line in lines) if names else ""


def unmet(words: Iterable[str]) -> str:
    lines = "".join(f" {line}\n" for line in words)
    return f"The following packages have unmet dependencies:\n{lines}"
