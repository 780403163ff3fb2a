"""What holds for every host and every request: random worlds, and tools that answer about them as the real ones do.

Each double answers exactly the calls that it knows; what the planner foretells is compared with what the same tool then
does to the world.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import apt_words
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import InstalledPackages

NAMES = st.lists(st.sampled_from(["alpha", "g++x", "lib-b1", "py3.1", "zeta:i386"]), unique=True)


@given(NAMES)
def test_each_package_of_a_simulation_is_planned_once(names):
    text = "".join(f"Inst {name} [1.0] (2.0~rc1 Debian:12.15/oldstable [amd64])\n" for name in names)
    text += "".join(f"Conf {name} (2.0~rc1 Debian:12.15/oldstable [amd64])\n" for name in names)
    planned = apt_words.parse_simulation(text, InstalledPackages())
    assert [package.change.name for package in planned] == names
