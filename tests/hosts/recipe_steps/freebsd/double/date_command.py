"""date(1) with what GNU's has not: -j, -f FORMAT, -r SECONDS or FILE, -v ±N and a letter, -u."""

from __future__ import annotations

import datetime
import os
import re
import sys

from .options import Usage, parse

_UNITS = {"S": "seconds", "M": "minutes", "H": "hours", "d": "days", "w": "weeks"}


def main(arguments: list[str]) -> int:
    try:
        options = parse(arguments, "f:I:jnRr:uv:z:", program="date")
    except Usage:
        return 1
    zone = datetime.timezone.utc if "u" in options else None
    moment = datetime.datetime.now(zone).astimezone(zone)
    words = list(options.operands)
    if "r" in options:
        text = options.values["r"]
        seconds = float(text) if re.fullmatch(r"-?\d+", text) else os.stat(text).st_mtime
        moment = datetime.datetime.fromtimestamp(seconds, zone).astimezone(zone)
    if "f" in options:
        try:
            moment = datetime.datetime.strptime(words.pop(0), options.values["f"]).astimezone(zone)
        except (ValueError, IndexError):
            print("Failed conversion of ``" + " ".join(options.operands) + "'' using format", file=sys.stderr)
            return 1
    for change in options.lists.get("v", []):
        moment = _adjusted(moment, change)
    form = words[0][1:] if words and words[0].startswith("+") else "%a %b %e %H:%M:%S %Z %Y"
    print(moment.strftime(form.replace("%s", str(int(moment.timestamp())))))
    return 0


def _adjusted(moment: datetime.datetime, change: str) -> datetime.datetime:
    match = re.fullmatch(r"([+-])(\d+)([SMHdwmy])", change)
    if match is None:
        print(f"date: {change}: Cannot apply date adjustment", file=sys.stderr)
        raise SystemExit(1)
    number = int(match[1] + match[2])
    if match[3] in _UNITS:
        return moment + datetime.timedelta(**{_UNITS[match[3]]: number})
    months = moment.month - 1 + (number if match[3] == "m" else number * 12)
    return moment.replace(year=moment.year + months // 12, month=months % 12 + 1, day=min(moment.day, 28))
