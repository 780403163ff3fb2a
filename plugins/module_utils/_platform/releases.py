# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row for each release that we support or that people ask about, with the dates on which its fixes stop.

Sources: ubuntu.csv and debian.csv of distro-info-data; for FreeBSD website/content/en/security/_index.adoc and
releases/14.5R/schedule.adoc of freebsd/freebsd-doc.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Release:
    """A release and its last days.

    `supported_until` is the last day of fixes for everyone. `extended_until` is that of a longer support, which
    `extended_by` names; `is_extended_for_all` tells whether everyone gets that one. `branch_until` is the last day
    of the branch that a point release belongs to. A version without a minor number stands for all its minors.
    """

    name: str
    version: str
    supported_until: date
    codename: str = ""
    lts: bool = False
    extended_until: date | None = None
    extended_by: str = ""
    is_extended_for_all: bool = False
    branch_until: date | None = None

    @property
    def branch(self) -> str:
        """The major version where releases are points on a branch (FreeBSD), empty elsewhere."""
        return self.version.partition(".")[0] if self.branch_until else ""


def _ubuntu_lts(version: str, codename: str, *, standard: date, pro: date) -> Release:
    return Release(
        "ubuntu", version, standard, codename, lts=True, extended_until=pro, extended_by="Ubuntu Pro (esm-infra)"
    )


def _debian(version: str, codename: str, *, standard: date, lts: date) -> Release:
    return Release(
        "debian", version, standard, codename, extended_until=lts, extended_by="Debian LTS", is_extended_for_all=True
    )


_FREEBSD_13 = date(2026, 4, 30)
_FREEBSD_14 = date(2028, 11, 30)
_FREEBSD_15 = date(2029, 12, 31)

RELEASES = (
    _ubuntu_lts("20.04", "focal", standard=date(2025, 5, 29), pro=date(2030, 4, 23)),
    _ubuntu_lts("22.04", "jammy", standard=date(2027, 6, 1), pro=date(2032, 4, 21)),
    _ubuntu_lts("24.04", "noble", standard=date(2029, 5, 31), pro=date(2034, 4, 25)),
    Release("ubuntu", "25.10", date(2026, 7, 9), "questing"),
    _ubuntu_lts("26.04", "resolute", standard=date(2031, 5, 29), pro=date(2036, 4, 23)),
    Release("ubuntu", "26.10", date(2027, 7, 15), "stonking"),
    _debian("12", "bookworm", standard=date(2026, 7, 11), lts=date(2028, 6, 30)),
    _debian("13", "trixie", standard=date(2028, 8, 9), lts=date(2030, 6, 30)),
    Release("centos", "9", date(2027, 5, 31)),
    # CentOS says "expected 2030" and names no day; the first one can only be too careful.
    Release("centos", "10", date(2030, 1, 1)),
    Release("rhel", "8", date(2029, 5, 31)),
    Release("rhel", "9", date(2032, 5, 31)),
    Release("rhel", "10", date(2035, 5, 31)),
    Release("rocky", "8", date(2029, 5, 31)),
    Release("rocky", "9", date(2032, 5, 31)),
    Release("rocky", "10", date(2035, 5, 31)),
    Release("almalinux", "8", date(2029, 3, 1)),
    Release("almalinux", "9", date(2032, 5, 31)),
    Release("almalinux", "10", date(2035, 5, 31)),
    Release("freebsd", "13.5", _FREEBSD_13, branch_until=_FREEBSD_13),
    Release("freebsd", "14.2", date(2025, 9, 30), branch_until=_FREEBSD_14),
    Release("freebsd", "14.3", date(2026, 6, 30), branch_until=_FREEBSD_14),
    Release("freebsd", "14.4", date(2026, 12, 31), branch_until=_FREEBSD_14),
    Release("freebsd", "14.5", date(2027, 6, 30), branch_until=_FREEBSD_14),
    Release("freebsd", "15.0", date(2026, 9, 30), branch_until=_FREEBSD_15),
    Release("freebsd", "15.1", date(2027, 3, 31), branch_until=_FREEBSD_15),
)


def find(name: str, version: str) -> Release | None:
    """The row for a release; a row for a whole major version (`rhel 9`) holds for each of its minors."""
    rows = {release.version: release for release in RELEASES if release.name == name}
    return rows.get(version) or rows.get(version.partition(".")[0])


def is_listed(name: str) -> bool:
    """True for a system of which we know at least one release."""
    return any(release.name == name for release in RELEASES)


def is_newer_than_all(name: str, version: str) -> bool:
    """True for a release that comes after all that we know of this system, or of its branch where it has branches."""
    rows = [release for release in RELEASES if release.name == name]
    branch = [release for release in rows if release.branch == version.partition(".")[0]]
    return bool(rows) and _order(version) > max(_order(release.version) for release in branch or rows)


def _order(version: str) -> tuple[int, ...]:
    """Sorts 9 before 10 and 24.04 before 24.10; a part that is no number sorts first."""
    return tuple(int(part) if part.isdigit() else -1 for part in version.split("."))
