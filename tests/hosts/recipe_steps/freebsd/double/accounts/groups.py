"""pw(8)'s commands on groups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .databases import Group, load_groups, load_users, save_groups
from .refusal import DATA, NO_USER, Refused, check_name

if TYPE_CHECKING:
    from pathlib import Path

    from ..options import Options


def add(name: str | None, options: Options, etc: Path) -> int:
    groups = load_groups(etc)
    if name is None:
        raise Refused(DATA, "group name required")
    if any(group.name == name for group in groups):
        raise Refused(DATA, f"group name `{name}' already exists")
    check_name(name)
    gid = int(options.values["g"]) if "g" in options else next_gid(etc)
    if "o" not in options and any(group.gid == gid for group in groups):
        raise Refused(DATA, f"gid `{gid}' has already been allocated")
    group = Group(name, "*", gid, _members(options.values.get("M", ""), etc))
    if "N" in options:
        print(group.line())
    else:
        save_groups([*groups, group], etc)
    return 0


def modify(name: str | None, options: Options, etc: Path) -> int:
    """-M replaces the members; else -d takes some away; else -m adds some."""
    groups = load_groups(etc)
    old = _find(groups, name, options)
    group = old
    if "g" in options and name is not None:
        group = replace(group, gid=int(options.values["g"]))
    if "l" in options:
        group = replace(group, name=check_name(options.values["l"]))
    if "M" in options:
        group = replace(group, members=_members(options.values["M"], etc))
    elif "d" in options:
        gone = options.values["d"].replace(",", " ").split()
        group = replace(group, members=tuple(each for each in group.members if each not in gone))
    elif "m" in options:
        new = [each for each in _members(options.values["m"], etc) if each not in group.members]
        group = replace(group, members=(*group.members, *new))
    if "N" in options:
        print(group.line())
    else:
        save_groups([group if each == old else each for each in groups], etc)
    return 0


def delete(name: str | None, options: Options, etc: Path) -> int:
    groups = load_groups(etc)
    gone = _find(groups, name, options)
    save_groups([group for group in groups if group != gone], etc)
    return 0


def show(name: str | None, options: Options, etc: Path) -> int:
    groups = load_groups(etc)
    if "a" not in options:
        groups = [_find(groups, name, options)]
    for group in groups:
        if "P" in options:
            print(f"Group Name: {group.name:<15}   #{group.gid}\n   Members: {','.join(group.members)}\n")
        else:
            print(group.line())
    return 0


def following(_name: str | None, _options: Options, etc: Path) -> int:
    print(next_gid(etc))
    return 0


def for_user(name: str, etc: Path) -> Group:
    """A group that a user is to belong to."""
    groups = load_groups(etc)
    found = next((group for group in groups if group.name == name), None)
    if found is None and name.isdigit():
        found = next((group for group in groups if str(group.gid) == name), None)
    if found is None:
        raise Refused(NO_USER, f"group `{name}' does not exist")
    return found


def make(name: str, preferred: int, etc: Path, *, is_dry: bool) -> Group:
    """The group of a new user, with the user's number where that is free."""
    groups = load_groups(etc)
    if any(group.name == name for group in groups):
        raise Refused(DATA, f"group name `{name}' already exists")
    gid = preferred if all(group.gid != preferred for group in groups) else next_gid(etc)
    group = Group(name, "*", gid)
    if not is_dry:
        save_groups([*groups, group], etc)
    return group


def next_gid(etc: Path) -> int:
    return max([group.gid + 1 for group in load_groups(etc) if 1000 <= group.gid < 32000], default=1001)


def _find(groups: list[Group], name: str | None, options: Options) -> Group:
    if name is not None and not name.isdigit():
        found = next((group for group in groups if group.name == name), None)
        if found is None:
            raise Refused(DATA, f"unknown group `{name}'")
        return found
    gid = name or options.values.get("g", "")
    found = next((group for group in groups if str(group.gid) == gid), None)
    if found is None:
        raise Refused(DATA, f"unknown gid `{gid}'")
    return found


def _members(text: str, etc: Path) -> tuple[str, ...]:
    names = text.replace(",", " ").split()
    known = {user.name for user in load_users(etc)}
    for name in names:
        if name not in known:
            raise Refused(NO_USER, f"user `{name}' does not exist")
    return tuple(dict.fromkeys(names))
