"""Succeeds without a word: programs whose work has no counterpart in a container."""

from __future__ import annotations


def main(_arguments: list[str]) -> int:
    return 0
