"""pw(8)'s commands on users."""

from __future__ import annotations

import crypt
import os
import secrets
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from . import groups
from .databases import ETC, LOCKED, User, load_groups, load_users, save_groups, save_users, with_members
from .refusal import DATA, NO_USER, OS_FILE, Refused, check_name

if TYPE_CHECKING:
    from ..options import Options

_SKELETON = Path("/usr/share/skel")
_FIRST_UID = 1001


def add(name: str | None, options: Options, etc: Path) -> int:
    if "D" in options:
        return 0
    users = load_users(etc)
    if name is None:
        raise Refused(DATA, "login name required")
    check_name(name)
    if any(user.name == name for user in users):
        raise Refused(DATA, f"login name `{name}' already exists")
    extra = _groups_of(options, etc)
    uid = _uid(options, users)
    gid = _primary_group(name, uid, options, etc)
    home = options.values.get("d", f"{options.values.get('b', '/home').rstrip('/')}/{name}")
    user = User(name, _password(options, name), uid, gid, options.values.get("L", ""), home=home)
    user = _common(user, options)
    if "N" in options:
        print(user.line())
        return 0
    save_users([*users, user], etc)
    _set_groups(name, extra, etc)
    if etc == ETC:
        mailbox = Path("/var/mail") / name
        mailbox.touch(0o600)
        os.chown(mailbox, uid, gid)
    _make_home(user, options)
    return 0


def modify(name: str | None, options: Options, etc: Path) -> int:
    users = load_users(etc)
    old = _find(users, name, options)
    user = old
    extra = _groups_of(options, etc) if "G" in options else None
    if "l" in options:
        if user.name == "root":
            raise Refused(DATA, "can't rename `root' account")
        user = replace(user, name=check_name(options.values["l"]))
    if "u" in options and name is not None:
        user = replace(user, uid=int(options.values["u"]))
    if "g" in options and user.uid != 0:
        user = replace(user, gid=groups.for_user(options.values["g"], etc).gid)
    if "d" in options:
        user = replace(user, home=options.values["d"])
    if "L" in options:
        user = replace(user, login_class=options.values["L"])
    if "w" in options and not {"h", "H"} & options.given:
        user = replace(user, password=_password(options, user.name))
    user = _common(user, options)
    if "N" in options:
        print(user.line())
        return 0
    save_users([user if each == old else each for each in users], etc)
    if extra is not None:
        _set_groups(user.name, extra, etc)
    _make_home(user, options)
    return 0


def delete(name: str | None, options: Options, etc: Path) -> int:
    users = load_users(etc)
    user = _find(users, name, options)
    if user.name == "root":
        raise Refused(DATA, "cannot remove user 'root'")
    save_users([each for each in users if each != user], etc)
    _set_groups(user.name, (), etc)
    own = [group for group in load_groups(etc) if group.name == user.name and not group.members]
    save_groups([group for group in load_groups(etc) if group not in own], etc)
    if etc == ETC:
        (Path("/var/mail") / user.name).unlink(missing_ok=True)
        (Path("/var/cron/tabs") / user.name).unlink(missing_ok=True)
        if "r" in options and user.home.startswith("/") and len(user.home) > 1:
            shutil.rmtree(user.home, ignore_errors=True)
    return 0


def show(name: str | None, options: Options, etc: Path) -> int:
    users = load_users(etc)
    if "a" not in options:
        users = [_find(users, name, options)]
    for user in users:
        if "P" in options:
            print(_pretty(user, etc))
        else:
            print(user.v7_line() if "7" in options else user.line())
    return 0


def following(_name: str | None, _options: Options, etc: Path) -> int:
    print(f"{_next_uid(load_users(etc))}:{groups.next_gid(etc)}")
    return 0


def lock(name: str | None, options: Options, etc: Path) -> int:
    users = load_users(etc)
    user = _find(users, name, options)
    if user.is_locked:
        raise Refused(DATA, f"user '{user.name}' is already locked")
    locked_user = replace(user, password=LOCKED + user.password)
    save_users([locked_user if each == user else each for each in users], etc)
    return 0


def unlock(name: str | None, options: Options, etc: Path) -> int:
    users = load_users(etc)
    user = _find(users, name, options)
    if not user.is_locked:
        raise Refused(DATA, f"user '{user.name}' is not locked")
    free = replace(user, password=user.password.removeprefix(LOCKED))
    save_users([free if each == user else each for each in users], etc)
    return 0


def _find(users: list[User], name: str | None, options: Options) -> User:
    if name is None:
        uid = options.values["u"]
        found = next((user for user in users if str(user.uid) == uid), None)
        if found is None:
            raise Refused(NO_USER, f"no such uid `{uid}'")
        return found
    found = next((user for user in users if user.name == name), None)
    if found is None and name.isdigit():
        found = next((user for user in users if str(user.uid) == name), None)
        if found is None:
            raise Refused(NO_USER, f"no such uid `{name}'")
    if found is None:
        raise Refused(NO_USER, f"no such user `{check_name(name)}'")
    return found


def _uid(options: Options, users: list[User]) -> int:
    if "u" not in options:
        return _next_uid(users)
    uid = int(options.values["u"])
    if "o" not in options and any(user.uid == uid for user in users):
        raise Refused(DATA, f"uid `{uid}' has already been allocated")
    return uid


