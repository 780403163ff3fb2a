# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How sysrc(8) is told to write rc.conf, by the module and by the program that takes changes back."""

from __future__ import annotations

# sysrc makes the new rc.conf by mktemp(1) and moves it there (f_sysrc_set of usr.sbin/bsdconfig/share/sysrc.subr in
# freebsd/freebsd-src). From a /tmp that is another file system mv(1) removes the old one first and copies then, and a
# host whose power fails in between boots without a network.
BESIDE = {"TMPDIR": "/etc"}
