"""The patched copy of the collection: it fits these sources, and where it does not it fails."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.integration_hosts import overlay
from tests.tools import paths

PLUGINS = "ansible_collections/groundwork/python_host"


PATCHES = (overlay.WITHOUT_PREFLIGHT, overlay.STOPPED_AT_A_WRITE, overlay.ENDED_AT_THE_LOGIN)


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.path)
def test_a_patch_fits_and_leaves_the_sources_alone(patch):
    before = (paths.ROOT / patch.path).read_text()
    with overlay.overlay(patch) as environment:
        patched = Path(environment["ANSIBLE_COLLECTIONS_PATH"], PLUGINS, patch.path).read_text()
    assert patched.startswith(before)
    assert len(patched) > len(before)
    ast.parse(patched)
    assert (paths.ROOT / patch.path).read_text() == before


def test_every_write_of_a_host_is_counted():
    appended = overlay.STOPPED_AT_A_WRITE.appended(paths.ROOT)
    for name in ("run", "write", "make_directory", "set_attributes", "link", "remove"):
        assert f"    def {name}(self" in appended
    assert "def locked" not in appended


def test_a_patch_for_what_is_not_there_fails():
    with pytest.raises(overlay.DoesNotFit, match="no_such_function"):
        with overlay.overlay(overlay.Patch(overlay.WAY_IN, lambda _root: "\ndef no_such_function():\n    return ()\n")):
            pass
    with pytest.raises(overlay.DoesNotFit, match="is not there"):
        with overlay.overlay(overlay.Patch("plugins/gone.py", lambda _root: "")):
            pass


def test_a_preflight_with_a_further_function_is_noticed(tmp_path):
    package = tmp_path / "plugins/module_utils/_checklist"
    package.mkdir(parents=True)
    module = "ansible_collections.groundwork.python_host.plugins.module_utils._checks.way_in"
    (package / "engine.py").write_text(f"from {module} import no_key, obstacles, surprises\n")
    with pytest.raises(overlay.DoesNotFit, match="surprises"):
        overlay.WITHOUT_PREFLIGHT.appended(tmp_path)
