from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.plugin_utils._report.files import differs, report_path, write


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("web1", "web1.txt"),
        ("web1.example.org", "web1.example.org.txt"),
        ("../../etc/x", "_.._etc_x.txt"),
        ("..", "host.txt"),
    ],
)
def test_a_host_names_a_file_inside_the_directory(host, name):
    assert str(report_path("/reports", host=host, file_format="text")) == f"/reports/{name}"


def test_a_written_report_differs_no_more(tmp_path):
    path = report_path(str(tmp_path / "new/directory"), host="web1", file_format="text")
    assert differs(path, "Grüße\n")
    write(path, "Grüße\n")
    assert not differs(path, "Grüße\n")
    assert differs(path, "other\n")
    assert [entry.name for entry in path.parent.iterdir()] == ["web1.txt"]


def test_a_failed_write_leaves_nothing_behind(tmp_path):
    (tmp_path / "web1.txt").mkdir()
    with pytest.raises(OSError, match="directory"):
        write(tmp_path / "web1.txt", "text")
    assert [entry.name for entry in tmp_path.iterdir()] == ["web1.txt"]
