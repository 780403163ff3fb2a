"""A port that a run has labelled for sshd loses the label again, by a semanage that answers as told."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host.actions import Command, Touches
from ansible_collections.groundwork.python_host.plugins.module_utils._recovery import places
from tests.unit.module_utils._recovery.program_copies import TOKEN, Copy

LABEL = Command(("semanage", "port", "-a"), touches=Touches(labelled_port="2222"))


class Labels:
    """Those that were set on this host, in the columns of `semanage port -l -C -n`."""

    def __init__(self, **ports):
        self.ports = {name.strip("_"): label for name, label in ports.items()}
        self.ran = []

    def ask(self, argv):
        assert argv == ["semanage", "port", "-l", "-C", "-n"]
        by_label: dict[str, list[str]] = {}
        for port, label in self.ports.items():
            by_label.setdefault(label, []).append(port)
        return "".join(f"{label:30} tcp      {', '.join(ports)}\n" for label, ports in by_label.items()).strip()

    def run(self, argv, *, seconds=60):
        self.ran.append(argv)
        port = argv[-1]
        if argv[2] == "-d":
            if port not in self.ports:
                return [f"ValueError: Port tcp/{port} is not defined"]
            del self.ports[port]
        else:
            assert (argv[2] == "-m") is (port in self.ports)
            self.ports[port] = argv[4]
        return []


@pytest.fixture
def labelled(tmp_path, monkeypatch):
    def make(labels):
        monkeypatch.setattr(places, "ask", labels.ask)
        monkeypatch.setattr(places, "run", labels.run)
        copy = Copy(tmp_path)
        copy.journal.open()
        copy.step(LABEL, lambda: labels.ports.update({"2222": "ssh_port_t"}))
        copy.journal.close("finished")
        return copy

    return make


@pytest.mark.parametrize(
    ("before", "ran"),
    [
        ({}, [["semanage", "port", "-d", "-p", "tcp", "2222"]]),
        ({"_2222": "http_port_t"}, [["semanage", "port", "-m", "-t", "http_port_t", "-p", "tcp", "2222"]]),
    ],
)
def test_a_port_is_labelled_as_before(labelled, before, ran):
    labels = Labels(_443="ssh_port_t", _22222="ssh_port_t", **before)
    old = dict(labels.ports)
    assert labelled(labels).run("undo")[1]["left"] == []
    assert (labels.ports, labels.ran) == (old, ran)


def test_a_second_way_back_has_nothing_to_do(labelled):
    labels = Labels()
    copy = labelled(labels)
    copy.run("undo")
    assert copy.run("undo")[1] == {"undone": [], "left": []}
    assert len(labels.ran) == 1


def test_a_label_that_somebody_else_has_given_since_stays(labelled):
    labels = Labels()
    copy = labelled(labels)
    labels.ports["2222"] = "http_port_t"
    assert copy.run("undo")[1]["left"] == ["2222 was changed by somebody else since, and was left as it is"]
    assert labels.ran == []


def test_opened_doors_that_nobody_confirms_get_the_label_back(labelled):
    labels = Labels()
    copy = labelled(labels)
    copy.run("undo", "doors", TOKEN)
    assert labels.ports == {}
    assert copy.run("timeout", TOKEN)[1]["left"] == []
    assert labels.ports == {"2222": "ssh_port_t"}
