"""Lets every test import the plugins by their full names, from the sources and not from an installed copy."""

from __future__ import annotations

from tests.tools.paths import make_importable

make_importable()
