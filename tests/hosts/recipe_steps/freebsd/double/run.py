"""Starts the program whose name a tool's file bears."""

from __future__ import annotations

import importlib
import os
import signal
import sys

from . import process_words
from .programs import PROGRAMS


def run(name: str) -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    process_words.show(sys.argv)
    module = importlib.import_module(f"{__package__}.{PROGRAMS[name].module}")
    try:
        code = module.main(sys.argv[1:])
    except BrokenPipeError:
        os._exit(141)
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
