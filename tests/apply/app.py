"""The demonstration application: one page that says who answers, as JSON."""

from __future__ import annotations

import getpass
import json
import platform
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answers every request; the environment is not used."""
    answer = {
        "hello": "world",
        "python": platform.python_version(),
        "release": sys.prefix,
        "user": getpass.getuser(),
    }
    body = (json.dumps(answer) + "\n").encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
