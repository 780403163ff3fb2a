# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Directories under which dnf writes nothing on the host, for check mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import HostReader

CACHE = "/var/cache/dnf"
STATE = "/var/lib/dnf"
# What these write goes past dnf's own settings: a list for the shell's completion, redhat.repo, and certificates.
WRITING_PLUGINS = ("generate_completion_cache", "subscription-manager", "product-id")
# Not needed to foretell, and possibly large.
DOWNLOADED = "packages"
BOOKKEEPING = (".pid", "packages.db", "tempfiles.json")


def keep_private(host: HostReader) -> tuple[str, ...]:
    """The options under which dnf works on copies of its metadata and of its history.

    The metadata is copied so that what is young enough need not be fetched, the history because it knows which packages
    somebody asked for and which came along.
    """
    directory = f"{host.scratch}/dnf"
    cache, state, log = f"{directory}{CACHE}", f"{directory}{STATE}", f"{directory}/log"
    host.query(["mkdir", "-p", cache, state, log])
    copied = [*_metadata(host), *_kept(host, STATE)]
    if copied:
        # What another dnf takes away in the meantime is fetched anew.
        host.query(["cp", "--archive", "--parents", *copied, directory], ok=(0, 1))
    settings = (f"cachedir={cache}", f"persistdir={state}", f"logdir={log}")
    return (*(f"--setopt={setting}" for setting in settings), f"--disableplugin={','.join(WRITING_PLUGINS)}")


def _metadata(host: HostReader) -> tuple[str, ...]:
    paths: list[str] = []
    for path in _kept(host, CACHE):
        inside = host.listdir(path)
        paths.extend([path] if inside is None else [f"{path}/{name}" for name in inside if name != DOWNLOADED])
    return tuple(paths)


def _kept(host: HostReader, directory: str) -> tuple[str, ...]:
    names = host.listdir(directory) or ()
    return tuple(f"{directory}/{name}" for name in names if not name.endswith(BOOKKEEPING))
