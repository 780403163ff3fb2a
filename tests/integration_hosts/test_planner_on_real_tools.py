"""Random states of a host and random requests, on the real package tools: what is foretold is what happens."""

from __future__ import annotations

import os
import random

SEED = int(os.environ.get("PLANNER_SEED") or random.SystemRandom().randrange(2**32))


def test_the_seed_makes_the_same_states_again() -> None:
    print(f"PLANNER_SEED={SEED}")
    assert random.Random(SEED).sample(range(100), 20) == random.Random(SEED).sample(range(100), 20)