def _next_uid(users: list[User]) -> int:
    return max([user.uid + 1 for user in users if 1000 <= user.uid < 32000], default=_FIRST_UID)


def _primary_group(name: str, uid: int, options: Options, etc: Path) -> int:
    if options.values.get("g"):
        return groups.for_user(options.values["g"], etc).gid
    existing = next((group for group in load_groups(etc) if group.name == name), None)
    if existing is not None and not existing.members:
        return existing.gid
    return groups.make(name, uid, etc, is_dry="N" in options).gid


def _groups_of(options: Options, etc: Path) -> tuple[str, ...]:
    names = options.values.get("G", "").replace(",", " ").split()
    return tuple(groups.for_user(name, etc).name for name in names)


def _set_groups(name: str, wanted: tuple[str, ...], etc: Path) -> None:
    changed = load_groups(etc)
    for group in changed:
        members = tuple(member for member in group.members if member != name)
        if group.name in wanted:
            members = group.members if name in group.members else (*group.members, name)
        changed = with_members(changed, group.name, members)
    save_groups(changed, etc)


def _common(user: User, options: Options) -> User:
    if "c" in options:
        user = replace(user, gecos=check_name(options.values["c"], is_gecos=True))
    if "s" in options:
        user = replace(user, shell=_shell(options.values["s"]))
    if "e" in options:
        user = replace(user, expire=_date(options.values["e"]))
    if "p" in options:
        user = replace(user, change=_date(options.values["p"]))
    for letter in "hH":
        if letter in options:
            user = replace(user, password=_read_password(options.values[letter], user, is_hash=letter == "H"))
    return user


def _shell(given: str) -> str:
    if given.startswith("/") or not given:
        return given
    for folder in ("/bin", "/usr/bin", "/usr/local/bin"):
        if os.access(f"{folder}/{given}", os.X_OK):
            return f"{folder}/{given}"
    raise Refused(OS_FILE, f"can't find shell `{given}' in shell paths")


def _date(text: str) -> int:
    if text in {"", "0"}:
        return 0
    if text.startswith("+"):
        unit = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}.get(text[-1], 1)
        return int(time.time()) + int(text[1:].rstrip("mhdwoy")) * unit
    if text.isdigit():
        return int(text)
    for form in ("%d-%m-%Y", "%d-%b-%Y", "%d-%m-%y", "%d-%b-%y"):
        try:
            return int(time.mktime(time.strptime(text, form)))
        except ValueError:
            continue
    raise Refused(DATA, f"invalid date/time `{text}'")


def _password(options: Options, name: str) -> str:
    method = options.values.get("w", "no")
    if method == "yes":
        return crypt.crypt(name, crypt.mksalt(crypt.METHOD_SHA512))
    if method == "random":
        word = secrets.token_urlsafe(9)
        print(word)
        return crypt.crypt(word, crypt.mksalt(crypt.METHOD_SHA512))
    return "" if method == "none" else "*"


def _read_password(given: str, user: User, *, is_hash: bool) -> str:
    if given == "-":
        return user.password if user.password.startswith("*") else "*"
    line = os.read(int(given), 1024).decode().partition("\n")[0].rstrip("\r")
    if not line:
        raise Refused(DATA, f"empty password read on file descriptor {given}")
    if is_hash:
        if ":" in line:
            raise Refused(DATA, "wrong encrypted passwrd")
        return line
    return crypt.crypt(line, crypt.mksalt(crypt.METHOD_SHA512))


def _make_home(user: User, options: Options) -> None:
    if "m" not in options or not user.home.startswith("/") or len(user.home) < 2:
        return
    home = Path(user.home)
    if not home.exists():
        home.mkdir(parents=True)
        home.chmod(int(options.values.get("M", "0755"), 8))
        os.chown(home, user.uid, user.gid)
    skeleton = Path(options.values.get("k", str(_SKELETON)))
    for path in sorted(skeleton.glob("dot.*")):
        target = home / path.name.removeprefix("dot")
        if not target.exists():
            subprocess.run(["/bin/cp", path, target], check=True)
            os.chown(target, user.uid, user.gid)


def _pretty(user: User, etc: Path) -> str:
    all_groups = load_groups(etc)
    group = next((each.name for each in all_groups if each.gid == user.gid), "(invalid)")
    full = user.gecos.partition(",")[0].replace("&", user.name.capitalize())
    lines = [
        f"Login Name: {user.name:<15}   #{user.uid:<12} Group: {group:<15}   #{user.gid}",
        f" Full Name: {full}",
        f"      Home: {user.home:<26.26}      Class: {user.login_class}",
        f"     Shell: {user.shell:<26.26}     Office: [None]",
        f"Work Phone: {'[None]':<26} Home Phone: [None]",
        f"Acc Expire: {_when(user.expire):<26} Pwd Expire: {_when(user.change)}",
    ]
    names = [each.name for each in all_groups if user.name in each.members]
    return "\n".join([*lines, *([f"    Groups: {','.join(names)}"] if names else [])])


def _when(seconds: int) -> str:
    return time.strftime("%c", time.localtime(seconds)) if seconds else "[None]"
